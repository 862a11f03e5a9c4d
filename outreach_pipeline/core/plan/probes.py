"""Which mailboxes have room for a placement probe: inside every cap, beside all that is planned.

Belongs here: counting down what the caps leave. Does not: the caps themselves (capacity, shared_caps), or who probes whom
(workflows.warmup_send).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from outreach_pipeline.core.plan.calendar import milliseconds
from outreach_pipeline.core.plan.capacity import capacities, earliest_start
from outreach_pipeline.core.plan.inputs import PlanFacts
from outreach_pipeline.core.plan.shared_caps import groups_of


def with_planned(facts: PlanFacts, planned: Mapping[int, Sequence[int]], *, accounts_roll: bool) -> PlanFacts:
    """Return the facts with the date's planned messages among what stands: a plan would move them, a probe leaves them.

    Args:
        facts: as a plan of the date reads them.
        planned: mailbox id -> when its planned messages are due, epoch milliseconds.
        accounts_roll: whether provider accounts count by the last 24 hours (workflows.plan_inputs.account_rolls).
    """
    of_account: dict[int | None, list[int]] = {}
    for box in facts.mailboxes:
        of_account.setdefault(box.provider_account_id, []).extend(planned.get(box.id, ()))
    return replace(
        facts,
        mailboxes=tuple(
            replace(box, ours_at=tuple(sorted((*box.ours_at, *planned.get(box.id, ()))))) for box in facts.mailboxes
        ),
        accounts=tuple(
            replace(account, sent_at=(*account.sent_at, *((at, 1) for at in own)))
            if accounts_roll
            else replace(account, taken=account.taken + len(own))
            for account in facts.accounts
            for own in [of_account.get(account.id, [])]
        ),
    )


def with_room(facts: PlanFacts, mailbox_ids: Sequence[int]) -> list[int]:
    """Return those of the mailboxes that may send one message more at once, each counted for those after it.

    Args:
        facts: what stands, planned messages among it (``with_planned``).
        mailbox_ids: in the order in which they are served.
    """
    per_mailbox, groups = capacities(facts, None)
    own = {each.mailbox_id: each.free_at for each in per_mailbox}
    shared = {(group.kind, group.id): group.free_at for group in groups}
    boxes = {box.id: box for box in facts.mailboxes}
    used = Counter[tuple[str, int]]()
    found = []
    for mailbox_id in mailbox_ids:
        box = boxes[mailbox_id]
        keys = [key for key in groups_of(box) if key in shared]
        # A place that comes free later in the day is left to what is planned then.
        is_free = own[mailbox_id][:1] == (earliest_start(facts, box),)
        if is_free and all(_is_free(shared[key], used[key], now=milliseconds(facts.now)) for key in keys):
            used.update(keys)
            found.append(mailbox_id)
    return found


def _is_free(free_at: Sequence[int], used: int, *, now: int) -> bool:
    return used < len(free_at) and free_at[used] <= now
