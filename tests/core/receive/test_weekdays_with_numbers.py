"""Days of return that a note names by a weekday and the number of a day, without a month."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, date, datetime

import pytest

from outreach_pipeline.core.receive.return_dates import return_date_of

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
SEVENTH, EIGHTH, FOURTEENTH = date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 14)


@pytest.mark.parametrize(
    "text, day",
    [
        ("I am out of the office until Monday the 7th.", SEVENTH),
        ("I will be back on Monday 14th.", FOURTEENTH),
        ("Back Monday, the 14th, at 9 am.", FOURTEENTH),
        ("I return on Tuesday 8th.", EIGHTH),
        ("Back on Mon 7th.", SEVENTH),
        ("Ich bin bis Montag, den 14. im Urlaub.", FOURTEENTH),
        ("Ab Montag, den 14., bin ich wieder erreichbar.", FOURTEENTH),
        ("Ich bin am Mo. 14. zurück.", FOURTEENTH),
        ("Je suis de retour le lundi 14.", FOURTEENTH),
        ("De retour lun. 14.", FOURTEENTH),
        ("Vuelvo el lunes 14.", FOURTEENTH),
        ("Estaré de vuelta el lunes, día 14.", FOURTEENTH),
        ("Rientro lunedì 14.", FOURTEENTH),
        ("Torno martedì 8 alle 9.", EIGHTH),
        ("Volto na segunda-feira, dia 14.", FOURTEENTH),
        ("Regresso na terça-feira 8.", EIGHTH),
        ("Ik ben terug op maandag de 14e.", FOURTEENTH),
        ("Afwezig tot dinsdag 8.", EIGHTH),
        ("Wracam w poniedziałek 14-go.", FOURTEENTH),
        ("Jestem nieobecny do poniedziałku 14.", FOURTEENTH),
        ("Вернусь в понедельник, 14-го.", FOURTEENTH),
        ("Меня не будет до понедельника 14 числа.", FOURTEENTH),
        ("Повернуся у вівторок 8-го.", EIGHTH),
        # The number decides, whatever the weekday is.
        ("I am away until Friday the 7th.", SEVENTH),
        ("I am back on Monday the 31st.", date(2026, 12, 31)),
        # Behind a day with its month the next such day after that.
        ("I am on leave from 20 November, back on Monday the 7th.", SEVENTH),
        ("Dal 4 al 15 marzo sono in ferie, rientro lunedì 18.", date(2027, 3, 18)),
        ("I am out from Monday the 30th to Friday the 4th.", date(2026, 12, 5)),
        ("Ich bin von Montag, den 30. bis Freitag, den 4. im Urlaub.", date(2026, 12, 5)),
        # A month, an hour and a count beside a weekday are what they were.
        ("I am back on Monday 14 December.", FOURTEENTH),
        ("I am back on Monday, 14.12.2026.", FOURTEENTH),
        ("I am back on Monday 9 am.", date(2026, 11, 30)),
        ("Ich bin ab Montag 14 Uhr wieder erreichbar.", date(2026, 11, 30)),
        ("I am back on Monday.", date(2026, 11, 30)),
    ],
)
def test_the_next_such_day_of_the_month(text, day):
    assert return_date_of(text, received_at=NOW) == day


@pytest.mark.parametrize("text", ["Our office is closed on Monday the 7th.", "Call Monday 14 times, I am on leave."])
def test_a_weekday_that_is_no_return(text):
    assert return_date_of(text, received_at=NOW) is None
