"""Can each mailbox log in, and do the domains' records stand? Names the stage and the cause that failed.

Belongs here: asking the servers as the platform would, and keeping the answers. Does not: what records mean
(core.watch.domain) or how to talk (adapters).
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Literal, TypeVar

from publicsuffixlist import PublicSuffixList

from outreach_pipeline.adapters.dns import Resolver
from outreach_pipeline.adapters.imap.session import ImapAccount
from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.adapters.smtp.session import SmtpAccount, Timeouts
from outreach_pipeline.core.errors import ConfigurationError, OutreachError, UsageError, cause_of
from outreach_pipeline.core.oauth import Auth
from outreach_pipeline.core.send.dkim import open_key
from outreach_pipeline.core.watch.domain import DomainVerdict, Result, judge_dkim, judge_dmarc, judge_mx, judge_spf
from outreach_pipeline.workflows.access_tokens import AccessTokens
from outreach_pipeline.workflows.expiring_secrets import tell_expiring_secrets
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.mailbox_login import MailboxKey, open_imap, open_smtp
from outreach_pipeline.workflows.notify import raise_alert, resolve_alert
from outreach_pipeline.workflows.rotation import take_back

_Row = TypeVar("_Row")
Protocol = Literal["smtp", "imap"]
Subject = Literal["spf", "dkim", "dmarc", "mx"]

_TIMEOUT_SECONDS = 15.0
# What receivers hold a mail's sender against. Where one of these fails, nothing of the domain is sent until it is mended.
_AUTHENTICATION: tuple[Subject, ...] = ("spf", "dkim", "dmarc")


@dataclass(frozen=True, slots=True)
class CheckRow:
    """How far a login came. ``stage`` is secret, token, connect, tls, auth, select or done; ``cause`` is empty if all is well."""

    address: str
    protocol: Protocol
    is_ok: bool
    stage: str
    cause: str
    duration_ms: float


@dataclass(frozen=True, slots=True)
class DomainCheckRow:
    """What one kind of record says of a sending domain."""

    domain: str
    subject: Subject
    result: Result
    detail: str


@dataclass(frozen=True, slots=True)
class HealthOutcome:
    """All checks of one run."""

    mailboxes: list[CheckRow]
    domains: list[DomainCheckRow]

    @property
    def failed_mailboxes(self) -> int:
        """Mailboxes that fail by either protocol."""
        return len({row.address for row in self.mailboxes if not row.is_ok})


@dataclass(frozen=True, slots=True)
class _Target:
    id: int
    address: str
    domain: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    imap_host: str
    imap_port: int
    imap_security: str
    is_receive_only: bool
    login: str
    auth: Auth
    ca_file: str | None
    source_address: str | None
    secret_ciphertext: bytes | None
    wrapped_key: bytes | None


@dataclass(frozen=True, slots=True)
class _Domain:
    id: int
    domain: str
    dkim_selector: str | None
    dkim_key_ciphertext: bytes | None = field(repr=False)
    wrapped_key: bytes | None = field(repr=False)


def check_mailbox(installation: Installation, tenant: Tenant, address: str, *, now: datetime) -> list[CheckRow]:
    """Log in to a mailbox by SMTP and IMAP, keep both answers, and raise or close its alert.

    Nothing is sent, and no flag is touched. A login that works ends the pause of a refused password. A mailbox that only receives is not asked by SMTP. A token source that is being left
    alone is asked all the same, once.

    Args:
        installation: where.
        tenant: whose.
        address: of the mailbox, in any case.
        now: stands in what is written.

    Raises:
        UsageError: the tenant has no such mailbox.
    """
    with installation.database.tenant(tenant.id) as transaction:
        targets = transaction.all("watch/mailboxes_to_check", _Target, address=address.lower())
    if not targets:
        raise UsageError(f"The tenant {tenant.slug} has no mailbox {address!r}: `outreach mailboxes list` names them.")
    return _check_mailbox(installation, tenant, targets[0], now=now, by_hand=True)


def check_domain(
    installation: Installation, tenant: Tenant, domain: str, *, now: datetime, resolver: Resolver | None = None
) -> list[DomainCheckRow]:
    """Ask for SPF, DKIM, DMARC and MX of a sending domain, keep the answers, and raise or close its alerts.

    Args:
        installation: where.
        tenant: whose.
        domain: the sending domain, in any case.
        now: stands in what is written.
        resolver: whom to ask; by default as the settings say.

    Raises:
        UsageError: the tenant has no such sending domain.
        ConfigurationError: there is no name server to ask.
    """
    with installation.database.tenant(tenant.id) as transaction:
        rows = transaction.all("watch/domains_to_check", _Domain, domain=domain.lower())
    if not rows:
        raise UsageError(f"The tenant {tenant.slug} does not send from {domain!r}: `outreach apply` adds domains.")
    resolver = resolver or Resolver(installation.settings.dns_resolver)
    return _check_domain(installation, tenant, rows[0], resolver=resolver, now=now)


def check_health(
    installation: Installation, *, now: datetime, tenant: Tenant | None = None, threads: int = 8
) -> HealthOutcome:
    """Check every mailbox and sending domain of a tenant, or of all, and whether secrets of provider accounts expire.

    Args:
        installation: where.
        now: stands in what is written.
        tenant: only this one's.
        threads: logins at the same time.
    """
    resolver = Resolver(installation.settings.dns_resolver)
    logins: list[Callable[[], list[CheckRow]]] = []
    questions: list[Callable[[], list[DomainCheckRow]]] = []
    for each in [tenant] if tenant else installation.tenants():
        with installation.database.tenant(each.id) as transaction:
            targets = transaction.all("watch/mailboxes_to_check", _Target, address=None)
            domains = transaction.all("watch/domains_to_check", _Domain, domain=None)
        logins += [partial(_check_mailbox, installation, each, target, now=now) for target in targets]
        questions += [
            partial(_check_domain, installation, each, domain, resolver=resolver, now=now) for domain in domains
        ]
    with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="check") as pool:
        mailbox_rows = [row for rows in pool.map(_run, logins) for row in rows]
        domain_rows = [row for rows in pool.map(_run, questions) for row in rows]
    tell_expiring_secrets(installation, now=now)
    return HealthOutcome(mailbox_rows, domain_rows)


def _run(work: Callable[[], list[_Row]]) -> list[_Row]:
    return work()


def _check_mailbox(
    installation: Installation, tenant: Tenant, target: _Target, *, now: datetime, by_hand: bool = False
) -> list[CheckRow]:
    rows = []
    key = MailboxKey(tenant.id, target.id, target.address, target.auth, target.secret_ciphertext, target.wrapped_key)
    try:
        password = key.password(installation.vault)
    except ConfigurationError as error:
        rows = [CheckRow(target.address, protocol, False, "secret", str(error), 0) for protocol in _protocols(target)]
    else:
        logins: dict[Protocol, Callable[[], None]] = {
            "smtp": partial(_log_in_smtp, target, key, password, AccessTokens(installation, by_hand=by_hand)),
            # What the first has asked a token source by hand stands for both.
            "imap": partial(
                _log_in_imap,
                target,
                key,
                password,
                AccessTokens(installation, by_hand=by_hand and target.is_receive_only),
            ),
        }
        rows = [_try(target, protocol, logins[protocol]) for protocol in _protocols(target)]
    with installation.database.tenant(tenant.id) as transaction:
        for row in rows:
            transaction.run(
                "watch/insert_mailbox_check",
                mailbox_id=target.id,
                now=now,
                protocol=row.protocol,
                is_ok=row.is_ok,
                stage=row.stage,
                cause=row.cause,
                duration_ms=row.duration_ms,
            )
            if row.stage == "token":
                # Told once, of the provider account or the grant (access_tokens).
                continue
            _alert(
                transaction,
                cause_key=f"mailbox/{target.address}/{row.protocol}",
                is_ok=row.is_ok,
                title=f"The mailbox {target.address} cannot log in by {row.protocol.upper()}",
                detail=f"It fails at {row.stage}: {row.cause}",
                now=now,
            )
            if row.protocol == "smtp" and row.is_ok:
                take_back(transaction, [target.address], now=now)
    return rows


def _protocols(target: _Target) -> tuple[Protocol, ...]:
    return ("imap",) if target.is_receive_only else ("smtp", "imap")


def _try(target: _Target, protocol: Protocol, log_in: Callable[[], None]) -> CheckRow:
    begun = time.perf_counter()
    stage, cause = "done", ""
    try:
        log_in()
    except OutreachError as error:
        # A handshake that fails inside «connect» is a matter of certificates, not of the network.
        stage = "tls" if cause_of(error, ssl.SSLError) else getattr(error, "stage", "tls")
        cause = str(error)
    return CheckRow(target.address, protocol, not cause, stage, cause, round((time.perf_counter() - begun) * 1000, 1))


def _log_in_smtp(target: _Target, key: MailboxKey, password: str, tokens: AccessTokens) -> None:
    account = SmtpAccount(
        host=target.smtp_host,
        port=target.smtp_port,
        security=target.smtp_security,
        login=target.login,
        secret=password,
        ca_file=target.ca_file,
        helo_name=target.domain,
        auth=target.auth,
        source_address=target.source_address,
    )
    asyncio.run(_open_and_close(account, key, tokens))


async def _open_and_close(account: SmtpAccount, key: MailboxKey, tokens: AccessTokens) -> None:
    session = await open_smtp(
        account, tokens, tenant_id=key.tenant_id, mailbox_id=key.id, timeouts=Timeouts.of(_TIMEOUT_SECONDS)
    )
    await session.close()
    session.abandon()


def _log_in_imap(target: _Target, key: MailboxKey, password: str, tokens: AccessTokens) -> None:
    account = ImapAccount(
        target.imap_host,
        target.imap_port,
        target.imap_security,
        target.login,
        password,
        target.ca_file,
        target.auth,
    )
    with open_imap(
        account, tokens, tenant_id=key.tenant_id, mailbox_id=key.id, timeout_seconds=_TIMEOUT_SECONDS
    ) as session:
        session.open("INBOX")


def _check_domain(
    installation: Installation, tenant: Tenant, row: _Domain, *, resolver: Resolver, now: datetime
) -> list[DomainCheckRow]:
    verdicts = _ask(row, resolver, ours=_published(installation, tenant, row))
    with installation.database.tenant(tenant.id) as transaction:
        for subject, verdict in verdicts.items():
            transaction.run(
                "watch/insert_domain_check",
                sending_domain_id=row.id,
                now=now,
                subject=subject,
                result=verdict.result,
                detail=verdict.detail,
            )
            if verdict.result != "unknown":
                _alert(
                    transaction,
                    cause_key=f"domain/{row.domain}/{subject}",
                    is_ok=verdict.result != "fail",
                    title=f"The {subject.upper()} record of {row.domain} is missing or wrong",
                    detail=verdict.detail,
                    now=now,
                )
        transaction.run(
            "watch/note_authentication",
            sending_domain_id=row.id,
            subjects=list(_AUTHENTICATION),
            results=[verdicts[subject].result for subject in _AUTHENTICATION],
        )
    return [
        DomainCheckRow(row.domain, subject, verdict.result, verdict.detail) for subject, verdict in verdicts.items()
    ]


def _published(installation: Installation, tenant: Tenant, row: _Domain) -> frozenset[str] | DomainVerdict:
    """Return what DNS may say of the key that we sign with; nothing if the provider signs."""
    if row.dkim_key_ciphertext is None or row.wrapped_key is None:
        return frozenset()
    try:
        key = open_key(
            installation.vault.decrypt(
                row.dkim_key_ciphertext,
                wrapped_key=row.wrapped_key,
                owner=str(tenant.id),
                purpose=f"dkim {row.domain}",
            )
        )
    except ConfigurationError as error:
        return DomainVerdict("fail", f"Nothing of this domain is sent: {error}")
    return key.published


def _ask(row: _Domain, resolver: Resolver, *, ours: frozenset[str] | DomainVerdict) -> dict[Subject, DomainVerdict]:
    organisation = PublicSuffixList().privatesuffix(row.domain) or row.domain
    selector = row.dkim_selector
    mx = resolver.mx([row.domain])[row.domain]
    return {
        "spf": judge_spf(resolver.txt(row.domain)),
        "dkim": ours
        if isinstance(ours, DomainVerdict)
        else judge_dkim(
            resolver.txt(f"{selector}._domainkey.{row.domain}") if selector else None, selector=selector, ours=ours
        ),
        "dmarc": judge_dmarc(
            resolver.txt(f"_dmarc.{row.domain}"),
            organisation_records=() if organisation == row.domain else resolver.txt(f"_dmarc.{organisation}"),
        ),
        "mx": judge_mx(state=mx.state, hosts=mx.hosts, problem=mx.problem),
    }


def _alert(transaction: Transaction, *, cause_key: str, is_ok: bool, title: str, detail: str, now: datetime) -> None:
    if is_ok:
        resolve_alert(transaction, cause_key=cause_key, now=now)
    else:
        raise_alert(transaction, cause_key=cause_key, severity="error", title=title, detail=detail, now=now)
