"""Small worlds for the planner: facts and candidates by keyword."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from outreach_pipeline.core.plan.inputs import (
    CampaignInput,
    MailboxInput,
    PlanFacts,
    PlanInputs,
    StepInput,
    make_candidates,
)
from outreach_pipeline.core.plan.policy import SendingPolicy

DATE = date(2026, 11, 24)


@pytest.fixture
def make_inputs() -> Callable[..., PlanInputs]:
    """Build inputs: ``people`` are dicts of candidate columns, completed with harmless values."""

    def make(
        mailboxes: Sequence[MailboxInput],
        people: Sequence[dict[str, Any]],
        *,
        policy: SendingPolicy,
        campaigns: Sequence[CampaignInput] | None = None,
        now: datetime = datetime(2026, 11, 24, 5, tzinfo=UTC),
        plan_date: date = DATE,
        **facts: Any,
    ) -> PlanInputs:
        ids = tuple(mailbox.id for mailbox in mailboxes)
        rows = [
            {
                "enrollment_id": number,
                "contact_id": number,
                "campaign_id": 1,
                "step_number": 1,
                "due_on": (plan_date - date(1970, 1, 1)).days,
                "company": f"company{number}",
                "site": "site",
                "zone": "",
                "country": "",
                "jurisdiction": "DE",
                "lawful_basis": "consent",
                "verification": "valid",
                **person,
            }
            for number, person in enumerate(people, start=1)
        ]
        names = {name for row in rows for name in row}
        columns: dict[str, list[Any]] = {name: [row.get(name, 0) for row in rows] for name in names}
        return PlanInputs(
            PlanFacts(
                tenant_id=UUID(int=1),
                time_zone="Europe/Berlin",
                plan_date=plan_date,
                now=now,
                mailboxes=tuple(mailboxes),
                campaigns=tuple(campaigns) if campaigns is not None else (campaign(1, ids),),
                policies={"default": policy},
                **facts,
            ),
            make_candidates(columns or {"enrollment_id": []}),
        )

    return make


def campaign(number: int, mailbox_ids: tuple[int, ...], **columns: Any) -> CampaignInput:
    values = {
        "id": number,
        "slug": f"campaign{number}",
        "mailbox_ids": mailbox_ids,
        "steps": (StepInput(1, 0, (("a", 1.0),)), StepInput(2, 2, (("a", 1.0),))),
        "accepted_lawful_bases": frozenset({"consent"}),
        "accepted_jurisdictions": frozenset({"DE"}),
    }
    return CampaignInput(**{**values, **columns})


@pytest.fixture
def make_campaign() -> Callable[..., CampaignInput]:
    """Build a campaign of two steps."""
    return campaign
