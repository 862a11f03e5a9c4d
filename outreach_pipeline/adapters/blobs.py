"""Raw mail and plan inputs by content hash, under tenant/sha256, compressed.

Belongs here: bytes in, hash out. Does not: what the bytes mean.
"""

from __future__ import annotations

import gzip
import hashlib
import secrets
from pathlib import Path
from uuid import UUID

import fsspec
from fsspec.implementations.local import LocalFileSystem


class Blobs:
    """A folder, on disk or in an object store, that fsspec can reach. Writing the same bytes twice changes nothing.

    A folder on disk that is not there yet is made for its owner alone: it will hold people's mail.
    """

    def __init__(self, url: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(url)

    def put(self, tenant_id: UUID, content: bytes) -> str:
        """Keep bytes and return their SHA-256 in hexadecimal. The blob is whole or absent, never half there."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(tenant_id, digest)
        if not self._files.exists(path):
            if isinstance(self._files, LocalFileSystem):
                Path(self._root).mkdir(mode=0o700, parents=True, exist_ok=True)
            self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            beside = f"{path}.{secrets.token_hex(4)}"
            self._files.pipe_file(beside, gzip.compress(content, compresslevel=1, mtime=0))
            self._files.mv(beside, path)
        return digest

    def get(self, tenant_id: UUID, digest: str) -> bytes:
        """Return the bytes of a hash.

        Raises:
            FileNotFoundError: there are none.
        """
        with self._files.open(self._path(tenant_id, digest), "rb") as file:
            return gzip.decompress(file.read())

    def _path(self, tenant_id: UUID, digest: str) -> str:
        return f"{self._root}/{tenant_id}/{digest[:2]}/{digest}.gz"
