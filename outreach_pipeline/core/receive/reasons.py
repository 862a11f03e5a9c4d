"""Why a server refused a mail: one vocabulary for live SMTP replies and for bounces.

The names are those of the sisimai project, which mail operators know. Belongs here: the names, their classes, and the
decision from code and text. Does not: the phrases themselves (``core.receive.rules.reasons``) or what the platform does
about a reason (``core.send``, ``workflows.bounce_process``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from outreach_pipeline.core.receive.model import BounceClass
from outreach_pipeline.core.receive.phrases import PhraseBook, normalise
from outreach_pipeline.core.receive.rules import reasons as rules

REASONS: MappingProxyType[str, BounceClass | None] = MappingProxyType(
    {
        # The address is dead.
        "userunknown": BounceClass.HARD,  # no such user at the site
        "hostunknown": BounceClass.HARD,  # no such domain
        "hasmoved": BounceClass.HARD,  # the person moved to another address
        "notaccept": BounceClass.HARD,  # the domain says that it takes no mail (null MX)
        # The sender, its address, host or content is refused.
        "blocked": BounceClass.BLOCK,  # the sending IP address or host
        "rejected": BounceClass.BLOCK,  # the sender's address or domain
        "spamdetected": BounceClass.BLOCK,  # the content looks like spam
        "policyviolation": BounceClass.BLOCK,  # a rule of the site
        "badreputation": BounceClass.BLOCK,  # the reputation of the address, domain or IP address
        "authfailure": BounceClass.BLOCK,  # SPF, DKIM or DMARC
        "norelaying": BounceClass.BLOCK,  # the host does not relay for this sender or domain
        "requireptr": BounceClass.BLOCK,  # no or wrong reverse DNS
        "notcompliantrfc": BounceClass.BLOCK,  # the message breaks an RFC
        "virusdetected": BounceClass.BLOCK,  # a virus or a forbidden attachment
        "securityerror": BounceClass.BLOCK,  # authentication or another security rule
        "speeding": BounceClass.BLOCK,  # too fast
        "ratelimited": BounceClass.BLOCK,  # a quota of messages in a time
        "toomanyconn": BounceClass.BLOCK,  # too many connections
        "failedstarttls": BounceClass.BLOCK,  # TLS is required or failed
        "contenterror": BounceClass.BLOCK,  # a header or the MIME structure
        # A passing state of the mailbox, the message or the site.
        "mailboxfull": BounceClass.SOFT,
        "expired": BounceClass.SOFT,  # tried for too long
        "networkerror": BounceClass.SOFT,  # DNS, routing or connection
        "systemerror": BounceClass.SOFT,  # the site's own fault
        "systemfull": BounceClass.SOFT,  # the site's disk
        "mailererror": BounceClass.SOFT,  # the site's local delivery program
        "mesgtoobig": BounceClass.SOFT,  # too big for the site
        "exceedlimit": BounceClass.SOFT,  # too big for this mailbox
        "emailtoolarge": BounceClass.SOFT,  # the same, newer name
        "suspend": BounceClass.SOFT,  # the mailbox is disabled or inactive
        "syntaxerror": BounceClass.SOFT,  # a command the server did not understand
        "greylisted": BounceClass.SOFT,  # asks to come again
        # Tells neither.
        "filtered": None,  # refused for this recipient, after RCPT or without saying why
        "onhold": None,  # a cause that needs people
        "undefined": None,  # no cause is given
        "delivered": None,  # no failure at all
        "feedback": None,  # a complaint, not a failure
    }
)
"""Every reason with its class."""

_ACCOUNT = PhraseBook(rules.ACCOUNT)
_EXACT = PhraseBook(rules.EXACT)
_LESS_EXACT = PhraseBook(rules.LESS_EXACT)
_SENDER_CHECKS = PhraseBook(rules.SENDER_CHECKS)
_SENDER_CHECKED = re.compile(rules.SENDER_CHECKED)
_CLEARLY_UNKNOWN = PhraseBook(rules.CLEARLY_UNKNOWN)
_UNKNOWN_USERS = PhraseBook(rules.UNKNOWN_USERS)
_RECIPIENT_BLOCKED = re.compile(rules.RECIPIENT_BLOCKED)
_NO_MAILBOX = re.compile(rules.NO_MAILBOX, re.IGNORECASE)
# qmail's "Giving up on" stands below every refusal.
_MAY_BE_NO_MAILBOX = frozenset({"filtered", "expired"})
_SAYS_LITTLE = frozenset({"", "5.0.0", "5.5.0"})
_SENTENCE_LIMIT = 2000
AFTER_DATA = re.compile(
    r"after end of data|in reply to end of data|end of data command|smtp command data|\[data\]", re.IGNORECASE
)
"""That a refusal came after the message itself, as mail systems word it."""
AT_SENDER = re.compile(r"after mail from|in reply to mail from|\[mail_from\]|smtp:mail ", re.IGNORECASE)
"""That a refusal answered the sender's address, not the recipient's."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason and what follows from it.

    Attributes:
        name: a key of ``REASONS``.
        bounce_class: its class, or None where it tells neither.
        hard: the address is dead: never mail it again.
        permanent: delivery finally failed; a 4xx reply is not final.
        exact: a phrase told it that cannot mean anything else.
        is_of_account: it is the account that handed the message over which is refused, and nothing is said of the recipient.
    """

    name: str
    bounce_class: BounceClass | None
    hard: bool
    permanent: bool
    exact: bool = False
    is_of_account: bool = False


def reason_of(*, code: int | None, enhanced_code: str | None, text: str) -> Reason:
    """Say why a server refused.

    The text decides before the codes, since servers send 550 and 5.7.1 for nearly everything; the codes decide where
    the text tells nothing and temper what it tells: a 4xx never condemns an address. Who talks SMTP knows the command:
    only what answers RCPT may be taken for a dead address.

    Args:
        code: the SMTP reply code, 200-599, or None.
        enhanced_code: the enhanced status code of RFC 3463, such as ``5.1.1``, or None.
        text: the reply or diagnostic as the server wrote it; only the first 2,000 characters are read.

    Returns:
        The reason; ``undefined`` where nothing is known.
    """
    digit = enhanced_code[:1] if enhanced_code else str(code)[:1] if code else ""
    clean = normalise(text[:_SENTENCE_LIMIT])
    account = None if digit == "2" else _ACCOUNT.first(clean)
    exact = account or (None if digit == "2" else _EXACT.first(clean))
    name = exact[0] if exact else _name(code=code, enhanced_code=enhanced_code or "", clean=clean)
    if name in _MAY_BE_NO_MAILBOX and (enhanced_code or "") in _SAYS_LITTLE and _says_no_mailbox(text):
        name = "userunknown"
    if name == "blocked" and _RECIPIENT_BLOCKED.search(clean):
        exact, name = None, "suspend"
    if REASONS[name] is BounceClass.HARD and _is_about_sender(enhanced_code or "", clean):
        exact, name = None, "rejected"
    bounce_class = REASONS[name]
    if bounce_class is BounceClass.HARD and digit == "4":
        # A server that may know the address tomorrow has not said that it is dead.
        bounce_class = BounceClass.SOFT
    permanent = digit == "5" or (digit not in ("2", "4") and name not in ("delivered", "greylisted"))
    return Reason(
        name,
        bounce_class,
        bounce_class is BounceClass.HARD,
        permanent,
        exact is not None,
        is_of_account=account is not None,
    )


def is_clearly_unknown(text: str, *, in_english: bool = True) -> bool:
    """Whether a text says in so many words that there is no such user; without ``in_english`` only in other languages."""
    book = _CLEARLY_UNKNOWN if in_english else _UNKNOWN_USERS
    return book.first(normalise(text[:_SENTENCE_LIMIT])) is not None or (in_english and _says_no_mailbox(text))


def _says_no_mailbox(text: str) -> bool:
    """Whether a server gives RFC 5321's text for a mailbox that is not there, before it has seen the message."""
    text = text[:_SENTENCE_LIMIT]
    return _NO_MAILBOX.search(text) is not None and AFTER_DATA.search(text) is None


def _is_about_sender(enhanced_code: str, clean: str) -> bool:
    """Whether what does not exist is the sender, which says nothing of the recipient."""
    return (
        enhanced_code.endswith(rules.SENDER_CODES)
        or AT_SENDER.search(clean) is not None
        or _SENDER_CHECKED.search(clean) is not None
        or _SENDER_CHECKS.first(clean) is not None
    )


def _name(*, code: int | None, enhanced_code: str, clean: str) -> str:
    if enhanced_code.startswith("2.") or (not enhanced_code and code is not None and 200 <= code < 300):
        return "delivered"
    found = _LESS_EXACT.first(clean)
    by_code = rules.ENHANCED_CODES.get(enhanced_code) or rules.ENHANCED_CODES.get("x" + enhanced_code[1:])
    if found is None:
        return by_code or rules.REPLY_CODES.get(code or 0, "undefined")
    name = found[0]
    if name == "userunknown" and (enhanced_code in rules.FILTER_CODES or AFTER_DATA.search(clean)):
        # A server that knew the user until it saw the data, or answers by a rule's code, refuses for another reason.
        return "filtered"
    if name == "filtered" and by_code and by_code not in ("securityerror", "systemerror"):
        return by_code
    return name
