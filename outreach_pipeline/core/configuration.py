"""What the configuration file of ``outreach apply`` may say: tenants, domains, mailboxes, policies, campaigns, limits.

Belongs here: a tenant's sections and the whole. Does not: the operator's sections (configuration_operator), single values
(configuration_values), reading the file and checks between values (configuration_file), or what is done with it
(workflows.apply).
"""

from __future__ import annotations

from datetime import time
from ipaddress import ip_address
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from outreach_pipeline.core.configuration_operator import ProviderAccount, ProviderHost, RateLimit, ShapingRule
from outreach_pipeline.core.configuration_values import (
    Address,
    Domain,
    Jurisdiction,
    LawfulBasis,
    LocalTime,
    Name,
    Section,
    Security,
    Slug,
    Template,
    Zone,
)
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.oauth import Auth, SourceKind
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.send.dkim import open_key
from outreach_pipeline.core.send.gate import CURES, begins_like_an_answer, link_sentence
from outreach_pipeline.core.send.safe_links import as_written, insecure_link, insecure_link_of_page


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


def _folder_list(value: object) -> object:
    # One field of a CSV.
    return [name for each in value.split(";") if (name := each.strip())] if isinstance(value, str) else value


FolderName = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f;]+$")]


class Mailbox(Section):
    """A mailbox that sends and is read.

    ``auth: password`` needs ``password`` or ``password_env`` when it is new; ``xoauth2`` and ``oauthbearer`` need a provider
    account with ``oauth``, and where that has the kind ``refresh_token`` a ``refresh_token`` or ``refresh_token_env`` too.

    ``ca_file`` names a private authority of its servers in PEM, relative to the configuration (or CSV) file.
    ``reply_to`` is another mailbox of the tenant, to which people's answers go; it may be ``receive_only``.
    ``probe_target`` opts it into placement probes, sent and received; one that is ``receive_only`` too is a seed mailbox.
    ``folders`` are read besides INBOX, spam, Sent and archive, spelt as the server does (in a CSV separated by semicolons);
    with ``idle`` the server tells of new mail by itself between two readings.
    """

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
    auth: Auth = "password"
    password: SecretStr | None = None
    password_env: str | None = None
    refresh_token: SecretStr | None = None
    refresh_token_env: str | None = None
    ca_file: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]+$")] | None = None
    sent_copy: Literal["server", "append", "none"] = "none"
    receive_only: bool = False
    reply_to: Address | None = None
    probe_target: bool = False
    folders: Annotated[list[FolderName], BeforeValidator(_folder_list), Field(max_length=50)] = Field(
        default_factory=list
    )
    idle: bool = False

    @model_validator(mode="after")
    def _secret_fits_auth(self) -> Mailbox:
        if self.auth == "password" and self.refresh_token is not None:
            raise ValueError("a refresh_token belongs to auth xoauth2 or oauthbearer")
        if self.auth != "password" and self.password is not None:
            raise ValueError(f"a password is of no use with auth {self.auth}: leave it out")
        return self

    def missing_secret(self, *, source: SourceKind | None, is_known: bool) -> tuple[str, str] | None:
        """Return the field that is missing for this mailbox to log in, and a sentence about it.

        Args:
            source: the kind of its provider account's token source, None if it has none.
            is_known: whether a secret for this way to log in has been applied before.
        """
        if self.auth == "password":
            if self.password is None and not is_known:
                return "password", "is missing for the new mailbox: give password or password_env."
        elif source is None:
            return "provider_account", f"auth {self.auth} needs a provider account with an oauth section: give one."
        elif source == "refresh_token":
            if self.refresh_token is None and not is_known:
                return "refresh_token", "is missing for the mailbox: give refresh_token or refresh_token_env."
        elif self.refresh_token is not None:
            return "refresh_token", f"is of no use: its provider account is a {source}. Leave it out."
        return None


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

    @model_validator(mode="after")
    def _is_not_what_the_gate_always_refuses(self) -> Step:
        if self.step == 1 and begins_like_an_answer(self.subject):
            raise ValueError(CURES["gate_false_reply_prefix"])
        link = insecure_link(as_written(self.text)) or insecure_link(as_written(self.subject))
        link = link or insecure_link_of_page(as_written(self.html or ""), has_files=bool(self.attachments))
        if link is not None:
            raise ValueError(link_sentence(link))
        return self


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
