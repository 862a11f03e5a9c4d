"""What is wrong on this side, with one tenant or mailbox, opens no host's breaker: the others at that host go on."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from outreach_pipeline.workflows.health_check import check_mailbox

UNUSABLE = "The source_address 203.0.113.5 cannot be used on this machine (Cannot assign requested address): "
OF_ANOTHER_KIND = "127.0.0.1 has no IPv6 address that could be reached from the source_address ::1: "
CURE = "set the tenant's source_address to one of this machine's that is of the host's kind, or leave it out."


@pytest.mark.parametrize(
    "source, says",
    [("203.0.113.5", UNUSABLE + CURE), ("::1", OF_ANOTHER_KIND + CURE)],
    ids=["not of this machine", "of another kind"],
)
def test_a_tenant_s_source_address_is_its_own_trouble(day, source, says):
    person = day.world.person()
    day.ready(person, boxes=1, tenant={"source_address": source})
    assert day.send().by_state == {"deferred": 1}
    assert day.state(person) == ("deferred", "networkerror")
    assert day.attempts(person) == [("connect", "deferred", None)]
    assert day.message(person)["reason_detail"] == says
    errors = day.admin.execute("select consecutive_errors, send_failure from outreach.mailboxes").fetchone()
    assert (errors, day.count("breakers")) == ((1, f"connect: {says}"), 0)
    row = check_mailbox(day.installation, day.tenant, day.mailboxes[0], now=day.now)[0]
    assert (row.protocol, row.is_ok, row.stage, row.cause) == ("smtp", False, "connect", says)


def test_a_usable_source_address_is_used_and_a_host_that_is_away_is_the_host_s_fault(day):
    person = day.world.person()
    day.ready(person, boxes=1, tenant={"source_address": "127.0.0.1"})
    day.admin.execute("update outreach.mailboxes set smtp_port = 9")
    assert day.send().by_state == {"deferred": 1}
    assert "source_address" not in day.message(person)["reason_detail"]
    assert day.count("breakers") == 1


def test_a_certificate_that_one_mailbox_does_not_trust_is_its_own_trouble(day):
    person = day.world.person()
    day.ready(person, boxes=1, mailbox={"ca_file": None})
    assert day.send().by_state == {"deferred": 1}
    assert day.attempts(person) == [("tls", "deferred", None)]
    errors = day.admin.execute("select consecutive_errors from outreach.mailboxes").fetchone()
    assert (errors, day.count("breakers")) == ((1,), 0)


@pytest.mark.parametrize("days", [-2, 2], ids=["over", "not begun"])
def test_a_certificate_out_of_its_time_is_its_server_s_fault(day, tmp_path, days):
    person = day.world.person()
    with server_with_certificate(tmp_path / "server.pem", valid_from=datetime.now(UTC) + timedelta(days=days)) as port:
        day.ready(person, boxes=1, mailbox={"ca_file": str(tmp_path / "server.pem")})
        day.admin.execute("update outreach.mailboxes set smtp_port = %s, smtp_security = 'tls'", [port])
        assert day.send().by_state == {"deferred": 1}
    assert day.state(person) == ("deferred", "failedstarttls")
    errors = day.admin.execute("select consecutive_errors from outreach.mailboxes").fetchone()
    hosts = day.admin.execute("select host from outreach.breakers").fetchall()
    assert (errors, hosts) == ((0,), [(f"127.0.0.1:{port}",)])


@contextmanager
def server_with_certificate(file: Path, *, valid_from: datetime) -> Iterator[int]:
    """Listen with a certificate of 127.0.0.1 that is its own authority and good for a day; gives the port."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    number = x509.random_serial_number()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), number, valid_from, valid_from + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_shake_hands, args=(listening, context), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _shake_hands(listening: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError):
        while True:
            peer, _ = listening.accept()
            with suppress(OSError), peer, context.wrap_socket(peer, server_side=True) as encrypted:
                encrypted.recv(1024)


def test_a_server_that_has_not_asked_for_the_text_at_a_stop_was_given_nothing(day):
    person = day.world.person()
    day.ready(person, boxes=1)
    day.inject("slow", stage="data", seconds=30)
    stop = threading.Event()
    begun = threading.Timer(1.0, stop.set)
    begun.start()
    started = time.monotonic()
    assert day.send(stop=stop).by_state == {"deferred": 1}
    assert time.monotonic() - started < 10
    assert (day.state(person), day.accepted()) == (("deferred", "stopped"), [])
    assert day.send().by_state == {"sent": 1}
