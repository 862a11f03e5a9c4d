"""Why nothing can be reached from an address of this machine that a tenant's connections are to come from.

Belongs here: asking the system. Does not: connecting (session).
"""

from __future__ import annotations

import asyncio
import socket

_CURE = "set the tenant's source_address to one of this machine's that is of the host's kind, or leave it out"


async def source_problem(source: str, host: str, port: int) -> str | None:
    """Return a sentence with the cure, or None if it is not the address.

    Args:
        source: a literal address of either kind.
        host: a name or a literal address.
        port: of the host.
    """
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((source, 0))
    except OSError as error:
        return f"The source_address {source} cannot be used on this machine ({error.strerror}): {_CURE}."
    if await _has_address(host, port, family) or not await _has_address(host, port, socket.AF_UNSPEC):
        return None
    kind = "IPv6" if family == socket.AF_INET6 else "IPv4"
    return f"{host} has no {kind} address that could be reached from the source_address {source}: {_CURE}."


async def _has_address(host: str, port: int, family: int) -> bool:
    try:
        return bool(await asyncio.get_running_loop().getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM))
    except socket.gaierror:
        return False
