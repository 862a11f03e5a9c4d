"""A domain with a key signs what it sends: the signature holds after the way over SMTP, and without it nothing goes out."""

from __future__ import annotations

import base64
from datetime import timedelta

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from outreach_pipeline.core.send.dkim import open_key
from outreach_pipeline.sandbox.truth import MailStore
from outreach_pipeline.workflows import claimed_message

pytestmark = pytest.mark.xdist_group("dkim")
DOMAIN = "acme-mail.example"


def rsa_key() -> str:
    return generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def seed() -> str:
    return base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def verifies(raw: bytes, text: str) -> bool:
    key = open_key(text)
    kind = "ed25519" if key.algorithm.startswith(b"ed25519") else "rsa"
    zone = {f"s1._domainkey.{DOMAIN}.".encode(): f"v=DKIM1; k={kind}; p={max(key.published, key=len)}".encode()}
    return dkim.verify(raw, dnsfunc=lambda name, timeout=5: zone.get(name))  # noqa: ARG005  as dkimpy calls it


def raw_mails(day) -> list[bytes]:
    store = MailStore(day.world.running.state / "mail")
    return [store.read(line["sha256"]) for line in day.truth("accepted")]


@pytest.mark.parametrize("make", [rsa_key, seed])
def test_what_arrives_verifies_and_the_key_is_opened_once_a_run(day, monkeypatch, make):
    text, opened = make(), []
    monkeypatch.setattr(claimed_message, "open_key", lambda text: opened.append(1) or open_key(text))
    html = {"html": "<p>Hello {{ first_name }}.</p>"}
    day.ready(
        *(day.world.person() for _ in range(5)),
        boxes=2,
        domain={"dkim_selector": "s1", "dkim_key": text},
        campaign={"steps": [{"step": 1, "subject": "Grüße, {{ first_name }}", "text": "Hé.\n.\n..", **html}]},
    )
    assert day.send().by_state == {"sent": 5}
    mails = raw_mails(day)
    assert [verifies(raw, text) for raw in mails] == [True] * 5
    assert not verifies(mails[0].replace(b"One-Click", b"One-Clack"), text)
    assert len(opened) == 1


def test_another_key_is_taken_by_the_next_message(day):
    first, second = seed(), seed()
    people = [day.world.person() for _ in range(2)]
    day.ready(*people, boxes=1, domain={"dkim_selector": "s1", "dkim_key": first})
    assert day.send(for_seconds=0.0).by_state == {}
    day.configure(domain={"dkim_selector": "s1", "dkim_key": second})
    assert day.send().by_state == {"sent": 2}
    assert [verifies(raw, second) for raw in raw_mails(day)] == [True, True]


def test_a_key_that_does_not_open_lets_nothing_out_unsigned_and_loses_nothing(day):
    person = day.world.person()
    day.ready(person, boxes=1, domain={"dkim_selector": "s1", "dkim_key": seed()})
    day.admin.execute("update outreach.sending_domains set dkim_key_ciphertext = dkim_key_ciphertext || 'x'")
    assert day.send().by_state == {"cancelled": 1}
    assert day.state(person) == ("cancelled", "dkim_key_unreadable")
    assert (day.attempts(person), day.sequence(person)) == ([("gate", "cancelled", None)], ("active", None, 1))
    assert day.accepted() == []

    day.configure(domain={"dkim_selector": "s1", "dkim_key": seed()})
    assert day.plan(days=1).planned == 1
    assert day.send(later=timedelta(days=1, minutes=1)).by_state == {"sent": 1}
    # Of tomorrow: a verifier of today refuses its time.
    assert raw_mails(day)[0].startswith(b"DKIM-Signature: v=1; a=ed25519-sha256;")
