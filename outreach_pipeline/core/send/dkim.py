"""Signs a message with the sending domain's DKIM key, for hosts that do not sign (RFC 6376, RFC 8301, RFC 8463).

dkimpy reads, canonicalises, hashes and folds; the signature itself is made by cryptography, since dkimpy computes RSA in
Python and reads the key anew for each message. Belongs here: keys, and from bytes to a header. Does not: whose key it is,
where it is kept.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from dkim.canonicalization import CanonicalizationPolicy

from outreach_pipeline.core.errors import ConfigurationError

# RFC 8301 3.2: signers must use at least 1024 bits and should use 2048.
LEAST_RSA_BITS = 1024
_SEED_BYTES = 32
_RELAXED = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
_CURE = "give a private key in PEM, of RSA (2048 bits) or Ed25519: `openssl genrsa 2048` makes one"
# Signed once more than they stand there, so that none can be added or doubled on the way (RFC 6376 8.15): what a reader sees
# or a mail program acts on. The opt-out's two headers have to be covered (RFC 8058).
_OVERSIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"cc", b"in-reply-to", b"references", b"list-unsubscribe",
    b"list-unsubscribe-post", b"mime-version", b"content-type", b"content-transfer-encoding",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key, opened. ``published`` are the values that ``p=`` of its DNS record may have."""

    algorithm: bytes
    published: frozenset[str]
    _private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    def sign(self, digest: bytes) -> SimpleNamespace:
        """Sign a SHA-256 digest; ``signature`` of what is returned are the bytes, as dkimpy asks for them."""
        if isinstance(self._private, RSAPrivateKey):
            return SimpleNamespace(signature=self._private.sign(digest, PKCS1v15(), Prehashed(SHA256())))
        return SimpleNamespace(signature=self._private.sign(digest))


def open_key(text: str) -> DkimKey:
    """Read a private key: PEM (PKCS #8, PKCS #1) of RSA or Ed25519, or an Ed25519 seed in base64 as dknewkey writes it.

    Raises:
        ConfigurationError: it is none, or too short to sign with; says nothing of its content.
    """
    try:
        private = load_pem_private_key(text.strip().encode(), password=None) if "-----" in text else _from_seed(text)
    except (ValueError, TypeError, UnsupportedAlgorithm, binascii.Error) as error:
        raise ConfigurationError(f"the DKIM key does not open: {_CURE}.") from error
    if isinstance(private, Ed25519PrivateKey):
        raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return DkimKey(b"ed25519-sha256", frozenset({_base64(raw)}), private)
    if not isinstance(private, RSAPrivateKey):
        raise ConfigurationError(f"the DKIM key is neither of RSA nor Ed25519: {_CURE}.")
    if private.key_size < LEAST_RSA_BITS:
        raise ConfigurationError(f"the DKIM key has {private.key_size} bits, and receivers ignore it: {_CURE}.")
    public = private.public_key()
    published = {
        _base64(public.public_bytes(Encoding.DER, form))
        for form in (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1)
    }
    return DkimKey(b"rsa-sha256", frozenset(published), private)


def signed(message: bytes, key: DkimKey, *, domain: str, selector: str, now: datetime) -> bytes:
    """Return a message with a DKIM-Signature before its headers, relaxed/relaxed.

    Args:
        message: whole, CRLF lines, ready for DATA.
        key: the domain's.
        domain: d=, in ASCII.
        selector: s=.
        now: aware; t=.
    """
    signer = dkim.DKIM(message)
    # The branch of dkimpy that hands the digest to the key; a= below says what the key makes of it.
    signer.signature_algorithm, signer.hasher = b"ed25519-sha256", hashlib.sha256
    present = [name.lower() for name, _ in signer.headers]
    names = [name for each in _OVERSIGNED for name in [each] * (present.count(each) + 1)]
    body = _RELAXED.canonicalize_body(signer.body)
    fields = [
        (b"v", b"1"),
        (b"a", key.algorithm),
        (b"c", _RELAXED.to_c_value()),
        (b"d", domain.encode("ascii")),
        (b"s", selector.encode("ascii")),
        (b"t", str(int(now.timestamp())).encode()),
        (b"h", b" : ".join(names)),
        (b"bh", base64.b64encode(hashlib.sha256(body).digest())),
        # As long as a signature's first line, so that what is folded before it stays where it is once it is known.
        (b"b", b"0" * 60),
    ]
    value: bytes = signer.gen_header(fields, tuple(names), _RELAXED, b"DKIM-Signature", key)
    return b"DKIM-Signature: " + value + message


def _from_seed(text: str) -> Ed25519PrivateKey:
    seed = base64.b64decode(text.strip(), validate=True)
    if len(seed) != _SEED_BYTES:
        raise ValueError("no seed")
    return Ed25519PrivateKey.from_private_bytes(seed)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
