"""The control port: one JSON object a line in, one out; for tests and the demo, on loopback only.

Belongs here: the requests, and a small client. Does not: what they change (office.py, faults.py).

Requests: ``{"fault": name, "count"?, "match"?, "seconds"?, "stage"?}``, ``{"clear_faults": true}``, ``{"stats": true}``,
``{"deliver": {"mailbox", "raw_base64", "folder"?}}``, ``{"folders": address}``, ``{"tokens": {"revoke"?, "restore"?, "forget"?,
"lifetime_seconds"?, "seconds"?, "failures"?, "status"?, "rotates"?}}``. An answer has ``"ok"``, and ``"error"``
where it is false.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import socket
from contextlib import AsyncExitStack
from typing import Any

from outreach_pipeline.core.errors import ConfigurationError, ConnectionLostError
from outreach_pipeline.sandbox.faults import Faults
from outreach_pipeline.sandbox.office import Office
from outreach_pipeline.sandbox.tokens import Tokens
from outreach_pipeline.sandbox.world import parse_fault

# A mail of 25 MB in base64, and some air.
_LINE_LIMIT_BYTES = 40 * 2**20


async def serve_control(stack: AsyncExitStack, office: Office, faults: Faults, tokens: Tokens, *, port: int) -> int:
    """Listen on loopback; returns the port in use."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await _answer(line, office, faults, tokens)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", port, limit=_LINE_LIMIT_BYTES)
    stack.callback(server.close)
    return int(server.sockets[0].getsockname()[1])


async def _answer(line: bytes, office: Office, faults: Faults, tokens: Tokens) -> dict[str, Any]:
    try:
        request = json.loads(line)
        if "fault" in request:
            faults.add(parse_fault(request))
        elif "clear_faults" in request:
            faults.clear()
        elif "stats" in request:
            counts = {"pending": len(office.pending), "unposted": len(office.unposted), "faults_armed": len(faults)}
            return {"ok": True, **office.counts, **counts}
        elif "folders" in request:
            return {"ok": True, "folders": office.boxes.counts(request["folders"])}
        elif "tokens" in request:
            _change(tokens, request["tokens"])
        elif "deliver" in request:
            wanted = request["deliver"]
            raw = base64.b64decode(wanted["raw_base64"], validate=True)
            await office.deliver(wanted["mailbox"], raw, folder=wanted.get("folder", "INBOX"))
        else:
            return {"ok": False, "error": f"unknown request with the keys {', '.join(request) or '(none)'}"}
    except KeyError as error:
        return {"ok": False, "error": f"{error} is no mailbox of this world, or a key is missing"}
    except (ConfigurationError, ValueError, TypeError, binascii.Error) as error:
        return {"ok": False, "error": str(error)}
    return {"ok": True}


def _change(tokens: Tokens, wanted: dict[str, Any]) -> None:
    if wanted.pop("restore", False):
        tokens.restore()
    if wanted.pop("forget", False):
        tokens.forget()
    if name := wanted.pop("revoke", None):
        tokens.revoke(name)
    tokens.behaviour.update({name: wanted[name] for name in list(wanted) if name in tokens.behaviour})


class ControlClient:
    """Asks the control port; one connection a request, blocking."""

    def __init__(self, port: int, *, timeout_seconds: float = 10.0) -> None:
        self._port = port
        self._timeout_seconds = timeout_seconds

    def inject(self, fault: str, **more: Any) -> None:
        """Arm a fault: ``count``, ``match``, ``seconds``, ``stage`` as in world.Fault."""
        self._ask({"fault": fault, **more})

    def clear_faults(self) -> None:
        """Disarm all faults."""
        self._ask({"clear_faults": True})

    def tokens(self, **changes: Any) -> None:
        """Change how the token endpoint behaves: see tokens.Tokens."""
        self._ask({"tokens": changes})

    def stats(self) -> dict[str, int]:
        """Return counters: accepted, refused, fault, reaction_<kind>; and pending, unposted, faults_armed."""
        answer = self._ask({"stats": True})
        return {name: value for name, value in answer.items() if name != "ok"}

    def folders(self, address: str) -> dict[str, int]:
        """Return how many mails each folder of a mailbox holds."""
        folders: dict[str, int] = self._ask({"folders": address})["folders"]
        return folders

    def deliver(self, mailbox: str, raw: bytes, *, folder: str = "INBOX") -> None:
        """File a raw mail in a mailbox, as if it had come from outside."""
        encoded = base64.b64encode(raw).decode()
        self._ask({"deliver": {"mailbox": mailbox, "raw_base64": encoded, "folder": folder}})

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request.

        Raises:
            ConnectionLostError: nobody answers on the control port.
            ConfigurationError: the sandbox does not accept the request; says why.
        """
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=self._timeout_seconds) as connection:
                connection.sendall(json.dumps(request).encode() + b"\n")
                line = connection.makefile("rb").readline()
        except OSError as error:
            raise ConnectionLostError(
                f"The sandbox does not answer on its control port {self._port} ({error}); is it running?",
                stage="control",
            ) from error
        if not line:
            raise ConnectionLostError("The sandbox hung up on its control port; see its sandbox.log.", stage="control")
        answer: dict[str, Any] = json.loads(line)
        if not answer["ok"]:
            raise ConfigurationError(f"The sandbox refused {', '.join(request)}: {answer['error']}.")
        return answer
