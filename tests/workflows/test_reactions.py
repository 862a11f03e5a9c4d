"""What refusals lead to beyond their own message: rules that fire and end, breakers, lists that are paused, new plans."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.send.shaping import Reply
from outreach_pipeline.workflows.doctor import examine
from outreach_pipeline.workflows.fleet import list_mailboxes, pause_list, pause_mailboxes, pause_site, resume_at_site
from outreach_pipeline.workflows.lanes import due_send_lanes
from outreach_pipeline.workflows.limits import list_limits
from outreach_pipeline.workflows.metrics import count
from outreach_pipeline.workflows.plan_day import due_plans
from outreach_pipeline.workflows.send_ledger import Result, write_results
from outreach_pipeline.workflows.shaping import react, undo
from outreach_pipeline.workflows.status import status

pytestmark = pytest.mark.xdist_group("reactions")
AN_HOUR, TWO_HOURS, A_DAY = timedelta(hours=1), timedelta(hours=2), timedelta(days=1)


def add_rule(day, name: str = "test_rule", **columns) -> None:
    """Put a rule of one refusal in force, and no other."""
    fields = {
        "scope": "mailbox", "match": '{"reasons": ["userunknown"]}', "action": "suspend", "duration_seconds": 3600,
        "slow_ratio": None, "least_matches": 1, "of_last": 1, "least_mailboxes": 1, **columns,
    }  # fmt: skip
    day.admin.execute("update outreach.shaping_rules set is_enabled = false where is_preset")
    day.admin.execute(
        f"insert into outreach.shaping_rules (name, {', '.join(fields)})"
        f" values (%(name)s, {', '.join(f'%({each})s' for each in fields)})",
        {"name": name, **fields},
    )


def firings(day, table: str = "shaping_firings") -> list[tuple]:
    columns = "rule_name, rule_version, action, evidence, until, undone_at is null"
    return day.admin.execute(f"select {columns} from outreach.{table} order by id").fetchall()


def alerts(day, table: str = "alerts") -> list[tuple[str, bool]]:
    return day.admin.execute(f"select cause_key, resolved_at is null from outreach.{table} order by id").fetchall()


def refused(day, behaviour: str = "unknown_user") -> str:
    return day.world.person(behaviour, site="direct")


def test_a_rule_suspends_a_mailbox_once_and_for_its_time(day):
    add_rule(day)
    first, second = refused(day), refused(day)
    day.ready(first, second, boxes=1)
    day.send()
    # What was claimed ahead is refused when it would begin, and nothing new is claimed.
    states = sorted(day.state(person)[0] for person in (first, second))
    assert states in (["deferred", "failed"], ["failed", "planned"])
    ((rule, version, action, evidence, until, stands),) = firings(day)
    assert (rule, version, action, stands) == ("test_rule", 1, "suspend", True)
    assert until == day.now + timedelta(minutes=61)
    assert {evidence[name] for name in ("stage", "code", "reason", "matches")} == {"rcpt", 550, "userunknown", 1}
    mailbox = day.admin.execute("select paused_until, paused_reason from outreach.mailboxes").fetchone()
    assert mailbox == (until, "rule/test_rule")
    assert due_send_lanes(day.installation, now=day.now + AN_HOUR, horizon_seconds=0) == []
    assert [is_open for cause, is_open in alerts(day) if cause.startswith("shaping/")] == [True]
    (row,) = status(day.installation, day.tenant, now=day.now)["tenants"][0]["rules"]
    assert (row["rule_name"], row["name"]) == ("test_rule", day.mailboxes[0])

    assert undo(day.installation.database, now=day.now + AN_HOUR) == 0
    assert day.send(later=TWO_HOURS).by_state == {"failed": 1}
    # The first is over, and the second refusal has fired the rule again.
    assert [each[5] for each in firings(day)] == [False, True]
    assert [is_open for cause, is_open in alerts(day) if cause.startswith("shaping/")] == [False, True]


def test_what_all_senders_meet_now_and_then_fires_nothing(day):
    people = [refused(day) if number == 0 else day.world.person() for number in range(6)]
    add_rule(day, least_matches=2, of_last=3)
    day.ready(*people, boxes=1)
    assert day.send().by_state == {"sent": 5, "failed": 1}
    assert firings(day) == []


def test_a_rule_slows_a_mailbox_and_gives_its_rate_back(day):
    add_rule(day, action="slow_down", slow_ratio=0.1, duration_seconds=60)
    day.ready(refused(day), boxes=1, policy={"minimum_gap_seconds": 0.01})
    day.send()
    (limit,) = [each for each in list_limits(day.installation, day.tenant) if each.scope == "mailbox"]
    assert (limit.key, limit.limit, limit.slowed_to) == (day.mailboxes[0], "100/second", "10/second")
    assert undo(day.installation.database, now=day.now + TWO_HOURS) == 1
    (limit,) = [each for each in list_limits(day.installation, day.tenant) if each.scope == "mailbox"]
    assert (limit.limit, limit.slowed_to) == ("100/second", None)


def test_a_mailbox_without_a_rate_has_one_only_while_it_is_slowed(day):
    add_rule(day, action="slow_down", slow_ratio=0.5)
    day.ready(refused(day), boxes=1)
    day.send()
    mailbox_rates = "scope = 'mailbox'"
    assert day.count("rate_limits", mailbox_rates + " and slow_ratio = 0.5") == 1
    # Another file of the same mailboxes changes nothing about it.
    day.configure(boxes=1)
    assert day.count("rate_limits", mailbox_rates) == 1
    undo(day.installation.database, now=day.now + TWO_HOURS)
    assert day.count("rate_limits", mailbox_rates) == 0


def test_a_rule_puts_a_mailbox_into_quarantine_with_its_evidence(day):
    add_rule(day, action="quarantine", duration_seconds=604800)
    day.ready(refused(day), boxes=1)
    day.send()
    lifecycle, evidence = day.admin.execute("select lifecycle, lifecycle_evidence from outreach.mailboxes").fetchone()
    assert (lifecycle, evidence["rule"], evidence["reason"]) == ("quarantined", "rule/test_rule", "userunknown")
    assert evidence["until"].startswith((day.now + timedelta(days=7, minutes=1)).isoformat()[:16])


def test_a_rule_keeps_a_sending_domain_from_one_site_and_from_no_other(day):
    add_rule(day, scope="sending_domain_at_site")
    dead, at_site, elsewhere = refused(day), day.world.person(site="direct"), day.world.person()
    day.ready(dead, boxes=1)
    day.admin.execute("update outreach.messages set recipient_site = 'direct'")
    day.send()
    day.invite(at_site, elsewhere)
    day.admin.execute(
        "insert into outreach.recipient_sites (domain, site, state, resolved_at, expires_at)"
        " values (%s, 'direct', 'resolved', now(), now() + interval '1 day')",
        [at_site.split("@")[1]],
    )
    outcome = day.plan()
    assert outcome.summary["excluded"]["no_mailbox"] == 1
    assert day.message(at_site) is None
    assert day.send(later=timedelta(minutes=3)).by_state == {"sent": 1}
    assert day.state(elsewhere) == ("sent", None)
    # A person's word ends it.
    assert resume_at_site(day.installation, day.tenant, "Direct", author="ann", now=day.now) == 1
    assert day.plan().planned == 1
    assert [is_open for cause, is_open in alerts(day) if cause.startswith("shaping/")] == [False]


def test_a_blocked_site_holds_what_is_planned_and_claimed(day):
    add_rule(day, scope="mailbox_at_site")
    dead, waits = refused(day), day.world.person(site="direct")
    day.ready(dead, waits, boxes=1)
    day.admin.execute("update outreach.messages set recipient_site = 'direct'")
    day.admin.execute(
        "update outreach.messages set scheduled_at = scheduled_at - interval '1 minute' where to_address = %s", [dead]
    )
    assert day.send().by_state == {"failed": 1}
    assert day.state(waits) in {("deferred", "blocked_at_site"), ("planned", None)}
    assert due_send_lanes(day.installation, now=day.now + timedelta(minutes=10), horizon_seconds=0) == []
    # A person's word ends it.
    rows = list_mailboxes(day.installation, day.tenant, filters={}, now=day.now)
    pause_mailboxes(day.installation, rows, until=None, reason=None, author="test")
    assert day.send(later=timedelta(minutes=3)).by_state == {"sent": 1}


def test_a_site_is_stopped_for_everybody_by_several_mailboxes_and_ends_by_itself(day):
    add_rule(day, scope="site", least_matches=3, of_last=4, least_mailboxes=2)
    people = [refused(day) for _ in range(4)]
    day.ready(*people, boxes=2)
    day.admin.execute("update outreach.messages set recipient_site = 'direct'")
    day.send()
    ((rule, _, action, evidence, until, _),) = firings(day, "site_firings")
    assert (rule, action, evidence["mailboxes"]) == ("test_rule", "suspend", 2)
    assert "text" not in evidence
    paused = day.admin.execute("select site, paused_by, ends_at from outreach.paused_sites").fetchall()
    assert paused == [("direct", "rules", until)]
    assert [is_open for cause, is_open in alerts(day, "operator_alerts") if cause.startswith("shaping/")] == [True]

    undo(day.installation.database, now=day.now + TWO_HOURS)
    assert day.count("paused_sites") == 0
    assert [is_open for cause, is_open in alerts(day, "operator_alerts") if cause.startswith("shaping/")] == [False]


def test_what_a_person_has_paused_no_rule_lets_go(day):
    add_rule(day, scope="site")
    day.ready(refused(day), boxes=1)
    day.admin.execute("update outreach.messages set recipient_site = 'direct'")
    day.send()
    day.admin.execute("insert into outreach.recipient_sites (domain, site, state, resolved_at, expires_at)"
                      " values ('x.example', 'direct', 'resolved', now(), now())")  # fmt: skip
    assert pause_site(day.installation, "direct", paused=True, reason="asked", author="ann", now=day.now)
    undo(day.installation.database, now=day.now + A_DAY)
    assert day.admin.execute("select paused_by, ends_at from outreach.paused_sites").fetchall() == [("ann", None)]


def test_one_tenant_reads_no_other_s_firings(day):
    day.configure(tenants=("acme", "birch"), boxes=1)
    add_rule(day)
    acme, birch = day.installation.tenants("acme")[0], day.installation.tenants("birch")[0]
    mailbox_id = day.admin.execute("select id from outreach.mailboxes where tenant_id = %s", [acme.id]).fetchone()[0]
    with day.installation.database.tenant(acme.id) as transaction:
        assert react(transaction, [Reply(mailbox_id, 1, "x", "rcpt", 550, "5.1.1", "userunknown")], now=day.now) == []
    assert status(day.installation, birch, now=day.now)["tenants"][0]["rules"] == []


def test_the_usual_path_asks_nothing_more(day):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1)
    # Whoever asks for the rules fails now.
    day.admin.execute("revoke select on outreach.shaping_rules from outreach_app")
    assert day.send().by_state == {"sent": 3}
    assert day.count("alerts") == 0


def test_relays_are_judged_by_what_they_report(day):
    add_rule(day, match='{"stages": ["report"], "reasons": ["policyviolation", "spamdetected", "rejected", "blocked"]}',
             least_matches=2, of_last=4)  # fmt: skip
    people = [day.world.person("policy_block", site="relay") for _ in range(2)]
    day.ready(*people, boxes=1)
    assert day.send().by_state == {"sent": 2}
    day.read()
    ((_, _, _, evidence, _, _),) = firings(day)
    assert (evidence["matches"], evidence["of_attempts"], evidence["stage"]) == (2, 2, "report")
    assert evidence["text"]
    assert day.admin.execute("select paused_reason from outreach.mailboxes").fetchone() == ("rule/test_rule",)


def test_a_site_is_judged_by_what_relays_report_of_it(day):
    add_rule(day, scope="site", match='{"stages": ["report"], "enhanced_codes": ["5.x.x"]}', least_matches=2, of_last=4)
    day.ready(*(day.world.person("policy_block", site="relay") for _ in range(2)), day.world.person(), boxes=1)
    day.admin.execute("update outreach.messages set recipient_site = 'relay'")
    assert day.send().by_state == {"sent": 3}
    day.read()
    ((_, _, _, evidence, _, _),) = firings(day, "site_firings")
    assert (evidence["matches"], evidence["of_attempts"], evidence["stage"]) == (2, 3, "report")
    assert day.count("paused_sites", "site = 'relay'") == 1


def test_reports_count_in_the_order_of_sending_though_they_are_heard_of_later(day):
    add_rule(day, match='{"stages": ["report"]}', least_matches=2, of_last=3)
    blocked = [day.world.person("policy_block", site="relay") for _ in range(2)]
    taken = [day.world.person(site="relay") for _ in range(3)]
    day.ready(*blocked, boxes=1)
    day.send()
    day.invite(*taken)
    assert day.plan().planned == 3
    assert day.send(later=timedelta(minutes=3)).by_state == {"sent": 3}
    day.read(later=timedelta(minutes=4))
    assert firings(day) == []


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
    assert 500 < seconds <= 600

    day.world.running.control.clear_faults()
    day.admin.execute("update outreach.breakers set retry_at = clock_timestamp()")
    assert day.send(later=TWO_HOURS).by_state == {"sent": 8}
    assert day.count("breakers") == 0
    undo(day.installation.database, now=day.now)
    assert [cause for cause, is_open in alerts(day, "operator_alerts") if is_open] == []


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
    assert day.plan().planned == 0
    assert day.plan().summary["excluded"]["list_paused"] >= 4

    with pytest.raises(UsageError, match="name one by its number"):
        pause_list(day.installation, day.tenant, "nothing", paused=False, reason=None, author="ann")
    pause_list(day.installation, day.tenant, str(list_id), paused=False, reason=None, author="ann")
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
    day.inject("auth_fail", count=2)
    day.send()
    assert day.admin.execute(errors).fetchone() == (0, None)
    day.inject("auth_fail", count=50)
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
    day.admin.execute("update outreach.rate_limits set in_flight = null")
    day.admin.execute("update outreach.mailboxes set consecutive_errors = %s", [before])
    lane = day.admin.execute("select lane from outreach.mailboxes").fetchone()[0]
    outcome = {"auth": "deferred", "done": "sent", "gate": "cancelled"}
    with day.installation.database.tenant(day.tenant.id) as transaction:
        claimed = transaction.rows(
            "send/claim",
            lane=lane,
            mailbox_ids=None,
            mailboxes=1,
            each=8,
            lease_seconds=60,
            now=day.now + A_DAY / 24 / 60,
        )
        mailbox_id = day.admin.execute("select id from outreach.mailboxes").fetchone()[0]
        results = [
            Result(
                tenant_id=day.tenant.id, id=row["message_id"], token=row["token"], mailbox_id=mailbox_id,
                state=outcome[stage], stage=stage, outcome=outcome[stage], duration_ms=1, finished_at=day.now,
                started_at=day.now + timedelta(seconds=number), is_sender_error=stage == "auth", retry_at=day.now + AN_HOUR,
            )
            for number, (row, stage) in enumerate(zip(claimed, ends, strict=True))
        ]  # fmt: skip
        assert write_results(transaction, results) == {row["message_id"] for row in claimed}
    assert day.admin.execute("select consecutive_errors from outreach.mailboxes").fetchone() == (errors,)
