"""Days of return that a note names by how long the absence lasts from the day of the mail on."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, date, datetime

import pytest

from outreach_pipeline.core.receive.return_dates import return_date_of

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
TWO_WEEKS = date(2026, 12, 10)


@pytest.mark.parametrize(
    "text, day",
    [
        ("I am out of the office for two weeks.", TWO_WEEKS),
        ("I will be out of the office for the next two weeks.", TWO_WEEKS),
        ("I am on vacation for 10 days.", date(2026, 12, 6)),
        ("I am on leave for a week.", date(2026, 12, 3)),
        ("Ich bin für zwei Wochen im Urlaub.", TWO_WEEKS),
        ("Ich bin in den nächsten zwei Wochen nicht im Büro.", TWO_WEEKS),
        ("Ich bin für eine Woche abwesend.", date(2026, 12, 3)),
        ("Je suis absent pour deux semaines.", TWO_WEEKS),
        ("Je suis en congé pendant quinze jours.", date(2026, 12, 11)),
        ("Estaré fuera de la oficina por dos semanas.", TWO_WEEKS),
        ("Estoy de vacaciones durante dos semanas.", TWO_WEEKS),
        ("Sono in ferie per due settimane.", TWO_WEEKS),
        ("Estou de férias por duas semanas.", TWO_WEEKS),
        ("Ik ben voor twee weken afwezig.", TWO_WEEKS),
        ("Jestem na urlopie przez dwa tygodnie.", TWO_WEEKS),
        ("Я в отпуске на две недели.", TWO_WEEKS),
        ("Я в отпуске в течение двух недель.", TWO_WEEKS),
        ("Я у відпустці протягом двох тижнів.", TWO_WEEKS),
        # A day that is named counts before a time.
        ("I am out of the office for two weeks, back on 14 December.", date(2026, 12, 14)),
        # What is over, is every week's, or is no absence.
        ("I was out of the office for two weeks.", None),
        ("I am out of the office for two days a week.", None),
        ("I am out of the office. Your mail is kept for two weeks.", None),
    ],
)
def test_an_absence_lasts_from_the_mail_on(text, day):
    assert return_date_of(text, received_at=NOW) == day
