"""Finds out which MX site takes a recipient domain's mail, and keeps it for a while.

Belongs here: asking DNS for the domains that a plan needs, and the cache. Does not: DNS itself (adapters.dns) or the names
of sites (core.plan.sites).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from outreach_pipeline.adapters.dns import Resolver
from outreach_pipeline.core.plan.sites import site_of
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.installation import Installation

_KEPT = {"resolved": timedelta(days=7), "no_mail": timedelta(days=1), "failed": timedelta(hours=1)}


class MxAnswer(Protocol):
    """What DNS said of a domain: ``state`` is resolved, no_mail or failed; ``hosts`` are its MX in order of preference.

    The first ``best_hosts`` of them share the best preference.
    """

    @property
    def state(self) -> str: ...  # noqa: D102 (the class says it)
    @property
    def hosts(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def best_hosts(self) -> int: ...  # noqa: D102


class MxResolver(Protocol):
    """Whatever looks up the MX of many domains at once."""

    def mx(self, domains: Iterable[str]) -> Mapping[str, MxAnswer]: ...  # noqa: D102


OFFLINE = "offline"


def open_resolver(settings: Settings) -> Resolver | None:
    """Return what the settings say to ask: a name server, the system's, or with ``offline`` none at all."""
    return None if settings.dns_resolver == OFFLINE else Resolver(settings.dns_resolver)


@dataclass(frozen=True, slots=True)
class ResolveOutcome:
    """Domains that were asked for, by what came back."""

    resolved: int
    no_mail: int
    failed: int


def resolve_sites(
    installation: Installation, domains: Sequence[str], now: datetime, *, resolver: MxResolver
) -> ResolveOutcome:
    """Look up and keep the sites of some domains. A domain that DNS does not answer for keeps what was known of it.

    A domain nothing was ever known of is kept as failed, with itself as its site, and asked again after an hour.
    """
    if not domains:
        return ResolveOutcome(0, 0, 0)
    answers = resolver.mx(domains)
    rows = [
        {
            "domain": domain,
            "site": site_of(domain, answer.hosts[: answer.best_hosts] if answer.state == "resolved" else ()),
            "mx_hosts": list(answer.hosts),
            "state": answer.state,
            "expires_at": (now + _KEPT[answer.state]).isoformat(),
        }
        for domain, answer in sorted(answers.items())
    ]
    with installation.database.operator() as transaction:
        transaction.run("plan/write_sites", rows=json.dumps(rows), now=now)
    states = [row["state"] for row in rows]
    return ResolveOutcome(states.count("resolved"), states.count("no_mail"), states.count("failed"))
