"""Small worlds for the planner: facts and candidates by keyword."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import yaml

from outreach_pipeline.core.plan.inputs import (
    CampaignInput,
    MailboxInput,
    PlanFacts,
    PlanInputs,
    StepInput,
    make_candidates,
)
from outreach_pipeline.core.plan.plan import instant, plan
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.waterfall import waterfall

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
        time_zone: str = "Europe/Berlin",
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
                time_zone=time_zone,
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


def _blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def read_world(make_inputs: Callable[..., PlanInputs]) -> Callable[[str], tuple[PlanInputs, list[str]]]:
    """Read a page: its yaml block is a small world, its text block the plan as lines; see ``tell``."""

    def read(page: str) -> tuple[PlanInputs, list[str]]:
        (world,), (told,) = _blocks(page, "yaml"), _blocks(page, "text")
        stated = yaml.safe_load(world)
        mailboxes = [
            MailboxInput(
                id=number,
                sending_domain_id=1,
                sending_domain="acme-mail.example",
                **{name: tuple(value) if isinstance(value, list) else value for name, value in (columns or {}).items()},
            )
            for number, columns in stated["mailboxes"].items()
        ]
        ids = {each["slug"]: number for number, each in enumerate(stated["campaigns"], start=1)}
        campaigns = [
            campaign(
                ids[each["slug"]],
                tuple(each["mailboxes"]),
                steps=tuple(StepInput(number, wait, (("a", 1.0),)) for number, wait in each["steps"].items()),
                **{name: value for name, value in each.items() if name not in {"mailboxes", "steps"}},
            )
            for each in stated["campaigns"]
        ]
        people = []
        for number, columns in stated["contacts"].items():
            row = {"contact_id": number, "enrollment_id": number, **columns}
            row["campaign_id"] = ids[row.pop("campaign")]
            for name in ("due_on", "out_until"):
                if name in row:
                    row[name] = (row[name] - date(1970, 1, 1)).days
            people.append(row)
        inputs = make_inputs(
            mailboxes,
            people,
            policy=SendingPolicy.model_validate(stated["policy"]),
            campaigns=campaigns,
            plan_date=stated["date"],
            now=datetime.fromisoformat(stated["now"]),
            **stated.get("facts", {}),
        )
        return inputs, told.splitlines()

    return read


@pytest.fixture
def tell() -> Callable[[PlanInputs], list[str]]:
    """Plan a world and tell it in lines: what each mailbox may send and why, who is written to, who is not, the sum."""

    def lines(inputs: PlanInputs) -> list[str]:
        decided = plan(inputs)
        facts, candidates = inputs.facts, inputs.candidates
        slugs = {each.id: each.slug for each in facts.campaigns}
        told = [
            f"mailbox {batch.mailbox_id} may send {batch.capacity}: "
            + ", ".join(f"{term.term} {term.messages_per_day}" for term in batch.cap_terms)
            + (f"; {batch.already_sent} had gone out" if batch.already_sent else "")
            for batch in decided.batches
        ]
        for message in decided.messages:
            at = instant(message.scheduled_at).astimezone(ZoneInfo(facts.time_zone))
            position = message.position
            told.append(
                f"{at:%H:%M} mailbox {message.mailbox_id} writes to contact {candidates.contact_id[position]}, "
                f"{slugs[int(candidates.campaign_id[position])]} step {message.step_number}, "
                f"at {candidates.word(int(candidates.site[position]))}{', at random' if message.is_random else ''}"
            )
        told += [
            f"contact {candidates.contact_id[position]} is not written to: {decided.reason(position)}"
            for position in range(len(candidates))
            if decided.codes[position]
        ]
        steps = waterfall(decided.summary)
        between = "".join(f" - {step.count} {step.name}" for step in steps[1:-1])
        return [*told, f"{steps[0].count} due{between} = {steps[-1].count} planned"]

    return lines
