"""Opening connections as a mailbox: by its password, or with an access token that is renewed once if the server refuses it.

Belongs here: which secret is shown to a server. Does not: the conversation (adapters.smtp, adapters.imap), where tokens come from
(access_tokens), which connection is kept (smtp_sessions).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from outreach_pipeline.adapters.imap.session import ImapAccount, ImapSession
from outreach_pipeline.adapters.secrets import Vault
from outreach_pipeline.adapters.smtp.session import NO_MECHANISM, TIMEOUTS, SmtpAccount, SmtpSession, Timeouts
from outreach_pipeline.core.errors import ConfigurationError, LoginRefusedError, SmtpPermanentError
from outreach_pipeline.core.oauth import Auth
from outreach_pipeline.workflows.access_tokens import AccessTokens


@dataclass(frozen=True, slots=True)
class MailboxKey:
    """A mailbox by its ids, with what opens it; a password's ciphertext and key may be missing."""

    tenant_id: UUID
    id: int
    address: str
    auth: Auth
    secret_ciphertext: bytes | None = field(repr=False)
    wrapped_key: bytes | None = field(repr=False)

    def password(self, vault: Vault) -> str:
        """Return the password; empty if the mailbox logs in with access tokens.

        Raises:
            ConfigurationError: there is none, or this installation cannot read it.
        """
        if self.auth != "password":
            return ""
        if self.secret_ciphertext is None or self.wrapped_key is None:
            raise ConfigurationError(f"The mailbox {self.address} has no password: apply one.")
        return vault.decrypt(
            bytes(self.secret_ciphertext),
            wrapped_key=bytes(self.wrapped_key),
            owner=str(self.tenant_id),
            purpose=f"mailbox {self.address}",
        )


async def open_smtp(
    account: SmtpAccount, tokens: AccessTokens, *, tenant_id: UUID, mailbox_id: int, timeouts: Timeouts = TIMEOUTS
) -> SmtpSession:
    """Return a connection that is logged in.

    Raises:
        ConnectionLostError, SmtpTransientError, SmtpPermanentError: stages connect, tls, auth.
        TokenRefusedError, TokenUnavailableError: the mailbox has no access token to show.
    """
    if account.auth == "password":
        return await _open_smtp(account, timeouts)
    token = await tokens.get_async(tenant_id, mailbox_id)
    try:
        return await _open_smtp(replace(account, secret=token or ""), timeouts)
    except SmtpPermanentError as error:
        if error.stage != "auth" or error.code == NO_MECHANISM:
            raise
        renewed = await tokens.get_async(tenant_id, mailbox_id, refused=token)
        if renewed is None:
            raise
    return await _open_smtp(replace(account, secret=renewed), timeouts)


async def _open_smtp(account: SmtpAccount, timeouts: Timeouts) -> SmtpSession:
    session = SmtpSession(account, timeouts=timeouts)
    try:
        await session.open()
    except BaseException:
        # A cancelled run too must leave no half-open connection behind.
        session.abandon()
        raise
    return session


@contextmanager
def open_imap(
    account: ImapAccount, tokens: AccessTokens, *, tenant_id: UUID, mailbox_id: int, timeout_seconds: float = 30
) -> Iterator[ImapSession]:
    """Give a connection that is logged in inside the block.

    Raises:
        ConnectionLostError: stages connect, tls, auth.
        TokenRefusedError, TokenUnavailableError: the mailbox has no access token to show.
    """
    session = log_in_imap(account, tokens, tenant_id=tenant_id, mailbox_id=mailbox_id, timeout_seconds=timeout_seconds)
    try:
        yield session
    finally:
        session.close()


def log_in_imap(
    account: ImapAccount, tokens: AccessTokens, *, tenant_id: UUID, mailbox_id: int, timeout_seconds: float = 30
) -> ImapSession:
    """Return a connection that is logged in, to be closed by who asked for it; raises as ``open_imap`` does."""
    if account.auth == "password":
        return ImapSession(account, timeout_seconds=timeout_seconds).open_connection()
    token = tokens.get(tenant_id, mailbox_id)
    try:
        return ImapSession(replace(account, secret=token or ""), timeout_seconds=timeout_seconds).open_connection()
    except LoginRefusedError:
        renewed = tokens.get(tenant_id, mailbox_id, refused=token)
        if renewed is None:
            raise
    return ImapSession(replace(account, secret=renewed), timeout_seconds=timeout_seconds).open_connection()
