"""Provider accounts, read from and written to the database as the fields of core.configuration_diff.

Belongs here: rows to fields and back, the secret of a token source sealed and opened. Does not: what ought to be there (apply),
what is done with a secret (access_tokens).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.configuration_diff import Change, Objects
from outreach_pipeline.workflows.configured_objects import as_json
from outreach_pipeline.workflows.installation import Installation


def secret_purpose(account_id: int) -> str:
    """Return what the vault calls the secret of an account's token source."""
    return f"provider account {account_id}"


def read_accounts(transaction: Transaction, installation: Installation) -> Objects:
    """Return every provider account, secrets opened (for comparison only)."""
    objects: Objects = {}
    for row in transaction.rows("config/provider_accounts"):
        account_id, name = row.pop("id"), row.pop("name")
        ciphertext, wrapped_key = row.pop("secret_ciphertext"), row.pop("wrapped_key")
        if ciphertext is not None:
            row["secret"] = installation.vault.decrypt(
                bytes(ciphertext),
                wrapped_key=bytes(wrapped_key),
                owner="operator",
                purpose=secret_purpose(account_id),
            )
        objects["provider_account", name] = row
    return objects


def write_accounts(
    transaction: Transaction, installation: Installation, *, wanted: Objects, changes: Iterable[Change]
) -> None:
    """Write the accounts that changes name. A source that has changed is active again, and its tokens count no more."""
    changed = {each.name: each for each in changes if each.kind == "provider_account"}
    if not changed:
        return
    rows: list[dict[str, Any]] = [{"name": name, **wanted["provider_account", name]} for name in changed]
    ids = {row["name"]: row["id"] for row in transaction.rows("config/put_provider_accounts", rows=as_json(rows))}
    sources = [row for row in rows if "oauth_kind" in row]
    if not sources:
        return
    key_id, wrapped_key = installation.tenant_key(transaction, None)
    for row in sources:
        fields = changed[row["name"]].fields
        row["is_changed"] = any(key == "secret" or key.startswith("oauth_") for key in fields)
        secret = row.pop("secret", None)
        if secret is not None and "secret" in fields:
            sealed = installation.vault.encrypt(
                secret, wrapped_key=wrapped_key, owner="operator", purpose=secret_purpose(ids[row["name"]])
            )
            row |= {"data_key_id": key_id, "ciphertext": sealed.hex()}
    transaction.run("config/put_token_sources", rows=as_json(sources))
