"""Holds what servers accepted against every cap that is configured, and against what the plan set for the day.

Belongs here: counting by mailbox, sending domain, provider account, tenant, company and site. Does not: what the caps are
(the configuration) or how a plan keeps them (core.plan).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from outreach_pipeline.core.addresses import parse_address
from outreach_pipeline.core.model import MessageState
from outreach_pipeline.core.plan.warmup import allowed
from outreach_pipeline.core.watch.judge_facts import CapFact, Found, MailboxFact, MessageFact, id_of

_COUNTS = frozenset({
    MessageState.SENDING, MessageState.SENT, MessageState.OUTCOME_UNKNOWN, MessageState.PRESUMED_SENT,
})  # fmt: skip
_Scope = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class CapsHeld:
    """What became of the caps: those passed, a finding each, and how many the plan gave away to the last place, by kind."""

    passed: list[Found]
    reached: dict[str, int]


def hold_caps(
    messages: Sequence[MessageFact],
    *,
    caps: Sequence[CapFact],
    mailboxes: Sequence[MailboxFact],
    times_accepted: Mapping[str, int],
) -> CapsHeld:
    """Count each scope's sends of each date and hold them against its caps.

    What a server took counts, whatever the ledger thinks of it, and what the ledger fears to be taken counts too. A cap of a
    rolling day is held on calendar days, on which it allows no more.

    Args:
        messages: the whole ledger.
        caps: those of the plan and of the configuration; of several for one scope and date the least holds.
        mailboxes: every mailbox of the ledger; their own limits and warm-up curves are held as well.
        times_accepted: Message-ID without its brackets -> how often a server took it.
    """
    owners = {(each.tenant, each.mailbox): each for each in mailboxes}
    sends: Counter[tuple[_Scope, date]] = Counter()
    places: Counter[tuple[_Scope, date]] = Counter()
    for message in messages:
        if message.plan_date is None:
            continue
        # A row that was cancelled for a new plan shares its Message-ID with the one that was sent.
        names = {id_of(message.message_id), id_of(message.wire_message_id)} - {""}
        taken = 0 if message.state == MessageState.CANCELLED else sum(times_accepted.get(name, 0) for name in names)
        count = max(taken, int(message.state in _COUNTS))
        for scope in _scopes(message, owners):
            sends[scope, message.plan_date] += count
            # A message that a server refused took its place in the plan all the same.
            places[scope, message.plan_date] += max(count, int(message.state != MessageState.CANCELLED))
    limits: dict[_Scope, list[CapFact]] = defaultdict(list)
    for cap in caps:
        limits[cap.kind, cap.tenant, cap.subject].append(cap)
    for mailbox in mailboxes:
        for cap in _own_caps(mailbox, sends):
            limits[cap.kind, cap.tenant, cap.subject].append(cap)
    passed: list[Found] = []
    reached: Counter[str] = Counter()
    for (scope, plan_date), count in sorted(sends.items()):
        kind, tenant, subject = scope
        # A cap without a subject holds for each company.
        standing = [*limits[scope], *(limits[kind, tenant, ""] if kind == "company" else ())]
        most = min((cap.messages_per_day for cap in standing if cap.plan_date in {None, plan_date}), default=None)
        if most is None:
            continue
        if count <= most:
            reached[kind] += places[scope, plan_date] >= most
            continue
        passed.append({
            "cap": kind,
            "tenant": tenant,
            "subject": subject,
            "date": plan_date.isoformat(),
            "capacity": most,
            "sends": count,
        })  # fmt: skip
    return CapsHeld(passed, dict(sorted((+reached).items())))


def _scopes(message: MessageFact, owners: Mapping[tuple[str, str], MailboxFact]) -> Iterator[_Scope]:
    tenant = message.tenant
    yield "mailbox", tenant, message.mailbox
    yield "tenant", tenant, ""
    if owner := owners.get((tenant, message.mailbox)):
        yield "sending_domain", tenant, owner.sending_domain
        if owner.provider_account is not None:
            yield "provider_account", "", owner.provider_account
    if message.kind != "campaign":
        return
    recipient = parse_address(message.to_address)
    if not recipient.is_free_mail:
        yield "company", tenant, recipient.company_domain
    if message.recipient_site:
        yield "site", tenant, message.recipient_site


def _own_caps(mailbox: MailboxFact, sends: Mapping[tuple[_Scope, date], int]) -> Iterator[CapFact]:
    """Yield a mailbox's own limit, and what its curve allows at most: idle days and poor health only take it back."""
    yield CapFact("mailbox", mailbox.tenant, mailbox.mailbox, mailbox.messages_per_day)
    if not mailbox.curve:
        return
    scope = ("mailbox", mailbox.tenant, mailbox.mailbox)
    dates = sorted(plan_date for (each, plan_date), count in sends.items() if each == scope and count)
    for number, plan_date in enumerate(dates):
        most = allowed(mailbox.curve, mailbox.warmup_days_before + number + 1)
        yield CapFact("mailbox", mailbox.tenant, mailbox.mailbox, most, plan_date)
