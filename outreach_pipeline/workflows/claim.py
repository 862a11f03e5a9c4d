"""Claims due messages for one worker: looks at what is due and what every limit holds, decides, and writes it down.

Belongs here: the one transaction that all claims of all processes go through in turn. Does not: the decision
(core.send.claims), or who claims and when (workflows.send_email).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.send.claims import Candidate, Cell, Claims, Key
from outreach_pipeline.workflows.claimed_message import ClaimedMessage

# So many due messages of a mailbox are looked at first, and all that it may take the next time, if it may take more: where each
# has one due or a limit is narrow that is enough, and nearly all cost is that of looking.
FIRST_OF_A_MAILBOX = 4
# Some more than may be taken: where a recipient's limit keeps one waiting, a later one may go.
_MORE_OF_A_MAILBOX = 4
# So many in all for each mailbox that may be served, and so many times more the next time, until there are no others.
_FIRST_LOOK = 2
_EACH_LOOK_MORE = 4


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
    looks_deep: bool = False,
    own: Mapping[int, Collection[int]] | None = None,
) -> Callable[[], list[ClaimedMessage]]:
    """Claim due messages of the transaction's tenant.

    Claims of all processes are made one after the other, until this transaction ends, so that no number of workers lets one
    more through.

    Args:
        transaction: a brief one, best in a pipeline: others wait for it.
        lane: of mailboxes in this lane, or None for all.
        mailbox_ids: only these, or None for all.
        kind: only messages of this kind, or None for all.
        mailboxes: of at most so many.
        each: of each one, or up to so many where no limit is narrow.
        lease_seconds: how long they are the worker's, by the database's clock.
        now: business time, aware UTC.
        own: mailboxes that the worker serves already and whose next messages it wants, with the tokens of what it has claimed of
            them; they are beside the number of mailboxes.
        looks_deep: look at once at all that a mailbox may take, where that is what will be taken.

    Returns:
        What gives the claimed messages, those of a mailbox side by side by when they are due.
    """
    own = own or {}
    claims = Claims(mailboxes, each, frozenset(own))
    cells: dict[Key, Cell] = {}
    deepest = each + _MORE_OF_A_MAILBOX
    depth = deepest if looks_deep else min(FIRST_OF_A_MAILBOX, deepest)
    for most in _looks(_FIRST_LOOK * mailboxes + deepest * len(own)):
        (found,) = transaction.rows(
            "send/look_at_due",
            lane=lane,
            mailbox_ids=mailbox_ids,
            kind=kind,
            each=depth,
            most=most,
            now=now,
            own_tokens=[token for tokens in own.values() for token in tokens],
        )
        candidates = [Candidate(*row) for row in found["candidates"] or ()]
        looked = (Cell(*row) for row in found["cells"] or ())
        cells = {(cell.scope, cell.key): cell for cell in looked} | cells
        claims.choose(candidates, cells, tenant_id=str(transaction.tenant_id))
        is_all = len(candidates) < most
        if is_all or claims.has_every_mailbox:
            mailbox_ids = sorted(claims.may_take_more)
        if mailbox_ids == [] or (is_all and depth == deepest):
            break
        depth = deepest
    claims.choose_early()
    if not claims.message_ids:
        return list
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
    taken = transaction.ask("send/claim", claimed=claimed, lease_seconds=lease_seconds)
    messages = transaction.ask("send/claimed_messages", ClaimedMessage, ids=claims.message_ids)

    def answer() -> list[ClaimedMessage]:
        tokens = {(row["message_id"], row["token"]) for row in taken()}
        return [each for each in messages() if (each.id, each.token) in tokens]

    return answer


def _looks(first: int) -> Iterator[int]:
    most = first
    while True:
        yield most
        most *= _EACH_LOOK_MORE


def _columns(keys: list[Key]) -> dict[str, list[str]]:
    return {"scopes": [scope for scope, _ in keys], "keys": [key for _, key in keys]}
