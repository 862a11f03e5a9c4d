"""Says why a contact is or is not written to on a date.

Belongs here: finding the true cause and putting it into sentences. Does not: any rule (core.plan); the reason comes from
planning the kept inputs of the date again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.plan.binding import NOT_OWN_TERMS, binding, used_up
from outreach_pipeline.core.plan.calendar import EPOCH, why_not_working
from outreach_pipeline.core.plan.demand import due_days
from outreach_pipeline.core.plan.inputs import CampaignInput, PlanInputs, decode
from outreach_pipeline.core.plan.plan import Batch, Plan, plan
from outreach_pipeline.core.plan.reasons import SENTENCES, Reason
from outreach_pipeline.core.plan.summary import why_not_read
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.plan_day import decide
from outreach_pipeline.workflows.plan_inputs import Reader

Row = Mapping[str, Any]


def explain_contact(
    installation: Installation, tenant: Tenant, address: str, plan_date: date, *, now: datetime
) -> dict[str, Any]:
    """Explain why a contact is or is not written to on a date.

    A message of the date answers for itself. Else the date's plan is made again from its kept inputs, so that the answer
    is the one of that time; without a plan of the date it is made from what is known ``now``, and nothing is written.

    Returns:
        ``contact``, ``date``, ``reason`` (of the first answer), ``answers`` (``campaign``, ``step``, ``reason``,
        ``detail`` for each enrollment) and ``sentences``.

    Raises:
        UsageError: the tenant has no such contact.
    """
    with installation.database.tenant(tenant.id) as transaction:
        found = transaction.rows("plan/contact", address=address)
        if not found:
            raise UsageError(f"{tenant.slug} has no contact {address}: `outreach contacts import` brings contacts in.")
        contact = found[0]
        enrollments = transaction.rows("plan/enrollments_of_contact", contact_id=contact["id"])
        messages = transaction.rows("plan/messages_of_contact", address=address, plan_date=plan_date)
        answered = {row["enrollment_id"]: row for row in reversed(messages)}
        inputs, decided = None, None
        if any(row["id"] not in answered for row in enrollments):
            inputs, decided = _plan_of(
                installation, transaction, Reader(transaction, tenant, plan_date, now.astimezone(UTC))
            )
    answers = []
    for row in enrollments:
        if message := answered.get(row["id"]):
            reason, detail = _of_message(message, ZoneInfo(tenant.time_zone))
            step = message["step_number"]
        else:
            reason, detail = _of_plan(row, contact, plan_date, inputs=inputs, decided=decided)
            step = row["next_step"]
        answers.append({"campaign": row["campaign"], "step": step, "reason": reason, "detail": detail})
    if not answers:
        answers = [
            {"campaign": None, "step": None, "reason": "not_enrolled", "detail": "The contact is in no campaign."}
        ]
    return {
        "contact": address,
        "date": plan_date.isoformat(),
        "reason": answers[0]["reason"],
        "answers": answers,
        "sentences": [_answer_sentence(address, plan_date, answer) for answer in answers],
    }


def _plan_of(
    installation: Installation, transaction: Transaction, reader: Reader
) -> tuple[PlanInputs | None, Plan | None]:
    """Make the date's plan again: from its kept inputs, or else from what is known now; a back-filled date has none."""
    existing = transaction.rows("plan/plan_of_date", plan_date=reader.plan_date)
    if not existing:
        return decide(reader, reader.facts())
    if existing[0]["mode"] == "backfill":
        return None, None
    inputs = decode(installation.blobs.get(reader.tenant.id, existing[0]["input_sha256"]))
    return inputs, plan(inputs)


def _of_message(message: Row, zone: ZoneInfo) -> tuple[str, str]:
    """Let a message of the date answer."""
    scheduled = message["scheduled_at"].astimezone(zone)
    chance = ", chosen at random to keep estimates honest" if message["is_random"] else ""
    told = f"Step {message['step_number']} from {message['mailbox']} is {message['state']}"
    if message["state"] == "cancelled":
        why = message["reason_detail"] or message["reason"] or "no reason was kept"
        return str(message["reason"]), f"It was planned for {scheduled:%H:%M} and then cancelled: {why}."
    because = f" ({message['reason']})" if message["reason"] else ""
    return str(message["state"]), f"{told}{because}, scheduled for {scheduled:%H:%M %Z}{chance}."


def _of_plan(
    enrollment: Row, contact: Row, plan_date: date, *, inputs: PlanInputs | None, decided: Plan | None
) -> tuple[str, str]:
    """Find an enrollment's reason in the date's plan, or why it took no part in it."""
    if inputs is not None and decided is not None:
        positions = np.flatnonzero(inputs.candidates.enrollment_id == enrollment["id"])
        if len(positions):
            position = int(positions[0])
            reason = decided.reason(position)
            due = EPOCH + timedelta(days=int(due_days(inputs)[position]))
            detail = (
                _detail(reason, enrollment, contact, due)
                or _detail_of_thread(reason, enrollment, position, inputs, decided)
                or _detail_of_plan(reason, position, inputs, decided)
            )
            return str(reason), " ".join(filter(None, [SENTENCES[reason], detail]))
    ended = enrollment["stop_reason"] or enrollment["state"]
    since = f" since {enrollment['stopped_at']:%Y-%m-%d %H:%M %Z}" if enrollment["stopped_at"] else ""
    # The first that applies: (does it, code, sentence).
    causes: list[tuple[bool, str, str]] = [
        (enrollment["state"] != "active", ended, f"The enrollment is {enrollment['state']}{since}: {ended}."),
        (enrollment["campaign_state"] != "active", Reason.CAMPAIGN_PAUSED, SENTENCES[Reason.CAMPAIGN_PAUSED]),
        (
            enrollment["due_on"] > plan_date,
            Reason.NOT_DUE,
            f"Step {enrollment['next_step']} cannot come before {enrollment['due_on']}.",
        ),
        (inputs is None, "backfill", "The date was over when it was planned, so nobody was planned to be written to."),
        (
            inputs is not None and enrollment["enrolled_at"] > inputs.facts.now,
            "not_enrolled",
            f"The contact came into the campaign after {plan_date} had been planned.",
        ),
        (True, *_of_unread(enrollment, inputs, decided)),
    ]
    return next((str(code), sentence) for applies, code, sentence in causes if applies)


def _of_unread(enrollment: Row, inputs: PlanInputs | None, decided: Plan | None) -> tuple[str, str]:
    """Say why a contact was not even looked at, though its step was due."""
    if inputs is not None and decided is not None:
        for campaign in inputs.facts.campaigns:
            if campaign.id == enrollment["campaign_id"]:
                sending = {batch.mailbox_id for batch in decided.batches if _may_send(batch)}
                reason = why_not_read(campaign, sending)
                return str(reason), f"{SENTENCES[reason]} {_pool(campaign, decided)}"
    return str(Reason.NO_CAPACITY), SENTENCES[Reason.NO_CAPACITY]


def _detail_of_thread(reason: Reason, enrollment: Row, position: int, inputs: PlanInputs, decided: Plan) -> str:
    """Return what kept a follow-up from its place: it can come from the mailbox of its thread alone."""
    thread = int(inputs.candidates.thread_mailbox_id[position])
    batch = next((each for each in decided.batches if each.mailbox_id == thread), None)
    if batch is None or reason not in {Reason.NO_CAPACITY, Reason.GAP_FULL}:
        return ""
    bound = binding(batch, used_up(decided.batches))
    return (
        f"It can only come from {enrollment['mailbox']}, the mailbox of its thread, which may send {batch.capacity} that day; "
        f"{batch.already_sent} had gone out and {batch.planned} are planned. {bound.detail[:1].upper()}{bound.detail[1:]}."
    )


def _detail_of_plan(reason: Reason, position: int, inputs: PlanInputs, decided: Plan) -> str:
    """Return what stood in the plan's inputs behind a reason that lies in the mailboxes, the company, site or window."""
    facts, candidates = inputs.facts, inputs.candidates
    campaign = next(each for each in facts.campaigns if each.id == candidates.campaign_id[position])
    site, zone = candidates.word(int(candidates.site[position])), candidates.word(int(candidates.zone[position]))
    if reason in {Reason.NO_CAPACITY, Reason.FOLLOW_UPS_RESERVED, Reason.GAP_FULL, Reason.NO_MAILBOX}:
        return _pool(campaign, decided)
    if reason is Reason.SITE_WARM_UP:
        return f"Its site is {site}."
    if reason is Reason.SITE_CAP:
        return f"{site} may get {facts.policy.messages_per_day_per_site[site]} a day."
    if reason in {Reason.OUTSIDE_WINDOW, Reason.NOT_WORKING_DAY}:
        policy = facts.policies[campaign.policy]
        where = zone if zone and policy.follows_recipient_zone else facts.time_zone
        window = f"Its window is {policy.window_starts:%H:%M}-{policy.window_ends:%H:%M} in {where}."
        if reason is Reason.OUTSIDE_WINDOW:
            return window
        country = candidates.word(int(candidates.country[position])) if policy.follows_recipient_zone else None
        return f"{window} {why_not_working(policy, country, facts.plan_date)}".rstrip()
    return ""


def _may_send(batch: Batch) -> bool:
    return min(term.messages_per_day for term in batch.cap_terms if term.term not in NOT_OWN_TERMS) > 0


def _pool(campaign: CampaignInput, decided: Plan) -> str:
    """Say in a sentence what a campaign's mailboxes may send, what they have, and what binds them."""
    pool = [batch for batch in decided.batches if batch.mailbox_id in set(campaign.mailbox_ids)]
    if not pool:
        return "The campaign has no mailboxes."
    full = used_up(decided.batches)
    bound = Counter(binding(batch, full).term for batch in pool)
    told = ", ".join(f"{count} by {term}" for term, count in bound.most_common())
    return (
        f"The campaign's {len(pool)} mailboxes may send {sum(batch.capacity for batch in pool)} that day, "
        f"{sum(batch.already_sent for batch in pool)} had gone out and {sum(batch.planned for batch in pool)} are planned; "
        f"they are bound: {told}."
    )


def _detail(reason: Reason, enrollment: Row, contact: Row, due: date) -> str:
    """Return the contact's own fact behind a reason, as it is known now, or nothing."""
    suppressed = ", ".join(filter(None, [contact["suppressed_by_tenant"], contact["suppressed_by_operator"]]))
    details = {
        Reason.SUPPRESSED: f"Suppressed: {suppressed}." if suppressed else "",
        Reason.NO_LAWFUL_BASIS: f"Its lawful basis is {contact['lawful_basis'] or 'unknown'}.",
        Reason.JURISDICTION_NOT_ACCEPTED: f"Its jurisdiction is {contact['jurisdiction'] or 'unknown'}.",
        Reason.OUT_OF_OFFICE: f"Back on {contact['out_until']}.",
        Reason.NOT_DUE: f"Step {enrollment['next_step']} is due on {due}.",
        Reason.LIST_CANARY_HOLD: (
            f"The first {enrollment['canary_contacts']} go ahead, the others from {enrollment['hold_until']} on."
        ),
        Reason.LIST_PAUSED: enrollment["list_paused_reason"] or "",
        Reason.MAILBOX_UNAVAILABLE: _thread_mailbox(enrollment),
        Reason.COMPANY_CAP: f"The company is {contact['company_domain']}.",
    }
    return details.get(reason, "")


def _thread_mailbox(enrollment: Row) -> str:
    if enrollment["mailbox"] is None:
        return "The thread's mailbox is gone."
    pause = (
        f", paused: {enrollment['mailbox_paused_reason'] or 'no reason was given'}"
        if enrollment["mailbox_is_paused"]
        else ""
    )
    return f"The thread's mailbox is {enrollment['mailbox']}, {enrollment['mailbox_lifecycle']}{pause}."


def _answer_sentence(address: str, plan_date: date, answer: Row) -> str:
    where = f"{address}, {answer['campaign']}" if answer["campaign"] else address
    return f"{where}, {plan_date}: {answer['reason']}. {answer['detail']}"
