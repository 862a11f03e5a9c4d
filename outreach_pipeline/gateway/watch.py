"""Health and metrics, for machines that watch.

Belongs here: HTTP and Prometheus' format. Does not: counting and judging (workflows.metrics, core.watch.health).
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from outreach_pipeline.adapters.postgres.database import Database
from outreach_pipeline.core.errors import OutreachError
from outreach_pipeline.core.watch.health import Health, judge_health
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.metrics import Counts, count, read_lags

_PATIENCE_SECONDS = 5.0


class HealthProbe:
    """Asks the database how long work has been waiting; one question at a time, however many ask for its answer."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._question: asyncio.Task[Health] | None = None

    async def ask(self) -> Health | None:
        """Return the health of the platform, or None if the database gives no answer in time."""
        if self._question is None or self._question.done():
            self._question = asyncio.create_task(run_in_threadpool(self._look))
        done, _ = await asyncio.wait({self._question}, timeout=_PATIENCE_SECONDS)
        return self._question.result() if done else None

    def _look(self) -> Health:
        now = datetime.now(UTC)
        return judge_health(
            read_lags(self._database, now=now), now=now, sync_every_seconds=self._settings.sync_every_seconds
        )


async def healthz(request: Request) -> Response:
    """Answer 200 if the database answers and no work lags behind, else 503 with what does."""
    problem = f"no answer within {_PATIENCE_SECONDS:g} s"
    health = None
    try:
        health = await request.app.state.health.ask()
    except OutreachError as error:
        problem = str(error)
    if health is None:
        return JSONResponse({"status": "unhealthy", "database": problem, "lags": {}}, status_code=503)
    lags: dict[str, Any] = {
        lag.kind: {
            "waiting": lag.waiting_count,
            "oldest_seconds": lag.oldest_seconds,
            "limit_seconds": lag.limit_seconds,
            "is_late": lag.is_late,
        }
        for lag in health.lags
    }
    status = "ok" if health.is_ok else "lagging"
    return JSONResponse({"status": status, "database": "ok", "lags": lags}, status_code=200 if health.is_ok else 503)


async def metrics(request: Request) -> Response:
    """Answer with counts of the database as Prometheus reads them."""
    counts = await run_in_threadpool(count, request.app.state.counts, now=datetime.now(UTC))
    return Response(generate_latest(_registry(counts)), media_type=CONTENT_TYPE_LATEST)


def _registry(counts: Counts) -> CollectorRegistry:
    registry = CollectorRegistry()

    def gauge(name: str, help_text: str, labels: list[str], values: list[tuple[tuple[str, ...], float]]) -> None:
        family = Gauge(name, help_text, labels, registry=registry)
        for label_values, value in values:
            (family.labels(*label_values) if labels else family).set(value)

    gauge(
        "outreach_messages",
        "Messages of the plans of yesterday, today and tomorrow (UTC dates), by state.",
        ["tenant", "state"],
        [((each.tenant, each.state), each.count) for each in counts.messages],
    )
    gauge(
        "outreach_events_last_day",
        "Events of the last 24 hours, by kind and bounce class.",
        ["tenant", "kind", "bounce_class"],
        [((each.tenant, each.kind, each.bounce_class), each.count) for each in counts.events],
    )
    gauge(
        "outreach_mailboxes",
        "Mailboxes by lifecycle.",
        ["tenant", "lifecycle"],
        [((each.tenant, each.lifecycle), each.count) for each in counts.mailboxes],
    )
    gauge(
        "outreach_waiting_work",
        "What waits to be processed.",
        ["tenant", "kind"],
        [((each.tenant, each.kind), each.count) for each in counts.waiting],
    )
    gauge(
        "outreach_host_failures",
        "Failures in a row of a submission server whose breaker is open or half open; none: all hosts answer.",
        ["host", "state"],
        [((each.host, each.state), each.consecutive_failures) for each in counts.breakers],
    )
    gauge(
        "outreach_due_messages",
        "Messages that are due now, by send lane.",
        ["lane"],
        [((str(each.lane),), each.count) for each in counts.lanes],
    )
    gauge(
        "outreach_work_waiting",
        "How many pieces of work of a kind are waiting; for sync: mailboxes.",
        ["kind"],
        [((each.kind,), each.waiting_count) for each in counts.lags],
    )
    gauge(
        "outreach_work_lag_seconds",
        "How long the oldest waiting work of a kind has been waiting.",
        ["kind"],
        [((each.kind,), each.oldest_seconds(counts.counted_at)) for each in counts.lags],
    )
    gauge(
        "outreach_sync_lag_seconds",
        "How long ago the mailbox of a sync lane was read that was not read for longest; failing ones are counted apart.",
        ["lane"],
        [((str(each.lane),), each.lag_seconds) for each in counts.sync_lanes],
    )
    gauge(
        "outreach_sync_failing_mailboxes",
        "Mailboxes of a sync lane that could not be read the last time.",
        ["lane"],
        [((str(each.lane),), each.failing_count) for each in counts.sync_lanes],
    )
    gauge(
        "outreach_inbound_last_week",
        "Mail that came in seven days: understood, unclassified though it answers us, unrelated.",
        ["tenant", "outcome"],
        [
            ((each.tenant, outcome), value)
            for each in counts.inbound
            for outcome, value in (
                ("understood", each.understood_count),
                ("unclassified", each.unclassified_count),
                ("unrelated", each.unrelated_count),
            )
        ],
    )
    return registry
