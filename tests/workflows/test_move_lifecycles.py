"""Mailboxes move by what the marts count, and the moves are logged with their evidence."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.workflows.fleet import MailboxSettings, list_mailboxes, set_mailboxes
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.move_lifecycles import LifecycleMove, move_lifecycles

NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
TENANT = UUID(int=7)


@pytest.fixture
def mailbox(admin: psycopg.Connection) -> Callable[..., int]:
    """Write a mailbox of a tenant whose marts are there and empty."""
    admin.execute(
        "insert into outreach.tenants (id, slug, name, time_zone, postal_address) values (%s, 'acme', 'Acme', 'UTC', 'x')",
        [TENANT],
    )
    admin.execute(
        "insert into outreach.sending_domains (tenant_id, domain, link_host) values (%s, 'acme.example', 'go.acme.example')",
        [TENANT],
    )
    for mart in ("fct_weight_inputs", "dim_mailboxes"):
        admin.execute(f"create table outreach_marts.{mart} (tenant_id uuid)")
    admin.execute(
        "create table outreach_marts.fct_mailbox_days (tenant_id uuid, mailbox_id bigint, send_date date, delivered bigint, "
        "block_bursts double precision, complaint_trials bigint, complaints bigint)"
    )
    admin.execute("grant select on all tables in schema outreach_marts to outreach_app")

    def make(name: str, **columns: Any) -> int:
        values = {
            "lifecycle": "active",
            "lifecycle_since": NOW - timedelta(days=30),
            "lifecycle_evidence": {},
            **columns,
        }
        row = admin.execute(
            "insert into outreach.mailboxes (tenant_id, address, sending_domain_id, lane, lifecycle, lifecycle_since, "
            "lifecycle_evidence, smtp_host, smtp_port, imap_host, imap_port, login) "
            "select %s, %s, d.id, 1, %s, %s, %s, 'localhost', 25, 'localhost', 143, 'x' from outreach.sending_domains as d "
            "returning id",
            [
                TENANT, f"{name}@acme.example", values["lifecycle"], values["lifecycle_since"],
                json.dumps(values["lifecycle_evidence"]),
            ],
        ).fetchone()  # fmt: skip
        return row[0]

    return make


def sent(admin: psycopg.Connection, mailbox_id: int, *, on: date, delivered: int, blocks: int) -> None:
    admin.execute(
        "insert into outreach_marts.fct_mailbox_days values (%s, %s, %s, %s, %s, 0, 0)",
        [TENANT, mailbox_id, on, delivered, blocks],
    )


def test_mailboxes_move_once_with_their_evidence(
    installation: Installation, admin: psycopg.Connection, mailbox: Callable[..., int]
) -> None:
    ill, well, old = mailbox("ill"), mailbox("well"), mailbox("old")
    sent(admin, ill, on=date(2026, 11, 20), delivered=90, blocks=10)
    sent(admin, well, on=date(2026, 11, 20), delivered=100, blocks=0)
    sent(admin, old, on=date(2026, 10, 1), delivered=50, blocks=50)

    moves = move_lifecycles(installation, now=NOW)

    assert moves == [LifecycleMove("acme", "ill@acme.example", "active", "resting", "blocks_high")]
    assert move_lifecycles(installation, now=NOW) == []
    state, evidence = admin.execute(
        "select lifecycle, lifecycle_evidence from outreach.mailboxes where id = %s", [ill]
    ).fetchone()
    assert (state, evidence["trials"], evidence["bad"]) == ("resting", 100, 10)
    author, action, subject, detail = admin.execute(
        "select author, action, subject, detail from outreach.audit_log"
    ).fetchone()
    assert (author, action, subject, detail["to"]) == ("rules", "lifecycle", "mailbox ill@acme.example", "resting")


def test_after_a_rest_only_what_came_since_counts(
    installation: Installation, admin: psycopg.Connection, mailbox: Callable[..., int]
) -> None:
    ill = mailbox("ill")
    sent(admin, ill, on=date(2026, 11, 23), delivered=90, blocks=10)
    move_lifecycles(installation, now=NOW)
    later = NOW + timedelta(days=1)
    assert [move.rule for move in move_lifecycles(installation, now=later)] == ["probation"]
    sent(admin, ill, on=date(2026, 11, 26), delivered=60, blocks=0)
    assert move_lifecycles(installation, now=later + timedelta(days=2)) == []
    recovered = move_lifecycles(installation, now=later + timedelta(days=7))
    assert [(move.before, move.after) for move in recovered] == [("observed", "active")]


def test_what_a_person_sets_stands_until_it_is_given_back(
    installation: Installation, admin: psycopg.Connection, mailbox: Callable[..., int]
) -> None:
    ill = mailbox("ill")
    sent(admin, ill, on=date(2026, 11, 20), delivered=50, blocks=50)
    rows = list_mailboxes(installation, None, filters={}, now=NOW)

    set_mailboxes(
        installation, rows, MailboxSettings(lifecycle=Lifecycle.ACTIVE, reason="known cause"), author="ann", now=NOW
    )
    assert move_lifecycles(installation, now=NOW) == []
    evidence = admin.execute("select lifecycle_evidence from outreach.mailboxes").fetchone()[0]
    assert (evidence["set_by"], evidence["reason"]) == ("ann", "known cause")

    set_mailboxes(installation, rows, MailboxSettings(clears_lifecycle=True), author="ann", now=NOW)
    assert [move.after for move in move_lifecycles(installation, now=NOW)] == ["quarantined"]
    assert [row[0]["lifecycle"] for row in admin.execute(
        "select detail from outreach.audit_log where action = 'set' order by id"
    ).fetchall()] == ["active", "auto"]  # fmt: skip
