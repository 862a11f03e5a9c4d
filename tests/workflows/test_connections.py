"""Connections of a host or a provider account are limited over all processes, and who waits for one costs nobody else."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from threading import Thread

import aiosmtplib
import pytest

from outreach_pipeline.workflows import deliver, login_places, send_email, smtp_sessions
from outreach_pipeline.workflows.access_tokens import AccessTokens
from outreach_pipeline.workflows.claimed_message import account_of
from outreach_pipeline.workflows.limits import list_limits, set_limit
from outreach_pipeline.workflows.send_email import recover

pytestmark = pytest.mark.xdist_group("connections")
FAST = "1000/second"


def host_of(day, provider: str = "filing") -> str:
    return f"127.0.0.1:{day.world.running.ports['smtp'][provider]}"


def limit(scope: str, key: str, *, rate: str = FAST, in_flight: int | None = None, burst: int = 1) -> dict:
    return {"scope": scope, "key": key, "limit": rate, "burst": burst, "in_flight": in_flight}


def take(day, scope: str, key: str, holder: str = "connection/other", seconds: float = 60) -> float | None:
    """Take a place as another process would."""
    with day.installation.database.operator() as transaction:
        return transaction.value(
            "send/take_login_place", scopes=[scope], keys=[key], holder=holder, lease_seconds=seconds
        )


def places(day) -> int:
    return day.count("leases", "holder like 'connection/%'")


@pytest.mark.parametrize("scope", ["host_logins", "account_logins"])
def test_a_message_whose_login_has_no_place_waits_without_using_up_anything(day, scope):
    person = day.world.person()
    key = host_of(day) if scope == "host_logins" else "acme-a"
    day.ready(person, boxes=1, rate_limits=[limit(scope, key, in_flight=1)])
    assert take(day, scope, key) is None
    outcome = day.send()
    assert (outcome.by_state, outcome.by_reason) == ({}, {"login_waits": 1})
    message = day.message(person)
    assert (message["state"], message["reason"], message["attempts"]) == ("planned", None, 0)
    assert timedelta(seconds=65) <= message["retry_at"] - day.now <= timedelta(seconds=75)
    assert (day.attempts(person), day.accepted(), day.leases()) == ([], [], 1)
    # Nor has its claim used up anybody's rate.
    assert day.count("rate_limits", "theoretical_arrival_at > now() and scope not like '%_logins'") == 0
    # The other process ends, or dies: its lease ends by itself.
    day.admin.execute("update outreach.leases set expires_at = now()")
    assert day.send(later=timedelta(minutes=2)).by_state == {"sent": 1}
    assert day.attempts(person) == [("done", "sent", 250)]
    assert places(day) == 0


def test_who_waits_does_not_block_other_mailboxes(day):
    people = [day.world.person() for _ in range(8)]
    day.ready(*people, boxes=4, rate_limits=[limit("account_logins", "acme-a", in_flight=1)])
    take(day, "account_logins", "acme-a")
    outcome = day.send()
    of_account = "mailbox_id in (select b.id from outreach.mailboxes b join outreach.provider_accounts a"
    of_account += " on a.id = b.provider_account_id where a.name = '{}')"
    assert day.count("messages", "state = 'sent' and " + of_account.format("acme-b")) == outcome.by_state["sent"] > 0
    assert day.count("messages", "state = 'planned' and " + of_account.format("acme-a")) == 8 - outcome.by_state["sent"]


def test_within_a_run_an_unused_connection_makes_room(day):
    people = [day.world.person() for _ in range(6)]
    day.ready(*people, boxes=6, rate_limits=[limit("host_logins", host_of(day), in_flight=1)])
    sent = 0
    for minutes in range(1, 30):
        sent += day.send(later=timedelta(minutes=minutes)).by_state["sent"]
        assert places(day) == 0
    assert sent == 6
    assert sorted(day.accepted()) == sorted(people)


def test_new_logins_are_spread_over_the_rate_and_kept_connections_need_none(day):
    people = [day.world.person() for _ in range(5)]
    host = host_of(day)
    day.ready(*people, boxes=1, rate_limits=[limit("host_logins", host, rate="1/hour")])
    assert day.send().by_state == {"sent": 5}
    seconds = take(day, "host_logins", host)
    assert 3000 < seconds <= 3600


def test_a_limit_set_while_a_run_goes_holds_and_is_seen(day, monkeypatch):
    monkeypatch.setattr(login_places, "_REFRESH_SECONDS", 0.0)
    person = day.world.person()
    day.ready(person, boxes=1)
    host = host_of(day)
    set_limit(day.installation, "host_logins", host, "1000/second", in_flight=1, author="test")
    take(day, "host_logins", host)
    (row,) = [each for each in list_limits(day.installation) if each.scope == "host_logins"]
    assert (row.key, row.in_flight, row.in_flight_allowed) == (host, 1, 1)
    assert day.send().by_reason == {"login_waits": 1}
    set_limit(day.installation, "host_logins", host, "1000/second", in_flight=2, author="test")
    assert day.send(later=timedelta(minutes=2)).by_state == {"sent": 1}


def test_the_default_of_a_scope_limits_every_host(day):
    day.ready(day.world.person(), boxes=1, rate_limits=[limit("host_logins", "*", in_flight=1)])
    take(day, "host_logins", host_of(day))
    assert day.send().by_reason == {"login_waits": 1}


def test_a_living_connection_keeps_its_place_and_a_dead_one_loses_it(day, monkeypatch):
    monkeypatch.setattr(login_places, "RENEW_SECONDS", 0.1)
    monkeypatch.setattr(login_places, "LEASE_SECONDS", 0.6)
    host = host_of(day)
    day.ready(day.world.person(), boxes=1, rate_limits=[limit("host_logins", host, in_flight=1)])
    day.inject("slow", stage="end", seconds=2.0)
    taken = []

    def watch() -> None:
        deadline = time.monotonic() + 20
        while not places(day) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(1.2)
        taken.append(take(day, "host_logins", host))

    watcher = Thread(target=watch)
    watcher.start()
    assert day.send().by_state == {"sent": 1}
    watcher.join()
    # Twice its lease after it was taken, it was still held; now it is free.
    assert taken[0] is not None
    assert take(day, "host_logins", host) is None


def test_nothing_is_asked_where_nothing_is_limited(day, monkeypatch):
    asked = []
    monkeypatch.setattr(login_places.LoginPlaces, "_ask", lambda *_: asked.append(1))
    day.ready(day.world.person(), boxes=1, rate_limits=[limit("host_logins", "smtp.other.example:587", in_flight=1)])
    assert day.send().by_state == {"sent": 1}
    assert asked == []


@pytest.mark.parametrize("most, logins", [(None, 1), (2, 3)])
def test_a_host_s_messages_a_connection_are_a_setting(day, monkeypatch, most, logins):
    opened = []
    open_ = smtp_sessions.SmtpSession.open
    monkeypatch.setattr(smtp_sessions.SmtpSession, "open", lambda session: opened.append(1) or open_(session))
    hosts = [{"host": host_of(day), "messages_per_connection": most}] if most else []
    day.ready(*(day.world.person() for _ in range(5)), boxes=1, provider_hosts=hosts)
    assert day.send().by_state == {"sent": 5}
    assert len(opened) == logins


def test_an_idle_connection_is_closed_when_its_host_s_time_is_over(day):
    day.ready(day.world.person(), boxes=1)
    pool = smtp_sessions.SessionPool(
        AccessTokens(day.installation), login_places.LoginPlaces(day.installation.database)
    )
    (claimed,) = day.claim()
    account = account_of(claimed, day.installation.vault)

    async def use() -> list[bool]:
        session = await pool.take(claimed.tenant_id, claimed.mailbox_id, account)
        pool.give_back(claimed.tenant_id, claimed.mailbox_id, session)
        await pool.close_idle()
        stands = [session.is_open]
        pool._places._settings.hosts[host_of(day)] = login_places.HostSettings(idle_seconds=0.0)
        await pool.close_idle()
        return [*stands, session.is_open]

    assert asyncio.run(use()) == [True, False]


def test_an_address_beyond_ascii_goes_where_it_is_offered(day):
    person = day.world.person().replace("p", "zoë", 1)
    day.ready(person, boxes=1)
    assert day.send().by_state == {"sent": 1}
    assert day.accepted() == [person]
    (mail,) = day.mails(person)
    assert person in str(mail["To"])
    assert day.judge().agrees


def test_an_address_beyond_ascii_fails_before_mail_where_it_is_not_offered(day):
    strange, plain = day.world.person().replace("p", "zoë", 1), day.world.person()
    day.ready(strange, plain, boxes=1, provider="ascii")
    assert day.send().by_state == {"failed": 1, "sent": 1}
    message = day.message(strange)
    assert (message["state"], message["reason"]) == ("failed", "smtp_extension_missing")
    assert (
        "does not offer SMTPUTF8" in message["reason_detail"] or "does not offer 8BITMIME" in message["reason_detail"]
    )
    assert day.attempts(strange) == [("mail", "failed", None)]
    assert day.sequence(strange) == ("stopped", "delivery_failed", 1)
    assert (day.events(strange), day.suppressed(), day.leases()) == ([], {}, 0)
    assert day.accepted() == [plain]
    assert day.admin.execute("select max(consecutive_errors) from outreach.mailboxes").fetchone() == (0,)


def test_a_tenant_s_mail_leaves_from_its_address(day, monkeypatch):
    bound = []
    connect = aiosmtplib.SMTP.connect

    async def watched(client, **options):
        answer = await connect(client, **options)
        bound.append(client.transport.get_extra_info("sockname")[0])
        return answer

    monkeypatch.setattr(aiosmtplib.SMTP, "connect", watched)
    day.ready(day.world.person(), boxes=1, tenant={"source_address": "127.0.0.2"})
    assert day.send().by_state == {"sent": 1}
    assert bound == ["127.0.0.2"]


def test_a_server_that_takes_its_time_at_the_end_keeps_the_claim(day, monkeypatch):
    monkeypatch.setattr(deliver, "LEASE_SECONDS", 0.9)
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject("slow", stage="end", seconds=2.5)
    recovered = []
    done = threading.Event()

    def another() -> None:
        while not done.wait(0.1):
            recovered.append(recover(day.installation, day.tenant, now=day.now + timedelta(minutes=1)))

    watcher = Thread(target=another)
    # The claim's own lease is short too, and every other run recovers what has lapsed.
    monkeypatch.setattr(send_email, "LEASE_SECONDS", 1.2)
    watcher.start()
    outcome = day.send()
    done.set()
    watcher.join()
    assert (outcome.by_state, day.state(person)) == ({"sent": 1}, ("sent", None))
    assert not any(recovered)


def test_a_run_until_idle_waits_for_those_who_found_no_place(day, monkeypatch):
    monkeypatch.setattr(send_email, "_LEAST_WAIT_SECONDS", 0.0)
    monkeypatch.setattr(send_email, "_WAITS_SPREAD_SECONDS", 1)
    limits = [limit("host_logins", host_of(day), rate="600/minute", in_flight=1)]
    day.ready(*(day.world.person() for _ in range(4)), boxes=4, rate_limits=limits)
    # By the clock: who is put off comes back when its time has come.
    day.admin.execute("update outreach.messages set scheduled_at = now() - interval '1 second'")
    outcome = send_email.send_until(day.installation, until_idle=True, for_seconds=40)
    assert outcome.by_reason["login_waits"] > 0
    assert outcome.by_state == {"sent": 4}
