"""The daily hand on the fleet: pauses, settings, opt-outs."""

from __future__ import annotations

import json


def test_mailboxes_are_paused_in_bulk_only_with_consent(acme, admin):
    query = "select count(*) from outreach.mailboxes where paused_until is not null"
    code, _, err = acme("pause", "mailbox", "--where", "address=*@acme-mail.example", "--reason", "new DNS")
    assert code == 2
    assert "Pause 3 mailboxes? Nothing was done: add --yes" in err
    assert admin.execute(query).fetchone() == (0,)
    assert acme("pause", "mailbox", "--where", "lifecycle=warming", "--reason", "new DNS", "--yes")[0] == 0
    assert admin.execute(query).fetchone() == (2,)
    assert "for good" in acme("mailboxes", "list", "--where", "lifecycle=warming")[1]
    assert acme("resume", "mailbox", "ann@acme-mail.example")[0] == 0
    assert admin.execute(query).fetchone() == (1,)
    assert admin.execute("select action, subject from outreach.audit_log where action = 'resume'").fetchall() == [
        ("resume", "mailbox ann@acme-mail.example")
    ]


def test_mailboxes_are_set_in_bulk(acme, admin):
    chosen = ("mailboxes", "set", "--tenant", "acme", "--where", "address=[ab]*")
    assert acme(*chosen, "--lifecycle", "resting", "--yes")[0] == 2
    resting = ("--lifecycle", "resting", "--reason", "new DNS")
    assert acme(*chosen, "--messages-per-day", "7", "--policy", "careful", *resting, "--yes")[0] == 0
    query = (
        "select address, b.messages_per_day, p.name, lifecycle, lifecycle_evidence <> '{}' from outreach.mailboxes b"
        " left join outreach.sending_policies p on p.id = b.policy_id where address like '[ab]%' or lifecycle = 'resting'"
        " order by 1"
    )
    assert admin.execute(query).fetchall() == [
        (f"{name}@acme-mail.example", 7, "careful", "resting", True) for name in ("ann", "bob", "box")
    ]
    assert acme(*chosen, "--messages-per-day", "-1", "--policy", "default", "--yes")[0] == 0
    assert {row[1:3] for row in admin.execute(query).fetchall()} == {(None, None)}
    assert acme(*chosen, "--policy", "nobody's", "--yes")[0] == 2


def test_a_campaign_and_a_tenant_are_paused_and_resumed(acme, admin):
    query = (
        "select c.state, c.paused_reason, t.state from outreach.campaigns c join outreach.tenants t on t.id = tenant_id"
    )
    for command, state, reason in (("pause", "paused", "audit"), ("resume", "active", None)):
        words = ("--reason", "audit") if command == "pause" else ()
        assert acme(command, "campaign", "spring", "--tenant", "acme", *words)[0] == 0
        assert acme(command, "tenant", "acme", *words)[0] == 0
        assert admin.execute(query).fetchall() == [(state, reason, state)]
    admin.execute("update outreach.campaigns set state = 'finished'")
    assert acme("pause", "campaign", "spring", "--tenant", "acme")[0] == 1


def test_a_site_is_paused_over_all_tenants(acme, admin):
    admin.execute(
        "insert into outreach.recipient_sites (domain, site, state, resolved_at, expires_at)"
        " values ('firm.example', 'google_workspace', 'resolved', now(), now())"
    )
    assert acme("pause", "site", "Google_Workspace", "--reason", "throttled")[0] == 0
    assert admin.execute("select site, reason from outreach.paused_sites").fetchall() == [
        ("google_workspace", "throttled")
    ]
    assert acme("resume", "site", "google_workspace")[0] == 0
    assert admin.execute("select count(*) from outreach.paused_sites").fetchone() == (0,)


def test_an_opt_out_by_hand_is_kept_once(acme, admin):
    command = ("suppress", "Bob@Firm.example", "--tenant", "acme", "--json")
    assert json.loads(acme(*command)[1])["is_new"] is True
    assert json.loads(acme(*command)[1])["is_new"] is False
    assert admin.execute("select scope, value, reason from outreach.suppressions").fetchall() == [
        ("address", "bob@firm.example", "manual")
    ]


def test_the_list_tells_what_the_server_said_and_why_it_is_not_read(acme, admin):
    admin.execute(
        "update outreach.mailboxes set paused_until = '9999-12-31 00:00+00', paused_reason = 'password_refused',"
        " send_failure = 'auth: 535 5.7.8 no such login', sync_cause = 'login', sync_failure = 'NO bad login'"
        " where address = 'ann@acme-mail.example'"
    )
    code, out, _ = acme("mailboxes", "list", "--where", "address=ann*")
    assert code == 0
    words = " ".join(out.replace("│", " ").split())
    assert "password_refused, auth: 535 5.7.8 no such login; login: NO bad login" in words
    (row,) = json.loads(acme("mailboxes", "list", "--where", "address=ann*", "--json")[1])["mailboxes"]
    assert (row["paused_reason"], row["send_failure"]) == ("password_refused", "auth: 535 5.7.8 no such login")


def test_the_list_tells_of_a_refused_grant_while_nobody_asks_for_it(acme, admin):
    admin.execute(
        "with gone as ("
        "    insert into outreach.provider_accounts (name, provider, oauth_kind, state, state_cause, retry_at)"
        "    values ('gone', 'generic', 'refresh_token', 'revoked', 'invalid_client', now() + interval '1 day') returning id"
        ") update outreach.mailboxes set auth = 'xoauth2', provider_account_id = (select id from gone)"
        " where address = 'ann@acme-mail.example'"
    )
    (row,) = json.loads(acme("mailboxes", "list", "--where", "address=ann*", "--json")[1])["mailboxes"]
    assert row["grant_refusal"] == "invalid_client"
    assert "grant_revoked: invalid_client" in " ".join(acme("mailboxes", "list")[1].replace("│", " ").split())
    admin.execute("update outreach.provider_accounts set retry_at = now()")
    assert "grant_revoked" not in acme("mailboxes", "list")[1]
