"""Shaping rules fire by what of the last attempts was refused, once while they stand, and what they did is undone in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.workflows.fleet import list_mailboxes, pause_mailboxes, pause_site, pause_tenant, resume_at_site
from outreach_pipeline.workflows.lanes import due_send_lanes
from outreach_pipeline.workflows.limits import list_limits
from outreach_pipeline.workflows.shaping import undo
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


@pytest.mark.parametrize("scope, of", [("tenant", "tenant"), ("site", "recipient_site")])
def test_a_rule_slows_a_tenant_or_a_site(day, scope, of):
    add_rule(day, scope=scope, action="slow_down", slow_ratio=0.5)
    day.ready(refused(day), boxes=1)
    day.admin.execute("update outreach.messages set recipient_site = 'direct'")
    day.send()
    key = (of, "acme" if scope == "tenant" else "direct")

    def rates():
        return {(each.scope, each.key): (each.limit, each.slowed_to) for each in list_limits(day.installation)}

    assert rates()[key] == ("10/second", "5/second")
    assert rates()[of, "*"] == ("10/second", None)
    assert undo(day.installation.database, now=day.now + TWO_HOURS) == 1
    assert rates()[key] == ("10/second", None)


@pytest.mark.parametrize("is_paused_by_a_person", [False, True])
def test_a_rule_stops_a_tenant_and_lets_it_go_unless_a_person_has_stopped_it_too(day, is_paused_by_a_person):
    add_rule(day, scope="tenant")
    day.ready(refused(day), boxes=1)
    day.send()
    state = "select state, paused_reason from outreach.tenants"
    assert day.admin.execute(state).fetchone() == ("paused", "rule/test_rule")
    if is_paused_by_a_person:
        pause_tenant(day.installation, day.tenant, paused=True, reason="asked", author="ann", now=day.now)
    undo(day.installation.database, now=day.now + TWO_HOURS)
    assert day.admin.execute(state).fetchone() == (("paused", "asked") if is_paused_by_a_person else ("active", None))


def test_a_slowed_mailbox_has_its_rate_back_in_time(day):
    add_rule(day, action="slow_down", slow_ratio=0.5)
    day.ready(refused(day), boxes=1)
    day.send()
    assert day.count("rate_limits", "scope = 'mailbox' and slow_ratio = 0.5") == 1
    # Another file of the same mailboxes changes nothing about it.
    day.configure(boxes=1)
    assert day.count("rate_limits", "scope = 'mailbox' and slow_ratio = 0.5") == 1
    undo(day.installation.database, now=day.now + TWO_HOURS)
    assert day.count("rate_limits", "scope = 'mailbox' and slow_ratio = 1") == 1


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
    pause_mailboxes(day.installation, rows, until=None, reason=None, author="test", now=day.now)
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


def test_a_site_whose_domain_no_lookup_has_told_can_be_paused_and_one_that_nobody_knows_not(day):
    day.ready(day.world.person(), boxes=1)
    day.admin.execute("delete from outreach.recipient_sites")
    day.admin.execute("update outreach.messages set recipient_site = 'lost.example'")
    how = {"paused": True, "reason": "asked", "author": "ann", "now": day.now}
    assert pause_site(day.installation, "lost.example", **how)
    day.admin.execute(
        "insert into outreach.rate_limits (scope, key, message_count, per_seconds) values ('recipient_site', 'limited.example', 1, 1)"
    )
    assert pause_site(day.installation, "limited.example", **how)
    with pytest.raises(UsageError, match="No recipient domain is known"):
        pause_site(day.installation, "nobody.example", **how)


def test_one_tenant_reads_no_other_s_firings_and_is_not_held_by_them(day):
    add_rule(day, scope="mailbox_at_site")
    dead, of_birch = refused(day), day.world.person(site="direct")
    day.configure(tenants=("acme", "birch"), boxes=1)
    day.invite(dead)
    day.invite(of_birch, tenant="birch")
    assert day.plan().planned == day.plan(tenant="birch").planned == 1
    day.admin.execute("update outreach.messages set recipient_site = 'direct'")
    acme, birch = (day.installation.tenants(slug)[0] for slug in ("acme", "birch"))
    assert day.send(tenants=[acme]).by_state == {"failed": 1}
    assert len(status(day.installation, acme, now=day.now)["tenants"][0]["rules"]) == 1
    assert status(day.installation, birch, now=day.now)["tenants"][0]["rules"] == []
    assert day.send(tenants=[birch]).by_state == {"sent": 1}


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
