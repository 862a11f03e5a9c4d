"""The sandbox as a process: ``python -m outreach_pipeline.sandbox --config sandbox.json --state DIR``.

Belongs here: bringing the parts up and down in order. Prints one line ``READY {…}`` with the ports when all of them
listen, writes the same JSON to ``DIR/ports.json``, and stops on SIGTERM or Ctrl-C. Exit code 1: the configuration is
wrong or a port is taken; the reason is on stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import resource
import signal
import sys
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.sandbox.control import serve_control
from outreach_pipeline.sandbox.dns import serve_dns, zones_of
from outreach_pipeline.sandbox.faults import Faults
from outreach_pipeline.sandbox.https import make_tls, serve_proxy
from outreach_pipeline.sandbox.imap import Mailboxes
from outreach_pipeline.sandbox.office import Office
from outreach_pipeline.sandbox.reactions import Reactor
from outreach_pipeline.sandbox.smtp import serve_submission
from outreach_pipeline.sandbox.tokens import Tokens, serve_tokens
from outreach_pipeline.sandbox.truth import MailStore, TruthLog, read_truth
from outreach_pipeline.sandbox.world import World


async def run(world: World, state: Path) -> None:
    """Run the world until SIGTERM or SIGINT, with its state in the folder ``state``."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        ports = await _start(stack, world, state)
        (state / "ports.json.part").write_text(json.dumps(ports))
        (state / "ports.json.part").replace(state / "ports.json")
        sys.stdout.write(f"READY {json.dumps(ports)}\n")
        sys.stdout.flush()
        await stop.wait()


async def _start(stack: AsyncExitStack, world: World, state: Path) -> dict[str, Any]:
    truth = state / "truth.jsonl"
    store = MailStore(state / "mail")
    log = TruthLog(truth, store)
    stack.push_async_callback(log.close)
    past = list(read_truth(truth))
    await log.write({"type": "started", "pid": os.getpid()})
    # A state folder that starts again keeps the second of its log's first line as UIDVALIDITY: UIDs mean the same mails.
    began = datetime.fromisoformat(next(iter(read_truth(truth)))["at"])
    hosts = [sending.link_host for sending in world.sending_domains if sending.link_host]
    tls = make_tls(state, hosts=hosts)
    tokens = Tokens(world.oauth, log)
    boxes = Mailboxes(
        world.mailboxes,
        store=store,
        log=log,
        uid_validity=int(began.timestamp()),
        tls=tls.server,
        tokens=tokens,
        mechanisms=world.oauth.imap_mechanisms if world.oauth else (),
    )
    office = Office(world, log=log, store=store, boxes=boxes)
    office.replay(past)
    faults = Faults(() if past else world.faults)
    wanted = _wanted_ports(world, state)
    https = await serve_proxy(stack, port=wanted["https"], gateway_url=world.gateway_url, tls=tls.server)
    reactor = Reactor(office, https_port=https, tls=tls.client)
    reactor.start()
    stack.push_async_callback(_log_stop, log)
    stack.push_async_callback(reactor.stop)
    imap, imaps = await boxes.serve(stack, port=wanted["imap"], tls_port=wanted["imaps"])
    smtp = await serve_submission(stack, office, faults, tokens, ports=wanted["smtp"], tls=tls.server)
    control = await serve_control(stack, office, faults, tokens, port=wanted["control"])
    tokens_port = await serve_tokens(stack, tokens, port=wanted["tokens"]) if world.oauth else 0
    dns = serve_dns(stack, port=wanted["dns"], zones=zones_of(world))
    return {
        "smtp": smtp,
        "imap": imap,
        "imaps": imaps,
        "dns": dns,
        "https": https,
        "control": control,
        "tokens": tokens_port,
        "pid": os.getpid(),
    }


async def _log_stop(log: TruthLog) -> None:
    await log.write({"type": "stopped", "pid": os.getpid()})


def _wanted_ports(world: World, state: Path) -> dict[str, Any]:
    """Return the configured ports; where they are 0, those of the last start."""
    last: dict[str, Any] = {}
    with suppress(FileNotFoundError):
        last = json.loads((state / "ports.json").read_text())
    fixed = world.ports
    return {
        "smtp": {
            name: provider.port or last.get("smtp", {}).get(name, 0) for name, provider in world.providers.items()
        },
        "imap": fixed.imap or last.get("imap", 0),
        "imaps": fixed.imaps or last.get("imaps", 0),
        "dns": fixed.dns or last.get("dns", 0),
        "https": fixed.https or last.get("https", 0),
        "control": fixed.control or last.get("control", 0),
        "tokens": fixed.tokens or last.get("tokens", 0),
    }


def _raise_file_limit() -> None:
    """Allow as many open files as the system lets us: each connection is one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and run; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m outreach_pipeline.sandbox", description="A mail world on loopback."
    )
    parser.add_argument("--config", type=Path, required=True, help="the world as JSON")
    parser.add_argument("--state", type=Path, required=True, help="folder of the truth log, mails and certificates")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    _raise_file_limit()
    try:
        given.state.mkdir(parents=True, exist_ok=True)
        asyncio.run(run(World.from_file(given.config), given.state))
    except (ConfigurationError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
