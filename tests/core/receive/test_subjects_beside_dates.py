"""Days of return beside words that are names of months in another language, and under subjects that are no part of them."""

from datetime import UTC, date, datetime

import pytest

from outreach_pipeline.core.receive.return_dates import return_date_of

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("subject", ["Out of Office", "Out of Office: Re: A question", "Automatic reply: A question"])
@pytest.mark.parametrize(
    "text, day",
    [
        ("I am away until 2026-12-15.", date(2026, 12, 15)),
        ("I am away until 12/6", date(2026, 12, 6)),
        ("I am away until December 6", date(2026, 12, 6)),
        ("I am back on the 6", None),
        ("Back on the 6th", date(2026, 12, 6)),
        ("Ich bin bis zum 6.", date(2026, 12, 6)),
        ("I am on leave until 6. Out of office hours call our desk.", None),
        ("I am away until 2026-12-15. Out of office hours call our desk.", date(2026, 12, 15)),
        ("Ich bin bis zum 12. Sie erreichen meine Kollegin.", date(2026, 12, 12)),
        ("Ich bin abwesend bis 12. Sie erreichen meine Kollegin.", date(2026, 12, 12)),
        ("I am away until the 12. May I ask you to write again?", None),
        ("Ausente até 15 out 2027.", date(2027, 10, 15)),
        ("Estou ausente até 15 out.", date(2027, 10, 15)),
        ("Volto no dia 5 de set.", date(2027, 9, 5)),
        ("Sono in ferie fino al 5 mag.", date(2027, 5, 5)),
        ("Jestem na urlopie do 5 sie.", date(2027, 8, 5)),
    ],
)
def test_a_word_is_a_month_in_its_own_language_alone(text, subject, day):
    assert return_date_of(text, received_at=NOW, subject=subject) == day


@pytest.mark.parametrize(
    "text, subject, day",
    [
        ("Thank you for your mail.", "Out of office until 15 December", date(2026, 12, 15)),
        ("I am back on Monday.", "Out of office until 15 December", date(2026, 12, 15)),
        ("I am away until 9 December.", "Out of office until 15 December", date(2026, 12, 9)),
        ("I am back on Monday.", "Out of office", date(2026, 11, 30)),
        ("Out until the 5th", "December is over: last offer", date(2026, 12, 5)),
    ],
)
def test_a_subject_is_read_by_itself(text, subject, day):
    assert return_date_of(text, received_at=NOW, subject=subject) == day
