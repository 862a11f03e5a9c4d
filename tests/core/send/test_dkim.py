"""A signed message verifies with dkimpy against the published key, and nothing that a reader sees can be added to it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.send.dkim import open_key, signed
from outreach_pipeline.core.send.message import Envelope, Rendered, build

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@cache
def key_text(kind: str) -> str:
    """A private key as a person gives it."""
    if kind == "ed25519 seed":
        return base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
    made = {
        "rsa": lambda: generate_private_key(65537, 2048),
        "rsa pkcs1": lambda: generate_private_key(65537, 2048),
        "ed25519": Ed25519PrivateKey.generate,
        "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
    }[kind]()
    form = PrivateFormat.TraditionalOpenSSL if kind == "rsa pkcs1" else PrivateFormat.PKCS8
    return made.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def message(**more) -> bytes:
    return build(
        Rendered("Grüße, ein langer Betreff " * 8, "Hallo Zoë,\n\n  zwei  Worte  \n.\n\n\n", "<p>Zoë</p>"),
        Envelope(
            message_id="<abc@acme-mail.example>",
            from_name="Ann Exämple",
            from_address="ann@acme-mail.example",
            to_name="Zoë",
            to_address="zoe@people.example",
            date=NOW,
            unsubscribe_url="https://go.acme-mail.example/u/" + "t" * 120,
            **more,
        ),
    )


def verifies(content: bytes, text: str) -> bool:
    key = open_key(text)
    kind = "ed25519" if key.algorithm.startswith(b"ed25519") else "rsa"
    record = f"v=DKIM1; k={kind}; p={max(key.published, key=len)}".encode()
    asked = []

    def dns(name, timeout=5):
        asked.append((name, timeout))
        return record

    answer = dkim.verify(content, dnsfunc=dns)
    assert {name for name, _ in asked} == {b"s1._domainkey.acme-mail.example."}
    return answer


@pytest.mark.parametrize("kind", ["rsa", "rsa pkcs1", "ed25519", "ed25519 seed"])
@pytest.mark.parametrize("more", [{}, {"thread_message_id": "<first@acme-mail.example>"}])
def test_a_signature_verifies_and_covers_what_a_reader_sees(kind, more):
    text = key_text(kind)
    content = signed(message(**more), open_key(text), domain="acme-mail.example", selector="s1", now=NOW)
    assert verifies(content, text)
    assert content.endswith(message(**more).partition(b"\r\n\r\n")[2])
    signature = content.partition(b"\r\nFrom:")[0].replace(b"\r\n", b"")
    assert b"c=relaxed/relaxed" in signature
    for changed in (
        content.replace(b"zwei", b"drei"),
        content.replace(b"\r\nTo:", b"\r\nSubject: another\r\nTo:", 1),
        content.replace(b"\r\nTo:", b"\r\nReply-To: eve@evil.example\r\nTo:", 1),
        content.replace(b"List-Unsubscribe=One-Click", b"List-Unsubscribe=None"),
        content.replace(b"go.acme-mail.example/u/", b"go.evil.example/u/", 1),
    ):
        assert changed != content
        assert not verifies(changed, text)


def test_what_relays_do_to_white_space_breaks_nothing():
    text = key_text("rsa")
    content = signed(message(), open_key(text), domain="acme-mail.example", selector="s1", now=NOW)
    folded = content.replace(b"List-Unsubscribe: ", b"List-Unsubscribe:\r\n\t", 1).replace(b"Date: ", b"Date:   ", 1)
    assert folded != content
    assert verifies(folded, text)
    assert verifies(content + b"\r\n\r\n", text)


def test_no_line_of_a_signature_is_too_long():
    content = signed(message(), open_key(key_text("rsa")), domain="acme-mail.example", selector="s1", now=NOW)
    assert max(map(len, content.partition(b"\r\nFrom:")[0].split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "does not open"),
        ("c2hvcnQ=", "does not open"),
        ("-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----", "does not open"),
        (key_text("ec"), "neither of RSA nor Ed25519"),
    ],
)
def test_a_broken_key_is_refused_without_its_content(text, says):
    with pytest.raises(ConfigurationError, match=says) as caught:
        open_key(text)
    assert not text or text not in str(caught.value)


def test_a_key_never_shows():
    text = key_text("ed25519 seed")
    assert text not in repr(open_key(text))
    assert "PrivateKey" not in repr(open_key(text))
