"""Sends what is due: claims a lane's messages, asks the gate, talks SMTP and writes the ledger, until idle or out of time.

Belongs here: the loop and the path of one message. Does not: the meaning of replies (core.send.outcome), the SQL of the
ledger, the schedule of lanes (defs/send).
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from pydantic_core import to_json

from outreach_pipeline.adapters.postgres.database import DatabaseUnavailableError
from outreach_pipeline.adapters.smtp.session import SmtpSession
from outreach_pipeline.core.errors import (
    ConnectionLostError,
    SmtpPermanentError,
    SmtpTransientError,
)
from outreach_pipeline.core.model import EventKind, MessageState
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.send.links import LinkSigner
from outreach_pipeline.core.send.outcome import Outcome, outcome_of
from outreach_pipeline.workflows.claimed_message import ClaimedMessage, RefusedByGateError, account_of, compose
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.send_ledger import Begin, Ledger, Result
from outreach_pipeline.workflows.smtp_sessions import SessionPool

_log = structlog.get_logger(__name__)
LEASE_SECONDS = 120.0
_MOST_AT_ONCE = 64
_IDLE_SECONDS = 20.0
_LONGEST_SLEEP_SECONDS = 1.0
_RECOVER_EVERY_SECONDS = 10.0


@dataclass(slots=True)
class SendOutcome:
    """Counts of one run: outcomes by state, refusals by reason, seconds, and milliseconds of each finished attempt."""

    by_state: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[str] = field(default_factory=Counter)
    recovered: Counter[str] = field(default_factory=Counter)
    attempt_ms: list[float] = field(default_factory=list)
    seconds: float = 0.0
    stopped: bool = False

    def as_metadata(self) -> dict[str, Any]:
        """Return plain numbers: counts, rate a second, latency percentiles in milliseconds."""
        ordered = sorted(self.attempt_ms)
        percentile = {
            f"attempt_p{share}_ms": round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 1)
            for share in (50, 95, 99)
            if ordered
        }
        rate = sum(self.by_state.values()) / self.seconds if self.seconds else 0.0
        return {
            "by_state": dict(self.by_state),
            "by_reason": dict(self.by_reason),
            "recovered": dict(self.recovered),
            "seconds": round(self.seconds, 2),
            "messages_per_second": round(rate, 2),
            "stopped": self.stopped,
            **percentile,
        }


def send_until(
    installation: Installation,
    *,
    lane: int | None = None,
    tenants: list[Tenant] | None = None,
    now: datetime | None = None,
    for_seconds: float | None = None,
    until_idle: bool = False,
    mailbox_ids: list[int] | None = None,
    stop: threading.Event | None = None,
) -> SendOutcome:
    """Send due messages in this process.

    Args:
        installation: the installation.
        lane: one lane, or None for all.
        tenants: these, or None for all that have mailboxes in the lane.
        now: business time that stands still, aware UTC; None: the clock.
        for_seconds: how long at most; None: no bound.
        mailbox_ids: only these, or None for all.
        until_idle: return as soon as nothing is due; else wait for what comes due, at most 20 s without any work.
        stop: set it to end: what has begun is finished, nothing new begins.

    Returns:
        What happened.
    """
    clock: Callable[[], datetime] = (lambda: now) if now else (lambda: datetime.now(UTC))
    run = _Run(
        installation,
        lane=lane,
        tenants=tenants or installation.tenants(),
        mailbox_ids=mailbox_ids,
        clock=clock,
        stop=stop or threading.Event(),
    )
    started = time.monotonic()
    with Ledger(installation.database) as ledger:
        asyncio.run(run.drain(ledger, for_seconds=for_seconds, until_idle=until_idle))
    run.outcome.seconds = time.monotonic() - started
    _log.info("send_run_done", lane=lane, **run.outcome.as_metadata())
    return run.outcome


class _Run:
    def __init__(
        self,
        installation: Installation,
        *,
        lane: int | None,
        tenants: list[Tenant],
        mailbox_ids: list[int] | None,
        clock: Callable[[], datetime],
        stop: threading.Event,
    ) -> None:
        self._installation = installation
        self._clock = clock
        self._stop = stop
        self._signer = LinkSigner(installation.vault.signing_key("unsubscribe"))
        self._lane = lane
        self._tenants = tenants
        self._mailbox_ids = mailbox_ids
        self._sessions = SessionPool()
        self._wake = asyncio.Event()
        self.outcome = SendOutcome()

    async def drain(self, ledger: Ledger, *, for_seconds: float | None, until_idle: bool) -> None:
        lanes, tenants = await asyncio.to_thread(self._members)
        ends = time.monotonic() + for_seconds if for_seconds is not None else float("inf")
        last_work = time.monotonic()
        next_recovery = 0.0
        tasks: set[asyncio.Task[None]] = set()
        try:
            while not self._stop.is_set() and time.monotonic() < ends:
                self._wake.clear()
                if time.monotonic() >= next_recovery:
                    await asyncio.to_thread(self._recover, tenants)
                    next_recovery = time.monotonic() + _RECOVER_EVERY_SECONDS
                room = _MOST_AT_ONCE - len(tasks)
                claimed = await asyncio.to_thread(self._claim, lanes, tenants, room) if room else []
                for message in claimed:
                    task = asyncio.create_task(self._deliver(ledger, message))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                    task.add_done_callback(lambda _: self._wake.set())
                if claimed or tasks:
                    last_work = time.monotonic()
                if claimed:
                    await asyncio.sleep(0)
                    continue
                next_due = await asyncio.to_thread(self._next_due, tenants)
                if not tasks and self._is_idle(next_due, last_work, until_idle=until_idle):
                    break
                await self._sleep(next_due, ends)
        finally:
            self.outcome.stopped = self._stop.is_set()
            if tasks:
                await asyncio.wait(tasks)
            await self._sessions.close()

    def _is_idle(self, next_due: datetime | None, last_work: float, *, until_idle: bool) -> bool:
        if until_idle:
            return next_due is None or next_due > self._clock()
        patience_ends = self._clock() + timedelta(seconds=_IDLE_SECONDS)
        return (next_due is None or next_due > patience_ends) and time.monotonic() - last_work > _IDLE_SECONDS

    async def _sleep(self, next_due: datetime | None, ends: float) -> None:
        seconds = _LONGEST_SLEEP_SECONDS
        if next_due is not None:
            seconds = min(seconds, max((next_due - self._clock()).total_seconds(), 0.05))
        seconds = min(seconds, max(ends - time.monotonic(), 0))
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            await self._sessions.close_idle()

    def _members(self) -> tuple[list[int], list[Tenant]]:
        with self._installation.database.operator() as transaction:
            rows = transaction.rows("lanes")
        rows = [row for row in rows if self._lane is None or row["lane"] == self._lane]
        members = {row["tenant_id"] for row in rows}
        return sorted({row["lane"] for row in rows}), [each for each in self._tenants if each.id in members]

    def _recover(self, tenants: list[Tenant]) -> None:
        for tenant in tenants:
            recovered = recover(self._installation, tenant, now=self._clock())
            self.outcome.recovered.update(recovered)

    def _claim(self, lanes: list[int], tenants: list[Tenant], most: int) -> list[ClaimedMessage]:
        claimed: list[ClaimedMessage] = []
        # Tenants are served in turn: who was first is last the next time.
        tenants.append(tenants.pop(0)) if tenants else None
        for tenant in tenants:
            share = max(1, (most - len(claimed)) // max(1, len(tenants)))
            if len(claimed) >= most:
                break
            with self._installation.database.tenant(tenant.id) as transaction:
                ids = [
                    row["message_id"]
                    for lane in lanes
                    for row in transaction.rows(
                        "send/claim",
                        lane=lane,
                        mailbox_ids=self._mailbox_ids,
                        most=share,
                        lease_seconds=LEASE_SECONDS,
                        now=self._clock(),
                    )
                ]
                if ids:
                    claimed += transaction.all("send/claimed_messages", ClaimedMessage, ids=ids)
        return claimed

    def _next_due(self, tenants: list[Tenant]) -> datetime | None:
        due = []
        for tenant in tenants:
            with self._installation.database.tenant(tenant.id) as transaction:
                due.append(
                    transaction.value(
                        "send/next_due", lane=self._lane, mailbox_ids=self._mailbox_ids, now=self._clock()
                    )
                )
        return min((each for each in due if each is not None), default=None)

    async def _deliver(self, ledger: Ledger, message: ClaimedMessage) -> None:
        started_at = datetime.now(UTC)
        started = time.perf_counter()
        outcome: Outcome | None
        try:
            outcome = await self._attempt(ledger, message)
        except DatabaseUnavailableError as error:
            _log.warning("send_not_begun", message=message.id, problem=str(error))
            return
        except Exception:  # noqa: BLE001  one broken message must not end the run
            # The claim's lease ends by itself: the message is planned again, or unknown if it had begun.
            _log.exception("send_attempt_broke", message=message.id)
            self.outcome.by_state["broken"] += 1
            return
        if outcome is None:
            return
        duration_ms = (time.perf_counter() - started) * 1000
        self.outcome.by_state[str(outcome.state)] += 1
        if outcome.reason:
            self.outcome.by_reason[outcome.reason] += 1
        self.outcome.attempt_ms.append(duration_ms)
        written = ledger.finish(
            Result(
                tenant_id=message.tenant_id,
                id=message.id,
                token=message.token,
                state=str(outcome.state),
                stage=outcome.stage,
                outcome=str(outcome.event or outcome.state),
                started_at=started_at,
                finished_at=self._clock(),
                duration_ms=round(duration_ms, 1),
                reason=outcome.reason,
                reason_detail=outcome.text[:500] or None,
                retry_at=outcome.retry_at,
                unknown_until=outcome.unknown_until,
                smtp_code=outcome.code,
                enhanced_code=outcome.enhanced_code,
                reply=outcome.text[:2000],
                event_kind=str(outcome.event) if outcome.event else None,
                bounce_class=outcome.bounce_class,
                event_reason=outcome.reason if outcome.event in {EventKind.BOUNCED, EventKind.DEFERRED} else None,
                is_sender_error=outcome.is_sender_error,
                suppress_address=message.to_address if outcome.address_is_dead else None,
            )
        )
        # A result that cannot be written is the ledger's to tell; the message is unknown when its lease ends.
        with suppress(Exception):
            await asyncio.wrap_future(written)

    async def _attempt(self, ledger: Ledger, message: ClaimedMessage) -> Outcome | None:
        """Try once. None means that the database forbade the start and has noted why."""
        policy = _policy(to_json(message.policy).decode())
        try:
            content, subject = compose(message, signer=self._signer, now=self._clock())
            account = account_of(message, self._installation.vault)
        except RefusedByGateError as error:
            return Outcome(state=MessageState.CANCELLED, stage="gate", reason=error.reason, text=error.text)
        session: SmtpSession | None = None
        try:
            session = await self._sessions.take(message.tenant_id, message.mailbox_id, account)
            await session.address(message.from_address, message.to_address)
            answer = await ledger.begin(
                Begin(
                    tenant_id=message.tenant_id,
                    id=message.id,
                    token=message.token,
                    subject=subject,
                    to_address=message.to_address,
                    company_domain=message.company_domain,
                    now=self._clock(),
                )
            )
            if answer != "sending":
                self.outcome.by_reason[answer] += 1
                await session.reset()
                return None
            reply = await session.transmit(content)
        except (SmtpTransientError, SmtpPermanentError, ConnectionLostError) as error:
            if session is not None and isinstance(error, ConnectionLostError):
                # A late reply must not be taken for that of another message's command.
                session.abandon()
            elif session is not None:
                await session.reset()
            return outcome_of(
                error, policy=policy, attempt=message.attempt, now=self._clock(), message_number=message.id
            )
        except BaseException:
            # Nobody knows what this connection has been told.
            if session is not None:
                session.abandon()
            raise
        finally:
            if session is not None:
                self._sessions.give_back(message.tenant_id, message.mailbox_id, session)
        return Outcome(
            state=MessageState.SENT,
            stage="done",
            code=reply.code,
            enhanced_code=reply.enhanced_code,
            text=reply.text,
            event=EventKind.SENT,
        )


@lru_cache(maxsize=1024)
def _policy(document: str) -> SendingPolicy:
    return SendingPolicy.model_validate_json(document)


def recover(installation: Installation, tenant: Tenant, *, now: datetime) -> Counter[str]:
    """Settle what a worker that died left behind and what time alone decides, for one tenant; idempotent.

    Returns:
        How many messages went to which state: planned, outcome_unknown, presumed_sent.
    """
    with installation.database.tenant(tenant.id) as transaction:
        rows = transaction.rows("send/recover", now=now)
        presumed = [row["id"] for row in rows if row["state"] == "presumed_sent"]
        if presumed:
            transaction.run("send/advance_enrollments", ids=presumed)
    return Counter(row["state"] for row in rows)
