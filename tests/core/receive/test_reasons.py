"""The vocabulary of reasons, for live SMTP replies and for diagnostics."""

import pytest

from outreach_pipeline.core.receive.model import BounceClass
from outreach_pipeline.core.receive.phrases import PhraseBook, normalise
from outreach_pipeline.core.receive.reasons import REASONS, reason_of
from outreach_pipeline.core.receive.rules import reasons as rules


@pytest.mark.parametrize(
    "code,enhanced,text,name,hard,permanent",
    [
        (
            550,
            "5.1.1",
            "<kim@acme.example>: Recipient address rejected: User unknown in local recipient table",
            "userunknown",
            True,
            True,
        ),
        (550, None, "No such user here", "userunknown", True, True),
        (550, "5.1.1", "", "userunknown", True, True),
        (550, "5.4.1", "Recipient address rejected: Access denied. AS(201806281)", "userunknown", True, True),
        (450, "4.1.1", "User unknown, try later", "userunknown", False, False),
        (550, "5.1.2", "Host unknown (Name server: acme.example: host not found)", "hostunknown", True, True),
        (556, "5.1.10", "Domain does not accept mail (nullMX)", "notaccept", True, True),
        (551, "5.1.6", "User has moved to kim@new.example", "hasmoved", True, True),
        (552, "5.2.2", "The email account that you tried to reach is over quota", "mailboxfull", False, True),
        (452, "4.2.2", "Mailbox full", "mailboxfull", False, False),
        (
            450,
            "4.2.1",
            "The user you are trying to contact is receiving mail at a rate that prevents it",
            "ratelimited",
            False,
            False,
        ),
        (421, "4.7.0", "[TSS04] Messages temporarily deferred due to user complaints", "blocked", False, False),
        (451, "4.7.1", "Greylisting in action, please come back later", "greylisted", False, False),
        (
            554,
            "5.7.1",
            "Service unavailable; Client host [198.51.100.7] blocked using zen.spamhaus.org",
            "blocked",
            False,
            True,
        ),
        (550, "5.7.26", "This mail has been blocked because the sender is unauthenticated", "authfailure", False, True),
        (550, "5.7.1", "SPF check failed for outreach.example", "authfailure", False, True),
        (550, "5.7.25", "The IP address sending this message does not have a PTR record", "requireptr", False, True),
        (554, None, "Message rejected as spam", "spamdetected", False, True),
        (550, "5.7.1", "relaying denied", "norelaying", False, True),
        (552, "5.3.4", "Message size exceeds fixed limit", "mesgtoobig", False, True),
        (421, "4.3.2", "Too many concurrent SMTP connections", "toomanyconn", False, False),
        (530, "5.7.0", "Must issue a STARTTLS command first", "failedstarttls", False, True),
        (550, "5.2.1", "The email account that you tried to reach is disabled", "suspend", False, True),
        (550, "5.7.1", "Sender address rejected: not allowed here", "rejected", False, True),
        (554, "5.7.1", "Your message contains a virus", "virusdetected", False, True),
        (250, "2.0.0", "Ok: queued", "delivered", False, False),
        (451, None, "", "systemerror", False, False),
        (None, None, "", "undefined", False, True),
    ],
)
def test_reply_tells_its_reason(code, enhanced, text, name, hard, permanent):  # noqa: PLR0917  one row of a table
    reason = reason_of(code=code, enhanced_code=enhanced, text=text)
    assert (reason.name, reason.hard, reason.permanent) == (name, hard, permanent)


@pytest.mark.parametrize(
    "text, name",
    [
        ("5.2.1 This mailbox has been blocked due to inactivity (UserSearch)", "suspend"),
        ("5.2.1 Account is blocked", "suspend"),
        ("Mailbox is blocked", "suspend"),
        ("5.2.1 The user account has been blocked", "suspend"),
        ("5.2.1 Recipient kim@acme.example is blocked", "suspend"),
        ("5.1.1 Account has been blocked by the administrator", "suspend"),
        ("5.7.1 Your account has been blocked", "blocked"),
        ("5.7.1 Mail to this user has been blocked due to content", "blocked"),
        ("5.7.1 Messages for the recipient have been blocked", "blocked"),
        ("the sender's mailbox is blocked", "blocked"),
        ("5.7.1 Your IP is blocked", "blocked"),
        ("5.7.1 recipient has blocked your address", "rejected"),
    ],
)
def test_a_block_of_the_recipient_says_nothing_of_the_sender(text, name):
    assert reason_of(code=550, enhanced_code=None, text=f"550 {text}").name == name


@pytest.mark.parametrize(
    "code, enhanced, text, name",
    [
        (550, "5.7.60", "SMTP; Client does not have permissions to send as this sender [x.prod.outlook.com]", "rejected"),
        (554, "5.2.0", "STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process", "rejected"),
        (554, "5.2.252", "SendAsDenied; a@x.example not allowed to send as b@x.example", "rejected"),
        (554, "5.2.0", "STOREDRV.Submission.Exception:OutboundSpamException; WASCL UserAction verdict is Suspend.", "rejected"),
        (554, "5.2.0", "OutboundSpamException: WASCL UserAction verdict is not None. Actual verdict is RefuseQuota, ShowTierUpgrade.", "rejected"),
        (554, "5.2.2", "mailbox full; STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed", "ratelimited"),
        (550, "5.1.8", "Access denied, bad outbound sender AS(42003)", "rejected"),
        (550, "5.1.90", "Your message can't be sent because you've reached your daily limit for message recipients", "ratelimited"),
        (550, "5.7.233", "your tenant exceeded its daily limit (tenant external recipient rate limit)", "ratelimited"),
        (550, "5.7.705", "Access denied, tenant has exceeded threshold", "badreputation"),
        (550, "5.7.708", "Service unavailable. Access denied, traffic not accepted from this IP.", "badreputation"),
        (550, "5.7.750", "Service unavailable. Client blocked from sending from unregistered domains.", "rejected"),
        (432, "4.3.2", "STOREDRV.ClientSubmit; sender thread limit exceeded", "toomanyconn"),
        (535, "5.7.139", "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", "securityerror"),
        (535, "5.7.139", "Authentication unsuccessful, user is locked by your organization's security defaults policy.", "securityerror"),
        (550, "5.4.5", "Daily user sending limit exceeded. - gsmtp", "ratelimited"),
        (550, "5.4.5", "Daily SMTP relay limit exceeded for user.", "ratelimited"),
        (535, "5.7.8", "Username and Password not accepted. https://support.google.com/mail/?p=BadCredentials", "securityerror"),
        (534, "5.7.9", "Application-specific password required.", "securityerror"),
        (534, "5.7.14", "Please log in via your web browser and then try again.", "securityerror"),
        (550, "5.4.6", "Unusual sending activity detected. Please try after sometime", "rejected"),
        (554, "5.1.8", "Sender Address Blocked", "rejected"),
        (553, None, "Relaying disallowed as a@x.example", "rejected"),
        (553, "5.7.1", "<a@x.example>: Sender address rejected: not owned by user b", "rejected"),
        (454, None, "Throttling failure: Daily message quota exceeded.", "ratelimited"),
        (554, None, "Message rejected: Sending suspended for this account. For more information, see the inbox.", "rejected"),
        (554, "5.7.1", "Your account has been suspended", "rejected"),
        (451, None, "Authentication failed: Maximum credits exceeded", "ratelimited"),
        (554, "5.1.8", "Email Outgoing Blocked", "rejected"),
        (551, "5.7.1", "Not authorised to send from this header address", "rejected"),
        (550, "5.7.0", "From address is not one of your addresses", "rejected"),
        (553, None, "Sender is not allowed to relay emails", "rejected"),
        (550, None, "Domain acme.example has exceeded the max emails per hour (200/200 (100%)) allowed. Message discarded.", "ratelimited"),
        (452, "4.7.1", "Sending quota exceeded", "ratelimited"),
        (432, "4.3.2", "Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.", "toomanyconn"),
        (550, "5.7.502", "Access denied, banned sender. The account has been banned due to detected spam activity.", "rejected"),
    ],
)  # fmt: skip
def test_what_is_refused_to_the_account_says_nothing_of_the_recipient(code, enhanced, text, name):
    reason = reason_of(code=code, enhanced_code=enhanced, text=text)
    assert (reason.name, reason.bounce_class, reason.is_of_account) == (name, BounceClass.BLOCK, True)


@pytest.mark.parametrize(
    "code, enhanced, text",
    [
        (550, "5.7.1", "Our system has detected an unusual rate of unsolicited mail originating from your IP address."),
        (550, "5.2.1", "The account has been suspended"),
        (550, "5.7.1", "This account has been temporarily suspended"),
        (552, "5.2.2", "The email account that you tried to reach is over quota"),
        (550, "5.1.8", "Sender address rejected: Domain not found"),
        (550, "5.7.1", "Message rejected as spam"),
        (450, "4.2.1", "The user you are trying to contact is receiving mail at a rate that prevents it"),
        (554, "5.7.1", "Relay access denied"),
        (
            550,
            "5.7.511",
            "Access denied, banned sender[192.0.2.7]. To request removal from this list please forward this message",
        ),
    ],
)
def test_what_a_site_says_is_not_of_the_account(code, enhanced, text):
    assert not reason_of(code=code, enhanced_code=enhanced, text=text).is_of_account


def test_only_the_hard_class_is_hard():
    for code in (None, 450, 550):
        for enhanced in (
            None,
            *(key.replace("x", "5") for key in rules.ENHANCED_CODES),
            *(key.replace("x", "4") for key in rules.ENHANCED_CODES),
        ):
            reason = reason_of(code=code, enhanced_code=enhanced, text="")
            assert reason.hard == (reason.bounce_class is BounceClass.HARD)
            assert not (reason.hard and (enhanced or str(code))[0] == "4")


def test_every_rule_names_a_reason_and_is_written_as_texts_are_normalised():
    for name, phrases in (*rules.ACCOUNT, *rules.EXACT, *rules.LESS_EXACT):
        assert name in REASONS
        for phrase in (piece.strip() for line in phrases.splitlines() for piece in line.split("|")):
            assert phrase == normalise(phrase)
    assert set(rules.ENHANCED_CODES.values()) | set(rules.REPLY_CODES.values()) <= set(REASONS)


def test_phrases_match_whole_words_gaps_and_endings():
    book = PhraseBook([("stop", "stop | mail * gone | mailbox*")])
    assert book.first("please stop") == ("stop", "stop")
    assert book.first("nonstop stopping") is None
    assert book.first("the mail of kim is gone") == ("stop", "mail * gone")
    assert book.first(f"mail {'x' * 80} gone") is None
    assert book.first("two mailboxes") == ("stop", "mailbox*")
    assert PhraseBook([("bounce", "退信")]).first("系统退信通知") == ("bounce", "退信")


def test_a_missing_authentication_level_is_the_senders_authentication():
    text = "550 5.7.515 Access denied, sending domain acme.example doesn't meet the required authentication level."
    reason = reason_of(code=550, enhanced_code="5.7.515", text=text)
    assert (reason.name, reason.bounce_class, reason.hard) == ("authfailure", BounceClass.BLOCK, False)
