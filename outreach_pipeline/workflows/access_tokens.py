"""Access tokens of mailboxes: kept encrypted, renewed before they end, by one process at a time.

A token's row is locked while its source is asked, so that whoever else wants the token waits for the answer and uses it. What
a source refuses becomes a state with its cause, of the account or of the one mailbox, and is not asked for again for a while.

Belongs here: what is asked when, and what is kept of the answer. Does not: the request (adapters.oauth), what a refusal means
(core.oauth), showing a token to a server (mailbox_login).
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import get_args
from uuid import UUID

import structlog

from outreach_pipeline.adapters.oauth import IssuedToken, TokenSource, request_token
from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import ConfigurationError, OutreachError, TokenRefusedError, TokenUnavailableError
from outreach_pipeline.core.oauth import (
    ALERT_AFTER_FAILURES,
    LEAST_AGE_SECONDS,
    RENEW_BEFORE_SECONDS,
    REVOKED_PAUSE_SECONDS,
    SourceKind,
    concerns_one_mailbox,
    cure,
    default_scope,
    default_token_url,
    is_shared,
    pause_seconds,
)
from outreach_pipeline.workflows.configured_accounts import secret_purpose
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.notify import raise_alert, resolve_alert

_log = structlog.get_logger(__name__)
_SHARED_KINDS = [kind for kind in get_args(SourceKind) if is_shared(kind)]
# So many wait for the database or a source at a time: each holds a connection of the process's pool.
_THREADS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="tokens")
# A source answers within ten seconds, and the lock is not kept by a process that was stopped.
_MOST_SECONDS = 40.0
# A token that is to end soon is used up while its source fails.
_LEAST_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Grant:
    """A row of oauth/grant."""

    address: str
    login: str
    auth: str
    mailbox_ciphertext: bytes | None = field(repr=False)
    mailbox_key: bytes | None = field(repr=False)
    account_id: int | None
    account_name: str | None
    provider: str | None
    kind: SourceKind | None
    client_id: str | None
    directory_id: str | None
    token_url: str | None
    scope: str | None
    account_ciphertext: bytes | None = field(repr=False)
    account_key: bytes | None = field(repr=False)
    account_state: str | None
    account_cause: str | None
    failures: int | None
    account_waits: bool
    token_id: int | None
    token_key: bytes | None = field(repr=False)
    refresh_ciphertext: bytes | None = field(repr=False)
    token_ciphertext: bytes | None = field(repr=False)
    changed_at: str | None
    seconds_left: float | None
    age_seconds: float | None
    is_revoked: bool
    cause: str | None
    waits: bool
    asked_at: datetime


class AccessTokens:
    """The access tokens of one installation's mailboxes.

    ``by_hand`` asks a source also where a refusal stands: a person has changed something and wants to know.
    """

    def __init__(self, installation: Installation, *, by_hand: bool = False) -> None:
        self._installation = installation
        self._by_hand = by_hand

    def get(self, tenant_id: UUID, mailbox_id: int, *, refused: str | None = None) -> str | None:
        """Return a mailbox's access token, a kept one while it lasts. Blocks.

        Args:
            tenant_id: whose.
            mailbox_id: which mailbox.
            refused: a token that the mailbox's server has refused: another one is wanted. None is returned if that would be
                no better, since the refused one is fresh.

        Raises:
            TokenRefusedError: there will be none until somebody acts; the text says who and how.
            TokenUnavailableError: there is none for now.
            DatabaseUnavailableError: the tokens cannot be read.
        """
        try:
            with self._installation.database.tenant(tenant_id) as transaction:
                grant = self._read(transaction, mailbox_id)
            token = self._kept(grant, tenant_id)
            if token is not None and token != refused and not self._asks_again(grant):
                return token
            if token is not None and token == refused and (grant.age_seconds or 0) < LEAST_AGE_SECONDS:
                return None
            return self._renew(grant, tenant_id, mailbox_id, refused=refused)
        except ConfigurationError as error:
            raise TokenRefusedError(str(error), stage="secret") from error

    async def get_async(self, tenant_id: UUID, mailbox_id: int, *, refused: str | None = None) -> str | None:
        """Do the same as ``get()`` without blocking the loop."""
        ask = partial(self.get, tenant_id, mailbox_id, refused=refused)
        return await asyncio.get_running_loop().run_in_executor(_THREADS, ask)

    def _asks_again(self, grant: _Grant) -> bool:
        return self._by_hand and (grant.account_state != "active" or grant.is_revoked)

    def _read(self, transaction: Transaction, mailbox_id: int) -> _Grant:
        grant = transaction.one("oauth/grant", _Grant, mailbox_id=mailbox_id, shared_kinds=_SHARED_KINDS)
        if grant is None or grant.kind is None:
            whose = f"The mailbox {grant.address}" if grant else "A mailbox that is gone"
            raise ConfigurationError(
                f"{whose} has no token source: apply a provider account with an oauth section for it."
            )
        return grant

    def _kept(self, grant: _Grant, tenant_id: UUID, *, least_seconds: float = RENEW_BEFORE_SECONDS) -> str | None:
        if grant.token_ciphertext is None or (grant.seconds_left or 0) < least_seconds:
            return None
        return self._open_token(grant, tenant_id, grant.token_ciphertext, f"oauth token {grant.token_id}")

    def _renew(self, grant: _Grant, tenant_id: UUID, mailbox_id: int, *, refused: str | None) -> str:
        key = {"account_id": grant.account_id, "mailbox_id": mailbox_id, "is_shared": is_shared(grant.kind)}
        with self._installation.database.tenant(tenant_id, most_seconds=_MOST_SECONDS) as transaction:
            transaction.run("oauth/add_token", **key)
            transaction.rows("oauth/lock_token", **key)
            grant = self._read(transaction, mailbox_id)
            if grant.account_state != "active":
                # Of all mailboxes of an account that fails, one tries it.
                transaction.rows("oauth/lock_account", account_id=grant.account_id)
                grant = self._read(transaction, mailbox_id)
            token = self._kept(grant, tenant_id)
            if token is not None and token != refused and not self._asks_again(grant):
                return token
            failure = self._standing_refusal(grant)
            if failure is None:
                try:
                    return self._ask(transaction, grant, tenant_id)
                except (TokenRefusedError, TokenUnavailableError) as error:
                    failure = _note_failure(transaction, grant, error)
        last = self._kept(grant, tenant_id, least_seconds=_LEAST_SECONDS)
        if last is not None and last != refused and isinstance(failure, TokenUnavailableError):
            return last
        raise failure

    def _standing_refusal(self, grant: _Grant) -> OutreachError | None:
        if self._by_hand or grant.kind is None:
            return None
        if grant.account_state == "revoked" and grant.account_waits:
            return _refusal(grant, grant.account_cause or "", is_of_mailbox=False)
        if grant.account_state == "failing" and grant.account_waits:
            return TokenUnavailableError(
                f"The provider account {grant.account_name} is failing: {grant.account_cause}."
            )
        if grant.is_revoked and grant.waits:
            return _refusal(grant, grant.cause or "", is_of_mailbox=True)
        return None

    def _ask(self, transaction: Transaction, grant: _Grant, tenant_id: UUID) -> str:
        refresh_token = self._refresh_token(grant, tenant_id)
        issued = request_token(self._source(grant), login=grant.login, refresh_token=refresh_token, now=grant.asked_at)
        self._keep(transaction, grant, tenant_id, issued, refresh_token=refresh_token)
        transaction.run("oauth/restore_account", account_id=grant.account_id, changed_at=grant.changed_at)
        resolve_alert(transaction, cause_key=f"oauth/mailbox/{grant.address}", now=grant.asked_at)
        transaction.run(
            "watch/resolve_operator_alert", cause_key=f"oauth/account/{grant.account_name}", now=grant.asked_at
        )
        return issued.access_token

    def _keep(
        self,
        transaction: Transaction,
        grant: _Grant,
        tenant_id: UUID,
        issued: IssuedToken,
        *,
        refresh_token: str | None,
    ) -> None:
        owner_id = None if is_shared(grant.kind) else tenant_id
        key_id, wrapped_key = self._installation.tenant_key(transaction, owner_id)
        # The one that was applied stays with the mailbox, so that applying it again is no change.
        was_given = issued.refresh_token is not None or grant.refresh_ciphertext is not None

        def seal(text: str, purpose: str) -> bytes:
            return self._installation.vault.encrypt(
                text, wrapped_key=wrapped_key, owner=_owner(owner_id), purpose=f"{purpose} {grant.token_id}"
            )

        transaction.run(
            "oauth/keep_token",
            token_id=grant.token_id,
            data_key_id=key_id,
            token=seal(issued.access_token, "oauth token"),
            refresh_token=seal(issued.refresh_token or refresh_token or "", "refresh token") if was_given else None,
            lifetime_seconds=issued.lifetime_seconds,
            changed_at=grant.changed_at,
        )

    def _source(self, grant: _Grant) -> TokenSource:
        kind = grant.kind or "refresh_token"
        secret = None
        if grant.account_ciphertext is not None and grant.account_key is not None:
            secret = self._installation.vault.decrypt(
                grant.account_ciphertext,
                wrapped_key=grant.account_key,
                owner="operator",
                purpose=secret_purpose(grant.account_id or 0),
            )
        url = grant.token_url or default_token_url(
            kind, provider=grant.provider or "generic", directory_id=grant.directory_id
        )
        if url is None:
            raise ConfigurationError(f"The provider account {grant.account_name} has no token_url: apply one.")
        return TokenSource(kind, url, grant.client_id or "", secret, grant.scope or default_scope(kind))

    def _refresh_token(self, grant: _Grant, tenant_id: UUID) -> str | None:
        if grant.kind != "refresh_token":
            return None
        if grant.refresh_ciphertext is not None:
            return self._open_token(grant, tenant_id, grant.refresh_ciphertext, f"refresh token {grant.token_id}")
        if grant.mailbox_ciphertext is None or grant.mailbox_key is None:
            raise ConfigurationError(f"The mailbox {grant.address} has no refresh token: apply one.")
        return self._installation.vault.decrypt(
            grant.mailbox_ciphertext,
            wrapped_key=grant.mailbox_key,
            owner=str(tenant_id),
            purpose=f"mailbox {grant.address}",
        )

    def _open_token(self, grant: _Grant, tenant_id: UUID, ciphertext: bytes, purpose: str) -> str:
        owner = _owner(None if is_shared(grant.kind) else tenant_id)
        return self._installation.vault.decrypt(
            ciphertext, wrapped_key=grant.token_key or b"", owner=owner, purpose=purpose
        )


def _owner(tenant_id: UUID | None) -> str:
    return str(tenant_id) if tenant_id else "operator"


def _note_failure(
    transaction: Transaction, grant: _Grant, error: TokenRefusedError | TokenUnavailableError
) -> OutreachError:
    """Keep what a source refused as a state, tell people, and return the error with its cure."""
    if isinstance(error, TokenRefusedError):
        is_of_mailbox = concerns_one_mailbox(
            grant.kind or "refresh_token", error=error.error, description=error.description
        )
        failure: OutreachError = _refusal(grant, str(error), is_of_mailbox=is_of_mailbox)
        if is_of_mailbox:
            _revoke_mailbox(transaction, grant, error, detail=str(failure))
            return failure
        state, pause = "revoked", REVOKED_PAUSE_SECONDS
    else:
        failure = TokenUnavailableError(f"The provider account {grant.account_name} is failing: {error}.")
        state, pause = "failing", pause_seconds((grant.failures or 0) + 1)
    failures = (grant.failures or 0) + 1
    transaction.run(
        "oauth/set_account_state",
        account_id=grant.account_id,
        state=state,
        cause=str(error),
        failures=failures,
        pause_seconds=pause,
        changed_at=grant.changed_at,
    )
    _log.warning("token_source_failed", account=grant.account_name, state=state, failures=failures)
    if state == "revoked" or failures >= ALERT_AFTER_FAILURES:
        # The operator's alert, though it is seen in a tenant's transaction: the account is everybody's.
        transaction.run(
            "watch/raise_operator_alert",
            cause_key=f"oauth/account/{grant.account_name}",
            severity="error",
            title=f"The provider account {grant.account_name} gives no access tokens: it is {state}",
            detail=str(failure),
            now=grant.asked_at,
        )
    return failure


def _revoke_mailbox(transaction: Transaction, grant: _Grant, error: TokenRefusedError, *, detail: str) -> None:
    transaction.run(
        "oauth/revoke_token",
        token_id=grant.token_id,
        cause=str(error),
        pause_seconds=REVOKED_PAUSE_SECONDS,
        changed_at=grant.changed_at,
    )
    raise_alert(
        transaction,
        cause_key=f"oauth/mailbox/{grant.address}",
        severity="error",
        title=f"The mailbox {grant.address} gets no access token",
        detail=detail,
        now=grant.asked_at,
    )
    _log.warning("token_refused", address=grant.address, error=error.error)


def _refusal(grant: _Grant, cause: str, *, is_of_mailbox: bool) -> TokenRefusedError:
    whose = (
        f"The mailbox {grant.address} gets no token"
        if is_of_mailbox
        else f"The provider account {grant.account_name} is revoked"
    )
    return TokenRefusedError(
        f"{whose}: {cause.rstrip('.')}. Cure: {cure(grant.kind or 'refresh_token', is_of_mailbox=is_of_mailbox)}."
    )
