"""The mail world of these tests: providers by what they do to what is submitted, mailboxes of two tenants, people at two kinds of sites."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from outreach_pipeline.sandbox import process
from outreach_pipeline.sandbox.world import Clock, Mailbox, Provider, Site, World

PASSWORD = "open sesame"
TENANTS = ("acme", "birch")
_BOXES = 60
_PROVIDERS = {
    "filing": Provider(sent_copy=True),
    "silent": Provider(sent_copy=False),
    "ascii": Provider(smtputf8=False),
    # What these do to a Message-ID, and whether their answer says so.
    "naming": Provider(message_id="named"),
    "rewriting": Provider(sent_copy=True, message_id="rewritten"),
    "chunking": Provider(chunking=True),
}
_DOMAINS = 40
FILING = frozenset(name for name, provider in _PROVIDERS.items() if provider.sent_copy)


@dataclass
class MailWorld:
    """A running sandbox and what of it has not been given to a test yet."""

    running: process.RunningSandbox
    _boxes: dict[tuple[str, str], Iterator[str]]
    _people: Iterator[int] = field(default_factory=itertools.count)

    def take(self, tenant: str, count: int, *, provider: str) -> list[str]:
        return list(itertools.islice(self._boxes[tenant, provider], count))

    def person(self, behaviour: str = "accept", *, site: str = "relay") -> str:
        """An address that nobody was given before; ``direct`` sites answer at once, ``relay`` ones by mail."""
        number = next(self._people)
        return f"p{number}+b-{behaviour}@{site}{number % _DOMAINS:02}.example"

    def settle(self) -> None:
        """Wait until everyone has reacted."""
        deadline = time.monotonic() + 20
        while self.running.control.stats()["pending"]:
            assert time.monotonic() < deadline, "reactions are still to come"
            time.sleep(0.02)


def start(folder: Path) -> MailWorld:
    """Start one in a folder; whoever does stops it."""
    boxes = {
        (tenant, provider): [f"{provider}{number:02}@{tenant}-mail.example" for number in range(_BOXES)]
        for tenant in TENANTS
        for provider in _PROVIDERS
    }
    running = process.start(
        World(
            mailboxes=tuple(
                Mailbox(address=address, login=address, password=PASSWORD, provider=provider, tenant=tenant)
                for (tenant, provider), addresses in boxes.items()
                for address in addresses
            ),
            providers=_PROVIDERS,
            sites=tuple(
                Site(
                    name=name,
                    mx=(f"mx.{name}.example",),
                    domains=tuple(f"{name}{number:02}.example" for number in range(_DOMAINS)),
                    mode=name,
                )
                for name in ("direct", "relay")
            ),
            clock=Clock(dsn_delay_seconds=(0.0, 0.1), reply_delay_seconds=(0.0, 0.1), greylist_seconds=0.0),
        ),
        folder,
    )
    return MailWorld(running, {key: iter(addresses) for key, addresses in boxes.items()})
