"""Asks link hosts as a recipient's browser would, many at once: does the opt-out page answer there?

Belongs here: the question and what came back. Does not: what that means for the installation (workflows.doctor).
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

_TIMEOUT_SECONDS = 5.0
_AT_ONCE = 16
# What the gateway says of each page, so that no other server passes for it.
_MARK = ("referrer-policy", "no-referrer")


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What ``GET https://HOST/u/`` gave: the status, or the problem if there was no answer within 5 s."""

    status: int | None
    is_gateway: bool
    problem: str = ""


class _Known(AbstractResolver):
    """Gives the addresses that were looked up before."""

    def __init__(self, addresses: Mapping[str, Sequence[str]]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        kinds = {address: socket.AF_INET6 if ":" in address else socket.AF_INET for address in self._addresses[host]}
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
            for address, kind in kinds.items()
            if family in {socket.AF_UNSPEC, kind}
        ]

    async def close(self) -> None:
        pass


def ask_link_hosts(
    addresses: Mapping[str, Sequence[str]], *, context: ssl.SSLContext, port: int = 443
) -> dict[str, LinkAnswer]:
    """Ask each host, at the addresses that it is known to have; changes nothing anywhere, and never raises."""
    return asyncio.run(_ask_all(addresses, context=context, port=port))


async def _ask_all(
    addresses: Mapping[str, Sequence[str]], *, context: ssl.SSLContext, port: int
) -> dict[str, LinkAnswer]:
    turns = asyncio.Semaphore(_AT_ONCE)
    connector = aiohttp.TCPConnector(resolver=_Known(addresses), ssl=context, family=socket.AF_UNSPEC)
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS)

    async def ask(host: str) -> LinkAnswer:
        async with turns:
            try:
                async with session.get(f"https://{host}:{port}/u/", allow_redirects=False) as answer:
                    return LinkAnswer(answer.status, answer.headers.get(_MARK[0]) == _MARK[1])
            except TimeoutError:
                return LinkAnswer(None, is_gateway=False, problem=f"no answer within {_TIMEOUT_SECONDS:g} s")
            except (aiohttp.ClientError, OSError, ValueError) as error:
                return LinkAnswer(None, is_gateway=False, problem=str(error))

    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        return dict(zip(addresses, await asyncio.gather(*map(ask, addresses)), strict=True))
