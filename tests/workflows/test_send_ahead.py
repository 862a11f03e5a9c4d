"""A mailbox that may send as fast as it can hands over several messages at once, and none of them is tied up by that."""

from __future__ import annotations

import gc
import threading
import time
from collections import Counter, deque
from datetime import UTC, datetime

import pytest

from outreach_pipeline.workflows.claim import FIRST_OF_A_MAILBOX
from outreach_pipeline.workflows.send_ledger import Result, write_group
from outreach_pipeline.workflows.send_line import ASKS_AT, CLAIMED_AHEAD, Line

WIDE = [
    {"scope": scope, "key": "*", "limit": "10000/second", "burst": 1000, "in_flight": 1000}
    for scope in ("tenant", "recipient_domain", "recipient_site", "provider_host")
]
pytestmark = pytest.mark.xdist_group("send_limits")


def test_the_messages_of_a_mailbox_go_one_after_the_other_in_the_order_in_which_they_are_due(day):
    people = [day.world.person() for _ in range(12)]
    day.ready(*people, boxes=1, rate_limits=WIDE)
    due = [address for (address,) in day.admin.execute("select to_address from outreach.messages order by due_at, id")]
    assert day.send().by_state == {"sent": 12}
    assert day.accepted() == due
    assert day.judge().agrees
    # What was loaded before is looked through by garbage collections again.
    assert gc.get_freeze_count() == 0


def test_as_many_are_claimed_as_a_mailbox_may_send_at_once(day):
    day.ready(*(day.world.person() for _ in range(9)), boxes=3, rate_limits=WIDE)
    claimed = day.claim(most=2, each=2)
    assert sorted(Counter(each.mailbox_id for each in claimed).values()) == [2, 2]
    # What has something claimed waits until that is done.
    assert len({each.mailbox_id for each in day.claim(each=8)}) == 1


def test_a_worker_may_claim_behind_what_it_has_claimed_itself_and_nobody_else_may(day):
    day.ready(*(day.world.person() for _ in range(6)), boxes=1, rate_limits=WIDE)
    first = day.claim(each=2)
    (mailbox_id,) = {each.mailbox_id for each in first}
    assert day.claim(each=2) == []
    # One of its tokens is not enough: of the other message somebody else might be the worker.
    assert day.claim(each=2, own={mailbox_id: [first[0].token]}) == []
    second = day.claim(most=0, each=2, own={mailbox_id: [each.token for each in first]})
    due = [id_ for (id_,) in day.admin.execute("select id from outreach.messages order by due_at, id")]
    assert [each.id for each in (*first, *second)] == due[:4]
    # A rate that has become narrow since lets nothing wait behind another.
    day.admin.execute("update outreach.rate_limits set message_count = 50 where scope = 'tenant'")
    assert day.claim(most=0, each=2, own={mailbox_id: [each.token for each in (*first, *second)]}) == []


def test_what_is_finished_does_not_wait_for_what_its_worker_claims_ahead(day):
    day.ready(*(day.world.person() for _ in range(2)), boxes=1, rate_limits=WIDE)
    first, _ = day.claim(each=2)
    now = datetime.now(UTC)
    refused = Result(
        tenant_id=first.tenant_id,
        id=first.id,
        token=first.token,
        mailbox_id=first.mailbox_id,
        state="deferred",
        stage="rcpt",
        outcome="deferred",
        started_at=now,
        finished_at=now,
        duration_ms=1,
        retry_at=now,
    )
    # A claim holds the rates that it counts in until its commit.
    with day.admin.transaction():
        day.admin.execute("select from outreach.rate_limits where scope = 'mailbox' for update")
        with day.installation.database.tenant(day.tenant.id, most_seconds=2) as finishing:
            assert write_group(finishing, [refused], []) == {(Result, first.id, first.token): "written"}


def test_a_mailbox_with_much_to_send_is_asked_for_more_before_it_has_nothing_left(day, monkeypatch):
    people = [day.world.person() for _ in range(70)]
    day.ready(*people, boxes=1, rate_limits=WIDE, policy={"canary_contacts": 100, "messages_per_day_per_mailbox": 100})
    waiting, add = [], Line.add
    monkeypatch.setattr(Line, "add", lambda line, messages: (waiting.append(len(line.waiting)), add(line, messages)))
    due = [address for (address,) in day.admin.execute("select to_address from outreach.messages order by due_at, id")]
    assert len(due) > 2 * CLAIMED_AHEAD
    assert day.send().by_state == {"sent": len(due)}
    assert day.accepted() == due
    assert waiting[0] == 0 < waiting[1] <= ASKS_AT
    assert day.judge().agrees


def test_who_has_nearly_as_little_left_as_the_one_that_asks_is_claimed_for_with_it():
    lines = {waiting: Line(deque([None] * waiting), deque(range(40))) for waiting in (0, ASKS_AT, ASKS_AT + 1, 24, 25)}
    assert [waiting for waiting, line in lines.items() if line.wants_more] == [0, ASKS_AT]
    assert [waiting for waiting, line in lines.items() if line.joins] == [0, ASKS_AT, ASKS_AT + 1, 24]
    # Who has been given no more than a first message or two may have no more.
    assert not Line(deque(), deque(range(FIRST_OF_A_MAILBOX))).joins


def test_a_gap_lets_one_go(day):
    people = (day.world.person() for _ in range(6))
    day.ready(*people, boxes=2, policy={"minimum_gap_seconds": 30}, rate_limits=WIDE)
    assert Counter(Counter(each.mailbox_id for each in day.claim(each=8)).values()) == {1: 2}


def test_nothing_waits_behind_another_where_a_rate_is_narrow(day):
    domain = "relay07.example"
    limits = [*WIDE, {"scope": "recipient_domain", "key": domain, "limit": "99/second", "burst": 50}]
    day.ready(*(f"narrow{number}@{domain}" for number in range(4)), boxes=1, rate_limits=limits)
    assert len(day.claim(each=8)) == 1


def test_what_waits_takes_no_more_than_a_quarter_of_what_may_be_in_flight(day):
    domain = "relay05.example"
    limits = [*WIDE, {"scope": "recipient_domain", "key": domain, "limit": "1000/second", "burst": 100, "in_flight": 8}]
    day.ready(*(f"many{number}@{domain}" for number in range(8)), boxes=1, rate_limits=limits)
    assert len(day.claim(each=8)) == 2


@pytest.mark.parametrize("each", [1, 8])
def test_behind_many_that_wait_for_a_recipient_s_limit_one_that_may_go_is_found(day, each):
    domain = "relay05.example"
    limits = [*WIDE, {"scope": "recipient_domain", "key": domain, "limit": "1/day", "burst": 1}]
    day.ready(*(f"waits{number}@{domain}" for number in range(4)), "free@relay06.example", boxes=1, rate_limits=limits)
    day.admin.execute(
        "update outreach.messages set company_domain = split_part(to_address, '@', 2), retry_at = scheduled_at"
        " - case when to_address like 'free%' then interval '0' else interval '1 hour' end"
    )
    day.admin.execute(
        "insert into outreach.rate_limits (scope, key, message_count, per_seconds, burst, theoretical_arrival_at) values"
        " ('recipient_domain', %s, 1, 86400, 1, now() + interval '1 hour') on conflict (scope, key) do update set"
        " theoretical_arrival_at = excluded.theoretical_arrival_at",
        [domain],
    )
    assert [claimed.to_address for claimed in day.claim(each=each)] == ["free@relay06.example"]


def test_a_message_that_a_limit_keeps_waiting_does_not_hold_up_the_next(day):
    domain = "relay03.example"
    limited = [f"slowly{number}@{domain}" for number in range(3)]
    free = [f"free{number}@relay04.example" for number in range(3)]
    day.ready(
        *limited,
        *free,
        boxes=1,
        rate_limits=[{"scope": "recipient_domain", "key": domain, "limit": "1/hour", "burst": 1}],
    )
    assert day.send(for_seconds=4).by_state == {"sent": 4}
    assert sorted(day.accepted()) == sorted([limited[0], *free])


def test_a_stop_gives_back_what_was_claimed_ahead(day):
    people = [day.world.person() for _ in range(8)]
    day.ready(*people, boxes=1, rate_limits=WIDE)
    day.inject("slow", seconds=0.4, stage="end", count=8)
    stop = threading.Event()

    def after_the_first() -> None:
        while not day.accepted():
            time.sleep(0.02)
        stop.set()

    watcher = threading.Thread(target=after_the_first)
    watcher.start()
    outcome = day.send(stop=stop)
    watcher.join()
    assert outcome.stopped
    states = Counter(day.state(person)[0] for person in people)
    assert set(states) == {"sent", "planned"}
    assert states["sent"] == outcome.by_state["sent"] < 8
    rows = day.admin.execute("select attempts, lease_token from outreach.messages where state = 'planned'").fetchall()
    assert set(rows) == {(0, None)}
    assert day.send().by_state == {"sent": states["planned"]}
    assert day.judge().agrees
