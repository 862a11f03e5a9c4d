"""What the judgement of a day is made of: rows of the ledger and of the configuration, as plain data.

Belongs here: the facts' types, and finding the message that a line of the truth log speaks of. Does not: the comparison
(judge, judge_caps, judge_reactions) or the reading (workflows.judge_day).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from outreach_pipeline.core.model import MessageState

Truth = Mapping[str, Any]
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MessageFact:
    """A row of the ledger.

    Attributes:
        id: ``messages.id``.
        tenant: slug.
        mailbox: the address it is sent from, lower case.
        to_address: lower case.
        message_id: the header, with its angle brackets.
        wire_message_id: the relay's, if it put its own in place.
        kind: campaign, probe, reply or test.
        state: as in the table.
        reason: as in the table.
        plan_date: the tenant's local date, or None.
        window_ends_at: when it had to be done.
        unknown_until: the deadline of an unknown outcome.
        recipient_site: where the recipient's domain has its mail, '' if unknown.
        unrecorded_attempts: attempts that were claimed and of which nothing was written: their worker died.
    """

    id: int
    tenant: str
    mailbox: str
    to_address: str
    message_id: str
    wire_message_id: str | None
    kind: str
    state: str
    reason: str | None
    plan_date: date | None
    window_ends_at: datetime
    unknown_until: datetime | None
    recipient_site: str = ""
    unrecorded_attempts: int = 0


@dataclass(frozen=True, slots=True)
class EventFact:
    """A row of ``events``; ``message_id`` is ``messages.id``, ``intent`` that of the reply it was read from."""

    tenant: str
    message_id: int | None
    kind: str
    bounce_class: str | None
    recipient: str
    intent: str | None = None
    return_date: date | None = None


@dataclass(frozen=True, slots=True)
class SuppressionFact:
    """A row of ``suppressions``, or of the operator's: then the reason is ``operator``."""

    tenant: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class MailboxFact:
    """A mailbox as it is configured.

    Attributes:
        tenant: slug.
        mailbox: its address, lower case.
        sending_domain: the domain it belongs to.
        provider_account: the account's name, or None.
        messages_per_day: the lesser of its policy's limit and its own.
        curve: messages on the 1st, 2nd, … day of real sending; empty: no warm-up.
        warmup_days_before: days of real sending before the platform.
    """

    tenant: str
    mailbox: str
    sending_domain: str
    provider_account: str | None
    messages_per_day: int
    curve: tuple[int, ...] = ()
    warmup_days_before: int = 0


@dataclass(frozen=True, slots=True)
class CapFact:
    """What may be sent on a date, all told.

    Attributes:
        kind: mailbox, sending_domain, provider_account, tenant, company or site.
        tenant: slug; '' for an account, which tenants may share.
        subject: the mailbox's address, the domain, the account's name, the site; '' for the tenant and for every company.
        messages_per_day: the cap.
        plan_date: the one date it is for; None: for each.
    """

    kind: str
    tenant: str
    subject: str
    messages_per_day: int
    plan_date: date | None = None


class Ledger:
    """Finds messages by Message-ID, or by sender and recipient where a server refused before it saw one."""

    def __init__(self, messages: Sequence[MessageFact]) -> None:
        self.all = messages
        self.by_row = {(message.tenant, message.id): message for message in messages}
        self._by_id: dict[str, MessageFact] = {}
        self._by_pair: dict[tuple[str, str], list[MessageFact]] = defaultdict(list)
        # Cancelled first, so that the row that lives on wins: a replanned step keeps its Message-ID.
        for message in sorted(messages, key=lambda each: each.state != MessageState.CANCELLED):
            self._by_id[id_of(message.message_id)] = message
            if message.wire_message_id:
                self._by_id[id_of(message.wire_message_id)] = message
            self._by_pair[message.mailbox, message.to_address].append(message)

    def with_id(self, message_id: str) -> MessageFact | None:
        """Return the message of a Message-ID without its angle brackets."""
        return self._by_id.get(message_id)

    def of_line(self, line: Truth) -> list[MessageFact]:
        """Return the message that a line speaks of; several if only sender and recipient are known."""
        if line["message_id"]:
            found = self.with_id(id_of(line["message_id"]))
            return [found] if found else []
        return self._by_pair.get((str(line.get("mail_from") or line.get("login")).lower(), line["rcpt"].lower()), [])


def id_of(message_id: str | None) -> str:
    """Return a Message-ID without its angle brackets."""
    return (message_id or "").strip().strip("<>")


def finding(message: MessageFact, why: str, **more: Any) -> Found:
    """Return a finding about a message."""
    return {
        "tenant": message.tenant,
        "message_id": message.message_id,
        "mailbox": message.mailbox,
        "to": message.to_address,
        "state": message.state,
        "why": why,
        **more,
    }
