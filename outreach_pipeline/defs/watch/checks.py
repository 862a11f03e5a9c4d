"""Promises that are held over all tenants: rates and lags, by counts alone."""

from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.metadata import table
from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.workflows.promises import PROMISES, Held, Promise, hold


def _check(promise: Promise) -> dg.AssetChecksDefinition:
    @dg.asset_check(name=promise.name, asset=dg.AssetKey(["outreach", promise.table]), description=promise.text)
    def check(platform: Platform) -> dg.AssetCheckResult:
        with platform.open() as installation:
            held = hold(installation, promise, now=datetime.now(UTC))
        return dg.AssetCheckResult(
            passed=not held.findings,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"findings": dg.MetadataValue.json(held.findings), **held.numbers, **_rates(held)},
        )

    return check


def _rates(held: Held) -> dict[str, dg.MetadataValue]:
    rows = [
        {"tenant": each.tenant, "sends": each.sends, "count": each.count, "percent": round(100 * each.ratio, 3)}
        for each in held.rates
    ]
    columns = {"tenant": "string", "sends": "int", "count": "int", "percent": "float"}
    return {"rates": table(rows, columns=columns)} if rows else {}


CHECKS = [_check(promise) for promise in PROMISES]
