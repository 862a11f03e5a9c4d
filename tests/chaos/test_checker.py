"""The judge of the matrix turns red for each kind of planted history, and not for a clean one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.chaos.checker import Accepted, History, Limit, OnWire, Row, check

_LIMIT = Limit("limited.example", in_flight=1, interval_seconds=1.0)
_ONE = Accepted("one@acme.example", "a@acme.example", "one@limited.example", 100.0)
_TWO = Accepted("two@acme.example", "b@acme.example", "two@limited.example", 103.0)
_ROW = Row(1, "one@acme.example", "a@acme.example", "one@limited.example", "sent", next_step=2, sent_events=1)
_OTHER = Row(2, "two@acme.example", "b@acme.example", "two@limited.example", "sent", next_step=2, sent_events=1)
_CLEAN = History(
    accepted=[_ONE, _TWO],
    wire=[
        OnWire("a@acme.example", "one@limited.example", 99.8, 99.9, 100.1),
        OnWire("b@acme.example", "two@limited.example", 102.8, 102.9, 103.1),
    ],
    rows=[_ROW, _OTHER],
    limits=[_LIMIT],
    late=0,
)


def test_a_clean_history_has_no_findings():
    assert list(check(_CLEAN)) == []
    unknown = replace(_ROW, state="presumed_sent", sent_events=0)
    dead = Row(3, "three@acme.example", "a@acme.example", "3@x.example", "failed", is_dead=True, is_suppressed=True)
    out = Row(
        4, "four@acme.example", "a@acme.example", "4@x.example", "cancelled", "suppressed_stop", is_suppressed=True
    )
    assert list(check(replace(_CLEAN, rows=[unknown, _OTHER, dead, out]))) == []


@pytest.mark.parametrize(
    "second", [replace(_ONE, at=200.0), replace(_ONE, message_id="again@acme.example", at=200.0)], ids=["id", "address"]
)
def test_what_was_accepted_twice_is_found(second):
    again = replace(_ROW, id=5, message_id="again@acme.example")
    found = check(
        replace(
            _CLEAN,
            accepted=[_ONE, _TWO, second],
            rows=[_ROW, _OTHER, again][: 2 + (second.message_id != _ONE.message_id)],
        )
    )
    assert found.sent_twice


@pytest.mark.parametrize("state", ["planned", "deferred", "failed", "cancelled", "claimed", "sending"])
def test_what_was_accepted_and_is_not_known_as_sent_is_lost(state):
    row = replace(_ROW, state=state, reason="any", is_suppressed=True, is_dead=True)
    assert any("accepted, and" in text for text in check(replace(_CLEAN, rows=[row, _OTHER])).lost)


def test_what_was_accepted_and_is_in_no_ledger_is_lost():
    assert check(replace(_CLEAN, rows=[_OTHER])).lost == ["one@limited.example: accepted, and not in the ledger"]


@pytest.mark.parametrize(
    "row",
    [
        replace(_ROW, state="outcome_unknown"),
        replace(_ROW, next_step=1),
        replace(_ROW, sent_events=0),
        replace(_ROW, sent_events=2),
        replace(_ROW, state="presumed_sent", next_step=1),
    ],
    ids=["unknown for good", "sequence stands", "no event", "two events", "presumed, sequence stands"],
)
def test_what_has_to_follow_from_a_send_and_does_not_is_lost(row):
    assert check(replace(_CLEAN, rows=[row, _OTHER])).lost


@pytest.mark.parametrize(
    "row",
    [
        Row(3, "three@acme.example", "a@acme.example", "3@x.example", "planned"),
        Row(3, "three@acme.example", "a@acme.example", "3@x.example", "sent", next_step=2, sent_events=1),
        Row(3, "three@acme.example", "a@acme.example", "3@x.example", "cancelled", "gave_up"),
        Row(3, "three@acme.example", "a@acme.example", "3@x.example", "cancelled", is_suppressed=True),
        Row(3, "three@acme.example", "a@acme.example", "3@x.example", "failed", is_dead=True),
        Row(3, "three@acme.example", "a@acme.example", "3@x.example", "failed", is_suppressed=True),
    ],
    ids=["unfinished", "never accepted", "given up", "no reason", "dead and not suppressed", "failed without cause"],
)
def test_what_was_never_accepted_has_to_end_with_its_cause(row):
    assert check(replace(_CLEAN, rows=[_ROW, _OTHER, row])).lost


def test_a_lease_without_a_send_in_flight_is_stuck():
    assert check(replace(_CLEAN, holders=[1])).stuck_leases == ["message 1 holds a place in flight, and is not"]
    assert check(replace(_CLEAN, rows=[replace(_ROW, state="sending"), _OTHER])).stuck_leases
    assert check(replace(_CLEAN, rows=[replace(_ROW, lease_outlives=True), _OTHER])).stuck_leases


def test_two_in_flight_from_one_mailbox_or_to_one_domain_pass_a_limit():
    same_mailbox = OnWire("a@acme.example", "three@x.example", 99.9, 100.05, 100.5)
    assert check(replace(_CLEAN, wire=[*_CLEAN.wire, same_mailbox])).limits_passed
    same_domain = OnWire("c@acme.example", "three@limited.example", 99.9, 100.05, 100.5)
    assert check(replace(_CLEAN, wire=[*_CLEAN.wire, same_domain])).limits_passed
    # Whose lease was over before the other began is not in flight any more, whatever its connection says.
    assert not check(replace(_CLEAN, wire=[*_CLEAN.wire, replace(same_domain, data_at=100.2)]))
    hung = [OnWire("a@acme.example", "one@limited.example", 99.8, 99.9, 200.0), *_CLEAN.wire[1:]]
    assert check(replace(_CLEAN, wire=hung)).limits_passed
    assert not check(replace(_CLEAN, wire=hung, leases_ended_at=[101.0]))


def test_more_than_a_rate_allows_pass_a_limit():
    people = [f"p{number}@limited.example" for number in range(5)]
    rows = [
        Row(n, f"{n}@acme.example", "a@acme.example", to, "sent", next_step=2, sent_events=1)
        for n, to in enumerate(people)
    ]

    def arriving(*times: float) -> History:
        lines = [Accepted(f"{n}@acme.example", "a@acme.example", people[n], at) for n, at in enumerate(times)]
        return History(accepted=lines, wire=[], rows=rows, limits=[_LIMIT], late=0)

    assert not check(arriving(0, 1, 2, 3, 4))
    assert not check(arriving(0, 0.8, 2, 2.9, 4))
    assert check(arriving(0, 0.1, 2, 3, 4)).limits_passed
    assert check(arriving(0, 1, 2, 2.1, 2.2)).limits_passed
    # One that a fault has delayed may come close upon the others, two may not.
    assert not check(replace(arriving(0, 1, 2, 2.1, 3), late=1))
    assert check(replace(arriving(0, 1, 2, 2.1, 2.2), late=1)).limits_passed


def test_a_send_begun_after_a_committed_opt_out_passes_a_limit():
    assert check(replace(_CLEAN, opt_outs={"one@limited.example": 99.0})).limits_passed
    # Begun before, and in flight while the opt-out came.
    assert not check(replace(_CLEAN, opt_outs={"one@limited.example": 99.95}))


def test_what_a_stopped_sender_finishes_passes_a_limit():
    assert check(replace(_CLEAN, unfenced=["it finished"])).limits_passed == ["it finished"]
