"""Mail is sent and read with access tokens; what a server says of one that it refuses is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from outreach_pipeline.adapters.imap.session import ImapAccount, ImapSession
from outreach_pipeline.adapters.smtp.session import SmtpAccount, SmtpSession
from outreach_pipeline.core.errors import LoginRefusedError, SmtpPermanentError
from outreach_pipeline.workflows.health_check import check_mailbox
from outreach_pipeline.workflows.imap_sync import sync_mailboxes

KINDS = ("google_service_account", "microsoft_client_credentials", "refresh_token")


def smtp_account(logins, provider, **more) -> SmtpAccount:
    running = logins.day.world.running
    account = SmtpAccount(
        "localhost", running.ports["smtp"][provider], "starttls", "", "", str(running.ca_file), "me.test"
    )
    return replace(account, **more)


def open_and_close(account):
    async def run():
        session = SmtpSession(account)
        try:
            await session.open()
            return session.is_open
        finally:
            await session.close()
            session.abandon()

    return asyncio.run(run())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
def test_a_day_is_sent_and_read_as_the_login_and_from_the_address(logins, kind, auth):
    day = logins.day
    address = logins.configure(kind, auth=auth)
    person = "joe+b-reply_interested@direct00.example"
    day.invite(person)
    assert day.plan().planned == 1
    assert day.send().by_state == {"sent": 1}
    (accepted,) = day.truth("accepted")
    assert (accepted["login"], accepted["mail_from"]) == (f"user-{address.partition('@')[0]}@logins.example", address)
    (mail,) = day.mails(person)
    assert mail["From"].addresses[0].addr_spec == address
    synced, processed = day.read()
    assert (synced.new_by_role["inbox"], synced.new_by_role["sent"]) == (1, 1)
    assert processed.by_kind["reply"] == 1
    assert {line["mechanism"] for line in day.truth("login")} == {auth.upper()}
    assert logins.requests() == 1


@pytest.mark.parametrize(
    "provider, auth, mechanism",
    [
        ("filing", "xoauth2", "XOAUTH2"),
        ("filing", "oauthbearer", "OAUTHBEARER"),
        ("old", "oauthbearer", "XOAUTH2"),
        ("bearer", "xoauth2", "OAUTHBEARER"),
    ],
)
def test_the_mechanism_is_one_that_the_server_offers(logins, provider, auth, mechanism):
    address = logins.configure("google_service_account", auth=auth, provider=provider)
    rows = check_mailbox(logins.day.installation, logins.day.tenant, address, now=logins.day.now)
    assert [(row.is_ok, row.stage) for row in rows] == [(True, "done")] * 2
    assert [line["mechanism"] for line in logins.day.truth("login")] == [mechanism]


def test_a_server_without_oauth_is_told_no_token(logins):
    address = logins.configure("google_service_account", provider="passwords")
    smtp, imap = check_mailbox(logins.day.installation, logins.day.tenant, address, now=logins.day.now)
    assert (smtp.is_ok, smtp.stage, imap.is_ok) == (False, "auth", True)
    assert "no login by OAuth" in smtp.cause


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
def test_a_refused_token_is_shown_once_and_the_servers_words_are_kept(logins, auth):
    (address,) = logins.day.world.take("acme", 1, provider="filing")
    account = smtp_account(logins, "filing", login=address, secret="no-token-at-all", auth=auth)
    with pytest.raises(SmtpPermanentError) as caught:
        open_and_close(account)
    # 535 and not 501: the exchange was ended as the mechanism wants it.
    assert (caught.value.stage, caught.value.code, caught.value.enhanced_code) == ("auth", 535, "5.7.8")
    assert '"status": "401"' in caught.value.text
    assert len(logins.day.truth("login")) == 1
    running = logins.day.world.running
    reader = ImapAccount("localhost", running.ports["imap"], "none", address, "no-token-at-all", None, auth)
    with pytest.raises(LoginRefusedError, match=r'"status": "401"') as refused, ImapSession(reader):
        pass
    assert refused.value.stage == "auth"
    assert "no-token-at-all" not in f"{caught.value!r} {refused.value!r} {account!r} {reader!r}"


def test_a_token_that_the_servers_have_forgotten_is_renewed_once(logins):
    day = logins.day
    logins.configure("microsoft_client_credentials")
    logins.token()
    logins.endpoint(forget=True)
    logins.pass_time(700)
    assert sync_mailboxes(day.installation, now=datetime.now(UTC)).failures == {}
    assert logins.requests() == 2
    logins.pass_time(700)
    logins.endpoint(forget=True)
    day.invite("ann+b-accept@direct00.example")
    day.plan()
    assert day.send().by_state == {"sent": 1}
    assert logins.requests() == 3


def test_a_fresh_token_that_is_refused_asks_for_no_other(logins):
    day = logins.day
    logins.configure("microsoft_client_credentials")
    logins.token()
    logins.endpoint(forget=True)
    day.invite("ann+b-accept@direct00.example")
    day.plan()
    assert day.send().by_state == {"deferred": 1}
    assert day.attempts("ann+b-accept@direct00.example") == [("auth", "deferred", 535)]
    assert len(day.truth("login")) == 1
    assert logins.requests() == 1
    logins.endpoint(lifetime_seconds=3600)


def test_a_message_of_a_mailbox_without_a_token_waits_and_its_host_is_not_blamed(logins):
    day = logins.day
    address = logins.configure("refresh_token")
    logins.endpoint(revoke=f"refresh-{address}")
    day.invite("ann+b-accept@direct00.example")
    day.plan()
    assert day.send().by_state == {"deferred": 1}
    assert day.state("ann+b-accept@direct00.example") == ("deferred", "token_refused")
    assert day.attempts("ann+b-accept@direct00.example") == [("token", "deferred", None)]
    assert day.count("breakers") == 0
    (failure,) = sync_mailboxes(day.installation, now=datetime.now(UTC)).failures.values()
    assert "invalid_grant" in failure
    assert logins.requests() == 1


def test_a_check_names_stage_cause_and_cure(logins):
    address = logins.configure("refresh_token")
    logins.endpoint(revoke=f"refresh-{address}")
    rows = check_mailbox(logins.day.installation, logins.day.tenant, address, now=logins.day.now)
    assert [(row.is_ok, row.stage) for row in rows] == [(False, "token")] * 2
    assert all("invalid_grant" in row.cause and "apply a new refresh_token" in row.cause for row in rows)
    assert logins.requests() == 1
    # One cause, one alert.
    assert logins.day.admin.execute("select cause_key from outreach.alerts").fetchall() == [
        (f"oauth/mailbox/{address}",)
    ]


def test_a_mailbox_whose_account_has_lost_its_source_fails_at_secret(logins):
    address = logins.configure("google_service_account")
    logins.day.admin.execute("update outreach.provider_accounts set oauth_kind = null")
    rows = check_mailbox(logins.day.installation, logins.day.tenant, address, now=logins.day.now)
    assert [(row.is_ok, row.stage) for row in rows] == [(False, "secret")] * 2
    assert "apply a provider account with an oauth section" in rows[0].cause


def test_a_wrong_password_is_tried_once(logins):
    (address,) = logins.day.world.take("acme", 1, provider="filing")
    login = f"user-{address.partition('@')[0]}@logins.example"
    logins.day.inject("auth_fail", match={"login": login})
    account = smtp_account(logins, "filing", login=login, secret="unused")
    # The fault is for one attempt: a second one would let this password in.
    with pytest.raises(SmtpPermanentError, match="535"):
        open_and_close(account)
    assert open_and_close(account)
