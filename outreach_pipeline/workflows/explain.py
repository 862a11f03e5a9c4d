"""Says why a mailbox has this many messages on a date, and why a contact is or is not written to.

Belongs here: finding the true cause and putting it into sentences. Does not: any rule (core.plan); a contact's reason comes
from planning the kept inputs of the date again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.plan.calendar import EPOCH
from outreach_pipeline.core.plan.demand import due_days
from outreach_pipeline.core.plan.inputs import PlanInputs, decode
from outreach_pipeline.core.plan.plan import Plan, plan
from outreach_pipeline.core.plan.reasons import SENTENCES, Reason
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.plan_day import decide
from outreach_pipeline.workflows.plan_inputs import Reader

Row = Mapping[str, Any]


def explain_mailbox(installation: Installation, tenant: Tenant, address: str, plan_date: date) -> dict[str, Any]:
    """Explain a mailbox's day.

    Returns:
        ``mailbox``, ``date``, ``mode``, ``capacity``, ``already_sent``, ``planned``, ``cap_terms`` (least first) and
        ``sentences``; without a plan of the date only the first two and the last.

    Raises:
        UsageError: the tenant has no such mailbox.
    """
    with installation.database.tenant(tenant.id) as transaction:
        rows = transaction.rows("plan/batch_of_mailbox", address=address, plan_date=plan_date)
    if not rows:
        raise UsageError(f"{tenant.slug} has no mailbox {address}: `outreach mailboxes list` shows them.")
    row = rows[0]
    explained: dict[str, Any] = {"mailbox": address, "date": plan_date.isoformat()}
    if row["mode"] is None:
        sentence = f"{plan_date} is not planned: `outreach plan --tenant {tenant.slug} --date {plan_date}` plans it."
        return {**explained, "sentences": [sentence]}
    explained |= {name: row[name] for name in ("mode", "capacity", "already_sent", "planned", "cap_terms")}
    return {**explained, "sentences": _mailbox_sentences(row, plan_date)}


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


def _mailbox_sentences(row: Row, plan_date: date) -> list[str]:
    terms: Sequence[Row] = row["cap_terms"]
    least, most = terms[0], terms[-1]
    instead = f" and not {most['messages_per_day']}" if most["messages_per_day"] > row["capacity"] else ""
    sentences = [f"{row['address']} may send {row['capacity']} on {plan_date}{instead}: {least['detail']}."]
    sentences += [f"The next limit would be {term['messages_per_day']}: {term['detail']}." for term in terms[1:2]]
    sentences += [f"Then {term['messages_per_day']}: {term['detail']}." for term in terms[2:]]
    if row["already_sent"]:
        sentences.append(f"{row['already_sent']} of the {row['capacity']} had gone out already, or are on their way.")
    if row["mode"] == "backfill":
        return [*sentences, "The date was over when it was planned, so nothing was planned to be sent."]
    sentences.append(f"{row['planned']} are planned.")
    empty = row["capacity"] - row["already_sent"] - row["planned"]
    if empty > 0:
        excluded = sorted((row["summary"] or {}).get("excluded", {}).items(), key=lambda pair: -pair[1])
        why = ", ".join(f"{count} {reason}" for reason, count in excluded)
        ending = f" The tenant's contacts that were not planned: {why}." if why else " No more contacts were due."
        sentences.append(f"{empty} places stay empty.{ending}")
    return sentences


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
            return str(reason), " ".join(filter(None, [SENTENCES[reason], _detail(reason, enrollment, contact, due)]))
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
        (True, Reason.NO_CAPACITY, "Others come first: with all that are due before, the mailboxes are full."),
    ]
    return next((str(code), sentence) for applies, code, sentence in causes if applies)


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
        Reason.MAILBOX_UNAVAILABLE: f"The thread's mailbox is {enrollment['mailbox']}.",
        Reason.COMPANY_CAP: f"The company is {contact['company_domain']}.",
    }
    return details.get(reason, "")


def _answer_sentence(address: str, plan_date: date, answer: Row) -> str:
    where = f"{address}, {answer['campaign']}" if answer["campaign"] else address
    return f"{where}, {plan_date}: {answer['reason']}. {answer['detail']}"
