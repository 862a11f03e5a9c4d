"""Score every mailbox from the marts.

Belongs here: reading the marts, writing ``rotation_weights``. Does not: building the marts (workflows.build_marts) or how a
score comes about (core.learn.weights).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from outreach_pipeline.adapters.postgres.database import Transaction
from outreach_pipeline.core.errors import PermanentError
from outreach_pipeline.core.learn.weights import ALL_SITES, DEFAULTS, WeightParameters, rotation_weights
from outreach_pipeline.workflows.installation import Installation, Tenant

_LEAST_MOVE = 0.001
_MOST_MOVES = 10


@dataclass(frozen=True, slots=True)
class WeightMove:
    """How the score of a mailbox over all sites changed; ``before`` is the prior's where there was none."""

    address: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class TenantWeights:
    """What was computed for a tenant.

    Attributes:
        tenant: the tenant's slug.
        mailboxes: how many were scored.
        rows: how many rows were written; 0 where this ``now`` had been computed before.
        changed: how many mailboxes moved by more than 0.001.
        moves: the biggest moves, at most 10.
    """

    tenant: str
    mailboxes: int
    rows: int
    changed: int
    moves: list[WeightMove]


@dataclass(frozen=True, slots=True)
class WeightsOutcome:
    """What a computation wrote, by tenant."""

    computed_at: datetime
    tenants: list[TenantWeights]

    @property
    def rows(self) -> int:
        """Rows written for all tenants."""
        return sum(each.rows for each in self.tenants)

    @property
    def changed(self) -> int:
        """Mailboxes of all tenants that moved."""
        return sum(each.changed for each in self.tenants)


def refresh_weights(
    installation: Installation, *, now: datetime, parameters: WeightParameters = DEFAULTS
) -> WeightsOutcome:
    """Score every tenant's mailboxes from the marts as they are; the same ``now`` twice writes nothing the second time.

    Args:
        installation: read as the app role, one tenant a transaction.
        now: business time, with a time zone; it becomes ``computed_at``.
        parameters: of the scores.

    Raises:
        PermanentError: the marts were never built.
    """
    return WeightsOutcome(
        now, [_refresh_tenant(installation, each, now, parameters) for each in installation.tenants()]
    )


def _refresh_tenant(
    installation: Installation, tenant: Tenant, now: datetime, parameters: WeightParameters
) -> TenantWeights:
    with installation.database.tenant(tenant.id) as transaction:
        if not transaction.value("learn/marts_are_built"):
            raise PermanentError("There are no marts to learn from yet: `outreach weights` builds them.")
        mailboxes = pd.DataFrame(
            transaction.rows("learn/mailboxes"),
            columns=["mailbox_id", "address", "sending_domain_id", "provider_account_id"],
        )
        inputs = pd.DataFrame(transaction.rows("learn/weight_inputs")[0])
        today = now.astimezone(ZoneInfo(tenant.time_zone)).date()
        weights = rotation_weights(mailboxes, inputs, as_of=today, parameters=parameters)
        moves = _moves(transaction, mailboxes, weights, now, parameters)
        rows = transaction.run("learn/insert_weights", now=now, rows=json.dumps(weights.to_dict("records")))
    return TenantWeights(tenant.slug, len(mailboxes), rows, len(moves), moves[:_MOST_MOVES])


def _moves(
    transaction: Transaction,
    mailboxes: pd.DataFrame,
    weights: pd.DataFrame,
    now: datetime,
    parameters: WeightParameters,
) -> list[WeightMove]:
    """Return what moved over all sites since the computation before, the biggest first."""
    before = {row["mailbox_id"]: row["weight_ratio"] for row in transaction.rows("learn/weights_before", now=now)}
    addresses = dict(zip(mailboxes["mailbox_id"], mailboxes["address"], strict=True))
    whole = weights[weights["recipient_site"] == ALL_SITES]
    moves = [
        WeightMove(addresses[mailbox_id], before.get(mailbox_id, parameters.prior_weight), after)
        for mailbox_id, after in zip(whole["mailbox_id"], whole["weight_ratio"], strict=True)
    ]
    moved = [each for each in moves if abs(each.after - each.before) > _LEAST_MOVE]
    return sorted(moved, key=lambda each: (-abs(each.after - each.before), each.address))
