"""Claims: no limit is passed, whoever has room goes, and what waits keeps nobody else waiting."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from outreach_pipeline.core.send.claims import Candidate, Cell, Claims

_TENANT = "t"
_MAILBOXES, _DOMAINS = 4, 3
_WIDE_SECONDS, _NARROW_SECONDS = 0.001, 0.4


def _due(number: int, *, mailbox: int = 0, domain: str = "a.test", **host: bool) -> Candidate:
    return Candidate(number, mailbox, domain, "google_workspace", "smtp:587", **host)


def _cell(
    key: str, *, ahead: float = 0, interval: float = _WIDE_SECONDS, burst: int = 99, in_flight: int | None = None
):
    return Cell("recipient_domain", key, ahead, interval, burst, in_flight, 0)


def _claimed(candidates, *cells, mailboxes: int = 9, each: int = 8) -> Claims:
    claims = Claims(mailboxes, each)
    claims.choose(candidates, {(cell.scope, cell.key): cell for cell in cells}, tenant_id=_TENANT)
    return claims


def test_a_burst_goes_and_the_next_waits_for_its_turn():
    due = [_due(number, mailbox=number) for number in range(5)]
    assert _claimed(due, _cell("a.test", interval=_WIDE_SECONDS, burst=3)).message_ids == [0, 1, 2]
    assert _claimed(due, _cell("a.test", interval=_WIDE_SECONDS, burst=3, ahead=0.001)).message_ids == [0, 1]
    assert _claimed(due, _cell("a.test", interval=_WIDE_SECONDS, burst=3, ahead=0.0021)).message_ids == []


def test_of_a_narrow_burst_a_tenth_of_a_second_is_kept_as_when_it_begins():
    due = [_due(number, mailbox=number) for number in range(5)]
    assert _claimed(due, _cell("a.test", interval=_NARROW_SECONDS, burst=3)).message_ids == [0, 1]
    assert _claimed(due, _cell("a.test", interval=0.05, burst=5)).message_ids == [0, 1, 2]
    assert _claimed(due, _cell("a.test", interval=_NARROW_SECONDS, burst=1)).message_ids == [0]
    assert _claimed(due, _cell("a.test", interval=_NARROW_SECONDS, burst=1, ahead=0.01)).message_ids == []


def test_a_narrow_limit_s_next_turns_are_claimed_a_quarter_of_a_second_early_one_a_mailbox_that_has_nothing_else():
    due = [_due(number, mailbox=number) for number in range(9)]
    for interval, taken in ((0.05, 6), (0.1, 3), (0.2, 2), (_NARROW_SECONDS, 1), (_WIDE_SECONDS, 1)):
        claims = _claimed(due, _cell("a.test", interval=interval, burst=1))
        assert claims.message_ids == [0]
        claims.choose_early()
        assert claims.message_ids == list(range(taken))
        assert claims.counts["recipient_domain", "a.test"] == taken
    # A mailbox with something that may go now does not wait for what may go soon, nor behind what it serves already.
    soon = _cell("a.test", interval=0.1, burst=1, ahead=0.2)
    claims = Claims(9, 8, frozenset({2}))
    due = [_due(1), _due(2, domain="b.test"), _due(3, mailbox=1), _due(4, mailbox=2), _due(5, mailbox=3)]
    claims.choose(due, {(soon.scope, soon.key): soon}, tenant_id=_TENANT)
    claims.choose_early()
    assert claims.message_ids == [2, 3]


def test_neither_a_mailbox_s_own_gap_nor_a_place_in_flight_is_taken_early():
    for cell in (
        Cell("mailbox", "0", 0.1, 0.2, 1, None, 0),
        _cell("a.test", interval=0.1, burst=1, ahead=0.1, in_flight=1),
    ):
        cell.holders = 1
        claims = _claimed([_due(1)], cell)
        claims.choose_early()
        assert claims.message_ids == []
    failing = _claimed([_due(1, is_host_failing=True, may_try_host=True)], _cell("a.test", interval=0.1, ahead=9.95))
    failing.choose_early()
    assert failing.message_ids == []


def test_what_waits_keeps_nobody_else_waiting():
    due = [_due(1), _due(2, domain="b.test"), _due(3, mailbox=1)]
    full = _cell("a.test", in_flight=1)
    full.take()
    assert _claimed(due, full).message_ids == [2]


def test_a_mailbox_may_take_more_until_it_is_full_or_its_last_due_has_been_seen():
    claims = Claims(2, 2)
    claims.choose([_due(1, mailbox=1), _due(2, mailbox=2), _due(3, mailbox=1)], {}, tenant_id=_TENANT)
    assert (claims.message_ids, claims.may_take_more) == ([1, 2, 3], {2})
    # A third mailbox is one too many.
    claims.choose([_due(2, mailbox=2), _due(4, mailbox=1), _due(5, mailbox=3)], {}, tenant_id=_TENANT)
    assert (claims.message_ids, claims.may_take_more) == ([1, 2, 3], {2})
    claims.choose([_due(6, mailbox=2, is_last=True)], {}, tenant_id=_TENANT)
    assert (claims.message_ids, claims.may_take_more) == ([1, 2, 3, 6], set())


def test_where_a_narrow_limit_keeps_the_next_message_waiting_nobody_looks_further():
    cells = {("recipient_domain", "a.test"): _cell("a.test", interval=_NARROW_SECONDS)}
    claims = Claims(9, 8)
    claims.choose([_due(1), _due(2), _due(3, mailbox=1)], cells, tenant_id=_TENANT)
    assert (claims.message_ids, claims.may_take_more) == ([1, 3], {1})
    # Who had another message that may go is looked at further, and who waits for a recipient's limit alone.
    cells["recipient_domain", "c.test"] = _cell("c.test", ahead=9, burst=1)
    claims.choose([_due(4, mailbox=2, domain="c.test"), _due(5, domain="b.test")], cells, tenant_id=_TENANT)
    assert (claims.message_ids, claims.may_take_more) == ([1, 3, 5], {0, 1, 2})


def test_whose_own_limit_or_host_keeps_it_waiting_is_looked_at_no_further():
    cells = {("mailbox", "1"): Cell("mailbox", "1", 2, 9, 1, None, 0)}
    claims = Claims(9, 8)
    claims.choose([_due(1, mailbox=1), _due(2, mailbox=2, is_host_failing=True)], cells, tenant_id=_TENANT)
    assert (claims.message_ids, claims.may_take_more) == ([], set())


def test_nothing_is_claimed_behind_another_where_a_limit_is_narrow():
    due = [_due(1), _due(2)]
    assert _claimed(due).message_ids == [1, 2]
    assert _claimed(due, _cell("a.test", interval=_NARROW_SECONDS)).message_ids == [1]
    assert _claimed(due, _cell("a.test", in_flight=7)).message_ids == [1]
    assert _claimed(due, _cell("a.test", in_flight=8)).message_ids == [1, 2]


def test_what_the_worker_has_of_a_mailbox_already_is_before_it_and_counts_as_no_mailbox():
    due = [_due(1, mailbox=7), _due(2, mailbox=7), _due(3, mailbox=1), _due(4, mailbox=2)]
    claims = Claims(1, 8, frozenset({7}))
    claims.choose(due, {}, tenant_id=_TENANT)
    assert claims.message_ids == [1, 2, 3]
    claims = Claims(1, 8, frozenset({7}))
    claims.choose(due, {("recipient_domain", "a.test"): _cell("a.test", interval=_NARROW_SECONDS)}, tenant_id=_TENANT)
    assert claims.message_ids == [3]


def test_one_message_tries_a_host_that_fails_and_none_before_its_time():
    due = [_due(number, mailbox=number // 2, is_host_failing=True, may_try_host=True) for number in range(4)]
    claims = _claimed(due)
    assert (claims.message_ids, claims.tried_hosts) == ([0], ["smtp:587"])
    assert _claimed([_due(1, is_host_failing=True)]).message_ids == []


def test_places_and_turns_are_counted_by_limit():
    claims = _claimed([_due(1), _due(2, mailbox=1, domain="b.test")], _cell("a.test"), _cell("b.test", in_flight=1))
    assert claims.counts == {("recipient_domain", "a.test"): 1, ("recipient_domain", "b.test"): 1}
    assert claims.holds == [(2, ("recipient_domain", "b.test"))]


_candidates = st.lists(
    st.tuples(st.integers(0, _MAILBOXES - 1), st.integers(0, _DOMAINS - 1)), min_size=1, max_size=40
).map(lambda rows: [_due(n, mailbox=mailbox, domain=f"{domain}.test") for n, (mailbox, domain) in enumerate(rows)])
_cells = st.lists(
    st.builds(
        _cell,
        st.just(""),
        ahead=st.floats(0, 2),
        interval=st.sampled_from([_WIDE_SECONDS, 0.1, _NARROW_SECONDS]),
        burst=st.integers(1, 6),
        in_flight=st.none() | st.integers(1, 6),
    ),
    min_size=_DOMAINS,
    max_size=_DOMAINS,
)


@given(_candidates, _cells, st.integers(1, _MAILBOXES), st.integers(1, 4))
def test_no_limit_is_passed_and_nobody_with_room_is_left(due, cells, mailboxes, each):
    before = [cell.ahead_seconds for cell in cells]
    for number, cell in enumerate(cells):
        cell.key = f"{number}.test"
    claims = _claimed(due, *cells, mailboxes=mailboxes, each=each)
    claimed = [candidate for candidate in due if candidate.message_id in claims.message_ids]
    of_mailbox = Counter(candidate.mailbox_id for candidate in claimed)
    assert len(of_mailbox) <= mailboxes
    assert max(of_mailbox.values(), default=0) <= each
    for cell, ahead in zip(cells, before, strict=True):
        taken = sum(candidate.company_domain == cell.key for candidate in claimed)
        assert taken == claims.counts["recipient_domain", cell.key] == cell.holders
        assert cell.in_flight is None or taken <= cell.in_flight
        # The last one that went was within the burst.
        assert not taken or ahead + (taken - cell.burst) * cell.interval_seconds <= 1e-5
    if len(of_mailbox) < mailboxes:
        room = {cell.key for cell in cells if cell.has_room}
        assert not [each for each in due if each.mailbox_id not in of_mailbox and each.company_domain in room]


def test_more_candidates_go_on_where_the_first_ended():
    claims = Claims(2, 1)
    claims.choose([_due(1), _due(2)], {}, tenant_id=_TENANT)
    assert not claims.has_every_mailbox
    claims.choose([_due(1), _due(2), _due(3, mailbox=1), _due(4, mailbox=2)], {}, tenant_id=_TENANT)
    assert (claims.message_ids, claims.has_every_mailbox, claims.may_take_more) == ([1, 3], True, set())
