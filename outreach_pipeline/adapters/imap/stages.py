"""What goes wrong in an IMAP conversation, as errors that name the stage.

Belongs here: the library's errors to ours. Does not: what follows from them (core.receive.sync_pause).
"""

from __future__ import annotations

import ast
import contextlib
import imaplib
import re
from collections.abc import Iterator

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError, ProtocolError

from outreach_pipeline.core.errors import CommandRefusedError, ConnectionLostError, LoginRefusedError
from outreach_pipeline.core.receive.sync_pause import cause_of_text

# The standard library puts a server's words into its errors as bytes, and so their text is Python's: b'...'.
_BYTES = re.compile(r"""(?<!\w)b(?:'(?:[^'\\]|\\.){0,2000}'|"(?:[^"\\]|\\.){0,2000}")""")


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    """Name the stage of whatever fails inside.

    Raises:
        LoginRefusedError: the server does not take the secret.
        CommandRefusedError: the server said NO or BAD; the connection stands.
        ConnectionLostError: the connection is of no use any more.
    """
    try:
        yield
    except LoginError as error:
        if _was_lost(error):
            raise ConnectionLostError(f"IMAP failed at auth: {_words(error)}", stage="auth") from error
        if cause_of_text(_words(error)):
            # It speaks of itself, not of the secret.
            raise CommandRefusedError(f"The server let nobody in: {_words(error)}", stage="auth") from error
        raise LoginRefusedError(f"The server refused the login: {_words(error)}", stage="auth") from error
    except (IMAPClientAbortError, ProtocolError, OSError) as error:
        raise ConnectionLostError(f"IMAP failed at {name}: {_words(error)}", stage=name) from error
    except (IMAPClientError, imaplib.IMAP4.error) as error:
        raise CommandRefusedError(f"IMAP failed at {name}: {_words(error)}", stage=name) from error


def _words(error: BaseException) -> str:
    """What an error says, as text."""
    return _BYTES.sub(lambda match: ast.literal_eval(match[0]).decode("utf-8", "replace"), str(error))


def _was_lost(error: BaseException) -> bool:
    """Tell whether a login failed since the connection did: the library calls both a refused login."""
    inner = error.__context__
    return inner is not None and (isinstance(inner, IMAPClientAbortError | OSError) or _was_lost(inner))
