"""What the configuration file of ``outreach apply`` may say: tenants, domains, mailboxes, policies, campaigns, limits.

Belongs here: names, types, defaults and what one value alone must fulfil. Does not: reading the file and checks between
values (configuration_file), or what is done with it (workflows.apply).
"""

from __future__ import annotations

from datetime import time
from ipaddress import ip_address
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from jinja2 import TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from outreach_pipeline.core.addresses import parse_address, parse_domain
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.places import country_codes, is_time_zone
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.send.dkim import open_key
from outreach_pipeline.core.send.limits import parse_rate
from outreach_pipeline.core.send.shaping import MOST_ATTEMPTS, Action, Match, Scope

LawfulBasis = Literal["consent", "legitimate_interest", "contract", "existing_customer"]
Security = Literal["tls", "starttls", "none"]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]

# What every step's subject and bodies may name. A campaign's ``attributes`` are further columns of its contacts files.
TEMPLATE_NAMES = frozenset(
    {"address", "first_name", "last_name", "company", "sender_name", "postal_address", "unsubscribe_url"}
)
_TEMPLATES = ImmutableSandboxedEnvironment()


def _own_address(text: str) -> str:
    address = parse_address(text).address
    if not address.isascii():
        raise ValueError(f"{text} cannot send everywhere: the part before the @ must be ASCII")
    return address


def _zone(name: str) -> str:
    if not is_time_zone(name):
        raise ValueError(f"there is no time zone {name!r}: use a name like Europe/Berlin")
    return name


def _jurisdiction(code: str) -> str:
    if code.upper() not in country_codes():
        raise ValueError(f"{code!r} is no country of ISO 3166: use a code of two letters like DE")
    return code.upper()


def _template(text: str) -> str:
    try:
        _TEMPLATES.compile(text)
    except TemplateError as error:
        raise ValueError(f"the template does not parse: {error}") from error
    return text


def template_names(text: str) -> set[str]:
    """Return the names that a template asks of a contact; none if it does not parse."""
    try:
        return set(meta.find_undeclared_variables(_TEMPLATES.parse(text)))
    except TemplateError:
        return set()


def _local_time(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError('write a time of day in quotes, like "05:00"')  # noqa: TRY004  pydantic collects ValueErrors
    return value


Address = Annotated[str, AfterValidator(_own_address)]
Domain = Annotated[str, AfterValidator(parse_domain)]
Zone = Annotated[str, AfterValidator(_zone)]
Jurisdiction = Annotated[str, AfterValidator(_jurisdiction)]
Template = Annotated[str, AfterValidator(_template)]
LocalTime = Annotated[time, BeforeValidator(_local_time)]


class Section(BaseModel):
    """A part of the file. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProviderAccount(Section):
    """An organisation at a mail provider; mailboxes of several tenants may be in one."""

    name: Name
    provider: Literal["google_workspace", "microsoft_365", "generic"]
    licences: int | None = Field(default=None, gt=0)
    messages_per_day: int | None = Field(default=None, ge=0)


class ProviderHost(Section):
    """What is to be different about a submission server, ``name:port``: messages a connection, idle seconds until it is closed."""

    host: Annotated[str, Field(pattern=r"^\S{1,255}:\d{1,5}$"), AfterValidator(str.lower)]
    messages_per_connection: int = Field(default=20, ge=1)
    idle_seconds: int = Field(default=30, ge=1)


class RateLimit(Section):
    """A rate that all processes share; ``limit`` is like ``600/minute``, key ``*`` the default of its scope.

    For ``host_logins`` (key ``name:port``) and ``account_logins`` (a provider account) it is of new logins, and ``in_flight`` of
    open connections.
    """

    scope: Literal["tenant", "recipient_domain", "recipient_site", "provider_host", "host_logins", "account_logins"]
    key: Name
    limit: str
    burst: int = Field(default=1, gt=0)
    in_flight: int | None = Field(default=None, gt=0)

    @field_validator("key")
    @classmethod
    def _key_is_spelt_one_way(cls, key: str, info: ValidationInfo) -> str:
        return key.lower() if str(info.data.get("scope")).endswith("_logins") else key

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


class Server(Section):
    """Where to connect: a name or an address. ``none`` sends passwords in the clear and is for loopback only."""

    host: Annotated[
        str,
        Field(min_length=1, max_length=255, pattern=r"^[^\s\x00-\x1f\x7f]+$"),
        AfterValidator(lambda host: host.removeprefix("[").removesuffix("]")),
    ]
    port: int = Field(ge=1, le=65535)
    security: Security


class SmtpServer(Server):
    """The submission server."""

    security: Security = "starttls"


class ImapServer(Server):
    """The server that is read."""

    security: Security = "tls"


class SendingDomain(Section):
    """A domain that sends; it belongs to one tenant of the installation. ``link_host`` serves the links in its mail.

    With a ``dkim_key`` we sign its mail, for hosts that do not; without a ``dkim_selector`` a key that was kept is forgotten.
    """

    domain: Domain
    link_host: Domain
    messages_per_day: int | None = Field(default=None, ge=0)
    dkim_selector: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,63}$")] | None = None
    dkim_key: SecretStr | None = None
    dkim_key_env: str | None = None

    @field_validator("dkim_key")
    @classmethod
    def _key_opens(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None:
            try:
                open_key(key.get_secret_value())
            except ConfigurationError as error:
                raise ValueError(str(error)) from None
        return key


class Mailbox(Section):
    """A mailbox that sends and is read. ``auth: password`` needs ``password`` or ``password_env`` when it is new."""

    address: Address
    display_name: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    provider_account: str | None = None
    policy: str | None = None
    warmup_curve: str | None = None
    warmup_days_before: int = Field(default=0, ge=0)
    messages_per_day: int | None = Field(default=None, ge=0)
    smtp: SmtpServer
    imap: ImapServer
    login: Annotated[str, Field(min_length=1, max_length=320)] | None = None
    auth: Literal["password", "xoauth2"] = "password"
    password: SecretStr | None = None
    password_env: str | None = None
    ca_file: str | None = None
    sent_copy: Literal["server", "append", "none"] = "none"
    receive_only: bool = False
    probe_target: bool = False

    @field_validator("auth")
    @classmethod
    def _can_log_in(cls, auth: str) -> str:
        if auth == "xoauth2":
            raise ValueError("this version cannot log in by xoauth2: make an app password and write auth: password")
        return auth


class AttachedFile(Section):
    """A file that a step carries. ``file`` is relative to the configuration file; ``name`` is what recipients see."""

    file: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
    name: Annotated[str, Field(max_length=150, pattern=r"^[^\x00-\x1f\x7f/\\]+$")] = ""
    content_type: Annotated[str, Field(pattern=r"^(application|audio|font|image|text|video)/[a-z0-9.+-]{1,100}$")] = ""

    @model_validator(mode="after")
    def _name_stands_for_itself(self) -> AttachedFile:
        if "outreach-mark-" in self.shown_name:
            raise ValueError(f"the name {self.shown_name!r} has a meaning in templates: give another one")
        return self

    @property
    def shown_name(self) -> str:
        """The name in the message."""
        return self.name or PurePosixPath(self.file).name

    @property
    def shown_type(self) -> str:
        """The content type in the message, by the name's ending if none is given."""
        return self.content_type or guess_type(self.shown_name)[0] or "application/octet-stream"


class Step(Section):
    """A mail of a campaign, Jinja templates over one contact; variants of a step share its number."""

    step: int = Field(ge=1, le=50)
    variant: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,20}$")] = "a"
    share: float = Field(default=1, gt=0)
    wait_days: int = Field(default=0, ge=0, le=365)
    subject: Annotated[Template, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
    text: Annotated[Template, Field(min_length=1, max_length=100_000)]
    html: Annotated[Template, Field(max_length=500_000)] | None = None
    attachments: list[AttachedFile] = Field(default_factory=list, max_length=10)


class Campaign(Section):
    """A sequence of steps to the contacts enrolled in it, and what law it goes by.

    ``attributes`` names the columns of its contacts files, beyond the known ones, that its templates use.
    """

    slug: Slug
    name: Name
    priority: int = 100
    share: float = Field(default=1, gt=0)
    policy: str | None = None
    accepted_lawful_bases: list[LawfulBasis] = Field(min_length=1)
    accepted_jurisdictions: list[Jurisdiction] = Field(min_length=1)
    stops_company_on_reply: bool = False
    attributes: list[Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,62}$")]] = Field(default_factory=list)
    mailboxes: Literal["all"] | list[Address] = "all"
    steps: list[Step] = Field(min_length=1)


class WebhookSource(Section):
    """The secret that signs one source's webhooks."""

    secret: SecretStr | None = None
    secret_env: str | None = None


SourceName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Curve = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=1000)]


class TenantSection(Section):
    """A client. ``slug`` never changes; an analyst's login is made of it, hence its length."""

    slug: Annotated[Slug, Field(max_length=46)]
    name: Name
    time_zone: Zone
    plan_at: LocalTime = time(5)
    postal_address: Annotated[str, Field(min_length=5, max_length=500)]
    source_address: Annotated[str, AfterValidator(lambda text: str(ip_address(text)))] | None = None
    policies: dict[Name, SendingPolicy] = Field(default_factory=dict)
    warmup_curves: dict[Name, Curve] = Field(default_factory=dict)
    webhook_sources: dict[SourceName, WebhookSource] = Field(default_factory=dict)
    sending_domains: list[SendingDomain] = Field(default_factory=list)
    mailboxes: list[Mailbox] = Field(default_factory=list)
    campaigns: list[Campaign] = Field(default_factory=list)


class Configuration(Section):
    """The whole file."""

    provider_accounts: list[ProviderAccount] = Field(default_factory=list)
    provider_hosts: list[ProviderHost] = Field(default_factory=list)
    rate_limits: list[RateLimit] = Field(default_factory=list)
    shaping_rules: list[ShapingRule] = Field(default_factory=list)
    tenants: list[TenantSection] = Field(default_factory=list)


def known_keys(place: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the section holding ``place`` (as pydantic gives it) may have."""
    section: Any = Configuration
    for part in place[:-1]:
        if isinstance(section, type) and issubclass(section, BaseModel) and part in section.model_fields:
            section = section.model_fields[str(part)].annotation
        for inner in getattr(section, "__args__", ()):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                section = inner
                break
    return sorted(section.model_fields) if isinstance(section, type) and issubclass(section, BaseModel) else []
