"""What planning a date came to.

Belongs here: the results. Does not: how they are made (plan_day) or shown (cli, defs.plan).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from outreach_pipeline.core.plan.capacity import CapTerm
from outreach_pipeline.workflows.check_plan import Finding

Mode = Literal["real", "backfill"]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A row of ``send_batches``: ``capacity`` holds the ``already_sent`` too; ``cap_terms`` come the least first.

    ``campaigns`` are those that may write from the mailbox, by slug.
    """

    mailbox_id: int
    address: str
    capacity: int
    already_sent: int
    planned: int
    cap_terms: tuple[CapTerm, ...]
    campaigns: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """What planning a date came to.

    Attributes:
        planned: messages planned.
        capacity: what all mailboxes could send that day, shared caps counted once, what had gone out already included as far
            as the mailbox's own capacity holds it.
        summary: the waterfall, see core.plan.summary; empty for a back-filled date. Of a written plan it also names
            ``input_sha256``, ``plan_sha256`` (of the plan's bytes) and in ``replaces`` the same of the date's earlier
            plans, the latest first; of very many the first is kept.
        input_sha256: the blob that holds the inputs; '' for a dry run.
        changed: whether anything was written.
        findings: what its checks found; if one of them blocks, the plan is held and nothing of it is sent.
    """

    mode: Mode
    planned: int
    capacity: int
    summary: dict[str, Any]
    input_sha256: str
    batches: list[BatchRow]
    changed: bool
    findings: tuple[Finding, ...] = ()

    @property
    def is_held(self) -> bool:
        """Whether a blocking check failed."""
        return any(finding.blocks for finding in self.findings)
