"""Holds the events and suppressions of a day against the reactions of its recipients, both ways.

Belongs here: what was not recognised, what never happened, who was suppressed without a cause. Does not: reading mail
(core.receive) or counting what was sent (judge, judge_caps).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from outreach_pipeline.core.model import EventKind
from outreach_pipeline.core.watch.judge_facts import (
    EventFact,
    Found,
    Ledger,
    MessageFact,
    SuppressionFact,
    Truth,
    finding,
)

_REACTIONS = frozenset(EventKind) - {EventKind.SENT, EventKind.OPEN, EventKind.DEFERRED}


def unrecognised(
    reactions: Sequence[Truth], *, ledger: Ledger, events: Sequence[EventFact], suppressions: Sequence[SuppressionFact]
) -> list[Found]:
    """Return the observable reactions without their event or their effect."""
    forbidden = {(each.tenant, each.value) for each in suppressions}
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
        missing = _missing(line, seen) or _not_suppressed(line, candidates[0], forbidden)
        if missing is None or (line.get("format") == "smtp" and any(each.unrecorded_attempts for each in candidates)):
            continue
        found.append(
            finding(
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


def unexplained(reactions: Sequence[Truth], *, ledger: Ledger, events: Sequence[EventFact]) -> list[Found]:
    """Return the events that the truth log knows nothing of, or less often.

    An event that is tied to no message has to be one of its recipient's reactions that no tied event stands for.
    """
    of_message: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    of_recipient: Counter[tuple[str, str, str]] = Counter()
    for line in reactions:
        messages = ledger.of_line(line)
        for message in messages:
            of_message[message.tenant, message.id][line["kind"]] += 1
        of_recipient.update({(message.tenant, message.to_address, line["kind"]) for message in messages})
    for counts in of_message.values():
        # A server that keeps deferring ends in a bounce of the sender's own making.
        counts[EventKind.BOUNCED] += bool(counts[EventKind.DEFERRED])
    relevant = [event for event in events if event.kind in _REACTIONS]
    found = []
    for event in relevant:
        tied = ledger.by_row.get((event.tenant, event.message_id or 0))
        if tied is None:
            continue
        of_recipient[event.tenant, tied.to_address, event.kind] -= 1
        of_message[event.tenant, tied.id][event.kind] -= 1
        if of_message[event.tenant, tied.id][event.kind] < 0:
            found.append(finding(tied, f"an event {event.kind} that never happened", **_of_event(event)))
    return found + _untied(relevant, open_reactions=of_recipient)


def _untied(events: Sequence[EventFact], *, open_reactions: Counter[tuple[str, str, str]]) -> list[Found]:
    found: list[Found] = []
    for event in events:
        if event.message_id is not None:
            continue
        key = (event.tenant, event.recipient, event.kind)
        open_reactions[key] -= 1
        if open_reactions[key] < 0:
            why = f"an event {event.kind} of no message, which never happened"
            found.append({
                "tenant": event.tenant, "message_id": None, "to": event.recipient, "why": why, **_of_event(event),
            })  # fmt: skip
    return found


def _of_event(event: EventFact) -> Found:
    return {"event": event.kind, "bounce_class": event.bounce_class, "intent": event.intent}


def suppressed_wrongly(
    reactions: Sequence[Truth], *, ledger: Ledger, suppressions: Sequence[SuppressionFact]
) -> list[Found]:
    """Return the suppressions that name a reaction as their reason where there was none.

    What people and files forbid needs no reaction.
    """
    causes = {
        (message.tenant, message.to_address, reason)
        for line in reactions
        if (reason := _suppression_reason(line)) is not None
        for message in ledger.of_line(line)
    }
    return [
        {"tenant": each.tenant, "to": each.value, "why": f"suppressed for {each.reason}, which never happened"}
        for each in suppressions
        if each.reason in _CAUSED_BY_REACTIONS and (each.tenant, each.value, each.reason) not in causes
    ]


_CAUSED_BY_REACTIONS = frozenset({"bounce", "complaint", "stop", "unclear_stop", "unsubscribe"})


def _suppression_reason(line: Truth) -> str | None:
    """Return the reason for which a reaction suppresses its recipient, or None."""
    if line["kind"] in {EventKind.COMPLAINT, EventKind.UNSUBSCRIBE}:
        return str(line["kind"])
    if line.get("intent") == "stop":
        return "stop"
    return "bounce" if line.get("bounce_class") == "hard" else None


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


def _not_suppressed(line: Truth, message: MessageFact, forbidden: set[tuple[str, str]]) -> str | None:
    domain = message.to_address.rpartition("@")[2]
    if _suppression_reason(line) and not {(message.tenant, message.to_address), (message.tenant, domain)} & forbidden:
        return "recognised, and the address is not suppressed"
    return None
