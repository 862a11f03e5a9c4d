"""Messages with their bytes and logins, made when they are needed or while the mailbox's message before is under way.

Belongs here: which one is ready, and for how long. Does not: how one is made (claimed_message), its way (workflows.deliver).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach_pipeline.adapters.smtp.session import Addresses, SmtpAccount
from outreach_pipeline.core.send.links import LinkSigner
from outreach_pipeline.workflows.claimed_message import ClaimedMessage, DkimKeys, account_of, compose
from outreach_pipeline.workflows.installation import Installation

# A server may take its time for the message before; the Date of what was made ready would be wrong then.
_READY_FOR_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class PreparedMessage:
    """A claimed message, its bytes and subject, and whom to log in as; ``made_at`` by the monotonic clock."""

    message: ClaimedMessage
    content: bytes
    subject: str
    account: SmtpAccount
    made_at: float

    @property
    def addresses(self) -> Addresses:
        """What MAIL and RCPT say of it."""
        return Addresses(self.message.from_address, self.message.to_address, not self.content.isascii())


class PreparedMessages:
    """Makes messages ready; of each mailbox one may be so ahead.

    Args:
        installation: whose vault opens the mailboxes' secrets.
        clock: business time, aware UTC.
    """

    def __init__(self, installation: Installation, *, clock: Callable[[], datetime]) -> None:
        self._installation = installation
        self._clock = clock
        self._signer = LinkSigner(installation.vault.signing_key("unsubscribe"))
        self._dkim_keys = DkimKeys(installation.vault)
        # By tenant and mailbox.
        self._ahead: dict[tuple[UUID, int], PreparedMessage] = {}

    def take(self, message: ClaimedMessage) -> PreparedMessage:
        """Return a message as it goes out.

        Raises:
            RefusedByGateError: it must not.
        """
        ready = self._ahead.pop((message.tenant_id, message.mailbox_id), None)
        if ready is None or ready.message is not message or time.monotonic() - ready.made_at > _READY_FOR_SECONDS:
            return self._make(message)
        return ready

    def make_ahead(self, message: ClaimedMessage) -> None:
        """Make a mailbox's next message ready. What is wrong with it is told as it is taken."""
        with suppress(Exception):
            self._ahead[message.tenant_id, message.mailbox_id] = self._make(message)

    def look_ahead(self, message: ClaimedMessage) -> PreparedMessage | None:
        """Return a message if it is ready."""
        ready = self._ahead.get((message.tenant_id, message.mailbox_id))
        return ready if ready is not None and ready.message is message else None

    def forget(self, tenant_id: UUID, mailbox_id: int) -> None:
        """Forget what is ready of a mailbox."""
        self._ahead.pop((tenant_id, mailbox_id), None)

    def _make(self, message: ClaimedMessage) -> PreparedMessage:
        content, subject = compose(
            message,
            signer=self._signer,
            dkim_keys=self._dkim_keys,
            blobs=self._installation.blobs,
            now=self._clock(),
        )
        return PreparedMessage(
            message, content, subject, account_of(message, self._installation.vault), time.monotonic()
        )
