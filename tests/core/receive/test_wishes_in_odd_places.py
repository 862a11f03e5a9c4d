"""Wishes that a machine's mail carries, and those that stand in a subject."""

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import AutoReplyKind, Classification, Intent, MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SIGNATURE = "-- \nKim Roth\nHarbor Ltd"


def read(text: str, *, subject: str = "Re: A question", extra: str = "", in_thread: bool = True) -> Classification:
    thread = "In-Reply-To: <step1.42@outreach.example>\n" if in_thread else ""
    raw = (
        f"From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: {subject}\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{thread}{extra}\n{text}\n"
    )
    return classify(raw.encode(), received_at=NOW)


@pytest.mark.parametrize("mark", ["Auto-Submitted: auto-replied", "X-Autorespond: yes", "X-Autoreply: yes"])
@pytest.mark.parametrize(
    "text,machine",
    [
        ("Please take us off your mailing list.", AutoReplyKind.OTHER),
        ("I am out of office until March 20.\n\nPlease remove me from your list.", AutoReplyKind.OUT_OF_OFFICE),
        ("Ich bin im Urlaub. Bitte keine weiteren Mails an mich.", AutoReplyKind.OUT_OF_OFFICE),
        ("Je suis en congé. Merci de ne plus me contacter.", AutoReplyKind.OUT_OF_OFFICE),
        ("Diese Adresse wird nicht mehr verwendet. Bitte löschen Sie sie aus Ihrem Verteiler.", AutoReplyKind.OTHER),
        ("This mailbox is not in use. Please remove it from your mailing list.", AutoReplyKind.OTHER),
    ],
)
def test_a_wish_to_stop_in_a_machines_answer_is_heard_and_never_sure(mark, text, machine):
    found = read(text, extra=f"{mark}\n")
    assert (found.kind, found.auto_reply) == (MailKind.AUTO_REPLY, machine)
    assert (found.intent, found.intent_is_sure) == (Intent.STOP, False)


@pytest.mark.parametrize(
    "text",
    [
        "I am out of office until March 20. Please do not reply to this mail.",
        "We have received your request. To unsubscribe from updates click here.",
        "Your ticket was created. If you no longer wish to receive these notices, unsubscribe here.",
        "I have left Harbor. Please contact my colleague Lee instead.",
    ],
)
def test_a_machines_answer_without_one_has_none(text):
    found = read(text, extra="Auto-Submitted: auto-replied\n")
    assert (found.kind, found.intent) == (MailKind.AUTO_REPLY, None)


@pytest.mark.parametrize(
    "subject,mark,text,intent",
    [
        ("Re: A question", "auto-generated", "Yes, we are interested, please send the pricing.", Intent.INTERESTED),
        ("[Harbor] Re: A question", "auto-generated", "Kim commented:\n\nDas klingt gut.", Intent.INTERESTED),
        ("AW: A question", "auto-generated", "Falsche Person, das macht Lee.", Intent.WRONG_PERSON),
        ("Re: [#4711] A question", "auto-replied", "Thanks, we are interested.", Intent.INTERESTED),
    ],
)
def test_a_persons_words_through_a_help_desk_are_a_reply_that_is_never_sure(subject, mark, text, intent):
    found = read(text, subject=subject, extra=f"Auto-Submitted: {mark}\n")
    assert (found.kind, found.intent, found.intent_is_sure) == (MailKind.REPLY, intent, False)


@pytest.mark.parametrize(
    "subject,mark,text,in_thread",
    [
        ("Re: A question", "auto-generated", "I am out of the office until Monday.", True),
        ("Re: A question", "auto-generated", "Your request has been received, ticket 4711.", True),
        ("Re: A question", "auto-replied", "Thank you for your message.", True),
        ("Ticket 4711", "auto-generated", "We are interested in your feedback.", True),
        ("Re: A question", "auto-generated", "This is an automated message. We are interested.", True),
    ],
)
def test_receipts_and_absences_stay_what_they_are(subject, mark, text, in_thread):
    found = read(text, subject=subject, extra=f"Auto-Submitted: {mark}\n", in_thread=in_thread)
    assert found.kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize(
    "subject",
    [
        "Please remove me from your list", "Take me off your list", "Do not email me", "Bitte keine Mails mehr", "Re: STOP emailing me",
        "Re: please do not contact me again", "Ne me contactez plus", "Por favor, dame de baja", "Non scrivetemi", "Отпишите меня",
    ],
)  # fmt: skip
@pytest.mark.parametrize("body", [SIGNATURE, "Kim Roth\nHead of Sales, Harbor Ltd\nPhone 4711", "Thanks!\n" * 60])
def test_a_subject_that_asks_to_stop_counts_whatever_the_body(subject, body):
    found = read(body, subject=subject)
    assert (found.kind, found.intent, found.intent_is_sure) == (MailKind.REPLY, Intent.STOP, True)


def test_it_counts_in_a_fresh_mail_too():
    found = read("Hello.\n" * 60, subject="Please remove me from your list", in_thread=False)
    assert (found.kind, found.intent) == (MailKind.REPLY, Intent.STOP)


@pytest.mark.parametrize("subject", ["STOP: A question", "Stop! Re: A question", "Stop - A question"])
def test_a_stop_word_put_before_our_subject_is_for_people(subject):
    found = read(SIGNATURE, subject=subject)
    assert (found.intent, found.intent_is_sure) == (Intent.STOP, False)


@pytest.mark.parametrize(
    "subject",
    ["Re: Stop losing leads", "Re: Unsubscribe rates of your lists", "Re: How we stop churn", "Re: Stop: three leaks", "Re: Never write reports again"],
)  # fmt: skip
def test_our_own_subject_that_comes_back_asks_for_nothing(subject):
    assert read("Tell me more.", subject=subject).intent is Intent.INTERESTED


def test_a_help_desks_receipt_is_a_ticket_and_a_persons_answer_through_it_is_none():
    found = read("Ihr Ticket 4711 wurde eröffnet.", subject="[Ticket#4711] A question", extra="X-OTRS-Version: 6.0\n")
    assert (found.kind, found.auto_reply) == (MailKind.AUTO_REPLY, AutoReplyKind.TICKET)
    found = read(
        "Wir haben Interesse, bitte rufen Sie mich an.",
        subject="Re: [Ticket#4711] A question",
        extra="X-OTRS-Version: 6.0\n",
    )
    assert found.kind is MailKind.REPLY
