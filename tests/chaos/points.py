"""The fault points: before and after named functions of the send path, and of what it stands on.

Belongs here: where a fault can strike, by name, and putting it there in the process that will suffer it. Does not: what
strikes (sender), who tells it to (cells). The product knows nothing of these points: a function that is renamed makes its
point fail by name.
"""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

_EMAIL = "outreach_pipeline.workflows.send_email"
_PREPARED = "outreach_pipeline.workflows.prepared_messages"
_LEDGER = "outreach_pipeline.workflows.send_ledger"
_SESSIONS = "outreach_pipeline.workflows.smtp_sessions"
_DATABASE = "outreach_pipeline.adapters.postgres.database"
_SYNC = "outreach_pipeline.workflows.imap_reading"
_BLOBS = "outreach_pipeline.adapters.blobs"
_SESSION = "outreach_pipeline.adapters.smtp.session"
_LIBRARY = "aiosmtplib.smtp"
_PROTOCOL = "aiosmtplib.protocol"

Call = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Point:
    """One place.

    Attributes:
        name: unique, for people.
        target: ``module:function`` or ``module:Class.method``, as the caller looks it up.
        when: before or after the function's own work.
        only: the calls that count; None: all.
        is_connected: whether the struck message's SMTP connection is open there.
        in_transaction: whether a transaction of the ledger is open there.
        stops_first: whether the sender is told to stop (SIGTERM) after its first message, so that the point is reached.
        command: the command of ``outreach`` whose path it lies on.
    """

    name: str
    target: str
    when: Literal["before", "after"]
    only: Callable[[Call], bool] | None = None
    is_connected: bool = False
    in_transaction: bool = False
    stops_first: bool = False
    command: Literal["send", "sync"] = "send"


def _query(name: str) -> Callable[[Call], bool]:
    return lambda call: call[0][1] == name


def _verb(verb: bytes) -> Callable[[Call], bool]:
    return lambda call: len(call[0]) > 1 and call[0][1].startswith(verb)


def _is_due(replies: int) -> Callable[[Call], bool]:
    return lambda call: call[1]["due"] == replies


def _items(kind: str) -> Callable[[Call], bool]:
    """Tell whether a call of ``Ledger._commit`` carries items of a kind: Begin or Result."""
    return lambda call: any(type(item).__name__ == kind for item, _ in call[0][2])


def _has_results(call: Call) -> bool:
    return bool(call[0][1])


def _has_begins(call: Call) -> bool:
    return bool(call[0][2])


SEND_POINTS = (
    Point("before recover", f"{_EMAIL}:recover", "before"),
    Point("after recover", f"{_EMAIL}:recover", "after"),
    Point("before claim", f"{_EMAIL}:_Run._claim", "before"),
    Point(
        "claim decided, not written",
        f"{_DATABASE}:Transaction.ask",
        "before",
        _query("send/claim"),
        in_transaction=True,
    ),
    Point(
        "due looked at, nothing claimed",
        f"{_DATABASE}:Transaction.rows",
        "after",
        _query("send/look_at_due"),
        in_transaction=True,
    ),
    Point("claim handed over", f"{_DATABASE}:Transaction.ask", "after", _query("send/claim"), in_transaction=True),
    Point(
        "claimed rows asked for, not committed",
        f"{_DATABASE}:Transaction.ask",
        "after",
        _query("send/claimed_messages"),
        in_transaction=True,
    ),
    Point("after claim", f"{_EMAIL}:_Run._claim", "after", None),
    Point("before the look at what is due next", f"{_EMAIL}:_Run._next_due", "before"),
    Point("before a mailbox is served", f"{_EMAIL}:_Run._serve", "before"),
    Point("before compose", f"{_PREPARED}:compose", "before"),
    Point("after compose", f"{_PREPARED}:compose", "after"),
    Point("before the secret is opened", f"{_PREPARED}:account_of", "before"),
    Point("after the secret is opened", f"{_PREPARED}:account_of", "after"),
    Point("before a session is taken", f"{_SESSIONS}:SessionPool.take", "before"),
    Point("after a session is taken", f"{_SESSIONS}:SessionPool.take", "after", is_connected=True),
    Point("before connect", f"{_LIBRARY}:SMTP.connect", "before"),
    Point("after connect", f"{_LIBRARY}:SMTP.connect", "after", is_connected=True),
    Point("before TLS", f"{_LIBRARY}:SMTP.starttls", "before", is_connected=True),
    Point("after TLS", f"{_LIBRARY}:SMTP.starttls", "after", is_connected=True),
    Point("before auth", f"{_LIBRARY}:SMTP.auth_plain", "before", is_connected=True),
    Point("after auth", f"{_LIBRARY}:SMTP.auth_plain", "after", is_connected=True),
    Point("before MAIL", f"{_LIBRARY}:SMTP.execute_command", "before", _verb(b"MAIL"), is_connected=True),
    Point("after MAIL", f"{_LIBRARY}:SMTP.execute_command", "after", _verb(b"MAIL"), is_connected=True),
    Point("before RCPT", f"{_LIBRARY}:SMTP.execute_command", "before", _verb(b"RCPT"), is_connected=True),
    Point("after RCPT", f"{_LIBRARY}:SMTP.execute_command", "after", _verb(b"RCPT"), is_connected=True),
    Point("before MAIL and RCPT in one go", f"{_SESSION}:SmtpSession._address_together", "before", is_connected=True),
    Point("MAIL and RCPT sent, not answered", f"{_SESSION}:send", "after", _is_due(2), is_connected=True),
    Point("after MAIL and RCPT in one go", f"{_SESSION}:SmtpSession._address_together", "after", is_connected=True),
    Point("before begin", f"{_LEDGER}:Ledger.begin", "before", is_connected=True),
    Point("begin handed over", f"{_LEDGER}:Ledger.ask", "after", is_connected=True),
    Point("before begin's transaction", f"{_LEDGER}:Ledger._commit", "before", _items("Begin"), is_connected=True),
    Point("before begin's statement", f"{_LEDGER}:write_group", "before", _has_begins, is_connected=True),
    Point("begin written, nobody told", f"{_LEDGER}:write_group", "after", _has_begins, is_connected=True),
    Point("begin committed", f"{_LEDGER}:Ledger._commit", "after", _items("Begin"), is_connected=True),
    Point("before DATA", f"{_SESSION}:SmtpSession.transmit", "before", is_connected=True),
    Point("DATA sent", f"{_PROTOCOL}:SMTPProtocol.write", "after", _verb(b"DATA\r\n"), is_connected=True),
    Point("message sent, not answered", f"{_SESSION}:send", "after", _is_due(1), is_connected=True),
    Point("chunk made, not sent", f"{_SESSION}:as_chunk", "after", is_connected=True),
    Point("message and the next one's addresses sent, not answered", f"{_SESSION}:send", "after", _is_due(3), is_connected=True),
    Point("answered with 250", f"{_SESSION}:SmtpSession.transmit", "after", is_connected=True),
    Point("before a session is given back", f"{_SESSIONS}:SessionPool.give_back", "before", is_connected=True),
    Point("before finish is handed over", f"{_LEDGER}:Ledger.finish", "before", is_connected=True),
    Point("finish handed over", f"{_LEDGER}:Ledger.finish", "after", is_connected=True),
    Point("before finish's transaction", f"{_LEDGER}:Ledger._commit", "before", _items("Result"), is_connected=True),
    Point("before finish's statement", f"{_LEDGER}:write_group", "before", _has_results, is_connected=True),
    Point("finish written, nobody told", f"{_LEDGER}:write_group", "after", _has_results, is_connected=True),
    Point("finish committed", f"{_LEDGER}:Ledger._commit", "after", _items("Result"), is_connected=True),
    Point(
        "before the suppression of a dead address", f"{_LEDGER}:suppress", "before",
        is_connected=True, in_transaction=True,
    ),
    Point(
        "after the suppression of a dead address", f"{_LEDGER}:suppress", "after",
        is_connected=True, in_transaction=True,
    ),
    Point("before release", f"{_EMAIL}:_Run._release", "before", is_connected=True, stops_first=True),
    Point("after release", f"{_EMAIL}:_Run._release", "after", is_connected=True, stops_first=True),
    Point("before the sessions are closed", f"{_SESSIONS}:SessionPool.close", "before", is_connected=True),
    Point("before the ledger closes", f"{_LEDGER}:Ledger.__exit__", "before"),
)  # fmt: skip
SYNC_POINTS = (
    Point("before a blob is written", f"{_BLOBS}:Blobs.put", "before", command="sync"),
    Point("after a blob is written", f"{_BLOBS}:Blobs.put", "after", command="sync"),
    Point("before what came is kept", f"{_SYNC}:MailboxReading._keep", "before", command="sync"),
    Point("kept, not committed", f"{_SYNC}:MailboxReading._move_cursor", "after", in_transaction=True, command="sync"),
)
POINTS = {point.name: point for point in (*SEND_POINTS, *SYNC_POINTS)}


class Strike(Protocol):
    """What happens at a point; each call is one time that it is reached."""

    def __call__(self) -> None: ...

    def in_loop(self) -> Awaitable[None]: ...


def install(point: Point, strike: Strike) -> None:
    """Have ``strike`` called wherever the point is reached in this process.

    Raises:
        AttributeError, ModuleNotFoundError: the function does not exist any more: the point must follow the code.
    """
    owner, name, original = locate(point.target)

    def counts(*args: Any, **kwargs: Any) -> bool:
        return point.only is None or point.only((args, kwargs))

    if inspect.iscoroutinefunction(original):

        @functools.wraps(original)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            if point.when == "before" and counts(*args, **kwargs):
                await strike.in_loop()
            result = await original(*args, **kwargs)
            if point.when == "after" and counts(*args, **kwargs):
                await strike.in_loop()
            return result
    else:

        @functools.wraps(original)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if point.when == "before" and counts(*args, **kwargs):
                strike()
            result = original(*args, **kwargs)
            if point.when == "after" and counts(*args, **kwargs):
                strike()
            return result

    setattr(owner, name, wrapper)


def locate(target: str) -> tuple[Any, str, Any]:
    """Return who holds a target, under which name, and what it is; see ``install`` for the errors."""
    module, _, path = target.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, name = path.split(".")
    for each in outer:
        owner = getattr(owner, each)
    return owner, name, getattr(owner, name)
