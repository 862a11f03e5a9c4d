"""Questions to the DNS, many at once: where a domain's mail goes, and what its TXT records say.

Belongs here: asking and the states of an answer. Does not: what the records mean (core.plan.sites, core.watch.domain).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

from outreach_pipeline.core.errors import ConfigurationError

_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class MxAnswer:
    """Where a domain's mail goes.

    Attributes:
        state: ``resolved``; ``no_mail``: the domain does not exist, says that it takes no mail (RFC 7505), or has no
            host; ``failed``: the question was not answered, ask again later.
        hosts: mail hosts, lower case, without the last dot, best preference first; the domain itself where only its
            address answers (RFC 5321, 5.1).
        best_hosts: how many of them, the first ones, share the best preference; mail goes to others only while these fail.
        problem: for ``no_mail`` and ``failed``, why.
    """

    state: Literal["resolved", "no_mail", "failed"]
    hosts: tuple[str, ...] = ()
    problem: str = ""
    best_hosts: int = 1


class Resolver:
    """Asks one name server, or those of the system. Answers are not kept: ``recipient_sites`` is the memory.

    Args:
        nameserver: ``host:port``, ``host`` or ``[v6]:port`` (an IP address); None for the system's.
        timeout_seconds: for one question with all its tries.

    Raises:
        ConfigurationError: ``nameserver`` is no such thing, or the system has none.
    """

    def __init__(self, nameserver: str | None, timeout_seconds: float = 3) -> None:
        try:
            self._resolver = dns.asyncresolver.Resolver(configure=nameserver is None)
            if nameserver is not None:
                host, port = _split(nameserver)
                self._resolver.nameservers = [dns.nameserver.Do53Nameserver(host, port)]
        except (ValueError, dns.exception.DNSException) as error:
            raise ConfigurationError(
                f"The DNS cannot be asked at {nameserver or 'the servers of /etc/resolv.conf'} ({error}): "
                "set OUTREACH_DNS_RESOLVER to an IP address and port such as 127.0.0.1:53."
            ) from error
        self._resolver.lifetime = timeout_seconds
        self._resolver.timeout = timeout_seconds / 2

    def mx(self, domains: Iterable[str]) -> dict[str, MxAnswer]:
        """Return where the mail of each domain goes; never raises for what a domain answers or does not."""
        return asyncio.run(self._all(sorted(set(domains))))

    def txt(self, name: str) -> list[str] | None:
        """Return the TXT records of a name, each joined from its pieces.

        Returns:
            An empty list if there are none; None if the question was not answered.
        """
        return asyncio.run(self._txt(name))

    def addresses(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Return the IP addresses of each name; an empty list where it has none, or the question was not answered."""
        return asyncio.run(self._all_addresses(sorted(set(names))))

    async def _all_addresses(self, names: list[str]) -> dict[str, list[str]]:
        turns = asyncio.Semaphore(_AT_ONCE)

        async def ask(name: str) -> list[str]:
            found = []
            async with turns:
                for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
                    try:
                        found += [
                            record.to_text() for record in await self._resolver.resolve(_name(name), kind, search=False)
                        ]
                    except (dns.exception.DNSException, OSError, UnicodeError):
                        continue
            return found

        return dict(zip(names, await asyncio.gather(*map(ask, names)), strict=True))

    async def _all(self, domains: list[str]) -> dict[str, MxAnswer]:
        turns = asyncio.Semaphore(_AT_ONCE)

        async def ask(domain: str) -> MxAnswer:
            async with turns:
                return await self._mx(domain)

        return dict(zip(domains, await asyncio.gather(*map(ask, domains)), strict=True))

    async def _mx(self, domain: str) -> MxAnswer:
        try:
            answer = await self._resolver.resolve(_name(domain), "MX", search=False)
        except dns.resolver.NoAnswer:
            return await self._implicit_mx(domain)
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            return _unresolved(error)
        records = sorted((record.preference, record.exchange.to_text(omit_final_dot=True).lower()) for record in answer)
        records = [(preference, host) for preference, host in records if host not in ("", ".")]
        if not records:
            return MxAnswer("no_mail", problem="the domain says that it takes no mail")
        best = sum(preference == records[0][0] for preference, _ in records)
        return MxAnswer("resolved", tuple(host for _, host in records), best_hosts=best)

    async def _implicit_mx(self, domain: str) -> MxAnswer:
        for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
            try:
                await self._resolver.resolve(_name(domain), kind, search=False)
            except dns.resolver.NoAnswer:
                continue
            except (dns.exception.DNSException, OSError) as error:
                return _unresolved(error)
            return MxAnswer("resolved", (domain.lower().rstrip("."),))
        return MxAnswer("no_mail", problem="the domain has neither MX nor address")

    async def _txt(self, name: str) -> list[str] | None:
        try:
            answer = await self._resolver.resolve(_name(name), "TXT", search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, UnicodeError):
            return None
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def _unresolved(error: Exception) -> MxAnswer:
    if isinstance(error, dns.resolver.NXDOMAIN):
        return MxAnswer("no_mail", problem="the domain does not exist")
    if isinstance(error, dns.exception.Timeout):
        return MxAnswer("failed", problem="no answer in time")
    if isinstance(error, dns.resolver.NoNameservers | OSError):
        return MxAnswer("failed", problem=str(error))
    return MxAnswer("no_mail", problem=f"no name that could be asked for: {error}")


def _name(domain: str) -> dns.name.Name:
    return dns.name.from_text(domain, idna_codec=dns.name.IDNA_2008_Practical if not domain.isascii() else None)


def _split(nameserver: str) -> tuple[str, int]:
    if nameserver.startswith("["):
        host, _, port = nameserver[1:].partition("]")
        port = port.removeprefix(":")
    elif nameserver.count(":") == 1:
        host, _, port = nameserver.partition(":")
    else:
        host, port = nameserver, ""
    return str(ip_address(host)), int(port or 53)
