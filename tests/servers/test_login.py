"""Logging in at a real server: verified, once, and a failure says its stage."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from mail_servers import PASSWORD, PEOPLE, SENDERS

from outreach_pipeline.adapters.imap.session import ImapAccount, ImapSession
from outreach_pipeline.adapters.smtp.session import SmtpAccount, SmtpSession
from outreach_pipeline.core.errors import ConnectionLostError, SmtpPermanentError
from outreach_pipeline.workflows.imap_sync import sync_mailboxes

pytestmark = pytest.mark.servers


def smtp_account(servers, address: str, *, password: str = PASSWORD, ca_file: str | None = "") -> SmtpAccount:
    return SmtpAccount(
        host="127.0.0.1",
        port=servers.ports.submission,
        security="starttls",
        login=address,
        secret=password,
        ca_file=str(servers.ca_file) if ca_file == "" else ca_file,
        helo_name=SENDERS,
    )


def open_and_close(account: SmtpAccount) -> bool:
    async def run() -> bool:
        session = SmtpSession(account)
        try:
            await session.open()
            return session.is_open
        finally:
            await session.close()

    return asyncio.run(run())


def test_smtp_logs_in_over_starttls_with_the_private_authority(servers):
    address = servers.take(SENDERS)[0]
    assert open_and_close(smtp_account(servers, address))
    # Dovecot checks the logins that Postfix asks about.
    assert servers.wait_for_log("postfix", "submission/smtpd", "disconnect", "starttls=1 auth=1 quit=1")


def test_a_wrong_smtp_password_is_named_and_tried_once(servers):
    address = servers.take(SENDERS)[0]
    with pytest.raises(SmtpPermanentError) as caught:
        open_and_close(smtp_account(servers, address, password="wrong"))
    assert (caught.value.stage, caught.value.code, caught.value.enhanced_code) == ("auth", 535, "5.7.8")
    # The end of the connection counts the attempts: none of one succeeded.
    assert len(servers.wait_for_log("postfix", "submission/smtpd", "disconnect", "auth=0/1")) == 1
    assert len(servers.log_lines("dovecot", f"passwd-file({address},", "Password mismatch")) == 1


def test_a_server_of_an_unknown_authority_learns_no_password(servers):
    address = servers.take(SENDERS)[0]
    with pytest.raises(ConnectionLostError, match="certificate") as caught:
        open_and_close(smtp_account(servers, address, ca_file=None))
    assert caught.value.stage == "tls"
    account = ImapAccount("127.0.0.1", servers.ports.imap, "starttls", address, PASSWORD, None)
    with pytest.raises(ConnectionLostError, match="certificate") as caught, ImapSession(account):
        pass
    assert caught.value.stage == "tls"
    assert not servers.log_lines("dovecot", f"user=<{address}>")


@pytest.mark.parametrize("security,port", [("starttls", "imap"), ("tls", "imaps")])
def test_imap_logs_in_with_the_private_authority(servers, security, port):
    address = servers.take(PEOPLE)[0]
    account = ImapAccount("127.0.0.1", getattr(servers.ports, port), security, address, PASSWORD, str(servers.ca_file))
    with ImapSession(account) as session:
        assert session.open("INBOX").uidvalidity > 0


def test_a_wrong_imap_password_is_tried_once_and_noted_at_its_mailbox(servers, set_up, installation, admin):
    good, bad = servers.take(SENDERS, 2)
    set_up([good])
    set_up([bad], password="wrong")
    outcome = sync_mailboxes(installation, now=datetime.now(UTC))
    assert outcome.mailboxes == 1
    assert list(outcome.failures) == [bad]
    assert outcome.failures[bad].startswith("The server refused the login:")
    noted = admin.execute(
        "select address, sync_failure, synced_at is null from outreach.mailboxes order by 1"
    ).fetchall()
    assert noted == sorted([(good, None, False), (bad, outcome.failures[bad], True)])
    assert len(servers.log_lines("dovecot", f"passwd-file({bad},", "Password mismatch")) == 1
