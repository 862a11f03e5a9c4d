"""Is this installation ready to send? Every finding with its cure.

Belongs here: what is looked at and what the cure is. Does not: logging in to mailboxes or asking for the records of sending
domains (health_check does, and its last results are read here).
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import urlsplit

from outreach_pipeline.adapters.link_hosts import LinkAnswer, ask_link_hosts
from outreach_pipeline.adapters.tls import tls_context
from outreach_pipeline.core.errors import OutreachError
from outreach_pipeline.core.oauth import SourceKind, cure
from outreach_pipeline.workflows.doctor_reading import model_works, readings
from outreach_pipeline.workflows.expiring_secrets import EXPIRES_SOON
from outreach_pipeline.workflows.finding import Finding
from outreach_pipeline.workflows.installation import Installation, Tenant, check_master_key
from outreach_pipeline.workflows.judge_intents import model_of
from outreach_pipeline.workflows.resolve_sites import open_resolver
from outreach_pipeline.workflows.rotation import cure_of, mailboxes_out, what_of
from outreach_pipeline.workflows.schema import check_schema

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_MOST_SKEW = timedelta(seconds=2)
_STALE_CHECK = timedelta(days=2)
# An SMTP and an IMAP connection a mailbox, and what the process itself needs.
_FILES_A_MAILBOX = 2
_FILES_OF_ITS_OWN = 200
_COPIES_THAT_TELL = 3
# By the stage at which the last check of a login failed.
_CURES_OF_STAGES = {
    "secret": "apply its password again (password_env)",
    "token": "see the OAuth of its provider account and its refresh_token_env",
    "connect": "see that host and port are right and can be reached from here",
    "tls": "see that security fits the port, and that the certificate is good or ca_file names its authority",
    "auth": "apply the right login and password, or allow the login at the provider",
    "select": "see that the login may open its INBOX",
}


def examine(installation: Installation, *, now: datetime) -> list[Finding]:
    """Look at everything and return the findings, problems first. Never raises for what it finds."""
    basics = list(_basics(installation))
    if not any(each.subject in {"schema", "database"} and each.level == "problem" for each in basics):
        basics += _operator(installation, now)
        for tenant in installation.tenants():
            basics += _tenant(installation, tenant, now)
            basics += readings(installation, tenant)
        if (model := model_of(installation.settings)[0]) is not None:
            basics += model_works(installation, model, now=now)
        basics += _links(installation)
    order = {"problem": 0, "warning": 1, "ok": 2}
    return sorted(basics, key=lambda each: order[each.level])


def _basics(installation: Installation) -> Iterator[Finding]:
    settings = installation.settings
    home = settings.home.expanduser().resolve()
    if os.access(home if home.exists() else home.parent, os.W_OK):
        yield Finding("ok", "home", f"{home} can be written to")
    else:
        yield Finding("problem", "home", f"{home} cannot be written to", "give it to the user that runs the platform")
    yield from _public_url(settings.gateway_url)
    if not settings.notify_webhook_url and not settings.notify_mail_url:
        cure = "set OUTREACH_NOTIFY_WEBHOOK_URL or OUTREACH_NOTIFY_MAIL_URL"
        yield Finding("warning", "alerts", "nobody is told of alerts outside the UI", cure)
    model, problem = model_of(settings)
    if problem:
        what, _, cure = problem.partition(": ")
        yield Finding("warning", "model", f"it is off: {what}", cure.rstrip("."))
    elif model is not None:
        yield Finding("ok", "model", f"{model.name} is asked about replies that rules are unsure of")
    else:
        yield Finding(
            "ok", "model", "it is off: replies that rules are unsure of are left to people",
            "to switch it on, set OUTREACH_LLM_URL, OUTREACH_LLM_MODEL, OUTREACH_LLM_INPUT_PRICE and OUTREACH_LLM_OUTPUT_PRICE",
        )  # fmt: skip
    yield _judged("schema", "the schema is this version's", lambda: check_schema(installation.database))
    if settings.secret_key is None:
        yield Finding(
            "warning", "secret key", f"the key is the file {home / 'secret.key'}, beside the data that it protects",
            "keep a copy elsewhere, or set OUTREACH_SECRET_KEY (file:PATH or command:WORDS)",
        )  # fmt: skip
    yield from _clock(installation)


def _public_url(url: str) -> Iterator[Finding]:
    parts = urlsplit(url)
    if parts.hostname in _LOOPBACK:
        yield Finding(
            "warning",
            "public URL",
            f"{url} is reachable from this machine only",
            "set OUTREACH_PUBLIC_URL to an https URL",
        )
    elif parts.scheme != "https":
        yield Finding("problem", "public URL", f"{url} is not https", "put a TLS proxy before the gateway and name it")
    else:
        yield Finding("ok", "public URL", url)


def _clock(installation: Installation) -> Iterator[Finding]:
    try:
        with installation.database.operator() as transaction:
            skew = abs(transaction.value("doctor/clock") - datetime.now(UTC))
            mighty = transaction.values("doctor/mighty_roles")
    except OutreachError as error:
        yield Finding("problem", "database", str(error), "see that it is up and OUTREACH_DATABASE_URL is right")
        return
    if skew > _MOST_SKEW:
        yield Finding(
            "warning", "clock", f"this machine and the database differ by {skew}", "let both keep time by NTP"
        )
    else:
        yield Finding("ok", "clock", "this machine and the database agree")
    for role in mighty:
        yield Finding(
            "problem", f"role {role}", "it can pass row-level security", f"alter role {role} nosuperuser nobypassrls"
        )
    if not mighty:
        yield Finding("ok", "roles", "none can pass row-level security")


def _operator(installation: Installation, now: datetime) -> Iterator[Finding]:
    yield _judged("secret key", "it is the one of this database", lambda: check_master_key(installation))
    with installation.database.operator() as transaction:
        accounts = transaction.rows("doctor/provider_accounts")
        mailboxes = sum(row["mailbox_count"] for row in transaction.rows("config/lane_sizes"))
        breakers = transaction.rows("shaping/open_breakers")
    for breaker in breakers:
        yield Finding(
            "problem",
            f"host {breaker['host']}",
            f"{breaker['state']} since {breaker['opened_at']:%Y-%m-%d %H:%M} UTC, {breaker['consecutive_failures']} failures"
            f" in a row: {breaker['cause']}",
            f"see that it answers; it is tried again at {breaker['retry_at']:%H:%M} UTC",
        )
    for account in accounts:
        subject = f"provider account {account['name']}"
        if account["state"] == "failing":
            what = f"failing: {account['state_cause']}"
            yield Finding("problem", subject, what, "see that its endpoint can be reached; it is asked again by itself")
        elif account["state"] != "active":
            what = f"{account['state']}, and nothing of its mailboxes is sent (grant_revoked): {account['state_cause']}"
            yield _token_problem(subject, account["oauth_kind"], what)
        expires = account["secret_expires_at"]
        if expires is not None and expires <= now + EXPIRES_SOON:
            ends = "expired" if expires <= now else "expires"
            yield Finding(
                "warning",
                subject,
                f"its secret {ends} on {expires:%Y-%m-%d}",
                "make a new one at the provider, apply it",
            )
        if account["provider"] == "microsoft_365":
            yield Finding(
                "warning", subject, "Microsoft discourages bulk commercial mail from Microsoft 365 mailboxes",
                "keep volumes low, or send from a provider that is meant for it",
            )  # fmt: skip
    wanted = _FILES_OF_ITS_OWN + _FILES_A_MAILBOX * mailboxes
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        yield Finding(
            "warning",
            "open files",
            f"{soft} may be open, {mailboxes} mailboxes may need {wanted}",
            f"ulimit -n {wanted}",
        )
    else:
        yield Finding("ok", "open files", f"enough for {mailboxes} mailboxes")


def _tenant(installation: Installation, tenant: Tenant, now: datetime) -> Iterator[Finding]:
    if not tenant.postal_address.strip():
        yield Finding(
            "problem", f"tenant {tenant.slug}", "no postal address", "apply one: the law asks for it in each mail"
        )
    if tenant.state != "active":
        yield Finding("warning", f"tenant {tenant.slug}", tenant.state, f"outreach resume tenant {tenant.slug}")
    with installation.database.tenant(tenant.id) as transaction:
        campaigns = transaction.rows("doctor/campaigns")
        mailboxes = transaction.rows("doctor/mailbox_checks")
        domains = transaction.rows("doctor/domain_checks")
        revoked = transaction.rows("oauth/revoked_mailboxes")
        copies = transaction.rows("doctor/sent_copies", now=now)
        out = mailboxes_out(transaction, None, now=now)
    if not mailboxes:
        yield Finding("warning", f"tenant {tenant.slug}", "no mailbox", "apply or import some")
    for row in campaigns:
        if not row["sending_mailboxes"]:
            subject = f"campaign {row['slug']} of {tenant.slug}"
            yield Finding("problem", subject, "no mailbox in its pool may send", "give it mailboxes, or pause it")
    for row in revoked:
        what = f"gets no token, and nothing of it is sent (grant_revoked): {row['cause']}"
        yield _token_problem(f"mailbox {row['address']}", row["kind"], what, is_of_mailbox=True)
    yield from (_out(row) for row in out)
    for row in mailboxes:
        yield _mailbox(row, tenant, now)
    for row in domains:
        yield _domain(row, tenant, now)
    for row in copies:
        yield from _sent_copy(row)


def _sent_copy(row: Mapping[str, Any]) -> Iterator[Finding]:
    """Hold what a mailbox says of its Sent folder against what readings have found there."""
    subject = f"mailbox {row['address']}, sent_copy: {row['sent_copy']}"
    if row["sent_copy"] == "server" and row["sent"] >= _COPIES_THAT_TELL and not row["with_copy"]:
        yield Finding(
            "problem", subject, f"none of {row['sent']} messages of the last day lies in Sent",
            "write sent_copy: append (or none): unknown outcomes would be taken for failures",
        )  # fmt: skip
    files_itself = row["with_copy"] if row["sent_copy"] == "none" else row["were_there"]
    if row["sent_copy"] != "server" and files_itself >= _COPIES_THAT_TELL:
        yield Finding(
            "warning", subject, f"the server has filed {files_itself} copies itself", "write sent_copy: server"
        )
    if row["given_up"]:
        yield Finding(
            "warning", subject, f"{row['given_up']} copies of the last day were given up: {row['cause']}",
            "mend the cause; what was sent is sent, and only its copy is missing",
        )  # fmt: skip


def _token_problem(subject: str, kind: SourceKind, what: str, *, is_of_mailbox: bool = False) -> Finding:
    return Finding("problem", subject, what, cure(kind, is_of_mailbox=is_of_mailbox))


def _out(row: Mapping[str, Any]) -> Finding:
    what = f"out of rotation ({row['paused_reason']}): {what_of(row)}"
    return Finding("problem", f"mailbox {row['address']}, sending", what, cure_of(row))


def _mailbox(row: Mapping[str, Any], tenant: Tenant, now: datetime) -> Finding:
    subject = f"mailbox {row['address']}"
    command = f"outreach check mailbox {row['address']} --tenant {tenant.slug}"
    if row["protocol"] is None:
        return Finding("warning", subject, "never checked", command)
    subject = f"{subject}, {row['protocol']}"
    if not row["is_ok"]:
        cure = f"{_CURES_OF_STAGES.get(row['stage'], 'mend what it says')}, then {command}"
        return Finding("problem", subject, f"fails at {row['stage']}: {row['cause']}", cure)
    return _fresh(subject, row["checked_at"], now, command)


def _domain(row: Mapping[str, Any], tenant: Tenant, now: datetime) -> Finding:
    subject = f"domain {row['domain']}"
    command = f"outreach check domain {row['domain']} --tenant {tenant.slug}"
    if row["subject"] is None:
        return Finding("warning", subject, "never checked", command)
    subject = f"{subject}, {row['subject']}"
    if row["result"] == "pass":
        return _fresh(subject, row["checked_at"], now, command)
    level: Literal["warning", "problem"] = "problem" if row["result"] == "fail" else "warning"
    return Finding(level, subject, row["detail"] or row["result"], f"mend its DNS, then {command}")


def _fresh(subject: str, checked_at: datetime, now: datetime, command: str) -> Finding:
    if checked_at < now - _STALE_CHECK:
        return Finding("warning", subject, f"last checked at {checked_at:%Y-%m-%d %H:%M} UTC", command)
    return Finding("ok", subject, "works")


def _judged(subject: str, fine: str, look: Callable[[], None]) -> Finding:
    try:
        look()
    except OutreachError as error:
        what, _, cure = str(error).partition(": ")
        return Finding("problem", subject, what, cure)
    return Finding("ok", subject, fine)


def _links(installation: Installation) -> Iterator[Finding]:
    """Ask the link host of each sending domain in use for its opt-out page, as a recipient's browser would."""
    hosts: dict[str, str] = {}
    for tenant in installation.tenants():
        with installation.database.tenant(tenant.id) as transaction:
            hosts |= {row["link_host"]: row["domain"] for row in transaction.rows("doctor/link_hosts")}
    if not hosts:
        return
    if (resolver := open_resolver(installation.settings)) is None:
        what = f"{len(hosts)} link hosts were not asked, since OUTREACH_DNS_RESOLVER is offline"
        yield Finding("warning", "link hosts", what, "unset it, and run outreach doctor again")
        return
    addresses = resolver.addresses(hosts)
    known = {
        host: found for host, found in addresses.items() if any(not ip_address(each).is_loopback for each in found)
    }
    answers = ask_link_hosts(known, context=tls_context(None))
    for host, domain in sorted(hosts.items()):
        yield judge_link(host, domain, addresses=addresses[host], answer=answers.get(host))


def judge_link(host: str, domain: str, *, addresses: Sequence[str], answer: LinkAnswer | None) -> Finding:
    """Say whether a link host leads to the gateway.

    From inside it may look otherwise than from outside (split DNS), so nothing here is more than a warning.

    Args:
        host: the link host.
        domain: its sending domain.
        addresses: of the host, as this installation's name server says.
        answer: None if it was not asked, since it has no address but loopback.
    """
    subject, outside = f"link host {host} of {domain}", f"from elsewhere: curl -i https://{host}/u/"
    if not addresses:
        cure = f"make a DNS record of {host} that leads to your TLS proxy"
        return Finding(
            "warning", subject, "has no address here: opt-out links lead nowhere", f"{cure}, or ask {outside}"
        )
    if answer is None:
        what = f"is {', '.join(addresses)}, this machine itself (loopback): no recipient reaches it"
        return Finding("warning", subject, what, f"let its DNS record name your TLS proxy, or ask {outside}")
    if answer.status is None:
        what = f"cannot be reached from here: {answer.problem}"
        return Finding(
            "warning", subject, what, f"see that your TLS proxy answers there with a good certificate, or ask {outside}"
        )
    if not answer.is_gateway or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        what = f"answers {answer.status}, but it is not the gateway that answers"
        cure = "let your TLS proxy hand /u/ and /webhooks/, with the Host header as it came, to the gateway"
        return Finding("warning", subject, what, f"{cure}, and see that it is up")
    return Finding("ok", subject, "leads to the gateway")
