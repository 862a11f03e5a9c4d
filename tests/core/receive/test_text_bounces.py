"""What holds for failure notices for people, whatever product wrote them."""

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import BounceClass, Intent, MailKind
from tests.core.receive.notices import NOW, ORIGINAL, QMAIL, SENDER, notice


def test_bounce_names_the_mail_it_answers():
    assert classify(notice(QMAIL + ORIGINAL), received_at=NOW).original_message_id == "step1.42@outreach.example"


def test_several_recipients_keep_their_own_reasons():
    body = QMAIL.replace(
        "--- Below",
        "<lee@acme.example>:\nRemote host said: 552 5.2.2 mailbox full\n\n<pat@acme.example>:\nRemote host said: 554 5.7.1 message "
        "looks like spam\n\n--- Below",
    )
    failed = {f.recipient: f for f in classify(notice(body + ORIGINAL), received_at=NOW).recipients}
    assert {name: f.bounce_class for name, f in failed.items()} == {
        "kim@acme.example": BounceClass.HARD,
        "lee@acme.example": BounceClass.SOFT,
        "pat@acme.example": BounceClass.BLOCK,
    }
    assert failed["lee@acme.example"].status == "5.2.2"


@pytest.mark.parametrize(
    "subject",
    [
        "Unzustellbar: A question",
        "Non remis : A question",
        "No se puede entregar: A question",
        "Non recapitabile: A question",
        "Não é possível entregar: A question",
        "Onbestelbaar: A question",
        "Niedostarczalne: A question",
        "Недоставлено: A question",
        "配信不能: A question",
        "=?gb18030?B?zcvQxQ==?=",
    ],
)
def test_subject_and_sender_suffice_in_any_language(subject):
    body = "x\n\nkim@acme.example\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n"
    result = classify(notice(body, sender="postmaster@acme.example", subject=subject), received_at=NOW)
    assert result.kind is MailKind.BOUNCE
    assert [(f.recipient, f.status, f.hard) for f in result.recipients] == [("kim@acme.example", "5.1.1", True)]


def test_replies_of_a_transcript_name_their_recipients():
    body = (
        "   ----- Transcript of session follows -----\nWhile talking to mx.acme.example:\n>>> RCPT To:<kim@acme.example>\n"
        "<<< 550 User Unknown\n550 <kim@acme.example>... User unknown\n421 lee@acme.example... Deferred: Connection timed out\n\n"
        "   ----- Unsent message follows -----\n"
    )
    result = classify(notice(body + ORIGINAL, subject="Returned mail: User unknown"), received_at=NOW)
    assert [(f.recipient, f.reason, f.hard) for f in result.recipients] == [
        ("kim@acme.example", "userunknown", True),
        ("lee@acme.example", "expired", False),
    ]


def test_absence_note_without_envelope_sender_is_no_bounce():
    raw = notice(
        "I am away. Your message was not delivered to anyone else.\n",
        sender="Kim <kim@acme.example>",
        subject="Out of office",
    )
    assert classify(raw, received_at=NOW).kind is MailKind.AUTO_REPLY


def test_person_who_writes_from_postmaster_is_heard():
    raw = (
        f"From: Kim <postmaster@acme.example>\nTo: {SENDER}\nSubject: Re: A question\nIn-Reply-To: <step1.42@outreach.example>\n\n"
        "Tell me more, and write to kim@acme.example. Our mailbox was full, sorry.\n"
    ).encode()
    assert classify(raw, received_at=NOW).kind is MailKind.REPLY


def test_read_receipt_is_no_answer():
    raw = (
        f"From: Kim <kim@acme.example>\nTo: {SENDER}\nSubject: Read: A question\nIn-Reply-To: <step1.42@outreach.example>\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=q\n\n--q\nContent-Type: text/plain\n\nRead.\n--q--\n"
    ).encode()
    assert classify(raw, received_at=NOW).kind is MailKind.OTHER


@pytest.mark.parametrize(
    "body",
    [
        (
            "This is an automatically generated Delivery Status Notification\n\nTHIS IS A WARNING MESSAGE ONLY.\n\nYOU DO NOT NEED TO "
            "RESEND YOUR MESSAGE.\n\nDelivery to the following recipient has been delayed:\n\n     kim@acme.example\n\nMessage will be "
            "retried for 2 more day(s)\n"
        ),
        (
            "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to "
            "one or more of its\nrecipients after more than 24 hours on the queue.\n\nThe address to which the message has not yet been "
            "delivered is:\n\n  kim@acme.example\n    Delay reason: user unknown, try later\n"
        ),
    ],
)
def test_delay_is_neither_final_nor_a_dead_address(body):
    result = classify(notice(body, subject="Warning: message delayed 24 hours"), received_at=NOW)
    assert result.kind is MailKind.BOUNCE
    assert [f.recipient for f in result.recipients] == ["kim@acme.example"]
    assert not result.recipients[0].permanent
    assert not result.recipients[0].hard


def test_user_unknown_after_the_data_is_a_filter_not_a_dead_address():
    raw = notice(
        "This message was created automatically by mail delivery software.\n\nThe following address(es) failed:\n\n"
        "  kim@acme.example\n    SMTP error from remote mail server after end of data:\n    550 User unknown\n",
        subject="Mail delivery failed: returning message to sender",
    )
    failed = classify(raw, received_at=NOW).recipients[0]
    assert (failed.reason, failed.hard) == ("filtered", False)


def test_own_address_in_the_text_is_no_failed_recipient():
    raw = notice(
        f"Dear {SENDER},\n\nyour mail to <kim@acme.example> was undeliverable: 550 5.1.1 no such user here\n",
        subject="Undeliverable mail",
    )
    assert [f.recipient for f in classify(raw, received_at=NOW).recipients] == ["kim@acme.example"]


def test_person_who_quotes_a_bounce_is_not_swallowed():
    quoted = "\n".join(f"> {line}" for line in QMAIL.splitlines())
    raw = (
        f"From: Kim <kim@acme.example>\nTo: {SENDER}\nSubject: Re: failure notice\nIn-Reply-To: <step1.42@outreach.example>\n\n"
        f"Hi Anna, I got this when I answered you, does your mail work?\n\n{quoted}\n"
    ).encode()
    result = classify(raw, received_at=NOW)
    assert result.kind is MailKind.REPLY
    assert result.recipients == ()


def test_forwarded_bounce_without_own_words_is_read():
    inner = "\n".join(
        f"> {line}"
        for line in (
            "From: MAILER-DAEMON@mx.relay.example",
            "Subject: Returned mail: User unknown",
            "",
            "   ----- The following addresses had permanent fatal errors -----",
            "<kim@acme.example>",
            "",
            "Final-Recipient: rfc822; kim@acme.example",
            "Action: failed",
            "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
        )
    )
    raw = (
        f"From: Boss <boss@outreach.example>\nTo: {SENDER}\nReferences: <x@y.example>\nSubject: Fwd: Returned mail: User unknown\n\n"
        f"FYI\n\nBegin forwarded message:\n\n{inner}\n"
    ).encode()
    result = classify(raw, received_at=NOW)
    assert result.kind is MailKind.BOUNCE
    assert [(f.recipient, f.hard) for f in result.recipients] == [("kim@acme.example", True)]


FORWARDED_NOTICE = (
    "From: boss@outreach.example\nTo: anna@outreach.example\nSubject: Fwd: {subject}\nContent-Type: text/plain\n\n{words}\n\n"
    "---------- Forwarded message ---------\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\nDate: Mon, 2 Mar 2026\n"
    "Subject: {subject}\nTo: <anna@outreach.example>\n\nThis is the mail system at host mx.example.\n\n{said}\n"
)
SAID = "<kim@acme.example>: host mx said: 550 5.1.1 User unknown (in reply to RCPT TO command)"


def test_forwarded_notice_without_fields_is_read():
    raw = FORWARDED_NOTICE.format(subject="Undelivered Mail Returned to Sender", words="FYI", said=SAID)
    result = classify(raw.encode(), received_at=NOW)
    assert result.kind is MailKind.BOUNCE
    assert [(f.recipient, f.status, f.hard) for f in result.recipients] == [("kim@acme.example", "5.1.1", True)]


@pytest.mark.parametrize(
    "subject, words, said",
    [
        ("A question", "FYI", SAID),
        ("Undelivered Mail Returned to Sender", "What do you make of this? " * 20, SAID),
        ("Undelivered Mail Returned to Sender", "FYI", "Ask kim@acme.example about it."),
    ],
    ids=["no notice's subject", "words of one's own", "no reason"],
)
def test_what_a_person_forwards_is_no_bounce_unless_it_is_one(subject, words, said):
    raw = FORWARDED_NOTICE.format(subject=subject, words=words, said=said)
    assert classify(raw.encode(), received_at=NOW).kind is not MailKind.BOUNCE


@pytest.mark.parametrize("prefix", ["Fwd", "WG"])
@pytest.mark.parametrize(
    "words, intent",
    [
        ("Please stop writing to me, and my own mails to you fail, see below.\nBen", Intent.STOP),
        ("Unsubscribe me", Intent.STOP),
        ("I wrote to you and got this. I am interested, what is your right address?\nBen", Intent.INTERESTED),
        ("Bitte schauen Sie mal, unsere Mail kam zurück. Wir hätten gern ein Angebot.", Intent.INTERESTED),
    ],
)
def test_what_a_person_says_above_a_forwarded_notice_decides(prefix, words, intent):
    raw = FORWARDED_NOTICE.format(subject="Undelivered Mail Returned to Sender", words=words, said=SAID)
    result = classify(raw.replace("Subject: Fwd:", f"Subject: {prefix}:", 1).encode(), received_at=NOW)
    assert (result.kind, result.intent, result.recipients) == (MailKind.REPLY, intent, ())
