"""Absences that begin after the mail: the day of return is that of coming back, not the day on which they begin."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, date, datetime

import pytest

from outreach_pipeline.core.receive.return_dates import return_date_of

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
BACK_ON_THE_7TH = """
    I shall be away from 30 November and back on 7 December.|From 30 November I am on leave; I return on 7 December.|I'm off 30 Nov – 6 Dec.|OOO 11/30–12/6.|Out between Nov 30 and Dec 6.|Between 30.11. and 6.12. I am not available.|I will be on holiday starting 30 November. You can reach me again from 7 December.|My leave begins on 30 November and ends on 6 December.|I start my holiday on 30 November. Back in the office 7 December.|Please contact Carla (carla@x.example), who returns on 1 December. I am back on 7 December.|I return on 7 December. Carla is back on 9 December.|My colleague Tom will be back on 1 December; I will be back on 7 December.
    Ab dem 30.11. bin ich im Urlaub, ab dem 7.12. wieder im Büro.|Mein Urlaub beginnt am 30.11. und endet am 6.12.|Zwischen dem 30. November und dem 6. Dezember bin ich nicht da.|Vom 30.11. - 6.12. bin ich abwesend.|Ich bin ab Montag, 30.11., verreist und ab Montag, 7.12., wieder erreichbar.|Am 30.11. gehe ich in Urlaub, am 7.12. bin ich zurück.|Meine Kollegin ist ab dem 1.12. wieder da, ich selbst erst ab dem 7.12. wieder.|Ab 7. Dezember stehe ich Ihnen wieder zur Verfügung, Urlaub ab 30. November.
    Je suis absent entre le 30 novembre et le 6 décembre.|En congé dès le 30 novembre, je serai de retour le 7 décembre.|Je pars le 30 novembre et reviens le 7 décembre.|Absent du 30 novembre au 6 décembre.|Ma collègue revient le 1 décembre, je reviens le 7 décembre.|De nouveau disponible à partir du 7 décembre, absent à compter du 30 novembre.
    Estaré de vacaciones entre el 30 de noviembre y el 6 de diciembre.|Desde el 30/11 hasta el 6/12 no estaré disponible.|Salgo el 30 de noviembre y regreso el 7 de diciembre.|A partir del 30 de noviembre estoy de vacaciones. Estaré de vuelta el 7 de diciembre.|Del 30 de noviembre al 6 de diciembre estaré fuera.
    Sarò in ferie tra il 30 novembre e il 6 dicembre.|Dal 30 novembre sono in ferie, di nuovo disponibile dal 7 dicembre.|Assente dal 30 novembre fino al 6 dicembre.|Parto il 30 novembre e torno il 7 dicembre.|Da lunedì 30 novembre sarò assente, rientro lunedì 7 dicembre.
    Estarei de férias de 30 de novembro a 6 de dezembro.|A partir de 30 de novembro estarei ausente. Regresso a 7 de dezembro.|Estou fora entre 30/11 e 6/12.|Saio a 30 de novembro e volto a 7 de dezembro.|Novamente disponível a partir de 7 de dezembro, ausente desde 30 de novembro.
    Ik ben van 30 november tot en met 6 december met vakantie.|Tussen 30 november en 6 december ben ik er niet.|Vanaf 30 november ben ik weg, op 7 december ben ik terug.|Mijn collega is vanaf 1 december weer bereikbaar, ik vanaf 7 december weer.|Afwezig 30/11 - 6/12.
    Od 30 listopada do 6 grudnia jestem na urlopie.|Między 30 listopada a 6 grudnia mnie nie ma.|Od 30 listopada urlop, od 7 grudnia znów jestem dostępny.|Urlop zaczynam 30 listopada, wracam 7 grudnia.|Będę znów w biurze od 7 grudnia, nieobecny od 30 listopada.
    С 30 ноября по 6 декабря меня не будет.|С 30 ноября я в отпуске, снова на связи с 7 декабря.|Ухожу в отпуск 30 ноября, вернусь 7 декабря.|Между 30 ноября и 6 декабря я недоступен.|Мой коллега вернётся 1 декабря, я вернусь 7 декабря.
    З 30 листопада по 6 грудня мене не буде.|З 30 листопада у відпустці, повернуся 7 грудня.|Між 30 листопада і 6 грудня я відсутня.|Знову на зв'язку з 7 грудня, у відпустці з 30 листопада.
    Буду отсутствовать с 30 ноября по 6 декабря. | Ich bin ab 30.11. im Urlaub. Ab dem 7.12. bin ich wieder für Sie da. | Ik ben vanaf 30 november afwezig en vanaf 7 december weer bereikbaar. | Ich bin am 30.11. nicht im Büro. Ab 7.12. wieder da. | Please write to carla@acme.example who is back on 1 December. I return 7 December. | Je suis en congés depuis le 23 novembre et jusqu'au 6 décembre.
"""


def days(block):
    texts = [each.strip() for each in block.replace("\n", "|").split("|") if each.strip()]
    return {each: return_date_of(each, received_at=NOW) for each in texts}


def test_who_begins_an_absence_is_back_after_it():
    found = days(BACK_ON_THE_7TH)
    assert len(found) >= 60
    assert {text: day for text, day in found.items() if day != date(2026, 12, 7)} == {}


@pytest.mark.parametrize(
    "text,day",
    [
        ("Ich bin bis zum 06.12.2026 im Urlaub.", date(2026, 12, 6)),
        ("Ich bin heute nicht im Büro und ab morgen wieder da.", date(2026, 11, 26)),
        ("I am on leave from 30 November.", None),
        ("My colleague Tom is back on 1 December.", date(2026, 12, 1)),
        ("On 3 and 4 December we have our fair.", None),
    ],
)
def test_what_is_no_span_stays_what_it_is(text, day):
    assert return_date_of(text, received_at=NOW) == day
