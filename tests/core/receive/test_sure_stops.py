"""What is never a sure stop, whatever stop words it holds, and the plain ones that are."""

# ruff: noqa: RUF001  Cyrillic is meant

import pytest

from outreach_pipeline.core.receive.intents import intent_of
from outreach_pipeline.core.receive.model import Intent
from tests.core.receive.never_sure import NEVER_SURE

SURE = (
    "Remove me.",
    "Please remove me from your mailing list.",
    "Kindly take me off this list. Thank you.",
    "Please unsubscribe me. Best regards, Ben",
    "We are not interested. Please remove us from your list.",
    "Hi Anna, please stop emailing me. Thanks, Ben",
    "Stop contacting me or I will report you to the ICO.",
    "Please do not contact me again.",
    "Do not email me again, ever.",
    "I don't want to receive these emails.",
    "I do not wish to receive any further communication from you.",
    "Please delete my data and confirm.",
    "Please remove my email address ben@acme.example from your database.",
    "How did you get my address? Delete it and never contact me again.",
    "No, thank you. Please take me off your list.",
    "unsubscribe",
    "Unsubscribe please",
    "Take me off your list and don't write again.",
    "We don't accept cold emails. Please remove us.",
    "Bitte nehmen Sie mich aus Ihrem Verteiler.",
    "Bitte löschen Sie meine Daten.",
    "Bitte keine weiteren Mails.",
    "Kein Interesse. Bitte schreiben Sie mir nicht mehr.",
    "Ich möchte keine E-Mails mehr von Ihnen erhalten.",
    "Woher haben Sie meine Adresse? Löschen Sie sie und schreiben Sie mir nie wieder.",
    "Streichen Sie mich von Ihrer Liste.",
    "Bitte kontaktieren Sie uns nicht mehr.",
    "Können Sie mich bitte aus dem Verteiler nehmen?",
    "Veuillez me retirer de votre liste.",
    "Merci de ne plus me contacter.",
    "Ne m'écrivez plus.",
    "Supprimez mes données s'il vous plaît.",
    "Pouvez-vous me désinscrire ? Merci.",
    "Je ne souhaite plus recevoir vos mails.",
    "Por favor, no me escriba más.",
    "Elimine mis datos de su base.",
    "No quiero recibir más correos.",
    "Quítenme de su lista, por favor.",
    "¿Pueden darme de baja?",
    "Per favore non scrivetemi più.",
    "Cancellate i miei dati dal vostro archivio.",
    "Non desidero ricevere altre email.",
    "Mi tolga dalla lista, grazie.",
    "Por favor, não me contactem mais.",
    "Remova meu e-mail da sua lista.",
    "Não quero receber mais e-mails.",
    "Me tire da lista, por favor.",
    "Pare de me enviar e-mails.",
    "Verwijder mij uit uw bestand.",
    "Schrijf mij uit alstublieft.",
    "Wilt u mij niet meer mailen?",
    "Ik wil geen mails meer ontvangen.",
    "Proszę usunąć mnie z listy.",
    "Proszę do mnie więcej nie pisać.",
    "Nie chcę otrzymywać wiadomości.",
    "Usuńcie moje dane.",
    "Удалите меня из рассылки.",
    "Не пишите мне больше.",
    "Удалите мой адрес из базы.",
    "Прошу больше не присылать мне писем.",
    "Видаліть мене з розсилки.",
    "Не пишіть мені більше.",
    "Будь ласка, видаліть мої дані.",
    "I never want to hear from you again.",
    "Ne me dérangez plus.",
    "No me molesten más.",
    "Non disturbatemi più.",
    "Não me incomode mais.",
    "Tire meu nome da lista",
    "Ich verbitte mir weitere Mails.",
    "No quiero saber nada más de ustedes.",
    "Je ne veux plus entendre parler de vous.",
    "Please block my address in your system.",
)

WISHES = (
    ("Please contact me again in September.", Intent.LATER),
    ("Could you contact me again in May?", Intent.LATER),
    ("Feel free to contact me again.", Intent.LATER),
    ("Please write to me again in September.", Intent.LATER),
    ("Please email me again in the fall.", Intent.LATER),
    ("Sì, desidero essere contattato.", Intent.INTERESTED),
    ("You can write to us any time, we like the idea.", Intent.INTERESTED),
    ("Can you take 10% off your list price? Then we buy.", Intent.INTERESTED),
    ("Je voudrais bien recevoir plus de vos mails sur ce sujet.", Intent.INTERESTED),
    ("Nie chcę już Hubspota, wasze rozwiązanie mnie interesuje.", Intent.INTERESTED),
    ("Mi tolga una curiosità: quanto costa?", Intent.INTERESTED),
    ("We'd like to unsubscribe from Hubspot and move to you.", Intent.INTERESTED),
    ("Streichen Sie meine Bedenken, wir kaufen.", Intent.INTERESTED),
    ("You didn't contact me on Monday as promised. I still want the demo.", Intent.INTERESTED),
)

LATER = (
    "Schreiben Sie mir im September nochmal.",
    "Bitte kontaktieren Sie mich im September wieder.",
    "Melden Sie sich im Mai noch einmal.",
    "Напишите в сентябре.",
    "Напишите мне ещё раз в мае.",
    "Écrivez-moi en septembre.",
    "Recontactez-moi en septembre.",
    "Contactez-moi à nouveau en septembre",
    "Mi scriva a settembre.",
    "Contattatemi di nuovo a settembre",
    "Scrivetemi di nuovo a settembre.",
    "Schrijf me in september nog eens.",
    "Mail me in september.",
    "Proszę napisać we wrześniu.",
    "Proszę napisać ponownie w maju.",
    "Escreva-me em setembro.",
    "Me escreva de novo em setembro.",
    "Напишіть у вересні.",
    "Напишіть мені ще раз у травні.",
    "Escríbame en septiembre.",
)

INTEREST = (
    ("Мне интересно, пришлите подробности.", Intent.INTERESTED),
    ("Мені цікаво, надішліть більше інформації.", Intent.INTERESTED),
    ("Мне не интересно.", Intent.NOT_INTERESTED),
    ("Мені не цікаво", Intent.NOT_INTERESTED),
    ("We aren't interested.", Intent.NOT_INTERESTED),
)

BESIDE = (
    "How much is it?",
    "We'd take a demo.",
    "Until September, that is.",
    "Only if you are not certified.",
    "But write to kim2@acme.example.",
    "Instead ask procurement.",
    "Call me.",
    "Was kostet es?",
    "Ab Januar gern.",
    "Mais écrivez-moi en septembre.",
    "Pero escríbanme a kim2@acme.example.",
    "Ma scrivetemi a settembre.",
    "Mas me ligue.",
    "Maar bel me in september.",
    "Ale proszę zadzwonić po wakacjach do mnie, cena jest dobra.",
    "Но напишите в сентябре.",
    "Але напишіть у вересні.",
)


def judged(text: str) -> tuple[Intent, bool]:
    found = intent_of(text=text, subject="Re: A question")
    return found.intent, found.is_sure


@pytest.mark.parametrize("text", NEVER_SURE)
def test_another_thing_person_time_or_question_is_never_a_sure_stop(text):
    assert judged(text) != (Intent.STOP, True)


@pytest.mark.parametrize("text", SURE)
def test_a_plain_request_is_sure(text):
    assert judged(text) == (Intent.STOP, True)


@pytest.mark.parametrize("text", LATER)
def test_who_names_a_month_to_write_in_wants_it_later(text):
    assert judged(text) == (Intent.LATER, True)


@pytest.mark.parametrize("text,wish", [*WISHES, *INTEREST])
def test_a_clear_other_wish_is_the_intent(text, wish):
    assert judged(text)[0] is wish


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("stop", ["Please remove me from your list.", "Do not contact me again.", "Stop."])
def test_what_stands_beside_a_request_keeps_it_open(stop, beside):
    assert judged(f"{stop} {beside}") != (Intent.STOP, True)
