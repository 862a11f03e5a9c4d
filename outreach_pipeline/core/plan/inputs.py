"""All that a day's plan is made of, as plain data that can be kept and read again.

Belongs here: the inputs' types and their bytes. Does not: reading them from a database (workflows.plan_day) or deciding on
them. The inputs hold ids, sites, zones and counts, and no address of anyone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from outreach_pipeline.core.errors import PermanentError
from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.policy import SendingPolicy

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
FORMAT = 3
DEFAULT_POLICY = "default"


@dataclass(frozen=True, slots=True)
class MailboxInput:
    """A mailbox as the plan sees it.

    Attributes:
        policy: a key of ``PlanFacts.policies``.
        messages_per_day: the mailbox's own limit, or None.
        curve: messages a day on the n-th day of real sending; empty: no warm-up limit.
        warmup_day: which day of the curve the plan's date is, from 1.
        idle_days: since the last send, where the curve starts anew with the plan's date for them; else 0.
        has_begun_anew: whether it started anew on an earlier date.
        site_days: recipient site -> the same there; a site that is not among them is at day ``first_site_day``.
        site_taken: recipient site -> messages of the date that went there or are about to.
        health_ratio: 0-1 over all sites; 1 where nothing is known.
        weight_ratio: 0-1, the rotation weight at sites without one of their own.
        site_weights: site -> rotation weight there, 0-1.
        ours_at: when its messages went out or are about to, since a day before the plan's date: epoch milliseconds.
        foreign_at: the same of mail in Sent that is not ours.
        later_at: when its messages of later dates are about to go that stand already, up to a day after the plan's date.
        reserved: ISO date after the plan's -> follow-ups that are to come from it then.
    """

    id: int
    sending_domain_id: int
    sending_domain: str
    policy: str = DEFAULT_POLICY
    provider_account_id: int | None = None
    messages_per_day: int | None = None
    lifecycle: Lifecycle = Lifecycle.ACTIVE
    is_receive_only: bool = False
    paused_until: datetime | None = None
    curve_name: str | None = None
    curve: tuple[int, ...] = ()
    warmup_day: int = 1
    idle_days: int = 0
    has_begun_anew: bool = False
    first_site_day: int = 1
    site_days: dict[str, int] = field(default_factory=dict)
    site_taken: dict[str, int] = field(default_factory=dict)
    health_ratio: float = 1.0
    weight_ratio: float = 1.0
    site_weights: dict[str, float] = field(default_factory=dict)
    ours_at: tuple[int, ...] = ()
    foreign_at: tuple[int, ...] = ()
    later_at: tuple[int, ...] = ()
    reserved: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepInput:
    """A step of a campaign: the wait in working days after the step before it, and its variants with their shares."""

    step_number: int
    wait_days: int
    variants: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class CampaignInput:
    """A campaign as the plan sees it.

    Attributes:
        priority: campaigns with the higher number take their new contacts first.
        share: of the capacity that is left to the campaigns of one priority.
        mailbox_ids: its pool.
        waiting: new contacts due that were not read, since the pool cannot serve so many.
        paused: sequences that are due and paused.
    """

    id: int
    slug: str
    is_active: bool = True
    priority: int = 100
    share: float = 1.0
    policy: str = DEFAULT_POLICY
    mailbox_ids: tuple[int, ...] = ()
    steps: tuple[StepInput, ...] = ()
    accepted_lawful_bases: frozenset[str] = frozenset()
    accepted_jurisdictions: frozenset[str] = frozenset()
    waiting: int = 0
    paused: int = 0


@dataclass(frozen=True, slots=True)
class AccountInput:
    """An organisation at a mail provider and its day's limit.

    Attributes:
        taken: messages of all its tenants that count on the whole date.
        detail: where the limit is from.
        sent_at: where 24 hours count, when its tenants' messages went out or are about to, from a day before the date to a
            day after it: epoch milliseconds, and how many, ascending. What the plan may move is not among them.
    """

    id: int
    name: str
    messages_per_day: int
    taken: int
    detail: str
    sent_at: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Everything but the candidates.

    Attributes:
        time_zone: the tenant's, an IANA name; ``plan_date`` is a date there.
        now: business time, aware.
        policies: ``default`` is always among them.
        domain_caps: sending domain id -> messages a day of all its mailboxes.
        taken_by_site: recipient site -> messages of the date that stand already; likewise the two counts after it.
        canaries: list on hold -> how many new contacts of it may be written to before the others: what its canary has left.
        unresolved_domains: recipient domains that DNS did not answer for, or was never asked: each counts as a site of its own.
    """

    tenant_id: UUID
    time_zone: str
    plan_date: date
    now: datetime
    mailboxes: tuple[MailboxInput, ...] = ()
    campaigns: tuple[CampaignInput, ...] = ()
    policies: dict[str, SendingPolicy] = field(default_factory=lambda: {DEFAULT_POLICY: SendingPolicy()})
    tenant_is_active: bool = True
    domain_caps: dict[int, int] = field(default_factory=dict)
    accounts: tuple[AccountInput, ...] = ()
    taken_by_site: dict[str, int] = field(default_factory=dict)
    taken_catch_all: int = 0
    taken_unverified: int = 0
    canaries: dict[int, int] = field(default_factory=dict)
    unresolved_domains: int = 0

    @property
    def policy(self) -> SendingPolicy:
        """The tenant's own policy."""
        return self.policies[DEFAULT_POLICY]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Enrollments whose step may be due, one position each, in columns of equal length.

    ``site``, ``zone``, ``country``, ``jurisdiction``, ``lawful_basis`` and ``verification`` are codes into ``words``
    (0 is the empty word: unknown). A country may carry its region: ``DE``, ``DE-BY``. Days are numbers since 1970-01-01, 0 for none; ids are 0 for none. ``company`` is a
    number that colleagues share, 0 for free-mail addresses; ``company_taken`` counts what the company gets on the date
    already. ``due_on`` is the date of the last send plus the step's wait in calendar days: a lower bound.
    """

    enrollment_id: Ints
    contact_id: Ints
    campaign_id: Ints
    contact_list_id: Ints
    step_number: Ints
    due_on: Ints
    thread_mailbox_id: Ints
    company: Ints
    company_taken: Ints
    site: Ints
    zone: Ints
    country: Ints
    jurisdiction: Ints
    lawful_basis: Ints
    verification: Ints
    out_until: Ints
    is_suppressed: Bools
    has_left: Bools
    is_busy: Bools
    is_in_other_campaign: Bools
    has_message: Bools
    is_list_paused: Bools
    takes_no_mail: Bools
    words: tuple[str, ...] = ("",)

    def __len__(self) -> int:
        return len(self.enrollment_id)

    def word(self, code: int) -> str:
        """Return the word of a code."""
        return self.words[code]

    def code_of(self, word: str) -> int:
        """Return the code of a word, or -1 if no candidate has it."""
        return self.words.index(word) if word in self.words else -1

    def at(self, position: int) -> Candidates:
        """Return the candidate of a position alone."""
        columns = {name: getattr(self, name)[position : position + 1] for name in COLUMNS}
        return Candidates(**columns, words=self.words)


_WORDS = ("site", "zone", "country", "jurisdiction", "lawful_basis", "verification")
COLUMNS = tuple(each.name for each in fields(Candidates) if each.name != "words")
_FLAGS = frozenset(
    {
        "is_suppressed",
        "has_left",
        "is_busy",
        "is_in_other_campaign",
        "has_message",
        "is_list_paused",
        "takes_no_mail",
    }
)


def make_candidates(columns: Mapping[str, Sequence[Any]]) -> Candidates:
    """Build candidates from columns of any order; missing ones are empty, words and companies are text.

    Rows are put in the order of their enrollment ids, and words into their alphabetical order, so that the same set of
    rows always gives the same candidates.
    """
    ids = np.asarray(columns["enrollment_id"], dtype=np.int64)
    order = np.argsort(ids, kind="stable")
    text = {name: pd.Index(columns[name], dtype=object) for name in _WORDS if name in columns}
    words = ("", *sorted({str(word) for index in text.values() for word in index.unique()} - {""}))
    lookup = pd.Index(words, dtype=object)
    built: dict[str, Any] = {}
    for name in COLUMNS:
        if name in text:
            values = np.asarray(lookup.get_indexer(text[name]), dtype=np.int64)
        elif name == "company":
            values = _companies(columns.get(name, [""] * len(ids)), order)
        else:
            values = np.asarray(columns.get(name, np.zeros(len(ids))), dtype=np.bool_ if name in _FLAGS else np.int64)
        built[name] = np.ascontiguousarray(values[order])
    return Candidates(**built, words=words)


def _companies(names: Sequence[str], order: Ints) -> Ints:
    """Number companies from 1 in the order in which they first occur among the ordered rows; no name is 0."""
    text = pd.Series(names, dtype=object).to_numpy()
    numbers, found = pd.factorize(text[order])
    numbered = np.array([0 if not name else number + 1 for number, name in enumerate(found)], dtype=np.int64)
    values = np.zeros(len(order), dtype=np.int64)
    values[order] = numbered[numbers] if len(numbers) else numbers
    return values


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """Facts and candidates: with them alone the plan is decided."""

    facts: PlanFacts
    candidates: Candidates
    _positions: dict[int, Ints] = field(default_factory=dict, compare=False, repr=False)

    def positions_of(self, campaign_id: int) -> Ints:
        """Return the positions of a campaign's candidates, ascending."""
        if not self._positions and len(self.candidates):
            campaigns = self.candidates.campaign_id
            order = np.argsort(campaigns, kind="stable")
            ids, starts = np.unique(campaigns[order], return_index=True)
            self._positions.update(zip(ids.tolist(), np.split(order, starts[1:]), strict=True))
        return self._positions.get(campaign_id, np.zeros(0, dtype=np.int64))


_facts = TypeAdapter(PlanFacts)


def encode(inputs: PlanInputs) -> bytes:
    """Return the inputs as bytes: a line of JSON, then each column as little-endian 64-bit integers or as flags.

    The same inputs give the same bytes.
    """
    header: dict[str, Any] = {
        "format": FORMAT,
        "facts": _facts.dump_python(inputs.facts, mode="json"),
        "words": inputs.candidates.words,
        "count": len(inputs.candidates),
    }
    for campaign in header["facts"]["campaigns"]:
        campaign["accepted_lawful_bases"].sort()
        campaign["accepted_jurisdictions"].sort()
    for policy in header["facts"]["policies"].values():
        policy["working_days"].sort()
    parts = [to_json(header), b"\n"]
    for name in COLUMNS:
        values = getattr(inputs.candidates, name)
        parts.append(values.astype("?" if name in _FLAGS else "<i8", copy=False).tobytes())
    return b"".join(parts)


def decode(content: bytes) -> PlanInputs:
    """Read inputs back from their bytes.

    Raises:
        PermanentError: they were written in another format.
    """
    line, _, rest = content.partition(b"\n")
    header = from_json(line)
    if header.get("format") != FORMAT:
        raise PermanentError(
            f"The plan's inputs are of format {header.get('format')!r}, and this version reads {FORMAT}: "
            "use the version of the platform that wrote them."
        )
    columns: dict[str, Any] = {}
    offset = 0
    for name in COLUMNS:
        kind = np.dtype("?" if name in _FLAGS else "<i8")
        columns[name] = np.frombuffer(rest, dtype=kind, count=header["count"], offset=offset).astype(
            np.bool_ if name in _FLAGS else np.int64
        )
        offset += header["count"] * kind.itemsize
    return PlanInputs(_facts.validate_python(header["facts"]), Candidates(**columns, words=tuple(header["words"])))
