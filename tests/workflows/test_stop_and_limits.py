"""A person's word reaches a run in progress within seconds: pauses, resumptions, limits. Told by the servers' own log."""

from __future__ import annotations

import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.workflows.fleet import list_mailboxes, pause_campaign, pause_mailboxes, pause_site, pause_tenant
from outreach_pipeline.workflows.limits import list_limits, set_limit

pytestmark = pytest.mark.xdist_group("stop_and_limits")
WITHIN_SECONDS = 5.0
# A person's word, Dagster's and the system's: ten seconds, and the start of what is asked.
STOPS_WITHIN_SECONDS = 10.0


def wait_for(find) -> None:
    deadline = time.monotonic() + 40
    while not find():
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.02)


def switch(day, what: str, *, paused: bool) -> None:
    how = {"paused": paused, "reason": "test", "author": "test", "now": day.now}
    match what:
        case "tenant":
            pause_tenant(day.installation, day.tenant, **how)
        case "campaign":
            pause_campaign(day.installation, day.tenant, "spring", **how)
        case "site":
            pause_site(day.installation, "relay", **how)
        case "mailbox":
            rows = list_mailboxes(day.installation, day.tenant, filters={}, now=day.now)
            until = day.now + timedelta(days=1) if paused else None
            pause_mailboxes(day.installation, rows, until=until, reason="test", author="test", now=day.now)


def acceptances(day) -> list[datetime]:
    return [datetime.fromisoformat(line["at"]) for line in day.truth("accepted")]


@pytest.mark.parametrize("what", ["tenant", "campaign", "mailbox", "site"])
def test_a_pause_and_its_end_reach_a_run_in_progress_and_what_it_has_claimed_ahead(day, what):
    people = [day.world.person() for _ in range(30)]
    # As fast as it can: of the one mailbox eight messages are claimed ahead, and each takes a moment.
    day.ready(*people, boxes=1)
    day.admin.execute(
        "update outreach.rate_limits set in_flight = null, message_count = 1000, per_seconds = 1, burst = 99"
    )
    day.admin.execute("update outreach.messages set recipient_site = 'relay'")
    day.admin.execute(
        "insert into outreach.recipient_sites (domain, site, state, resolved_at, expires_at)"
        " values ('relay.example', 'relay', 'resolved', now(), now())"
    )
    day.inject("slow", stage="rcpt", seconds=0.3, count=1000)
    sender = day.start_sender("--for", "60")
    try:
        wait_for(lambda: len(day.accepted()) >= 2)
        assert day.count("messages", "state in ('claimed', 'sending')") > 2
        switch(day, what, paused=True)
        paused_at = datetime.now(UTC)
        time.sleep(WITHIN_SECONDS + 2)
        before = acceptances(day)
        assert max(before) < paused_at + timedelta(seconds=WITHIN_SECONDS)
        assert len(before) < len(people) / 2
        assert sender.poll() is None
        # None of them was lost in it: the rest waits, and nothing holds it.
        assert day.count("messages", "state in ('planned', 'deferred')") == len(people) - len(before)

        switch(day, what, paused=False)
        resumed_at = datetime.now(UTC)
        wait_for(lambda: len(day.accepted()) > len(before))
        assert min(at for at in acceptances(day) if at > max(before)) < resumed_at + timedelta(seconds=WITHIN_SECONDS)
    finally:
        sender.terminate()
        sender.wait(30)


@pytest.mark.parametrize(
    "stage, states",
    [
        ("connect", {"planned"}),
        ("rcpt", {"planned"}),
        ("data", {"deferred", "planned"}),
        ("end", {"outcome_unknown", "planned"}),
    ],
)
def test_a_stop_waits_for_no_silent_server(day, stage, states):
    people = [day.world.person() for _ in range(6)]
    day.ready(*people, boxes=2)
    day.inject("slow", stage=stage, seconds=60, count=1000)
    sender = day.start_sender("--for", "60")
    wait_for(lambda: day.count("messages", f"state = '{'sending' if stage in {'data', 'end'} else 'claimed'}'") >= 2)
    time.sleep(0.5)
    stopped_at = time.monotonic()
    sender.terminate()
    assert sender.wait(30) == 0
    assert time.monotonic() - stopped_at < STOPS_WITHIN_SECONDS
    day.world.running.control.clear_faults()
    assert {day.state(person)[0] for person in people} == states
    assert day.leases() == 0
    assert day.count("messages", "lease_token is not null") == 0
    # What no server was given has lost no attempt, and goes out the next time.
    assert day.count("messages", "state = 'planned' and attempts > 0") == 0
    day.send()
    taken = {"sent", "outcome_unknown"}
    assert sorted(day.accepted()) == sorted(person for person in people if day.state(person)[0] in taken)


def test_a_limit_that_is_set_holds_at_once_for_a_run_in_progress(day):
    people = [f"set{number}@relay03.example" for number in range(40)]
    day.configure(
        boxes=4,
        policy={"messages_per_day_per_company": 100},
        rate_limits=[{"scope": "recipient_domain", "key": "relay03.example", "limit": "1/day", "burst": 1}],
    )
    day.invite(*people)
    assert day.plan().planned == len(people)
    sender: subprocess.Popen[bytes] = day.start_sender("--for", "60")
    try:
        wait_for(lambda: len(day.accepted()) == 1)
        key = ("recipient_domain", "relay03.example")
        (row,) = [each for each in list_limits(day.installation) if (each.scope, each.key) == key]
        assert (row.limit, row.burst) == ("1/day", 1)
        assert row.free_at > datetime.now(UTC) + timedelta(hours=23)
        set_limit(day.installation, "recipient_domain", "relay03.example", "5/second", author="ann")
        set_at = datetime.now(UTC)
        wait_for(lambda: len(day.accepted()) >= 6)
        later = acceptances(day)[1:]
        assert min(later) < set_at + timedelta(seconds=WITHIN_SECONDS)
        # Five a second from then on; the log may note one late by the time of an attempt.
        assert len(later) <= 5 * (max(later) - set_at).total_seconds() + 2
    finally:
        sender.terminate()
        sender.wait(30)
    who, action, subject, detail = day.admin.execute(
        "select author, action, subject, detail from outreach.operator_audit_log order by id desc limit 1"
    ).fetchone()
    assert (who, action, subject) == ("ann", "set", "limit recipient_domain relay03.example")
    assert (detail["before"]["message_count"], detail["after"]["message_count"]) == (1, 5)


@pytest.mark.parametrize("more, go_at_once", [({}, 1), ({"burst": 3}, 3)])
def test_a_limit_that_is_set_keeps_nothing_of_the_burst_from_before(day, more, go_at_once):
    people = [day.world.person() for _ in range(20)]
    # A mailbox's burst is 100 then, and the tenant's 20.
    day.ready(*people, boxes=1, policy={"minimum_gap_seconds": 0, "messages_per_minute_per_mailbox": 6000})
    keys = {"mailbox": day.mailboxes[0], "tenant": "acme"}
    assert all(each.burst >= 20 for each in list_limits(day.installation, day.tenant))
    for scope, key in keys.items():
        holds = set_limit(day.installation, scope, key, "10/minute", author="ann", **more)
        assert (holds["scope"], holds["key"], holds["limit"]) == (scope, key, "10/minute")
        assert holds["burst"] == go_at_once
    # The next one goes six seconds later.
    day.send(for_seconds=2)
    assert len(day.accepted()) == go_at_once


def test_limits_name_what_they_are_of_and_count_what_is_in_flight(day):
    limit = {"scope": "recipient_domain", "key": "relay04.example", "limit": "30/minute", "burst": 9, "in_flight": 2}
    people = [f"shown{number}@relay04.example" for number in range(4)]
    day.ready(*people, boxes=4, policy={"minimum_gap_seconds": 600}, rate_limits=[limit])
    assert len(day.claim()) == 2
    rows = {(each.scope, each.key): each for each in list_limits(day.installation)}
    shown = rows["recipient_domain", "relay04.example"]
    assert (shown.limit, shown.burst, shown.in_flight, shown.in_flight_allowed) == ("30/minute", 9, 2, 2)
    assert rows["tenant", "acme"].tenant == "acme"
    assert {rows["mailbox", box].limit for box in day.mailboxes} == {"6/hour"}
    assert rows["tenant", "*"].limit == "10/second"
    own = list_limits(day.installation, day.tenant)
    assert {(each.scope, each.tenant) for each in own} == {("tenant", "acme"), ("mailbox", "acme")}


def test_a_default_takes_its_followers_along_and_leaves_the_others(day):
    day.configure(boxes=1, rate_limits=[{"scope": "recipient_site", "key": "own.example", "limit": "7/minute"}])
    day.admin.execute(
        "insert into outreach.rate_limits (scope, key, message_count, per_seconds, burst, in_flight)"
        " select scope, 'follower', message_count, per_seconds, burst, in_flight from outreach.rate_limits"
        " where scope = 'recipient_site' and key = '*'"
    )
    set_limit(day.installation, "recipient_site", "*", "99/minute", in_flight=0, author="ann")
    rows = {each.key: each for each in list_limits(day.installation) if each.scope == "recipient_site"}
    assert {key: row.limit for key, row in rows.items()} == {
        "*": "99/minute",
        "follower": "99/minute",
        "own.example": "7/minute",
    }
    assert rows["follower"].in_flight_allowed is None


@pytest.mark.parametrize(
    "scope, key, kept",
    [
        ("recipient_site", " Gmail", "gmail"),
        ("recipient_site", "MX-Hosts.example", "mx-hosts.example"),
        ("recipient_domain", "bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_a_recipient_is_kept_as_messages_name_it(day, scope, key, kept):
    day.configure(boxes=1, rate_limits=[{"scope": scope, "key": key.strip(), "limit": "7/minute"}])
    set_limit(day.installation, scope, key, "9/minute", author="ann")
    rows = [(each.key, each.limit) for each in list_limits(day.installation) if each.scope == scope and each.key != "*"]
    assert rows == [(kept, "9/minute")]


@pytest.mark.parametrize(
    "scope, key, limit, said",
    [
        ("planet", "x", "1/second", "no scope 'planet'"),
        ("tenant", "acme", "fast", "is no rate"),
        ("tenant", "nobody", "1/second", "nobody"),
        ("mailbox", "nobody@x.example", "1/second", "no mailbox"),
        ("provider_host", "smtp.example", "1/second", "with its port"),
        ("provider_host", "https://smtp.example:25", "1/second", "with its port"),
        (
            "recipient_site",
            "two words",
            "1/second",
            "is no recipient site: write a domain like example.com or a provider",
        ),
        ("recipient_site", "https://x", "1/second", "'https://x' is no recipient site"),
        ("recipient_site", "gmial", "1/second", "gmail, godaddy"),
        (
            "recipient_domain",
            "gmail",
            "1/second",
            r"'gmail' is no recipient domain: write a domain like example.com\.$",
        ),
        ("recipient_domain", "ann@x.example", "1/second", "is no recipient domain"),
        ("recipient_domain", "mail.x.example", "1/second", "mail.x.example is counted as x.example: write x.example"),
        ("recipient_site", "Gmail.com", "1/second", "gmail.com is counted as gmail: write gmail"),
        ("recipient_site", "outlook.com", "1/second", "write outlook"),
        (
            "provider_host",
            "smtp.nobody.example:587",
            "1/second",
            r"at 'smtp.nobody.example:587': it is one of 127\.0\.0\.1:\d+\.$",
        ),
        ("host_logins", "127.0.0.1:05", "1/second", r"it is one of 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+\.$"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused(day, scope, key, limit, said):
    day.configure(boxes=1)
    with pytest.raises(UsageError, match=said):
        set_limit(day.installation, scope, key, limit, author="ann")
