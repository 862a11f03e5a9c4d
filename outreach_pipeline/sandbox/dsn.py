"""Bounces and complaints as six products and a feedback loop write them.

Belongs here: the bytes of such a mail. Does not: when it is sent, or to whom (reactions.py).

Shapes after the products' public behaviour: Postfix bounce(5), sendmail's returned mail, qmail-send(8), Exim's
bounce_message (plain text, before it learnt RFC 3464), Exchange Online's NDR, Gmail's delivery status notification; RFC
3464 for delivery-status, RFC 5965 for abuse reports.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from outreach_pipeline.sandbox.letters import Letter
from outreach_pipeline.sandbox.mime import assemble, crlf, multipart

_REASONS: dict[str, tuple[str, str]] = {
    # behaviour: (status, what the remote host said)
    "unknown_user": ("5.1.1", "550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown"),
    "bounce_later": ("5.1.1", "550 5.1.1 <{rcpt}>: No such user here"),
    "no_such_domain": ("5.1.2", "550 5.1.2 <{rcpt}>: Domain not found: no such host {domain}"),
    "mailbox_full": ("5.2.2", "552 5.2.2 <{rcpt}>: Mailbox full: user is over quota"),
    "policy_block": ("5.7.1", "550 5.7.1 Message rejected: blocked by our content policy"),
}
_STILL_FULL = ("4.2.2", "452 4.2.2 <{rcpt}>: Mailbox full: user is over quota; message expired after 5 days")
# Exchange has words of its own; a queue that ran out is told as any other product's.
_EXCHANGE: dict[str, tuple[str, str]] = {
    "unknown_user": ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
    "bounce_later": ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
    "mailbox_full": (
        "5.2.2",
        (
            "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException; Failed to process message due to a "
            "permanent exception"
        ),
    ),
    "policy_block": (
        "5.7.1",
        "550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy",
    ),
}
_WORDS: dict[str, tuple[str, str]] = {
    # behaviour: headline and sentence of the friendlier products
    "unknown_user": ("Address not found", "the address couldn't be found, or is unable to receive mail"),
    "bounce_later": ("Address not found", "the address couldn't be found, or is unable to receive mail"),
    "no_such_domain": ("Address not found", "the domain {domain} couldn't be found"),
    "mailbox_full": ("Recipient inbox full", "the recipient's inbox is full"),
    "policy_block": ("Message blocked", "the message was blocked by the recipient's server"),
}
_SENDMAIL_WORDS: dict[str, str] = {
    "unknown_user": "User unknown",
    "bounce_later": "User unknown",
    "no_such_domain": "Host unknown",
    "mailbox_full": "Quota exceeded",
    "policy_block": "Service unavailable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced:
    """What a bounce is about.

    Attributes:
        behaviour: why: a key of the tables above.
        still_full: for ``mailbox_full``: the queue ran out (4.2.2) rather than a refusal (5.2.2).
        rcpt: the failed recipient.
        sender: the envelope sender, to whom the bounce goes.
        mx: the host that writes the bounce, or talked to.
        token: unique text for ids and boundaries, ``[A-Za-z0-9-]``.
        arrived: when the mail was accepted, UTC.
        now: when the bounce is written, UTC.
        letter: the mail, read.
        raw: the mail as it was submitted.
    """

    behaviour: str
    still_full: bool
    rcpt: str
    sender: str
    mx: str
    token: str
    arrived: datetime
    now: datetime
    letter: Letter
    raw: bytes


def status_of(product: str, bounced: Bounced) -> tuple[str, str]:
    """Return the RFC 3463 status and the diagnostic text that ``product`` reports."""
    domain = bounced.rcpt.rpartition("@")[2]
    if bounced.behaviour == "mailbox_full" and bounced.still_full:
        status, text = _STILL_FULL
    elif product == "exchange" and bounced.behaviour in _EXCHANGE:
        status, text = _EXCHANGE[bounced.behaviour]
    else:
        status, text = _REASONS[bounced.behaviour]
    return status, text.format(rcpt=bounced.rcpt, domain=domain)


def write_dsn(product: str, bounced: Bounced) -> bytes:
    """Return the bounce as ``product`` writes it, with CRLF line ends."""
    return _PRODUCTS[product](bounced)


def write_complaint(*, about: Bounced, site: str, feedback_from: str) -> bytes:
    """Return an abuse report (RFC 5965) about a mail, with the headers of the original."""
    text = (
        f"This is an email abuse report for an email message received from {about.sender}\n"
        f"on {format_datetime(about.arrived)}. The recipient marked it as spam.\n"
        "For more information about this format please see RFC 5965.\n"
    )
    report = (
        "Feedback-Type: abuse\n"
        f"User-Agent: {site}-FeedbackLoop/1.0\n"
        "Version: 1\n"
        f"Original-Mail-From: <{about.sender}>\n"
        f"Original-Rcpt-To: <{about.rcpt}>\n"
        f"Arrival-Date: {format_datetime(about.arrived)}\n"
        f"Reported-Domain: {about.sender.rpartition('@')[2]}\n"
        "Source-IP: 127.0.0.1\n"
    )
    boundary = f"fbl-{about.token}"
    return assemble(
        [
            ("From", f"Abuse Feedback <{feedback_from}>"),
            ("To", about.sender),
            ("Subject", f"FW: {about.letter.subject}"),
            ("Date", format_datetime(about.now)),
            ("Message-ID", f"<fbl.{about.token}@{feedback_from.rpartition('@')[2]}>"),
            ("MIME-Version", "1.0"),
            ("Content-Type", f'multipart/report; report-type=feedback-report; boundary="{boundary}"'),
        ],
        multipart(
            boundary,
            (["Content-Type: text/plain; charset=US-ASCII"], text),
            (["Content-Type: message/feedback-report"], report),
            (["Content-Type: text/rfc822-headers", "Content-Disposition: inline"], about.letter.header),
        ),
    )


def _postfix(b: Bounced) -> bytes:
    status, said = status_of("postfix", b)
    boundary = f"{b.token}.{int(b.now.timestamp())}/{b.mx}"
    text = (
        f"This is the mail system at host {b.mx}.\n\n"
        "I'm sorry to have to inform you that your message could not\n"
        "be delivered to one or more recipients. It's attached below.\n\n"
        "For further assistance, please send mail to postmaster.\n\n"
        "If you do so, please include this problem report. You can\n"
        "delete your own text from the attached returned message.\n\n"
        "                   The mail system\n\n"
        f"<{b.rcpt}>: host {b.mx}[127.0.0.1] said: {said} (in reply to RCPT TO command)\n"
    )
    report = (
        f"Reporting-MTA: dns; {b.mx}\n"
        f"X-Postfix-Queue-ID: {b.token}\n"
        f"X-Postfix-Sender: rfc822; {b.sender}\n"
        f"Arrival-Date: {format_datetime(b.arrived)}\n\n"
        f"Final-Recipient: rfc822; {b.rcpt}\n"
        f"Original-Recipient: rfc822;{b.rcpt}\n"
        f"Action: failed\nStatus: {status}\nRemote-MTA: dns; {b.mx}\n"
        f"Diagnostic-Code: smtp; {said}\n"
    )
    return assemble(
        [
            ("Return-Path", "<>"),
            ("Date", format_datetime(b.now)),
            ("From", f"MAILER-DAEMON@{b.mx} (Mail Delivery System)"),
            ("Subject", "Undelivered Mail Returned to Sender"),
            ("To", b.sender),
            ("Auto-Submitted", "auto-replied"),
            ("MIME-Version", "1.0"),
            ("Content-Type", f'multipart/report; report-type=delivery-status;\n boundary="{boundary}"'),
            ("Message-Id", f"<{b.token}@{b.mx}>"),
        ],
        multipart(
            boundary,
            (["Content-Description: Notification", "Content-Type: text/plain; charset=us-ascii"], text),
            (["Content-Description: Delivery report", "Content-Type: message/delivery-status"], report),
            (["Content-Description: Undelivered Message", "Content-Type: message/rfc822"], b.raw),
            preamble="This is a MIME-encapsulated message.",
        ),
    )


def _sendmail(b: Bounced) -> bytes:
    status, said = status_of("sendmail", b)
    boundary = f"{b.token}.{int(b.now.timestamp())}/{b.mx}"
    text = (
        f"The original message was received at {format_datetime(b.arrived)}\n"
        "from localhost [127.0.0.1]\n\n"
        "   ----- The following addresses had permanent fatal errors -----\n"
        f"<{b.rcpt}>\n    (reason: {said})\n\n"
        "   ----- Transcript of session follows -----\n"
        f"... while talking to {b.mx}.:\n>>> RCPT To:<{b.rcpt}>\n<<< {said}\n"
        f"550 {status} <{b.rcpt}>... {_SENDMAIL_WORDS[b.behaviour]}\n"
    )
    report = (
        f"Reporting-MTA: dns; {b.mx}\nReceived-From-MTA: DNS; localhost\n"
        f"Arrival-Date: {format_datetime(b.arrived)}\n\n"
        f"Final-Recipient: RFC822; {b.rcpt}\nAction: failed\nStatus: {status}\nRemote-MTA: DNS; {b.mx}\n"
        f"Diagnostic-Code: SMTP; {said}\nLast-Attempt-Date: {format_datetime(b.now)}\n"
    )
    return assemble(
        [
            ("Return-Path", "<>"),
            ("Date", format_datetime(b.now)),
            ("From", f"Mail Delivery Subsystem <MAILER-DAEMON@{b.mx}>"),
            ("Message-Id", f"<{b.token}@{b.mx}>"),
            ("To", f"<{b.sender}>"),
            ("MIME-Version", "1.0"),
            ("Content-Type", f'multipart/report; report-type=delivery-status;\n\tboundary="{boundary}"'),
            ("Subject", "Returned mail: see transcript for details"),
            ("Auto-Submitted", "auto-generated (failure)"),
        ],
        multipart(
            boundary,
            ([], text),
            (["Content-Type: message/delivery-status"], report),
            (["Content-Type: text/rfc822-headers"], b.letter.header),
            preamble="This is a MIME-encapsulated message",
        ),
    )


def _qmail(b: Bounced) -> bytes:
    status, said = status_of("qmail", b)
    if b.still_full:
        reason = f"127.0.0.1 failed after I sent the message.\nRemote host said: {said}"
        reason += "\nI'm not going to try again; this message has been in the queue too long."
    elif b.behaviour == "unknown_user":
        reason = f"Sorry, no mailbox here by that name. (#{status})"
    else:
        reason = f"127.0.0.1 does not like recipient.\nRemote host said: {said}\nGiving up on 127.0.0.1."
    text = (
        f"Hi. This is the qmail-send program at {b.mx}.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{b.rcpt}>:\n{reason}\n\n"
        f"--- Below this line is a copy of the message.\n\nReturn-Path: <{b.sender}>\n"
    )
    return assemble(
        [
            ("Return-Path", "<>"),
            ("Date", format_datetime(b.now)),
            ("From", f"MAILER-DAEMON@{b.mx}"),
            ("To", b.sender),
            ("Subject", "failure notice"),
            ("Message-ID", f"<{b.token}.qmail@{b.mx}>"),
        ],
        crlf(text) + b.raw,
    )


def _exim(b: Bounced) -> bytes:
    _, said = status_of("exim", b)
    text = (
        "This message was created automatically by mail delivery software.\n\n"
        "A message that you sent could not be delivered to one or more of its\n"
        "recipients. This is a permanent error. The following address(es) failed:\n\n"
        f"  {b.rcpt}\n    host {b.mx} [127.0.0.1]\n"
        f"    SMTP error from remote mail server after RCPT TO:<{b.rcpt}>:\n    {said}\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\n"
        f"Return-path: <{b.sender}>\n"
    )
    return assemble(
        [
            ("Return-path", "<>"),
            ("X-Failed-Recipients", b.rcpt),
            ("Auto-Submitted", "auto-replied"),
            ("From", f"Mail Delivery System <Mailer-Daemon@{b.mx}>"),
            ("To", b.sender),
            ("References", b.letter.message_id or ""),
            ("Subject", "Mail delivery failed: returning message to sender"),
            ("Message-Id", f"<E{b.token}@{b.mx}>"),
            ("Date", format_datetime(b.now)),
        ],
        crlf(text) + b.raw,
    )


def _exchange(b: Bounced) -> bytes:
    status, said = status_of("exchange", b)
    headline, sentence = _WORDS[b.behaviour]
    sentence = sentence.format(domain=b.rcpt.rpartition("@")[2])
    boundary = f"_000_{b.token}_"
    inner = f"_001_{b.token}_"
    text = (
        f"Delivery has failed to these recipients or groups:\n\n{b.rcpt}\n"
        f"Your message wasn't delivered because {sentence}.\n\n"
        "Diagnostic information for administrators:\n\n"
        f"Generating server: {b.mx}\n\n{b.rcpt}\nRemote server returned '{said}'\n\nOriginal message headers:\n\n"
        + b.letter.header.decode("utf-8", "replace").replace("\r\n", "\n")
    )
    page = (
        '<html><head><meta http-equiv=Content-Type content="text/html; charset=utf-8"></head><body>\n'
        '<p><b><font color="000066" size=3>Delivery has failed to these recipients or groups:</font></b></p>\n'
        f'<p><a href="mailto:{html.escape(b.rcpt)}">{html.escape(b.rcpt)}</a><br>\n'
        f"{headline}: your message wasn't delivered because {html.escape(sentence)}.</p>\n"
        f"<p>Generating server: {b.mx}<br>Remote server returned '{html.escape(said)}'</p>\n</body></html>\n"
    )
    report = (
        f"Reporting-MTA: dns;{b.mx}\nReceived-From-MTA: dns;localhost\nArrival-Date: {format_datetime(b.arrived)}\n\n"
        f"Original-Recipient: rfc822;{b.rcpt}\nFinal-Recipient: rfc822;{b.rcpt}\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: smtp;{said}\nX-Display-Name: {b.rcpt.partition('@')[0]}\n"
    )
    bodies = multipart(
        inner,
        (['Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: 8bit"], text),
        (['Content-Type: text/html; charset="utf-8"', "Content-Transfer-Encoding: 8bit"], page),
    )
    return assemble(
        [
            ("Return-Path", "<>"),
            ("From", f"Microsoft Outlook\n\t<MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@{b.mx}>"),
            ("To", b.sender),
            ("Date", format_datetime(b.now)),
            ("MIME-Version", "1.0"),
            ("Content-Type", f'multipart/report; report-type=delivery-status;\n\tboundary="{boundary}"'),
            ("X-MS-Exchange-Message-Is-Ndr", ""),
            ("Content-Language", "en-US"),
            ("Message-ID", f"<{b.token}@{b.mx}>"),
            ("In-Reply-To", b.letter.message_id or ""),
            ("References", b.letter.message_id or ""),
            ("Subject", f"Undeliverable: {b.letter.subject}"),
            ("Auto-Submitted", "auto-replied"),
        ],
        multipart(
            boundary,
            ([f'Content-Type: multipart/alternative; differences=Content-Type;\n\tboundary="{inner}"'], bodies),
            (["Content-Type: message/delivery-status"], report),
            (["Content-Type: message/rfc822"], b.raw),
        ),
    )


def _gmail(b: Bounced) -> bytes:
    status, said = status_of("gmail", b)
    headline, sentence = _WORDS[b.behaviour]
    sentence = sentence.format(domain=b.rcpt.rpartition("@")[2])
    boundary, inner = f"00000000{b.token}", f"00000001{b.token}"
    text = (
        f"\n** {headline} **\n\nYour message wasn't delivered to {b.rcpt} because {sentence}.\n\n"
        f"The response was:\n\n{said}\n"
    )
    page = (
        f"<html><body><h2>{headline}</h2><p>Your message wasn't delivered to <b>{html.escape(b.rcpt)}</b> because "
        f"{html.escape(sentence)}.</p><p>The response was:</p><pre>{html.escape(said)}</pre></body></html>\n"
    )
    report = (
        f"Reporting-MTA: dns; {b.mx}\nArrival-Date: {format_datetime(b.arrived)}\n"
        f"X-Original-Message-ID: {b.letter.message_id or ''}\n\n"
        f"Final-Recipient: rfc822; {b.rcpt}\nAction: failed\nStatus: {status}\n"
        f"Remote-MTA: dns; {b.mx}. (127.0.0.1, the server for the domain {b.rcpt.rpartition('@')[2]}.)\n"
        f"Diagnostic-Code: smtp; {said}\nLast-Attempt-Date: {format_datetime(b.now)}\n"
    )
    bodies = multipart(
        inner,
        (['Content-Type: text/plain; charset="UTF-8"'], text),
        (['Content-Type: text/html; charset="UTF-8"'], page),
    )
    return assemble(
        [
            ("Return-Path", "<>"),
            ("From", "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"),
            ("To", b.sender),
            ("Auto-Submitted", "auto-replied"),
            ("Subject", "Delivery Status Notification (Failure)"),
            ("References", b.letter.message_id or ""),
            ("In-Reply-To", b.letter.message_id or ""),
            ("X-Failed-Recipients", b.rcpt),
            ("Message-ID", f"<{b.token}.gsmtp@mx.google.com>"),
            ("Date", format_datetime(b.now)),
            ("MIME-Version", "1.0"),
            ("Content-Type", f'multipart/report; boundary="{boundary}"; report-type=delivery-status'),
        ],
        multipart(
            boundary,
            ([f'Content-Type: multipart/alternative; boundary="{inner}"'], bodies),
            (["Content-Type: message/delivery-status"], report),
            (["Content-Type: message/rfc822"], b.raw),
        ),
    )


_PRODUCTS: dict[str, Callable[[Bounced], bytes]] = {
    "postfix": _postfix,
    "sendmail": _sendmail,
    "qmail": _qmail,
    "exim": _exim,
    "exchange": _exchange,
    "gmail": _gmail,
}
