"""Says why a contact is or is not written to on a date.

Belongs here: finding the true cause: a message of the date, or the date's plan, made again from its kept inputs. Does not:
any rule (core.plan), or the facts behind a reason (workflows.explain_reason).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.plan.calendar import EPOCH
from outreach_pipeline.core.plan.demand import due_days
from outreach_pipeline.core.plan.inputs import PlanInputs
from outreach_pipeline.core.plan.plan import Plan, plan
from outreach_pipeline.core.plan.reasons import SENTENCES, Reason
from outreach_pipeline.core.plan.unread import why_unread
from outreach_pipeline.workflows.explain_others import Others, others_of
from outreach_pipeline.workflows.explain_reason import (
    WAITS,
    detail_of_contact,
    detail_of_plan,
    detail_of_thread,
    detail_of_verification,
    held_sentence,
    later_fact,
    plan_state,
    suppressed_by,
    until_decided,
)
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.kept_plans import latest_inputs, whole_day
from outreach_pipeline.workflows.plan_day import about_to_plan, decide, refuse_too_far
from outreach_pipeline.workflows.plan_inputs import Reader

Row = Mapping[str, Any]
# Of several answers the one of these that comes first speaks for the contact.
_DECIDES = ("sent", "presumed_sent", "outcome_unknown", "sending", "claimed", "deferred", "planned", "failed")
# States of messages that do not go out while their plan is held.
_MAY_BE_HELD = frozenset({"planned", "deferred", "claimed"})
# So long after its time a message that nothing forbids is late.
_LATE = timedelta(minutes=15)
_ALL_IS_KNOWN = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Made:
    """A plan of the date, made again; what became known after ``known_until`` had no part in it."""

    inputs: PlanInputs
    decided: Plan
    known_until: datetime


class _Answer(NamedTuple):
    """Why a step of an enrollment is or is not sent on the date."""

    reason: str
    detail: str
    step: int


def explain_contact(
    installation: Installation, tenant: Tenant, address: str, plan_date: date, *, now: datetime
) -> dict[str, Any]:
    """Explain why a contact is or is not written to on a date.

    A message of the date answers for itself. Else the plan that the day began with (workflows.kept_plans) is made again from
    its kept inputs, so that the answer is the one of that time; a contact that it did not read is judged by the same rules. A
    later plan of the date that answers otherwise is told too, and stands where it took back a message that had been planned. Without a plan of the date it is made from what is known
    ``now``, and nothing is written.

    Returns:
        ``contact``, ``date``, ``state`` of the date's plan (None without one) and its ``held_reason``, ``reason`` (of the
        answer that decides: a message that was sent or is on its way, then one that is planned, else the first), ``answers`` (``campaign``, ``step``, ``reason``, ``detail`` for each enrollment) and ``sentences``.

    Raises:
        UsageError: the tenant has no such contact, or the date has no plan and is too far ahead for one.
    """
    zone = ZoneInfo(tenant.time_zone)
    with installation.database.tenant(tenant.id) as transaction:
        found = transaction.rows("plan/contact", address=address)
        if not found:
            raise UsageError(f"{tenant.slug} has no contact {address}: `outreach contacts import` brings contacts in.")
        contact = found[0]
        enrollments = transaction.rows("plan/enrollments_of_contact", contact_id=contact["id"])
        messages = transaction.rows("plan/messages_of_contact", address=address, plan_date=plan_date, now=now)
        latest = {row["enrollment_id"]: row for row in reversed(messages)}
        answered = {key: row for key, row in latest.items() if not row["is_replanned"]}
        taken_back = {key: row for key, row in latest.items() if row["is_replanned"]}
        others = others_of(transaction, contact, enrollments)
        existing = transaction.rows("plan/plan_of_date", plan_date=plan_date)
        kept: Row | None = existing[0] if existing else None
        held = held_sentence(kept, tenant, plan_date)
        is_asked = any(row["id"] not in answered for row in enrollments)
        reader = Reader(transaction, tenant, plan_date, now.astimezone(UTC))
        answers = []
        with _plans_of(installation, reader, kept, is_asked=is_asked) as plans:
            for row in enrollments:
                if message := answered.get(row["id"]):
                    answer = _of_message(message, zone, now=now)
                    also = held if message["state"] in _MAY_BE_HELD else ""
                    if answer.reason.startswith("suppressed") and (by := suppressed_by(contact)):
                        also = f"Suppressed now: {by}."
                else:
                    answer = _of_plans(reader, row, contact, plans, others)
                    also = _taken_back(taken_back[row["id"]], zone) if row["id"] in taken_back else ""
                detail = " ".join(filter(None, [answer.detail, also]))
                answers.append(
                    {"campaign": row["campaign"], "step": answer.step, "reason": answer.reason, "detail": detail}
                )
    if not answers:
        answers = [
            {"campaign": None, "step": None, "reason": "not_enrolled", "detail": "The contact is in no campaign."}
        ]
    return {
        "contact": address,
        "date": plan_date.isoformat(),
        **plan_state(kept),
        "reason": min((answer["reason"] for answer in answers), key=_weight),
        "answers": answers,
        "sentences": [_answer_sentence(address, plan_date, answer) for answer in answers],
    }


def _weight(reason: str) -> int:
    return _DECIDES.index(reason) if reason in _DECIDES else len(_DECIDES)


@contextmanager
def _plans_of(
    installation: Installation, reader: Reader, kept: Row | None, *, is_asked: bool
) -> Iterator[Sequence[_Made]]:
    """Make again the plan that the day began with and, if that is another, the one that stands.

    Without a plan it is made from what is known now, and the tables are inside as they were for it; a back-filled date has none.
    """
    if not is_asked or (kept is not None and kept["mode"] == "backfill"):
        yield []
        return
    if kept is None:
        refuse_too_far(reader.tenant, reader.plan_date, now=reader.now)
        with about_to_plan(reader) as facts:
            yield [_Made(*decide(reader, facts), known_until=_ALL_IS_KNOWN)]
        return
    digest, inputs = whole_day(installation, reader.tenant, kept, kept["summary"].get("replaces", []))
    plans = [_Made(inputs, plan(inputs), known_until=inputs.facts.now)]
    if digest != kept["input_sha256"]:
        latest = latest_inputs(installation, reader.tenant, kept)
        plans.append(_Made(latest, plan(latest), known_until=latest.facts.now))
    yield plans


def _of_plans(reader: Reader, enrollment: Row, contact: Row, plans: Sequence[_Made], others: Others) -> _Answer:
    """Let the plan that the day began with answer, or a later one that took a message back or first knew the contact."""
    if not plans:
        told = "The date was over when it was planned, so nobody was planned to be written to."
        return _Answer("backfill", told, enrollment["next_step"])
    found = [_of_plan(reader, enrollment, contact, each, others) for each in plans]
    first, last = found[0], found[-1]
    if first.reason == last.reason:
        return first
    if first.reason in {Reason.PLANNED, "not_enrolled"}:
        return last
    facts = plans[-1].inputs.facts
    again = facts.now.astimezone(ZoneInfo(facts.time_zone))
    told = f"Planned again at {again:%H:%M}, of what was left of the day: {last.reason}."
    return first._replace(detail=f"{first.detail} {told}")


def _taken_back(message: Row, zone: ZoneInfo) -> str:
    """Say what an earlier plan of the date had for a contact."""
    scheduled, again = (message[name].astimezone(zone) for name in ("scheduled_at", "state_at"))
    return (
        f"Step {message['step_number']} from {message['mailbox']} had been planned for {scheduled:%H:%M}, until the date was "
        f"planned again (at {again:%Y-%m-%d %H:%M})."
    )


def _of_message(message: Row, zone: ZoneInfo, *, now: datetime) -> _Answer:
    """Let a message of the date answer."""
    scheduled = message["scheduled_at"].astimezone(zone)
    chance = ", chosen at random to keep estimates honest" if message["is_random"] else ""
    told = f"Step {message['step_number']} from {message['mailbox']} is {message['state']}"
    if message["state"] == "cancelled":
        told = f"It was planned for {scheduled:%H:%M} and then cancelled: {_why_cancelled(message)}."
        return _Answer(str(message["reason"]), told, message["step_number"])
    because = f" ({message['reason']})" if message["reason"] else ""
    told = f"{told}{because}, scheduled for {scheduled:%H:%M} in {zone.key}{chance}."
    if message["waits_for"] in WAITS:
        told += f" Now {WAITS[message['waits_for']].format(verb='is')}."
    elif message["waits_for"] is None and message["state"] == "planned" and now - message["scheduled_at"] > _LATE:
        told += " Its time has passed: it waits for a rate, or no sender runs."
    return _Answer(str(message["state"]), told, message["step_number"])


def _why_cancelled(message: Row) -> str:
    if message["reason"] != "day_over":
        return message["reason_detail"] or message["reason"] or "no reason was kept"
    kept = message["reason_detail"]
    if kept is None:
        return "its day was over before a rate or a sender let it go (day_over)"
    if kept in WAITS:
        return f"its day was over (day_over), as {WAITS[kept].format(verb='was')}"
    return f"its day was over (day_over) after it had been put off: {kept}"


def _of_plan(reader: Reader, enrollment: Row, contact: Row, made: _Made, others: Others) -> _Answer:
    """Find an enrollment's reason in a plan, or why it took no part in it."""
    inputs, decided, facts = made.inputs, made.decided, made.inputs.facts
    positions = np.flatnonzero(inputs.candidates.enrollment_id == enrollment["id"]).tolist()
    if positions:
        reason, alone = decided.reason(positions[0]), inputs.candidates.at(positions[0])
    elif (told := _why_apart(enrollment, made)) is not None:
        return told
    else:
        planned = [message.enrollment_id for message in decided.messages]
        alone, then = reader.candidate(enrollment["id"], facts, known_until=made.known_until, planned=planned)
        if then["state"] != "active":
            return _ended(enrollment, then, int(alone.step_number[0]))
        reason = why_unread(inputs, decided, alone)
    thread_id = int(alone.thread_mailbox_id[0])
    if thread_id and thread_id != enrollment["mailbox_id"]:
        # The sequence has moved since.
        of_thread = reader.transaction.rows("plan/mailbox_of_thread", mailbox_id=thread_id)
        enrollment = {**enrollment, **next(iter(of_thread), {"mailbox": None})}
    step = int(alone.step_number[0])
    due = EPOCH + timedelta(days=int(max(due_days(PlanInputs(facts, alone))[0], alone.due_on[0])))
    detail = (
        detail_of_contact(reason, enrollment, contact, alone, facts, due=due)
        or others.detail(reason, enrollment, step, facts, decided)
        or detail_of_thread(reason, enrollment, alone, decided)
        or detail_of_verification(reason, contact, facts)
        or detail_of_plan(reason, alone, inputs, decided)
    )
    later = later_fact(enrollment, contact, made.known_until)
    return _Answer(str(reason), " ".join(filter(None, [SENTENCES[reason], detail, later])), step)


def _why_apart(enrollment: Row, made: _Made) -> _Answer | None:
    """Say why neither the contact nor its campaign could have a part in a plan; None if they could."""
    facts = made.inputs.facts
    is_known = any(campaign.id == enrollment["campaign_id"] for campaign in facts.campaigns)
    if not is_known and enrollment["campaign_state"] == "finished":
        told = "The campaign is finished: it writes to nobody any more."
        return _Answer(str(Reason.CAMPAIGN_PAUSED), told, enrollment["next_step"])
    if is_known and enrollment["enrolled_at"] <= made.known_until:
        return None
    told = f"The contact came into the campaign after {facts.plan_date} had been planned."
    return _Answer("not_enrolled", told, enrollment["next_step"])


def _ended(enrollment: Row, then: Row, step: int) -> _Answer:
    """Say that an enrollment's sequence was over, and since when; or that planning the date would end it."""
    if enrollment["state"] == "active" and then["state"] == "stopped":
        told = "Planning the date ends its sequence: the mailbox of its thread has been out for longer than a follow-up waits."
        return _Answer(str(then["stop_reason"]), told, step)
    if then["state"] == "paused":
        since = f" since {then['stopped_at'].astimezone(UTC):%Y-%m-%d %H:%M} UTC" if then["stopped_at"] else ""
        told = f"The enrollment is paused{since}: {then['stop_reason'] or 'no reason was given'}."
        return _Answer(str(Reason.ENROLLMENT_PAUSED), told, step)
    ended = then["stop_reason"] or then["state"]
    since = f" since {then['stopped_at'].astimezone(UTC):%Y-%m-%d %H:%M} UTC" if then["stopped_at"] else ""
    return _Answer(str(ended), f"The enrollment is {then['state']}{since}: {ended}.{until_decided(str(ended))}", step)


def _answer_sentence(address: str, plan_date: date, answer: Row) -> str:
    where = f"{address}, {answer['campaign']}" if answer["campaign"] else address
    return f"{where}, {plan_date}: {answer['reason']}. {answer['detail']}"
