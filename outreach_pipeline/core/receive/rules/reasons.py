"""Which words and codes of a server tell which reason.

The phrases lie in four files by rank: ``reasons_account``, ``reasons_exact``, ``reasons_sender``, ``reasons_general``; what is said precisely
stands before what is said in passing, and the first that is found wins. They are written as ``core.receive.phrases``
explains, with a bar between them. Sources: RFC 3463 and the IANA registry of enhanced status codes; the published error
lists of Google, Microsoft, Yahoo, Apple, Comcast, Cox, Orange, Proofpoint, Mimecast, Barracuda, GMX, Yandex, Mail.ru and
Tencent; the reply texts in the sources of Postfix, Exim, Sendmail, qmail, Courier, OpenSMTPD and Exchange.
"""

from __future__ import annotations

from outreach_pipeline.core.receive.rules.reasons_account import ACCOUNT
from outreach_pipeline.core.receive.rules.reasons_exact import EXACT
from outreach_pipeline.core.receive.rules.reasons_general import CLEARLY_UNKNOWN as CLEARLY_UNKNOWN_IN_ENGLISH
from outreach_pipeline.core.receive.rules.reasons_general import GENERAL, NO_MAILBOX
from outreach_pipeline.core.receive.rules.reasons_sender import RECIPIENT_BLOCKED, SENDER, SENDER_CHECKED, SENDER_CHECKS
from outreach_pipeline.core.receive.rules.unknown_users import UNKNOWN_USERS

LESS_EXACT: tuple[tuple[str, str], ...] = (*SENDER, *UNKNOWN_USERS, *GENERAL)
"""Reasons with their phrases, by rank, for what no exact phrase tells; codes may temper them."""

CLEARLY_UNKNOWN: tuple[tuple[str, str], ...] = (*CLEARLY_UNKNOWN_IN_ENGLISH, *UNKNOWN_USERS)
"""Words that can only mean that there is no such user, whichever command they answered."""

__all__ = [
    "ACCOUNT",
    "CLEARLY_UNKNOWN",
    "ENHANCED_CODES",
    "EXACT",
    "FILTER_CODES",
    "LESS_EXACT",
    "NO_MAILBOX",
    "RECIPIENT_BLOCKED",
    "REPLY_CODES",
    "SENDER_CHECKED",
    "SENDER_CHECKS",
    "SENDER_CODES",
    "UNKNOWN_USERS",
]

ENHANCED_CODES: dict[str, str] = {
    # "x" stands for 4 or 5. IANA, SMTP Enhanced Status Codes registry.
    "x.1.0": "filtered",
    "x.1.1": "userunknown",
    "x.1.2": "hostunknown",
    "x.1.3": "userunknown",
    "x.1.4": "filtered",
    "x.1.6": "hasmoved",
    "x.1.7": "rejected",
    "x.1.8": "rejected",
    "x.1.9": "systemerror",
    "x.1.10": "notaccept",
    "x.2.0": "filtered",
    "x.2.1": "filtered",
    "x.2.2": "mailboxfull",
    "x.2.3": "exceedlimit",
    "x.2.4": "filtered",
    "x.3.0": "systemerror",
    "x.3.1": "systemfull",
    "x.3.2": "systemerror",
    "x.3.3": "systemerror",
    "x.3.4": "mesgtoobig",
    "x.3.5": "systemerror",
    "x.4.0": "networkerror",
    "x.4.1": "expired",
    "x.4.2": "networkerror",
    "x.4.3": "systemerror",
    "5.4.4": "hostunknown",
    "4.4.4": "networkerror",
    "x.4.5": "systemfull",
    "x.4.6": "networkerror",
    "x.4.7": "expired",
    "x.5.1": "syntaxerror",
    "x.5.2": "syntaxerror",
    "x.5.3": "toomanyconn",
    "x.5.4": "syntaxerror",
    "x.6.0": "contenterror",
    "x.6.1": "contenterror",
    "x.6.2": "contenterror",
    "x.6.3": "contenterror",
    "x.6.5": "contenterror",
    "x.6.6": "contenterror",
    "x.7.0": "securityerror",
    "x.7.1": "securityerror",
    "x.7.2": "policyviolation",
    "x.7.3": "securityerror",
    "x.7.5": "securityerror",
    "x.7.6": "securityerror",
    "x.7.7": "securityerror",
    "x.7.8": "securityerror",
    "x.7.9": "securityerror",
    "x.7.13": "suspend",
    "x.7.14": "securityerror",
    "x.7.20": "authfailure",
    "x.7.21": "authfailure",
    "x.7.22": "authfailure",
    "x.7.23": "authfailure",
    "x.7.24": "authfailure",
    "x.7.25": "requireptr",
    "x.7.26": "authfailure",
    "x.7.27": "rejected",
    "x.7.28": "ratelimited",
    "x.7.30": "failedstarttls",
    "x.7.60": "rejected",
    "x.7.129": "rejected",
    "x.7.133": "rejected",
    "x.7.134": "rejected",
    "x.7.139": "securityerror",
    "x.7.509": "authfailure",
    "x.7.511": "blocked",
    "x.7.515": "authfailure",
    "x.7.606": "blocked",
    "x.7.64": "norelaying",
}

REPLY_CODES: dict[int, str] = {
    421: "systemerror",
    450: "filtered",
    451: "systemerror",
    452: "systemfull",
    552: "mesgtoobig",
    500: "syntaxerror",
    501: "syntaxerror",
    502: "syntaxerror",
    503: "syntaxerror",
    # RFC 4954: of a login.
    534: "securityerror",
    535: "securityerror",
}

FILTER_CODES: frozenset[str] = frozenset({"5.2.0", "5.7.1"})
"""Codes with which "user unknown" means that the recipient refuses, not that there is none."""

SENDER_CODES: tuple[str, ...] = (".1.7", ".1.8")
"""The ends of codes that speak of the sender's address and domain (RFC 3463)."""
