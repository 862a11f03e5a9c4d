"""Which lane a new mailbox belongs to. A lane is what one run sends or syncs; a mailbox keeps its lane for good.

Belongs here: the choice. Does not: how lanes are run.
"""

from __future__ import annotations

from collections.abc import Mapping


def assign_lanes(sizes: Mapping[int, int], *, own: frozenset[int], count: int, lane_size: int) -> list[int]:
    """Choose lanes for new mailboxes of one tenant: its own with room first, then one that takes the rest, then new ones.

    So small tenants share a lane, a large one is split, and no mailbox ever moves.

    Args:
        sizes: mailboxes in each lane, over all tenants.
        own: the lanes in which the tenant has mailboxes already.
        count: how many mailboxes are new.
        lane_size: the most mailboxes of a lane.

    Returns:
        One lane number a new mailbox, in order.
    """
    filled = dict(sizes)
    chosen: list[int] = []
    home = set(own)
    while len(chosen) < count:
        rest = count - len(chosen)
        room = {lane: lane_size - size for lane, size in filled.items() if size < lane_size}
        at_home = sorted(lane for lane in room if lane in home)
        takes_all = sorted((room[lane], lane) for lane in room if room[lane] >= rest)
        if at_home:
            lane = at_home[0]
        elif takes_all:
            lane = takes_all[0][1]
        else:
            lane = max(filled, default=-1) + 1
        taken = min(rest, room.get(lane, lane_size))
        chosen += [lane] * taken
        filled[lane] = filled.get(lane, 0) + taken
        home.add(lane)
    return chosen
