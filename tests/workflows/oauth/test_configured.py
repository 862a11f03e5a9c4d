"""Token sources and refresh tokens are applied like other secrets: once, encrypted, never shown."""

from __future__ import annotations

import json

import pytest
import yaml

from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.import_mailboxes import import_mailboxes

KEY = json.dumps({"client_email": "robot@p.example", "private_key": "the-private-key", "private_key_id": "1"})
GOOGLE = {"kind": "google_service_account", "secret": KEY}
MICROSOFT = {"kind": "microsoft_client_credentials", "client_id": "app", "directory_id": "d-1", "secret": "the-secret"}
REFRESH = {
    "kind": "refresh_token",
    "client_id": "app",
    "secret_env": "APP_SECRET",
    "token_url": "https://t.example/token",
}
SECRETS = ("the-private-key", "the-secret", "the-secret-of-the-environment", "the-refresh-token")


def document(oauth=None, *, provider="generic", **mailbox):
    account = {"name": "acme", "provider": provider, **({"oauth": oauth} if oauth else {})}
    box = {
        "address": "ann@acme-mail.example",
        "provider_account": "acme",
        "smtp": {"host": "smtp.example", "port": 587},
        "imap": {"host": "imap.example", "port": 993},
        **mailbox,
    }
    text = yaml.safe_dump(
        {
            "provider_accounts": [account],
            "tenants": [
                {
                    "slug": "acme",
                    "name": "Acme",
                    "time_zone": "UTC",
                    "postal_address": "Hauptstr. 1, Berlin",
                    "sending_domains": [{"domain": "acme-mail.example", "link_host": "go.acme-mail.example"}],
                    "mailboxes": [box],
                }
            ],
        }
    )
    environment = {"APP_SECRET": "the-secret-of-the-environment", "ANN_TOKEN": "the-refresh-token"}
    return read_configuration(text, environment=environment)


def everything(admin) -> str:
    tables = ("provider_accounts", "mailboxes", "oauth_tokens", "audit_log", "operator_audit_log")
    return "\n".join(
        str(row) for table in tables for row in admin.execute(f"select t::text from outreach.{table} t").fetchall()
    )


@pytest.mark.parametrize(
    "oauth, mailbox",
    [
        (GOOGLE, {"auth": "xoauth2"}),
        (MICROSOFT, {"auth": "oauthbearer"}),
        (REFRESH, {"auth": "xoauth2", "refresh_token_env": "ANN_TOKEN"}),
    ],
)
def test_a_source_is_applied_once_and_never_shown(installation, admin, oauth, mailbox):
    wanted = document(oauth, **mailbox)
    foreseen = apply_configuration(installation, wanted, dry_run=True)
    assert admin.execute("select count(*) from outreach.provider_accounts").fetchone() == (0,)
    changes = apply_configuration(installation, wanted)
    assert changes == foreseen
    account = next(each for each in changes if each.kind == "provider_account")
    assert account.fields["secret"] == (None, "(secret)")
    before = everything(admin)
    assert [each for each in apply_configuration(installation, wanted) if each.writes] == []
    assert everything(admin) == before
    shown = before + repr(changes) + repr(wanted)
    assert [each for each in SECRETS if each in shown or each.encode().hex() in shown] == []


def test_a_source_that_the_file_leaves_out_is_kept(installation, admin):
    apply_configuration(installation, document(MICROSOFT, auth="xoauth2"))
    before = everything(admin)
    without_secret = {key: value for key, value in MICROSOFT.items() if key != "secret"}
    for wanted in (document(auth="xoauth2"), document(without_secret, auth="xoauth2")):
        assert [each for each in apply_configuration(installation, wanted) if each.writes] == []
    assert everything(admin) == before


def test_a_new_secret_is_a_change_and_makes_the_account_active_again(installation, admin):
    apply_configuration(installation, document(MICROSOFT, auth="xoauth2"))
    admin.execute("update outreach.provider_accounts set state = 'revoked', state_cause = 'x', retry_at = now()")
    apply_configuration(installation, document({**MICROSOFT, "secret_expires_on": "2030-01-31"}, auth="xoauth2"))
    state = "select state, state_cause, retry_at, secret_expires_at::date::text from outreach.provider_accounts"
    assert admin.execute(state).fetchone()[0] == "revoked"
    renewed = {**MICROSOFT, "secret": "another", "secret_expires_on": "2031-01-31"}
    (change,) = [each for each in apply_configuration(installation, document(renewed, auth="xoauth2")) if each.writes]
    assert change.fields["secret"] == ("(secret)", "(secret)")
    assert admin.execute(state).fetchone() == ("active", None, None, "2031-01-31")


def test_a_password_is_forgotten_when_a_mailbox_goes_over_to_tokens(installation, admin):
    apply_configuration(installation, document(REFRESH, password="a-password"))
    held = "select secret_ciphertext is not null from outreach.mailboxes"
    assert admin.execute(held).fetchone() == (True,)
    # What was a password is no refresh token.
    with pytest.raises(ConfigurationError, match=r"mailboxes\[0\].refresh_token: is missing"):
        apply_configuration(installation, document(REFRESH, auth="xoauth2"))
    apply_configuration(installation, document(GOOGLE, auth="xoauth2"))
    assert admin.execute(held).fetchone() == (False,)
    with pytest.raises(ConfigurationError, match=r"mailboxes\[0\].password: is missing"):
        apply_configuration(installation, document(GOOGLE))


@pytest.mark.parametrize(
    "oauth, mailbox, problem",
    [
        (None, {"auth": "xoauth2"}, "tenants[0].mailboxes[0].provider_account: auth xoauth2 needs a provider account"),
        (REFRESH, {"auth": "xoauth2"}, "tenants[0].mailboxes[0].refresh_token: is missing"),
        (GOOGLE, {"auth": "xoauth2", "refresh_token": "x"}, "tenants[0].mailboxes[0].refresh_token: is of no use"),
        (GOOGLE, {"auth": "xoauth2", "password": "x"}, "tenants[0].mailboxes[0]: a password is of no use"),
        (GOOGLE, {"refresh_token": "x"}, "tenants[0].mailboxes[0]: a refresh_token belongs to auth"),
        ({**GOOGLE, "secret": "{}"}, {}, "provider_accounts[0].oauth: the secret is no key"),
        ({**GOOGLE, "client_id": "x"}, {}, "provider_accounts[0].oauth: client_id and directory_id are none"),
        ({"kind": "google_service_account"}, {}, "provider_accounts[0].oauth.secret: is missing"),
        (
            {**MICROSOFT, "client_id": None},
            {},
            "provider_accounts[0].oauth: a microsoft_client_credentials needs client_id",
        ),
        ({**MICROSOFT, "directory_id": None}, {}, "provider_accounts[0]: oauth.directory_id is missing"),
        ({**MICROSOFT, "directory_id": "../x"}, {}, "provider_accounts[0].oauth.directory_id: string should match"),
        ({**REFRESH, "token_url": None}, {}, "provider_accounts[0]: oauth.token_url is missing"),
        (
            {**REFRESH, "token_url": "http://t.example/token"},
            {},
            "provider_accounts[0].oauth.token_url: is no https URL",
        ),
        ({**REFRESH, "secret_env": "NOWHERE"}, {}, "provider_accounts[0].oauth.secret_env: the environment has no"),
    ],
)
def test_what_cannot_work_is_named_with_its_place(installation, oauth, mailbox, problem):
    if "auth" not in mailbox:
        mailbox = {"password": "x", **mailbox}
    with pytest.raises(ConfigurationError) as caught:
        apply_configuration(installation, document(oauth, **mailbox))
    assert [each for each in caught.value.problems if each.startswith(problem)], caught.value.problems


def test_mailboxes_with_tokens_come_in_by_csv(installation, admin, tmp_path):
    apply_configuration(installation, document(REFRESH, password="x"))
    tenant = installation.tenants("acme")[0]
    file = tmp_path / "mailboxes.csv"
    header = (
        "address,smtp_host,smtp_port,imap_host,imap_port,auth,provider_account,login,refresh_token,refresh_token_env"
    )
    servers = "smtp.example,587,imap.example,993"
    file.write_text(
        f"{header}\nbob@acme-mail.example,{servers},xoauth2,acme,bob@login.example,the-refresh-token,\n"
        f"cid@acme-mail.example,{servers},oauthbearer,acme,,,CID_TOKEN\n"
    )
    environment = {"CID_TOKEN": "another-token"}
    imported = import_mailboxes(installation, tenant, file, environment=environment)
    assert [each.action for each in imported.changes] == ["create", "create"]
    assert import_mailboxes(installation, tenant, file, environment=environment).changes == ()
    rows = admin.execute(
        "select login, auth from outreach.mailboxes where address <> 'ann@acme-mail.example' order by 1"
    )
    assert rows.fetchall() == [("bob@login.example", "xoauth2"), ("cid@acme-mail.example", "oauthbearer")]
    assert "the-refresh-token" not in everything(admin) + repr(imported)
    file.write_text(
        f"{header}\ndan@acme-mail.example,{servers},xoauth2,acme,,,\neve@acme-mail.example,{servers},xoauth2,,,x,\n"
    )
    with pytest.raises(ConfigurationError) as caught:
        import_mailboxes(installation, tenant, file, environment={})
    assert [each.partition(": ")[2] for each in caught.value.problems] == [
        "line 2, column refresh_token: is missing for the mailbox: give refresh_token or refresh_token_env.",
        "line 3, column provider_account: auth xoauth2 needs a provider account with an oauth section: give one.",
    ]
