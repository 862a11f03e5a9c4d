"""A small day in which everything agrees, and then one thing is wrong at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from outreach_pipeline.core.watch.judge import judge
from outreach_pipeline.core.watch.judge_facts import CapFact, EventFact, MailboxFact, MessageFact, SuppressionFact

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


def _mailbox(address=MAILBOX, **values):
    return replace(MailboxFact("acme", address, "acme.example", "workspace", messages_per_day=10), **values)


def _judge(truth=(), messages=(), events=(), suppressions=(), *, caps=(), mailboxes=None):
    return judge(
        truth,
        messages=messages,
        events=events,
        suppressions=suppressions,
        mailboxes=[_mailbox()] if mailboxes is None else mailboxes,
        caps=caps,
        now=NOW,
    )


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
        suppressions=[
            SuppressionFact("acme", "p2@corp.example", "bounce"),
            SuppressionFact("acme", "p3@corp.example", "stop"),
            SuppressionFact("acme", "corp.example", "manual"),
        ],
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


def _sends(count, **values):
    messages = [_message(number, **values) for number in range(1, count + 1)]
    return [_accepted(number) for number in range(1, count + 1)], messages


@pytest.mark.parametrize(
    "cap, values",
    [
        (CapFact("mailbox", "acme", MAILBOX, 3, TODAY), {}),
        (CapFact("sending_domain", "acme", "acme.example", 3), {}),
        (CapFact("provider_account", "", "workspace", 3), {}),
        (CapFact("tenant", "acme", "", 3), {}),
        (CapFact("company", "acme", "", 3), {}),
        (CapFact("site", "acme", "google_workspace", 3), {"recipient_site": "google_workspace"}),
    ],
)
def test_a_passed_cap_names_what_passed_it_and_when(cap, values):
    truth, messages = _sends(4, **values)
    reached = _judge(truth, messages, caps=[replace(cap, messages_per_day=4)])
    assert (reached.caps_passed, reached.caps_reached) == ([], {cap.kind: 1})
    other_day = replace(cap, plan_date=TODAY - timedelta(days=1))
    other_subject = replace(cap, kind="mailbox", subject="other@acme.example")
    assert _judge(truth, messages, caps=[other_day, other_subject]).caps_passed == []
    report = _judge(truth, messages, caps=[cap])
    subject = "corp.example" if cap.kind == "company" else cap.subject
    assert report.caps_passed == [
        {"cap": cap.kind, "tenant": cap.tenant, "subject": subject, "date": "2026-05-04", "capacity": 3, "sends": 4}
    ]
    assert report.caps_reached == {}
    assert not report.agrees


def test_what_may_be_sent_counts_against_a_cap_and_what_failed_does_not():
    caps = [CapFact("mailbox", "acme", MAILBOX, 1)]
    truth, unknown = [_accepted(1)], _message(2, "outcome_unknown", unknown_until=NOW + timedelta(hours=1))
    assert _judge(truth, [_message(1), _message(2, "failed"), _message(3, "cancelled")], caps=caps).caps_passed == []
    assert len(_judge(truth, [_message(1), unknown], caps=caps).caps_passed) == 1


def test_a_place_that_a_refused_message_took_is_used_up():
    caps = [CapFact("mailbox", "acme", MAILBOX, 2)]
    assert _judge([_accepted(1)], [_message(1), _message(2, "failed")], caps=caps).caps_reached == {"mailbox": 1}
    assert _judge([_accepted(1)], [_message(1), _message(2, "cancelled")], caps=caps).caps_reached == {}


def test_a_cap_counts_what_a_server_took_twice_and_what_it_took_of_a_failed_message():
    caps = [CapFact("tenant", "acme", "", 1)]
    assert len(_judge([_accepted(1), _accepted(1)], [_message(1)], caps=caps).caps_passed) == 1
    assert len(_judge([_accepted(1), _accepted(2)], [_message(1), _message(2, "failed")], caps=caps).caps_passed) == 1


def test_a_mailbox_may_not_send_more_than_its_own_limit_whatever_its_plan_said():
    truth, messages = _sends(4)
    caps = [CapFact("mailbox", "acme", MAILBOX, 40, TODAY)]
    passed = _judge(truth, messages, caps=caps, mailboxes=[_mailbox(messages_per_day=3)]).caps_passed
    assert [(each["capacity"], each["sends"]) for each in passed] == [(3, 4)]


@pytest.mark.parametrize("days_before, passed", [(0, [(3, 4)]), (1, []), (9, [])])
def test_a_mailbox_may_not_send_more_than_its_curve_allows_on_its_day_of_sending(days_before, passed):
    truth, messages = _sends(4)
    report = _judge(truth, messages, mailboxes=[_mailbox(curve=(3, 4, 5), warmup_days_before=days_before)])
    assert [(each["capacity"], each["sends"]) for each in report.caps_passed] == passed


def test_a_curve_counts_days_of_sending():
    truth, messages = _sends(3)
    tomorrow = [_message(number, plan_date=TODAY + timedelta(days=1)) for number in range(4, 8)]
    truth += [_accepted(number) for number in range(4, 8)]
    curve = (3, 3, 9)
    report = _judge(truth, messages + tomorrow, mailboxes=[_mailbox(curve=curve)])
    assert [(each["date"], each["capacity"], each["sends"]) for each in report.caps_passed] == [("2026-05-05", 3, 4)]
    assert _judge(truth, messages + tomorrow, mailboxes=[_mailbox(curve=curve, warmup_days_before=1)]).agrees


def test_an_account_counts_over_all_its_tenants():
    truth, messages = _sends(2)
    theirs = _message(3, tenant="other", mailbox="bob@other.example", to_address="x@far.example")
    truth.append(_accepted(3, mail_from="bob@other.example", rcpt="x@far.example"))
    mailboxes = [_mailbox(), _mailbox("bob@other.example", tenant="other", sending_domain="other.example")]
    passed = _judge(
        truth, [*messages, theirs], caps=[CapFact("provider_account", "", "workspace", 2)], mailboxes=mailboxes
    ).caps_passed
    assert [(each["cap"], each["subject"], each["sends"]) for each in passed] == [("provider_account", "workspace", 3)]


def test_people_with_free_mail_are_no_colleagues():
    addresses = [f"p{number}@gmail.com" for number in range(1, 4)]
    messages = [_message(number, to_address=address) for number, address in enumerate(addresses, start=1)]
    truth = [_accepted(number, rcpt=address) for number, address in enumerate(addresses, start=1)]
    assert _judge(truth, messages, caps=[CapFact("company", "acme", "", 2)]).agrees


@pytest.mark.parametrize(
    "reason, reaction",
    [
        ("bounce", _reaction(1, "bounced", bounce_class="hard")),
        ("stop", _reaction(1, "reply", intent="stop")),
        ("complaint", _reaction(1, "complaint")),
        ("unsubscribe", _reaction(1, "unsubscribe")),
    ],
)
def test_a_suppression_needs_its_reaction(reason, reaction):
    event = _event(1, reaction["kind"], bounce_class=reaction["bounce_class"], intent=reaction["intent"])
    suppressed = [SuppressionFact("acme", "p1@corp.example", reason)]
    assert _judge([_accepted(1), reaction], [_message(1)], [event], suppressed).agrees
    assert _judge([_accepted(1)], [_message(1)], [], suppressed).suppressed_wrongly == [
        {"tenant": "acme", "to": "p1@corp.example", "why": f"suppressed for {reason}, which never happened"}
    ]
    elsewhere = [SuppressionFact("other", "p1@corp.example", reason)]
    assert len(_judge([_accepted(1), reaction], [_message(1)], [event], elsewhere).suppressed_wrongly) == 1


@pytest.mark.parametrize("reason", ["manual", "import", "operator"])
def test_what_people_forbid_needs_no_reaction(reason):
    assert _judge(suppressions=[SuppressionFact("acme", "p1@corp.example", reason)]).agrees


def test_a_soft_bounce_suppresses_nobody():
    soft = _reaction(1, "bounced", bounce_class="soft")
    events, suppressed = (
        [_event(1, "bounced", bounce_class="soft")],
        [SuppressionFact("acme", "p1@corp.example", "bounce")],
    )
    report = _judge([_accepted(1), soft], [_message(1)], events, suppressed)
    assert len(report.suppressed_wrongly) == 1
    assert not report.agrees


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


def test_an_event_of_no_message_has_to_be_a_reaction_that_is_still_open():
    reaction, untied = _reaction(1, "delivered"), _event(None, "delivered", recipient="p1@corp.example")
    tied = _event(1, "delivered")
    assert _judge([_accepted(1), reaction], [_message(1)], [untied]).unexplained == []
    for events in ([untied, untied], [untied, tied], [tied, untied]):
        report = _judge([_accepted(1), reaction], [_message(1)], events)
        assert [each["why"] for each in report.unexplained] == [
            "an event delivered of no message, which never happened"
        ]


def test_a_bounce_after_deferrals_is_the_senders_own_and_explained():
    deferred = _reaction(1, "deferred", message_id=None, format="smtp")
    events = [_event(1, "deferred"), _event(1, "bounced", bounce_class="soft")]
    assert _judge([deferred], [_message(1, "failed")], events).agrees


def test_probes_have_no_reactions_and_are_counted_as_mail():
    reaction = _reaction(1, "reply", intent="interested")
    report = _judge([_accepted(1), _accepted(1), reaction], [_message(1, kind="probe")])
    assert report.unrecognised == []
    assert len(report.sent_twice) == 1
