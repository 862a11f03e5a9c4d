"""What holds a plan back, and what the platform promises at any time: each is kept by a good day and broken by one fault."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.workflows.check_plan import PLAN_CHECKS, check_plan
from outreach_pipeline.workflows.fleet import pause_campaign
from outreach_pipeline.workflows.lanes import due_send_lanes, due_sync_lanes, waiting_work
from outreach_pipeline.workflows.promises import PROMISES, hold

pytestmark = pytest.mark.xdist_group("probes")

_BREAKS = {
    "no_cap_passed": "update outreach.send_batches set capacity = 1",
    "no_contact_twice": "update outreach.messages set contact_id = (select min(contact_id) from outreach.messages)",
    "nobody_suppressed": "insert into outreach.suppressions (tenant_id, scope, value, reason, origin, created_at)"
    " select tenant_id, 'address', min(to_address), 'stop', 'test', now() from outreach.messages group by tenant_id",
    "inside_the_window": "update outreach.messages set scheduled_at = window_ends_at",
}


def broken(day, *, later: timedelta) -> dict[str, list[str]]:
    """What is found by promise, of those that are broken."""
    found = {each.name: hold(day.installation, each, now=day.now + later).findings for each in PROMISES}
    return {name: sentences for name, sentences in found.items() if sentences}


def test_every_blocking_check_can_fail():
    assert set(_BREAKS) == {check.name for check in PLAN_CHECKS if check.blocks}


@pytest.mark.parametrize("check", _BREAKS)
def test_a_plan_that_breaks_a_check_is_held_until_it_is_made_anew(day, check):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1)
    assert check_plan(day.installation, day.tenant, day.today, now=day.now) == []
    day.admin.execute(_BREAKS[check])
    found = check_plan(day.installation, day.tenant, day.today, now=day.now)
    assert {finding.check for finding in found} == {check}
    # A finding is read by everyone who sees the run: of all addresses it may name the tenant's own mailboxes.
    recipients = [address for (address,) in day.admin.execute("select address from outreach.contacts").fetchall()]
    assert not [each for each in recipients if any(each in finding.detail for finding in found)]
    assert day.admin.execute("select state, held_reason from outreach.plans").fetchone() == (
        "held",
        f"check failed: {check}",
    )
    assert day.send().by_state == {}
    assert day.accepted() == []

    day.invite(day.world.person())
    assert day.plan().changed
    assert check_plan(day.installation, day.tenant, day.today, now=day.now) == []
    assert day.send().by_state == {"sent": 3 if check == "nobody_suppressed" else 4}


def test_a_plan_is_empty_for_the_reason_that_nobody_is_due(day):
    day.configure(boxes=1)
    day.plan()
    assert check_plan(day.installation, day.tenant, day.today, now=day.now) == []


def test_an_empty_plan_without_a_reason_is_said_and_holds_nothing(day):
    day.ready(day.world.person(), boxes=1)
    day.admin.execute("update outreach.messages set state = 'cancelled'")
    (finding,) = check_plan(day.installation, day.tenant, day.today, now=day.now)
    assert finding.check == "not_empty_without_reason"
    assert day.admin.execute("select state from outreach.plans").fetchone() == ("ready",)


def test_a_good_day_keeps_every_promise(day):
    day.ready(*(day.world.person(each) for each in ("accept", "reply_stop", "unknown_user")))
    day.send()
    day.read()
    assert broken(day, later=timedelta(minutes=3)) == {}
    assert waiting_work(day.installation) == {}
    assert due_send_lanes(day.installation, now=day.now + timedelta(hours=1), horizon_seconds=0) == []


def test_what_is_due_and_does_not_go_is_noticed_unless_somebody_wants_it_so(day):
    day.ready(day.world.person(), day.world.person())
    assert "planned_is_sent" not in broken(day, later=timedelta(minutes=29))
    assert "2 messages are due" in broken(day, later=timedelta(minutes=32))["planned_is_sent"][0]
    (lane,) = due_send_lanes(day.installation, now=day.now, horizon_seconds=60)
    assert lane.due_count == 2
    pause_campaign(day.installation, day.tenant, "spring", paused=True, reason="test", author="test", now=day.now)
    assert "planned_is_sent" not in broken(day, later=timedelta(minutes=32))


def test_mail_and_deliveries_that_wait_are_noticed(day):
    day.configure(boxes=1)
    day.admin.execute(
        "insert into outreach.inbound_messages (tenant_id, mailbox_id, sha256, size_bytes, direction, received_at)"
        " select tenant_id, id, 'x', 1, 'in', %s from outreach.mailboxes",
        [day.now],
    )
    day.admin.execute(
        "insert into outreach.webhook_deliveries (tenant_id, source, event_id, received_at, payload)"
        " select id, 'generic', 'evt', %s, '{}' from outreach.tenants",
        [day.now],
    )
    assert waiting_work(day.installation) == {"inbound": 1, "webhook": 1}
    assert set(broken(day, later=timedelta(minutes=14))) == set()
    assert set(broken(day, later=timedelta(minutes=16))) == {"new_mail_is_processed", "webhooks_are_taken_in"}


def test_mailboxes_that_nobody_reads_are_noticed(day):
    day.configure(boxes=2)
    assert set(broken(day, later=timedelta(minutes=19))) == set()
    assert "2 mailboxes are read" in broken(day, later=timedelta(minutes=22))["mailboxes_are_read"][0]
    (lane,) = due_sync_lanes(day.installation, now=day.now + timedelta(minutes=22), every_seconds=300)
    assert lane.mailbox_count == 2


def test_mail_that_answers_us_and_is_taken_for_nothing_is_noticed_from_fifty_mails_on(day):
    day.configure(boxes=1)

    def come(kind: str, count: int, *, message: int | None = None, state: str = "processed") -> None:
        day.admin.execute(
            "insert into outreach.inbound_messages"
            " (tenant_id, mailbox_id, sha256, size_bytes, direction, received_at, state, kind, message_id)"
            " select b.tenant_id, b.id, gen_random_uuid()::text, 1, 'in', %s, %s, %s, %s"
            " from outreach.mailboxes b, generate_series(1, %s)",
            [day.now, state, kind, message, count],
        )

    come("reply", 43, message=1)
    come("other", 4, message=1)
    come("other", 2, state="unreadable")
    # Newsletters and the like say nothing of how well answers are read.
    come("other", 500)
    assert "mail_is_understood" not in broken(day, later=timedelta(minutes=1))
    come("reply", 1, message=1)
    (sentence,) = broken(day, later=timedelta(minutes=1))["mail_is_understood"]
    assert sentence.startswith("acme: 6 of 50 mails in seven days were taken for nothing, 12.0%")
    come("reply", 10, message=1)
    assert "mail_is_understood" not in broken(day, later=timedelta(minutes=1))


@pytest.mark.parametrize(
    "kind, bounce_class, promise, most",
    [("bounced", "hard", "hard_bounces_are_few", 5), ("complaint", None, "complaints_are_rare", 0)],
)
def test_rates_are_held_from_a_hundred_sends_on(day, kind, bounce_class, promise, most):
    day.configure(boxes=1)

    def happen(kind: str, numbers: range, bounce_class: str | None = None) -> None:
        day.admin.execute(
            "insert into outreach.events (tenant_id, kind, origin, origin_id, recipient, occurred_at, bounce_class)"
            " select t.id, %s, 'smtp', n::text, 'x@y.example', %s, %s from outreach.tenants t, generate_series(%s::int, %s::int) n",
            [kind, day.now, bounce_class, numbers.start, numbers.stop - 1],
        )

    happen("sent", range(99))
    happen(kind, range(most + 1), bounce_class)
    assert broken(day, later=timedelta(minutes=1)) == {}
    happen("sent", range(99, 100))
    (sentence,) = broken(day, later=timedelta(minutes=1))[promise]
    assert sentence.startswith(f"acme: {most + 1} of 100")
    assert broken(day, later=timedelta(days=8)).keys() == {"mailboxes_are_read"}


def test_a_step_that_went_out_twice_would_be_found(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.send()
    day.admin.execute("drop index outreach.messages_once_a_step")
    columns = ", ".join(
        name
        for (name,) in day.admin.execute(
            "select column_name from information_schema.columns where table_schema = 'outreach'"
            " and table_name = 'messages' and column_name not in ('id', 'due_at')"
        ).fetchall()
    )
    day.admin.execute(f"insert into outreach.messages ({columns}) select {columns} from outreach.messages")
    (sentence,) = broken(day, later=timedelta(minutes=3))["no_step_is_sent_twice"]
    assert "2 times" in sentence
