"""A tenant's configured objects, read from and written to the database as the fields of core.configuration_diff.

Belongs here: rows to fields and back, secrets sealed and opened, lanes given out, the log of who changed what. Does not:
what ought to be there (apply, import_mailboxes).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, time
from typing import Any

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.configuration_diff import Change, Kind, Objects, policy_fields
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.lanes import assign_lanes
from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.inputs import DEFAULT_POLICY
from outreach_pipeline.core.plan.policy import SendingPolicy
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.rotation import take_back

# The field that holds a kind's secret, and how the vault names what it belongs to.
_SECRETS: dict[Kind, tuple[str, str]] = {
    # A refresh token where a mailbox logs in with access tokens.
    "mailbox": ("password", "mailbox"),
    "webhook_source": ("secret", "webhook"),
    "sending_domain": ("dkim_key", "dkim"),
}


# What a server has refused with a password.
_SHOWN_FIELDS = frozenset({"auth", "login", "password", "smtp_host", "smtp_port"})
# What a mailbox's access token was issued for.
_LOGIN_FIELDS = frozenset({"auth", "login", "provider_account", "refresh_token"})


def read_objects(transaction: Transaction, installation: Installation) -> Objects:
    """Return what the transaction's tenant has, secrets opened (for comparison only)."""
    objects: Objects = {
        ("sending_policy", row["name"]): {
            **policy_fields(SendingPolicy.model_validate(row["policy"])),
            **({} if row["name"] == DEFAULT_POLICY else {"own_fields": row["own_fields"]}),
        }
        for row in transaction.rows("config/policies")
    }
    queries: tuple[tuple[Kind, str], ...] = (
        ("warmup_curve", "config/warmup_curves"),
        ("webhook_source", "config/webhook_sources"),
        ("sending_domain", "config/sending_domains"),
        ("mailbox", "config/mailboxes"),
        ("campaign", "config/campaigns"),
    )
    for kind, query in queries:
        for row in transaction.rows(query):
            name = row.pop("name")
            _open_secret(row, kind, name, transaction, installation)
            objects[kind, name] = row
    for (kind, _), fields in objects.items():
        if kind == "campaign":
            for key in ("mailboxes", "accepted_lawful_bases", "accepted_jurisdictions"):
                fields[key] = sorted(fields[key])
    return objects


def write_objects(
    transaction: Transaction, installation: Installation, *, wanted: Objects, changes: Iterable[Change]
) -> None:
    """Write the objects that changes name, set-wise, in the order of their references."""
    changed: dict[Kind, list[Change]] = defaultdict(list)
    for change in changes:
        if change.writes:
            changed[change.kind].append(change)
    for kind, write in _WRITERS.items():
        if changed[kind]:
            rows = [
                {"name": each.name, **_sealed(wanted[kind, each.name], each, transaction, installation)}
                for each in changed[kind]
            ]
            new = {each.name for each in changed[kind] if each.action == "create"}
            write(transaction, rows, new=new, lane_size=installation.settings.lane_size)
    logins = [each.name for each in changed["mailbox"] if each.fields.keys() & _LOGIN_FIELDS]
    if logins:
        transaction.run("config/forget_tokens", addresses=logins)
    shown = [each.name for each in changed["mailbox"] if each.fields.keys() & _SHOWN_FIELDS]
    take_back(transaction, shown, now=datetime.now(UTC))
    if changed["mailbox"] or changed["sending_policy"]:
        policy = SendingPolicy()
        transaction.run(
            "config/put_mailbox_rates",
            default_gap_seconds=policy.minimum_gap_seconds,
            default_per_minute=policy.messages_per_minute_per_mailbox,
        )


def _write_policies(transaction: Transaction, rows: list[dict[str, Any]], **_: Any) -> None:
    policies = [{"name": row.pop("name"), "own_fields": row.pop("own_fields", None), "policy": row} for row in rows]
    transaction.run("config/put_policies", rows=as_json(policies))


def _write_curves(transaction: Transaction, rows: list[dict[str, Any]], **_: Any) -> None:
    transaction.run("config/put_warmup_curves", rows=as_json(rows))


def _write_sources(transaction: Transaction, rows: list[dict[str, Any]], **_: Any) -> None:
    transaction.run("config/put_webhook_sources", rows=as_json(rows))


def _write_domains(transaction: Transaction, rows: list[dict[str, Any]], **_: Any) -> None:
    for row in rows:
        if not transaction.value("config/claim_domain", domain=row["name"]):
            raise ConfigurationError(f"The domain {row['name']} belongs to another tenant: a sending domain has one.")
    transaction.run("config/put_sending_domains", rows=as_json(rows))


def _write_mailboxes(transaction: Transaction, rows: list[dict[str, Any]], *, new: set[str], lane_size: int) -> None:
    lanes = iter(_new_lanes(transaction, len(new), lane_size))
    curves = {row["name"]: row["messages_per_day"] for row in transaction.rows("config/warmup_curves")}
    for row in rows:
        # Those that exist keep their own: the statement does not touch it.
        row["lane"] = next(lanes) if row["name"] in new else 0
        row["lifecycle"] = _first_lifecycle(row, curves)
    transaction.run("config/put_mailboxes", rows=as_json(rows))
    if unread := transaction.values("config/unread_reply_to"):
        raise ConfigurationError(
            *(f"reply_to of {each} is no mailbox of the tenant, and nobody would read it: add it." for each in unread)
        )


def _write_campaigns(transaction: Transaction, rows: list[dict[str, Any]], **_: Any) -> None:
    transaction.run("config/put_campaigns", rows=as_json(rows))
    transaction.run("config/shift_waits", rows=as_json(rows))
    for part in ("steps", "pool"):
        transaction.run(f"config/delete_{part}", slugs=[row["name"] for row in rows])
        transaction.run(f"config/put_{part}", rows=as_json(rows))


# In the order of their references.
_WRITERS: Mapping[Kind, Callable[..., None]] = {
    "sending_policy": _write_policies,
    "warmup_curve": _write_curves,
    "webhook_source": _write_sources,
    "sending_domain": _write_domains,
    "mailbox": _write_mailboxes,
    "campaign": _write_campaigns,
}


def write_audit_log(transaction: Transaction, *, author: str, action: str, changes: Iterable[Change]) -> None:
    """Log each change, secrets hidden; of the operator if the transaction has no tenant."""
    rows = [
        {"action": f"{action} {each.action}", "subject": f"{each.kind} {each.name}", "detail": dict(each.fields)}
        for each in changes
        if each.writes
    ]
    if rows:
        query = "config/audit" if transaction.tenant_id else "config/operator_audit"
        transaction.run(query, author=author, rows=as_json(rows))


def as_json(rows: object) -> str:
    """Return rows as the text of a JSON array, for jsonb_to_recordset."""
    return json.dumps(rows, default=lambda value: value.isoformat() if isinstance(value, time) else str(value))


def _open_secret(
    row: dict[str, Any], kind: Kind, name: str, transaction: Transaction, installation: Installation
) -> None:
    if kind not in _SECRETS:
        return
    field, purpose = _secret_of(kind, row)
    ciphertext, wrapped_key = row.pop("secret_ciphertext"), row.pop("wrapped_key")
    if ciphertext is None:
        return
    owner = str(transaction.tenant_id)
    installation.vault.check(bytes(wrapped_key), owner=owner)
    # What was changed in its row counts as missing, so that applying it again mends it.
    with suppress(ConfigurationError):
        row[field] = installation.vault.decrypt(
            bytes(ciphertext), wrapped_key=bytes(wrapped_key), owner=owner, purpose=f"{purpose} {name}"
        )


def _sealed(
    fields: Mapping[str, Any], change: Change, transaction: Transaction, installation: Installation
) -> dict[str, Any]:
    """Return the fields of a row to write, its secret (if it changed) replaced by a ciphertext in hex."""
    row = dict(fields)
    if change.kind not in _SECRETS:
        return row
    field, purpose = _secret_of(change.kind, row)
    secret = row.pop(field, None)
    if secret is not None and field in change.fields:
        key_id, wrapped_key = installation.tenant_key(transaction, transaction.tenant_id)
        sealed = installation.vault.encrypt(
            secret, wrapped_key=wrapped_key, owner=str(transaction.tenant_id), purpose=f"{purpose} {change.name}"
        )
        row |= {"data_key_id": key_id, "ciphertext": sealed.hex()}
    return row


def _secret_of(kind: Kind, row: Mapping[str, Any]) -> tuple[str, str]:
    field, purpose = _SECRETS[kind]
    return ("refresh_token" if row.get("auth", "password") != "password" else field), purpose


def _new_lanes(transaction: Transaction, count: int, lane_size: int) -> list[int]:
    sizes: dict[int, int] = defaultdict(int)
    own = set()
    for row in transaction.rows("config/lane_sizes"):
        sizes[row["lane"]] += row["mailbox_count"]
        if row["owner_id"] == transaction.tenant_id:
            own.add(row["lane"])
    return assign_lanes(sizes, own=frozenset(own), count=count, lane_size=lane_size)


def _first_lifecycle(row: Mapping[str, Any], curves: Mapping[str, list[int]]) -> Lifecycle:
    """Return how a new mailbox starts: warming while its curve still rises."""
    curve = curves.get(row["warmup_curve"] or "", [])
    return Lifecycle.WARMING if row["warmup_days_before"] < len(curve) else Lifecycle.ACTIVE
