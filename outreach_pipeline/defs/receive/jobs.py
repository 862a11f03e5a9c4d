"""Receiving: reading mailboxes by lane, processing what came, and taking in webhooks."""

import threading
from datetime import UTC, datetime

import dagster as dg

from outreach_pipeline.defs.metadata import counts, table
from outreach_pipeline.defs.resources import Platform
from outreach_pipeline.defs.runs import SINGLE
from outreach_pipeline.defs.stoppable import run_stoppable
from outreach_pipeline.workflows.bounce_process import process_inbound
from outreach_pipeline.workflows.imap_sync import sync_until
from outreach_pipeline.workflows.inbox import count_inbox
from outreach_pipeline.workflows.lanes import SyncLane, sync_lanes
from outreach_pipeline.workflows.sync_outcome import SyncOutcome
from outreach_pipeline.workflows.webhook_ingest import ingest_webhooks

INBOUND = dg.AssetKey(["outreach", "inbound_messages"])
EVENTS = dg.AssetKey(["outreach", "events"])
SYNC_LANE = "outreach/sync_lane"


class SyncConfig(dg.Config):
    """The lane of a run; None: every lane."""

    lane: int | None = None


@dg.op(
    description="Reads what is new in a lane's mailboxes until its window ends; one that fails does not stop the others."
)
def sync_lane(context: dg.OpExecutionContext, config: SyncConfig, platform: Platform) -> None:
    """Go over the lane again and again on kept connections; cancelling the run reads what has begun to its end."""

    def read(stop: threading.Event) -> tuple[SyncOutcome, list[SyncLane]]:
        with platform.open() as installation:
            seconds = installation.settings.sync_window_minutes * 60
            outcome = sync_until(installation, for_seconds=seconds, lane=config.lane, stop=stop)
            return outcome, sync_lanes(installation, now=datetime.now(UTC))

    def tell(read_and_lanes: tuple[SyncOutcome, list[SyncLane]]) -> None:
        outcome, lanes = read_and_lanes
        context.log_event(
            dg.AssetMaterialization(
                INBOUND,
                metadata={
                    "lane": config.lane if config.lane is not None else "all",
                    "passes": outcome.passes,
                    "mailboxes_read": outcome.mailboxes,
                    "mailboxes_failed": len(outcome.failures),
                    "mailboxes_without_place": outcome.no_place,
                    "logins": outcome.logins,
                    "failures": table(
                        [{"mailbox": name, "cause": cause} for name, cause in outcome.failures.items()],
                        columns={"mailbox": "string", "cause": "string"},
                    ),
                    "failures_by_cause": counts(outcome.causes),
                    "missing_folders": table(
                        [
                            {"mailbox": name, "missing": " ".join(missing)}
                            for name, missing in outcome.missing_folders.items()
                        ],
                        columns={"mailbox": "string", "missing": "string"},
                    ),
                    "new_by_folder_role": counts(outcome.new_by_role),
                    "refused_mails": outcome.refused_mails,
                    "proven_sent": outcome.proven_sent,
                    "proven_failed": outcome.proven_failed,
                    "longest_lag_seconds": max(
                        (each.lag_seconds for each in lanes if config.lane in {None, each.lane}), default=0.0
                    ),
                    "seconds": round(outcome.seconds, 2),
                },
            )
        )

    run_stoppable(read, name="sync", tell=tell)


@dg.job(name="imap_sync", description="One run a lane and window: folders, cursors, raw mail to the blobs.")
def imap_sync_job() -> None:
    """Read one lane's mailboxes."""
    sync_lane()


@dg.op(description="Classifies new mail, ties it to its message and carries out what follows.")
def process_new_mail(context: dg.OpExecutionContext, platform: Platform) -> None:
    """Process all that is new."""
    with platform.open() as installation:
        outcome = process_inbound(installation, now=datetime.now(UTC))
        waiting = count_inbox(installation)
    context.log_event(
        dg.AssetMaterialization(
            EVENTS,
            metadata={
                "processed": outcome.processed,
                "by_kind": counts(outcome.by_kind),
                "bounces_by_class": counts(outcome.by_bounce_class),
                "bounces_by_reason": counts(outcome.by_reason),
                "replies_by_intent": counts(outcome.by_intent),
                "replies_unsure": outcome.unsure,
                "tied_to_nothing": outcome.untied,
                "unreadable": outcome.unreadable,
                "paused_for_own_mail": outcome.paused,
                "model": counts(outcome.model),
                "suppressed": outcome.suppressed,
                "inbox": table(
                    waiting,
                    columns={"tenant": "string", "kind": "string", "mails": "int", "unsure": "int"},
                ),
            },
        )
    )


@dg.job(
    name="bounce_process",
    tags={SINGLE: "bounce_process"},
    description="Bounces, complaints, auto-replies and replies become events and consequences.",
)
def bounce_process_job() -> None:
    """Process new mail."""
    process_new_mail()


@dg.op(description="Turns accepted webhook deliveries into events and consequences.")
def ingest_new_webhooks(context: dg.OpExecutionContext, platform: Platform) -> None:
    """Take in all that is new."""
    with platform.open() as installation:
        outcome = ingest_webhooks(installation, now=datetime.now(UTC))
    context.log_event(
        dg.AssetMaterialization(
            EVENTS,
            metadata={
                "processed": outcome.processed,
                "refused": outcome.refused,
                "by_kind": counts(outcome.events),
                "suppressed": outcome.suppressed,
                "proven_sent": outcome.proven_sent,
            },
        )
    )


@dg.job(
    name="webhook_ingest",
    tags={SINGLE: "webhook_ingest"},
    description="Signed deliveries from providers, stored by the gateway, become events.",
)
def webhook_ingest_job() -> None:
    """Take in webhooks."""
    ingest_new_webhooks()
