"""Hosts that fail, lists that bounce, errors in a row, and the plan of what waits for a mailbox that is out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.send.breaker import FIRST_PAUSE_SECONDS
from outreach_pipeline.workflows.claim import claim
from outreach_pipeline.workflows.doctor import examine
from outreach_pipeline.workflows.due_days import due_plans
from outreach_pipeline.workflows.fleet import pause_list
from outreach_pipeline.workflows.lanes import due_send_lanes
from outreach_pipeline.workflows.metrics import count
from outreach_pipeline.workflows.send_ledger import Result, write_group
from outreach_pipeline.workflows.shaping import undo
from outreach_pipeline.workflows.status import status

pytestmark = pytest.mark.xdist_group("breakers_and_lists")
AN_HOUR, TWO_HOURS, A_DAY = timedelta(hours=1), timedelta(hours=2), timedelta(days=1)


def alerts(day, table: str = "alerts") -> list[tuple[str, bool]]:
    return day.admin.execute(f"select cause_key, resolved_at is null from outreach.{table} order by id").fetchall()


def refused(day) -> str:
    return day.world.person("unknown_user", site="direct")


def test_a_host_that_fails_opens_its_breaker_and_one_message_tries_it(day):
    people = [day.world.person() for _ in range(8)]
    day.ready(*people, boxes=8, policy={"first_retry_seconds": 1, "max_consecutive_errors": 50})
    day.inject("drop_at_connect", count=1000)
    day.send()
    ((state, failures, cause),) = day.admin.execute(
        "select state, consecutive_failures, cause from outreach.breakers"
    ).fetchall()
    assert (state, failures) == ("open", 8)
    assert cause.startswith("connect")
    (breaker,) = status(day.installation, now=day.now)["breakers"]
    assert breaker["state"] == "open"
    assert any(each.subject.startswith("host ") for each in examine(day.installation, now=day.now))
    assert [each.state for each in count(day.installation.database, now=day.now).breakers] == ["open"]
    assert [cause.startswith("host/") for cause, is_open in alerts(day, "operator_alerts") if is_open] == [True]
    # Nobody is claimed, and no run is started for it.
    later = timedelta(minutes=10)
    assert day.send(later=later).by_state == {}
    assert due_send_lanes(day.installation, now=day.now + later, horizon_seconds=20) == []

    # The one that tries fails: the pause is twice as long.
    day.admin.execute("update outreach.breakers set retry_at = clock_timestamp()")
    assert day.send(later=later).by_state == {"deferred": 1}
    again, seconds = day.admin.execute(
        "select state, extract(epoch from retry_at - clock_timestamp()) from outreach.breakers"
    ).fetchone()
    assert again == "open"
    assert 1.5 * FIRST_PAUSE_SECONDS < seconds <= 2 * FIRST_PAUSE_SECONDS

    day.world.running.control.clear_faults()
    day.admin.execute("update outreach.breakers set retry_at = clock_timestamp()")
    assert day.send(later=TWO_HOURS).by_state == {"sent": 8}
    assert day.count("breakers") == 0
    undo(day.installation.database, now=day.now)
    assert [cause for cause, is_open in alerts(day, "operator_alerts") if is_open] == []


def test_a_host_that_was_away_costs_its_only_mailbox_a_minute_and_no_hour(day):
    people = [day.world.person() for _ in range(6)]
    day.ready(*people, boxes=1, policy={"first_retry_seconds": 1, "max_consecutive_errors": 5})
    day.inject("reply_421", stage="connect", count=5)
    assert day.send().by_state == {"deferred": 5}
    assert day.admin.execute("select state, consecutive_failures from outreach.breakers").fetchall() == [("open", 5)]
    query = "select consecutive_errors, paused_until, send_failure from outreach.mailboxes"
    assert day.admin.execute(query).fetchone() == (0, None, None)
    day.admin.execute("update outreach.breakers set retry_at = clock_timestamp()")
    day.admin.execute("update outreach.messages set retry_at = null")
    assert day.send().by_state == {"sent": 6}
    assert day.count("breakers") == 0


def test_failures_with_success_between_them_open_nothing(day):
    day.ready(*(day.world.person() for _ in range(12)), boxes=12, policy={"first_retry_seconds": 1})
    for _ in range(3):
        day.inject("drop_at_connect", count=3)
        day.send(for_seconds=5, later=timedelta(minutes=1))
    assert day.count("breakers", "state <> 'closed'") == 0


def test_a_list_with_too_many_dead_addresses_is_paused_until_a_person_resumes_it(day):
    dead = [refused(day) for _ in range(6)]
    later_ones = [day.world.person() for _ in range(4)]
    day.configure(boxes=2, policy={"list_least_sends": 5, "list_hard_bounce_ratio": 0.1})
    day.invite(*dead, *later_ones)
    assert day.plan().planned == 10
    day.admin.execute("update outreach.messages set scheduled_at = scheduled_at + interval '1 hour' where to_address = any(%s)",
                      [later_ones])  # fmt: skip
    assert day.send().by_state["failed"] >= 5
    ((list_id, state, reason),) = day.admin.execute(
        "select id, state, paused_reason from outreach.contact_lists"
    ).fetchall()
    assert (state, reason) == ("paused", "hard_bounces")
    assert {day.state(person) for person in later_ones} == {("cancelled", "list_paused")}
    assert (f"list/{list_id}/hard_bounces", True) in alerts(day)
    (told,) = status(day.installation, now=day.now)["tenants"][0]["alerts"]
    assert told["severity"] == "error"
    assert "is paused" in told["title"]
    assert day.plan().planned == 0
    assert day.plan().summary["excluded"]["list_paused"] >= 4

    with pytest.raises(UsageError, match="name one by its number"):
        pause_list(day.installation, day.tenant, "nothing", paused=False, reason=None, author="ann", now=day.now)
    pause_list(day.installation, day.tenant, str(list_id), paused=False, reason=None, author="ann", now=day.now)
    assert (f"list/{list_id}/hard_bounces", False) in alerts(day)
    assert day.plan().planned >= 4
    # What bounced before that counts no more.
    assert day.send(later=timedelta(minutes=2)).by_state["sent"] == 4


def test_a_relay_s_reports_of_dead_addresses_pause_a_list_too(day):
    people = [day.world.person("unknown_user", site="relay") for _ in range(6)]
    day.ready(*people, boxes=1, policy={"list_least_sends": 5})
    assert day.send().by_state == {"sent": 6}
    assert day.count("contact_lists", "state = 'paused'") == 0
    day.read()
    assert day.count("contact_lists", "state = 'paused' and paused_reason = 'hard_bounces'") == 1


def test_the_rest_of_a_day_is_planned_again_without_the_mailbox_that_is_out(day):
    people = [day.world.person() for _ in range(6)]
    day.ready(*people, boxes=3)
    assert due_plans(day.installation, now=day.now) == []
    out = day.mailboxes[0]
    day.admin.execute("update outreach.mailboxes set paused_until = 'infinity' where address = %s", [out])
    assert [tenant.slug for tenant, _ in due_plans(day.installation, now=day.now)] == ["acme"]
    assert day.plan().planned == 6
    senders = {
        address
        for (address,) in day.admin.execute(
            "select b.address from outreach.messages m join outreach.mailboxes b on b.id = m.mailbox_id"
            " where m.state = 'planned'"
        ).fetchall()
    }
    assert senders == set(day.mailboxes[1:])
    # Asked for once.
    assert due_plans(day.installation, now=day.now) == []


def test_a_follow_up_waits_for_its_mailbox_and_asks_for_no_plan(day):
    person = day.world.person()
    day.ready(person, boxes=2)
    day.send()
    tomorrow = day.now + A_DAY
    assert day.plan(days=1).planned == 1
    day.admin.execute("update outreach.mailboxes set lifecycle = 'quarantined'")
    assert due_plans(day.installation, now=tomorrow) == []


def test_the_policy_s_errors_in_a_row_count_over_claims_and_end_with_success(day):
    people = [day.world.person() for _ in range(6)]
    day.ready(*people, boxes=1, policy={"max_consecutive_errors": 3, "first_retry_seconds": 1})
    errors = "select consecutive_errors, paused_reason from outreach.mailboxes"
    day.inject("auth_later", count=2)
    day.send()
    assert day.admin.execute(errors).fetchone() == (0, None)
    day.inject("auth_later", count=50)
    day.invite(*(day.world.person() for _ in range(4)))
    day.plan()
    day.send(later=timedelta(minutes=5))
    assert day.admin.execute(errors).fetchone() == (0, "consecutive_errors")
    assert day.world.running.control.stats()["faults_armed"] == 47


@pytest.mark.parametrize(
    "ends, before, errors",
    [
        (["auth", "auth"], 0, 2),
        (["auth", "auth"], 2, 4),
        (["done", "auth"], 2, 1),
        (["auth", "done"], 2, 0),
        (["auth", "gate"], 1, 2),
        (["gate", "gate"], 1, 1),
    ],
)
def test_errors_in_a_row_count_each_attempt_of_a_group(day, ends, before, errors):
    day.ready(*(day.world.person() for _ in ends), boxes=1)
    day.admin.execute(
        "update outreach.rate_limits set in_flight = null, message_count = 1000, per_seconds = 1, burst = 99"
    )
    day.admin.execute("update outreach.mailboxes set consecutive_errors = %s", [before])
    lane = day.admin.execute("select lane from outreach.mailboxes").fetchone()[0]
    outcome = {"auth": "deferred", "done": "sent", "gate": "cancelled"}
    with day.installation.database.tenant(day.tenant.id) as transaction:
        claimed = claim(
            transaction,
            lane=lane,
            mailbox_ids=None,
            kind=None,
            mailboxes=1,
            each=8,
            lease_seconds=60,
            now=day.now + A_DAY / 24 / 60,
        )()
        mailbox_id = day.admin.execute("select id from outreach.mailboxes").fetchone()[0]
        results = [
            Result(
                tenant_id=day.tenant.id, id=message.id, token=message.token, mailbox_id=mailbox_id,
                state=outcome[stage], stage=stage, outcome=outcome[stage], duration_ms=1, finished_at=day.now,
                started_at=day.now + timedelta(seconds=number), is_sender_error=stage == "auth", retry_at=day.now + AN_HOUR,
                tells_of_mailbox=stage != "gate",
            )
            for number, (message, stage) in enumerate(zip(claimed, ends, strict=True))
        ]  # fmt: skip
        assert write_group(transaction, results, []) == {
            (Result, message.id, message.token): "written" for message in claimed
        }
    assert day.admin.execute("select consecutive_errors from outreach.mailboxes").fetchone() == (errors,)
