"""The sender's ledger: one writer thread that commits what happens to messages in groups.

A sender waits for ``begin`` before DATA and for nothing else. The commit of ``begin`` is the moment in which a send begins;
what is written by ``finish`` is fenced by the token of the claim. If the database is away, results are kept and written when
it is back; if this process dies before, the message becomes outcome_unknown, never planned again.

Belongs here: grouping, ordering, the transaction. Does not: SMTP, or what a result should be.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import structlog
from pydantic_core import to_json

from outreach_pipeline.adapters.postgres.database import Database, DatabaseUnavailableError, Transaction
from outreach_pipeline.core.model import MessageState
from outreach_pipeline.workflows.reactions import react_to_results
from outreach_pipeline.workflows.suppress import suppress

_log = structlog.get_logger(__name__)
_MOST_IN_A_GROUP = 200
# A commit costs as much time for one as for many: it waits until all who send have asked, but not for long. For a result nobody
# waits, and the next begin takes it along.
_GATHER_SECONDS = 0.003
_GATHER_SECONDS_A_SENDER = 0.0025
_MOST_GATHER_SECONDS = 0.02
# A transaction of a sender takes milliseconds; a lease outlasts several of these.
MOST_SECONDS = 20.0
# A claim is its worker's for so long.
LEASE_SECONDS = 120.0


def brief_transaction(
    database: Database, tenant_id: UUID, *, in_pipeline: bool = False
) -> AbstractContextManager[Transaction]:
    """Open a transaction of a tenant whose locks other senders and opt-outs wait for, bounded by the server.

    A sender that is stopped in it, by a debugger or a frozen machine, must not stop all others.
    """
    return database.tenant(tenant_id, in_pipeline=in_pipeline, most_seconds=MOST_SECONDS)


@dataclass(frozen=True, slots=True)
class Begin:
    """A message that wants to begin: its claim's token, the subject it goes out with, business time.

    ``copy_sha256`` is set where we file a copy in Sent ourselves, ``copy_problem`` if its bytes could not be kept.
    """

    tenant_id: UUID
    id: int
    token: int
    subject: str
    to_address: str
    company_domain: str
    now: datetime
    copy_sha256: str | None = None
    copy_problem: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one attempt. ``state`` is sent, deferred, failed, cancelled or outcome_unknown; times are UTC.

    ``suppress_address`` is set when the address is dead. ``is_sender_error`` marks failures of the mailbox,
    ``refuses_password`` those that take the mailbox out of rotation, ``lacks_grant`` what its token source has refused: neither costs
    the message an attempt. Where ``tells_of_mailbox`` is False it is neither an error of the mailbox nor a sign that it is well.
    ``wire_message_id`` is the one that the server says it has put in the place of ours.
    ``host`` is the submission server as ``name:port``; ``proves_host`` that it answered and so does not fail.
    """

    tenant_id: UUID
    id: int
    token: int
    mailbox_id: int
    state: str
    stage: str
    outcome: str
    started_at: datetime
    finished_at: datetime
    duration_ms: float
    reason: str | None = None
    reason_detail: str | None = None
    retry_at: datetime | None = None
    unknown_until: datetime | None = None
    wire_message_id: str | None = None
    smtp_code: int | None = None
    enhanced_code: str | None = None
    reply: str = ""
    event_kind: str | None = None
    bounce_class: str | None = None
    event_reason: str | None = None
    is_sender_error: bool = False
    refuses_password: bool = False
    lacks_grant: bool = False
    suppress_address: str | None = None
    recipient_site: str = ""
    sending_domain_id: int = 0
    contact_list_id: int | None = None
    host: str = ""
    proves_host: bool = False
    tells_of_mailbox: bool = True


# What became of an item, or in how many seconds to ask again.
Answer = str | float
_Item = tuple[Begin | Result, asyncio.Future[Answer]]
# By kind, id and token: a message that was lost and claimed anew may be in one group with both of its claims.
_Answers = dict[tuple[type, int, int], Answer]


class Ledger:
    """Use as a context manager; leaving it writes all that was handed over.

    What is handed over is gathered in the event loop and reaches the writer's thread a group at a time: to wake a thread for
    each message costs more than to write it.
    """

    def __init__(self, database: Database, *, patience_seconds: float = 60) -> None:
        self._database = database
        self._patience_seconds = patience_seconds
        self._senders = 0
        self._begins: list[_Item] = []
        self._results: list[_Item] = []
        self._meanwhile: list[Callable[[], None]] = []
        self._timer: asyncio.Handle | None = None
        self._due_at = 0.0
        # Groups, and what is called as they are written; None: nothing comes any more.
        self._queue: queue.SimpleQueue[tuple[list[_Item], list[Callable[[], None]]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="ledger", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._send_group()
        self._queue.put(None)
        self._thread.join()

    @property
    def senders(self) -> int:
        """How many mailboxes are being served at once, as far as the owner says: a group waits for nobody else."""
        return self._senders

    @senders.setter
    def senders(self, count: int) -> None:
        self._senders = count
        self._send_whole()

    async def begin(self, request: Begin, *, meanwhile: Callable[[], None] | None = None) -> str:
        """Wait until the send has begun; for its turn in a rate it waits too, if that comes round soon.

        Args:
            request: who wants to begin.
            meanwhile: called in the loop while the database works, when this process has nothing else to do. Raises nothing.

        Returns:
            ``sending``, or what forbids it: ``lease_lost`` or the reason code it was cancelled or put back with.

        Raises:
            DatabaseUnavailableError: it must not go. If it began nevertheless, the end of its lease makes it unknown.
        """
        if meanwhile is not None:
            self._meanwhile.append(meanwhile)
        answer = await self.ask(request)
        if isinstance(answer, str):
            return answer
        await asyncio.sleep(answer)
        return await self.begin(request)

    def ask(self, request: Begin) -> asyncio.Future[Answer]:
        """Hand over who wants to begin; returns what gives ``begin``'s answer, or in how many seconds to ask again."""
        return self._hand_over(self._begins, request, self._gather_seconds())

    def finish(self, result: Result, *, is_awaited: bool = True) -> asyncio.Future[Answer]:
        """Hand a result over; it is written with the next group, at once if somebody awaits it.

        Returns:
            What gives ``written`` or ``fenced``.
        """
        # What others are to see at once never waits.
        can_wait = not is_awaited and result.state == MessageState.SENT
        return self._hand_over(self._results, result, _MOST_GATHER_SECONDS if can_wait else self._gather_seconds())

    def _gather_seconds(self) -> float:
        return min(max(_GATHER_SECONDS, _GATHER_SECONDS_A_SENDER * self.senders), _MOST_GATHER_SECONDS)

    def _hand_over(self, gathered: list[_Item], item: Begin | Result, waits_seconds: float) -> asyncio.Future[Answer]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        gathered.append((item, future))
        if self._timer is None or loop.time() + waits_seconds < self._due_at:
            self._cancel_timer()
            self._due_at = loop.time() + waits_seconds
            self._timer = loop.call_later(waits_seconds, self._send_group)
        self._send_whole()
        return future

    def _send_whole(self) -> None:
        """Send what nobody else is to come to."""
        whole = min(self._senders or _MOST_IN_A_GROUP, _MOST_IN_A_GROUP)
        if len(self._begins) >= whole:
            self._send_group()

    def _send_group(self) -> None:
        self._cancel_timer()
        if self._results or self._begins:
            self._queue.put((self._results + self._begins, self._meanwhile))
        self._results, self._begins, self._meanwhile = [], [], []

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _write(self) -> None:
        while (taken := self._queue.get()) is not None:
            group, meanwhile = taken
            # What was handed over while the last group was written goes with this one.
            while not self._queue.empty() and len(group) < _MOST_IN_A_GROUP:
                more = self._queue.get()
                if more is None:
                    self._queue.put(None)
                    break
                group += more[0]
                meanwhile += more[1]
            if meanwhile:
                # The loop comes to it when this thread waits for the database, and not before.
                _in_loop(group[-1][1].get_loop(), _call_all, meanwhile)
            for portion in _portions(group):
                self._commit(portion[0][0].tenant_id, portion)

    def _commit(self, tenant_id: UUID, items: list[_Item]) -> None:
        results = [item for item, _ in items if isinstance(item, Result)]
        begins = [item for item, _ in items if isinstance(item, Begin)]
        deadline = time.monotonic() + self._patience_seconds
        pause = 0.1
        while True:
            try:
                answers = self._write_group(tenant_id, results, begins)
            except DatabaseUnavailableError as error:
                # A send that has not begun must not wait: its lease runs. A result must not be lost.
                _fail(items, Begin, error)
                items = [each for each in items if isinstance(each[0], Result)]
                begins = []
                if not results or time.monotonic() > deadline:
                    if results:
                        _log.error("results_not_written", tenant_id=str(tenant_id), messages=len(results))
                    _fail(items, Result, error)
                    return
                time.sleep(pause)
                pause = min(pause * 2, 2)
            except Exception as error:  # noqa: BLE001  whatever it is belongs to the one message that caused it
                if len(items) > 1:
                    for each in sorted(items, key=lambda item: isinstance(item[0], Begin)):
                        self._commit(tenant_id, [each])
                    return
                _log.exception("ledger_write_failed", tenant_id=str(tenant_id), message=items[0][0].id)
                _fail(items, Begin | Result, error)
                return
            else:
                self._react([each for each in results if answers[Result, each.id, each.token] == "written"])
                _tell((future, answers[type(item), item.id, item.token]) for item, future in items)
                return

    def _write_group(self, tenant_id: UUID, results: Sequence[Result], begins: Sequence[Begin]) -> _Answers:
        if not any(each.suppress_address for each in results):
            with self._database.statement(tenant_id) as statement:
                return write_group(statement, results, begins)
        # Who is suppressed because of a result is so with it.
        with brief_transaction(self._database, tenant_id) as transaction:
            return write_group(transaction, results, begins)

    def _react(self, results: Sequence[Result]) -> None:
        # Before the mailbox's next message begins, and in a transaction of its own: what has happened is written already.
        try:
            react_to_results(self._database, results)
        except DatabaseUnavailableError as error:
            _log.warning("reaction_not_written", problem=str(error))
        except Exception:  # noqa: BLE001  the next refusal asks the same question again
            _log.exception("reaction_failed")


def _portions(group: Sequence[_Item]) -> Iterator[list[_Item]]:
    """Yield what is committed together: what is of one tenant, but a result that suppresses somebody by itself.

    Begins share locks on addresses that a suppression takes alone: in one transaction two processes could wait for each
    other.
    """
    by_tenant: dict[UUID, list[_Item]] = defaultdict(list)
    for each in group:
        if isinstance(each[0], Result) and each[0].suppress_address:
            yield [each]
        else:
            by_tenant[each[0].tenant_id].append(each)
    yield from by_tenant.values()


def _fail(items: Sequence[_Item], kind: Any, error: Exception) -> None:
    _tell((future, error) for item, future in items if isinstance(item, kind))


def _tell(answers: Iterable[tuple[asyncio.Future[Answer], Answer | Exception]]) -> None:
    """Wake each loop once for all its answers."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Answer], Answer | Exception]]] = defaultdict(
        list
    )
    for future, answer in answers:
        by_loop[future.get_loop()].append((future, answer))
    for loop, its in by_loop.items():
        _in_loop(loop, _settle, its)


def _in_loop(loop: asyncio.AbstractEventLoop, call: Callable[[Any], None], argument: object) -> None:
    """Call something in a loop, from another thread; one that has ended waits for nothing."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(call, argument)


def _call_all(calls: Sequence[Callable[[], None]]) -> None:
    for each in calls:
        each()


def _settle(answers: Sequence[tuple[asyncio.Future[Answer], Answer | Exception]]) -> None:
    for future, answer in answers:
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
            # Nobody has to ask for it: it is in the log.
            future.exception()
        else:
            future.set_result(answer)


def write_group(transaction: Transaction, results: Sequence[Result], begins: Sequence[Begin]) -> _Answers:
    """Write results with all that follows from them, then let begin what may.

    Args:
        transaction: of their tenant; where a result suppresses somebody, one that is open.
        results: of different claims.
        begins: of different claims, not of the results' messages.

    Returns:
        For each ``written`` or ``fenced``, ``sending`` or what forbids it, or in how many seconds to ask again.
    """
    rows = transaction.rows(
        "send/write_group",
        results=to_json(results).decode() if results else None,
        begins=to_json(begins).decode() if begins else None,
        now=max((each.now for each in begins), default=None),
    )
    answers: _Answers = {(Result, each.id, each.token): "fenced" for each in results}
    for row in rows:
        kind, answer = (Begin, _answer_of(row)) if row["is_begin"] else (Result, "written")
        answers[kind, row["id"], row["token"]] = answer
    dead = {
        each.suppress_address: each.finished_at for each in results if answers[Result, each.id, each.token] == "written"
    }
    for address in sorted(filter(None, dead)):
        suppress(transaction, scope="address", value=address, reason="bounce", origin="smtp", now=dead[address])
    return answers


def _answer_of(row: Mapping[str, Any]) -> Answer:
    if row["state"] == "lease_lost" and row["wait_seconds"] is not None:
        return float(row["wait_seconds"])
    return str(row["state"] if row["state"] == "sending" else row["reason"] or row["state"])
