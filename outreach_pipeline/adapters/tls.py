"""TLS contexts for mail servers: always verified, by the system's authorities or a private one.

Belongs here: contexts. Does not: protocols.
"""

from __future__ import annotations

import ssl
from functools import lru_cache

from outreach_pipeline.core.errors import AuthorityFileError


@lru_cache(maxsize=64)
def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return a verifying client context; ``ca_file`` names a private authority in PEM.

    Raises:
        AuthorityFileError: the file is not there, cannot be read, or holds no certificate.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except FileNotFoundError as error:
        raise AuthorityFileError(
            f"The file of the private authority {ca_file} does not exist: put it there, or mend the mailbox's ca_file."
        ) from error
    except ssl.SSLError as error:
        raise AuthorityFileError(
            f"The file of the private authority {ca_file} holds no certificate in PEM: put one there, or mend the mailbox's"
            " ca_file."
        ) from error
    except OSError as error:
        raise AuthorityFileError(
            f"The file of the private authority {ca_file} cannot be read ({error.strerror}): mend the mailbox's ca_file, or let"
            " the platform's user read the file."
        ) from error
