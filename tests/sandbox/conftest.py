"""One sandbox a module, and a desk that sends and reads mail the way a person's tools would."""

import asyncio
import contextlib
import email
import email.policy
import itertools
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field

import aiosmtplib
import imapclient
import pytest
from aiohttp import web

from outreach_pipeline.sandbox import process
from outreach_pipeline.sandbox.behaviours import DSN_FORMATS
from outreach_pipeline.sandbox.world import Clock, Mailbox, Provider, SendingDomain, Site, Webhook, World

PASSWORD = "open sesame"
ANN, BOB, EVE = "ann@acme.test", "bob@acme.test", "eve@beta.test"


class Gateway:
    """A tiny HTTP server in a thread that keeps what was POSTed."""

    def __init__(self):
        self.requests = []
        self.failures = 0
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(10)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    async def _take(self, request):
        if self.failures > 0:
            self.failures -= 1
            return web.Response(status=503)
        self.requests.append((request.method, request.path_qs, dict(request.headers), await request.read()))
        return web.Response(status=202)

    def _run(self, ready):
        asyncio.set_event_loop(self._loop)

        async def up():
            runner = web.ServerRunner(web.Server(self._take))
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.port = runner.addresses[0][1]
            ready.set()
            return runner

        runner = self._loop.run_until_complete(up())
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


@dataclass
class Desk:
    """Sends from and reads the mailboxes of a running sandbox."""

    sandbox: process.RunningSandbox
    gateway: Gateway
    runner: asyncio.Runner
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))
    seen: dict = field(default_factory=dict)

    def run(self, work):
        """Run a coroutine, always on the same loop: TLS lets go of its sockets some turns after a client has closed."""
        return self.runner.run(work)

    def tls(self):
        return ssl.create_default_context(cafile=str(self.sandbox.ca_file))

    def client(self, provider="relay", **more):
        settings = {"timeout": 10, "hostname": "localhost", "tls_context": self.tls()}
        settings |= {"start_tls": True} if provider in {"relay", "plainbox"} else {"start_tls": False}
        settings |= {"use_tls": True} if provider == "implicit" else {}
        port = self.sandbox.ports["smtp"][provider]
        return aiosmtplib.SMTP(port=port, **{**settings, **more})

    def compose(self, to, *, sender=ANN, headers="", body="Hello there.\r\n", subject="A question"):
        message_id = f"<{next(self.numbers)}.{time.time_ns()}@acme.test>"
        raw = (
            f"From: Ann Acme <{sender}>\r\nTo: Joe Doe <{to}>\r\nSubject: {subject}\r\n"
            f"Message-ID: {message_id}\r\n{headers}\r\n{body}"
        )
        return message_id, raw.encode()

    def send(self, to, *, sender=ANN, provider="relay", raw=None, mail_from=None, **more):
        """Submit one mail; returns its Message-ID and the final reply. SMTP errors are raised."""
        message_id, composed = self.compose(to, sender=sender, **more)

        async def submit():
            client = self.client(provider)
            await client.connect()
            try:
                await client.login(sender, PASSWORD)
                return await client.sendmail(mail_from or sender, [to], raw or composed)
            finally:
                with contextlib.suppress(aiosmtplib.SMTPException):
                    await client.quit()
                client.close()

        _, reply = self.run(submit())
        return message_id, reply

    @contextlib.contextmanager
    def imap(self, address=ANN, folder="INBOX", **more):
        client = imapclient.IMAPClient("127.0.0.1", port=self.sandbox.ports["imap"], ssl=False)
        # imapclient writes a command in pieces, each of which would wait 40 ms for the one before it to be acknowledged.
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.login(address, PASSWORD)
        client.select_folder(folder, readonly=True, **more)
        try:
            yield client
        finally:
            client.logout()

    def mails(self, address=ANN, folder="INBOX"):
        """Return (uid, raw) of every mail in a folder; only what is new is fetched."""
        known = self.seen.setdefault((address, folder), {})
        with self.imap(address, folder) as client:
            uids = client.search()
            fetched = client.fetch([uid for uid in uids if uid not in known], ["BODY.PEEK[]"])
        known.update({uid: data[b"BODY[]"] for uid, data in fetched.items()})
        return [(uid, known[uid]) for uid in uids]

    def wait_for(self, find, *, seconds=10.0):
        """Poll until ``find`` gives something true, and return it."""
        deadline = time.monotonic() + seconds
        while not (found := find()):
            assert time.monotonic() < deadline, f"nothing within {seconds} s"
            time.sleep(0.05)
        return found

    def mail_with(self, text, address=ANN, folder="INBOX"):
        """Wait for a mail that contains ``text`` and return it parsed."""
        found = self.wait_for(lambda: [raw for _, raw in self.mails(address, folder) if text.encode() in raw])
        assert len(found) == 1, f"{len(found)} mails contain {text}"
        return email.message_from_bytes(found[0], policy=email.policy.default)

    def reaction(self, message_id, kind=None):
        """Wait for the reaction line of a mail."""

        def find():
            return [
                line
                for line in self.sandbox.truth()
                if line["type"] == "reaction" and line["message_id"] == message_id and kind in {None, line["kind"]}
            ]

        found = self.wait_for(find)
        assert len(found) == 1
        return found[0]

    def lines(self, type_, /, **fields):
        return [
            line
            for line in self.sandbox.truth()
            if line["type"] == type_ and all(line.get(name) == value for name, value in fields.items())
        ]


def make_world(gateway_url=None, **more):
    """A small world with a site for each bounce format, a direct one, and a mixed one."""
    sites = [
        Site(name=name, mx=(f"mx1.{name}.test", f"mx2.{name}.test"), domains=(f"{name}.test",), dsn_format=name)
        for name in DSN_FORMATS
    ]
    sites.append(Site(name="direct", mx=("mx.direct.test",), domains=("direct.test", "too.test"), mode="direct"))
    settings = {
        "mailboxes": (
            Mailbox(address=ANN, login=ANN, password=PASSWORD, provider="relay", tenant="acme"),
            Mailbox(address=BOB, login=BOB, password=PASSWORD, provider="plainbox", tenant="acme"),
            Mailbox(address=EVE, login=EVE, password=PASSWORD, provider="implicit", tenant="beta"),
            Mailbox(address="nil@beta.test", login="nil@beta.test", password=PASSWORD, provider="open"),
        ),
        "providers": {
            "relay": Provider(smtp_mode="starttls", sent_copy=True),
            "plainbox": Provider(smtp_mode="starttls", sent_copy=False, chunking=True),
            "implicit": Provider(smtp_mode="tls", sent_copy=True),
            "open": Provider(smtp_mode="none"),
        },
        "sites": tuple(sites),
        "sending_domains": (
            SendingDomain(
                domain="acme.test",
                link_host="links.acme.test",
                spf="v=spf1 include:relay.test -all",
                dkim={"s1": "v=DKIM1; k=rsa; p=" + "A" * 300},
                dmarc="v=DMARC1; p=none",
            ),
        ),
        "clock": Clock(
            dsn_delay_seconds=(0.0, 0.1),
            reply_delay_seconds=(0.0, 0.1),
            greylist_seconds=0.3,
            http_retry_seconds=0.1,
        ),
        "webhooks": {"acme": Webhook(path="/webhooks/acme/generic", secret="hush")},
        "gateway_url": gateway_url,
    }
    return World(**{**settings, **more})


@pytest.fixture(scope="session")
def world_of():
    return make_world


@pytest.fixture(scope="module")
def gateway():
    server = Gateway()
    yield server
    server.close()


@pytest.fixture(scope="module")
def runner():
    with asyncio.Runner() as runner:
        yield runner
        runner.run(asyncio.sleep(0.1))


@pytest.fixture(scope="module")
def desk(gateway, runner, tmp_path_factory):
    sandbox = process.start(make_world(gateway.url), tmp_path_factory.mktemp("sandbox"))
    yield Desk(sandbox, gateway, runner)
    assert sandbox.stop() == 0
    log = (sandbox.state / "sandbox.log").read_text()
    assert "Traceback" not in log, log


@pytest.fixture(scope="module")
def open_desk(gateway, runner):
    """Make a desk for a sandbox that a test starts itself."""
    return lambda sandbox: Desk(sandbox, gateway, runner)
