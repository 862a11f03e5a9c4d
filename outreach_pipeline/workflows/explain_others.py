"""Says what else is or was written to a contact, where that keeps a message back.

Belongs here: the facts behind ``already_planned``, ``contact_busy`` and ``other_campaign``, as they are known now. Does not:
which of them applies (core.plan).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.plan.inputs import PlanFacts
from outreach_pipeline.core.plan.plan import Plan, instant
from outreach_pipeline.core.plan.reasons import Reason

Row = Mapping[str, Any]
_WENT_OUT = frozenset({"sent", "presumed_sent", "outcome_unknown", "failed"})
_SENT = frozenset({"sent", "presumed_sent", "outcome_unknown"})
_UNDER_WAY = frozenset({"planned", "deferred", "claimed", "sending", "outcome_unknown"})


class _Sequence(NamedTuple):
    """The last message of a sequence that was sent, as far as it is kept, and when; and the step that comes next."""

    last: Row | None
    last_at: datetime | None
    next_step: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Others:
    """A contact's enrollments, and the messages that went out to it, are on their way or are planned, the latest first."""

    enrollments: Sequence[Row]
    messages: Sequence[Row]

    def detail(self, reason: Reason, enrollment: Row, step: int, facts: PlanFacts, decided: Plan) -> str:
        """Return the message or sequence behind a reason, and from when the contact may be written to; '' for other reasons.

        Args:
            reason: of the enrollment in the plan.
            enrollment: the one that was not planned.
            step: the one that was not planned.
            facts: of the plan.
            decided: the plan.
        """
        zone = ZoneInfo(facts.time_zone)
        if reason is Reason.ALREADY_PLANNED:
            return self._of_step(enrollment, step, zone)
        if reason is Reason.CONTACT_BUSY:
            return self._busy(enrollment, step, facts, zone) or self._planned_beside(enrollment, decided, zone)
        if reason is Reason.OTHER_CAMPAIGN:
            return self._other_campaign(enrollment, facts, zone)
        return ""

    def _of_step(self, enrollment: Row, step: int, zone: ZoneInfo) -> str:
        for row in self.messages:
            if row["enrollment_id"] == enrollment["id"] and row["step_number"] == step:
                then = (
                    "A step is sent once."
                    if row["state"] in _WENT_OUT
                    else "If its day ends without it, the step is demanded again."
                )
                return f"{_told(row, zone)}. {then}"
        return ""

    def _busy(self, enrollment: Row, step: int, facts: PlanFacts, zone: ZoneInfo) -> str:
        for row in sorted(self.messages, key=lambda each: each["plan_date"] != facts.plan_date):
            is_of_date = row["plan_date"] == facts.plan_date
            if row["enrollment_id"] != enrollment["id"] and (row["state"] in _UNDER_WAY or is_of_date):
                days = facts.policy.days_between_campaigns
                if step == 1 and days and row["kind"] == "campaign":
                    free = (
                        f"{(row['at'] + timedelta(days=days)).astimezone(zone):%Y-%m-%d %H:%M}, {days} days after that,"
                    )
                else:
                    free = str((row["plan_date"] or row["at"].astimezone(zone).date()) + timedelta(days=1))
                return f"{_told(row, zone)}. The contact may be written to from {free} on at the earliest."
        return ""

    def _other_campaign(self, enrollment: Row, facts: PlanFacts, zone: ZoneInfo) -> str:
        days = timedelta(days=facts.policy.days_between_campaigns)
        told, free = [], []
        for other in self.enrollments:
            if other["id"] == enrollment["id"]:
                continue
            then = self._then(other, facts)
            if then.last_at is not None and then.last_at + days > facts.now:
                told.append(
                    f"{_told(then.last, zone)}."
                    if then.last
                    else f"{other['campaign']} wrote {_clock(then.last_at, zone)}."
                )
                free.append(_clock(then.last_at + days, zone))
            comes_soon = then.due_on < facts.plan_date + days
            ended_at = {"stopped": other["stopped_at"], "finished": other["last_sent_at"]}.get(other["state"])
            was_active = other["state"] == "active" or (ended_at is not None and ended_at > facts.now)
            if was_active and then.next_step > 1 and comes_soon:
                is_overdue = then.due_on < facts.plan_date
                due = f"due since {then.due_on} and not sent" if is_overdue else f"due on {then.due_on}"
                told.append(f"Step {then.next_step} of {other['campaign']} is {due}.")
                # While it waits, it can go on the date at the earliest.
                free.append(f"{max(then.due_on, facts.plan_date) + days}")
        if not told:
            return ""
        return f"{' '.join(told)} A first mail of another campaign may go from {max(free)} on at the earliest."

    def _then(self, other: Row, facts: PlanFacts) -> _Sequence:
        """Return how far another sequence was when the plan was made: what was sent since is no cause of it."""
        sent = [row for row in self.messages if row["enrollment_id"] == other["id"] and row["state"] in _SENT]
        before = next((row for row in sent if row["at"] <= facts.now), None)
        since = next((row for row in reversed(sent) if row["at"] > facts.now), None)
        noted = other["last_sent_at"]
        last_at = before["at"] if before else noted if noted is not None and noted <= facts.now else None
        if since is None:
            return _Sequence(before, last_at, other["next_step"], other["due_on"])
        due_on = before["plan_date"] + timedelta(days=since["wait_days"] or 0) if before else since["plan_date"]
        return _Sequence(before, last_at, since["step_number"], due_on)

    def _planned_beside(self, enrollment: Row, decided: Plan, zone: ZoneInfo) -> str:
        """Name the message of the same plan to the same contact, where it is not written yet."""
        campaigns = {other["id"]: other["campaign"] for other in self.enrollments if other["id"] != enrollment["id"]}
        for message in decided.messages:
            if slug := campaigns.get(message.enrollment_id):
                return (
                    f"Step {message.step_number} of {slug} is planned: {_clock(instant(message.scheduled_at), zone)}."
                )
        return ""


def others_of(transaction: Transaction, contact: Row, enrollments: Sequence[Row]) -> Others:
    """Read what else is or was written to a contact."""
    ids = [row["id"] for row in enrollments]
    rows = transaction.rows("plan/commitments_to_contact", address=contact["address"], enrollment_ids=ids)
    return Others(enrollments, rows)


def _told(row: Row, zone: ZoneInfo) -> str:
    what = f"Step {row['step_number']} of {row['campaign']}" if row["kind"] == "campaign" else f"A {row['kind']}"
    return f"{what} from {row['mailbox']} is {row['state']}: {_clock(row['at'], zone)}"


def _clock(at: Any, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
