"""One day against real servers: plan, send, what Postfix, Dovecot and a person answer, and the day after."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from mail_servers import ARCHIVE, JUNK, PEOPLE, SENDERS, SENT

from outreach_pipeline.workflows.bounce_process import process_inbound
from outreach_pipeline.workflows.imap_sync import sync_mailboxes
from outreach_pipeline.workflows.import_contacts import import_contacts
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.plan_day import plan_day
from outreach_pipeline.workflows.send_email import send_until

pytestmark = pytest.mark.servers

GHOST, BUSY, UNKNOWN = f"ghost@{PEOPLE}", f"defer-451@{PEOPLE}", f"bounce-550@{PEOPLE}"
# When something was done is allowed to differ; what was done is not.
LEDGER = (
    "messages", "send_attempts", "events", "enrollments", "suppressions", "inbound_messages", "inbound_locations",
    "contacts", "alerts", "plans", "send_batches", "leases",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    installation: Installation
    tenant: Tenant
    senders: list[str]
    people: list[str]
    now: datetime

    def plan(self, now: datetime):
        date = now.astimezone(ZoneInfo(self.tenant.time_zone)).date()
        return plan_day(self.installation, self.tenant, date, now=now)

    def taken(self) -> int:
        """How much of the date's capacity is taken, over all mailboxes."""
        now = self.now + timedelta(minutes=2)
        date = now.astimezone(ZoneInfo(self.tenant.time_zone)).date()
        outcome = plan_day(self.installation, self.tenant, date, now=now, dry_run=True)
        return sum(batch.already_sent for batch in outcome.batches)

    def send(self, now: datetime):
        """Send all that was planned at ``now``: it is spread over ten seconds."""
        return send_until(self.installation, now=now + timedelta(minutes=1), until_idle=True, for_seconds=60)

    def read(self, now: datetime):
        synced = sync_mailboxes(self.installation, now=datetime.now(UTC))
        assert not synced.failures
        return synced, process_inbound(self.installation, now=now)


@pytest.fixture
def day(installation, servers, set_up, now, tmp_path) -> Day:
    """A tenant with three mailboxes, contacts on real and odd addresses, and nothing done yet."""
    senders, people = servers.take(SENDERS, 3), servers.take(PEOPLE, 4)
    tenant = set_up(senders)
    file: Path = tmp_path / "contacts.csv"
    rows = [f"{address},Zoë,web form,DE,consent,valid" for address in [*people, GHOST, BUSY, UNKNOWN]]
    header = "address,first_name,source,jurisdiction,lawful_basis,verification"
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    assert import_contacts(installation, tenant, "spring", file, now=now).enrolled == 7
    return Day(installation, tenant, senders, people, now)


def answer(servers, person: str, text: str) -> dict[str, Any]:
    """Answer the last mail in a person's mailbox as a mail program does; returns the headers of what was answered."""
    original = email.message_from_bytes(servers.mails(person)[-1], policy=email.policy.default)
    reply = EmailMessage()
    reply["From"] = person
    reply["To"] = original["From"]
    reply["Subject"] = f"Re: {original['Subject']}"
    reply["Date"] = format_datetime(datetime.now(UTC))
    reply["Message-ID"] = make_msgid(domain=PEOPLE)
    reply["In-Reply-To"] = reply["References"] = original["Message-ID"]
    quoted = original.get_body(("plain",)).get_content().splitlines()
    reply.set_content("\n".join([text, "", f"On {original['Date']}, Ann wrote:", *(f"> {line}" for line in quoted)]))
    servers.deliver(reply)
    return dict(original.items())


def messages(admin, step: int = 1) -> dict[str, tuple[str, str | None]]:
    """State and enhanced code of every message of a step by recipient."""
    rows = admin.execute(
        "select to_address, state, enhanced_code from outreach.messages where step_number = %s and state <> 'cancelled'",
        [step],
    )
    return {address: (state, code) for address, state, code in rows}


def events(admin) -> set[tuple[str, str, str, str | None, str | None]]:
    """Every event but ``sent``: recipient, kind, origin, class, status."""
    return set(
        admin.execute(
            "select recipient, kind, origin, bounce_class, status from outreach.events where kind <> 'sent'"
        ).fetchall()
    )


def enrollments(admin) -> dict[str, tuple[str, str | None, int]]:
    rows = admin.execute(
        "select c.address, e.state, e.stop_reason, e.next_step from outreach.enrollments e"
        " join outreach.contacts c on c.tenant_id = e.tenant_id and c.id = e.contact_id"
    )
    return {address: (state, reason, step) for address, state, reason, step in rows}


def ledger(admin) -> dict[str, list[str]]:
    return {
        table: sorted(row for (row,) in admin.execute(f"select t::text from outreach.{table} t")) for table in LEDGER
    }


def test_a_day_against_postfix_and_dovecot(day, servers, admin):
    keen, leaver, silent, other = day.people
    planned = day.plan(day.now)
    assert (planned.mode, planned.planned, planned.changed) == ("real", 7, True)
    assert not day.plan(day.now).changed

    day.send(day.now)
    servers.settle()
    assert messages(admin) == {
        **dict.fromkeys(day.people, ("sent", "2.0.0")),
        GHOST: ("sent", "2.0.0"),
        BUSY: ("deferred", "4.2.0"),
        UNKNOWN: ("failed", "5.1.1"),
    }
    assert events(admin) == {
        (BUSY, "deferred", "smtp", None, "4.2.0"),
        (UNKNOWN, "bounced", "smtp", "hard", "5.1.1"),
    }
    assert [len(servers.mails(person)) for person in day.people] == [1, 1, 1, 1]

    first = answer(servers, keen, "Yes, that sounds interesting. Thursday at ten suits me well.")
    answer(servers, leaver, "Please remove me from your list and do not write to me again.")
    # The mail that arrived is the one that was meant, and a provider's opt-out button works on it.
    sent_id, from_address = admin.execute(
        "select m.message_id, b.address from outreach.messages m"
        " join outreach.mailboxes b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id where m.to_address = %s",
        [keen],
    ).fetchone()
    assert first["Message-ID"] == sent_id
    assert first["From"] == f"Ann Example <{from_address}>"
    assert first["Subject"] == "Zoë, a question"
    assert first["Return-Path"] == f"<{from_address}>"
    assert first["List-Unsubscribe"].startswith(f"<https://go.{SENDERS}/")
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    synced, processed = day.read(day.now)
    # The bounce and both answers; this server files no copy in Sent, and none is asked for.
    assert {role: count for role, count in synced.new_by_role.items() if count} == {"inbox": 3}
    assert [servers.mails(sender, SENT) for sender in day.senders] == [[], [], []]
    assert (dict(processed.by_kind), processed.untied) == ({"bounce": 1, "reply": 2}, 0)
    assert admin.execute("select distinct tied_by from outreach.inbound_messages").fetchall() == [("message_id",)]
    assert events(admin) == {
        (BUSY, "deferred", "smtp", None, "4.2.0"),
        (UNKNOWN, "bounced", "smtp", "hard", "5.1.1"),
        (GHOST, "bounced", "imap", "hard", "5.1.1"),
        (keen, "reply", "imap", None, None),
        (leaver, "reply", "imap", None, None),
    }
    # A bounce that comes later changes no state: the submission did succeed.
    assert messages(admin)[GHOST] == ("sent", "2.0.0")
    assert set(admin.execute("select value, reason from outreach.suppressions").fetchall()) == {
        (UNKNOWN, "bounce"), (GHOST, "bounce"), (leaver, "stop"),
    }  # fmt: skip
    found = enrollments(admin)
    assert found[silent] == found[other] == ("active", None, 2)
    assert found[BUSY] == ("active", None, 1)
    assert {address: state for address, (state, _, _) in found.items() if state != "active"} == dict.fromkeys(
        (keen, leaver, GHOST, UNKNOWN), "stopped"
    )
    assert found[keen][1] == "replied"

    before = ledger(admin)
    assert day.send(day.now).by_state == {}
    synced, processed = day.read(day.now)
    assert not any(synced.new_by_role.values())
    assert processed.processed == 0
    assert ledger(admin) == before
    assert all(flags == () for flags in _flags(servers, day.senders))


def test_the_day_after_goes_on_in_the_thread_with_those_who_are_left(day, servers, admin):
    keen, *others = day.people
    day.plan(day.now)
    day.send(day.now)
    servers.settle()
    answer(servers, keen, "Not interested, thank you.")
    day.read(day.now)

    tomorrow = day.now + timedelta(days=1)
    day.plan(tomorrow)
    assert messages(admin, step=2) == dict.fromkeys(others, ("planned", None))
    day.send(tomorrow)
    servers.settle()
    assert messages(admin, step=2) == dict.fromkeys(others, ("sent", "2.0.0"))
    for person in others:
        first, second = (email.message_from_bytes(raw, policy=email.policy.default) for raw in servers.mails(person))
        assert second["From"] == first["From"]
        assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
        assert second["Subject"] == f"Re: {first['Subject']}"
    assert len(servers.mails(keen)) == 1
    assert [enrollments(admin)[person] for person in others] == [("finished", "completed", 3)] * 3


def test_a_copy_in_sent_settles_an_unknown_outcome(day, servers, admin):
    day.plan(day.now)
    day.send(day.now)
    servers.settle()
    message, to_address, sender = admin.execute(
        "select m.id, m.to_address, b.address from outreach.messages m"
        " join outreach.mailboxes b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id"
        " where m.state = 'sent' and m.to_address <> %s order by m.id limit 1",
        [GHOST],
    ).fetchone()
    # As if the connection had been lost after DATA.
    admin.execute("delete from outreach.events where message_id = %s", [message])
    admin.execute(
        "update outreach.messages set state = 'outcome_unknown', sent_at = null, unknown_until = now() + interval '1 day'"
        " where id = %s",
        [message],
    )
    # Only a server that files what it takes proves anything by it.
    admin.execute("update outreach.mailboxes set sent_copy = 'server' where address = %s", [sender])
    taken = day.taken()
    with servers.mailbox(sender) as client:
        client.append(SENT, servers.mails(to_address)[-1])
    synced = sync_mailboxes(day.installation, now=datetime.now(UTC))
    assert (synced.proven_sent, synced.failures) == (1, {})
    assert messages(admin)[to_address][0] == "sent"
    assert admin.execute("select kind, origin from outreach.events where message_id = %s", [message]).fetchall() == [
        ("sent", "imap")
    ]
    assert sync_mailboxes(day.installation, now=datetime.now(UTC)).proven_sent == 0
    # It is our own mail and does not count a second time; what a person sent from the mailbox does.
    assert day.taken() == taken
    with servers.mailbox(sender) as client:
        client.append(SENT, servers.mails(to_address)[-1].replace(b"Message-ID: <", b"Message-ID: <a-person-s-own."))
    sync_mailboxes(day.installation, now=datetime.now(UTC))
    assert day.taken() == taken + 1


def _flags(servers, addresses: list[str]):
    for address in addresses:
        with servers.mailbox(address) as client:
            for folder in ("INBOX", JUNK, SENT, ARCHIVE):
                client.select_folder(folder, readonly=True)
                for flags in client.get_flags(client.search()).values():
                    yield tuple(flag for flag in flags if flag != b"\\Recent")
