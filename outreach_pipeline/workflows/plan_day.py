"""Plans one tenant's day: reads the inputs, decides, writes batches and messages in one transaction.

Belongs here: the use case and its concurrency. Does not: the decisions (core.plan), reading rows (workflows.plan_inputs), or
who asks for a plan and when (defs.plan, cli).
"""

from __future__ import annotations

import gc
import hashlib
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic_core import to_json

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import PermanentError, TransientError, UsageError
from outreach_pipeline.core.plan.calendar import day_of_tenant, local_date
from outreach_pipeline.core.plan.capacity import CapTerm, capacities, may_send, with_what_is_todays
from outreach_pipeline.core.plan.demand import has_waited_out
from outreach_pipeline.core.plan.inputs import PlanFacts, PlanInputs, encode, make_candidates
from outreach_pipeline.core.plan.plan import Plan, instant, plan
from outreach_pipeline.core.plan.warmup import Progress
from outreach_pipeline.core.send.message_id import campaign_key, message_id
from outreach_pipeline.workflows.check_plan import WrittenPlan, check_plan, find_faults, settle
from outreach_pipeline.workflows.due_days import close_days, close_days_of
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.plan_inputs import Reader, first_limits, more_limits
from outreach_pipeline.workflows.plan_outcome import BatchRow, PlanOutcome
from outreach_pipeline.workflows.resolve_sites import MxResolver, resolve_sites
from outreach_pipeline.workflows.warmup_progress import ALL_SITES, read_progress

# A partition's date is the tenant's; east of UTC the tenant's tomorrow can be two dates ahead.
MOST_DAYS_AHEAD = 2
_ATTEMPTS = 6
_OPTIMISTIC_ATTEMPTS = 2
_PAUSE_SECONDS = 0.1
# So many earlier plans of a date are named in its summary, the first among them.
_MOST_REPLACED = 20
_ROW_COLUMNS = (
    "enrollment_id",
    "mailbox_id",
    "variant",
    "is_random",
    "scheduled_ms",
    "window_ends_ms",
    "message_id",
)


class _RolledBackError(Exception):
    """Leaves the transaction without its writes; carries the outcome, or None to try again."""

    def __init__(self, outcome: PlanOutcome | None) -> None:
        self.outcome = outcome
        super().__init__()


def plan_day(
    installation: Installation,
    tenant: Tenant,
    plan_date: date,
    *,
    now: datetime,
    dry_run: bool = False,
    resolver: MxResolver | None = None,
) -> PlanOutcome:
    """Plan a tenant's local date, after closing the tenant's past days (workflows.due_days).

    Today and later dates are planned for real: a batch for every mailbox, a message for every place that was given away;
    messages that an earlier plan of the date left ``planned`` are cancelled first, all others stay and count. With the
    same inputs and ``now`` nothing is written. The plan is checked (workflows.check_plan) in the transaction that writes
    it: nobody ever sees one that is unchecked and may be sent. A date before the tenant's today gets batches only, in mode backfill, and
    only where there are none.

    Args:
        installation: where.
        tenant: whose.
        plan_date: the tenant's local date.
        now: business time, aware.
        dry_run: decide, write nothing but the MX sites that were looked up.
        resolver: asked for MX sites that are not known or too old; None: offline, unknown domains count as their own site.

    Raises:
        UsageError: the date is too far ahead.
        TransientError: messages of the date kept changing hands while it was planned.
        PermanentError: the database took fewer messages than were decided; nothing was written.
    """
    now = now.astimezone(UTC)
    today = local_date(tenant.time_zone, now)
    if not dry_run:
        # In a transaction of its own, so that senders do not wait for the planning.
        close_days(installation, now=now, tenant=tenant)
    if plan_date < today:
        return _backfill(installation, tenant, plan_date, now=now, dry_run=dry_run)
    refuse_too_far(tenant, plan_date, now=now)
    if resolver is not None:
        resolve_for_plan(installation, tenant, plan_date, now=now, resolver=resolver)
    for attempt in range(_ATTEMPTS):
        # A sender holds a message for milliseconds: a moment later it has let go of it.
        time.sleep(attempt * _PAUSE_SECONDS)
        try:
            with _no_search_for_cycles(), installation.database.tenant(tenant.id) as transaction:
                return _plan(
                    installation,
                    transaction,
                    Reader(transaction, tenant, plan_date, now),
                    dry_run=dry_run,
                    cancel_first=attempt >= _OPTIMISTIC_ATTEMPTS,
                    may_try_again=attempt == 0,
                )
        except _RolledBackError as rolled_back:
            if (outcome := rolled_back.outcome) is not None:
                findings = () if dry_run else tuple(check_plan(installation, tenant, plan_date, now=now))
                return replace(outcome, findings=findings)
    raise TransientError(
        f"Messages of {tenant.slug} on {plan_date} were sent all the while it was planned: plan it again in a moment."
    )


def refuse_too_far(tenant: Tenant, plan_date: date, *, now: datetime) -> None:
    """Refuse a date that cannot be planned yet.

    Raises:
        UsageError: the date is too far ahead.
    """
    today = local_date(tenant.time_zone, now)
    last = today + timedelta(days=MOST_DAYS_AHEAD)
    if plan_date > last:
        raise UsageError(
            f"{plan_date} is too far ahead for {tenant.slug}, where it is {today}: plan a date up to {last}."
        )


def resolve_for_plan(
    installation: Installation, tenant: Tenant, plan_date: date, *, now: datetime, resolver: MxResolver
) -> None:
    """Look up the MX sites that a plan will need and that are not known, outside the plan's own transaction."""
    with installation.database.tenant(tenant.id) as transaction:
        reader = Reader(transaction, tenant, plan_date, now)
        facts = reader.facts()
        limits = first_limits(facts, reader.follow_ups_due(facts))
        domains = transaction.values(
            "plan/unresolved_domains",
            plan_date=plan_date,
            now=now,
            campaign_ids=list(limits),
            limits=list(limits.values()),
        )
    resolve_sites(installation, domains, now, resolver=resolver)


def decide(reader: Reader, facts: PlanFacts) -> tuple[PlanInputs, Plan]:
    """Read as many contacts as the plan needs, and decide it."""
    limits = first_limits(facts, reader.follow_ups_due(facts))
    while True:
        inputs = reader.inputs(facts, limits)
        decided = plan(inputs)
        further = more_limits(facts, limits, decided.hungry)
        if further == limits:
            return inputs, decided
        limits = further


@contextmanager
def about_to_plan(reader: Reader) -> Iterator[PlanFacts]:
    """Be where planning the date now would begin to decide; what is written for that, and inside, is taken back."""
    with reader.transaction.undone():
        close_days_of(reader.transaction, reader.tenant, now=reader.now)
        reader.note_sending_days()
        facts = reader.facts()
        _end_waiting_threads(reader, facts)
        yield facts


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Keep the garbage collector from searching a plan's hundred thousand young objects: none of them forms a cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _plan(
    installation: Installation,
    transaction: Transaction,
    reader: Reader,
    *,
    dry_run: bool,
    cancel_first: bool,
    may_try_again: bool,
) -> PlanOutcome:
    tenant, plan_date = reader.tenant, reader.plan_date
    transaction.value("plan/lock_tenant")
    transaction.value("plan/use_memory")
    if dry_run:
        close_days_of(transaction, tenant, now=reader.now)
    planned_before = transaction.value("plan/count_planned", plan_date=plan_date)
    if cancel_first:
        _cancel(transaction, plan_date, expected=planned_before)
    reader.note_sending_days()
    facts = reader.facts()
    _end_waiting_threads(reader, facts)
    inputs, decided = decide(reader, facts)
    addresses = {row["id"]: row["address"] for row in transaction.rows("plan/mailboxes")}
    campaigns: dict[int, list[str]] = defaultdict(list)
    for campaign in facts.campaigns:
        for mailbox_id in campaign.mailbox_ids:
            campaigns[mailbox_id].append(campaign.slug)
    outcome = PlanOutcome(
        mode="real",
        planned=len(decided.messages),
        capacity=decided.summary["capacity_left"]
        + sum(min(batch.already_sent, batch.capacity) for batch in decided.batches),
        summary=decided.summary,
        input_sha256="",
        batches=[
            BatchRow(
                batch.mailbox_id,
                addresses[batch.mailbox_id],
                batch.capacity,
                batch.already_sent,
                batch.planned,
                batch.cap_terms,
                campaigns[batch.mailbox_id],
            )
            for batch in decided.batches
        ],
        changed=False,
    )
    if dry_run:
        raise _RolledBackError(outcome)
    digest = installation.blobs.put(tenant.id, encode(inputs))
    existing = transaction.rows("plan/plan_of_date", plan_date=plan_date)
    outcome = replace(outcome, input_sha256=digest)
    if existing and existing[0]["mode"] == "real" and existing[0]["input_sha256"] == digest:
        raise _RolledBackError(replace(outcome, summary=existing[0]["summary"]))
    if not cancel_first:
        _cancel(transaction, plan_date, expected=planned_before)
    names = {"input_sha256": digest, "plan_sha256": hashlib.sha256(decided.to_bytes()).hexdigest()}
    outcome = replace(outcome, summary={**decided.summary, **names, "replaces": _replaced(existing)}, changed=True)
    _write(transaction, reader, inputs, decided, outcome=outcome)
    findings = find_faults(WrittenPlan(transaction, inputs.facts, outcome.summary, reader.now))
    if may_try_again and any(finding.check == "nobody_suppressed" for finding in findings):
        # Somebody opted out between the reading and now: the next attempt leaves them out.
        raise _RolledBackError(None)
    settle(transaction, plan_date, findings)
    return replace(outcome, findings=tuple(findings))


def _replaced(existing: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Name the plans of the date that a new one replaces, the latest first."""
    if not existing or existing[0]["mode"] != "real":
        return []
    before = existing[0]["summary"]
    latest = {name: before.get(name) for name in ("input_sha256", "plan_sha256")}
    earlier = [latest, *before.get("replaces", [])]
    return earlier if len(earlier) <= _MOST_REPLACED else [*earlier[: _MOST_REPLACED - 1], earlier[-1]]


def _cancel(transaction: Transaction, plan_date: date, *, expected: int) -> None:
    """Cancel what an earlier plan left planned; if a sender took a message meanwhile, nothing of this attempt stands."""
    if transaction.run("plan/cancel_planned", plan_date=plan_date) != expected:
        raise _RolledBackError(None)


def _end_waiting_threads(reader: Reader, facts: PlanFacts) -> None:
    """End, or move, the sequences whose mailbox has been out for longer than the policy lets a follow-up wait."""
    out = [mailbox.id for mailbox in facts.mailboxes if not may_send(facts, mailbox)]
    campaigns = {campaign.id: campaign for campaign in facts.campaigns if campaign.is_active}
    if not facts.tenant_is_active:
        return
    waiting = reader.transaction.rows(
        "plan/waiting_threads", plan_date=reader.plan_date, mailbox_ids=out, campaign_ids=list(campaigns)
    )
    over = [row for row in waiting if has_waited_out(facts, campaigns[row["campaign_id"]], due_on=row["due_on"])]
    for fate, query in (("ends", "plan/end_enrollments"), ("moves", "plan/move_enrollments")):
        ids = [
            row["id"] for row in over if facts.policies[campaigns[row["campaign_id"]].policy].waited_follow_up == fate
        ]
        if ids:
            reader.transaction.run(query, ids=ids, **({"now": reader.now} if fate == "ends" else {}))


def _write(
    transaction: Transaction, reader: Reader, inputs: PlanInputs, decided: Plan, *, outcome: PlanOutcome
) -> None:
    parameters = {"plan_date": reader.plan_date, "now": reader.now}
    transaction.run("plan/write_batches", rows=to_json(decided.batches).decode(), **parameters)
    transaction.run("plan/new_rows")
    transaction.copy("planned_rows", _ROW_COLUMNS, _rows(inputs, decided))
    transaction.run("plan/analyze_rows")
    written, planned = transaction.run("plan/write_messages", plan_date=reader.plan_date), len(decided.messages)
    if written != planned:
        raise PermanentError(
            f"Of the {planned} messages that {reader.tenant.slug} is to send on {reader.plan_date} the database took {written}, "
            "so nothing was planned: look for a trigger or rule on outreach.messages that is not the platform's."
        )
    transaction.run(
        "plan/write_plan", mode="real", input_sha256=outcome.input_sha256, summary=outcome.summary, **parameters
    )


def _rows(inputs: PlanInputs, decided: Plan) -> Iterator[Sequence[Any]]:
    facts = inputs.facts
    domains = {mailbox.id: mailbox.sending_domain for mailbox in facts.mailboxes}
    for message in decided.messages:
        key = campaign_key(enrollment_id=message.enrollment_id, step_number=message.step_number)
        yield (
            message.enrollment_id,
            message.mailbox_id,
            message.variant,
            message.is_random,
            message.scheduled_at,
            message.window_ends_at,
            message_id(tenant_id=facts.tenant_id, kind="campaign", key=key, domain=domains[message.mailbox_id]),
        )


def _past_batches(transaction: Transaction, facts: PlanFacts, tenant: Tenant, now: datetime) -> list[dict[str, Any]]:
    """Return the batches of a date that is over; their terms say what is not known of it."""
    ends = instant(day_of_tenant(facts.time_zone, facts.plan_date).ends)
    since = {row["id"]: row["lifecycle_since"] for row in transaction.rows("plan/mailboxes")}
    progress = read_progress(transaction)
    per_mailbox, _ = capacities(facts, None)
    rows = []
    for mailbox, each in zip(facts.mailboxes, per_mailbox, strict=True):
        last_on = progress.get((mailbox.id, ALL_SITES), Progress()).last_on
        terms = with_what_is_todays(
            each,
            mailbox,
            plan_date=facts.plan_date,
            today=local_date(tenant.time_zone, now),
            knows_lifecycle=since[mailbox.id] < ends,
            knows_curve_day=last_on is None or last_on < facts.plan_date,
        )
        row = {"mailbox_id": mailbox.id, "capacity": each.capacity, "already_sent": each.already_sent}
        rows.append({**row, "cap_terms": terms})
    return rows


def _backfill(
    installation: Installation, tenant: Tenant, plan_date: date, *, now: datetime, dry_run: bool
) -> PlanOutcome:
    """Give a past date its batches, without messages; a batch or plan that is there stays."""
    with (
        installation.database.tenant(tenant.id) as transaction,
        transaction.undone() if dry_run else nullcontext(),
    ):
        transaction.value("plan/lock_tenant")
        if dry_run:
            close_days_of(transaction, tenant, now=now)
        facts = Reader(transaction, tenant, plan_date, now).facts()
        existing = transaction.rows("plan/plan_of_date", plan_date=plan_date)
        digest = existing[0]["input_sha256"] if existing else ""
        rows = to_json(_past_batches(transaction, facts, tenant, now)).decode()
        added = transaction.run("plan/write_backfill", rows=rows, plan_date=plan_date, now=now)
        batches = [
            BatchRow(**row | {"cap_terms": tuple(CapTerm(**term) for term in row["cap_terms"])})
            for row in transaction.rows("plan/batches_of_date", plan_date=plan_date)
        ]
        if not existing and not dry_run:
            digest = installation.blobs.put(
                tenant.id, encode(PlanInputs(facts, make_candidates({"enrollment_id": []})))
            )
            transaction.run(
                "plan/write_plan", mode="backfill", input_sha256=digest, summary={}, plan_date=plan_date, now=now
            )
            settle(transaction, plan_date, [])
    return PlanOutcome(
        mode="backfill",
        planned=0,
        capacity=sum(batch.capacity for batch in batches),
        summary=existing[0]["summary"] if existing else {},
        input_sha256=digest,
        batches=batches,
        changed=not dry_run and (added > 0 or not existing),
    )
