"""The cells of the matrix: a fault point times what happens there, and how one is run.

Belongs here: which cells there are, and the course of each: fill, strike, let everybody end, settle, judge. Does not: the
order and the table (``__main__``), the world they run in.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from tests.chaos.checker import Findings, History, Limit, check
from tests.chaos.parties import Fence, OptOut, Victim
from tests.chaos.points import SEND_POINTS, SYNC_POINTS, Point
from tests.chaos.proxy import STAGES, Harm, Stage
from tests.chaos.world import LIMITED, OPEN, ChaosWorld

ACTIONS = ("kill", "stop", "hang", "reset", "backend", "postgres", "clock_ahead", "clock_behind", "disk_full")
"""What happens at a point, in the order of the table; docs/sending.md says what each is."""
_RIVAL_SECONDS = 15.0
_MESSAGES = (
    (0, "accept"), (0, "unknown_user"), (0, "accept"), (1, "limited"), (1, "limited"), (2, "limited"), (2, "accept"),
    # Who opts out while the fault strikes: the last of the first mailbox.
    (0, "accept"),
)  # fmt: skip
_ONE_AT_ONCE = Limit(LIMITED, in_flight=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One fault.

    Attributes:
        kind: ``point``: at a fault point; ``server``: a fault of the mail server by name; ``network``: one of the proxy;
            ``rates``: at a point, with two senders at once and a rate that binds; ``kills``: a run that is killed at
            random moments; ``mail``: at a point of the command ``sync``.
        where: the point, the fault or the stage.
        action: what happens.
    """

    kind: Literal["point", "server", "network", "rates", "kills", "mail"]
    where: str
    action: str
    details: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.kind}: {self.where} x {self.action}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a cell: findings, what broke in the harness itself (None: nothing), faults and seconds."""

    cell: Cell
    findings: Findings
    broken: str | None
    faults: int
    seconds: float


def point_cells() -> Iterator[Cell]:
    """Yield every point with every action that can strike there."""
    for point in SEND_POINTS:
        for action in ACTIONS:
            if applies(point, action):
                yield Cell("point", point.name, action)


def applies(point: Point, action: str) -> bool:
    """Tell whether an action can happen at a point: no connection, no reset; the send path writes no blob."""
    if action == "reset":
        return point.is_connected
    if action == "disk_full":
        # In its transaction, reading mail has written all of its blobs.
        return (point.command == "sync" and not point.in_transaction) or point.name == "before claim"
    return point.command == "send" or action in {"kill", "backend", "postgres"}


def smtp_cells() -> Iterator[Cell]:
    """Yield the faults of mail servers and of the network before them, at every stage."""
    for fault in (
        "drop_at_connect", "drop_at_ehlo", "drop_at_starttls", "drop_at_auth", "drop_at_mail", "drop_at_rcpt",
        "drop_before_data", "drop_in_data", "drop_after_data", "auth_fail",
    ):  # fmt: skip
        yield Cell("server", fault, "once", {"fault": fault})
    yield Cell(
        "server",
        "auth_fail",
        "revoked",
        {"fault": "auth_fail", "count": 100, "match": {"login": "plain0@acme.example"}},
    )
    for stage in ("connect", "ehlo", "auth", "mail", "rcpt", "data", "end"):
        yield Cell("server", f"reply_421 at {stage}", "once", {"fault": "reply_421", "stage": stage})
        yield Cell("server", f"silence at {stage}", "once", {"fault": "slow", "stage": stage, "seconds": 1.5})
    for proxied in STAGES:
        for harm in ("reset", "swallow", "slow"):
            yield Cell("network", proxied, harm)


def rate_cells() -> Iterator[Cell]:
    """Yield faults while two senders share a limit that binds."""
    for where in ("after claim", "begin committed", "answered with 250"):
        for action in ("kill", "stop", "backend", "clock_ahead", "clock_behind"):
            yield Cell("rates", where, action)


def mail_cells() -> Iterator[Cell]:
    """Yield the faults where mail is read: there the blob store is written."""
    for point in SYNC_POINTS:
        for action in ("kill", "backend", "postgres", "disk_full"):
            if applies(point, action):
                yield Cell("mail", point.name, action)


def kill_cells(*, kills: int, seed: int, each: int = 10) -> Iterator[Cell]:
    """Yield runs of ``each`` kills at moments that the seed chooses."""
    for number in range(0, kills, each):
        count = min(each, kills - number)
        yield Cell("kills", f"seed {seed + number}", f"{count} kills", {"seed": seed + number, "kills": count})


def run_cell(world: ChaosWorld, cell: Cell) -> Verdict:
    """Run one cell and judge it; never raises."""
    started = time.monotonic()
    broken = None
    findings = Findings()
    try:
        findings, faults = _RUNS[cell.kind](world, cell)
    except Exception as error:  # noqa: BLE001  one cell that breaks must not end the matrix
        broken, faults = f"{type(error).__name__}: {error}", 0
        _recover_world(world)
    return Verdict(cell, findings, broken, faults, time.monotonic() - started)


def _recover_world(world: ChaosWorld) -> None:
    world.proxy.clear()
    world.start_postgres()


def _at_point(world: ChaosWorld, cell: Cell) -> tuple[Findings, int]:
    people = world.refill(due=_MESSAGES, limits=[_ONE_AT_ONCE])
    with Victim(world, cell.where, cell.action) as victim:
        victim.wait_until_reached()
        opting_out = OptOut(world, people[-1])
        unfenced = _strike(world, victim, cell.action)
        victim.wait_until_ended(ending_leases=True)
        if cell.action in {"stop", "hang"}:
            unfenced = unfenced.changes()
        if cell.action == "disk_full" and world.sql(f"select from outreach.messages where {OPEN}"):
            raise RuntimeError("a sender needs the blob store now: cover its writes with points of their own")
    opted_out = opting_out.join()
    world.settle()
    return _judge(world, opt_outs=opted_out, unfenced=unfenced or ()), 1


def _strike(world: ChaosWorld, victim: Victim, action: str) -> Any:
    """Do what happens at the point, and let the victim go on; of a stop, return what it had when it went on."""
    match action:
        case "kill":
            victim.kill()
        case "reset":
            world.proxy.reset_all()
            victim.go_on()
        case "backend":
            if not world.cut_backends():
                raise RuntimeError("the sender had no connection to the database")
            victim.go_on()
        case "postgres":
            world.kill_postgres()
            victim.go_on()
            world.start_postgres()
        case "stop" | "hang":
            if action == "stop":
                victim.signal(signal.SIGSTOP)
            world.end_leases()
            _rival(world)
            fence = Fence(world)
            victim.go_on()
            if action == "stop":
                victim.signal(signal.SIGCONT)
            return fence
        case _:
            # The process does it itself.
            pass
    return None


def _rival(world: ChaosWorld) -> None:
    """Have another sender find the leases over and do the work; it must not wait for the one that stands still."""
    sending = threading.Thread(target=world.send, kwargs={"later": timedelta(0), "for_seconds": 10}, daemon=True)
    sending.start()
    sending.join(_RIVAL_SECONDS)
    if sending.is_alive():
        raise RuntimeError("another sender waited for the one that stood still")


def _at_server(world: ChaosWorld, cell: Cell) -> tuple[Findings, int]:
    people = world.refill(due=_MESSAGES, limits=[_ONE_AT_ONCE])
    world.sandbox.control.inject(**cell.details)
    return _send_through(world, people)


def _on_network(world: ChaosWorld, cell: Cell) -> tuple[Findings, int]:
    people = world.refill(due=_MESSAGES, limits=[_ONE_AT_ONCE])
    stage: Stage = cell.where  # type: ignore[assignment]
    harm: Harm = cell.action  # type: ignore[assignment]
    world.proxy.arm(stage, harm)
    verdict = _send_through(world, people)
    if not world.proxy.harmed:
        raise RuntimeError("the network's fault never struck")
    return verdict


def _send_through(world: ChaosWorld, people: list[str]) -> tuple[Findings, int]:
    with Victim(world, None, None) as victim:
        opting_out = OptOut(world, people[-1])
        victim.wait_until_ended(ending_leases=True)
    opted_out = opting_out.join()
    world.settle()
    return _judge(world, opt_outs=opted_out), 1


def _with_rates(world: ChaosWorld, cell: Cell) -> tuple[Findings, int]:
    limit = Limit(LIMITED, in_flight=2, interval_seconds=0.4, burst=1)
    world.refill(due=[(number % 3, "limited") for number in range(9)], limits=[limit])
    with Victim(world, cell.where, cell.action) as victim:
        # The other one comes when the victim stands at its point: it could take all the work before.
        victim.wait_until_reached()
        with Victim(world, None, None) as other:
            _strike_beside(world, victim, cell.action)
            victim.wait_until_ended()
            # Places in flight that a killed sender held are free when its leases end.
            world.end_leases()
            other.wait_until_ended()
    world.settle()
    return _judge(world, late=2), 1


def _strike_beside(world: ChaosWorld, victim: Victim, action: str) -> None:
    if action == "stop":
        victim.signal(signal.SIGSTOP)
        world.end_leases()
        time.sleep(0.5)
        victim.go_on()
        victim.signal(signal.SIGCONT)
    else:
        _strike(world, victim, action)


def _with_kills(world: ChaosWorld, cell: Cell) -> tuple[Findings, int]:
    chance = random.Random(cell.details["seed"])
    kills = cell.details["kills"]
    due = [(number % 3, chance.choice(("accept", "accept", "unknown_user", "limited"))) for number in range(kills * 5)]
    world.refill(due=due, limits=[_ONE_AT_ONCE])
    killed = 0
    for _ in range(kills):
        with Victim(world, "before recover", "kill") as victim:
            victim.wait_until_reached()
            victim.go_on()
            time.sleep(chance.uniform(0, 0.12))
            killed += victim.process.is_alive()
            victim.kill()
            victim.wait_until_ended()
        world.end_leases()
    world.settle()
    return _judge(world, late=kills), killed


def _at_mail(world: ChaosWorld, cell: Cell) -> tuple[Findings, int]:
    world.refill(due=[], limits=[])
    delivered = [world.deliver(mailbox) for mailbox in (0, 0, 1)]
    with Victim(world, cell.where, cell.action, arguments=("sync",)) as victim:
        victim.wait_until_reached()
        _strike(world, victim, cell.action)
        victim.wait_until_ended()
    if cell.action == "disk_full" and "No space left" not in str(
        world.sql("select sync_failure from outreach.mailboxes")
    ):
        raise RuntimeError("nobody has noticed that the disk was full")
    world.sync()
    findings = Findings()
    kept = world.kept_mails()
    for message_id in delivered:
        if kept.count(message_id) != 1:
            findings.lost.append(
                f"{message_id} came in once, and is kept {kept.count(message_id)} times with its content"
            )
    return findings, 1


def _judge(
    world: ChaosWorld, *, opt_outs: dict[str, float] | None = None, unfenced: Any = (), late: int = 1
) -> Findings:
    return check(
        History(
            accepted=world.accepted(),
            wire=world.on_wire(),
            rows=world.rows(),
            holders=world.holders(),
            opt_outs=opt_outs or {},
            limits=world.limits,
            leases_ended_at=world.leases_ended_at,
            late=late,
            unfenced=unfenced,
        )
    )


_RUNS: dict[str, Callable[[ChaosWorld, Cell], tuple[Findings, int]]] = {
    "point": _at_point,
    "server": _at_server,
    "network": _on_network,
    "rates": _with_rates,
    "kills": _with_kills,
    "mail": _at_mail,
}
