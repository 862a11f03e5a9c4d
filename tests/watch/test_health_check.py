from __future__ import annotations

import base64
import socket
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from outreach_pipeline.adapters.dns import Resolver
from outreach_pipeline.adapters.imap.session import ImapAccount, ImapSession
from outreach_pipeline.core.errors import ConnectionLostError, LoginRefusedError, UsageError
from outreach_pipeline.core.send.dkim import open_key
from outreach_pipeline.workflows.health_check import check_domain, check_health, check_mailbox

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ADDRESS = "ann@acme.test"


def _stages(rows):
    return {row.protocol: (row.is_ok, row.stage) for row in rows}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_mailbox_that_works(installation, tenant, add_mailbox, admin):
    add_mailbox()
    rows = check_mailbox(installation, tenant, ADDRESS.upper(), now=NOW)
    assert _stages(rows) == {"smtp": (True, "done"), "imap": (True, "done")}
    kept = admin.execute("select protocol, is_ok, stage, cause, checked_at from outreach.mailbox_checks").fetchall()
    assert sorted(kept) == [("imap", True, "done", "", NOW), ("smtp", True, "done", "", NOW)]
    assert admin.execute("select count(*) from outreach.alerts").fetchone() == (0,)


def test_a_wrong_password_fails_at_auth_and_is_never_shown(installation, tenant, add_mailbox, admin):
    add_mailbox(password="the wrong one")
    rows = check_mailbox(installation, tenant, ADDRESS, now=NOW)
    assert _stages(rows) == {"smtp": (False, "auth"), "imap": (False, "auth")}
    assert "535" in next(row.cause for row in rows if row.protocol == "smtp")
    assert "the wrong one" not in str(rows)
    alerts = admin.execute("select cause_key, severity, detail from outreach.alerts order by cause_key").fetchall()
    assert [alert[:2] for alert in alerts] == [
        ("mailbox/ann@acme.test/imap", "error"),
        ("mailbox/ann@acme.test/smtp", "error"),
    ]
    assert "fails at auth" in alerts[1][2]


def test_an_imap_server_without_oauth_is_shown_no_token(world):
    account = ImapAccount("127.0.0.1", world.ports["imap"], "none", ADDRESS, "token", None, "xoauth2")
    with pytest.raises(ConnectionLostError, match="no login by OAuth") as caught, ImapSession(account):
        pass
    assert caught.value.stage == "auth"
    assert not isinstance(caught.value, LoginRefusedError)


def test_a_certificate_of_an_unknown_authority_fails_at_tls(installation, tenant, add_mailbox, world):
    add_mailbox(ca_file=None, imap_security="tls", imap_port=world.ports["imaps"])
    assert _stages(check_mailbox(installation, tenant, ADDRESS, now=NOW)) == {
        "smtp": (False, "tls"),
        "imap": (False, "tls"),
    }


def test_a_closed_port_fails_at_connect(installation, tenant, add_mailbox):
    add_mailbox(smtp_port=_free_port(), imap_port=_free_port())
    assert _stages(check_mailbox(installation, tenant, ADDRESS, now=NOW)) == {
        "smtp": (False, "connect"),
        "imap": (False, "connect"),
    }


def test_a_missing_password_and_a_missing_ca_file_name_their_cure(installation, tenant, add_mailbox):
    add_mailbox(password=None)
    add_mailbox(address="bob@acme.test", ca_file="/nowhere/ca.pem", is_receive_only=True, imap_security="starttls")
    rows = check_mailbox(installation, tenant, ADDRESS, now=NOW)
    assert {(row.stage, row.cause) for row in rows} == {
        ("secret", "The mailbox ann@acme.test has no password: apply one.")
    }
    rows = check_mailbox(installation, tenant, "bob@acme.test", now=NOW)
    assert _stages(rows) == {"imap": (False, "tls")}
    assert "/nowhere/ca.pem" in rows[0].cause


def test_an_alert_is_raised_once_and_closed_when_it_works_again(installation, tenant, add_mailbox, admin, world):
    mailbox_id = add_mailbox(smtp_port=_free_port())
    for _ in range(2):
        check_mailbox(installation, tenant, ADDRESS, now=NOW)
    assert admin.execute("select cause_key, resolved_at from outreach.alerts").fetchall() == [
        ("mailbox/ann@acme.test/smtp", None)
    ]
    working = world.ports["smtp"]["relay"]
    admin.execute("update outreach.mailboxes set smtp_port = %s where id = %s", [working, mailbox_id])
    check_mailbox(installation, tenant, ADDRESS, now=NOW)
    assert admin.execute("select cause_key, resolved_at from outreach.alerts").fetchall() == [
        ("mailbox/ann@acme.test/smtp", NOW)
    ]


def test_unknown_names_are_wrong_arguments(installation, tenant):
    with pytest.raises(UsageError, match="has no mailbox"):
        check_mailbox(installation, tenant, "nobody@acme.test", now=NOW)
    with pytest.raises(UsageError, match="does not send from"):
        check_domain(installation, tenant, "nowhere.test", now=NOW)


def test_a_domains_records(installation, tenant, add_mailbox, admin, zones):
    records, address = zones
    add_mailbox()
    records.clear()
    records[("acme.test", "TXT")] = '"v=spf1 include:relay.test -all"'
    records[("acme.test", "MX")] = "10 mx.acme.test."
    records[("s1._domainkey.acme.test", "TXT")] = '"v=DKIM1; p=MIIB"'
    records[("_dmarc.acme.test", "TXT")] = '"v=DMARC1; p=none"'
    rows = check_domain(installation, tenant, "ACME.test", now=NOW, resolver=Resolver(address))
    assert {row.subject: row.result for row in rows} == {"spf": "pass", "dkim": "pass", "dmarc": "warn", "mx": "pass"}
    del records[("s1._domainkey.acme.test", "TXT")]
    rows = check_domain(installation, tenant, "acme.test", now=NOW, resolver=Resolver(address))
    assert {row.subject: row.result for row in rows}["dkim"] == "fail"
    assert admin.execute("select cause_key from outreach.alerts").fetchall() == [("domain/acme.test/dkim",)]
    assert admin.execute("select count(*) from outreach.domain_checks").fetchone() == (8,)


def test_a_domain_without_authentication_is_noted_until_it_is_seen_mended(
    installation, tenant, add_mailbox, admin, zones
):
    records, address = zones
    add_mailbox()
    records.clear()

    def check(resolver: Resolver) -> str | None:
        check_domain(installation, tenant, "acme.test", now=NOW, resolver=resolver)
        return admin.execute("select unauthenticated from outreach.sending_domains").fetchone()[0]

    assert check(Resolver(address)) == "dkim, dmarc, spf"
    records[("acme.test", "TXT")] = '"v=spf1 include:relay.test -all"'
    records[("s1._domainkey.acme.test", "TXT")] = '"v=DKIM1; p=MIIB"'
    assert check(Resolver(address)) == "dmarc"
    # A name server that is away has nothing mended, and breaks nothing.
    assert check(Resolver("127.0.0.1:9")) == "dmarc"
    records[("_dmarc.acme.test", "TXT")] = '"v=DMARC1; p=none"'
    assert check(Resolver(address)) is None
    assert check(Resolver("127.0.0.1:9")) is None


def test_a_published_key_that_is_not_the_one_we_sign_with_fails(installation, tenant, add_mailbox, admin, zones):
    records, address = zones
    add_mailbox()
    ours, other = (base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode() for _ in range(2))
    with installation.database.tenant(tenant.id) as transaction:
        key_id, wrapped = installation.tenant_key(transaction, tenant.id)

    def keep(purpose: str) -> None:
        sealed = installation.vault.encrypt(ours, wrapped_key=wrapped, owner=str(tenant.id), purpose=purpose)
        admin.execute(
            "update outreach.sending_domains set data_key_id = %s, dkim_key_ciphertext = %s", [key_id, sealed]
        )

    def verdict(published: str) -> tuple[str, str]:
        (value,) = open_key(published).published
        records[("s1._domainkey.acme.test", "TXT")] = f'"v=DKIM1; k=ed25519; p={value}"'
        rows = check_domain(installation, tenant, "acme.test", now=NOW, resolver=Resolver(address))
        return next((row.result, row.detail) for row in rows if row.subject == "dkim")

    keep("dkim acme.test")
    assert verdict(ours)[0] == "pass"
    result, detail = verdict(other)
    assert result == "fail"
    assert f"Publish p={next(iter(open_key(ours).published))}" in detail
    keep("dkim other.test")
    result, detail = verdict(ours)
    assert (result, "does not decrypt" in detail) == ("fail", True)


def test_everything_at_once(configured, tenant, add_mailbox, zones):
    _, address = zones
    add_mailbox()
    add_mailbox(address="off@acme.test", lifecycle="retired")
    outcome = check_health(configured(dns_resolver=address), now=NOW, tenant=tenant, threads=2)
    assert {row.address for row in outcome.mailboxes} == {ADDRESS}
    assert outcome.failed_mailboxes == 0
    assert {row.subject for row in outcome.domains} == {"spf", "dkim", "dmarc", "mx"}
