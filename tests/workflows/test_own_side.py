"""What is wrong on this side, with one tenant or mailbox, opens no host's breaker: the others at that host go on."""

from __future__ import annotations

import threading
import time

import pytest

from outreach_pipeline.workflows.health_check import check_mailbox

UNUSABLE = "The source_address 203.0.113.5 cannot be used on this machine (Cannot assign requested address): "
OF_ANOTHER_KIND = "127.0.0.1 has no IPv6 address that could be reached from the source_address ::1: "
CURE = "set the tenant's source_address to one of this machine's that is of the host's kind, or leave it out."


@pytest.mark.parametrize(
    "source, says",
    [("203.0.113.5", UNUSABLE + CURE), ("::1", OF_ANOTHER_KIND + CURE)],
    ids=["not of this machine", "of another kind"],
)
def test_a_tenant_s_source_address_is_its_own_trouble(day, source, says):
    person = day.world.person()
    day.ready(person, boxes=1, tenant={"source_address": source})
    assert day.send().by_state == {"deferred": 1}
    assert day.state(person) == ("deferred", "networkerror")
    assert day.attempts(person) == [("connect", "deferred", None)]
    assert day.message(person)["reason_detail"] == says
    errors = day.admin.execute("select consecutive_errors, send_failure from outreach.mailboxes").fetchone()
    assert (errors, day.count("breakers")) == ((1, f"connect: {says}"), 0)
    row = check_mailbox(day.installation, day.tenant, day.mailboxes[0], now=day.now)[0]
    assert (row.protocol, row.is_ok, row.stage, row.cause) == ("smtp", False, "connect", says)


def test_a_usable_source_address_is_used_and_a_host_that_is_away_is_the_host_s_fault(day):
    person = day.world.person()
    day.ready(person, boxes=1, tenant={"source_address": "127.0.0.1"})
    day.admin.execute("update outreach.mailboxes set smtp_port = 9")
    assert day.send().by_state == {"deferred": 1}
    assert "source_address" not in day.message(person)["reason_detail"]
    assert day.count("breakers") == 1


def test_a_certificate_that_one_mailbox_does_not_trust_is_its_own_trouble(day):
    person = day.world.person()
    day.ready(person, boxes=1, mailbox={"ca_file": None})
    assert day.send().by_state == {"deferred": 1}
    assert day.attempts(person) == [("tls", "deferred", None)]
    errors = day.admin.execute("select consecutive_errors from outreach.mailboxes").fetchone()
    assert (errors, day.count("breakers")) == ((1,), 0)


def test_a_server_that_has_not_asked_for_the_text_at_a_stop_was_given_nothing(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject("slow", stage="data", seconds=30)
    stop = threading.Event()
    begun = threading.Timer(1.0, stop.set)
    begun.start()
    started = time.monotonic()
    assert day.send(stop=stop).by_state == {"deferred": 1}
    assert time.monotonic() - started < 10
    assert (day.state(person), day.accepted()) == (("deferred", "stopped"), [])
    assert day.send().by_state == {"sent": 1}
