"""The day's plan as an asset: one partition a date and tenant."""

import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from outreach_pipeline.workflows.installation import Installation
    from outreach_pipeline.workflows.plan_outcome import BatchRow, PlanOutcome

from outreach_pipeline.core.errors import OutreachError, UsageError
from outreach_pipeline.defs.metadata import counts, first_rows, picture, planned_against_capacity
from outreach_pipeline.defs.partitions import DATE, TENANT, plan_partitions
from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.workflows.check_plan import PLAN_CHECKS

SEND_BATCHES = dg.AssetKey(["outreach", "send_batches"])
_MOST_FINDINGS = 50
_MOST_SUMMARIES = 10

# A check speaks of one partition: without its definition Dagster would hold the check of one tenant's run against the plan of
# whichever tenant's run ended last, and show it as never evaluated.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.PreviewWarning)
    _CHECK_SPECS = [
        dg.AssetCheckSpec(
            check.name,
            asset=SEND_BATCHES,
            blocking=check.blocks,
            description=check.promise,
            partitions_def=plan_partitions,
        )
        for check in PLAN_CHECKS
    ]


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
    check_specs=_CHECK_SPECS,
    partitions_def=plan_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    name="send_batches",
)
def send_batches(context: dg.AssetExecutionContext, platform: Platform):
    """Plan every date and tenant of the run's partitions."""
    made: list[tuple[str, PlanOutcome]] = []
    keys: list[str] = []
    broken: list[str] = []
    with platform.open() as installation:
        for key in sorted(context.partition_keys):
            if not isinstance(key, dg.MultiPartitionKey):
                raise UsageError(f"The partition {key!r} is no date and tenant.")
            slug, plan_date = key.keys_by_dimension[TENANT], date.fromisoformat(key.keys_by_dimension[DATE])
            label = f"{slug} {plan_date}"
            try:
                outcome = _plan(installation, slug, plan_date)
            except OutreachError as error:
                # The other dates and tenants of a backfill are not to suffer; the run fails at its end.
                context.log.error(f"{label} has no new plan: {error}")  # noqa: TRY400  it says what, where and the cure
                broken.append(f"{label}: {error}")
                continue
            context.log.info(f"{label}: {outcome.planned} planned of {outcome.capacity} ({outcome.mode})")
            made.append((label, outcome))
            keys.append(key)
    for key, plan in zip(keys, made, strict=True):
        if broken:
            # The result below speaks of all partitions of the run. Those that have a plan are told of one by one instead, so
            # that the UI shows as missing only what is. Yielded, since what was logged is lost with the step that fails.
            yield dg.AssetMaterialization(SEND_BATCHES, partition=key, metadata=_metadata([plan]))
        if broken or len(keys) > 1:
            for result in _check_results([plan]):
                yield _evaluation(result, partition=key)
    if broken:
        raise dg.Failure(
            f"{len(broken)} of {len(context.partition_keys)} plans were not made, the others stand. "
            + " ".join(broken),
            allow_retries=False,
        )
    yield dg.MaterializeResult(
        asset_key=SEND_BATCHES, metadata=_metadata(made), check_results=list(_check_results(made))
    )


def _plan(installation: "Installation", slug: str, plan_date: date) -> "PlanOutcome":
    from outreach_pipeline.workflows.plan_day import plan_day
    from outreach_pipeline.workflows.resolve_sites import open_resolver

    (tenant,) = installation.tenants(slug)
    resolver = open_resolver(installation.settings)
    return plan_day(installation, tenant, plan_date, now=datetime.now(UTC), resolver=resolver)


def _check_results(made: "list[tuple[str, PlanOutcome]]") -> Iterator[dg.AssetCheckResult]:
    for check in PLAN_CHECKS:
        found = [
            f"{label}: {finding.detail}"
            for label, outcome in made
            for finding in outcome.findings
            if finding.check == check.name
        ]
        yield dg.AssetCheckResult(
            check_name=check.name,
            passed=not found,
            severity=dg.AssetCheckSeverity.ERROR if check.blocks else dg.AssetCheckSeverity.WARN,
            metadata={
                "findings": dg.MetadataValue.json(found[:_MOST_FINDINGS]),
                "finding_count": len(found),
            },
        )


def _evaluation(result: dg.AssetCheckResult, *, partition: str) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key=SEND_BATCHES,
        check_name=str(result.check_name),
        passed=result.passed,
        severity=result.severity,
        metadata=result.metadata,
        partition=partition,
    )


def _bound_by(outcome: "PlanOutcome", batch: "BatchRow", full: frozenset[tuple[str, str]]) -> str:
    """Return the term that binds a mailbox: of a date that was over the least, as nothing of it was to be sent."""
    from outreach_pipeline.core.plan.binding import binding, full_later

    if not batch.cap_terms:
        return ""
    if outcome.mode == "backfill":
        return batch.cap_terms[0].term
    return binding(batch, full, waiting=full_later(outcome.summary, batch.campaigns)).term


def _metadata(outcomes: "list[tuple[str, PlanOutcome]]") -> dict[str, dg.MetadataValue | int | str]:
    from outreach_pipeline.core.plan.binding import used_up
    from outreach_pipeline.core.plan.pictures import draw_day
    from outreach_pipeline.core.plan.waterfall import waterfall

    reasons: dict[str, int] = {}
    batches = [
        (label, batch, _bound_by(outcome, batch, full))
        for label, outcome in outcomes
        for full in [used_up(outcome.batches)]
        for batch in outcome.batches
    ]
    for _, outcome in outcomes:
        for reason, count in outcome.summary.get("excluded", {}).items():
            reasons[reason] = reasons.get(reason, 0) + count
    rows = [
        {
            "plan": label,
            # No address stands in metadata, which anybody who may look at runs can read.
            "mailbox_id": batch.mailbox_id,
            "sending_domain": batch.address.partition("@")[2],
            "capacity": batch.capacity,
            "already_sent": batch.already_sent,
            "planned": batch.planned,
            "bound_by": bound_by,
        }
        for label, batch, bound_by in batches
    ]
    planned = sum(outcome.planned for _, outcome in outcomes)
    named = ", ".join(label for label, _ in outcomes[:4])
    whole = {
        "demand": sum(outcome.summary.get("demand", 0) for _, outcome in outcomes),
        "planned": planned,
        "excluded": reasons,
    }
    return {
        "dagster/row_count": len(batches),
        "planned_messages": planned,
        "capacity_messages": sum(outcome.capacity for _, outcome in outcomes),
        "reasons": counts(reasons),
        "waterfall": picture(
            draw_day(waterfall(whole), _bars(outcomes), title=f"From demand to plan, {named}"),
            title="waterfall from demand to plan, by campaign and site",
        ),
        **_waterfalls(outcomes, "campaigns"),
        **_waterfalls(outcomes, "sites"),
        **first_rows(
            "mailboxes",
            rows,
            columns={
                "plan": "string", "mailbox_id": "int", "sending_domain": "string", "capacity": "int", "already_sent": "int", "planned": "int", "bound_by": "string",
            },
            rest_by="outreach explain --tenant T --mailbox M --date D",
        ),
        "planned_against_capacity": picture(
            planned_against_capacity(
                [
                    (f"{batch.mailbox_id} {batch.address.partition('@')[2]}", batch.planned, batch.capacity)
                    for _, batch, _ in batches
                ],
                title=f"Planned against capacity, {named}",
            ),
            title="planned against capacity by mailbox",
        ),
        "plans": dg.MetadataValue.json({label: outcome.summary for label, outcome in outcomes[:_MOST_SUMMARIES]}),
        **(
            {"plans_shown": f"{_MOST_SUMMARIES} of {len(outcomes)} plans; the rest by `outreach explain --date D`"}
            if len(outcomes) > _MOST_SUMMARIES
            else {}
        ),
    }  # fmt: skip


def _bars(outcomes: "list[tuple[str, PlanOutcome]]") -> "dict[str, list[tuple[str, dict[str, int]]]]":
    """Return what is drawn beside the waterfall: what the demand of each campaign and site came to."""
    return {
        kind: [
            (f"{label} {name}", {"planned": group["planned"], **group["excluded"]})
            for label, outcome in outcomes
            for name, group in outcome.summary.get(kind, {}).items()
        ]
        for kind in ("campaigns", "sites")
    }


def _waterfalls(outcomes: "list[tuple[str, PlanOutcome]]", kind: str) -> dict[str, dg.MetadataValue | str]:
    """Return demand, plan and reasons by campaign or site."""
    rows = [
        {
            "plan": label,
            "name": name,
            "demand": group["demand"],
            "planned": group["planned"],
            "not_planned": ", ".join(f"{reason} {count}" for reason, count in group["excluded"].items()),
        }
        for label, outcome in outcomes
        for name, group in outcome.summary.get(kind, {}).items()
    ]
    return first_rows(
        kind,
        rows,
        columns={"plan": "string", "name": "string", "demand": "int", "planned": "int", "not_planned": "string"},
        rest_by="outreach explain --tenant T --date D",
    )
