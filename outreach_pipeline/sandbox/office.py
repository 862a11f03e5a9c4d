"""The post office: takes or refuses mail, files it, and says what will follow; all of it logged first.

Belongs here: the state of the world and its replay from the truth log. Does not: sockets (smtp.py, imap.py), or carrying
out what follows (reactions.py).

A mail is taken in one step: one line of the log for each recipient holds the envelope, the behaviour, and every folder
the mail is filed in, so that the log alone brings the whole world back.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from outreach_pipeline.sandbox.behaviours import (
    REACTIONS,
    Directory,
    Reaction,
    Recipient,
    Refusal,
    draw,
    refusal_of,
)
from outreach_pipeline.sandbox.imap import Mailboxes
from outreach_pipeline.sandbox.letters import Letter
from outreach_pipeline.sandbox.truth import MailStore, Record, TruthLog
from outreach_pipeline.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A reaction that is still to come.

    Attributes:
        id: of the accepted line.
        due: when, UTC.
        arrived: when the mail was accepted, UTC.
        sha256: the mail as submitted.
    """

    id: str
    login: str
    mail_from: str
    rcpt: str
    message_id: str | None
    sha256: str
    behaviour: str
    arrived: datetime
    due: datetime

    @property
    def reaction(self) -> Reaction:
        """What it will be."""
        return REACTIONS[self.behaviour]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who submits what to whom.

    Attributes:
        sent_copy: whether the provider files a copy in Sent.
    """

    login: str
    mail_from: str
    rcpts: tuple[str, ...]
    sent_copy: bool = False


class Office:
    """The state of one world."""

    def __init__(self, world: World, *, log: TruthLog, store: MailStore, boxes: Mailboxes) -> None:
        self.world = world
        self.directory = Directory(world)
        self.store = store
        self.log = log
        self.boxes = boxes
        self.counts: Counter[str] = Counter()
        self.pending: dict[str, Pending] = {}
        self.unposted: dict[str, Record] = {}
        self.on_pending: Callable[[Pending], None] = lambda _: None
        self._first_try: dict[tuple[str, str], datetime] = {}
        self._accepted = 0
        self._reactions = 0

    async def refuse_rcpt(self, login: str, mail_from: str, rcpt: str) -> Refusal | None:
        """Return how RCPT is refused, after logging it, or None to accept."""
        recipient = self.directory.find(rcpt)
        refusal = refusal_of(self.world.seed, recipient)
        if refusal is None or refusal.stage != "rcpt":
            return None
        now = datetime.now(UTC)
        pair = (mail_from.lower(), recipient.address)
        first = self._first_try.get(pair)
        if first is not None:
            patience = timedelta(seconds=self.world.clock.greylist_seconds)
            if refusal.once or (recipient.behaviour == "greylist" and now - first >= patience):
                return None
        self._first_try.setdefault(pair, now)
        await self._log_refusals(refusal, login=login, mail_from=mail_from, recipients=[recipient])
        return refusal

    async def refuse_data(self, envelope: Envelope, letter: Letter) -> Refusal | None:
        """Return how the mail itself is refused for its recipients, after logging it, or None to accept."""
        recipients = [self.directory.find(rcpt) for rcpt in envelope.rcpts]
        for recipient in recipients:
            refusal = refusal_of(self.world.seed, recipient)
            if refusal is not None and refusal.stage == "data":
                await self._log_refusals(
                    refusal,
                    login=envelope.login,
                    mail_from=envelope.mail_from,
                    recipients=recipients,
                    message_id=letter.message_id,
                )
                return refusal
        return None

    async def refuse_by_fault(self, refusal: Refusal, envelope: Envelope, message_id: str | None = None) -> None:
        """Log a refusal that a fault made."""
        recipients = [self.directory.find(rcpt) for rcpt in envelope.rcpts]
        await self._log_refusals(
            refusal,
            login=envelope.login,
            mail_from=envelope.mail_from,
            recipients=recipients,
            message_id=message_id,
            behaviour="fault",
        )

    async def refuse_sender(self, *, login: str, stage: str, text: str, message_id: str | None = None) -> None:
        """Log that a sender was not allowed to write from an address (553 5.7.1)."""
        self.counts["refused"] += 1
        record = {"type": "refused", "login": login, "rcpt": None, "message_id": message_id, "stage": stage}
        await self.log.write({**record, "code": 553, "enhanced": "5.7.1", "text": text, "behaviour": None})

    async def accept(self, envelope: Envelope, raw: bytes, letter: Letter) -> None:
        """Take a mail for all its recipients; returns when the log is on disk and the mail is filed.

        Raises:
            OSError: the disk refused; the mail is not taken.
        """
        now = datetime.now(UTC)
        sha256 = MailStore.name(raw)
        mails = [raw]
        records: list[Record] = []
        pendings: list[Pending] = []
        for number, rcpt in enumerate(dict.fromkeys(address.lower() for address in envelope.rcpts)):
            recipient = self.directory.find(rcpt)
            filed: list[Record] = []
            if number == 0 and envelope.sent_copy and (own := self.directory.mailbox_of(envelope.mail_from)):
                filed.append(self.boxes.folder(own, "Sent").reserve(sha256))
            if recipient.mailbox and REACTIONS[recipient.behaviour].kind != "bounced":
                delivered = _delivered(raw, envelope, rcpt=rcpt, now=now)
                mails.append(delivered)
                folder = "Junk" if recipient.behaviour == "spam_folder" else "INBOX"
                filed.append(self.boxes.folder(recipient.mailbox, folder).reserve(MailStore.name(delivered)))
            self._accepted += 1
            pending = self._pending(recipient, envelope, sha256=sha256, letter=letter, now=now)
            records.append(_accepted_line(pending, recipient, letter=letter, filed=filed))
            if REACTIONS[recipient.behaviour].observable:
                pendings.append(pending)
            else:
                records.append(self._silence(pending))
        await self.log.write(*records, mails=tuple(mails), then=lambda: self._take(records, pendings, when=now))

    def next_reaction_id(self) -> str:
        """Return a new id for a reaction line."""
        self._reactions += 1
        return f"r-{self._reactions}"

    def react(self, record: Record, *, mails: tuple[bytes, ...] = ()) -> asyncio.Future[None]:
        """Log a reaction; once it is on disk its mail is filed and it is pending no more."""
        return self.log.write(record, mails=mails, then=lambda: self._take([record], (), when=datetime.now(UTC)))

    def posted(self, record: Record) -> asyncio.Future[None]:
        """Log how a webhook or one-click POST ended."""
        return self.log.write(record, then=lambda: self._take([record], (), when=datetime.now(UTC)))

    def deliver(self, mailbox: str, raw: bytes, *, folder: str = "INBOX") -> asyncio.Future[None]:
        """File a mail in a mailbox from outside; raises KeyError for an unknown mailbox."""
        filed = self.boxes.folder(mailbox, folder).reserve(MailStore.name(raw))
        record: Record = {"type": "filed", "by": "control", "filed": [filed]}
        return self.log.write(record, mails=(raw,), then=lambda: self._take([record], (), when=datetime.now(UTC)))

    def replay(self, records: Iterable[Record]) -> None:
        """Bring the state back from the truth log, in its order."""
        for record in records:
            at = datetime.fromisoformat(record["at"])
            pendings: list[Pending] = []
            if record["type"] == "accepted":
                self._accepted = max(self._accepted, _number(record["id"]))
                if "due" in record:
                    pendings.append(_pending_of(record, arrived=at))
            elif record["type"] == "reaction":
                self._reactions = max(self._reactions, _number(record["id"]))
            elif record["type"] == "refused" and record["rcpt"] and record.get("behaviour") != "fault":
                self._first_try.setdefault((record["mail_from"].lower(), record["rcpt"]), at)
            elif record["type"] == "expunged":
                self.boxes.folder(record["mailbox"], record["folder"]).drop(record["uids"])
            self._take([record], pendings, when=at)

    def _take(self, records: Iterable[Record], pendings: Iterable[Pending], *, when: datetime) -> None:
        for record in records:
            kind = record["type"]
            if kind in {"accepted", "refused", "fault"}:
                self.counts[kind] += 1
            if kind == "reaction":
                self.counts[f"reaction_{record['kind']}"] += 1
                self.pending.pop(record["of"], None)
                if record.get("request"):
                    self.unposted[record["id"]] = record
            elif kind == "posted":
                self.unposted.pop(record["of"], None)
            for filed in record.get("filed", ()):
                self.boxes.show(filed, when)
        for pending in pendings:
            self.pending[pending.id] = pending
            self.on_pending(pending)

    def _pending(
        self, recipient: Recipient, envelope: Envelope, *, sha256: str, letter: Letter, now: datetime
    ) -> Pending:
        accepted_id = f"a-{self._accepted}"
        clock = self.world.clock
        slow = REACTIONS[recipient.behaviour].kind == "bounced"
        least, most = clock.dsn_delay_seconds if slow else clock.reply_delay_seconds
        seconds = draw(self.world.seed, "delay", accepted_id).uniform(least, most)
        return Pending(
            id=accepted_id,
            login=envelope.login,
            mail_from=envelope.mail_from.lower(),
            rcpt=recipient.address,
            message_id=letter.message_id,
            sha256=sha256,
            behaviour=recipient.behaviour,
            arrived=now,
            due=now + timedelta(seconds=seconds),
        )

    def _silence(self, pending: Pending) -> Record:
        return {**reaction_line(self.next_reaction_id(), pending), "kind": "none", "observable": False}

    async def _log_refusals(
        self,
        refusal: Refusal,
        *,
        login: str,
        mail_from: str,
        recipients: list[Recipient],
        message_id: str | None = None,
        behaviour: str | None = None,
    ) -> None:
        records: list[Record] = []
        for recipient in recipients:
            common = {"login": login, "mail_from": mail_from, "rcpt": recipient.address, "message_id": message_id}
            records.append(
                {
                    "type": "refused",
                    **common,
                    "stage": refusal.stage,
                    "code": refusal.code,
                    "enhanced": refusal.enhanced,
                    "text": refusal.text.format(rcpt=recipient.address),
                    "behaviour": behaviour or recipient.behaviour,
                }
            )
            records.append(
                {
                    "type": "reaction",
                    "id": self.next_reaction_id(),
                    "of": None,
                    **common,
                    "kind": "bounced" if refusal.final else "deferred",
                    "bounce_class": refusal.bounce_class,
                    "status": refusal.enhanced,
                    "intent": None,
                    "return_date": None,
                    "format": "smtp",
                    "observable": True,
                }
            )
        await self.log.write(*records, then=lambda: self._take(records, (), when=datetime.now(UTC)))


def reaction_line(reaction_id: str, pending: Pending) -> Record:
    """Return the fields that every reaction line to an accepted mail has."""
    reaction = pending.reaction
    return {
        "type": "reaction",
        "id": reaction_id,
        "of": pending.id,
        "login": pending.login,
        "mail_from": pending.mail_from,
        "rcpt": pending.rcpt,
        "message_id": pending.message_id,
        "kind": reaction.kind,
        "bounce_class": reaction.bounce_class,
        "status": None,
        "intent": reaction.intent,
        "return_date": None,
        "format": None,
        "observable": reaction.observable,
    }


def _accepted_line(pending: Pending, recipient: Recipient, *, letter: Letter, filed: list[Record]) -> Record:
    record: Record = {
        "type": "accepted",
        "id": pending.id,
        "login": pending.login,
        "mail_from": pending.mail_from,
        "rcpt": pending.rcpt,
        "message_id": pending.message_id,
        "sha256": pending.sha256,
        "site": recipient.site.name if recipient.site else None,
        "behaviour": pending.behaviour,
        "probe": letter.probe,
        "stage": "data",
        "filed": filed,
    }
    if pending.reaction.observable:
        record["due"] = pending.due.isoformat(timespec="milliseconds")
    return record


def _pending_of(record: Record, *, arrived: datetime) -> Pending:
    return Pending(
        id=record["id"],
        login=record["login"],
        mail_from=record["mail_from"],
        rcpt=record["rcpt"],
        message_id=record["message_id"],
        sha256=record["sha256"],
        behaviour=record["behaviour"],
        arrived=arrived,
        due=datetime.fromisoformat(record["due"]),
    )


def _number(line_id: str) -> int:
    return int(line_id.partition("-")[2])


def _delivered(raw: bytes, envelope: Envelope, *, rcpt: str, now: datetime) -> bytes:
    trace = (
        f"Return-Path: <{envelope.mail_from}>\r\nDelivered-To: {rcpt}\r\n"
        f"Received: from localhost (localhost [127.0.0.1]) by mx.{rcpt.rpartition('@')[2]} with ESMTPSA;\r\n"
        f"\t{format_datetime(now)}\r\n"
    )
    return trace.encode("utf-8", "surrogateescape") + raw
