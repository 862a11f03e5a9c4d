"""Both mail servers for the session, and a tenant that uses them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from outreach_pipeline.cli.demo_world import noon_zone
from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.installation import Installation, Tenant

# The test folders are no packages: the module is loaded by its place, once.
_SPEC = importlib.util.spec_from_file_location("mail_servers", Path(__file__).with_name("mail_servers.py"))
mail_servers = importlib.util.module_from_spec(_SPEC)
sys.modules["mail_servers"] = mail_servers
_SPEC.loader.exec_module(mail_servers)


@pytest.fixture(scope="session")
def servers() -> Iterator[mail_servers.MailServers]:
    # They are Debian packages that only root can install; the reason names them and the cure.
    if missing := mail_servers.what_is_missing():
        pytest.skip(missing)
    with mail_servers.run_mail_servers() as running:
        yield running


@pytest.fixture
def now() -> datetime:
    """Business time, which stands still."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def set_up(installation: Installation, servers, now):
    """Apply a configuration with mailboxes of these addresses and return its tenant."""

    def apply(addresses: list[str], **mailbox: Any) -> Tenant:
        text = yaml.safe_dump(configuration(servers, addresses, zone=noon_zone(now), mailbox=mailbox))
        apply_configuration(installation, read_configuration(text, environment={}))
        return installation.tenants("acme")[0]

    return apply


def configuration(servers, addresses: list[str], *, zone: str, mailbox: dict[str, Any]) -> dict[str, Any]:
    return {
        "tenants": [
            {
                "slug": "acme",
                "name": "Acme GmbH",
                "time_zone": zone,
                "plan_at": "00:00",
                "postal_address": "Acme GmbH, Hauptstr. 1, 10115 Berlin",
                "policies": {
                    "default": {
                        "counts_by": "calendar_day",
                        "messages_per_day_per_company": 20,
                        "window_starts": "00:00",
                        "window_ends": "23:59",
                        "working_days": [1, 2, 3, 4, 5, 6, 7],
                        "minimum_gap_seconds": 0.1,
                        "messages_per_minute_per_mailbox": 600,
                        "jitter_seconds": 0,
                        "spread_seconds": 10,
                        "first_retry_seconds": 3600,
                    }
                },
                "sending_domains": [{"domain": mail_servers.SENDERS, "link_host": f"go.{mail_servers.SENDERS}"}],
                "mailboxes": [
                    {
                        "address": address,
                        "display_name": "Ann Example",
                        "smtp": {"host": "127.0.0.1", "port": servers.ports.submission, "security": "starttls"},
                        "imap": {"host": "127.0.0.1", "port": servers.ports.imap, "security": "starttls"},
                        "password": mail_servers.PASSWORD,
                        "ca_file": str(servers.ca_file),
                        "sent_copy": "none",
                        **mailbox,
                    }
                    for address in addresses
                ],
                "campaigns": [
                    {
                        "slug": "spring",
                        "name": "Spring",
                        "accepted_lawful_bases": ["consent"],
                        "accepted_jurisdictions": ["DE"],
                        "steps": [
                            {
                                "step": 1,
                                "subject": "{{ first_name }}, a question",
                                "text": "Hello {{ first_name }},\n\nhave you got ten minutes on Thursday?\n\nAnn",
                                "html": "<p>Hello {{ first_name }},</p><p>have you got ten minutes on Thursday?</p>",
                            },
                            {"step": 2, "wait_days": 1, "subject": "Once more", "text": "Just asking once more."},
                        ],
                    }
                ],
            }
        ]
    }
