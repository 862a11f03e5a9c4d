"""Which due messages may go now: one after the other, within every rate and every number that may be in flight.

Belongs here: the decision, made of what the database holds under the lock of the claims. Does not: reading it or writing it
down (workflows.claim).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from outreach_pipeline.core.send.limits import LOOK_EVERY_SECONDS, WIDE_INTERVAL_SECONDS

# The database keeps microseconds: what is left of sums of these is no waiting.
_NOTHING_SECONDS = 1e-6
# What waits behind another message of its mailbox holds no more than this part of what may be in flight.
_WIDE_SHARE = 4
# What a narrow limit keeps of its burst for the way to the server, which takes one message longer than another: as when it begins.
_KEPT_SECONDS = 0.1
# Limits in which every message of a mailbox counts.
_OF_THE_MAILBOX = frozenset({"mailbox", "tenant", "provider_host"})
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A due message.

    A host is failing while its breaker is not closed, and may be tried when the breaker's time has come. ``is_last`` marks
    the last message that its mailbox has due.
    """

    message_id: int
    mailbox_id: int
    company_domain: str
    recipient_site: str
    host: str
    is_host_failing: bool = False
    may_try_host: bool = False
    is_last: bool = False

    def keys(self, tenant_id: str) -> tuple[Key, ...]:
        """Return scope and key of every limit that it counts in."""
        return (
            ("mailbox", str(self.mailbox_id)),
            ("tenant", tenant_id),
            ("recipient_domain", self.company_domain),
            ("recipient_site", self.recipient_site),
            ("provider_host", self.host),
        )


@dataclass(slots=True)
class Cell:
    """A limit as it is now: GCRA by ``ahead_seconds``, places by ``holders``.

    Source: the generic cell rate algorithm, ITU-T I.371, virtual scheduling.

    Attributes:
        scope: what it limits.
        key: whose.
        ahead_seconds: by how much its theoretical arrival time is ahead of the clock, 0 or more.
        interval_seconds: between two messages.
        burst: how many may go at once, at least 1.
        in_flight: how many may be in flight; None: any number.
        holders: how many are.
    """

    scope: str
    key: str
    ahead_seconds: float
    interval_seconds: float
    burst: int
    in_flight: int | None
    holders: int

    @property
    def has_room(self) -> bool:
        """Tell whether one more message may go now."""
        return self._has_room_in(0)

    @property
    def has_room_soon(self) -> bool:
        """Tell whether one more message may be claimed, which waits for its turn as it begins."""
        # Else a narrow limit let no more through than one burst each time somebody looks. A mailbox's gap is looked at by claims alone.
        is_asked_again = self.scope != "mailbox" and self.interval_seconds > WIDE_INTERVAL_SECONDS
        return self._has_room_in(LOOK_EVERY_SECONDS if is_asked_again else 0)

    def _has_room_in(self, seconds: float) -> bool:
        if self.in_flight is not None and self.holders >= self.in_flight:
            return False
        may_be_ahead = self.interval_seconds * (self.burst - 1)
        if self.interval_seconds > WIDE_INTERVAL_SECONDS:
            may_be_ahead = max(may_be_ahead - _KEPT_SECONDS, 0)
        return self.ahead_seconds - may_be_ahead - seconds <= _NOTHING_SECONDS

    @property
    def is_wide(self) -> bool:
        """Tell whether a message may be claimed that goes only after another one of its mailbox."""
        if self.interval_seconds > WIDE_INTERVAL_SECONDS:
            return False
        return self.in_flight is None or _WIDE_SHARE * (1 + self.holders) <= self.in_flight

    def take(self) -> None:
        """Count one message."""
        self.ahead_seconds += self.interval_seconds
        self.holders += 1


@dataclass(slots=True)
class Claims:
    """What is claimed: message ids in their order, messages a limit, who holds which place, and the hosts that are tried.

    Of at most ``mailboxes``, up to ``each`` of one; ``ahead`` are others that the worker serves already, whose next messages
    stand behind what it has of them.
    """

    mailboxes: int
    each: int
    ahead: frozenset[int] = frozenset()
    message_ids: list[int] = field(default_factory=list)
    counts: Counter[Key] = field(default_factory=Counter)
    holds: list[tuple[int, Key]] = field(default_factory=list)
    tried_hosts: list[str] = field(default_factory=list)
    _of_mailbox: Counter[int] = field(default_factory=Counter)
    _chosen: set[int] = field(default_factory=set)
    # Mailboxes that have something due, those of which all of it has been looked at, and those whose next message waits for
    # what their others wait for too, as far as has been looked: their own limit, a failing host, one that is narrow.
    _with_due: set[int] = field(default_factory=set)
    _seen_whole: set[int] = field(default_factory=set)
    _waiting: set[int] = field(default_factory=set)
    # The first message of a mailbox whose turn may come soon, with its limits.
    _soon: dict[int, tuple[Candidate, list[Cell]]] = field(default_factory=dict)

    @property
    def may_take_more(self) -> set[int]:
        """Mailboxes of which more might be claimed than has been looked at."""
        return {
            each
            for each in self._with_due - self._seen_whole - self._waiting
            if self._of_mailbox[each] < self.each and self._may_have(each)
        }

    @property
    def has_every_mailbox(self) -> bool:
        """Tell whether no further mailbox may be served."""
        return len(self._of_mailbox.keys() - self.ahead) >= self.mailboxes

    def _may_have(self, mailbox_id: int) -> bool:
        return self._of_mailbox[mailbox_id] > 0 or mailbox_id in self.ahead or not self.has_every_mailbox

    def choose(self, candidates: Iterable[Candidate], cells: Mapping[Key, Cell], *, tenant_id: str) -> None:
        """Claim what may go, in the order given; may be called again with more candidates, the same among them, and cells.

        Args:
            candidates: of mailboxes that have nothing claimed or in flight, by when they are due.
            cells: the limits that they count in; a key without one is free. They are counted on.
            tenant_id: whose they are.
        """
        most = (self.mailboxes + len(self.ahead)) * self.each
        for candidate in candidates:
            if len(self.message_ids) >= most:
                return
            if not self._may_be_next(candidate):
                continue
            counted = [cells[key] for key in candidate.keys(tenant_id) if key in cells]
            full = [cell for cell in counted if not cell.has_room]
            is_first = self._of_mailbox[candidate.mailbox_id] == 0 and candidate.mailbox_id not in self.ahead
            is_behind = not is_first and not all(cell.is_wide for cell in counted)
            if is_first and full and not candidate.is_host_failing and all(cell.has_room_soon for cell in full):
                self._soon.setdefault(candidate.mailbox_id, (candidate, counted))
            if any(cell.scope in _OF_THE_MAILBOX for cell in full) or (is_behind and not full):
                self._waiting.add(candidate.mailbox_id)
            elif not full:
                self._take(candidate, counted)

    def choose_early(self) -> None:
        """Claim for mailboxes that have nothing that may go now what may go soon; after the last ``choose``."""
        for mailbox_id, (candidate, counted) in self._soon.items():
            if (
                not self._of_mailbox[mailbox_id]
                and self._may_have(mailbox_id)
                and all(cell.has_room_soon for cell in counted)
            ):
                self._take(candidate, counted)

    def _may_be_next(self, candidate: Candidate) -> bool:
        """Note that a message has been looked at, and tell whether its mailbox and its host may have another one."""
        mailbox_id = candidate.mailbox_id
        self._with_due.add(mailbox_id)
        if candidate.is_last:
            self._seen_whole.add(mailbox_id)
        before = self._of_mailbox[mailbox_id]
        if before >= self.each or not self._may_have(mailbox_id) or candidate.message_id in self._chosen:
            return False
        if candidate.is_host_failing and (before or not candidate.may_try_host or candidate.host in self.tried_hosts):
            self._waiting.add(mailbox_id)
            return False
        return True

    def _take(self, candidate: Candidate, counted: Sequence[Cell]) -> None:
        if candidate.is_host_failing:
            self.tried_hosts.append(candidate.host)
        for cell in counted:
            cell.take()
            self.counts[cell.scope, cell.key] += 1
            if cell.in_flight is not None:
                self.holds.append((candidate.message_id, (cell.scope, cell.key)))
        self.message_ids.append(candidate.message_id)
        self._chosen.add(candidate.message_id)
        self._of_mailbox[candidate.mailbox_id] += 1
        self._waiting.discard(candidate.mailbox_id)
