"""What has to change for a tenant to be as the configuration says.

An installation's objects are compared as plain fields under (kind, name), with references by name, so that what is read
from the database and what the file wants have one shape. Belongs here: that shape and the comparison. Does not: reading or
writing rows (workflows.apply).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import SecretStr, ValidationError

from outreach_pipeline.core.configuration import Campaign, Mailbox, SendingDomain, TenantSection, WebhookSource
from outreach_pipeline.core.configuration_operator import ProviderAccount
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.plan.inputs import DEFAULT_POLICY
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.core.plan.warmup import PRESETS, SOURCES

Kind = Literal[
    "tenant", "provider_account", "provider_host", "rate_limit", "shaping_rule", "sending_policy", "warmup_curve", "webhook_source", "sending_domain",
    "mailbox", "campaign",
]  # fmt: skip
Objects = dict[tuple[Kind, str], dict[str, Any]]
SECRET_FIELDS = frozenset({"password", "refresh_token", "secret", "dkim_key"})
HIDDEN = "(secret)"


@dataclass(frozen=True, slots=True)
class Change:
    """One object that is made, changed, or left alone because the file does not name it.

    Attributes:
        tenant: its tenant's slug, None for what is the operator's.
        fields: each field's value before and after; a secret's values are hidden.
    """

    tenant: str | None
    kind: Kind
    name: str
    action: Literal["create", "update", "keep"]
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether anything is written for it."""
        return self.action != "keep"


def differences(tenant: str | None, current: Objects, wanted: Objects, *, names_kept: bool = True) -> list[Change]:
    """Compare; a field that ``wanted`` does not have is left as it is, an object that it does not have is kept.

    ``tenant`` is the slug that the changes carry; ``names_kept`` tells whether objects that only ``current`` has are reported.
    """
    changes = []
    for (kind, name), fields in wanted.items():
        before = current.get((kind, name))
        changed = {
            key: (HIDDEN if before and key in before else None, HIDDEN)
            if key in SECRET_FIELDS
            else (before.get(key) if before else None, value)
            for key, value in fields.items()
            if (before is None and value is not None) or (before is not None and before.get(key) != value)
        }
        if before is None or changed:
            changes.append(Change(tenant, kind, name, "create" if before is None else "update", changed))
    if names_kept:
        changes += [Change(tenant, *key, "keep") for key in current if key not in wanted]
    return changes


def policy_fields(policy: SendingPolicy) -> dict[str, Any]:
    """Return a policy's fields as they stand in the database."""
    return {**policy.model_dump(mode="json"), "working_days": sorted(policy.working_days)}


def policy_objects(policies: Mapping[str, SendingPolicy], current: Objects) -> Objects:
    """Return a tenant's policies as fields, the named ones completed by the default one.

    Named ones that only ``current`` has are among them where they start from a default policy that the file gives anew.

    Raises:
        ConfigurationError: fields that a policy names and those of the default one do not go together.
    """
    kind: Kind = "sending_policy"
    known = current.get((kind, DEFAULT_POLICY), policy_fields(SendingPolicy()))
    default = policy_fields(policies[DEFAULT_POLICY]) if DEFAULT_POLICY in policies else known
    named = {
        name: {field: value for field, value in policy_fields(policy).items() if field in policy.model_fields_set}
        for name, policy in policies.items()
    }
    for (each, name), fields in current.items():
        if each == kind and DEFAULT_POLICY in policies and fields.get("own_fields") is not None:
            named.setdefault(name, {field: fields[field] for field in fields["own_fields"]})
    named.pop(DEFAULT_POLICY, None)
    objects: Objects = {(kind, DEFAULT_POLICY): default} if DEFAULT_POLICY in policies else {}
    problems = []
    for name, own in named.items():
        try:
            whole = SendingPolicy.model_validate({**default, **own})
        except ValidationError as error:
            problems += [f"policies.{name}, with what it takes from default: {e['msg']}." for e in error.errors()]
            continue
        objects[kind, name] = {**policy_fields(whole), "own_fields": sorted(own)}
    if problems:
        raise ConfigurationError(*problems)
    return objects


def account_objects(accounts: Iterable[ProviderAccount]) -> Objects:
    """Return provider accounts as fields; one without an ``oauth`` section says nothing of its token source."""
    return {("provider_account", each.name): _account_fields(each) for each in accounts}


def mailbox_objects(mailboxes: Iterable[Mailbox]) -> Objects:
    """Return mailboxes as fields."""
    return {("mailbox", mailbox.address): _mailbox_fields(mailbox) for mailbox in mailboxes}


def tenant_objects(
    section: TenantSection,
    *,
    current: Objects,
    known_mailboxes: Iterable[str],
    files: Mapping[str, Mapping[str, Any]],
) -> Objects:
    """Return everything that the file says of a tenant, and the named policies of ``current`` that follow from it.

    ``known_mailboxes`` are the addresses of sending mailboxes that exist already: a campaign with ``mailboxes: all`` has them
    too. ``files`` are ``sha256`` and ``size_bytes`` of the files that steps name.

    Raises:
        ConfigurationError: see ``policy_objects``.
    """
    everyone = set(known_mailboxes) | {each.address for each in section.mailboxes}
    everyone -= {each.address for each in section.mailboxes if each.receive_only}
    curves: dict[str, list[int]] = {name: list(curve) for name, curve in section.warmup_curves.items()}
    objects = policy_objects(section.policies, current)
    objects |= {("warmup_curve", name): {"messages_per_day": curve, "source": ""} for name, curve in curves.items()}
    objects |= preset_curves(section.mailboxes, own=frozenset(curves))
    objects |= {("webhook_source", name): _source_fields(source) for name, source in section.webhook_sources.items()}
    objects |= {("sending_domain", each.domain): _domain_fields(each) for each in section.sending_domains}
    objects |= mailbox_objects(section.mailboxes)
    objects |= {("campaign", each.slug): _campaign_fields(each, everyone, files) for each in section.campaigns}
    return objects


def preset_curves(mailboxes: Iterable[Mailbox], *, own: frozenset[str]) -> Objects:
    """Return the warm-up presets that mailboxes name and the tenant has no curve of its own for."""
    named = sorted({each.warmup_curve for each in mailboxes if each.warmup_curve} - own)
    return {
        ("warmup_curve", name): {"messages_per_day": list(PRESETS[name]), "source": SOURCES[name]}
        for name in named
        if name in PRESETS
    }


def _named_policy(name: str | None) -> str | None:
    # 'default' applies wherever nothing is named, also if the tenant gives it no numbers of its own.
    return None if name == "default" else name


def _secret(name: str, value: SecretStr | None) -> dict[str, str]:
    return {} if value is None else {name: value.get_secret_value()}


def _account_fields(account: ProviderAccount) -> dict[str, Any]:
    fields = account.model_dump(exclude={"name", "oauth"})
    source = account.oauth
    if source is None:
        return fields
    return {
        **fields,
        "oauth_kind": source.kind,
        "oauth_client_id": source.client_id,
        "oauth_directory_id": source.directory_id,
        "oauth_token_url": source.token_url,
        "oauth_scope": source.scope,
        "secret_expires_on": source.secret_expires_on,
        **_secret("secret", source.secret),
    }


def _source_fields(source: WebhookSource) -> dict[str, Any]:
    return _secret("secret", source.secret)


def _domain_fields(domain: SendingDomain) -> dict[str, Any]:
    return {
        "link_host": domain.link_host,
        "messages_per_day": domain.messages_per_day,
        "dkim_selector": domain.dkim_selector,
        **_secret("dkim_key", domain.dkim_key),
    }


def _mailbox_fields(mailbox: Mailbox) -> dict[str, Any]:
    return {
        "display_name": mailbox.display_name,
        "provider_account": mailbox.provider_account,
        "policy": _named_policy(mailbox.policy),
        "warmup_curve": mailbox.warmup_curve,
        "warmup_days_before": mailbox.warmup_days_before,
        "messages_per_day": mailbox.messages_per_day,
        "smtp_host": mailbox.smtp.host,
        "smtp_port": mailbox.smtp.port,
        "smtp_security": mailbox.smtp.security,
        "imap_host": mailbox.imap.host,
        "imap_port": mailbox.imap.port,
        "imap_security": mailbox.imap.security,
        "login": mailbox.login or mailbox.address,
        "auth": mailbox.auth,
        "ca_file": mailbox.ca_file,
        "sent_copy": mailbox.sent_copy,
        "is_receive_only": mailbox.receive_only,
        "is_probe_target": mailbox.probe_target,
        "folders": mailbox.folders,
        "uses_idle": mailbox.idle,
        "reply_to": mailbox.reply_to,
        **_secret("password", mailbox.password),
        **_secret("refresh_token", mailbox.refresh_token),
    }


def _campaign_fields(campaign: Campaign, everyone: set[str], files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "title": campaign.name,
        "priority": campaign.priority,
        "share": campaign.share,
        "policy": _named_policy(campaign.policy),
        "accepted_lawful_bases": sorted(set(campaign.accepted_lawful_bases)),
        "accepted_jurisdictions": sorted(set(campaign.accepted_jurisdictions)),
        "stops_company_on_reply": campaign.stops_company_on_reply,
        "mailboxes": sorted(everyone if campaign.mailboxes == "all" else set(campaign.mailboxes)),
        "steps": [
            {
                "step_number": step.step,
                "variant": step.variant,
                "share": step.share,
                "wait_days": step.wait_days,
                "subject": step.subject,
                "text_body": step.text,
                "html_body": step.html,
                "attachments": [
                    {"name": each.shown_name, "content_type": each.shown_type, **files[each.file]}
                    for each in step.attachments
                ],
            }
            for step in sorted(campaign.steps, key=lambda each: (each.step, each.variant))
        ],
    }
