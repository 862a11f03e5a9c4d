"""A small day in which everything agrees, and then one thing is wrong at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from outreach_pipeline.core.watch.judge import CapFact, EventFact, MessageFact, judge

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
TODAY = date(2026, 5, 4)
MAILBOX = "ann@acme.example"


def _message(number, state="sent", **values):
    message = MessageFact(
        id=number,
        tenant="acme",
        mailbox=MAILBOX,
        to_address=f"p{number}@corp.example",
        message_id=f"<m{number}@acme.example>",
        wire_message_id=None,
        kind="campaign",
        state=state,
        reason=None,
        plan_date=TODAY,
        window_ends_at=NOW - timedelta(hours=1),
        unknown_until=None,
    )
    return replace(message, **values)


def _accepted(number, **values):
    return {
        "type": "accepted",
        "at": "2026-05-04T12:00:00+00:00",
        "id": f"a-{number}",
        "mail_from": MAILBOX,
        "rcpt": f"p{number}@corp.example",
        "message_id": f"<m{number}@acme.example>",
        **values,
    }


def _reaction(number, kind, **values):
    return {
        "type": "reaction",
        "at": "2026-05-04T12:01:00+00:00",
        "mail_from": MAILBOX,
        "rcpt": f"p{number}@corp.example",
        "message_id": f"<m{number}@acme.example>",
        "kind": kind,
        "bounce_class": None,
        "status": None,
        "intent": None,
        "return_date": None,
        "format": "mail",
        "observable": True,
        **values,
    }


def _event(number, kind, **values):
    return replace(
        EventFact(tenant="acme", message_id=number, kind=kind, bounce_class=None, recipient=f"p{number}@corp.example"),
        **values,
    )


def _judge(truth=(), messages=(), events=(), suppressions=(), caps=None):
    caps = [CapFact("acme", MAILBOX, TODAY, 10)] if caps is None else caps
    return judge(truth, messages=messages, events=events, suppressions=suppressions, caps=caps, now=NOW)


def test_a_day_on_which_both_sides_agree():
    truth = [
        {"type": "started", "at": "2026-05-04T11:00:00+00:00"},
        *(_accepted(number) for number in range(1, 7)),
        _reaction(1, "none", observable=False),
        _reaction(2, "bounced", bounce_class="hard"),
        _reaction(3, "reply", intent="stop"),
        _reaction(4, "auto_reply", return_date="2026-05-20"),
        _reaction(5, "complaint"),
        _reaction(6, "deferred", message_id=None, format="smtp"),
        _reaction(7, "bounced", message_id=None, format="smtp", bounce_class="block"),
    ]
    report = _judge(
        truth,
        messages=[*(_message(number) for number in range(1, 7)), _message(7, "failed"), _message(8, "cancelled")],
        events=[
            *(_event(number, "sent") for number in range(1, 7)),
            _event(2, "bounced", bounce_class="hard"),
            _event(3, "reply", intent="stop"),
            _event(4, "auto_reply", return_date=date(2026, 5, 20)),
            _event(5, "complaint"),
            _event(6, "deferred"),
            _event(7, "bounced", bounce_class="block"),
        ],
        suppressions={("acme", "p2@corp.example"), ("acme", "p3@corp.example"), ("acme", "corp.example")},
    )
    assert report.agrees, report
    assert report.planned == 8
    assert report.by_state == {"cancelled": 1, "failed": 1, "sent": 6}
    assert report.events["bounced/hard"] == report.truth["bounced/hard"] == 1
    assert report.truth["accepted"] == report.events["sent"] == 6


@pytest.mark.parametrize("state", ["outcome_unknown", "presumed_sent", "sent"])
def test_an_accepted_message_may_be_known_or_not_be_known_yet(state):
    report = _judge([_accepted(1)], [_message(1, state, unknown_until=NOW + timedelta(hours=1))])
    assert report.lost == []


@pytest.mark.parametrize("state", ["planned", "deferred", "claimed", "sending", "failed", "cancelled"])
def test_an_accepted_message_that_the_ledger_does_not_know_as_sent_is_lost(state):
    report = _judge([_accepted(1)], [_message(1, state, window_ends_at=NOW + timedelta(hours=1))])
    assert [each["why"] for each in report.lost] == ["accepted by the server and not known as sent"]
    assert not report.agrees


def test_an_accepted_message_without_a_row_is_lost_if_it_came_from_one_of_our_mailboxes():
    assert len(_judge([_accepted(1)]).lost) == 1
    assert _judge([_accepted(1, mail_from="operator@elsewhere.example")]).lost == []


def test_sent_and_never_accepted_is_lost():
    assert [each["why"] for each in _judge([], [_message(1)]).lost] == ["sent and never accepted by the server"]


def test_a_relays_own_message_id_counts_as_accepted():
    message = _message(1, wire_message_id="<other@relay.example>")
    assert _judge([_accepted(1, message_id="<other@relay.example>")], [message]).lost == []


@pytest.mark.parametrize("state", ["planned", "deferred", "claimed", "sending"])
def test_what_is_unfinished_after_its_window_is_lost_and_tomorrow_is_not(state):
    assert len(_judge([], [_message(1, state)]).lost) == 1
    assert _judge([], [_message(1, state, window_ends_at=NOW + timedelta(days=1))]).lost == []


def test_an_unknown_outcome_is_lost_after_its_deadline():
    assert len(_judge([], [_message(1, "outcome_unknown", unknown_until=NOW)]).lost) == 1
    assert _judge([], [_message(1, "outcome_unknown", unknown_until=NOW + timedelta(seconds=1))]).lost == []


def test_a_replanned_row_does_not_hide_the_one_that_lives_on():
    rows = [_message(1, "sent"), replace(_message(1, "cancelled", reason="replanned"), id=99)]
    for messages in (rows, rows[::-1]):
        report = _judge([_accepted(1)], messages)
        assert report.lost == []
        assert report.planned == 1


def test_accepted_twice_is_sent_twice():
    report = _judge([_accepted(1), _accepted(1, at="2026-05-04T12:05:00+00:00")], [_message(1)])
    assert [(each["message_id"], each["times"]) for each in report.sent_twice] == [("<m1@acme.example>", 2)]
    assert not report.agrees


def test_a_passed_cap_names_mailbox_and_date():
    messages = [
        _message(1),
        _message(2, "outcome_unknown", unknown_until=NOW + timedelta(hours=1)),
        _message(3, "failed"),
    ]
    truth = [_accepted(1), _accepted(2)]
    assert _judge(truth, messages, caps=[CapFact("acme", MAILBOX, TODAY, 2)]).caps_passed == []
    passed = _judge(truth, messages, caps=[CapFact("acme", MAILBOX, TODAY, 1)]).caps_passed
    assert passed == [{"tenant": "acme", "mailbox": MAILBOX, "date": "2026-05-04", "capacity": 1, "sends": 2}]


@pytest.mark.parametrize(
    "reaction, events, why",
    [
        (_reaction(1, "bounced", bounce_class="soft"), [], "no event bounced"),
        (_reaction(1, "reply", intent="meeting"), [_event(1, "auto_reply")], "no event reply"),
        (
            _reaction(1, "bounced", bounce_class="soft"),
            [_event(1, "bounced", bounce_class="block")],
            "bounce_class is soft, and was taken for block",
        ),
        (
            _reaction(1, "reply", intent="meeting"),
            [_event(1, "reply", intent="stop")],
            "intent is meeting, and was taken for stop",
        ),
        (
            _reaction(1, "auto_reply", return_date="2026-05-20"),
            [_event(1, "auto_reply", return_date=date(2026, 5, 21))],
            "return_date is 2026-05-20, and was taken for 2026-05-21",
        ),
        (_reaction(1, "complaint"), [_event(1, "complaint")], "recognised, and the address is not suppressed"),
        (_reaction(1, "unsubscribe"), [_event(1, "unsubscribe")], "recognised, and the address is not suppressed"),
        (_reaction(1, "delivered"), [_event(2, "delivered")], "no event delivered"),
        (_reaction(1, "deferred", message_id=None, format="smtp"), [], "no event deferred"),
    ],
)
def test_a_reaction_that_was_not_recognised_for_what_it_was(reaction, events, why):
    report = _judge([_accepted(1), reaction], [_message(1)], events)
    assert [each["why"] for each in report.unrecognised] == [why]
    assert not report.agrees


def test_what_nobody_can_observe_need_not_be_recognised():
    silent = _reaction(1, "none", observable=False)
    hidden = _reaction(1, "bounced", observable=False)
    assert _judge([_accepted(1), silent, hidden], [_message(1)]).agrees


def test_an_answer_that_died_with_its_worker_is_excused_and_only_that():
    reaction = _reaction(1, "deferred", message_id=None, format="smtp")
    assert _judge([_accepted(1), reaction], [_message(1, unrecorded_attempts=1)]).agrees
    by_mail = _reaction(1, "bounced", bounce_class="soft")
    assert not _judge([_accepted(1), by_mail], [_message(1, unrecorded_attempts=1)]).agrees


def test_an_event_that_never_happened_is_named():
    report = _judge([_accepted(1)], [_message(1)], [_event(1, "sent"), _event(1, "bounced", bounce_class="hard")])
    assert [each["why"] for each in report.unexplained] == ["an event bounced that never happened"]


def test_an_event_that_is_recorded_twice_for_one_reaction_is_named():
    bounce = _reaction(1, "bounced", bounce_class="hard")
    twice = [_event(1, "bounced", bounce_class="hard"), _event(1, "bounced", bounce_class="hard")]
    for events, found in ((twice[:1], []), (twice, ["an event bounced that never happened"])):
        report = _judge([_accepted(1), bounce], [_message(1)], events)
        assert [each["why"] for each in report.unexplained] == found


def test_a_bounce_after_deferrals_is_the_senders_own_and_explained():
    deferred = _reaction(1, "deferred", message_id=None, format="smtp")
    events = [_event(1, "deferred"), _event(1, "bounced", bounce_class="soft")]
    assert _judge([deferred], [_message(1, "failed")], events).agrees


def test_probes_have_no_reactions_and_are_counted_as_mail():
    reaction = _reaction(1, "reply", intent="interested")
    report = _judge([_accepted(1), _accepted(1), reaction], [_message(1, kind="probe")])
    assert report.unrecognised == []
    assert len(report.sent_twice) == 1
