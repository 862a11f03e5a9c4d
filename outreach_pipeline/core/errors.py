"""Every error the platform raises on purpose.

    OutreachError
    ├── PermanentError            trying again cannot help
    │   ├── ConfigurationError    a setting, file or row is wrong; says where and how to mend it
    │   ├── UsageError            a command was given wrong arguments (exit code 2)
    │   ├── NotAllowedError       a rule of the platform forbids it (suppression, tenancy, state)
    │   ├── TokenRefusedError     a mailbox gets no access token until somebody acts
    │   └── SmtpPermanentError    a 5xx reply
    └── TransientError            trying again later may help
        ├── ConnectionLostError   the peer went away; says at which stage
        │   ├── LoginRefusedError  an IMAP server refused a login
        │   └── CommandRefusedError  an IMAP server said NO or BAD; the connection stands
        ├── TokenUnavailableError  no access token for now: its endpoint fails
        └── SmtpTransientError    a 4xx reply

Belongs here: classes and what they carry, and what led to one. Does not: the mapping from replies to reasons (core.send.outcome).
"""

from __future__ import annotations

from typing import TypeVar

E = TypeVar("E", bound=BaseException)


class OutreachError(Exception):
    """Base of all errors of the platform. Its text is a sentence: what, where, and the cure."""


class PermanentError(OutreachError):
    """Trying again with the same input cannot help."""


class TransientError(OutreachError):
    """Trying again later may help."""


class ConfigurationError(PermanentError):
    """A setting, file or row is wrong. ``problems`` holds one sentence each; the text joins them."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class AuthorityFileError(ConfigurationError):
    """The file of a private authority (``ca_file``) is not there, or holds no certificate."""


class UsageError(PermanentError):
    """A command was given arguments that cannot be meant."""


class NotAllowedError(PermanentError):
    """A rule of the platform forbids the action."""


class ConnectionLostError(TransientError):
    """The peer went away or did not answer in time.

    Attributes:
        stage: where in the conversation: connect, tls, auth, mail, rcpt, data, end-of-data, or an IMAP command.
        is_own: whether the cause lies on this side, so that the peer has not failed.
    """

    def __init__(self, message: str, *, stage: str, is_own: bool = False) -> None:
        self.stage = stage
        self.is_own = is_own
        super().__init__(message)


class LoginRefusedError(ConnectionLostError):
    """An IMAP server refused a login; the stage is auth."""


class CommandRefusedError(ConnectionLostError):
    """An IMAP server said NO or BAD to a command. The connection stands, unless it is the greeting or a login."""


class TokenRefusedError(PermanentError):
    """There is no access token for a mailbox, and will be none until somebody acts.

    Attributes:
        stage: token, or secret if what it takes to ask for one is missing.
        error: the code of the token endpoint (RFC 6749, 5.2), such as ``invalid_grant``; empty if it was not asked.
        description: what it says more.
    """

    def __init__(self, message: str, *, stage: str = "token", error: str = "", description: str = "") -> None:
        self.stage = stage
        self.error = error
        self.description = description
        super().__init__(message)


class TokenUnavailableError(TransientError):
    """There is no access token for a mailbox now: the token endpoint fails, or is left alone after it failed."""

    stage = "token"


class _SmtpReplyError(OutreachError):
    """An SMTP reply that is no success.

    Attributes:
        stage: connect, tls, auth, mail, rcpt, data or end-of-data.
        code: the reply code, 400-599.
        enhanced_code: the enhanced status code of RFC 3463 such as ``5.1.1``, or None.
        text: the reply's text, lines joined by a newline.
    """

    def __init__(self, *, stage: str, code: int, enhanced_code: str | None, text: str) -> None:
        self.stage = stage
        self.code = code
        self.enhanced_code = enhanced_code
        self.text = text
        super().__init__(f"The server answered {code} {enhanced_code or ''} at {stage}: {text}")


class SmtpTransientError(_SmtpReplyError, TransientError):
    """A 4xx reply: the same message may be accepted later."""


class SmtpPermanentError(_SmtpReplyError, PermanentError):
    """A 5xx reply: the same message will not be accepted."""


def cause_of(error: BaseException | None, kind: type[E]) -> E | None:
    """Return an error, or the first that led to it, if it is of a kind; else None."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, kind):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None
