"""Sends what is due: claims a lane's messages and has them delivered, until idle, out of time or told to stop.

Belongs here: the loop over mailboxes. Does not: the path of one message (workflows.deliver), the schedule of lanes
(defs/send).
"""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

import structlog
import uvloop

from outreach_pipeline.adapters.postgres.database import DatabaseUnavailableError
from outreach_pipeline.core.send.limits import LOOK_EVERY_SECONDS
from outreach_pipeline.workflows.claim import FIRST_OF_A_MAILBOX, claim
from outreach_pipeline.workflows.claimed_message import ClaimedMessage
from outreach_pipeline.workflows.deliver import Delivery, HeldError, SecretRefusedError
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.login_places import NoPlaceError
from outreach_pipeline.workflows.recover_messages import recover
from outreach_pipeline.workflows.send_ledger import LEASE_SECONDS, Answer, Ledger, brief_transaction
from outreach_pipeline.workflows.send_line import ASKS_AT, CLAIMED_AHEAD, Line
from outreach_pipeline.workflows.send_outcome import SendOutcome
from outreach_pipeline.workflows.shaping import undo

_log = structlog.get_logger(__name__)
_MOST_AT_ONCE = 64
# Where many are served somebody ends all the time: a claim for those of a moment costs hardly more than one for each.
_MANY = _MOST_AT_ONCE // 2
_END_TOGETHER_SECONDS = 0.02
_IDLE_SECONDS = 20.0
_LONGEST_SLEEP_SECONDS = 1.0
# How long what has begun may take after the window's end, and after a stop: longer than nearly all servers take. What they
# have not answered by then is unknown until it is proved.
_LAST_WAIT_SECONDS = 60.0
_STOP_SECONDS = 5.0
_RECOVER_EVERY_SECONDS = 10.0
# What waits for a narrow rate is asked for as often for so long.
_SOON_SECONDS = 2.0
# So long a run goes on without its database, and so often it asks.
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.5
# Who finds no place for a login looks again after so long, and up to so much more.
_LEAST_WAIT_SECONDS = 5.0
_WAITS_SPREAD_SECONDS = 10
T = TypeVar("T")
# A tenant's id and its mailbox's.
_MailboxKey = tuple[UUID, int]


def send_until(
    installation: Installation,
    *,
    lane: int | None = None,
    tenants: list[Tenant] | None = None,
    now: datetime | None = None,
    for_seconds: float | None = None,
    until_idle: bool = False,
    mailbox_ids: list[int] | None = None,
    kind: str | None = None,
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
        kind: only messages of this kind, or None for all.
        until_idle: return as soon as nothing is due, or nothing of it may go for 20 s; else wait for what comes due, at most
            20 s without any work.
        stop: set it to end within ten seconds: what has begun is finished, nothing new begins. A message whose server has not
            answered five seconds later is outcome_unknown; what no server was given goes back.

    Returns:
        What happened.
    """
    clock: Callable[[], datetime] = (lambda: now) if now else (lambda: datetime.now(UTC))
    started = time.monotonic()
    with _loaded_heap_at_rest(), Ledger(installation.database) as ledger:
        run = _Run(
            installation,
            lane=lane,
            tenants=tenants or installation.tenants(),
            mailbox_ids=mailbox_ids,
            kind=kind,
            clock=clock,
            has_moving_clock=now is None,
            stop=stop or threading.Event(),
            ledger=ledger,
        )
        # A quarter of what a message costs is the loop's own work, most of it where each logs in over TLS.
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run.drain(for_seconds=for_seconds, until_idle=until_idle))
    run.outcome.seconds = time.monotonic() - started
    _log.info("send_run_done", lane=lane, **run.outcome.as_metadata())
    return run.outcome


@contextmanager
def _loaded_heap_at_rest() -> Iterator[None]:
    """Leave all that is loaded out of garbage collection: to look through it again and again is a tenth of a run's work."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _Run:
    def __init__(
        self,
        installation: Installation,
        *,
        lane: int | None,
        tenants: list[Tenant],
        mailbox_ids: list[int] | None,
        kind: str | None,
        clock: Callable[[], datetime],
        has_moving_clock: bool,
        stop: threading.Event,
        ledger: Ledger,
    ) -> None:
        self._installation = installation
        self._ledger = ledger
        self._delivery = Delivery(installation, clock=clock, ledger=ledger)
        self._clock = clock
        self._stop = stop
        self._lane = lane
        self._tenants = tenants
        self._only: dict[str, Any] = {"lane": lane, "mailbox_ids": mailbox_ids, "kind": kind}
        self._wake = asyncio.Event()
        # Tenants of which the last claim took many messages of a mailbox, as the next one will.
        self._deep: set[UUID] = set()
        # By mailbox; and those whose worker has been told to stop while a claim was being made.
        self._lines: dict[_MailboxKey, Line] = {}
        self._shut: set[_MailboxKey] = set()
        self._has_moving_clock = has_moving_clock
        # Until then somebody who found no place for a login will look again.
        self._login_waits_until = 0.0
        self.outcome = self._delivery.outcome

    async def drain(self, *, for_seconds: float | None, until_idle: bool) -> None:
        tenants = await asyncio.to_thread(self._members)
        ends = time.monotonic() + for_seconds if for_seconds is not None else float("inf")
        last_work = time.monotonic()
        next_recovery = 0.0
        tasks: set[asyncio.Task[None]] = set()
        keepers = [asyncio.create_task(each.keep()) for each in (self._delivery, self._delivery.places)]
        try:
            while not self._stop.is_set() and time.monotonic() < ends:
                self._wake.clear()
                if time.monotonic() >= next_recovery:
                    await self._patiently(self._recover, tenants)
                    next_recovery = time.monotonic() + _RECOVER_EVERY_SECONDS
                if room := _MOST_AT_ONCE - len(tasks):
                    self._shut.clear()
                    await self._take_over(await self._patiently(self._claim, tenants, room, self._hungry()), tasks)
                self._ledger.senders = len(tasks)
                if tasks:
                    # Whoever ends wakes us, and then what came due meanwhile is claimed too.
                    last_work = time.monotonic()
                    await self._sleep(LOOK_EVERY_SECONDS, ends)
                    if len(tasks) > _MANY:
                        await asyncio.sleep(_END_TOGETHER_SECONDS)
                    continue
                next_due = await self._patiently(self._next_due, tenants)
                if self._is_idle(next_due, last_work, until_idle=until_idle):
                    break
                await self._sleep(self._pause(next_due, last_work), ends)
        finally:
            self.outcome.stopped = self._stop.is_set()
            await self._end(tasks)
            for keeper in keepers:
                keeper.cancel()
            await self._delivery.sessions.close()

    def _ended(self, tasks: set[asyncio.Task[None]], task: asyncio.Task[None]) -> None:
        tasks.discard(task)
        # Nobody waits for the one that has gone.
        self._ledger.senders = len(tasks)
        self._wake.set()

    async def _end(self, tasks: set[asyncio.Task[None]]) -> None:
        """Wait for what has begun, but not for ever for a silent server."""
        patience_ends = time.monotonic() + _LAST_WAIT_SECONDS
        while tasks and not self._stop.is_set() and time.monotonic() < patience_ends:
            await asyncio.wait(tasks, timeout=0.2)
        if tasks and self._stop.is_set():
            await asyncio.wait(tasks, timeout=_STOP_SECONDS)
        if tasks:
            self._delivery.cut_off()
            await asyncio.wait(tasks)

    async def _take_over(self, claimed: Sequence[ClaimedMessage], tasks: set[asyncio.Task[None]]) -> None:
        """Have each mailbox's messages delivered, by the worker that serves it already or by a new one."""
        for key, group in groupby(claimed, attrgetter("tenant_id", "mailbox_id")):
            messages = list(group)
            if key in self._shut:
                await asyncio.to_thread(self._release, messages)
            elif key in self._lines:
                self._lines[key].add(messages)
            else:
                line = self._lines[key] = Line()
                line.add(messages)
                task = asyncio.create_task(self._serve(key, line))
                tasks.add(task)
                task.add_done_callback(partial(self._ended, tasks))

    async def _serve(self, key: _MailboxKey, line: Line) -> None:
        """Deliver the claimed messages of one mailbox, one after the other; what is kept from beginning goes back."""
        try:
            written = await self._deliver_all(key, line)
        finally:
            # From here on nothing is added.
            del self._lines[key]
            self._delivery.prepared.forget(*key)
        if left := line.take_all():
            await asyncio.to_thread(self._release, left)
        if written is not None:
            # A result that cannot be written is the ledger's to tell; the message is unknown when its lease ends.
            with suppress(Exception):
                await written

    async def _deliver_all(self, key: _MailboxKey, line: Line) -> asyncio.Future[Answer] | None:
        """Deliver until nothing waits or nothing may; returns what tells when the last result is written."""
        written: asyncio.Future[Answer] | None = None
        while line.waiting and not self._stop.is_set():
            message = line.waiting.popleft()
            if len(line.waiting) == ASKS_AT:
                self._wake.set()
            # The next one need not wait for this one's result: the ledger writes it before the next begins.
            try:
                following = line.waiting[0] if line.waiting else None
                written = await self._delivery.deliver(message, following=following) or written
            except NoPlaceError as error:
                self.outcome.by_reason["login_waits"] += 1
                self._shut.add(key)
                await asyncio.to_thread(self._put_back, [message, *line.take_all()], error.seconds)
                break
            except HeldError:
                # Those that may go are claimed anew, and nobody's server is asked for the others.
                self._shut.add(key)
                break
            except SecretRefusedError as error:
                # Nobody claims them before a pause is written: until then the first is this worker's.
                self._shut.add(key)
                written = error.written
                break
            except asyncio.CancelledError:
                line.waiting.appendleft(message)
                break
        return written

    async def _patiently(self, ask: Callable[..., T], *arguments: Any) -> T:
        """Ask the database in a thread; while it is away, or two transactions stand in each other's way, ask again."""
        gives_up = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return await asyncio.to_thread(ask, *arguments)
            except DatabaseUnavailableError as error:
                if self._stop.is_set() or time.monotonic() > gives_up:
                    raise
                _log.warning("database_asked_again", problem=str(error))
                await asyncio.sleep(_PAUSE_SECONDS)

    def _is_idle(self, next_due: datetime | None, last_work: float, *, until_idle: bool) -> bool:
        has_waited = time.monotonic() - last_work > _IDLE_SECONDS
        if until_idle:
            # What is due and does not go waits for a rate or a gap, which may be hours; for a login it has been put off.
            is_due = next_due is not None and next_due <= self._clock()
            return has_waited or not (is_due or time.monotonic() < self._login_waits_until)
        patience_ends = self._clock() + timedelta(seconds=_IDLE_SECONDS)
        return (next_due is None or next_due > patience_ends) and has_waited

    def _pause(self, next_due: datetime | None, last_work: float) -> float:
        if next_due is None:
            return _LONGEST_SLEEP_SECONDS
        # The longer nothing that is due may go, the less often it is asked for.
        least = LOOK_EVERY_SECONDS + max(time.monotonic() - last_work - _SOON_SECONDS, 0) / 4
        return min(_LONGEST_SLEEP_SECONDS, max((next_due - self._clock()).total_seconds(), least))

    async def _sleep(self, seconds: float, ends: float) -> None:
        """Sleep until something ends, at most so long and at most until ``ends``."""
        seconds = min(seconds, max(ends - time.monotonic(), 0))
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            await self._delivery.sessions.close_idle()

    def _members(self) -> list[Tenant]:
        with self._installation.database.operator() as transaction:
            rows = transaction.rows("lanes")
        members = {row["tenant_id"] for row in rows if self._lane is None or row["lane"] == self._lane}
        return [each for each in self._tenants if each.id in members]

    def _recover(self, tenants: list[Tenant]) -> None:
        self._delivery.places.refresh()
        undo(self._installation.database, now=self._clock())
        for tenant in tenants:
            recovered = recover(self._installation, tenant, now=self._clock())
            self.outcome.recovered.update(recovered)

    def _hungry(self) -> dict[UUID, dict[int, list[int]]]:
        """Return whose mailboxes will soon have nothing left, if any, by tenant, with the tokens of what was claimed of them."""
        hungry: dict[UUID, dict[int, list[int]]] = defaultdict(dict)
        if any(line.wants_more for line in self._lines.values()):
            for (tenant_id, mailbox_id), line in self._lines.items():
                if line.joins:
                    hungry[tenant_id][mailbox_id] = list(line.tokens)
        return hungry

    def _claim(
        self, tenants: list[Tenant], mailboxes: int, hungry: dict[UUID, dict[int, list[int]]]
    ) -> list[ClaimedMessage]:
        """Claim for as many mailboxes, and for the hungry ones; the messages of one stand together, by when they are due."""
        claimed: list[ClaimedMessage] = []
        served: set[tuple[UUID, int]] = set()
        # Tenants are served in turn: who was first is last the next time.
        tenants.append(tenants.pop(0)) if tenants else None
        for tenant in tenants:
            share = max(1, (mailboxes - len(served)) // max(1, len(tenants)))
            if len(served) >= mailboxes:
                break
            with brief_transaction(self._installation.database, tenant.id, in_pipeline=True) as transaction:
                answer = claim(
                    transaction,
                    **self._only,
                    mailboxes=share,
                    each=CLAIMED_AHEAD,
                    own=hungry.get(tenant.id),
                    looks_deep=tenant.id in self._deep,
                    lease_seconds=LEASE_SECONDS,
                    now=self._clock(),
                )
            found = answer()
            if found:
                most = max(Counter(each.mailbox_id for each in found).values())
                (self._deep.add if most > FIRST_OF_A_MAILBOX else self._deep.discard)(tenant.id)
            claimed += found
            served = {
                (each.tenant_id, each.mailbox_id)
                for each in claimed
                if each.mailbox_id not in hungry.get(each.tenant_id, ())
            }
        return claimed

    def _release(self, messages: Sequence[ClaimedMessage]) -> None:
        # What cannot be put back now is planned again when its lease ends.
        with (
            suppress(DatabaseUnavailableError),
            brief_transaction(self._installation.database, messages[0].tenant_id) as transaction,
        ):
            transaction.run(
                "send/release", ids=[each.id for each in messages], tokens=[each.token for each in messages]
            )

    def _put_back(self, messages: Sequence[ClaimedMessage], seconds: float) -> None:
        # Spread, so that those who wait for one host do not all come back at once.
        seconds = max(seconds, _LEAST_WAIT_SECONDS) + messages[0].id % _WAITS_SPREAD_SECONDS
        if self._has_moving_clock:
            self._login_waits_until = max(self._login_waits_until, time.monotonic() + seconds + LOOK_EVERY_SECONDS)
        with (
            suppress(DatabaseUnavailableError),
            brief_transaction(self._installation.database, messages[0].tenant_id) as transaction,
        ):
            transaction.value(
                "send/put_back",
                ids=[each.id for each in messages],
                tokens=[each.token for each in messages],
                retry_at=self._clock() + timedelta(seconds=seconds),
            )

    def _next_due(self, tenants: list[Tenant]) -> datetime | None:
        due = []
        for tenant in tenants:
            with self._installation.database.tenant(tenant.id) as transaction:
                due.append(transaction.value("send/next_due", **self._only, now=self._clock()))
        return min((each for each in due if each is not None), default=None)
