"""Days of return that name no month, the end of one, and notes that say no more than such a day."""

# ruff: noqa: RUF001  Cyrillic is meant

from datetime import UTC, date, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import AutoReplyKind, Classification, MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def read(text: str, *, extra: str = "Auto-Submitted: auto-replied\n", now: datetime = NOW) -> Classification:
    raw = (
        f"From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: Re: A question\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\nIn-Reply-To: <step1.42@outreach.example>\n{extra}\n{text}\n"
    )
    return classify(raw.encode(), received_at=now)


@pytest.mark.parametrize(
    "text,back",
    [
        ("I am out of office until the 5th.", date(2026, 3, 5)),
        ("I am out of office through the 5th.", date(2026, 3, 6)),
        ("I will be out from the 1st to the 5th.", date(2026, 3, 6)),
        ("I am out of office, back on the 1st.", date(2026, 4, 1)),
        ("I am away until the 31st.", date(2026, 3, 31)),
        ("Ich bin bis zum 20. im Urlaub.", date(2026, 3, 20)),
        ("Je suis absent jusqu'au 20.", date(2026, 3, 20)),
        ("Estoy fuera de la oficina hasta el día 20.", date(2026, 3, 20)),
        ("Sono fuori ufficio fino al 20.", date(2026, 3, 20)),
        ("Estou ausente até dia 20.", date(2026, 3, 20)),
        ("Ik ben afwezig tot de 20e.", date(2026, 3, 20)),
        ("Jestem nieobecny do 20.", date(2026, 3, 20)),
        ("Я в отпуске до 20-го.", date(2026, 3, 20)),
        ("Я у відпустці до 20-го.", date(2026, 3, 20)),
        ("I am on leave until the end of March.", date(2026, 4, 1)),
        ("Ich bin in Elternzeit bis Ende Juni.", date(2026, 7, 1)),
        ("Je suis absent jusqu'à fin mars.", date(2026, 4, 1)),
        ("Jestem na urlopie do końca marca.", date(2026, 4, 1)),
        ("Я в отпуске до конца марта.", date(2026, 4, 1)),
    ],
)
def test_a_day_without_a_month_is_the_next_such_day(text, back):
    found = read(text)
    assert (found.auto_reply, found.return_date) == (AutoReplyKind.OUT_OF_OFFICE, back)


def test_a_month_that_has_no_such_day_is_passed_over():
    found = read("I am away until the 31st.", now=datetime(2026, 4, 2, 9, 0, tzinfo=UTC))
    assert found.return_date == date(2026, 5, 31)


@pytest.mark.parametrize(
    "text",
    [
        "I am out of office. Our desk answers until 5 pm.",
        "Ich bin im Urlaub. Sie erreichen die Zentrale bis 17 Uhr.",
        "Jestem na urlopie. Biuro czynne do 18.00.",
        "Я в отпуске. Офис работает до 18 часов.",
        "I am on vacation and read 20% of my mail.",
    ],
)
def test_an_hour_is_no_day(text):
    assert read(text).return_date is None


@pytest.mark.parametrize(
    "text,back",
    [
        ("Absent du 2 au 6 mars inclus.", date(2026, 3, 7)),
        ("Volveré el 9 de marzo.", date(2026, 3, 9)),
        ("Буду на работе с 9 марта.", date(2026, 3, 9)),
        ("Ik ben terug op 9 maart.", date(2026, 3, 9)),
        ("Retorno em 09/03/2026.", date(2026, 3, 9)),
        ("Ich bin wieder da am 9. März", date(2026, 3, 9)),
        ("Back Monday.", date(2026, 3, 9)),
    ],
)
def test_a_machine_that_names_a_day_of_return_is_out_of_office(text, back):
    found = read(text)
    assert (found.kind, found.auto_reply, found.return_date) == (
        MailKind.AUTO_REPLY,
        AutoReplyKind.OUT_OF_OFFICE,
        back,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Bin im Urlaub bis 12.12., danach gern!\n\nBen Muster",
        "En congé jusqu'au 12, après volontiers !\n\nLuc",
        "Sono in ferie fino al 12, dopo volentieri!",
    ],
)
def test_a_person_who_is_away_and_glad_to_go_on_is_a_person(text):
    assert read(text, extra="").kind is MailKind.REPLY
