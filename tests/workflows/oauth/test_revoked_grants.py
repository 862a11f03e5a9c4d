"""A grant that its token source refuses is asked for once; what is due of its mailboxes waits until it is asked for again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.core.oauth import REVOKED_PAUSE_SECONDS
from outreach_pipeline.workflows.doctor import examine
from outreach_pipeline.workflows.explain import explain_mailbox
from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.fleet import list_mailboxes
from outreach_pipeline.workflows.lanes import due_send_lanes, held_messages
from outreach_pipeline.workflows.preview import send_test

AN_HOUR = timedelta(hours=1)
APP = "app-1234"
PEOPLE = tuple(f"p{number}+b-accept@direct00.example" for number in range(3))


def waits(logins) -> list[tuple[str | None, int, str]]:
    """What each message of the test waits for, its attempts and its state."""
    return logins.day.admin.execute(
        "select outreach.waits_for(tenant_id, id, now()), attempts, state from outreach.messages order by state, id"
    ).fetchall()


def errors(logins) -> list[tuple[int, str | None, str | None]]:
    query = "select distinct consecutive_errors, paused_reason, send_failure from outreach.mailboxes"
    return logins.day.admin.execute(query).fetchall()


def held(logins) -> dict[str, int]:
    """What the sensor says is held; nothing of it may count as work for a run, or as work that is late."""
    day = logins.day
    now = day.now + timedelta(minutes=1)
    lag = "select waiting_count from outreach.work_lag(%s) where kind = 'send'"
    causes = held_messages(day.installation, now=now, horizon_seconds=20)
    if causes:
        assert due_send_lanes(day.installation, now=now, horizon_seconds=20) == []
        assert day.admin.execute(lag, [now]).fetchone() == (0,)
    return causes


def refuse(logins, *, given: str = "refresh-nobody", is_fast: bool = False) -> str:
    """Have one mailbox with three due messages, whose refresh token the source refuses."""
    # One error would rest the mailbox.
    address = logins.configure("refresh_token", refresh_token=given, policy={"max_consecutive_errors": 1})
    logins.day.invite(*PEOPLE)
    assert logins.day.plan().planned == len(PEOPLE)
    if is_fast:
        lift_rates(logins)
    return address


def lift_rates(logins) -> None:
    logins.day.admin.execute(
        "update outreach.rate_limits set in_flight = null, message_count = 1000, per_seconds = 1, burst = 99"
    )


def share(logins, **source: str) -> None:
    """Have two mailboxes of one account with one token for all."""
    day = logins.day
    day.configure(
        boxes=2,
        mailbox={"auth": "xoauth2", "password": None, "provider_account": "acme-a"},
        account=logins.source("microsoft_client_credentials", **source),
        policy={"max_consecutive_errors": 1},
    )
    day.admin.execute(
        "update outreach.mailboxes set login = 'user-' || split_part(address, '@', 1) || '@logins.example'"
    )


@pytest.mark.parametrize("is_fast", [False, True], ids=["one claimed", "all claimed at once"])
def test_it_is_asked_for_once_by_all_senders_together_and_no_message_loses_an_attempt(logins, is_fast):
    address = refuse(logins, is_fast=is_fast)
    senders = [logins.day.start_sender("--until-idle") for _ in range(2)]
    assert [each.wait(timeout=60) for each in senders] == [0, 0]
    assert logins.requests() == 1
    logins.day.send(later=AN_HOUR)
    assert logins.requests() == 1
    assert logins.day.count("send_attempts") == logins.day.count("send_attempts", "reason = 'token_refused'") == 1
    assert waits(logins) == [("grant_revoked", 0, state) for state in ("deferred", "planned", "planned")]
    assert held(logins) == {"grant_revoked": 3}
    assert errors(logins) == [(0, None, None)]
    assert logins.day.admin.execute("select cause_key from outreach.alerts").fetchall() == [
        (f"oauth/mailbox/{address}",)
    ]
    assert (logins.day.count("breakers"), logins.day.leases()) == (0, 0)


def test_another_refresh_token_frees_all_at_once(logins):
    address = refuse(logins)
    assert logins.day.send().by_state == {"deferred": 1}
    logins.configure("refresh_token", refresh_token=f"refresh-{address}")
    assert [cause for cause, _, _ in waits(logins)] == ["token_refused", None, None]
    assert held(logins) == {}
    assert logins.day.send().by_state == {"sent": 3}
    assert sorted(logins.day.accepted()) == sorted(PEOPLE)
    assert logins.alerts() == [(f"oauth/mailbox/{address}", False)]


def test_once_the_time_is_over_one_message_tries(logins):
    address = refuse(logins)
    logins.day.send()
    for asked in (2, 3):
        logins.pass_time(REVOKED_PAUSE_SECONDS)
        assert held(logins) == {}
        assert logins.day.send(later=AN_HOUR).by_state == {"deferred": 1}
        assert logins.requests() == asked
        assert {(cause, attempts) for cause, attempts, _ in waits(logins)} == {("grant_revoked", 0)}
    assert errors(logins) == [(0, None, None)]
    assert logins.alerts() == [(f"oauth/mailbox/{address}", True)]


def test_a_grant_that_was_given_anew_is_found_when_the_time_is_over(logins):
    (address,) = logins.day.mailboxes = logins.day.world.take("acme", 1, provider="filing")
    logins.endpoint(revoke=f"refresh-{address}")
    refuse(logins, given=f"refresh-{address}")
    lift_rates(logins)
    logins.day.send()
    logins.endpoint(restore=True)
    assert logins.day.send(later=AN_HOUR).by_state == {}
    logins.pass_time(REVOKED_PAUSE_SECONDS)
    assert logins.day.send(later=AN_HOUR).by_state == {"sent": 3}


def test_of_a_revoked_account_all_mailboxes_wait_until_its_source_is_another(logins):
    day = logins.day
    share(logins)
    day.invite(*PEOPLE, "p4+b-accept@direct00.example")
    assert day.plan().planned == 4
    assert day.count("mailboxes", "id in (select mailbox_id from outreach.messages)") == 2
    lift_rates(logins)
    logins.endpoint(revoke=APP)
    for asked in (1, 2):
        day.send()
        assert day.send(later=AN_HOUR).by_state == {}
        assert logins.requests() == asked
        assert {(cause, attempts) for cause, attempts, _ in waits(logins)} == {("grant_revoked", 0)}
        assert held(logins) == {"grant_revoked": 4}
        logins.pass_time(REVOKED_PAUSE_SECONDS)
    assert errors(logins) == [(0, None, None)]
    day.send()
    logins.endpoint(restore=True)
    share(logins, scope="https://mail.example/")
    assert held(logins) == {}
    assert day.send().by_state == {"sent": 4}
    assert day.admin.execute("select cause_key from outreach.alerts").fetchall() == []
    assert logins.alerts() == [("oauth/account/acme-a", False)]


def test_a_mailbox_with_a_password_goes_on_in_a_revoked_account(logins):
    logins.day.configure(boxes=1, mailbox={"password": "unused"}, account=logins.source("microsoft_client_credentials"))
    logins.day.admin.execute(
        "update outreach.mailboxes set login = 'user-' || split_part(address, '@', 1) || '@logins.example';"
        "update outreach.provider_accounts set state = 'revoked', state_cause = 'x', retry_at = now() + interval '1 day'"
    )
    logins.day.invite(*PEOPLE)
    logins.day.plan()
    assert logins.day.send().by_state == {"sent": 3}


def test_since_when_a_grant_is_refused_is_kept_while_it_is_asked_for_again(logins):
    refuse(logins)
    logins.day.send()
    since = "select since, ends_at from outreach.revoked_grants"
    first, ends_at = logins.day.admin.execute(since).fetchone()
    logins.pass_time(REVOKED_PAUSE_SECONDS)
    logins.day.send()
    again = logins.day.admin.execute(since).fetchone()
    assert again[0] == first
    assert again[1] > ends_at
    # A day that was over before it began ended by something else.
    began = "select outreach.waits_for(tenant_id, id, now(), %s) from outreach.messages where state = 'planned' limit 1"
    assert logins.day.admin.execute(began, [first - AN_HOUR]).fetchone() == (None,)
    assert logins.day.admin.execute(began, [first + AN_HOUR]).fetchone() == ("grant_revoked",)


def test_people_are_told_the_source_s_words_and_the_cure(logins):
    day = logins.day
    address = refuse(logins)
    day.send()
    now = day.now + AN_HOUR
    (row,) = list_mailboxes(day.installation, day.tenant, filters={}, now=now)
    assert "invalid_grant" in row.grant_refusal
    told = explain_mailbox(day.installation, day.tenant, address, day.today, now=now)["sentences"]
    (sentence,) = [each for each in told if "grant_revoked" in each]
    assert "invalid_grant" in sentence
    assert "Cure: apply a new refresh_token of the mailbox" in sentence
    (finding,) = [each for each in examine(day.installation, now=now) if "grant_revoked" in each.finding]
    assert (finding.level, finding.subject) == ("problem", f"mailbox {address}")
    answer = explain_contact(day.installation, day.tenant, PEOPLE[0], day.today, now=now)
    assert "Now the grant of its mailbox is revoked." in str(answer)
    outcome = send_test(
        day.installation, day.tenant, campaign="spring", step=1, variant="a", contact=PEOPLE[0], mailbox=address,
        to="me@direct00.example", now=now,
    )  # fmt: skip
    assert outcome["problem"].startswith("The mailbox gets no access token (")
    assert f"`outreach check mailbox {address} --tenant acme`" in outcome["problem"]
