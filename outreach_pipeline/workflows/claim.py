"""Claims due messages for one worker: reads what is due and what every limit holds, decides, and writes it down.

Belongs here: the one transaction that all claims of all processes go through in turn. Does not: the decision
(core.send.claims), or who claims and when (workflows.send_email).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.send.claims import Candidate, Cell, Claims, Key

# So many due messages for each mailbox that may be served are looked at first, and twice as many each time until the claim is
# full: where each has one due that is enough, and nearly all cost is that of looking.
_FIRST_LOOK = 2
_MOST_AT_A_LOOK = 256
# Some more than may be taken: where a recipient's limit keeps one waiting, a later one may go.
_MORE_OF_A_MAILBOX = 4


def claim(
    transaction: Transaction,
    *,
    lane: int | None,
    mailbox_ids: list[int] | None,
    kind: str | None,
    mailboxes: int,
    each: int,
    lease_seconds: float,
    now: datetime,
) -> dict[int, int]:
    """Claim due messages of the transaction's tenant.

    Claims of all processes are made one after the other, until this transaction ends, so that no number of workers lets one
    more through.

    Args:
        transaction: a brief one: others wait for it.
        lane: of mailboxes in this lane, or None for all.
        mailbox_ids: only these, or None for all.
        kind: only messages of this kind, or None for all.
        mailboxes: of at most so many.
        each: of each one, or up to so many where no limit is narrow.
        lease_seconds: how long they are the worker's, by the database's clock.
        now: business time, aware UTC.

    Returns:
        The token of each claimed message, by its id.
    """
    claims = Claims(mailboxes, each)
    cells: dict[Key, Cell] = {}
    pages = transaction.pages(
        "send/claimable",
        Candidate,
        _looks(mailboxes),
        lane=lane,
        mailbox_ids=mailbox_ids,
        kind=kind,
        each=each + _MORE_OF_A_MAILBOX,
        now=now,
    )
    tenant_id = str(transaction.tenant_id)
    for page in pages:
        wanted = {key for candidate in page for key in candidate.keys(tenant_id)} - cells.keys()
        found = transaction.all("send/limits_now", Cell, cells=_columns(sorted(wanted)))
        cells |= {(cell.scope, cell.key): cell for cell in found}
        before = len(claims.message_ids)
        claims.choose(page, cells, tenant_id=tenant_id)
        # What a mailbox may send beside its first lies near that, or waits for the next claim.
        if claims.is_full or (claims.has_every_mailbox and len(claims.message_ids) == before):
            break
    if not claims.message_ids:
        return {}
    counted = sorted(claims.counts)
    claimed = {
        "ids": claims.message_ids,
        **_columns(counted),
        "counts": [claims.counts[key] for key in counted],
        "holders": [message_id for message_id, _ in claims.holds],
        "held_scopes": [scope for _, (scope, _) in claims.holds],
        "held_keys": [key for _, (_, key) in claims.holds],
        "tried_hosts": claims.tried_hosts,
    }
    rows = transaction.rows("send/claim", claimed=claimed, lease_seconds=lease_seconds)
    return {row["message_id"]: row["token"] for row in rows}


def _looks(mailboxes: int) -> Iterator[int]:
    size = _FIRST_LOOK * mailboxes
    while True:
        yield min(size, _MOST_AT_A_LOOK)
        size *= 2


def _columns(keys: list[Key]) -> dict[str, list[str]]:
    return {"scopes": [scope for scope, _ in keys], "keys": [key for _, key in keys]}
