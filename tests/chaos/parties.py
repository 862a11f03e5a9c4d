"""Who takes part in a cell: the sender that suffers, the recipient who opts out meanwhile, and the eye on the ledger's fence.

Belongs here: these three. Does not: what is done to them and when (cells).
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any, Self

from tests.chaos import sender
from tests.chaos.world import ChaosWorld

PATIENCE_SECONDS = 40.0


class Fence:
    """What the ledger has settled when a sender goes on whose leases are over: nothing of it may change.

    What waits may rightly be claimed anew, and what its own open transaction holds was never taken from it.
    """

    def __init__(self, world: ChaosWorld) -> None:
        self._world = world
        self._before = self._states()

    def changes(self) -> list[str]:
        after = self._states()
        return [
            f"{address}: {before} became {after[address]} by a sender that was stopped past its lease"
            for address, before in self._before.items()
            if after[address] != before
        ]

    def _states(self) -> dict[str, tuple[Any, ...]]:
        return {
            address: rest
            for address, *rest in self._world.sql(
                "select m.to_address, m.state, m.reason, m.sent_at,"
                " (select count(*) from outreach.send_attempts as a where a.message_id = m.id)"
                " from outreach.messages as m where m.state not in ('planned', 'deferred', 'claimed', 'sending')"
            )
        }


class OptOut:
    """An opt-out that comes while the fault strikes; it waits for locks as a real one would."""

    def __init__(self, world: ChaosWorld, address: str) -> None:
        self._address = address
        self._at: list[float] = []
        self._world = world
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def join(self) -> dict[str, float]:
        self._thread.join(PATIENCE_SECONDS)
        if not self._at:
            raise RuntimeError("an opt-out could not be committed")
        return {self._address: self._at[0]}

    def _run(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._at and time.monotonic() < deadline:
            try:
                self._at.append(self._world.opt_out(self._address))
            except Exception:  # noqa: BLE001  the server may be gone just now
                time.sleep(0.1)


class Victim:
    """A sender with a fault in its way."""

    def __init__(
        self, world: ChaosWorld, point: str | None, action: str | None, *, arguments: tuple[str, ...] = ()
    ) -> None:
        self._world = world
        self.process, self._pipe = sender.start(
            sender.Order(
                arguments=arguments or ("send", "--until-idle", "--for", "30"),
                environment=world.environment,
                log=world.folder / "senders.log",
                point=point,
                action=action,
            )
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.is_alive():
            self.process.kill()
            self.process.join(10)
        self._pipe.close()

    def wait_until_reached(self) -> None:
        try:
            if not self._pipe.poll(PATIENCE_SECONDS):
                raise RuntimeError("the fault point was not reached in time")
            self._pipe.recv()
        except EOFError:
            raise RuntimeError("the sender ended without reaching the fault point") from None

    def go_on(self) -> None:
        self._pipe.send("go on")

    def kill(self) -> None:
        self.process.kill()

    def signal(self, number: int) -> None:
        os.kill(self.process.pid or 0, number)

    def wait_until_ended(self, *, ending_leases: bool = False) -> None:
        """Wait; with ``ending_leases`` the leases of what it may have lost end meanwhile, so that others are not kept up."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        self.process.join(1.5 if ending_leases else PATIENCE_SECONDS)
        while self.process.exitcode is None:
            if time.monotonic() > deadline:
                raise RuntimeError("the sender did not end")
            self._world.end_leases()
            self.process.join(0.5)
