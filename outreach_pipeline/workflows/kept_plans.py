"""Finds the kept inputs of a date's plans.

Belongs here: which of them stands for the whole day. Does not: what is done with them (workflows.replay, explain_contact).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from outreach_pipeline.core.plan.inputs import PlanInputs, decode
from outreach_pipeline.workflows.installation import Installation, Tenant


def latest_inputs(installation: Installation, tenant: Tenant, kept: Mapping[str, Any]) -> PlanInputs:
    """Return the inputs of a date's plan as it stands; ``kept`` is its row with ``input_sha256``."""
    return decode(installation.blobs.get(tenant.id, kept["input_sha256"]))


def whole_day(
    installation: Installation, tenant: Tenant, kept: Mapping[str, Any], replaced: Sequence[Mapping[str, Any]]
) -> tuple[str, PlanInputs]:
    """Return hash and inputs of the plan that the day began with.

    That is the last one made before the tenant's window opened, or else the first of the date: what is planned during the
    day holds only what is left of it.

    Args:
        installation: where.
        tenant: whose.
        kept: the row of the date's plan, with ``input_sha256``.
        replaced: the plans that it replaced, the latest first, each with ``input_sha256``.
    """
    digest, inputs = kept["input_sha256"], latest_inputs(installation, tenant, kept)
    facts = inputs.facts
    opens = datetime.combine(facts.plan_date, facts.policy.window_starts, ZoneInfo(facts.time_zone))
    for each in replaced:
        if inputs.facts.now < opens:
            break
        digest, inputs = each["input_sha256"], latest_inputs(installation, tenant, each)
    return digest, inputs
