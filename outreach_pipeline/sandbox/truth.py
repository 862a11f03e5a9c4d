"""The truth log and the mail files: what really happened, on disk before anybody is told.

Belongs here: appending with group commit, reading back, and the store of raw mails. Does not: what the lines mean to the
post office (office.py replays them).

Layout of a state folder: ``truth.jsonl``, one JSON object a line with ``type`` and ``at`` (ISO 8601, UTC); and
``mail/<sha256>``, the raw mails that lines refer to.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class MailStore:
    """Raw mails as files named by their SHA-256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @staticmethod
    def name(raw: bytes) -> str:
        """Return the lower-case hex SHA-256 of ``raw``."""
        return hashlib.sha256(raw).hexdigest()

    def read(self, sha256: str) -> bytes:
        """Return the raw mail; raises FileNotFoundError."""
        return (self._folder / sha256).read_bytes()

    def put(self, raw: bytes) -> str:
        """Write ``raw`` durably, if it is not there yet, and return its name."""
        name = self.name(raw)
        target = self._folder / name
        if not target.exists():
            # A crash leaves only a half file under another name: a file named by its hash is always whole.
            temporary = target.with_suffix(".part")
            with temporary.open("wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        return name


@dataclass(slots=True)
class _Entry:
    lines: bytes
    mails: tuple[bytes, ...]
    then: Callable[[], None] | None
    durable: asyncio.Future[None]


class TruthLog:
    """Appends to ``truth.jsonl``; those who write at the same time share one fsync."""

    def __init__(self, path: Path, mails: MailStore) -> None:
        self._mails = mails
        _cut_torn_tail(path)
        self._file = path.open("ab")
        self._waiting: list[_Entry] = []
        self._writer: asyncio.Task[None] | None = None

    def write(
        self, *records: Record, mails: tuple[bytes, ...] = (), then: Callable[[], None] | None = None
    ) -> asyncio.Future[None]:
        """Append ``records`` in one piece, with ``at`` added, after the raw ``mails`` that they refer to.

        ``then`` runs on the loop as soon as everything is on disk, in the order of the calls, and even if the caller
        has gone away by then (a connection that is cut must not undo what the log says). The future is done after it.

        Raises (through the future):
            OSError: the disk refused; nothing may be acknowledged.
            ValueError: the log is closed.
        """
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        lines = b"".join(
            json.dumps({"type": record["type"], "at": at, **record}, ensure_ascii=True).encode() + b"\n"
            for record in records
        )
        durable = asyncio.get_running_loop().create_future()
        # A caller that went away leaves nobody to read an error; the log stays silent about it.
        durable.add_done_callback(lambda future: future.cancelled() or future.exception())
        self._waiting.append(_Entry(lines, mails, then, durable))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._drain())
        return durable

    async def close(self) -> None:
        """Wait until all is on disk and close the file."""
        if self._writer is not None:
            await self._writer
        self._file.close()

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(self._store, batch)
            except (OSError, ValueError) as error:
                for entry in batch:
                    if not entry.durable.done():
                        entry.durable.set_exception(error)
                continue
            for entry in batch:
                if entry.then is not None:
                    entry.then()
                if not entry.durable.done():
                    entry.durable.set_result(None)

    def _store(self, batch: list[_Entry]) -> None:
        for entry in batch:
            for raw in entry.mails:
                self._mails.put(raw)
        self._file.write(b"".join(entry.lines for entry in batch))
        self._file.flush()
        os.fsync(self._file.fileno())


def read_truth(path: Path) -> Iterator[Record]:
    """Yield the records of a truth log in order; a missing file has none, and a torn last line is left out."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield json.loads(line)


def _cut_torn_tail(path: Path) -> None:
    """Remove a last line that a crash left without its end: its mail was never acknowledged."""
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb+") as file:
        content = file.read()
        if not content.endswith(b"\n"):
            file.truncate(content.rfind(b"\n") + 1)
