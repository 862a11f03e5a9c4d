"""Rates, gaps and what may be in flight hold over all processes, and a killed process loses and doubles nothing."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from outreach_pipeline.adapters.postgres.database import DatabaseUnavailableError
from outreach_pipeline.workflows.send_ledger import Begin, Ledger

pytestmark = pytest.mark.xdist_group("send_limits")
_KILLS = 6


def wait_for(find) -> None:
    deadline = time.monotonic() + 40
    while not find():
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.02)


def times_of_acceptance(day, key: str) -> dict[str, list[float]]:
    times = defaultdict(list)
    for line in day.truth("accepted"):
        times[line[key]].append(datetime.fromisoformat(line["at"]).timestamp())
    return times


def test_gaps_and_rates_hold_between_processes(day):
    gap_seconds, rate_seconds, burst = 0.5, 0.2, 2
    domain = "relay00.example"
    day.configure(
        boxes=4,
        policy={"minimum_gap_seconds": gap_seconds, "messages_per_day_per_company": 40},
        rate_limits=[
            {"scope": "recipient_domain", "key": domain, "limit": "300/minute", "burst": burst, "in_flight": 2},
        ],
    )
    to_domain = [f"limited{number}@{domain}" for number in range(12)]
    day.invite(*to_domain, *(day.world.person() for _ in range(8)))
    assert day.plan().planned == 20
    processes = [day.start_sender("--until-idle") for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert len(day.accepted()) == 20
    # The truth log tells milliseconds.
    for times in times_of_acceptance(day, "mail_from").values():
        assert min(later - earlier for earlier, later in pairwise(times)) >= gap_seconds - 0.002
    # All but the burst are spread over the rate, and the log may note the first late by the time of one attempt.
    times = [time_ for rcpt, (time_,) in times_of_acceptance(day, "rcpt").items() if rcpt in to_domain]
    assert max(times) - min(times) >= rate_seconds * (len(times) - burst) - gap_seconds
    assert day.judge().agrees


def begin_of(day, claimed) -> Begin:
    return Begin(
        tenant_id=claimed.tenant_id,
        id=claimed.id,
        token=claimed.token,
        subject="Hello",
        to_address=claimed.to_address,
        company_domain=claimed.company_domain,
        now=day.now + timedelta(minutes=1),
    )


def two_claims_far_apart(day, *, limit: str, burst: int, apart_seconds: float):
    domain = "relay02.example"
    rate = {"scope": "recipient_domain", "key": domain, "limit": limit, "burst": burst}
    day.ready(*(f"turn{number}@{domain}" for number in range(2)), boxes=2, rate_limits=[rate])
    claimed = day.claim(most=1)
    time.sleep(apart_seconds)
    claimed += day.claim(most=1)
    assert len(claimed) == 2
    return claimed


def test_what_was_claimed_in_time_does_not_begin_nearer_than_the_rate_lets_it(day):
    first, second = (
        begin_of(day, each) for each in two_claims_far_apart(day, limit="150/minute", burst=1, apart_seconds=0.5)
    )
    assert day.write(first) == ["sending"]
    (waits,) = day.write(second)
    # The rate gives one in 0.4 s.
    assert 0.2 < waits <= 0.4
    assert day.message(second.to_address)["state"] == "claimed"
    with Ledger(day.installation.database) as ledger:
        assert asyncio.run(ledger.begin(second)) == "sending"
    moments = [day.message(each.to_address)["state_at"] for each in (first, second)]
    assert (moments[1] - moments[0]).total_seconds() >= 0.39


def test_in_one_group_only_as_many_begin_as_the_rate_lets_through(day):
    claimed = two_claims_far_apart(day, limit="150/minute", burst=1, apart_seconds=0.5)
    first, second = day.write(*(begin_of(day, each) for each in claimed))
    assert (first, second) == ("sending", pytest.approx(0.4, abs=0.01))


def test_a_burst_begins_at_once_but_for_a_tenth_of_a_second(day):
    # The second is claimed as soon as that is over.
    claimed = two_claims_far_apart(day, limit="10/minute", burst=2, apart_seconds=0.15)
    first, second = day.write(*(begin_of(day, each) for each in claimed))
    assert (first, second) == ("sending", pytest.approx(0.1, abs=0.01))


def test_a_rate_that_was_narrowed_reaches_what_is_claimed_and_a_wider_one_too(day):
    claimed = two_claims_far_apart(day, limit="150/minute", burst=1, apart_seconds=0.5)
    first, second = (begin_of(day, each) for each in claimed)

    def make(limit: str) -> None:
        day.configure(
            boxes=2,
            rate_limits=[{"scope": "recipient_domain", "key": "relay02.example", "limit": limit, "burst": 1}],
        )

    make("1/minute")
    assert day.write(first) == ["sending"]
    assert day.write(second) == ["rate_limited"]
    assert day.state(second.to_address) == ("deferred", "rate_limited")

    make("1000/minute")
    time.sleep(0.1)
    (again,) = day.claim()
    assert day.write(begin_of(day, again)) == ["sending"]


def test_what_may_be_in_flight_is_counted_over_all_claims(day):
    domain = "relay01.example"
    limit = {"scope": "recipient_domain", "key": domain, "limit": "1000/second", "burst": 100, "in_flight": 2}
    day.ready(*(f"flying{number}@{domain}" for number in range(6)), boxes=6, rate_limits=[limit])
    first = day.claim(lease_seconds=0.5)
    assert len(first) == 2
    assert day.claim() == []
    # One mailbox has one message; a lease that has run out holds nothing.
    wait_for(
        lambda: day.admin.execute("select from outreach.leases having max(expires_at) < clock_timestamp()").fetchall()
    )
    second = day.claim()
    assert len(second) == 2
    assert not {each.mailbox_id for each in first} & {each.mailbox_id for each in second}


def test_claims_of_many_at_once_never_share_a_message_or_a_mailbox(day):
    day.ready(*(day.world.person() for _ in range(12)), boxes=6)
    with ThreadPoolExecutor(6) as pool:
        claims = [message for claimed in pool.map(lambda _: day.claim(most=2), range(6)) for message in claimed]
    assert (
        len({message.id for message in claims}) == len({message.mailbox_id for message in claims}) == len(claims) == 6
    )


def test_a_sender_that_is_killed_at_any_moment_loses_and_doubles_nothing(day):
    chance = random.Random(7)
    # Six mailboxes send at most 12 between a start and its end: there are more, so that each of the senders has some.
    people = [day.world.person(chance.choice(("accept", "unknown_user", "reply_stop"))) for _ in range(100)]
    day.configure(
        boxes=6,
        policy={"minimum_gap_seconds": 0.2, "unknown_outcome_seconds": 3600, "messages_per_day_per_mailbox": 20},
    )
    day.invite(*people)
    assert day.plan().planned == len(people)
    for _ in range(_KILLS):
        before = len(day.truth())
        process = day.start_sender("--for", "20")
        wait_for(lambda before=before: len(day.truth()) > before)
        time.sleep(chance.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.wait()
        end_leases(day)
    assert day.start_sender("--until-idle").wait(60) == 0
    states = dict(day.admin.execute("select state, count(*) from outreach.messages group by state").fetchall())
    assert set(states) <= {"sent", "outcome_unknown", "cancelled"}

    day.read()
    assert day.start_sender("--until-idle", later=timedelta(hours=2)).wait(60) == 0
    report = day.judge(later=timedelta(days=1))
    assert (report.sent_twice, report.lost, report.caps_passed) == ([], [], [])
    assert set(report.by_state) <= {"sent", "presumed_sent", "cancelled"}
    assert sum(report.by_state.values()) == len(people)
    assert day.leases() == 0


def test_a_database_that_cuts_its_connections_makes_nothing_lost_or_double(day):
    people = [day.world.person() for _ in range(40)]
    day.configure(boxes=5, policy={"minimum_gap_seconds": 0.05, "unknown_outcome_seconds": 3600})
    day.invite(*people)
    assert day.plan().planned == len(people)
    cuts = 0
    with ThreadPoolExecutor() as pool:
        while day.count("messages", "state in ('planned', 'deferred', 'claimed', 'sending')"):
            run = pool.submit(day.send)
            while not run.done():
                time.sleep(0.1)
                if cuts < _KILLS and not run.done():
                    day.admin.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity"
                        " where datname = current_database() and usename = 'outreach_app'"
                    )
                    cuts += 1
            # A run may end with the error: the next one takes over where it stopped.
            assert isinstance(run.exception(), DatabaseUnavailableError | type(None))
            end_leases(day)
    assert cuts > 0
    day.read()
    day.send(later=timedelta(hours=2))
    report = day.judge(later=timedelta(days=1))
    assert (report.sent_twice, report.lost, report.caps_passed) == ([], [], [])
    assert set(report.by_state) <= {"sent", "presumed_sent"}
    assert sum(report.by_state.values()) == len(people)


def end_leases(day) -> None:
    """Let the time pass after which a worker counts as dead."""
    # A killed worker's last statement may still be under way in the server, and holds its rows until it is done.
    lapse = (
        "update outreach.messages set lease_expires_at = clock_timestamp() where id in ("
        "select id from outreach.messages where lease_expires_at > clock_timestamp() for update skip locked)"
    )
    live = "select count(*) from outreach.messages where lease_expires_at > clock_timestamp()"
    wait_for(lambda: day.admin.execute(lapse) and not day.admin.execute(live).fetchone()[0])
    day.admin.execute("update outreach.leases set expires_at = clock_timestamp()")
