"""Wishes to be called or met: on a day, far ahead, turned down."""

# ruff: noqa: RUF001  Cyrillic is meant

import pytest

from outreach_pipeline.core.receive.intents import intent_of
from outreach_pipeline.core.receive.model import Intent
from tests.core.receive.test_short_wishes_of_machines import plain

SOON = """
    Call me on Friday at 10. | Can you call me on Thursday? | Please ring me on Monday. | Could you phone me on Tuesday? | Please phone me tomorrow. | Let's meet Thursday at 10. | See you Thursday at 10? | Call me on 5 March. | Call me next week.
    Rufen Sie mich am Freitag um 10 Uhr an. | Rufen Sie mich bitte am Montag zurück. | Melden Sie sich bitte am Montag telefonisch bei mir. | Können Sie mich am Donnerstag anrufen? | Rufen Sie mich bitte morgen an, dann habe ich mehr Zeit. | Ruf mich am Dienstag an. | Könnten Sie mich nächste Woche anrufen? | Ich bin am Freitag telefonisch erreichbar. | Rufen Sie mich am 5. März an. | Können Sie mich nicht am Montag anrufen? | Sie können mich jederzeit anrufen. | Danke, rufen Sie mich bitte am Freitag ab 14 Uhr unter 0171/4711 0 an.
    Pouvez-vous m'appeler jeudi ? | Appelez-moi vendredi à 10h. | Rappelez-moi lundi. | On se voit jeudi à 10h ? | Voyons-nous mardi. | Téléphonez-moi mercredi. | Vous pouvez me joindre par téléphone demain.
    ¿Puede llamarme el jueves? | ¿Nos vemos el jueves a las 10? | ¿Me puede llamar mañana? | ¿Me llamas el lunes? | Podemos vernos el martes. | ¿No podría llamarme el jueves?
    Può chiamarmi giovedì? | Vediamoci giovedì alle 10. | Mi può chiamare domani? | Ci vediamo martedì? | Chiamatemi mercoledì alle 9. | Mi telefoni domani.
    Pode ligar-me na quinta? | Pode me ligar amanhã? | Vemo-nos na quinta-feira às 10? | Podemos encontrar-nos na terça? | Ligue-me no sábado. | Me liga na sexta. | Podemos falar na quinta?
    Kunt u mij donderdag bellen? | Belt u mij morgen terug? | Wilt u mij morgen terugbellen? | Zien we elkaar dinsdag? | U kunt mij maandag telefonisch bereiken.
    Czy może Pan do mnie zadzwonić w czwartek? | Proszę do mnie zadzwonić w piątek o 10. | Niech Pani zadzwoni w poniedziałek. | Spotkajmy się w czwartek.
    Можете позвонить мне в четверг? | Перезвоните мне завтра. | Наберите меня в понедельник. | Не могли бы вы позвонить мне завтра? | Давайте встретимся во вторник.
    Можете зателефонувати мені в четвер? | Передзвоніть мені завтра. | Зустріньмося у вівторок. | Чи можете ви подзвонити мені в середу?
"""
FAR = """
    Call me in March. | Please call me again in March. | Call me next year. | Call me in six months. | Let's meet in September. | Call me in May.
    Rufen Sie mich im März an. | Rufen Sie mich im Mai an. | Rufen Sie mich in drei Monaten an. | Rufen Sie mich im Frühjahr an.
    Appelez-moi en mars. | Appelez-moi l'année prochaine. | Llámeme en marzo. | Llámeme en primavera. | Mi chiami a marzo. | Ci sentiamo a settembre. | Ligue-me em março. | Bel me in maart.
    Proszę zadzwonić w marcu. | Позвоните мне в марте. | Зателефонуйте мені в березні.
"""
NO_MEETING = """
    Don't call me on Friday. | Why do you keep calling me? | You may never call me on Monday. | I could not reach you by phone. | See you!
    Rufen Sie mich nicht an. | Rufen Sie mich am Freitag nicht an. | Warum rufen Sie mich am Montag an? | Sie rufen mich ständig an! | Sie haben mich am Montag angerufen. | Melden Sie sich am Montag wieder. | Wir sehen uns.
    Ne m'appelez pas lundi. | Je m'appelle Ben. | Rappelez-moi de quoi il s'agit. | Vous m'appelez tous les jours. | No me llame el jueves. | Me llamo Ben. | Nos vemos.
    Non mi chiami giovedì. | Mi chiamo Ben. | Não me ligue na quinta. | Bel me niet op vrijdag. | Proszę do mnie nie dzwonić w czwartek. | Не звоните мне в четверг. | Я не смогу позвонить в четверг. | Не телефонуйте мені в четвер.
"""


@pytest.mark.parametrize("text", plain(SOON))
def test_who_asks_to_be_called_or_met_on_a_day_wants_a_meeting(text):
    assert intent_of(text=text, subject="Re: A question").intent is Intent.MEETING


@pytest.mark.parametrize("text", plain(FAR))
def test_a_call_far_ahead_is_for_later(text):
    assert intent_of(text=text, subject="Re: A question").intent is Intent.LATER


@pytest.mark.parametrize("text", plain(NO_MEETING))
def test_who_asks_for_no_call_wants_no_meeting(text):
    assert intent_of(text=text, subject="Re: A question").intent is not Intent.MEETING
