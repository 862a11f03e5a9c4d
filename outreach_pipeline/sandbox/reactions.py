"""Carries out what follows an accepted mail: bounces, complaints and answers by mail; webhooks and opt-outs by HTTP.

Belongs here: waiting until a reaction is due, logging it, and delivering it. Does not: which reaction it is
(behaviours.py), or the wording (dsn.py, replies.py).

A reaction is logged before it is delivered. A mail is filed by that very line; a POST is repeated until it is answered
with 2xx or the attempts are used up, also after a restart, and its end is a line ``posted``.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import ssl
import time
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from outreach_pipeline.sandbox.behaviours import DSN_FORMATS, draw
from outreach_pipeline.sandbox.dsn import Bounced, status_of, write_complaint, write_dsn
from outreach_pipeline.sandbox.letters import Letter, read_letter
from outreach_pipeline.sandbox.office import Office, Pending, reaction_line
from outreach_pipeline.sandbox.replies import Answer, write_away, write_reply
from outreach_pipeline.sandbox.truth import MailStore, Record
from outreach_pipeline.sandbox.world import Webhook

_log = logging.getLogger(__name__)
# Back in the office after 3 to 14 days: soon enough to matter, late enough that a sequence must wait.
_DAYS_AWAY = (3, 14)
_LONGEST_PAUSE_SECONDS = 5.0


def sign_webhook(secret: str, *, timestamp: str, body: bytes) -> str:
    """Return the ``X-Outreach-Signature`` of a webhook: ``sha256=`` and the hex HMAC of timestamp, dot and body."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Reactor:
    """Makes the world react; started after the replay."""

    def __init__(self, office: Office, *, https_port: int, tls: ssl.SSLContext) -> None:
        self._office = office
        self._https_port = https_port
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._http: aiohttp.ClientSession | None = None
        self._webhook_of: dict[str, Webhook] = {
            box.login: office.world.webhooks[box.tenant]
            for box in office.world.mailboxes
            if box.tenant in office.world.webhooks
        }

    def start(self) -> None:
        """Take up what a former process left pending, and everything new."""
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10), cookie_jar=aiohttp.DummyCookieJar())
        for pending in list(self._office.pending.values()):
            self._schedule(pending)
        for record in list(self._office.unposted.values()):
            self._spawn(self._post(record))
        self._office.on_pending = self._schedule

    async def stop(self) -> None:
        """Stop; what is pending stays pending in the log."""
        self._office.on_pending = lambda _: None
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def _schedule(self, pending: Pending) -> None:
        delay = max(0.0, (pending.due - datetime.now(UTC)).total_seconds())
        loop = asyncio.get_running_loop()
        self._timers[pending.id] = loop.call_later(delay, lambda: self._spawn(self._react(pending)))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("A reaction failed and stays pending until the next start.", exc_info=error)

    async def _react(self, pending: Pending) -> None:
        self._timers.pop(pending.id, None)
        raw = self._office.store.read(pending.sha256)
        letter = read_letter(raw)
        record = reaction_line(self._office.next_reaction_id(), pending)
        channel = pending.reaction.channel
        if channel in {"webhook", "one_click"}:
            await self._react_by_http(record, pending, letter=letter)
            return
        if channel == "mail":
            mail, extra = self._answer(pending, letter)
        else:
            mail, extra = self._report(pending, letter=letter, raw=raw)
        to = self._mailbox_for(pending, letter) if channel == "mail" else self._own_mailbox(pending)
        filed = self._office.boxes.folder(to, "INBOX").reserve(MailStore.name(mail))
        await self._office.react({**record, **extra, "filed": [filed]}, mails=(mail,))

    def _own_mailbox(self, pending: Pending) -> str:
        own = self._office.directory.mailbox_of(pending.mail_from)
        # Submission took only the login's own addresses.
        return own or pending.mail_from

    def _mailbox_for(self, pending: Pending, letter: Letter) -> str:
        return self._office.directory.mailbox_of(letter.reply_to) or self._own_mailbox(pending)

    def _answer(self, pending: Pending, letter: Letter) -> tuple[bytes, Record]:
        seed = self._office.world.seed
        answer = Answer(
            letter=letter,
            rcpt=pending.rcpt,
            to=letter.reply_to or pending.mail_from,
            token=f"{pending.id}.{pending.sha256[:16]}",
            arrived=pending.arrived,
            now=datetime.now(UTC),
            choose=draw(seed, "words", pending.rcpt),
        )
        if pending.reaction.intent is not None:
            return write_reply(pending.reaction.intent, answer), {"format": "mail"}
        days = draw(seed, "away", pending.rcpt).randint(*_DAYS_AWAY)
        back = (pending.arrived + timedelta(days=days)).date()
        return write_away(back, answer), {"format": "mail", "return_date": back.isoformat()}

    def _report(self, pending: Pending, *, letter: Letter, raw: bytes) -> tuple[bytes, Record]:
        seed = self._office.world.seed
        site = self._office.directory.find(pending.rcpt).site
        bounced = Bounced(
            behaviour=pending.behaviour,
            still_full=pending.behaviour == "mailbox_full" and draw(seed, "full", pending.rcpt).random() < 0.5,
            rcpt=pending.rcpt,
            sender=pending.mail_from,
            mx=site.mx[0] if site and site.mx else "relay.sandbox.test",
            token=f"{pending.id}-{pending.sha256[:12]}",
            arrived=pending.arrived,
            now=datetime.now(UTC),
            letter=letter,
            raw=raw,
        )
        if pending.reaction.channel == "arf":
            name = site.name if site else "relay"
            feedback_from = f"feedback@{bounced.mx}"
            return write_complaint(about=bounced, site=name, feedback_from=feedback_from), {"format": "arf"}
        product = site.dsn_format if site else "postfix"
        if product == "any":
            product = draw(seed, "product", pending.rcpt).choice(DSN_FORMATS)
        status, _ = status_of(product, bounced)
        return write_dsn(product, bounced), {"format": product, "status": status}

    async def _react_by_http(self, record: Record, pending: Pending, *, letter: Letter) -> None:
        world = self._office.world
        webhook = self._webhook_of.get(pending.login)
        if pending.reaction.channel == "one_click" and letter.unsubscribe_url and world.gateway_url:
            record |= {"format": "one_click", "request": {"url": letter.unsubscribe_url}}
        elif pending.reaction.channel == "webhook" and webhook and world.gateway_url:
            body = {
                "id": f"{pending.id}-{pending.sha256[:16]}",
                "kind": record["kind"],
                "message_id": pending.message_id,
                "recipient": pending.rcpt,
                "occurred_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                **({"status": "2.0.0"} if record["kind"] == "delivered" else {"reason": "abuse"}),
            }
            url = world.gateway_url.rstrip("/") + webhook.path
            record |= {"format": "webhook", "request": {"url": url, "body": json.dumps(body)}}
        else:
            # No gateway, no webhook for this tenant, or no one-click header: the recipient can do nothing.
            record |= {"kind": "none", "observable": False}
        await self._office.react(record)
        if "request" in record:
            await self._post(record)

    async def _post(self, record: Record) -> None:
        clock = self._office.world.clock
        status: int | None = None
        pause = clock.http_retry_seconds
        attempt = 0
        for attempt in range(1, clock.http_attempts + 1):
            try:
                status = await self._post_once(record)
            except (aiohttp.ClientError, TimeoutError) as error:
                _log.info("%s: attempt %d: %s", record["request"]["url"], attempt, error)
                status = None
            if status is not None and 200 <= status < 300:
                break
            if attempt < clock.http_attempts:
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        succeeded = status is not None and 200 <= status < 300
        await self._office.posted(
            {"type": "posted", "of": record["id"], "status": status, "attempts": attempt, "ok": succeeded}
        )

    async def _post_once(self, record: Record) -> int:
        if self._http is None:
            raise aiohttp.ClientConnectionError("the reactor is not started")
        request = record["request"]
        if record["format"] == "one_click":
            link = urlsplit(request["url"])
            path = link.path + (f"?{link.query}" if link.query else "")
            async with self._http.post(
                f"https://127.0.0.1:{self._https_port}{path}",
                data=b"List-Unsubscribe=One-Click",
                headers={"Host": link.hostname or "", "Content-Type": "application/x-www-form-urlencoded"},
                ssl=self._tls,
                server_hostname=link.hostname,
                allow_redirects=False,
            ) as response:
                return response.status
        body = request["body"].encode()
        timestamp = str(int(time.time()))
        secret = self._webhook_of[record["login"]].secret
        async with self._http.post(
            request["url"],
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-Outreach-Timestamp": timestamp,
                "X-Outreach-Signature": sign_webhook(secret, timestamp=timestamp, body=body),
            },
            allow_redirects=False,
        ) as response:
            return response.status
