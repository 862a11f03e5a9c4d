"""Machine-readable reports: RFC 3464 of every shape, and complaints."""

import json
from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.effects import effects_of
from outreach_pipeline.core.receive.model import BounceClass, Intent, MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def report(
    fields: str,
    *,
    text: str = "Your mail was not delivered.",
    boundary: str = "b1",
    closing: bool = True,
    returned: str | None = None,
) -> bytes:
    returned = (
        returned
        or "Message-ID: <step1.42@outreach.example>\nTo: kim@acme.example\nFrom: anna@outreach.example\nSubject: Hi\n"
    )
    mail = (
        "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.relay.example>\nTo: anna@outreach.example\n"
        "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"\n\n'
        f"--b1\nContent-Type: text/plain\n\n{text}\n\n--b1\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.relay.example\n\n{fields}\n\n--b1\nContent-Type: text/rfc822-headers\n\n{returned}\n"
    )
    return (mail + ("--b1--\n" if closing else "")).encode()


FAILED = "Final-Recipient: rfc822; kim@acme.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown"


def only(raw: bytes):
    result = classify(raw, received_at=NOW)
    assert result.kind is MailKind.BOUNCE
    (failed,) = result.recipients
    return failed


@pytest.mark.parametrize(
    "raw",
    [
        report(FAILED),
        report(FAILED, closing=False),
        report(FAILED, boundary="another-one"),
        report(FAILED.replace("\n", "\r\n")),
        report(FAILED.replace("rfc822; kim@acme.example", "RFC822;<kim@acme.example>")),
        report(FAILED.replace("Status: 5.1.1", "Status: 5.1.1 (bad mailbox)")),
        report(FAILED.replace("smtp; 550 5.1.1 User", "smtp;\n    550-5.1.1 The user\n    550 5.1.1 User")),
        report(FAILED).replace(b"multipart/report; report-type=delivery-status", b"multipart/mixed"),
        report(FAILED).replace(b"message/delivery-status", b"text/plain"),
    ],
    ids=[
        "plain",
        "not closed",
        "wrong boundary",
        "CRLF",
        "angle brackets",
        "comment",
        "folded",
        "declared mixed",
        "fields in a text part",
    ],
)
def test_failed_report_of_every_shape(raw):
    failed = only(raw)
    assert (failed.recipient, failed.status, failed.reason, failed.hard, failed.permanent) == (
        "kim@acme.example",
        "5.1.1",
        "userunknown",
        True,
        True,
    )


def test_report_names_the_returned_mail():
    assert classify(report(FAILED), received_at=NOW).original_message_id == "step1.42@outreach.example"


def test_several_recipients_in_one_report():
    second = "Final-Recipient: rfc822; lee@acme.example\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 over quota"
    for gap in ("\n\n", "\n"):
        result = classify(report(FAILED + gap + second), received_at=NOW)
        assert [(f.recipient, f.bounce_class) for f in result.recipients] == [
            ("kim@acme.example", BounceClass.HARD),
            ("lee@acme.example", BounceClass.SOFT),
        ]


def test_delivered_recipients_are_left_out_of_a_bounce():
    good = "Final-Recipient: rfc822; lee@acme.example\nAction: delivered\nStatus: 2.0.0"
    result = classify(report(FAILED + "\n\n" + good), received_at=NOW)
    assert ([each.recipient for each in result.recipients], result.reached) == (
        ["kim@acme.example"],
        ("lee@acme.example",),
    )


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_success_report_is_no_bounce(action):
    fields = f"Final-Recipient: rfc822; kim@acme.example\nAction: {action}\nStatus: 2.1.5\nDiagnostic-Code: smtp; 250 2.1.5 Ok"
    result = classify(report(fields), received_at=NOW)
    assert result.kind is MailKind.OTHER
    assert [(f.recipient, f.reason, f.hard, f.permanent) for f in result.recipients] == [
        ("kim@acme.example", "delivered", False, False)
    ]


def test_delayed_report_is_not_final():
    failed = only(
        report(
            "Final-Recipient: rfc822; kim@acme.example\nAction: delayed\nStatus: 4.4.1\nDiagnostic-Code: X-Relay; timed out"
        )
    )
    assert (failed.permanent, failed.hard, failed.bounce_class) == (False, False, BounceClass.SOFT)


def test_original_recipient_is_kept_and_replaces_a_queue_name():
    fields = FAILED.replace("kim@acme.example", "kim@ims-ms-daemon") + "\nOriginal-Recipient: rfc822;kim@acme.example"
    assert only(report(fields)).recipient == "kim@acme.example"
    forwarded = (
        FAILED.replace("kim@acme.example", "kim@private.example") + "\nOriginal-Recipient: rfc822;kim@acme.example"
    )
    failed = only(report(forwarded))
    assert (failed.recipient, failed.original_recipient) == ("kim@private.example", "kim@acme.example")


def test_telling_code_in_the_diagnostic_beats_a_vague_status():
    assert only(report(FAILED.replace("Status: 5.1.1", "Status: 5.0.0"))).status == "5.1.1"
    full = "Final-Recipient: rfc822; kim@acme.example\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 550 5.2.2 mailbox full"
    assert only(report(full)).status == "5.7.1"


def test_dead_address_after_days_of_temporary_refusals():
    fields = "Final-Recipient: rfc822; kim@acme.example\nAction: failed\nStatus: 4.1.1\nDiagnostic-Code: smtp; 450 4.1.1 <kim@acme.example>: Recipient address rejected: User unknown"
    assert only(report(fields)).hard
    assert not only(report(fields.replace("failed", "delayed"))).hard


def test_reputation_block_condemns_nobody():
    fields = "Final-Recipient: rfc822; kim@acme.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 blocked using zen.spamhaus.org"
    failed = only(report(fields))
    assert (failed.hard, failed.bounce_class) == (False, BounceClass.BLOCK)


def test_rule_bounce_after_acceptance_condemns_nobody():
    raw = report(FAILED.replace("User unknown", "Mailbox does not exist")).replace(
        b"dns; mx.relay.example", b"dns; inbound-smtp.eu-west-1.amazonaws.com"
    )
    assert only(raw).hard is False


def test_gateway_notice_around_another_report():
    inner = report(FAILED).decode()
    raw = (
        "Return-Path: <>\nFrom: Mail Delivery Subsystem <MAILER-DAEMON@gw.example>\nTo: anna@outreach.example\nSubject: Returned mail: "
        'User unknown\nContent-Type: multipart/mixed; boundary="outer"\n\n--outer\nContent-Type: text/plain\n\n'
        "----- The following addresses had permanent delivery errors -----\n\n--outer\nContent-Type: message/rfc822\n\n"
        f"{inner}\n--outer--\n"
    ).encode()
    assert only(raw).recipient == "kim@acme.example"


ARF = (
    "From: <feedback@fbl.example>\nTo: abuse@outreach.example\nSubject: FW: A question\nMIME-Version: 1.0\n"
    'Content-Type: multipart/report; report-type=feedback-report; boundary="f"\n\n--f\nContent-Type: text/plain\n\n'
    "This is an email abuse report.\n\n--f\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: FBL/1.0\n"
    "Version: 1\n{who}\n--f\nContent-Type: message/rfc822\n\nMessage-ID: <step1.42@outreach.example>\n"
    "From: anna@outreach.example\nTo: Kim <kim@acme.example>\nSubject: A question\n\nHello\n\n--f--\n"
)


@pytest.mark.parametrize("who", ["Original-Rcpt-To: <kim@acme.example>\n", "Removal-Recipient: kim@acme.example\n", ""])
def test_feedback_report_is_a_complaint(who):
    result = classify(ARF.format(kind="abuse", who=who).encode(), received_at=NOW)
    assert (result.kind, result.feedback_type) == (MailKind.COMPLAINT, "abuse")
    assert [f.recipient for f in result.recipients] == ["kim@acme.example"]
    assert result.original_message_id == "step1.42@outreach.example"


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "virus", "fraud", "other", "dmarc", "something-new"])
def test_feedback_that_is_no_complaint_suppresses_nobody_and_is_kept(kind):
    result = classify(ARF.format(kind=kind, who="").encode(), received_at=NOW)
    assert (result.kind, result.feedback_type, result.recipients) == (MailKind.OTHER, kind, ())
    assert (result.text.strip(), result.voices) == ("This is an email abuse report.", (f"feedback report: {kind}",))


@pytest.mark.parametrize("kind", ["abuse", "Abuse", ""])
def test_abuse_and_a_report_without_a_type_are_complaints(kind):
    assert classify(ARF.format(kind=kind, who="").encode(), received_at=NOW).kind is MailKind.COMPLAINT


@pytest.mark.parametrize("subject", ["FW: A question", "complaint"])
def test_a_feedback_report_without_a_line_of_its_type_is_a_complaint(subject):
    raw = (
        ARF.format(kind="", who="")
        .replace("Feedback-Type: \n", "")
        .replace("Subject: FW: A question", f"Subject: {subject}")
    )
    result = classify(raw.encode(), received_at=NOW)
    assert (result.kind, result.feedback_type) == (MailKind.COMPLAINT, "abuse")
    assert [f.recipient for f in result.recipients] == ["kim@acme.example"]


@pytest.mark.parametrize("kind", ["opt-out", "opt-out-list"])
def test_feedback_of_an_opt_out_is_a_stop(kind):
    result = classify(ARF.format(kind=kind, who="").encode(), received_at=NOW)
    assert (result.kind, result.intent, result.intent_is_sure) == (MailKind.COMPLAINT, Intent.STOP, True)
    effects = effects_of(result, answered=None, from_address="feedback@fbl.example", received_at=NOW)
    assert effects.suppress == (("kim@acme.example", "stop"),)
    assert ([event.kind for event in effects.events], effects.stop_reason) == (["unsubscribe"], "stop")


def test_hotmail_complaint():
    raw = (
        b"From: staff@hotmail.example\nTo: abuse@outreach.example\nSubject: complaint about message from 198.51.100.7\n"
        b'Content-Type: multipart/mixed; boundary="h"\n\n--h\nContent-Type: message/rfc822\n\n'
        b"X-HmXmrOriginalRecipient: kim@acme.example\nMessage-ID: <step1.42@outreach.example>\nTo: list@outreach.example\n\nHello\n--h--\n"
    )
    result = classify(raw, received_at=NOW)
    assert result.kind is MailKind.COMPLAINT
    assert [f.recipient for f in result.recipients] == ["kim@acme.example"]


def ses(kind: str, **detail: object) -> bytes:
    inner = json.dumps(
        {
            "notificationType": kind,
            kind.lower(): detail,
            "mail": {"commonHeaders": {"messageId": "<step1.42@outreach.example>"}},
        }
    )
    outer = json.dumps({"Type": "Notification", "Message": inner})
    return f"From: no-reply@sns.example\nTo: ops@outreach.example\nSubject: Notification\nContent-Type: text/plain\n\n{outer}\n\n--\nTo stop, unsubscribe.\n".encode()


def test_ses_notifications():
    bounced = [
        {
            "emailAddress": "kim@acme.example",
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        }
    ]
    failed = only(ses("Bounce", bounceType="Permanent", bouncedRecipients=bounced))
    assert (failed.recipient, failed.hard, failed.permanent) == ("kim@acme.example", True, True)
    complaint = classify(
        ses("Complaint", complainedRecipients=[{"emailAddress": "kim@acme.example"}], complaintFeedbackType="abuse"),
        received_at=NOW,
    )
    assert (complaint.kind, complaint.recipients[0].recipient) == (MailKind.COMPLAINT, "kim@acme.example")
    assert (
        classify(ses("Delivery", recipients=["kim@acme.example"], smtpResponse="250 ok"), received_at=NOW).kind
        is MailKind.OTHER
    )
