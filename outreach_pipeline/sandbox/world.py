"""The configuration of a sandbox mail world: who has a mailbox, who receives, how they behave, and how fast time runs.

Belongs here: frozen dataclasses, and reading and writing them as JSON. Does not: state, sockets, or a decision about a
single mail (behaviours.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pydantic
from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from outreach_pipeline.core.errors import ConfigurationError

BehaviourName = Literal[
    "accept",
    "bounce_later",
    "complaint",
    "deliver_webhook",
    "greylist",
    "mailbox_full",
    "one_click_unsubscribe",
    "out_of_office",
    "policy_block",
    "rate_limit",
    "reply_interested",
    "reply_meeting",
    "reply_not_interested",
    "reply_stop",
    "spam_folder",
    "unknown_user",
    "webhook_complaint",
]
DsnFormat = Literal["postfix", "sendmail", "qmail", "exim", "exchange", "gmail", "any"]
FaultName = Literal[
    "drop_at_connect",
    "drop_at_ehlo",
    "drop_at_starttls",
    "drop_at_auth",
    "drop_at_mail",
    "drop_at_rcpt",
    "drop_before_data",
    "drop_in_data",
    "drop_after_data",
    "slow",
    "reply_421",
    "auth_fail",
    "auth_later",
]
MechanismName = Literal["LOGIN", "PLAIN", "XOAUTH2", "OAUTHBEARER"]
Stage = Literal["connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "end"]

_strict = dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))


@_strict
class Mailbox:
    """A mailbox of a tenant, or of the operator: it may submit mail and is read over IMAP.

    Attributes:
        address: the e-mail address; several addresses may share one login.
        login: the user name of SMTP AUTH and IMAP LOGIN.
        password: in clear: the sandbox has no secrets.
        provider: a key of ``World.providers``.
        tenant: a key of ``World.webhooks``; None for the operator's mailboxes.
    """

    address: str
    login: str
    password: str
    provider: str
    tenant: str | None = None


@_strict
class Provider:
    """The sender's side: one submission port.

    Attributes:
        smtp_mode: how TLS begins on that port.
        sent_copy: whether the server itself files submitted mail in Sent.
        mechanisms: of AUTH, which the port offers.
        smtputf8: whether addresses beyond ASCII are taken.
        pipelining: whether several commands may come at once.
        chunking: whether a mail may come as a chunk (BDAT).
        message_id: whether a mail keeps its Message-ID, or gets the server's, which its reply names or not.
        port: 0 chooses a free one, and keeps it over a restart.
    """

    smtp_mode: Literal["starttls", "tls", "none"] = "starttls"
    sent_copy: bool = False
    mechanisms: tuple[MechanismName, ...] = ("LOGIN", "PLAIN")
    smtputf8: bool = True
    pipelining: bool = True
    chunking: bool = False
    message_id: Literal["kept", "named", "rewritten"] = "kept"
    port: int = Field(default=0, ge=0, le=65535)


@_strict
class Site:
    """The recipient's side: all domains behind the same MX hosts.

    Attributes:
        name: unique name of the site.
        mx: host names, most preferred first.
        domains: recipient domains hosted there.
        mode: ``relay`` accepts and answers later by DSN; ``direct`` answers at RCPT or DATA.
        behaviours: weight (>= 0, any sum above 0) of each behaviour among this site's recipients.
        dsn_format: the product whose bounces this site writes; ``any`` varies by recipient.
    """

    name: str
    mx: tuple[str, ...]
    domains: tuple[str, ...]
    mode: Literal["relay", "direct"] = "relay"
    behaviours: dict[BehaviourName, float] = dataclasses.field(default_factory=lambda: {"accept": 1.0})
    dsn_format: DsnFormat = "postfix"


@_strict
class SendingDomain:
    """A tenant's domain as DNS shows it.

    Attributes:
        domain: the domain in From.
        link_host: the host in recipients' links; the TLS proxy answers for it.
        spf: TXT of the domain; None serves no record.
        dkim: selector to TXT of ``<selector>._domainkey.<domain>``.
        dmarc: TXT of ``_dmarc.<domain>``; None serves no record.
    """

    domain: str
    link_host: str | None = None
    spf: str | None = None
    dkim: dict[str, str] = dataclasses.field(default_factory=dict)
    dmarc: str | None = None


@_strict
class Clock:
    """How fast the world answers; all in seconds of real time, ranges as (least, most).

    Attributes:
        dsn_delay_seconds: from acceptance to a bounce.
        reply_delay_seconds: from acceptance to any other reaction.
        greylist_seconds: how long after a first attempt a greylisting site goes on refusing.
        smtp_latency_seconds: before each final reply to DATA.
        http_retry_seconds: first pause before a webhook or one-click POST is repeated; it doubles each time.
        http_attempts: how often such a POST is tried before the sandbox gives up.
    """

    dsn_delay_seconds: tuple[float, float] = (1.0, 5.0)
    reply_delay_seconds: tuple[float, float] = (1.0, 5.0)
    greylist_seconds: float = 3.0
    smtp_latency_seconds: tuple[float, float] = (0.0, 0.0)
    http_retry_seconds: float = 0.5
    http_attempts: int = 8


@_strict
class Webhook:
    """Where a tenant's provider events go: ``gateway_url`` + ``path``, signed with ``secret``.

    Attributes:
        path: begins with a slash.
        secret: key of the HMAC-SHA256 signature.
        source: name of the sender of these webhooks.
    """

    path: str
    secret: str
    source: str = "generic"


@_strict
class Fault:
    """A fault to inject the next ``count`` times that it fits.

    Attributes:
        fault: its name.
        count: how many times.
        match: any of ``rcpt``, ``login``, ``mail_from``; all given must fit (a stage that does not know one: no fit).
        seconds: for ``slow``: how long.
        stage: for ``slow`` and ``reply_421``: where; ``end`` is the reply that ends DATA.
    """

    fault: FaultName
    count: int = Field(default=1, ge=1)
    match: dict[Literal["rcpt", "login", "mail_from"], str] = dataclasses.field(default_factory=dict)
    seconds: float = 1.0
    stage: Stage = "rcpt"


@_strict
class OAuth:
    """Who is given access tokens.

    Attributes:
        clients: an application's id to its secret.
        service_accounts: a service account's address to its public key in PEM.
        refresh_tokens: a refresh token to the login that it was granted for.
        imap_mechanisms: of AUTHENTICATE, beside PLAIN and LOGIN.
        lifetime_seconds: of a token.
    """

    clients: dict[str, str] = dataclasses.field(default_factory=dict)
    service_accounts: dict[str, str] = dataclasses.field(default_factory=dict)
    refresh_tokens: dict[str, str] = dataclasses.field(default_factory=dict)
    imap_mechanisms: tuple[MechanismName, ...] = ("XOAUTH2", "OAUTHBEARER")
    lifetime_seconds: float = 3600.0


@_strict
class Ports:
    """Loopback ports of the services that every world has; 0 chooses a free one and keeps it over a restart."""

    imap: int = 0
    imaps: int = 0
    dns: int = 0
    https: int = 0
    control: int = 0
    tokens: int = 0


@_strict
class World:
    """All that a sandbox is told.

    Attributes:
        seed: recipients' behaviour, texts and delays follow from it and their addresses.
        gateway_url: base URL of the platform's HTTP gateway; None: nothing is POSTed.
        webhooks: by tenant.
        overrides: recipient address to behaviour, before the site's weights; ``local+b-<behaviour>@…`` does the same.
        faults: to inject from the start.
        oauth: who is given access tokens; None: nobody.
    """

    mailboxes: tuple[Mailbox, ...]
    providers: dict[str, Provider]
    sites: tuple[Site, ...] = ()
    sending_domains: tuple[SendingDomain, ...] = ()
    seed: int = 0
    clock: Clock = dataclasses.field(default_factory=Clock)
    gateway_url: str | None = None
    webhooks: dict[str, Webhook] = dataclasses.field(default_factory=dict)
    overrides: dict[str, BehaviourName] = dataclasses.field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    oauth: OAuth | None = None
    ports: Ports = dataclasses.field(default_factory=Ports)

    @classmethod
    def from_json(cls, text: str | bytes, *, origin: str = "the sandbox's configuration") -> World:
        """Read a world.

        Args:
            text: a JSON document.
            origin: named in errors, such as the file's path.

        Raises:
            ConfigurationError: one sentence for each unknown key, wrong value, or contradiction.
        """
        try:
            world: World = TypeAdapter(cls).validate_json(text)
        except pydantic.ValidationError as error:
            raise ConfigurationError(*_sentences(error, origin)) from error
        if problems := [f"{origin}: {problem}" for problem in _inconsistencies(world)]:
            raise ConfigurationError(*problems)
        return world

    @classmethod
    def from_file(cls, path: Path) -> World:
        """Read a world from a JSON file; errors name the file."""
        try:
            text = path.read_bytes()
        except OSError as error:
            raise ConfigurationError(f"{path}: cannot be read ({error.strerror}); give an existing file.") from error
        return cls.from_json(text, origin=str(path))

    def to_json(self) -> str:
        """Write the world so that ``from_json`` reads the same."""
        return TypeAdapter(World).dump_json(self, indent=1).decode()


def parse_fault(data: dict[str, Any]) -> Fault:
    """Read one fault as it comes over the control port; raises ConfigurationError."""
    try:
        fault: Fault = TypeAdapter(Fault).validate_python(data)
    except pydantic.ValidationError as error:
        raise ConfigurationError(*_sentences(error, "the fault")) from error
    return fault


def _sentences(error: pydantic.ValidationError, origin: str) -> list[str]:
    return [f"{origin}: {'.'.join(str(part) for part in e['loc']) or 'document'}: {e['msg']}." for e in error.errors()]


def _inconsistencies(world: World) -> list[str]:
    return [*_mailbox_problems(world), *_site_problems(world)]


def _mailbox_problems(world: World) -> Iterator[str]:
    seen: set[str] = set()
    passwords: dict[str, str] = {}
    for box in world.mailboxes:
        if box.provider not in world.providers:
            yield f"mailbox {box.address} names the provider {box.provider!r}, which providers does not have."
        if "@" not in box.address:
            yield f"mailbox address {box.address!r} has no @."
        if box.address.lower() in seen:
            yield f"mailboxes has {box.address} more than once; keep one of each."
        seen.add(box.address.lower())
        if passwords.setdefault(box.login, box.password) != box.password:
            yield f"login {box.login!r} has two passwords; give all its mailboxes the same."


def _site_problems(world: World) -> Iterator[str]:
    homes: dict[str, str] = {}
    for site in world.sites:
        if not sum(site.behaviours.values()) > 0 or min(site.behaviours.values()) < 0:
            yield f"site {site.name}: the weights of behaviours need a sum above 0 and none below 0."
        for domain in site.domains:
            if homes.setdefault(domain.lower(), site.name) != site.name:
                yield f"domain {domain} is at the sites {homes[domain.lower()]} and {site.name}; keep one."
