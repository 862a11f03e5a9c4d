"""The SMTP connections of one run: one a mailbox, kept between its messages, closed when idle or used up.

Belongs here: which connection serves which mailbox. Does not: the conversation (adapters.smtp), what is shown at login
(mailbox_login), how many may be open over all processes (login_places).
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from outreach_pipeline.adapters.smtp.session import SmtpAccount, SmtpSession
from outreach_pipeline.workflows.access_tokens import AccessTokens
from outreach_pipeline.workflows.login_places import LoginPlaces, NoPlaceError
from outreach_pipeline.workflows.mailbox_login import open_smtp

MOST_LOGINS_AT_ONCE = 16


@dataclass(slots=True)
class _Kept:
    host: str
    account: str | None
    place: str | None


class SessionPool:
    """Connections by mailbox. A mailbox has one message in flight, so its connection is never shared."""

    def __init__(self, tokens: AccessTokens, places: LoginPlaces) -> None:
        self._tokens = tokens
        self._places = places
        self._idle: dict[tuple[UUID, int], tuple[SmtpSession, float]] = {}
        self._kept: dict[SmtpSession, _Kept] = {}
        self._logins: dict[tuple[str, int], asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(MOST_LOGINS_AT_ONCE)
        )

    async def take(
        self, tenant_id: UUID, mailbox_id: int, account: SmtpAccount, *, provider_account: str | None = None
    ) -> SmtpSession:
        """Return an open connection of this mailbox, a kept one if it still stands.

        Raises:
            NoPlaceError: the host or the provider account may have no further connection now.
            ConnectionLostError, SmtpTransientError, SmtpPermanentError: stages connect, tls, auth.
            TokenRefusedError, TokenUnavailableError: the mailbox has no access token to show.
        """
        kept, _ = self._idle.pop((tenant_id, mailbox_id), (None, 0.0))
        if kept is not None and await self._stands(kept):
            return kept
        host = f"{account.host}:{account.port}"
        place = await self._place(host, provider_account)
        try:
            async with self._logins[account.host, account.port]:
                session = await open_smtp(account, self._tokens, tenant_id=tenant_id, mailbox_id=mailbox_id)
        except BaseException:
            # A cancelled attempt too must hold no place.
            self._places.give_back(place)
            raise
        session.uses_chunking = self._places.host(host).uses_chunking
        self._kept[session] = _Kept(host, provider_account, place)
        return session

    async def _stands(self, kept: SmtpSession) -> bool:
        """Say whether a kept connection may be used, and let it go if not: its server may have closed it behind the last message."""
        stands = False
        try:
            stands = await kept.still_stands()
        finally:
            if not stands:
                kept.abandon()
                self._let_go(kept)
        return stands

    def give_back(self, tenant_id: UUID, mailbox_id: int, session: SmtpSession) -> None:
        """Keep a connection for the mailbox's next message, unless it is broken or used up."""
        if session.is_open and self._may_serve(session):
            self._idle[tenant_id, mailbox_id] = (session, time.monotonic())
        else:
            session.abandon()
            self._let_go(session)

    def serves_another(self, session: SmtpSession) -> bool:
        """Say whether a connection whose message is under way will serve one more."""
        return self._may_serve(session, under_way=1)

    def _may_serve(self, session: SmtpSession, *, under_way: int = 0) -> bool:
        return session.messages_sent + under_way < self._places.host(self._kept[session].host).messages_per_connection

    async def close_idle(self) -> None:
        """Close what has not been used for a while."""
        now = time.monotonic()
        expired = [
            key
            for key, (session, since) in self._idle.items()
            if now - since > self._places.host(self._kept[session].host).idle_seconds
        ]
        await asyncio.gather(*(self._close(key) for key in expired))

    async def close(self) -> None:
        """Close all."""
        await asyncio.gather(*(self._close(key) for key in list(self._idle)))
        await self._places.close()

    async def _place(self, host: str, account: str | None) -> str | None:
        try:
            return await self._places.take(host, account)
        except NoPlaceError:
            # Another mailbox's connection that nobody uses makes room before anybody waits.
            idle = next(
                (
                    key
                    for key, (session, _) in self._idle.items()
                    if self._kept[session].place
                    and (self._kept[session].host == host or (account and self._kept[session].account == account))
                ),
                None,
            )
            if idle is None:
                raise
            await self._close(idle)
            return await self._places.take(host, account)

    async def _close(self, key: tuple[UUID, int]) -> None:
        session, _ = self._idle.pop(key)
        await session.close()
        given_back = self._let_go(session)
        if given_back is not None:
            await given_back

    def _let_go(self, session: SmtpSession) -> asyncio.Task[None] | None:
        return self._places.give_back(self._kept.pop(session).place)
