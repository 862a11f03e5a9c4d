"""An access token is asked for once, kept, and not asked for where it was refused."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from outreach_pipeline.adapters.oauth import IssuedToken, TokenSource
from outreach_pipeline.adapters.smtp.session import SmtpAccount
from outreach_pipeline.core.errors import TokenRefusedError, TokenUnavailableError
from outreach_pipeline.core.oauth import RENEW_BEFORE_SECONDS
from outreach_pipeline.workflows.doctor import examine
from outreach_pipeline.workflows.expiring_secrets import tell_expiring_secrets

KINDS = ("google_service_account", "microsoft_client_credentials", "refresh_token")


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_is_kept_and_renewed_before_it_ends(logins, kind):
    logins.configure(kind)
    first = logins.token()
    assert first is not None
    assert logins.token() == first
    assert logins.requests() == 1
    logins.pass_time(3600 - RENEW_BEFORE_SECONDS - 5)
    assert logins.token() == first
    logins.pass_time(10)
    assert logins.token() not in {None, first}
    assert logins.requests() == 2


@pytest.mark.parametrize("kind", KINDS)
def test_no_table_and_no_repr_holds_a_token_or_a_secret(logins, kind, capsys):
    address = logins.configure(kind)
    logins.endpoint(rotates=True)
    token = logins.token()
    rows = [
        str(row)
        for table in ("oauth_tokens", "provider_accounts", "mailboxes", "audit_log", "operator_audit_log")
        for row in logins.day.admin.execute(f"select t::text from outreach.{table} t").fetchall()
    ]
    said = "".join(rows) + "".join(capsys.readouterr())
    secrets = (token, "the-secret-of-the-app", f"refresh-{address}", "PRIVATE KEY", "rotated-")
    assert [each for each in secrets if each in said or each.encode().hex() in said] == []


def test_what_carries_a_secret_does_not_show_it():
    source = TokenSource("refresh_token", "https://t.example", "app", "hidden", None)
    account = SmtpAccount("h", 1, "tls", "login", "hidden", None, "helo", "xoauth2")
    assert "hidden" not in repr([source, account, IssuedToken("hidden", 1.0, "hidden")])


@pytest.mark.parametrize("kind", KINDS)
def test_many_at_once_ask_once(logins, kind):
    logins.configure(kind)
    logins.endpoint(seconds=0.5)
    with ThreadPoolExecutor(5) as pool:
        tokens = set(pool.map(lambda _: logins.token(), range(5)))
    assert len(tokens) == 1
    assert logins.requests() == 1


def test_two_processes_ask_once(logins):
    address = logins.configure("google_service_account")
    logins.endpoint(seconds=1)
    settings = logins.day.installation.settings
    environment = {
        **os.environ,
        "OUTREACH_HOME": str(settings.home),
        "OUTREACH_SECRET_KEY": settings.secret_key,
        "OUTREACH_DATABASE_URL": settings.database_url,
        "OUTREACH_OWNER_DATABASE_URL": settings.owner_database_url,
        "OUTREACH_TRANSFORM_DATABASE_URL": settings.transform_database_url,
        "OUTREACH_METRICS_DATABASE_URL": settings.metrics_database_url,
        "OUTREACH_DAGSTER_DATABASE_URL": settings.dagster_database_url,
    }
    command = [sys.executable, "-m", "outreach_pipeline", "check", "mailbox", address, "--tenant", "acme"]
    checks = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
    assert [(each.communicate()[0], each.returncode)[1] for each in checks] == [0, 0]
    assert logins.requests() == 1


def test_a_token_that_a_server_refuses_is_renewed_once_it_is_old(logins):
    logins.configure("microsoft_client_credentials")
    first = logins.token()
    assert logins.token(refused=first) is None
    assert logins.token(refused="another") == first
    logins.pass_time(700)
    second = logins.token(refused=first)
    assert second not in {None, first}
    assert logins.token(refused=first) == second
    assert logins.requests() == 2


def test_a_rotated_refresh_token_is_used_and_applying_the_first_again_is_no_change(logins):
    address = logins.configure("refresh_token")
    logins.endpoint(rotates=True)
    logins.token()
    for _ in range(2):
        logins.configure("refresh_token")
        logins.configure("refresh_token", display_name="Another Name")
        logins.pass_time(3600)
        # Each is good for one use: the endpoint has forgotten those before.
        assert logins.token()
    assert logins.requests() == 3
    logins.endpoint(restore=True)
    logins.configure("refresh_token", refresh_token="refresh-nobody")
    with pytest.raises(TokenRefusedError, match="invalid_grant"):
        logins.token()
    logins.configure("refresh_token", refresh_token=f"refresh-{address}")
    assert logins.token()


def test_a_revoked_grant_is_the_mailboxs_alone_and_is_not_asked_for_over_and_over(logins):
    address = logins.configure("refresh_token")
    logins.endpoint(revoke=f"refresh-{address}")
    for _ in range(3):
        with pytest.raises(TokenRefusedError, match=r"invalid_grant.*apply a new refresh_token"):
            logins.token()
    assert logins.requests() == 1
    assert logins.account() == ("active", None)
    assert logins.alerts() == [(f"oauth/mailbox/{address}", True)]
    findings = [each for each in examine(logins.day.installation, now=logins.day.now) if address in each.subject]
    assert ("problem", True) in {(each.level, "invalid_grant" in each.finding) for each in findings}
    # Given anew at the provider: a person's question finds that.
    logins.endpoint(restore=True)
    with pytest.raises(TokenRefusedError):
        logins.token()
    assert logins.token(by_hand=True)
    assert logins.token()
    assert logins.alerts() == [(f"oauth/mailbox/{address}", False)]


@pytest.mark.parametrize(
    "kind, revoked",
    [("google_service_account", "robot@project.iam.example"), ("microsoft_client_credentials", "app-1234")],
)
def test_withdrawn_consent_is_a_state_of_the_account_until_its_source_is_renewed(logins, kind, revoked):
    logins.configure(kind)
    logins.endpoint(revoke=revoked)
    for _ in range(3):
        with pytest.raises(TokenRefusedError, match="unauthorized_client"):
            logins.token()
    assert logins.requests() == 1
    state, cause = logins.account()
    assert state == "revoked"
    assert "unauthorized_client" in cause
    assert logins.alerts() == [("oauth/account/acme-a", True)]
    finding = next(each for each in examine(logins.day.installation, now=logins.day.now) if "acme-a" in each.subject)
    assert finding.level == "problem"
    assert "check mailbox" in finding.cure
    logins.endpoint(restore=True)
    logins.configure(kind, source={"scope": "https://mail.example/"})
    assert logins.account() == ("active", None)
    assert logins.token()
    assert logins.alerts() == [("oauth/account/acme-a", False)]


def test_a_user_who_is_gone_does_not_stop_the_others_of_a_service_account(logins):
    address = logins.configure("google_service_account")
    logins.endpoint(revoke=f"user-{address.partition('@')[0]}@logins.example")
    with pytest.raises(TokenRefusedError, match="Invalid email or User ID"):
        logins.token()
    assert logins.account() == ("active", None)
    assert logins.alerts() == [(f"oauth/mailbox/{address}", True)]


def test_what_the_old_source_says_is_nothing_against_the_new_one(logins):
    logins.configure("refresh_token", source={"secret": "an-old-one"})
    logins.endpoint(seconds=1)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(logins.token)
        while not logins.requests():
            time.sleep(0.01)
        logins.configure("refresh_token")
        with pytest.raises(TokenRefusedError, match="invalid_client"):
            asked.result()
    assert logins.account() == ("active", None)
    assert logins.token()


def test_a_wrong_client_secret_is_the_accounts_trouble(logins):
    logins.configure("refresh_token", source={"secret": "an-old-one"})
    with pytest.raises(TokenRefusedError, match="invalid_client"):
        logins.token()
    assert logins.account()[0] == "revoked"
    logins.configure("refresh_token")
    assert logins.token()


def test_an_endpoint_that_fails_is_left_alone_for_longer_and_longer(logins):
    logins.configure("microsoft_client_credentials")
    logins.endpoint(failures=3)
    for failures in range(1, 4):
        with pytest.raises(TokenUnavailableError, match="503"):
            logins.token()
        with pytest.raises(TokenUnavailableError, match="is failing"):
            logins.token()
        assert logins.requests() == failures
        assert logins.alerts() == ([("oauth/account/acme-a", True)] if failures == 3 else [])
        (waits,) = logins.day.admin.execute(
            "select retry_at - clock_timestamp() from outreach.provider_accounts where failures > 0"
        ).fetchone()
        assert timedelta(seconds=15 * 2**failures) > waits > timedelta(seconds=15 * 2**failures - 20)
        logins.pass_time(waits.total_seconds() + 1)
    assert logins.token()
    assert logins.account() == ("active", None)
    assert logins.alerts() == [("oauth/account/acme-a", False)]


def test_a_token_that_still_lasts_is_used_up_while_the_endpoint_fails(logins):
    logins.configure("microsoft_client_credentials")
    first = logins.token()
    logins.pass_time(3600 - RENEW_BEFORE_SECONDS + 60)
    logins.endpoint(failures=1)
    assert logins.token() == first
    assert logins.account()[0] == "failing"
    logins.pass_time(RENEW_BEFORE_SECONDS - 90)
    assert logins.token() not in {None, first}


@pytest.mark.parametrize("status", [404, 429, 500])
def test_an_answer_that_is_none_of_oauth_is_no_refusal(logins, status):
    logins.configure("google_service_account")
    logins.endpoint(failures=1, status=status)
    with pytest.raises(TokenUnavailableError, match=str(status)):
        logins.token()
    assert logins.account()[0] == "failing"


def test_an_endpoint_that_nobody_serves_is_named(logins):
    logins.configure("refresh_token", source={"token_url": "http://127.0.0.1:9/token"})
    with pytest.raises(TokenUnavailableError, match=r"http://127\.0\.0\.1:9/token cannot be asked"):
        logins.token()


def test_a_secret_that_expires_is_told_once_and_forgotten_when_renewed(logins):
    today = logins.day.now.date()
    logins.configure("microsoft_client_credentials", source={"secret_expires_on": str(today + timedelta(days=20))})
    assert tell_expiring_secrets(logins.day.installation, now=logins.day.now) == 2
    assert tell_expiring_secrets(logins.day.installation, now=logins.day.now) == 0
    assert ("oauth/secret/acme-a", True) in logins.alerts()
    levels = {
        each.level
        for each in examine(logins.day.installation, now=logins.day.now)
        if "its secret expires" in each.finding
    }
    assert levels == {"warning"}
    logins.configure("microsoft_client_credentials", source={"secret_expires_on": str(today + timedelta(days=90))})
    tell_expiring_secrets(logins.day.installation, now=logins.day.now)
    assert [is_open for _, is_open in logins.alerts()] == [False, False]
