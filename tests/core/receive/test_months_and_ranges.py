"""Days of return that a note names by a month alone, by a range, or by a weekday behind a verb of coming back."""

# ruff: noqa: RUF001  Cyrillic and dashes are meant

from datetime import UTC, date, datetime

import pytest

from outreach_pipeline.core.receive.return_dates import return_date_of

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
SEPTEMBER = date(2025, 9, 1)


@pytest.mark.parametrize(
    "text, day",
    [
        ("I am on leave until September.", SEPTEMBER),
        ("I am back in September 2025.", SEPTEMBER),
        ("On parental leave until April 2026.", date(2026, 4, 1)),
        ("Ich bin bis September in Elternzeit.", SEPTEMBER),
        ("Je suis absent jusqu'à septembre.", SEPTEMBER),
        ("De retour en septembre.", SEPTEMBER),
        ("Estaré fuera hasta septiembre.", SEPTEMBER),
        ("Sarò assente fino a settembre.", SEPTEMBER),
        ("Estarei fora até setembro.", SEPTEMBER),
        ("Ik ben afwezig tot september.", SEPTEMBER),
        ("Jestem nieobecny do września.", SEPTEMBER),
        ("Буду отсутствовать до сентября.", SEPTEMBER),
        ("Мене не буде до вересня.", SEPTEMBER),
        ("I am out until the end of September.", date(2025, 10, 1)),
        ("I am out through September.", date(2025, 10, 1)),
        ("Ich bin bis einschließlich September abwesend.", date(2025, 10, 1)),
        ("I am out until mid September.", date(2025, 9, 15)),
        ("I am away until February.", date(2026, 2, 1)),
        ("I am away until May.", date(2025, 5, 1)),
    ],
)
def test_a_month_alone_is_its_first_day_or_what_the_phrase_says(text, day):
    assert return_date_of(text, received_at=NOW) == day


@pytest.mark.parametrize(
    "text",
    [
        "I have been on leave since September.",
        "We met in September, I am on leave.",
        "I may be back some day.",
        "I am out until March.",
        "I am away until June 2027.",
    ],
)
def test_other_months_are_no_day_of_return(text):
    assert return_date_of(text, received_at=NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "Out of office 28 February - 7 March",
        "Out of office 28 Feb – 7 Mar",
        "Out of office February 28 - March 7",
        "Abwesend vom 28. Februar - 7. März",
        "Je suis absent du 28 février au 7 mars.",
        "Меня не будет с 28 февраля до 7 марта.",
        "Мене не буде з 28 лютого до 7 березня.",
        "Мене не буде з 28 лютого по 7 березня.",
    ],
)
def test_a_range_ends_with_its_last_day(text):
    assert return_date_of(text, received_at=NOW) == date(2025, 3, 8)


@pytest.mark.parametrize(
    "text",
    ["Je reviens lundi prochain.", "Vuelvo el lunes.", "Torno lunedì.", "Rentrée lundi.", "Wracam w poniedziałek."],
)
def test_a_verb_of_coming_back_names_the_weekday(text):
    assert return_date_of(text, received_at=NOW) == date(2025, 3, 10)
