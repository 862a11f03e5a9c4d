"""The SMTP connections of one run: one a mailbox, kept between its messages, closed when idle or used up.

Belongs here: which connection serves which mailbox. Does not: the conversation (adapters.smtp), what is shown at
login (mailbox_login).
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from uuid import UUID

from outreach_pipeline.adapters.smtp.session import SmtpAccount, SmtpSession
from outreach_pipeline.workflows.access_tokens import AccessTokens
from outreach_pipeline.workflows.mailbox_login import open_smtp

# Yahoo takes 20 messages a connection (KumoMTA's shaping data); Exim cuts idle ones early.
MOST_MESSAGES = 20
IDLE_SECONDS = 30.0
MOST_LOGINS_AT_ONCE = 16


class SessionPool:
    """Connections by mailbox. A mailbox has one message in flight, so its connection is never shared."""

    def __init__(self, tokens: AccessTokens) -> None:
        self._tokens = tokens
        self._idle: dict[tuple[UUID, int], tuple[SmtpSession, float]] = {}
        self._logins: dict[tuple[str, int], asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(MOST_LOGINS_AT_ONCE)
        )

    async def take(self, tenant_id: UUID, mailbox_id: int, account: SmtpAccount) -> SmtpSession:
        """Return an open connection of this mailbox, a kept one if it still stands.

        Raises:
            ConnectionLostError, SmtpTransientError, SmtpPermanentError: stages connect, tls, auth.
            TokenRefusedError, TokenUnavailableError: the mailbox has no access token to show.
        """
        kept, _ = self._idle.pop((tenant_id, mailbox_id), (None, 0.0))
        if kept is not None and kept.is_open:
            return kept
        async with self._logins[account.host, account.port]:
            return await open_smtp(account, self._tokens, tenant_id=tenant_id, mailbox_id=mailbox_id)

    def give_back(self, tenant_id: UUID, mailbox_id: int, session: SmtpSession) -> None:
        """Keep a connection for the mailbox's next message, unless it is broken or used up."""
        if session.is_open and session.messages_sent < MOST_MESSAGES:
            self._idle[tenant_id, mailbox_id] = (session, time.monotonic())
        else:
            session.abandon()

    async def close_idle(self) -> None:
        """Close what has not been used for a while."""
        old = time.monotonic() - IDLE_SECONDS
        expired = [key for key, (_, since) in self._idle.items() if since < old]
        await asyncio.gather(*(self._idle.pop(key)[0].close() for key in expired))

    async def close(self) -> None:
        """Close all."""
        await asyncio.gather(*(session.close() for session, _ in self._idle.values()))
        self._idle.clear()
