"""Sending: one run a lane that drains it, and the placement probes."""

import threading
from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.metadata import counts, table
from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.defs.stoppable import run_stoppable
from outreach_pipeline.settings import load_settings
from outreach_pipeline.workflows.send_email import send_until
from outreach_pipeline.workflows.send_outcome import SendOutcome
from outreach_pipeline.workflows.warmup_send import plan_probes

MESSAGES = dg.AssetKey(["outreach", "messages"])
SEND_LANE = "outreach/send_lane"


class SendConfig(dg.Config):
    """The lane of a run; None: every lane."""

    lane: int | None = None


@dg.op(description="Sends what is due in a lane until its window ends or nothing has been due for 20 seconds.")
def send_lane(context: dg.OpExecutionContext, config: SendConfig, platform: Platform) -> None:
    """Drain the lane; cancelling the run finishes what has begun and starts nothing more."""

    def drain(stop: threading.Event) -> SendOutcome:
        with platform.open() as installation:
            return send_until(
                installation, lane=config.lane, for_seconds=load_settings().window_minutes * 60, stop=stop
            )

    def tell(outcome: SendOutcome) -> None:
        metadata = outcome.as_metadata()
        context.log_event(
            dg.AssetMaterialization(
                MESSAGES,
                metadata={
                    "lane": config.lane if config.lane is not None else "all",
                    "by_state": counts(metadata.pop("by_state")),
                    "by_reason": counts(metadata.pop("by_reason")),
                    "recovered": counts(metadata.pop("recovered")),
                    "slowest_stages": table(
                        outcome.slowest_stages(),
                        columns={
                            "stage": "string",
                            "attempts": "int",
                            "p50_ms": "float",
                            "p95_ms": "float",
                            "longest_ms": "float",
                        },
                    ),
                    **metadata,
                },
            )
        )

    run_stoppable(drain, name="send", tell=tell)


@dg.job(name="send_email", description="One run a lane: claims, gate, SMTP, ledger.")
def send_email_job() -> None:
    """Send one lane."""
    send_lane()


@dg.op(description="Plans today's placement probes between opted-in mailboxes; off unless a policy asks for them.")
def plan_placement_probes(context: dg.OpExecutionContext, platform: Platform) -> None:
    """Plan the probes; the lanes send them."""
    with platform.open() as installation:
        by_tenant = {
            tenant.slug: plan_probes(installation, tenant, now=datetime.now(UTC)) for tenant in installation.tenants()
        }
    context.log_event(
        dg.AssetMaterialization(
            MESSAGES, metadata={"planned_probes": sum(by_tenant.values()), "by_tenant": counts(by_tenant)}
        )
    )


@dg.job(name="warmup_send", description="Placement probes: where does mail of a mailbox land?")
def warmup_send_job() -> None:
    """Plan placement probes."""
    plan_placement_probes()


@dg.op(description="Cancels what is planned or deferred past its window or date; the next plan demands it again.")
def close_past_days(context: dg.OpExecutionContext, platform: Platform) -> None:
    """Close what is over, in every tenant's own time."""
    from outreach_pipeline.workflows.due_days import close_days

    with platform.open() as installation:
        closed = close_days(installation, now=datetime.now(UTC))
    context.log_event(dg.AssetMaterialization(MESSAGES, metadata={"day_over_messages": closed}))


@dg.job(name="close_days", description="A date's end: what was not sent is cancelled and planned anew.")
def close_days_job() -> None:
    """Close past days."""
    close_past_days()
