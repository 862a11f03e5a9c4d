"""A mail world with a token endpoint, in which a login is never the address that it writes as."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from outreach_pipeline.sandbox import process
from outreach_pipeline.sandbox.world import Clock, Mailbox, OAuth, Provider, Site, World
from outreach_pipeline.workflows.access_tokens import AccessTokens

ROBOT = "robot@project.iam.example"
APP, APP_SECRET = "app-1234", "the-secret-of-the-app"
_BOXES = 40
_MECHANISMS = {
    "filing": ("PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"),
    "old": ("PLAIN", "XOAUTH2"),
    "bearer": ("OAUTHBEARER",),
    "passwords": ("PLAIN", "LOGIN"),
}


def login_of(address: str) -> str:
    return f"user-{address.partition('@')[0]}@logins.example"


@pytest.fixture(scope="module")
def service_account() -> tuple[str, str]:
    """The key of a service account as Google writes it, and its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    written = {"type": "service_account", "client_email": ROBOT, "private_key_id": "k1", "private_key": private}
    return json.dumps(written), public.decode()


@pytest.fixture(scope="module")
def mail_world(service_account, mail_world_class, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    addresses = {name: [f"{name}{number:02}@acme-mail.example" for number in range(_BOXES)] for name in _MECHANISMS}
    everyone = list(itertools.chain(*addresses.values()))
    running = process.start(
        World(
            mailboxes=tuple(
                Mailbox(address=address, login=login_of(address), password="unused", provider=name, tenant="acme")
                for name, box in addresses.items()
                for address in box
            ),
            providers={
                name: Provider(sent_copy=True, mechanisms=mechanisms) for name, mechanisms in _MECHANISMS.items()
            },
            sites=(Site(name="direct", mx=("mx.direct.example",), domains=("direct00.example",), mode="direct"),),
            clock=Clock(dsn_delay_seconds=(0.0, 0.1), reply_delay_seconds=(0.0, 0.1), greylist_seconds=0.0),
            oauth=OAuth(
                clients={APP: APP_SECRET},
                service_accounts={ROBOT: service_account[1]},
                refresh_tokens={f"refresh-{address}": login_of(address) for address in everyone},
            ),
        ),
        tmp_path_factory.mktemp("world"),
    )
    yield mail_world_class(running, {("acme", name): iter(box) for name, box in addresses.items()})
    running.stop()


@dataclass
class Logins:
    """A day whose mailboxes log in with access tokens, and its token endpoint."""

    day: Any
    key: str

    def source(self, kind: str, **more: Any) -> dict[str, Any]:
        """A provider account's fields; the endpoint is the world's."""
        url = f"http://127.0.0.1:{self.day.world.running.ports['tokens']}/token"
        fields: dict[str, Any] = {
            "google_service_account": {"secret": self.key},
            "microsoft_client_credentials": {"client_id": APP, "secret": APP_SECRET, "directory_id": "d1"},
            "refresh_token": {"client_id": APP, "secret": APP_SECRET},
        }[kind]
        return {"oauth": {"kind": kind, "token_url": url, **fields, **more}}

    def configure(
        self,
        kind: str,
        *,
        auth: str = "xoauth2",
        provider: str = "filing",
        source: dict[str, Any] | None = None,
        policy: dict[str, Any] | None = None,
        **mailbox: Any,
    ) -> str:
        """Apply one mailbox with a source of this kind, and return its address."""
        self.day.mailboxes = self.day.mailboxes or self.day.world.take("acme", 1, provider=provider)
        (address,) = self.day.mailboxes
        login: dict[str, Any] = {"auth": auth, "login": login_of(address), "password": None}
        if kind == "refresh_token":
            login["refresh_token"] = f"refresh-{address}"
        self.day.configure(
            provider=provider,
            mailbox={**login, **mailbox},
            account=self.source(kind, **(source or {})),
            policy=policy,
        )
        return address

    def endpoint(self, **changes: Any) -> None:
        self.day.world.running.control.tokens(**changes)

    def requests(self) -> int:
        """How often the endpoint was asked in this test."""
        return len(self.day.truth("token_request"))

    def token(self, *, refused: str | None = None, by_hand: bool = False) -> str | None:
        """Ask for the token of the only mailbox."""
        (mailbox_id,) = self.day.admin.execute("select id from outreach.mailboxes").fetchone()
        return AccessTokens(self.day.installation, by_hand=by_hand).get(self.day.tenant.id, mailbox_id, refused=refused)

    def account(self) -> tuple[str, str | None]:
        """State and cause of the mailbox's provider account."""
        return self.day.admin.execute(
            "select a.state, a.state_cause from outreach.provider_accounts a"
            " join outreach.mailboxes b on b.provider_account_id = a.id"
        ).fetchone()

    def alerts(self) -> list[tuple[str, bool]]:
        """Cause key of each alert about OAuth, and whether it is open."""
        return self.day.admin.execute(
            "select cause_key, resolved_at is null from outreach.operator_alerts where cause_key like 'oauth/%'"
            " union all select cause_key, resolved_at is null from outreach.alerts where cause_key like 'oauth/%' order by 1"
        ).fetchall()

    def pass_time(self, seconds: float) -> None:
        """Let everything that is kept of tokens, grants and sources be so much older."""
        back = f"interval '{seconds} seconds'"
        self.day.admin.execute(
            f"update outreach.oauth_tokens set issued_at = issued_at - {back}, expires_at = expires_at - {back},"
            f" retry_at = retry_at - {back}"
        )
        self.day.admin.execute(f"update outreach.provider_accounts set retry_at = retry_at - {back}")


@pytest.fixture
def logins(day, service_account) -> Logins:
    found = Logins(day, service_account[0])
    found.endpoint(restore=True, lifetime_seconds=3600, seconds=0, failures=0, status=503, rotates=False)
    return found
