"""Promises that are held over all tenants: rates and lags, by counts alone."""

from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.workflows.promises import PROMISES, Promise, hold


def _check(promise: Promise) -> dg.AssetChecksDefinition:
    @dg.asset_check(name=promise.name, asset=dg.AssetKey(["outreach", promise.table]), description=promise.text)
    def check(platform: Platform) -> dg.AssetCheckResult:
        with platform.open() as installation:
            found = hold(installation, promise, now=datetime.now(UTC))
        return dg.AssetCheckResult(
            passed=not found,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"findings": dg.MetadataValue.json(found)},
        )

    return check


CHECKS = [_check(promise) for promise in PROMISES]
