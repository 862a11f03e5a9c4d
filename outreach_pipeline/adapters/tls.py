"""TLS contexts for mail servers: always verified, by the system's authorities or a private one.

Belongs here: contexts. Does not: protocols.
"""

from __future__ import annotations

import ssl
from functools import lru_cache
from pathlib import Path

from outreach_pipeline.core.errors import AuthorityFileError


@lru_cache(maxsize=64)
def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return a verifying client context; ``ca_file`` names a private authority in PEM.

    Raises:
        AuthorityFileError: the file is not there or holds no certificate.
    """
    if ca_file is not None and not Path(ca_file).is_file():
        raise AuthorityFileError(
            f"The file of the private authority {ca_file} does not exist: mend the mailbox's ca_file."
        )
    try:
        return ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError as error:
        raise AuthorityFileError(f"{ca_file} holds no certificate in PEM: {error}.") from error
