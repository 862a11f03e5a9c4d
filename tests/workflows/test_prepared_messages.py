"""The mailbox's next message is made while one is under way, and made anew if it has waited for long."""

from __future__ import annotations

import pytest

from outreach_pipeline.workflows import prepared_messages
from outreach_pipeline.workflows.claimed_message import RefusedByGateError
from outreach_pipeline.workflows.prepared_messages import PreparedMessages
from tests.workflows.test_send_ahead import WIDE


@pytest.fixture
def claimed(day):
    day.ready(*(day.world.person() for _ in range(2)), boxes=1, rate_limits=WIDE)
    return day.claim(each=2)


@pytest.fixture
def prepared(day):
    return PreparedMessages(day.installation, clock=lambda: day.now)


def test_what_is_ready_is_taken_once(claimed, prepared):
    first, second = claimed
    prepared.make_ahead(first)
    ready = prepared.look_ahead(first)
    assert ready is not None
    assert (ready.addresses.recipient, prepared.look_ahead(second)) == (first.to_address, None)
    assert prepared.take(first) is ready
    assert prepared.look_ahead(first) is None
    assert prepared.take(first) is not ready


def test_what_is_ready_of_another_message_is_not_taken(claimed, prepared):
    first, second = claimed
    prepared.make_ahead(first)
    assert prepared.take(second).message is second
    prepared.make_ahead(first)
    prepared.forget(first.tenant_id, first.mailbox_id)
    assert prepared.look_ahead(first) is None


def test_what_has_waited_for_long_is_made_anew(claimed, prepared, monkeypatch):
    prepared.make_ahead(claimed[0])
    ready = prepared.look_ahead(claimed[0])
    monkeypatch.setattr(prepared_messages, "_READY_FOR_SECONDS", 0.0)
    assert prepared.take(claimed[0]) is not ready


def test_what_must_not_go_out_is_refused_as_it_is_taken(day, prepared):
    day.ready(day.world.person(), boxes=1)
    day.admin.execute("update outreach.campaign_steps set text_body = 'Hello {{ nothing }}'")
    (claimed,) = day.claim()
    prepared.make_ahead(claimed)
    assert prepared.look_ahead(claimed) is None
    with pytest.raises(RefusedByGateError) as refused:
        prepared.take(claimed)
    assert refused.value.reason == "gate_template_gap"


def test_one_that_is_refused_behind_another_holds_up_nobody(day):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1, rate_limits=WIDE)
    (_, second, _) = [
        contact_id
        for (contact_id,) in day.admin.execute("select contact_id from outreach.messages order by due_at, id")
    ]
    day.admin.execute("update outreach.contacts set first_name = '' where id = %s", [second])
    assert day.send().by_state == {"sent": 2, "cancelled": 1}
    assert day.judge().agrees
