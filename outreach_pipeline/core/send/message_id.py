"""The Message-ID that a message has before it exists, so that its fate can be looked up after any crash.

Belongs here: the one derivation. Does not: what a relay makes of it (messages.wire_message_id).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from uuid import UUID

# To spell a UUID takes as long as all the rest.
_spelt = lru_cache(maxsize=256)(UUID.__str__)


def message_id(*, tenant_id: UUID, kind: str, key: str, domain: str) -> str:
    """Derive the Message-ID from a message's idempotency key.

    Args:
        tenant_id: the tenant.
        kind: campaign, probe, reply or test.
        key: ``enrollment/step`` of a campaign message; ``mailbox/to mailbox/date/n`` of a probe.
        domain: the sending domain, in lower case and ASCII.

    Returns:
        The id with its angle brackets; the same inputs give the same id for ever.
    """
    digest = hashlib.sha256(f"{_spelt(tenant_id)}|{kind}|{key}".encode()).hexdigest()
    return f"<{digest[:32]}@{domain}>"


def campaign_key(*, enrollment_id: int, step_number: int) -> str:
    """Return the idempotency key of a campaign message."""
    return f"{enrollment_id}/{step_number}"
