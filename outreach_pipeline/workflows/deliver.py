"""The path of one message: the gate, the server, the ledger.

Belongs here: the order of these, and what a failure at each means for the ledger. Does not: which messages are due
(workflows.send_email), the meaning of replies (core.send.outcome), the SQL of the ledger.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

import structlog

from outreach_pipeline.adapters.postgres.database import DatabaseUnavailableError
from outreach_pipeline.adapters.smtp.session import Addresses, SmtpSession
from outreach_pipeline.core.errors import (
    AuthorityFileError,
    ConnectionLostError,
    NotAllowedError,
    OutreachError,
    SmtpPermanentError,
    SmtpTransientError,
    TokenRefusedError,
    TokenUnavailableError,
)
from outreach_pipeline.core.model import EventKind, MessageState
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.send.breaker import verdict
from outreach_pipeline.core.send.outcome import Outcome, of_a_test, outcome_of, outcome_of_fault
from outreach_pipeline.core.send.wire_id import wire_message_id
from outreach_pipeline.workflows.access_tokens import AccessTokens
from outreach_pipeline.workflows.claimed_message import ClaimedMessage, RefusedByGateError
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.login_places import LoginPlaces, NoPlaceError
from outreach_pipeline.workflows.prepared_messages import PreparedMessage, PreparedMessages
from outreach_pipeline.workflows.send_ledger import LEASE_SECONDS, Answer, Begin, Ledger, Result, brief_transaction
from outreach_pipeline.workflows.send_outcome import SendOutcome, Stopwatch
from outreach_pipeline.workflows.smtp_sessions import SessionPool

_log = structlog.get_logger(__name__)
# A blob store that hangs costs a copy in Sent, never the send.
_KEEP_COPY_SECONDS = 10.0
# Why a message waits that is told so as it begins; beside these, all that is its mailbox's.
_HELD = frozenset(
    ("tenant_paused", "campaign_paused", "plan_held", "domain_unauthenticated", "site_paused", "blocked_at_site")
)

_STOPPED = Outcome(
    state=MessageState.DEFERRED,
    stage="data",
    reason="stopped",
    text="The run was told to stop before the server was given the message.",
)
_STOPPED_IN_DATA = Outcome(
    state=MessageState.OUTCOME_UNKNOWN,
    stage="end-of-data",
    reason="stopped_in_data",
    text="The run was told to stop while the server had not answered yet.",
)


class SecretRefusedError(OutreachError):
    """The mailbox's password or grant is refused for good. ``written`` tells when the result is written."""

    def __init__(self, written: asyncio.Future[Answer]) -> None:
        self.written = written
        super().__init__("The mailbox's password or grant is refused.")


class HeldError(OutreachError):
    """What forbids a message for now concerns its mailbox's next ones too: they would be told the same."""


class Delivery:
    """Delivers claimed messages over kept connections and counts what became of them.

    Args:
        installation: whose vault opens the mailboxes' secrets.
        clock: business time, aware UTC.
        ledger: what happens is written there.
    """

    def __init__(self, installation: Installation, *, clock: Callable[[], datetime], ledger: Ledger) -> None:
        self._installation = installation
        self._clock = clock
        self._ledger = ledger
        self._in_data: dict[int, tuple[ClaimedMessage, float]] = {}
        # The tasks that wait for a server. Whoever waits for the ledger is not among them: it may have begun.
        self._at_server: set[asyncio.Task[Any]] = set()
        self._is_cut = False
        self.prepared = PreparedMessages(installation, clock=clock)
        self.places = LoginPlaces(installation.database)
        self.sessions = SessionPool(AccessTokens(installation), self.places)
        self.outcome = SendOutcome()

    async def deliver(
        self, message: ClaimedMessage, *, following: ClaimedMessage | None = None
    ) -> asyncio.Future[Answer] | None:
        """Try a message once and hand the result to the ledger.

        Args:
            message: claimed.
            following: the mailbox's next one, if one is claimed: it is composed while this one waits, and its addresses go out
                behind this one's text. None: somebody waits for the result to be written.

        Returns:
            What tells when the result is written; None if there is none to write.

        Raises:
            NoPlaceError: its login has no place now, and nobody was asked anything.
            HeldError: it waits, with the cause, and so would the mailbox's next one.
            SecretRefusedError: the result is handed over, and the mailbox's next message must not try.
            CancelledError: it was cut off before it began; nothing else is raised.
        """
        started_at = datetime.now(UTC)
        started = time.perf_counter()
        outcome: Outcome | None
        try:
            outcome = await self._attempt(message, following)
        except (NoPlaceError, HeldError):
            raise
        except DatabaseUnavailableError as error:
            _log.warning("send_not_begun", message=message.id, problem=str(error))
            return None
        except Exception:  # noqa: BLE001  one broken message must not end the run
            # The server may have been given it: the claim's lease ends by itself, and the outcome is unknown. Until then it is the
            # one message of its mailbox that may be in flight.
            _log.exception("send_attempt_broke", message=message.id)
            self.outcome.by_state["broken"] += 1
            raise HeldError("The mailbox has a message in flight that nobody delivers any more.") from None
        if outcome is None:
            return None
        if message.kind == "test":
            outcome = of_a_test(outcome)
        duration_ms = (time.perf_counter() - started) * 1000
        self.outcome.by_state[str(outcome.state)] += 1
        if outcome.reason:
            self.outcome.by_reason[outcome.reason] += 1
        self.outcome.attempt_ms.append(duration_ms)
        told = verdict(outcome.stage, outcome.code)
        # A host that fails has a breaker, which tries again in a minute; a mailbox rests for an hour.
        is_of_host = outcome.tells_of_host and told == "fails"
        written = self._ledger.finish(
            Result(
                tenant_id=message.tenant_id,
                id=message.id,
                token=message.token,
                mailbox_id=message.mailbox_id,
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
                refuses_password=outcome.refuses_password,
                lacks_grant=outcome.lacks_grant,
                tells_of_mailbox=outcome.tells_of_mailbox and not is_of_host,
                suppress_address=message.to_address if outcome.address_is_dead else None,
                recipient_site=message.recipient_site,
                sending_domain_id=message.sending_domain_id,
                contact_list_id=message.contact_list_id,
                wire_message_id=wire_message_id(outcome.text, host=message.smtp_host, ours=message.message_id)
                if outcome.state is MessageState.SENT
                else None,
                host=f"{message.smtp_host}:{message.smtp_port}" if outcome.tells_of_host else "",
                proves_host=told == "answers",
            ),
            is_awaited=following is None,
        )
        if outcome.refuses_password or outcome.lacks_grant:
            raise SecretRefusedError(written)
        return written

    def cut_off(self) -> None:
        """Wait for no server any more: what has not begun is cancelled, and what a server was given is unknown."""
        self._is_cut = True
        for task in self._at_server:
            task.cancel()

    async def _attempt(self, message: ClaimedMessage, following: ClaimedMessage | None) -> Outcome | None:
        """Try once. None means that the database forbade the start and has noted why."""
        with self.outcome.stopwatch() as watch:
            watch.enter("gate")
            try:
                return await self._pass_gate(message, following, watch)
            except (NoPlaceError, HeldError, DatabaseUnavailableError):
                raise
            except Exception as error:
                if watch.stage == "data":
                    raise
                _log.exception("send_attempt_broke", message=message.id)
                return outcome_of_fault(
                    type(error).__name__,
                    stage=watch.stage,
                    policy=_policy(message.policy),
                    attempt=message.attempt,
                    now=self._clock(),
                    message_number=message.id,
                )

    async def _pass_gate(
        self, message: ClaimedMessage, following: ClaimedMessage | None, watch: Stopwatch
    ) -> Outcome | None:
        try:
            ready = self.prepared.take(message)
        except RefusedByGateError as error:
            return Outcome(
                state=MessageState.CANCELLED, stage="gate", reason=error.reason, text=error.text, tells_of_mailbox=False
            )
        return await self._converse(ready, following, watch)

    async def _converse(
        self, ready: PreparedMessage, following: ClaimedMessage | None, watch: Stopwatch
    ) -> Outcome | None:
        message, content = ready.message, ready.content
        policy = _policy(message.policy)
        session: SmtpSession | None = None
        try:
            with self._waiting_for_server():
                watch.enter("login")
                session = await self.sessions.take(
                    message.tenant_id, message.mailbox_id, ready.account, provider_account=message.provider_account
                )
                watch.enter("address")
                sender, recipient, is_8bit = ready.addresses
                await session.address(sender, recipient, is_8bit=is_8bit)
            watch.enter("begin")
            answer = await self._begin(ready, following)
            if answer != "sending":
                await session.reset()
                return None
            if self._is_cut:
                await session.reset()
                return _STOPPED
            self._in_data[message.id] = (message, time.monotonic())
            with self._waiting_for_server():
                watch.enter("data")
                reply = await session.transmit(content, following=self._addresses_of(following, session))
        except HeldError as error:
            await _clear(session, error)
            raise
        except NotAllowedError as error:
            return Outcome(state=MessageState.FAILED, stage="mail", reason="smtp_extension_missing", text=str(error))
        except (
            SmtpTransientError,
            SmtpPermanentError,
            ConnectionLostError,
            TokenRefusedError,
            TokenUnavailableError,
            AuthorityFileError,
        ) as error:
            await _clear(session, error)
            return outcome_of(
                error,
                policy=policy,
                attempt=message.attempt,
                now=self._clock(),
                message_number=message.id,
                has_password=message.auth == "password",
            )
        except BaseException as error:
            # Nobody knows what this connection has been told.
            if session is not None:
                session.abandon()
            if not (self._is_cut and message.id in self._in_data and isinstance(error, asyncio.CancelledError)):
                raise
            return self._stopped(session, policy)
        finally:
            self._in_data.pop(message.id, None)
            if session is not None:
                self.sessions.give_back(message.tenant_id, message.mailbox_id, session)
        return Outcome(
            state=MessageState.SENT,
            stage="done",
            code=reply.code,
            enhanced_code=reply.enhanced_code,
            text=reply.text,
            event=EventKind.SENT,
        )

    def _stopped(self, session: SmtpSession | None, policy: SendingPolicy) -> Outcome:
        if session is None or not session.has_given:
            return _STOPPED
        unknown_until = self._clock() + timedelta(seconds=policy.unknown_outcome_seconds)
        return replace(_STOPPED_IN_DATA, unknown_until=unknown_until)

    def _addresses_of(self, following: ClaimedMessage | None, session: SmtpSession) -> Addresses | None:
        if following is None or self._is_cut or not self.sessions.serves_another(session):
            return None
        ready = self.prepared.look_ahead(following)
        return None if ready is None else ready.addresses

    async def _begin(self, ready: PreparedMessage, following: ClaimedMessage | None) -> str:
        message = ready.message
        sha256, problem = (
            await self._keep_copy(message, ready.content) if message.sent_copy == "append" else (None, None)
        )
        answer = await self._ledger.begin(
            Begin(
                tenant_id=message.tenant_id,
                id=message.id,
                token=message.token,
                subject=ready.subject,
                to_address=message.to_address,
                company_domain=message.company_domain,
                now=self._clock(),
                copy_sha256=sha256,
                copy_problem=problem,
            ),
            meanwhile=None if following is None else partial(self.prepared.make_ahead, following),
        )
        if answer != "sending":
            self.outcome.by_reason[answer] += 1
        if answer in _HELD or answer.startswith("mailbox_"):
            raise HeldError(answer)
        return answer

    @contextmanager
    def _waiting_for_server(self) -> Iterator[None]:
        tasks = {task for task in (asyncio.current_task(),) if task is not None}
        self._at_server |= tasks
        try:
            yield
        finally:
            self._at_server -= tasks

    async def keep(self) -> None:
        """Renew the claims of messages whose servers take their time after the end of the data, until cancelled."""
        while True:
            await asyncio.sleep(LEASE_SECONDS / 6)
            old = time.monotonic() - LEASE_SECONDS / 4
            for message, since in list(self._in_data.values()):
                if since < old:
                    await asyncio.to_thread(self._extend_lease, message)

    def _extend_lease(self, message: ClaimedMessage) -> None:
        # Without a database the lease ends, and the outcome is unknown.
        with (
            suppress(DatabaseUnavailableError),
            brief_transaction(self._installation.database, message.tenant_id) as transaction,
        ):
            transaction.run("send/extend_lease", id=message.id, token=message.token, lease_seconds=LEASE_SECONDS)

    async def _keep_copy(self, message: ClaimedMessage, content: bytes) -> tuple[str, str | None]:
        """Keep the bytes for a copy in Sent that we file ourselves: their hash, or what kept us. The send goes on anyway."""
        put = asyncio.to_thread(self._installation.blobs.put, message.tenant_id, content)
        try:
            return await asyncio.wait_for(put, _KEEP_COPY_SECONDS), None
        except (OSError, TimeoutError) as error:
            problem = f"The bytes could not be kept in the blob store: {str(error) or 'it took too long'}"
            _log.warning("sent_copy_not_kept", message=message.id, problem=problem)
            return "", problem


async def _clear(session: SmtpSession | None, error: OutreachError) -> None:
    """Make a connection ready for another message, unless a late reply could be taken for that of its command."""
    if session is not None and isinstance(error, ConnectionLostError):
        session.abandon()
    elif session is not None:
        await session.reset()


@lru_cache(maxsize=1024)
def _policy(document: str) -> SendingPolicy:
    return SendingPolicy.model_validate_json(document)
