"""What the configuration file says of the installation as a whole: provider accounts and hosts, rates, shaping rules.

Belongs here: names, types, defaults and what one section alone must fulfil. Does not: what belongs to one tenant (configuration).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator, model_validator

from outreach_pipeline.core.configuration_values import Name, Section
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.oauth import SourceKind, default_token_url, read_service_account_key
from outreach_pipeline.core.send.limits import parse_rate, parse_recipient
from outreach_pipeline.core.send.shaping import MOST_ATTEMPTS, Action, Match, Scope

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _token_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("is no https URL: secrets are sent there")
    return url


class OAuth(Section):
    """Where the tokens of an account's mailboxes come from; ``secret`` or ``secret_env`` is needed when it is new.

    Attributes:
        kind: a Google service account with domain-wide delegation, a Microsoft application, or a refresh token a mailbox.
        client_id: of the application; of a service account it stands in its key.
        directory_id: Microsoft's directory (tenant) id.
        secret: of the application; of a service account the JSON file of its key.
        secret_expires_on: UTC; people are told 30 days before.
        token_url: unset means the provider's own.
        scope: unset means Google's or Microsoft's for mail.
    """

    kind: SourceKind
    client_id: Name | None = None
    directory_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,253}$")] | None = None
    secret: SecretStr | None = None
    secret_env: str | None = None
    secret_expires_on: date | None = None
    token_url: Annotated[str, Field(max_length=2000), AfterValidator(_token_url)] | None = None
    scope: Name | None = None

    @model_validator(mode="after")
    def _source_is_whole(self) -> OAuth:
        if self.kind == "google_service_account":
            if self.client_id or self.directory_id:
                raise ValueError("client_id and directory_id are none of a google_service_account's: its key names it")
            if self.secret is not None:
                try:
                    read_service_account_key(self.secret.get_secret_value())
                except ConfigurationError as error:
                    raise ValueError(str(error)) from None
        elif not self.client_id:
            raise ValueError(f"a {self.kind} needs client_id")
        return self


class ProviderAccount(Section):
    """An organisation at a mail provider; mailboxes of several tenants may be in one."""

    name: Name
    provider: Literal["google_workspace", "microsoft_365", "generic"]
    licences: int | None = Field(default=None, gt=0)
    messages_per_day: int | None = Field(default=None, ge=0)
    oauth: OAuth | None = None

    @model_validator(mode="after")
    def _endpoint_is_known(self) -> ProviderAccount:
        source = self.oauth
        if source is None or source.token_url is not None:
            return self
        if default_token_url(source.kind, provider=self.provider, directory_id=source.directory_id) is None:
            is_microsoft = self.provider == "microsoft_365" or source.kind == "microsoft_client_credentials"
            what = "oauth.directory_id" if is_microsoft else "oauth.token_url"
            raise ValueError(f"{what} is missing: nothing else says where tokens come from")
        return self


class ProviderHost(Section):
    """What is to be different about a server, ``name:port``.

    Of a submission server: messages a connection, idle seconds until it is closed, and whether a message goes as one chunk
    (BDAT) if it offers CHUNKING. Of an IMAP server: whether connections stay open between two readings of a mailbox.
    """

    host: Annotated[str, Field(pattern=r"^\S{1,255}:\d{1,5}$"), AfterValidator(str.lower)]
    messages_per_connection: int = Field(default=20, ge=1)
    idle_seconds: int = Field(default=30, ge=1)
    keeps_connections: bool = True
    uses_chunking: bool = True


class RateLimit(Section):
    """A rate that all processes share; ``limit`` is like ``600/minute``, key ``*`` the default of its scope.

    So many as ``burst`` may go at once: with 1 they are evenly spaced, with b at most n + b - 1 go in the first unit; left out it is
    ``usual_burst``.
    For ``host_logins`` (key ``name:port``) and ``account_logins`` (a provider account) it is of new logins, and ``in_flight`` of
    open connections.
    """

    scope: Literal["tenant", "recipient_domain", "recipient_site", "provider_host", "host_logins", "account_logins"]
    key: Name
    limit: str
    burst: int | None = Field(default=None, gt=0)
    in_flight: int | None = Field(default=None, gt=0)

    @field_validator("key")
    @classmethod
    def _key_is_spelt_one_way(cls, key: str, info: ValidationInfo) -> str:
        scope = info.data.get("scope")
        if scope in {"recipient_domain", "recipient_site"} and key != "*":
            return parse_recipient(scope, key)
        return key.lower() if str(scope).endswith("_logins") else key

    @model_validator(mode="after")
    def _limit_is_a_rate(self) -> RateLimit:
        self.rate()
        return self

    def rate(self) -> tuple[int, float]:
        """Return messages and the seconds they may go in."""
        return parse_rate(self.limit)


class ShapingRule(Section):
    """A rule of the operator's, or what is to be different about a preset; see ``core.send.shaping.Rule``.

    ``is_enabled: false`` and a name alone turn a rule off. Whatever else is given is a new version of the whole rule.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    is_enabled: bool = True
    scope: Scope | None = None
    match: Match | None = None
    least_matches: int = Field(default=1, ge=1)
    of_last: int = Field(default=1, ge=1, le=MOST_ATTEMPTS)
    within_seconds: int = Field(default=3600, ge=1)
    least_mailboxes: int = Field(default=1, ge=1)
    action: Action | None = None
    slow_ratio: float | None = Field(default=None, gt=0, lt=1)
    duration_seconds: int | None = Field(default=None, ge=1)
    source: Annotated[str, Field(max_length=500)] = ""

    @property
    def is_a_whole_rule(self) -> bool:
        """Whether it says what the rule does, and not only whether it is on."""
        return bool(self.model_fields_set - {"name", "is_enabled"})

    @model_validator(mode="after")
    def _rule_is_whole(self) -> ShapingRule:
        if not self.is_a_whole_rule:
            return self
        for name in ("scope", "match", "action", "duration_seconds"):
            if getattr(self, name) is None:
                raise ValueError(f"a rule needs {name}; a name with is_enabled alone turns a rule on or off")
        if self.least_matches > self.of_last:
            raise ValueError(f"least_matches {self.least_matches} of the last {self.of_last} can never be")
        if (self.action == "slow_down") != (self.slow_ratio is not None):
            raise ValueError("slow_ratio belongs to slow_down, which needs one")
        if self.action == "quarantine" and self.scope != "mailbox":
            raise ValueError("only a mailbox can be put into quarantine")
        if self.action == "slow_down" and str(self.scope).endswith("_at_site"):
            raise ValueError(
                "one sender at one site has no rate of its own: suspend it, or slow the mailbox or the site"
            )
        if self.scope == "site" and self.match is not None and self.match.text is not None:
            raise ValueError("a site is judged over all tenants, whose texts are not shared: match codes or reasons")
        return self
