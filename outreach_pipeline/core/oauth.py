"""Logins by OAuth 2.0: kinds of token sources, where their providers' endpoints are, and what a refusal means.

Belongs here: names, defaults and judgements. Does not: asking an endpoint (adapters.oauth), keeping tokens
(workflows.access_tokens), what a configuration file may say (core.configuration).
"""

from __future__ import annotations

import json
from typing import Any, Literal

from outreach_pipeline.core.errors import ConfigurationError

Auth = Literal["password", "xoauth2", "oauthbearer"]
SourceKind = Literal["google_service_account", "microsoft_client_credentials", "refresh_token"]

RENEW_BEFORE_SECONDS = 300.0
"""So long before its end a token is renewed: a login that begins with it must not end without it."""
LEAST_AGE_SECONDS = 600.0
"""A token that a mail server refuses is renewed if it is older than this: a new one would be refused as well."""
REVOKED_PAUSE_SECONDS = 86400.0
"""A grant that was refused is asked for again so much later, in case it was given anew at the provider."""
FIRST_PAUSE_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 3600.0
"""The pause before an endpoint that fails is asked again doubles each time: 30 s, 1, 2, 4 ... minutes, up to an hour."""
ALERT_AFTER_FAILURES = 3
"""Failures in a row after which people are told; one alone is no news."""

_GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105  an address
_MICROSOFT_TOKEN_URL = "https://login.microsoftonline.com/{directory_id}/oauth2/v2.0/token"  # noqa: S105  an address
# Google: XOAUTH2 protocol; Microsoft: Authenticate an IMAP, POP or SMTP connection using OAuth.
_SCOPES: dict[SourceKind, str] = {
    "google_service_account": "https://mail.google.com/",
    "microsoft_client_credentials": "https://outlook.office365.com/.default",
}
# RFC 6749 section 5.2, what OpenID Connect and Google add: a person or a configuration has to change something.
_FINAL = frozenset(
    {
        "access_denied", "admin_policy_enforced", "consent_required", "deleted_client", "disabled_client",
        "interaction_required", "invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "login_required",
        "unauthorized_client", "unsupported_grant_type",
    }
)  # fmt: skip
_OF_ONE_GRANT = frozenset(
    {"access_denied", "consent_required", "interaction_required", "invalid_grant", "login_required"}
)
# How Google begins an invalid_grant that is about the key or the service account, and not about one login.
_GOOGLE_ACCOUNT_TROUBLE = ("invalid jwt", "invalid grant: account not found", "account not found")


def default_token_url(kind: SourceKind, *, provider: str, directory_id: str | None) -> str | None:
    """Return the provider's own token endpoint, or None if none is known for it.

    Args:
        kind: of the source.
        provider: google_workspace, microsoft_365 or generic.
        directory_id: Microsoft's directory (tenant) id.
    """
    if kind == "google_service_account" or (kind == "refresh_token" and provider == "google_workspace"):
        return _GOOGLE_TOKEN_URL
    if kind == "microsoft_client_credentials" or provider == "microsoft_365":
        return _MICROSOFT_TOKEN_URL.format(directory_id=directory_id) if directory_id else None
    return None


def default_scope(kind: SourceKind) -> str | None:
    """Return what is asked for if nothing else is configured; None: what the refresh token was granted."""
    return _SCOPES.get(kind)


def read_service_account_key(text: str) -> dict[str, Any]:
    """Return the key of a Google service account as it stands in its JSON file.

    Raises:
        ConfigurationError: it is no such key; the text is not repeated.
    """
    try:
        key = json.loads(text)
    except ValueError:
        key = None
    if not isinstance(key, dict) or not all(isinstance(key.get(name), str) for name in ("client_email", "private_key")):
        raise ConfigurationError(
            "The secret is no key of a Google service account: give the whole JSON file, with client_email and private_key."
        )
    return key


def is_shared(kind: SourceKind | None) -> bool:
    """Whether one token serves all mailboxes of the account."""
    return kind == "microsoft_client_credentials"


def is_final(error: str) -> bool:
    """Whether an error code of a token endpoint lasts until somebody does something about it."""
    return error in _FINAL


def concerns_one_mailbox(kind: SourceKind, *, error: str, description: str) -> bool:
    """Whether a refusal speaks of one mailbox's grant, and not of the whole account."""
    if is_shared(kind) or error not in _OF_ONE_GRANT:
        return False
    return kind == "refresh_token" or not description.casefold().startswith(_GOOGLE_ACCOUNT_TROUBLE)


def pause_seconds(failures: int) -> float:
    """Return how long an endpoint is left alone after so many failures in a row."""
    return float(min(FIRST_PAUSE_SECONDS * 2 ** (min(failures, 30) - 1), LONGEST_PAUSE_SECONDS))


def cure(kind: SourceKind, *, is_of_mailbox: bool) -> str:
    """Return what people do about a grant that was refused."""
    if kind == "refresh_token":
        what = (
            "a new refresh_token of the mailbox" if is_of_mailbox else "client_id and secret as the provider has them"
        )
        return f"apply {what}, then `outreach check mailbox`"
    if kind == "google_service_account":
        if is_of_mailbox:
            return "see that the login is an active user of the Workspace domain, then `outreach check mailbox`"
        return (
            "see in the Admin console that the service account's client id has domain-wide delegation for "
            "https://mail.google.com/, or apply a new key, then `outreach check mailbox`"
        )
    return (
        "see in Entra that the application has SMTP.SendAsApp and IMAP.AccessAsApp with admin consent and a secret that is "
        "valid, apply a new one if it is not, then `outreach check mailbox`"
    )
