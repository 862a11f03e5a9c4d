"""Waits for what servers tell of by themselves (IDLE, RFC 2177), on the kept connections of the mailboxes that ask for it.

One thread waits for all of them. A server's word is only a reason to look: where the folders stand is asked as always, so that
nothing depends on it. Belongs here: entering, waiting, leaving. Does not: reading (imap_sync).
"""

from __future__ import annotations

import selectors
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

import structlog

from outreach_pipeline.core.errors import ConnectionLostError
from outreach_pipeline.workflows.imap_connections import Connection, ImapConnections, SyncTarget

_log = structlog.get_logger(__name__)
Key = tuple[UUID, int]


class ImapIdle:
    """The connections on which servers tell of new mail; none but this may use them until they were told of or ``end``."""

    def __init__(self, connections: ImapConnections) -> None:
        self._connections = connections
        self._selector = selectors.DefaultSelector()
        self._idling: dict[Key, Connection] = {}

    def begin(self, targets: Mapping[Key, SyncTarget]) -> list[Key]:
        """Let the servers of those mailboxes tell that ask for it and have a connection.

        Returns:
            Those to which something has come since they were read: they are to be read again first.
        """
        behind: list[Key] = []
        if not any(target.uses_idle for target in targets.values()):
            return behind
        for key, connection in self._connections.kept().items():
            target = targets.get(key)
            if target is None or not target.uses_idle or key in self._idling or not connection.session.can_idle:
                continue
            try:
                # Nothing else is opened for it: INBOX is where people's answers come.
                opened = connection.session.open("INBOX")
                connection.session.start_idle()
            except ConnectionLostError as error:
                # The next reading finds it dead and opens another one.
                _log.info("idle_not_begun", mailbox_id=target.id, problem=str(error))
                continue
            connection.is_idling = True
            self._idling[key] = connection
            with suppress(KeyError, ValueError):
                # Of a connection that was closed to make room for another one.
                self._selector.unregister(connection.session.fileno())
            self._selector.register(connection.session, selectors.EVENT_READ, key)
            if connection.inbox_uid_next not in {None, opened.uid_next}:
                behind.append(key)
        for key in behind:
            self._leave(key)
        return behind

    def wait(self, seconds: float) -> list[Key]:
        """Wait for a word, so many seconds at most; returns whose servers told something: they idle no more."""
        if not self._idling:
            return []
        told = [event.data for event, _ in self._selector.select(seconds)]
        for key in told:
            self._leave(key)
        return told

    def end(self) -> None:
        """Leave all."""
        for key in list(self._idling):
            self._leave(key)

    def _leave(self, key: Key) -> None:
        connection = self._idling.pop(key)
        with suppress(KeyError, ValueError):
            self._selector.unregister(connection.session)
        connection.is_idling = False
        # It has ended, or its end shows at the next command.
        with suppress(ConnectionLostError):
            connection.session.end_idle()
