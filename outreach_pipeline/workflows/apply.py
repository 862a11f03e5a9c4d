"""Makes an installation be as a configuration says: tenants as the owner, everything else as the app with the tenant set.

Everything is checked before anything is written, a tenant is one transaction, and what the file does not name stays.
Belongs here: the order of it. Does not: the file (core.configuration_file), the comparison (core.configuration_diff), rows
(configured_objects).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from outreach_pipeline.adapters.postgres.database import Database, Transaction
from outreach_pipeline.core.configuration import Configuration, Mailbox, TenantSection
from outreach_pipeline.core.configuration_diff import Change, Objects, account_objects, differences, tenant_objects
from outreach_pipeline.core.configuration_operator import RateLimit, ShapingRule
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.oauth import SourceKind
from outreach_pipeline.core.send.limits import usual_burst
from outreach_pipeline.workflows.attachments import fields_of, keep_files, read_files
from outreach_pipeline.workflows.authority_files import with_authority_files
from outreach_pipeline.workflows.configured_accounts import read_accounts, write_accounts
from outreach_pipeline.workflows.configured_objects import as_json, read_objects, write_audit_log, write_objects
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.role_urls import analyst_login, analyst_password, role_url


def apply_configuration(
    installation: Installation,
    document: Configuration,
    *,
    dry_run: bool = False,
    author: str = "apply",
    folder: Path | None = None,
) -> list[Change]:
    """Apply a configuration and return every change, also what is kept since the file does not name it.

    Applying the same file again changes nothing. ``dry_run`` returns the same changes and writes nothing; ``author`` stands in
    the audit log; ``folder`` is where the file lies, beside the files that steps and mailboxes name (None: the working folder).

    Raises:
        ConfigurationError: the file contradicts what is there (a domain of another tenant, a mailbox without a password), a
            file that it names is missing or of no use, or tenants are to change and the owner's database URL is not set; nothing was written.
        TransientError: the blob store takes no files; that tenant and those after it are as they were.
    """
    folder = folder or Path()
    files = read_files(document, folder=folder)
    document = with_authority_files(document, folder=folder)
    tenant_changes, tenant_ids = _tenant_changes(installation, document)
    operator_changes, sources = _operator_changes(installation, document)
    problems: list[str] = list(_source_problems(document, sources))
    kinds = {name: fields["oauth_kind"] for (_, name), fields in sources.items()}
    kinds |= {each.name: each.oauth.kind for each in document.provider_accounts if each.oauth}
    object_changes: list[Change] = []
    for number, section in enumerate(document.tenants):
        current = _current_objects(installation, tenant_ids.get(section.slug))
        wanted = _wanted_objects(section, current, files)
        place = f"tenants[{number}]"
        problems += _problems(installation, section, place, tenant_ids.get(section.slug))
        problems += _secret_problems(section.mailboxes, place, current, kinds)
        object_changes += differences(section.slug, current, wanted)
    if problems:
        raise ConfigurationError(*problems)
    if not dry_run:
        if tenant_changes:
            tenant_ids |= _write_tenants(installation, document, tenant_changes, author)
        if operator_changes:
            _write_operator_rows(installation, document, operator_changes, author)
        object_changes = []
        for section in document.tenants:
            keep_files(installation.blobs, tenant_ids[section.slug], section, files)
            with installation.database.tenant(tenant_ids[section.slug]) as transaction:
                object_changes += _apply_tenant(transaction, installation, section, files, author)
    return [*tenant_changes, *operator_changes, *object_changes]


def _tenant_changes(installation: Installation, document: Configuration) -> tuple[list[Change], dict[str, UUID]]:
    with installation.database.operator() as transaction:
        rows = transaction.rows("config/tenants")
    ids = {row["slug"]: row["id"] for row in rows}
    keys = ("name", "time_zone", "plan_at", "postal_address", "source_address")
    current: Objects = {("tenant", row["slug"]): {key: row[key] for key in keys} for row in rows}
    wanted: Objects = {("tenant", each.slug): {key: getattr(each, key) for key in keys} for each in document.tenants}
    return differences(None, current, wanted), ids


def _write_tenants(
    installation: Installation, document: Configuration, changes: list[Change], author: str
) -> dict[str, UUID]:
    changed = {change.name for change in changes if change.writes}
    if not changed:
        return {}
    rows = [
        each.model_dump(include={"slug", "name", "time_zone", "plan_at", "postal_address", "source_address"})
        for each in document.tenants
        if each.slug in changed
    ]
    with Database(role_url(installation, "owner"), max_size=1) as database, database.operator() as transaction:
        transaction.rows("config/lock")
        ids = {row["slug"]: row["id"] for row in transaction.rows("config/put_tenants", rows=as_json(rows))}
        for slug, tenant_id in ids.items():
            transaction.rows(
                "config/make_analyst",
                login=analyst_login(slug),
                password=analyst_password(installation, slug),
                analyst_tenant_id=tenant_id,
            )
        write_audit_log(transaction, author=author, action="apply", changes=changes)
    return ids


def _operator_changes(installation: Installation, document: Configuration) -> tuple[list[Change], Objects]:
    """Return the changes, and the provider accounts as they are."""
    with installation.database.operator() as transaction:
        accounts = read_accounts(transaction, installation)
        limits = {row.pop("name"): row for row in transaction.rows("config/rate_limits")}
        hosts = {row.pop("name"): row for row in transaction.rows("config/provider_hosts")}
        rules = {
            row["name"]: {field: value for field, value in row.items() if field not in {"name", "version"}}
            for row in transaction.rows("shaping/rules")
        }
    unknown = [each.name for each in document.shaping_rules if not each.is_a_whole_rule and each.name not in rules]
    if unknown:
        raise ConfigurationError(
            *(
                f"shaping_rules: there is no rule {name!r} to turn on or off: name one of {', '.join(rules)}."
                for name in unknown
            )
        )
    current: Objects = {**accounts}
    current |= {("rate_limit", name): row for name, row in limits.items()}
    current |= {("provider_host", name): row for name, row in hosts.items()}
    current |= {("shaping_rule", name): row for name, row in rules.items()}
    wanted = account_objects(document.provider_accounts)
    wanted |= {("rate_limit", f"{each.scope} {each.key}"): _limit_fields(each) for each in document.rate_limits}
    wanted |= {("provider_host", each.host): each.model_dump(exclude={"host"}) for each in document.provider_hosts}
    wanted |= {("shaping_rule", each.name): _rule_fields(each) for each in document.shaping_rules}
    # Rows that the running platform made from a default are no one's to keep or miss.
    return differences(None, current, wanted, names_kept=False), accounts


def _write_operator_rows(
    installation: Installation, document: Configuration, changes: list[Change], author: str
) -> None:
    changed = {(change.kind, change.name) for change in changes}
    limits = [
        {"scope": each.scope, "key": each.key, **_limit_fields(each)}
        for each in document.rate_limits
        if ("rate_limit", f"{each.scope} {each.key}") in changed
    ]
    rules = [
        {"name": each.name, **_rule_fields(each)}
        for each in document.shaping_rules
        if ("shaping_rule", each.name) in changed
    ]
    hosts = [
        {"name": each.host, **each.model_dump(exclude={"host"})}
        for each in document.provider_hosts
        if ("provider_host", each.host) in changed
    ]
    with installation.database.operator() as transaction:
        if hosts:
            transaction.run("config/put_provider_hosts", rows=as_json(hosts))
        if rules:
            transaction.run("config/put_shaping_rules", rows=as_json(rules))
        write_accounts(transaction, installation, wanted=account_objects(document.provider_accounts), changes=changes)
        if limits:
            transaction.run("config/put_rate_limits", rows=as_json(limits))
        write_audit_log(transaction, author=author, action="apply", changes=changes)


def _limit_fields(limit: RateLimit) -> dict[str, Any]:
    count, seconds = limit.rate()
    burst = limit.burst or usual_burst(count, seconds)
    return {"message_count": count, "per_seconds": seconds, "burst": burst, "in_flight": limit.in_flight}


def _rule_fields(rule: ShapingRule) -> dict[str, Any]:
    if not rule.is_a_whole_rule:
        return {"is_enabled": rule.is_enabled}
    fields = rule.model_dump(exclude={"name", "match"})
    match = rule.match.model_dump(exclude_defaults=True) if rule.match else {}
    # As JSON has them, in one order: a set has none.
    return {
        **fields,
        "match": {name: value if isinstance(value, str) else sorted(value) for name, value in match.items()},
    }


def _apply_tenant(
    transaction: Transaction,
    installation: Installation,
    section: TenantSection,
    files: Mapping[str, bytes],
    author: str,
) -> list[Change]:
    transaction.rows("config/lock")
    current = read_objects(transaction, installation)
    wanted = _wanted_objects(section, current, files)
    changes = differences(section.slug, current, wanted)
    write_objects(transaction, installation, wanted=wanted, changes=changes)
    write_audit_log(transaction, author=author, action="apply", changes=changes)
    return changes


def _current_objects(installation: Installation, tenant_id: UUID | None) -> Objects:
    if tenant_id is None:
        return {}
    with installation.database.tenant(tenant_id) as transaction:
        return read_objects(transaction, installation)


def _wanted_objects(section: TenantSection, current: Objects, files: Mapping[str, bytes]) -> Objects:
    sending = [name for (kind, name), each in current.items() if kind == "mailbox" and not each["is_receive_only"]]
    return tenant_objects(section, current=current, known_mailboxes=sending, files=fields_of(files))


def _source_problems(document: Configuration, current: Objects) -> Iterator[str]:
    for number, account in enumerate(document.provider_accounts):
        source = account.oauth
        known = current.get(("provider_account", account.name), {})
        if source is None or source.kind == "refresh_token" or source.secret is not None:
            continue
        if "secret" not in known or known["oauth_kind"] != source.kind:
            yield f"provider_accounts[{number}].oauth.secret: is missing for the new source: give secret or secret_env."


def _secret_problems(
    mailboxes: Iterable[Mailbox], place: str, current: Objects, kinds: Mapping[str, SourceKind | None]
) -> Iterator[str]:
    for number, mailbox in enumerate(mailboxes):
        known = current.get(("mailbox", mailbox.address), {})
        field = "password" if mailbox.auth == "password" else "refresh_token"
        missing = mailbox.missing_secret(source=kinds.get(mailbox.provider_account or ""), is_known=field in known)
        if missing:
            yield f"{place}.mailboxes[{number}].{missing[0]}: {missing[1]}"


def _problems(installation: Installation, section: TenantSection, place: str, tenant_id: UUID | None) -> Iterator[str]:
    domains: Iterable[str] = [each.domain for each in section.sending_domains]
    with installation.database.operator() as transaction:
        foreign = transaction.values("config/domains_of_others", domains=domains, claimant_id=tenant_id)
    for number, domain in enumerate(section.sending_domains):
        if domain.domain in foreign:
            yield (
                f"{place}.sending_domains[{number}].domain: {domain.domain} belongs to another tenant of this installation: "
                "a sending domain has one."
            )
