"""The sandbox's zones, served by dnslib over UDP and TCP on one port.

Belongs here: records that follow from the world. Does not: recursion; any name that is not the world's is NXDOMAIN.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import AsyncExitStack
from threading import Thread
from typing import Any

from dnslib import MX, QTYPE, RCODE, RD, RR, TXT, A, DNSRecord
from dnslib.server import BaseResolver, DNSLogger, DNSServer

from outreach_pipeline.sandbox.world import World

_TTL_SECONDS = 60
# A character-string of a TXT record holds 255 bytes at most (RFC 1035, 3.3.14).
_TXT_PIECE_BYTES = 255
_PORT_TRIES = 20

Zones = dict[str, list[tuple[str, RD]]]


def zones_of(world: World) -> Zones:
    """Return name (lower case, no last dot) to its records as (type, data).

    Every site's domains have its MX hosts; every domain of a mailbox has one of its own, ``mx.<domain>``; MX and link
    hosts are 127.0.0.1; sending domains have their SPF, DKIM and DMARC records.
    """
    zones: Zones = defaultdict(list)
    hosts: set[str] = set()
    for site in world.sites:
        hosts.update(site.mx)
        for domain in site.domains:
            zones[domain.lower()] += [("MX", MX(host, 10 * rank)) for rank, host in enumerate(site.mx, start=1)]
    own = {box.address.lower().rpartition("@")[2] for box in world.mailboxes}
    own |= {sending.domain.lower() for sending in world.sending_domains}
    for domain in sorted(own):
        if domain not in zones:
            zones[domain].append(("MX", MX(f"mx.{domain}", 10)))
            hosts.add(f"mx.{domain}")
    for sending in world.sending_domains:
        domain = sending.domain.lower()
        if sending.link_host:
            hosts.add(sending.link_host)
        texts = {domain: sending.spf, f"_dmarc.{domain}": sending.dmarc}
        texts |= {f"{selector.lower()}._domainkey.{domain}": text for selector, text in sending.dkim.items()}
        for name, text in texts.items():
            if text is not None:
                zones[name].append(("TXT", TXT(_pieces(text))))
    for host in hosts:
        zones[host.lower()].append(("A", A("127.0.0.1")))
    return dict(zones)


class _Resolver(BaseResolver):  # type: ignore[misc, unused-ignore]
    def __init__(self, zones: Zones) -> None:
        self._zones = zones
        # A name above an existing one exists too, without records of its own (RFC 8020).
        self._above = {name.split(".", depth)[-1] for name in zones for depth in range(1, name.count(".") + 1)}

    def resolve(self, request: DNSRecord, handler: Any) -> DNSRecord:  # noqa: ARG002 -- dnslib's signature
        reply = request.reply()
        name = str(request.q.qname).rstrip(".").lower()
        wanted = QTYPE[request.q.qtype]
        records = self._zones.get(name)
        if records is None and name not in self._above:
            reply.header.rcode = RCODE.NXDOMAIN
        for kind, data in records or ():
            if wanted in {kind, "ANY"}:
                reply.add_answer(RR(request.q.qname, getattr(QTYPE, kind), rdata=data, ttl=_TTL_SECONDS))
        return reply


def serve_dns(stack: AsyncExitStack, *, port: int, zones: Zones) -> int:
    """Answer on loopback in threads of dnslib's own; returns the port in use.

    Raises:
        OSError: the port is taken, or no port is free for both UDP and TCP.
    """
    resolver, quiet = _Resolver(zones), DNSLogger(logf=lambda _: None)
    for attempt in range(_PORT_TRIES):
        stream = DNSServer(resolver, address="127.0.0.1", port=port, tcp=True, logger=quiet)
        chosen = int(stream.server.server_address[1])
        try:
            datagrams = DNSServer(resolver, address="127.0.0.1", port=chosen, logger=quiet)
        except OSError:
            stream.server.server_close()
            if port or attempt == _PORT_TRIES - 1:
                raise
            continue
        for server in (stream, datagrams):
            # dnslib's own thread would look for a shutdown only twice a second.
            Thread(target=server.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            stack.callback(server.server.server_close)
            stack.callback(server.stop)
        return chosen
    raise OSError("no port is free for both UDP and TCP")


def _pieces(text: str) -> list[bytes]:
    data = text.encode()
    return [data[start : start + _TXT_PIECE_BYTES] for start in range(0, len(data), _TXT_PIECE_BYTES)] or [b""]
