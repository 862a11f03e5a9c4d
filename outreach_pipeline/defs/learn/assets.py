"""The rotation weights: scores of mailboxes and sites from matured sends, which tomorrow's plan reads."""

from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.learn.dbt import dbt_marts
from outreach_pipeline.defs.learn.freshness import source_freshness
from outreach_pipeline.defs.metadata import first_rows, table
from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.defs.runs import SINGLE

ROTATION_WEIGHTS = dg.AssetKey(["outreach", "rotation_weights"])


@dg.asset(
    key=ROTATION_WEIGHTS,
    deps=[dg.AssetKey(["outreach", "fct_weight_inputs"]), dg.AssetKey(["outreach", "dim_mailboxes"])],
    group_name="learn",
    kinds={"python", "pandas", "postgres"},
    owners=["team:deliverability"],
    check_specs=[
        dg.AssetCheckSpec(
            "every_mailbox_is_scored",
            asset=ROTATION_WEIGHTS,
            description="Each tenant with mailboxes has scores for all of them.",
        )
    ],
)
def rotation_weights(platform: Platform):
    """Score every mailbox, and every mailbox at every site that it has written to; then move lifecycles by the same counts."""
    from outreach_pipeline.workflows.move_lifecycles import move_lifecycles
    from outreach_pipeline.workflows.refresh_weights import refresh_weights

    now = datetime.now(UTC)
    with platform.open() as installation:
        outcome = refresh_weights(installation, now=now)
        lifecycle_moves = move_lifecycles(installation, now=now)
    moves = [
        {"tenant": each.tenant, "mailbox": move.address, "before": move.before, "after": move.after}
        for each in outcome.tenants
        for move in each.moves
    ]
    unscored = [each.tenant for each in outcome.tenants if each.mailboxes and not each.rows]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": outcome.rows,
            "changed_mailboxes": outcome.changed,
            "biggest_moves": table(
                moves, columns={"tenant": "string", "mailbox": "string", "before": "float", "after": "float"}
            ),
            **first_rows(
                "lifecycle_moves",
                [
                    {
                        "tenant": move.tenant,
                        "mailbox": move.address,
                        "from": move.before,
                        "to": move.after,
                        "rule": move.rule,
                    }
                    for move in lifecycle_moves
                ],
                columns=dict.fromkeys(("tenant", "mailbox", "from", "to", "rule"), "string"),
                rest_by="outreach mailboxes list",
            ),
            "tenants": table(
                [
                    {"tenant": each.tenant, "mailboxes": each.mailboxes, "rows": each.rows, "changed": each.changed}
                    for each in outcome.tenants
                ],
                columns={"tenant": "string", "mailboxes": "int", "rows": "int", "changed": "int"},
            ),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="every_mailbox_is_scored",
                passed=not unscored,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"tenants_without_scores": dg.MetadataValue.json(unscored)},
            )
        ],
    )


learn_job = dg.define_asset_job(
    "learn",
    selection=(dg.AssetSelection.assets(dbt_marts) | dg.AssetSelection.assets(ROTATION_WEIGHTS))
    - dg.AssetSelection.checks(source_freshness),
    tags={SINGLE: "learn"},
    description="dbt builds and tests the marts, then the weights are computed from them.",
)
learn_daily = dg.ScheduleDefinition(
    name="learn_nightly",
    job=learn_job,
    cron_schedule="15 2,14 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Twice a day, so that the weights are fresh before any tenant's plan_at.",
)
