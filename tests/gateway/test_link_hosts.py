"""Whether the hosts of opt-out links lead to the gateway, asked through a TLS proxy that really stands before it."""

from __future__ import annotations

import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from outreach_pipeline.adapters.link_hosts import LinkAnswer, ask_link_hosts
from outreach_pipeline.sandbox import process
from outreach_pipeline.sandbox.world import SendingDomain, World
from outreach_pipeline.workflows.doctor import examine, judge_link

HOST, HERE = "go.acme-mail.example", {"go.acme-mail.example": ["127.0.0.1"]}


@pytest.fixture
def start(tmp_path):
    """Start a sandbox whose TLS proxy hands on to a gateway."""
    running = []

    def start(gateway_url):
        domain = SendingDomain(domain="acme-mail.example", link_host=HOST)
        world = World(mailboxes=(), providers={}, sending_domains=(domain,), gateway_url=gateway_url)
        running.append(process.start(world, tmp_path / str(len(running))))
        return running[-1]

    yield start
    for each in running:
        each.stop()


def ask(world, context=None):
    context = context or ssl.create_default_context(cafile=str(world.ca_file))
    return ask_link_hosts(HERE, context=context, port=world.ports["https"])[HOST]


def judged(answer, addresses=("192.0.2.1",)):
    return judge_link(HOST, "acme-mail.example", addresses=addresses, answer=answer)


def test_a_host_that_leads_to_the_gateway_is_well(gateway, start):
    found = judged(ask(start(f"http://127.0.0.1:{gateway.port}")))
    assert (found.level, found.finding) == ("ok", "leads to the gateway")


def test_a_proxy_without_a_gateway_behind_it_is_named(start):
    found = judged(ask(start("http://127.0.0.1:1")))
    assert (found.level, found.finding) == ("warning", "answers 502, but it is not the gateway that answers")
    assert "/u/ and /webhooks/" in found.cure


def test_another_server_does_not_pass_for_the_gateway(start):
    class Other(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = judged(ask(start(f"http://127.0.0.1:{server.server_port}")))
    server.shutdown()
    server.server_close()
    assert found.finding == "answers 404, but it is not the gateway that answers"


def test_what_cannot_be_reached_from_here_is_a_warning_with_its_cause(start):
    untrusted = judged(ask(start(None), ssl.create_default_context()))
    assert untrusted.level == "warning"
    assert "certificate" in untrusted.finding.lower()
    nobody = judged(ask_link_hosts(HERE, context=ssl.create_default_context(), port=1)[HOST])
    assert nobody.level == "warning"
    assert nobody.finding.startswith("cannot be reached from here: ")
    assert "curl -i https://go.acme-mail.example/u/" in nobody.cure


def test_loopback_and_no_address_are_said_plainly():
    assert "this machine itself (loopback)" in judged(None, ("127.0.0.1", "::1")).finding
    assert judged(None, ()).finding == "has no address here: opt-out links lead nowhere"
    assert judged(LinkAnswer(503, is_gateway=True)).level == "warning"


def test_doctor_asks_the_link_hosts_in_use(installation, acme, start):
    world = start(None)

    def findings(resolver):
        settings = installation.settings.model_copy(update={"dns_resolver": resolver})
        found = examine(replace(installation, settings=settings), now=datetime.now(UTC))
        return {each.subject: each.finding for each in found if each.subject.startswith("link host")}

    assert findings("offline") == {"link hosts": "1 link hosts were not asked, since OUTREACH_DNS_RESOLVER is offline"}
    subject = f"link host {acme.link_host} of acme-mail.example"
    assert findings(f"127.0.0.1:{world.ports['dns']}") == {
        subject: "is 127.0.0.1, this machine itself (loopback): no recipient reaches it"
    }
    assert findings("127.0.0.1:1") == {subject: "has no address here: opt-out links lead nowhere"}
