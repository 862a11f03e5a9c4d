"""Holds what the ledger says of a day against a truth log that was kept elsewhere.

The truth log is the sandbox's: one JSON object a line, written before the server's 250. Belongs here: the verdict, and what
was lost or sent twice. Does not: caps (judge_caps), reactions (judge_reactions), reading either side (workflows.judge_day)
or showing the result (cli).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from outreach_pipeline.core.model import EventKind, MessageState
from outreach_pipeline.core.watch.judge_caps import hold_caps
from outreach_pipeline.core.watch.judge_facts import (
    CapFact,
    EventFact,
    Found,
    Ledger,
    MailboxFact,
    MessageFact,
    SuppressionFact,
    Truth,
    finding,
    id_of,
)
from outreach_pipeline.core.watch.judge_reactions import suppressed_wrongly, unexplained, unrecognised

_TAKEN = frozenset({MessageState.SENT, MessageState.OUTCOME_UNKNOWN, MessageState.PRESUMED_SENT})
_OPEN = frozenset({MessageState.PLANNED, MessageState.DEFERRED, MessageState.CLAIMED, MessageState.SENDING})


@dataclass(frozen=True, slots=True)
class DayReport:
    """The verdict. Lists hold one finding each: what, of which tenant and message, and why it is one.

    Attributes:
        planned: campaign messages of the plan; replanned ones count once.
        by_state: messages, replanned ones left out.
        events: by kind, and ``bounced/<class>`` for bounces.
        truth: the same for what the truth log says, with ``accepted`` for messages taken.
        caps_reached: by kind, caps of which the plan gave away the last place on a date.
        lost: accepted and not known so, or sent and never accepted, or unfinished past its time.
        sent_twice: accepted more than once.
        caps_passed: a date with more sends than a cap of a mailbox, sending domain, account, tenant, company or site.
        unrecognised: observable reactions without their event or their effect.
        unexplained: events that the truth log knows nothing of.
        suppressed_wrongly: suppressions for a reaction that never happened.
    """

    planned: int
    by_state: dict[str, int]
    events: dict[str, int]
    truth: dict[str, int]
    caps_reached: dict[str, int]
    lost: list[Found] = field(default_factory=list)
    sent_twice: list[Found] = field(default_factory=list)
    caps_passed: list[Found] = field(default_factory=list)
    unrecognised: list[Found] = field(default_factory=list)
    unexplained: list[Found] = field(default_factory=list)
    suppressed_wrongly: list[Found] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether ledger and truth tell the same story."""
        return not any(getattr(self, name) for name in FINDINGS)


FINDINGS = ("lost", "sent_twice", "caps_passed", "unrecognised", "unexplained", "suppressed_wrongly")


def judge(
    truth: Iterable[Truth],
    *,
    messages: Sequence[MessageFact],
    events: Sequence[EventFact],
    suppressions: Sequence[SuppressionFact],
    mailboxes: Sequence[MailboxFact],
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
        suppressions: all of those tenants, and the operator's.
        mailboxes: all of those tenants.
        caps: those of the configuration, and the capacities that the plans gave.
        now: aware; what is unfinished and past its time by then is lost.
    """
    lines = list(truth)
    ours = {each.mailbox for each in mailboxes} | {message.mailbox for message in messages}
    accepted = [line for line in lines if line["type"] == "accepted" and line["mail_from"].lower() in ours]
    reactions = [line for line in lines if line["type"] == "reaction" and line["observable"] and line["kind"] != "none"]
    current = [message for message in messages if message.reason != "replanned"]
    ledger = Ledger(messages)
    times_accepted = Counter(id_of(line["message_id"]) for line in accepted)
    held = hold_caps(messages, caps=caps, mailboxes=mailboxes, times_accepted=times_accepted)
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
        caps_reached=held.reached,
        caps_passed=held.passed,
        unrecognised=unrecognised(reactions, ledger=ledger, events=events, suppressions=suppressions),
        unexplained=unexplained(reactions, ledger=ledger, events=events),
        suppressed_wrongly=suppressed_wrongly(reactions, ledger=ledger, suppressions=suppressions),
    )


def _count(pairs: Iterable[tuple[str, str | None]]) -> dict[str, int]:
    counts = Counter(
        f"{kind}/{bounce_class or 'none'}" if kind == EventKind.BOUNCED else str(kind) for kind, bounce_class in pairs
    )
    return dict(sorted(counts.items()))


def _lost(accepted: Sequence[Truth], *, ledger: Ledger, times_accepted: Counter[str], now: datetime) -> list[Found]:
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
            found.append(finding(message, "accepted by the server and not known as sent", at=line["at"]))
    for message in ledger.all:
        names = {id_of(message.message_id), id_of(message.wire_message_id)}
        if message.state == MessageState.SENT and not any(times_accepted[name] for name in names):
            found.append(finding(message, "sent and never accepted by the server"))
        elif message.state in _OPEN and message.window_ends_at <= now:
            found.append(finding(message, "unfinished after its date"))
        elif message.state == MessageState.OUTCOME_UNKNOWN and (
            message.unknown_until is None or message.unknown_until <= now
        ):
            found.append(finding(message, "its outcome is unknown after the deadline"))
    return found


def _sent_twice(accepted: Sequence[Truth]) -> list[Found]:
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
