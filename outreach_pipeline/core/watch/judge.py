"""Holds what the ledger says of a day against a truth log that was kept elsewhere.

The truth log is the sandbox's: one JSON object a line, written before the server's 250. Belongs here: the comparison, as
pure data. Does not: reading either side (workflows.judge_day) or showing the result (cli).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from outreach_pipeline.core.model import EventKind, MessageState

_TAKEN = frozenset({MessageState.SENT, MessageState.OUTCOME_UNKNOWN, MessageState.PRESUMED_SENT})
_OPEN = frozenset({MessageState.PLANNED, MessageState.DEFERRED, MessageState.CLAIMED, MessageState.SENDING})
_COUNTS = _TAKEN | {MessageState.SENDING}
_REACTIONS = frozenset(EventKind) - {EventKind.SENT, EventKind.OPEN, EventKind.DEFERRED}
_OPT_OUTS = frozenset({"complaint", "unsubscribe"})

Truth = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MessageFact:
    """A row of the ledger.

    Attributes:
        id: ``messages.id``.
        tenant: slug.
        mailbox: the address it is sent from, lower case.
        to_address: lower case.
        message_id: the header, with its angle brackets.
        wire_message_id: the relay's, if it put its own in place.
        kind: campaign, probe, reply or test.
        state: as in the table.
        reason: as in the table.
        plan_date: the tenant's local date, or None.
        window_ends_at: when it had to be done.
        unknown_until: the deadline of an unknown outcome.
        unrecorded_attempts: attempts that were claimed and of which nothing was written: their worker died.
    """

    id: int
    tenant: str
    mailbox: str
    to_address: str
    message_id: str
    wire_message_id: str | None
    kind: str
    state: str
    reason: str | None
    plan_date: date | None
    window_ends_at: datetime
    unknown_until: datetime | None
    unrecorded_attempts: int = 0


@dataclass(frozen=True, slots=True)
class EventFact:
    """A row of ``events``; ``message_id`` is ``messages.id``, ``intent`` that of the reply it was read from."""

    tenant: str
    message_id: int | None
    kind: str
    bounce_class: str | None
    recipient: str
    intent: str | None = None
    return_date: date | None = None


@dataclass(frozen=True, slots=True)
class CapFact:
    """What a mailbox might send on a date, all told."""

    tenant: str
    mailbox: str
    plan_date: date
    capacity: int


@dataclass(frozen=True, slots=True)
class DayReport:
    """The verdict. Lists hold one finding each: what, of which tenant and message, and why it is one.

    Attributes:
        planned: campaign messages of the plan; replanned ones count once.
        by_state: messages, replanned ones left out.
        events: by kind, and ``bounced/<class>`` for bounces.
        truth: the same for what the truth log says, with ``accepted`` for messages taken.
        lost: accepted and not known so, or sent and never accepted, or unfinished past its time.
        sent_twice: accepted more than once.
        caps_passed: a mailbox and date with more sends than its capacity.
        unrecognised: observable reactions without their event or their effect.
        unexplained: events that the truth log knows nothing of.
    """

    planned: int
    by_state: dict[str, int]
    events: dict[str, int]
    truth: dict[str, int]
    lost: list[dict[str, Any]] = field(default_factory=list)
    sent_twice: list[dict[str, Any]] = field(default_factory=list)
    caps_passed: list[dict[str, Any]] = field(default_factory=list)
    unrecognised: list[dict[str, Any]] = field(default_factory=list)
    unexplained: list[dict[str, Any]] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether ledger and truth tell the same story."""
        return not (self.lost or self.sent_twice or self.caps_passed or self.unrecognised or self.unexplained)


def judge(
    truth: Iterable[Truth],
    *,
    messages: Sequence[MessageFact],
    events: Sequence[EventFact],
    suppressions: Collection[tuple[str, str]],
    caps: Sequence[CapFact],
    now: datetime,
) -> DayReport:
    """Compare.

    Args:
        truth: lines of the truth log: ``accepted`` (message_id, rcpt, mail_from) and ``reaction`` (kind, observable,
            message_id or None, rcpt, mail_from, bounce_class, intent, return_date) are read; other lines, and mail of
            senders that are no mailbox of the ledger, are left out.
        messages: the whole ledger of those mailboxes.
        events: all events of those tenants.
        suppressions: tenant and address (or domain) of every suppression.
        caps: capacity a mailbox and date.
        now: aware; what is unfinished and past its time by then is lost.
    """
    lines = list(truth)
    ours = {cap.mailbox for cap in caps} | {message.mailbox for message in messages}
    accepted = [line for line in lines if line["type"] == "accepted" and line["mail_from"].lower() in ours]
    reactions = [line for line in lines if line["type"] == "reaction" and line["observable"] and line["kind"] != "none"]
    current = [message for message in messages if message.reason != "replanned"]
    ledger = _Ledger(messages)
    times_accepted = Counter(id_of(line["message_id"]) for line in accepted)
    return DayReport(
        planned=sum(message.kind == "campaign" for message in current),
        by_state=dict(sorted(Counter(message.state for message in current).items())),
        events=_count((event.kind, event.bounce_class) for event in events),
        truth={
            "accepted": len(times_accepted),
            **_count((line["kind"], line.get("bounce_class")) for line in reactions),
        },
        lost=_lost(accepted, ledger=ledger, times_accepted=times_accepted, now=now),
        sent_twice=_sent_twice(accepted),
        caps_passed=_caps_passed(messages, caps=caps, times_accepted=times_accepted),
        unrecognised=_unrecognised(reactions, ledger=ledger, events=events, suppressions=suppressions),
        unexplained=_unexplained(reactions, ledger=ledger, events=events),
    )


def id_of(message_id: str | None) -> str:
    """Return a Message-ID without its angle brackets."""
    return (message_id or "").strip().strip("<>")


class _Ledger:
    """Finds messages by Message-ID, or by sender and recipient where a server refused before it saw one."""

    def __init__(self, messages: Sequence[MessageFact]) -> None:
        self.all = messages
        self.by_row = {(message.tenant, message.id): message for message in messages}
        self._by_id: dict[str, MessageFact] = {}
        self._by_pair: dict[tuple[str, str], list[MessageFact]] = defaultdict(list)
        # Cancelled first, so that the row that lives on wins: a replanned step keeps its Message-ID.
        for message in sorted(messages, key=lambda each: each.state != MessageState.CANCELLED):
            self._by_id[id_of(message.message_id)] = message
            if message.wire_message_id:
                self._by_id[id_of(message.wire_message_id)] = message
            self._by_pair[message.mailbox, message.to_address].append(message)

    def with_id(self, message_id: str) -> MessageFact | None:
        return self._by_id.get(message_id)

    def of_line(self, line: Truth) -> list[MessageFact]:
        """Return the message that a line speaks of; several if only sender and recipient are known."""
        if line["message_id"]:
            found = self.with_id(id_of(line["message_id"]))
            return [found] if found else []
        return self._by_pair.get((str(line.get("mail_from") or line.get("login")).lower(), line["rcpt"].lower()), [])


def _count(pairs: Iterable[tuple[str, str | None]]) -> dict[str, int]:
    counts = Counter(
        f"{kind}/{bounce_class or 'none'}" if kind == EventKind.BOUNCED else str(kind) for kind, bounce_class in pairs
    )
    return dict(sorted(counts.items()))


def _finding(message: MessageFact, why: str, **more: Any) -> dict[str, Any]:
    return {
        "tenant": message.tenant,
        "message_id": message.message_id,
        "mailbox": message.mailbox,
        "to": message.to_address,
        "state": message.state,
        "why": why,
        **more,
    }


def _lost(
    accepted: Sequence[Truth], *, ledger: _Ledger, times_accepted: Counter[str], now: datetime
) -> list[dict[str, Any]]:
    found = []
    for line in {id_of(line["message_id"]): line for line in accepted}.values():
        message = ledger.with_id(id_of(line["message_id"]))
        if message is None:
            found.append(
                {
                    "message_id": line["message_id"],
                    "mailbox": line.get("mail_from"),
                    "to": line["rcpt"],
                    "why": "accepted by the server and not in the ledger",
                }
            )
        elif message.state not in _TAKEN:
            found.append(_finding(message, "accepted by the server and not known as sent", at=line["at"]))
    for message in ledger.all:
        names = {id_of(message.message_id), id_of(message.wire_message_id)}
        if message.state == MessageState.SENT and not any(times_accepted[name] for name in names):
            found.append(_finding(message, "sent and never accepted by the server"))
        elif message.state in _OPEN and message.window_ends_at <= now:
            found.append(_finding(message, "unfinished after its date"))
        elif message.state == MessageState.OUTCOME_UNKNOWN and (
            message.unknown_until is None or message.unknown_until <= now
        ):
            found.append(_finding(message, "its outcome is unknown after the deadline"))
    return found


def _sent_twice(accepted: Sequence[Truth]) -> list[dict[str, Any]]:
    lines: dict[tuple[str, str], list[Truth]] = defaultdict(list)
    for line in accepted:
        lines[id_of(line["message_id"]), line["rcpt"]].append(line)
    return [
        {
            "message_id": same[0]["message_id"],
            "to": same[0]["rcpt"],
            "times": len(same),
            "at": [line["at"] for line in same],
        }
        for same in lines.values()
        if len(same) > 1
    ]


def _caps_passed(
    messages: Sequence[MessageFact], *, caps: Sequence[CapFact], times_accepted: Counter[str]
) -> list[dict[str, Any]]:
    sends: Counter[tuple[str, str, date]] = Counter()
    for message in messages:
        if message.plan_date is None:
            continue
        # What the server took counts, whatever the ledger thinks of it.
        taken = times_accepted[id_of(message.message_id)] if message.state != MessageState.CANCELLED else 0
        sends[message.tenant, message.mailbox, message.plan_date] += max(taken, int(message.state in _COUNTS))
    return [
        {
            "tenant": cap.tenant,
            "mailbox": cap.mailbox,
            "date": cap.plan_date.isoformat(),
            "capacity": cap.capacity,
            "sends": sends[cap.tenant, cap.mailbox, cap.plan_date],
        }
        for cap in caps
        if sends[cap.tenant, cap.mailbox, cap.plan_date] > cap.capacity
    ]


def _unrecognised(
    reactions: Sequence[Truth],
    *,
    ledger: _Ledger,
    events: Sequence[EventFact],
    suppressions: Collection[tuple[str, str]],
) -> list[dict[str, Any]]:
    events_of: dict[tuple[str, int], list[EventFact]] = defaultdict(list)
    for event in events:
        if event.message_id is not None:
            events_of[event.tenant, event.message_id].append(event)
    found = []
    for line in reactions:
        candidates = [message for message in ledger.of_line(line) if message.kind != "probe"]
        if not candidates:
            # Not ours, or a probe: accepted mail that is in no ledger is lost, and is named there.
            continue
        seen = [event for each in candidates for event in events_of[each.tenant, each.id]]
        missing = _missing(line, seen) or _not_suppressed(line, candidates[0], suppressions)
        if missing is None or (line.get("format") == "smtp" and any(each.unrecorded_attempts for each in candidates)):
            continue
        found.append(
            _finding(
                candidates[0],
                missing,
                reaction=line["kind"],
                bounce_class=line.get("bounce_class"),
                intent=line.get("intent"),
                format=line.get("format"),
                taken_for=sorted({event.kind for event in seen} - {EventKind.SENT}),
                at=line["at"],
            )
        )
    return found


def _missing(line: Truth, seen: Sequence[EventFact]) -> str | None:
    of_kind = [event for event in seen if event.kind == line["kind"]]
    if not of_kind:
        return f"no event {line['kind']}"
    for name in ("bounce_class", "intent", "return_date"):
        wanted = line.get(name)
        given = {_text(getattr(event, name)) for event in of_kind}
        if wanted is not None and wanted not in given:
            return f"{name} is {wanted}, and was taken for {', '.join(sorted(map(str, given)))}"
    return None


def _text(value: object) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else str(value)


def _not_suppressed(line: Truth, message: MessageFact, suppressions: Collection[tuple[str, str]]) -> str | None:
    forbids = line["kind"] in _OPT_OUTS or line.get("intent") == "stop" or line.get("bounce_class") == "hard"
    domain = message.to_address.rpartition("@")[2]
    if forbids and not {(message.tenant, message.to_address), (message.tenant, domain)} & set(suppressions):
        return "recognised, and the address is not suppressed"
    return None


def _unexplained(reactions: Sequence[Truth], *, ledger: _Ledger, events: Sequence[EventFact]) -> list[dict[str, Any]]:
    explained: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for line in reactions:
        for message in ledger.of_line(line):
            explained[message.tenant, message.id][line["kind"]] += 1
    for counts in explained.values():
        # A server that keeps deferring ends in a bounce of the sender's own making.
        counts[EventKind.BOUNCED] += bool(counts[EventKind.DEFERRED])
    found = []
    for event in events:
        if event.kind not in _REACTIONS or event.message_id is None:
            continue
        message_or_none = ledger.by_row.get((event.tenant, event.message_id))
        if message_or_none is None:
            continue
        left = explained[event.tenant, event.message_id]
        left[event.kind] -= 1
        if left[event.kind] < 0:
            found.append(
                _finding(
                    message_or_none,
                    f"an event {event.kind} that never happened",
                    event=event.kind,
                    bounce_class=event.bounce_class,
                    intent=event.intent,
                )
            )
    return found
