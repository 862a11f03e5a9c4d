"""Encryption of what must not be read: a data key a tenant under one master key, and the keys that sign links.

AES-256-GCM; the associated data names what a ciphertext belongs to, so that it cannot be moved to another row.
Belongs here: keys and ciphertexts as bytes. Does not: where they are kept (adapters/postgres).
"""

from __future__ import annotations

import base64
import binascii
import os
import shlex
import subprocess
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from outreach_pipeline.core.errors import ConfigurationError

_NONCE_BYTES = 12
_KEY_BYTES = 32


def load_master_key(setting: str | None, *, key_file: Path) -> bytes:
    """Return the 32 bytes of the master key.

    Args:
        setting: 32 bytes in base64, ``file:PATH`` or ``command:WORDS`` (both give base64), or None.
        key_file: where a key is kept, and made with mode 0600 at first use, if ``setting`` is None.

    Raises:
        ConfigurationError: what is found is no such key.
    """
    if setting is None:
        if not key_file.exists():
            key_file.parent.mkdir(parents=True, exist_ok=True)
            try:
                handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                pass
            else:
                with os.fdopen(handle, "wb") as file:
                    file.write(base64.b64encode(os.urandom(_KEY_BYTES)))
        setting = f"file:{key_file}"
    text = _text_of(setting)
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != _KEY_BYTES:
        raise ConfigurationError(
            "OUTREACH_SECRET_KEY is no key of 32 bytes in base64 (nor file:PATH or command:WORDS that gives one): "
            "make one with `openssl rand -base64 32`."
        )
    return key


def _text_of(setting: str) -> str:
    kind, colon, rest = setting.partition(":")
    if not colon or kind not in {"file", "command"}:
        return setting
    try:
        if kind == "file":
            return Path(rest).read_text(encoding="ascii")
        return subprocess.run(shlex.split(rest), check=True, capture_output=True, text=True).stdout  # noqa: S603  the operator's own words
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        # What a command has printed may be the key: only how it ended is told.
        cause = f"it ended with {error.returncode}" if isinstance(error, subprocess.CalledProcessError) else str(error)
        raise ConfigurationError(
            f"OUTREACH_SECRET_KEY names a {kind} that gives no key ({cause}): mend {rest.split(' ', maxsplit=1)[0]!r}, or set "
            "the key itself."
        ) from None


class Vault:
    """Encrypts with data keys, wraps data keys with the master key, and derives keys for signatures."""

    def __init__(self, master_key: bytes) -> None:
        self._master = AESGCM(master_key)
        self._master_key = master_key
        self._opened: dict[bytes, AESGCM] = {}

    def new_data_key(self, *, owner: str) -> bytes:
        """Make a data key and return it wrapped. ``owner`` is a tenant's id or ``operator``."""
        return self._seal(self._master, os.urandom(_KEY_BYTES), f"data key of {owner}")

    def check(self, wrapped_key: bytes, *, owner: str) -> None:
        """Refuse to go on with another master key than the one that wrapped this data key.

        Raises:
            ConfigurationError: the master key is another one.
        """
        self._open_key(wrapped_key, owner)

    def encrypt(self, plaintext: str, *, wrapped_key: bytes, owner: str, purpose: str) -> bytes:
        """Encrypt under a data key. ``purpose`` names the row, such as ``mailbox ann@example.com``."""
        return self._seal(self._open_key(wrapped_key, owner), plaintext.encode(), f"{owner} {purpose}")

    def decrypt(self, ciphertext: bytes, *, wrapped_key: bytes, owner: str, purpose: str) -> str:
        """Undo encrypt().

        Raises:
            ConfigurationError: the ciphertext belongs to something else, or was changed.
        """
        cipher = self._open_key(wrapped_key, owner)
        try:
            return cipher.decrypt(
                ciphertext[:_NONCE_BYTES], ciphertext[_NONCE_BYTES:], f"{owner} {purpose}".encode()
            ).decode()
        except InvalidTag as error:
            raise ConfigurationError(
                f"The secret of {purpose} does not decrypt: it was written for another row or changed. Apply it again."
            ) from error

    def signing_key(self, purpose: str) -> bytes:
        """Return 32 bytes that sign tokens of one purpose, such as ``unsubscribe``."""
        derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"outreach {purpose}".encode())
        return derivation.derive(self._master_key)

    def _open_key(self, wrapped_key: bytes, owner: str) -> AESGCM:
        if wrapped_key not in self._opened:
            try:
                key = self._master.decrypt(
                    wrapped_key[:_NONCE_BYTES], wrapped_key[_NONCE_BYTES:], f"data key of {owner}".encode()
                )
            except InvalidTag as error:
                raise ConfigurationError(
                    "OUTREACH_SECRET_KEY is not the key that this database was written with: set the right one."
                ) from error
            self._opened[wrapped_key] = AESGCM(key)
        return self._opened[wrapped_key]

    @staticmethod
    def _seal(cipher: AESGCM, plaintext: bytes, associated: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + cipher.encrypt(nonce, plaintext, associated.encode())
