"""The day's plan as an asset: one partition a date and tenant."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from outreach_pipeline.workflows.plan_day import PlanOutcome

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.defs.metadata import counts, picture, planned_against_capacity, table
from outreach_pipeline.defs.partitions import DATE, TENANT, plan_partitions
from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.workflows.check_plan import PLAN_CHECKS

SEND_BATCHES = dg.AssetKey(["outreach", "send_batches"])


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            SEND_BATCHES,
            deps=[dg.AssetKey(["outreach", "rotation_weights"])],
            group_name="plan",
            kinds={"python", "postgres"},
            owners=["team:deliverability"],
            description=(
                "How many messages each mailbox may send on a date, to whom and when, with every term of its cap. Past "
                "dates are planned as a backfill: rows of capacity, no message."
            ),
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(check.name, asset=SEND_BATCHES, blocking=check.blocks, description=check.promise)
        for check in PLAN_CHECKS
    ],
    partitions_def=plan_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    name="send_batches",
)
def send_batches(context: dg.AssetExecutionContext, platform: Platform):
    """Plan every date and tenant of the run's partitions."""
    from outreach_pipeline.workflows.plan_day import plan_day
    from outreach_pipeline.workflows.resolve_sites import open_resolver

    with platform.open() as installation:
        outcomes = []
        failed: dict[str, list[str]] = {check.name: [] for check in PLAN_CHECKS}
        for key in sorted(context.partition_keys):
            if not isinstance(key, dg.MultiPartitionKey):
                raise UsageError(f"The partition {key!r} is no date and tenant.")
            by_dimension = key.keys_by_dimension
            tenant = installation.tenants(by_dimension[TENANT])[0]
            plan_date = date.fromisoformat(by_dimension[DATE])
            outcome = plan_day(
                installation,
                tenant,
                plan_date,
                now=datetime.now(UTC),
                resolver=open_resolver(installation.settings),
            )
            context.log.info(
                f"{tenant.slug} {plan_date}: {outcome.planned} planned of {outcome.capacity} ({outcome.mode})"
            )
            outcomes.append((f"{tenant.slug} {plan_date}", outcome))
            for finding in outcome.findings:
                failed[finding.check].append(f"{tenant.slug} {plan_date}: {finding.detail}")
    yield dg.MaterializeResult(
        asset_key=SEND_BATCHES,
        metadata=_metadata(outcomes),
        check_results=[
            dg.AssetCheckResult(
                check_name=check.name,
                passed=not failed[check.name],
                severity=dg.AssetCheckSeverity.ERROR if check.blocks else dg.AssetCheckSeverity.WARN,
                metadata={"findings": dg.MetadataValue.json(failed[check.name][:50])},
            )
            for check in PLAN_CHECKS
        ],
    )


def _metadata(outcomes: "list[tuple[str, PlanOutcome]]") -> dict[str, dg.MetadataValue | int]:
    reasons: dict[str, int] = {}
    batches = [(label, batch) for label, outcome in outcomes for batch in outcome.batches]
    for _, outcome in outcomes:
        for reason, count in outcome.summary.get("excluded", {}).items():
            reasons[reason] = reasons.get(reason, 0) + count
    rows = [
        {
            "mailbox": f"mailbox {batch.mailbox_id}",
            "capacity": batch.capacity,
            "already_sent": batch.already_sent,
            "planned": batch.planned,
            "bound_by": batch.cap_terms[0]["term"] if batch.cap_terms else "",
        }
        for _, batch in batches
    ]
    return {
        "dagster/row_count": len(batches),
        "planned_messages": sum(outcome.planned for _, outcome in outcomes),
        "capacity_messages": sum(outcome.capacity for _, outcome in outcomes),
        "reasons": counts(reasons),
        "mailboxes": table(
            rows[:500],
            columns={
                "mailbox": "string", "capacity": "int", "already_sent": "int", "planned": "int", "bound_by": "string",
            },
        ),
        "planned_against_capacity": picture(
            planned_against_capacity(
                [(f"mailbox {batch.mailbox_id}", batch.planned, batch.capacity) for _, batch in batches],
                title="Planned against capacity, " + ", ".join(label for label, _ in outcomes[:4]),
            ),
            title="planned against capacity by mailbox",
        ),
        "plans": dg.MetadataValue.json({label: outcome.summary for label, outcome in outcomes[:10]}),
    }  # fmt: skip
