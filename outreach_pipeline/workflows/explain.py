"""Says what became of a date's demand, and why a mailbox has this many messages.

Belongs here: reading what was planned and putting it into sentences. Does not: any rule (core.plan), or contacts
(workflows.explain_contact).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.core.oauth import cure
from outreach_pipeline.core.plan.binding import RESERVED, SHARED_TERMS, binding, full_later, used_up
from outreach_pipeline.core.plan.calendar import local_date
from outreach_pipeline.core.plan.capacity import CapTerm, account_limit
from outreach_pipeline.core.plan.inputs import PlanInputs
from outreach_pipeline.core.plan.plan import Batch, Plan, plan
from outreach_pipeline.core.plan.reasons import Reason
from outreach_pipeline.core.plan.waterfall import waterfall
from outreach_pipeline.workflows.explain_reason import are, held_sentence, pause_of, plan_state
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.kept_plans import latest_inputs
from outreach_pipeline.workflows.plan_day import MOST_DAYS_AHEAD, about_to_plan, decide
from outreach_pipeline.workflows.plan_inputs import Reader
from outreach_pipeline.workflows.rotation import last_failure

Row = Mapping[str, Any]
# Whose wait is not over is read with the others and is not due, and of paused ones nobody knows from which mailbox they go.
_APART = frozenset({Reason.NOT_DUE, Reason.ENROLLMENT_PAUSED})
# Providers whose limit follows from an account's licences.
_LIMITED_BY_LICENCES = frozenset({"google_workspace", "microsoft_365"})
# So many of a mailbox's placement probes are told, the latest first.
_MOST_PROBES = 7


def explain_day(installation: Installation, tenants: Sequence[Tenant], plan_date: date) -> dict[str, Any]:
    """Explain a date as a whole: the waterfall from demand to plan.

    Returns:
        ``date`` and four lists: ``tenants`` (``mode``, ``state`` and why it is held, the hash of the inputs, ``demand``,
        ``planned``, ``excluded`` by reason, ``waterfall``, the date's ``messages`` by state over all its plans, and how many recipient domains' MX is not known; a date that is not planned has ``mode`` None), ``campaigns`` and
        ``sites`` (``demand``, ``planned``, ``excluded``) and ``mailboxes`` (what each may send, what it has, what binds it).
    """
    explained: dict[str, Any] = {
        "date": plan_date.isoformat(),
        "tenants": [],
        "campaigns": [],
        "sites": [],
        "mailboxes": [],
    }
    for tenant in tenants:
        with installation.database.tenant(tenant.id) as transaction:
            existing = transaction.rows("plan/plan_of_date", plan_date=plan_date)
            batches = transaction.rows("plan/batches_of_date", plan_date=plan_date)
            states = transaction.rows("plan/messages_by_state", plan_date=plan_date)
        row: Row = existing[0] if existing else {"mode": None, "summary": {}}
        summary = row["summary"]
        explained["tenants"].append(
            {
                "tenant": tenant.slug,
                **{name: row.get(name) for name in ("mode", "state", "held_reason", "planned_at", "input_sha256")},
                "replaces": [each["input_sha256"] for each in summary.get("replaces", [])],
                **_counts(summary),
                "follow_ups": summary.get("follow_ups", 0),
                "new": summary.get("new", 0),
                "messages": {each["state"]: each["messages"] for each in states},
                "unresolved_domains": summary.get("unresolved_domains", 0),
                "waterfall": waterfall(summary),
            }
        )
        for kind, of in (("campaigns", "campaign"), ("sites", "site")):
            groups = sorted(summary.get(kind, {}).items(), key=lambda pair: (-pair[1]["demand"], pair[0]))
            explained[kind] += [{"tenant": tenant.slug, of: name, **_counts(counts)} for name, counts in groups]
        full = used_up(map(_batch, batches))
        is_over = row["mode"] == "backfill"
        explained["mailboxes"] += [_mailbox_row(tenant, batch, full, summary, is_over=is_over) for batch in batches]
    return explained


def explain_mailbox(
    installation: Installation, tenant: Tenant, address: str, plan_date: date, *, now: datetime
) -> dict[str, Any]:
    """Explain a mailbox's day; without a plan of it, what planning it ``now`` would give. Writes nothing.

    Returns:
        ``mailbox``, ``date``, ``lifecycle`` as it is now with ``lifecycle_since`` and ``lifecycle_evidence``, ``mode``,
        ``state`` of the date's plan and its ``held_reason``, ``capacity``, ``already_sent``, ``planned``, ``cap_terms`` (least
        first), its last placement ``probes`` up to the date (``date``, ``to``, ``state``, ``folders`` in which each was found,
        none: not found yet) and ``sentences``; ``mode`` is None for what would be planned; of a date that can no longer or not yet be planned
        for real, what is of the plan is missing.

    Raises:
        UsageError: the tenant has no such mailbox.
    """
    today = local_date(tenant.time_zone, now)
    with installation.database.tenant(tenant.id) as transaction:
        rows = transaction.rows("plan/batch_of_mailbox", address=address, plan_date=plan_date)
        if not rows:
            raise UsageError(f"{tenant.slug} has no mailbox {address}: `outreach mailboxes list` shows them.")
        row = rows[0]
        probes = transaction.rows(
            "plan/probes_of_mailbox", mailbox_id=row["mailbox_id"], plan_date=plan_date, most=_MOST_PROBES
        )
        full = used_up(map(_batch, transaction.rows("plan/batches_of_date", plan_date=plan_date)))
        lead = ""
        if row["mode"] is None:
            lead = not_planned(tenant, plan_date, today=today)
            if 0 <= (plan_date - today).days <= MOST_DAYS_AHEAD:
                reader = Reader(transaction, tenant, plan_date, now.astimezone(UTC))
                with about_to_plan(reader) as facts:
                    inputs, decided = decide(reader, facts)
                full = used_up(decided.batches)
                row |= _would_be(decided, row["mailbox_id"])
                row["left_of_its_threads"] = _left_of_threads(inputs, decided, row["mailbox_id"])
        elif row["mode"] == "real" and row["planned"] + row["already_sent"] < row["capacity"]:
            (kept,) = transaction.rows("plan/plan_of_date", plan_date=plan_date)
            inputs = latest_inputs(installation, tenant, kept)
            row["left_of_its_threads"] = _left_of_threads(inputs, plan(inputs), row["mailbox_id"])
    explained: dict[str, Any] = {"mailbox": address, "date": plan_date.isoformat()}
    explained |= {name: row[name] for name in ("lifecycle", "lifecycle_since", "lifecycle_evidence")}
    explained["probes"] = [
        {
            "date": probe["plan_date"].isoformat(),
            "to": probe["to_address"],
            "state": probe["state"],
            "folders": probe["folders"],
        }
        for probe in probes
    ]
    landed = [_probe_sentence(probe) for probe in probes]
    if row["capacity"] is None:
        return {**explained, "mode": None, "sentences": [lead, *landed]}
    explained |= {name: row[name] for name in ("mode", "capacity", "already_sent", "planned", "cap_terms")}
    sentences = list(
        filter(
            None,
            [
                *_mailbox_sentences(row, plan_date, full, ZoneInfo(tenant.time_zone)),
                held_sentence(row, tenant, plan_date),
                *landed,
            ],
        )
    )
    sentences = [f"{lead} As it is now:", *sentences] if lead else sentences
    return {**explained, **plan_state(row), "sentences": sentences}


def not_planned(tenant: Tenant, plan_date: date, *, today: date) -> str:
    """Say that a date has no plan, and what to do about it; ``today`` is the tenant's."""
    command = f"outreach plan --tenant {tenant.slug} --date {plan_date}"
    if plan_date < today:
        return (
            f"{plan_date} is over for {tenant.slug} and was not planned: `{command}` notes what each mailbox could have sent, "
            "and plans no message."
        )
    if plan_date > today + timedelta(days=MOST_DAYS_AHEAD):
        first = plan_date - timedelta(days=MOST_DAYS_AHEAD)
        return f"{plan_date} is not planned, and too far ahead for {tenant.slug}: it can be planned from {first} on."
    return f"{plan_date} is not planned yet for {tenant.slug}: `{command}` plans it, and with --dry-run shows the plan."


def _would_be(decided: Plan, mailbox_id: int) -> dict[str, Any]:
    """Return what a mailbox's batch would be."""
    batch = next(each for each in decided.batches if each.mailbox_id == mailbox_id)
    found = asdict(batch)
    return {**found, "cap_terms": list(found["cap_terms"]), "summary": decided.summary}


def _left_of_threads(inputs: PlanInputs, decided: Plan, mailbox_id: int) -> Counter[str]:
    """Count the follow-ups of a mailbox's own threads that a plan has no message for, by reason."""
    candidates = inputs.candidates
    positions = np.flatnonzero((candidates.thread_mailbox_id == mailbox_id) & (candidates.step_number > 1))
    reasons = Counter(str(decided.reason(position)) for position in positions.tolist())
    del reasons[str(Reason.PLANNED)]
    return reasons


def _counts(summary: Row) -> dict[str, Any]:
    excluded = {step.name: step.count for step in waterfall(summary)[1:-1]}
    return {"demand": summary.get("demand", 0), "planned": summary.get("planned", 0), "excluded": excluded}


def _batch(row: Row) -> Batch:
    """Return a mailbox's day as it was planned from its row."""
    terms = tuple(CapTerm(**term) for term in row["cap_terms"])
    return Batch(row["mailbox_id"], row["capacity"], row["already_sent"], row["planned"], terms)


def _mailbox_row(
    tenant: Tenant, batch: Row, full: frozenset[tuple[str, str]], summary: Row, *, is_over: bool
) -> dict[str, Any]:
    """Tell of a mailbox's day; of a date that was over when it was planned there is no demand, and its least term binds."""
    waiting = full_later(summary, batch["campaigns"])
    bound = _batch(batch).cap_terms[0] if is_over else binding(_batch(batch), full, waiting=waiting)
    return {
        "tenant": tenant.slug,
        "mailbox": batch["address"],
        "capacity": batch["capacity"],
        "already_sent": batch["already_sent"],
        "planned": batch["planned"],
        "empty": max(0, batch["capacity"] - batch["already_sent"] - batch["planned"]),
        "bound_by": bound.term,
        "detail": bound.detail,
    }


def _mailbox_sentences(row: Row, plan_date: date, full: frozenset[tuple[str, str]], zone: ZoneInfo) -> list[str]:
    terms: Sequence[Row] = row["cap_terms"]
    least = terms[0]
    # What mailboxes share says nothing about what this one might have.
    most = max((term["messages_per_day"] for term in terms if term["term"] not in SHARED_TERMS), default=0)
    instead = f" and not {most}" if most > row["capacity"] else ""
    sentences = [f"{row['address']} may send {row['capacity']} on {plan_date}{instead}: {least['detail']}."]
    sentences += [f"The next limit would be {term['messages_per_day']}: {term['detail']}." for term in terms[1:2]]
    sentences += [f"Then {term['messages_per_day']}: {term['detail']}." for term in terms[2:]]
    limit, _ = account_limit(
        row["provider"] or "generic", licences=row["licences"], messages_per_day=row["account_messages_per_day"]
    )
    if limit is None and row["provider"] in _LIMITED_BY_LICENCES:
        sentences.append(
            f"Its provider account {row['account']} ({row['provider']}) caps nothing, as how many licences it has is not known: "
            "set `licences` or `messages_per_day` of the account."
        )
    until = row["paused_until"]
    now = "Now it is" if row["mode"] else "It is"
    if until is not None and until > datetime.combine(plan_date, time(), zone):
        sentences.append(f"{now} {pause_of(until, row['paused_reason'], zone)}.")
    if row["grant_refusal"] is not None:
        asked_at = row["grant_ends_at"].astimezone(zone)
        sentences.append(
            f"{now} without access tokens (grant_revoked): {row['grant_refusal']}. Nothing of it is sent; its token source is "
            f"asked again at {asked_at:%Y-%m-%d %H:%M} in {zone.key}. "
            f"Cure: {cure(row['oauth_kind'], is_of_mailbox=row['is_grant_of_mailbox'])}."
        )
    if row["send_failure"] is not None:
        sentences.append(f"{last_failure(row)}, and it has not sent since.")
    sentences += _lifecycle_sentences(row, now)
    if row["already_sent"]:
        of_all = f" of the {row['capacity']}" if row["already_sent"] <= row["capacity"] else ""
        sentences.append(f"{row['already_sent']}{of_all} count against it already: gone out, or about to.")
    if row["mode"] == "backfill":
        return [*sentences, "The date was over when it was planned, so nothing was planned to be sent."]
    sentences.append(f"{are(row['planned'])} planned.")
    empty = row["capacity"] - row["already_sent"] - row["planned"]
    places = "1 place stays empty" if empty == 1 else f"{empty} places stay empty"
    bound = binding(_batch(row), full, waiting=full_later(row["summary"] or {}, row["campaigns"]))
    if empty > 0 and bound.term in SHARED_TERMS:
        sentences.append(f"{places}: {bound.detail}, and the plan uses up the rest.")
    elif empty > 0 and bound.term == RESERVED:
        sentences.append(f"{places}: {bound.detail}.")
    elif empty > 0:
        sentences.append(f"{places}. {_who_was_left(row)}")
    return sentences


def _probe_sentence(probe: Row) -> str:
    """Say where a placement probe landed, or what is known of it else."""
    if probe["folders"]:
        where = f"landed in {', '.join(probe['folders'])}"
    elif probe["state"] in {"planned", "deferred", "claimed", "sending"}:
        where = "is not sent yet"
    elif probe["state"] == "failed":
        where = f"was not delivered ({probe['reason']})"
    else:
        where = "is not found yet"
    return f"Its placement probe of {probe['plan_date']} to {probe['to_address']} {where}."


def _who_was_left(row: Row) -> str:
    """Say who could have had the places that a mailbox has left, and why nobody did."""
    slugs: Sequence[str] = row["campaigns"]
    openers, others = Counter[str](), Counter[str]()
    campaigns: Mapping[str, Row] = (row["summary"] or {}).get("campaigns", {})
    for slug in slugs:
        if (of_campaign := campaigns.get(slug, {}).get("excluded_openers")) is not None:
            openers.update(of_campaign)
            others.update(campaigns[slug]["excluded"])
    others -= openers + Counter(row.get("left_of_its_threads", {}))
    paused = openers[Reason.ENROLLMENT_PAUSED]
    told = [
        f"{who} not planned: {', '.join(f'{count} {reason}' for reason, count in counts.most_common())}."
        for who, found in (
            ("Follow-ups of its own threads that were due and", row.get("left_of_its_threads", {})),
            (f"Contacts of {', '.join(slugs)} that could have begun with it and were", openers),
            ("Follow-ups that were due, but can come from the mailboxes of their threads alone, and were", others),
        )
        for counts in [Counter({key: count for key, count in found.items() if key not in _APART})]
        if counts
    ]
    if paused:
        told.append(f"{paused} contacts of {', '.join(slugs)} are paused and wait for `outreach resume contact`.")
    nobody = f"No more contacts of {', '.join(slugs)} were due." if slugs else "No campaign writes from it."
    return " ".join(told) or nobody


def _lifecycle_sentences(row: Row, now: str) -> list[str]:
    """Say since when a mailbox is in the state of its lifecycle, and what moved it there: a person, or a rule's evidence.

    ``now`` begins the sentence: a date that was planned had the state that its terms name, whatever the mailbox is by now.
    """
    evidence: Row = row["lifecycle_evidence"]
    since = f"{now} {row['lifecycle']} since {row['lifecycle_since'].astimezone(UTC):%Y-%m-%d}"
    if "set_by" in evidence:
        return [f"{since}, set by {evidence['set_by']}: {evidence.get('reason') or 'no reason was given'}."]
    if "was_set_by" in evidence:
        back = datetime.fromisoformat(evidence["given_back_at"]).astimezone(UTC)
        told = f"{since}, set by {evidence['was_set_by']}: {evidence.get('reason') or 'no reason was given'}"
        then = "they decide again from the next evaluation on, and until then it stays as it is"
        return [f"{told}. {evidence['given_back_by']} gave it back to the rules on {back:%Y-%m-%d}: {then}."]
    if "rule" not in evidence:
        return []
    told = f"{since} by the rule {evidence['rule']}"
    if "limit_ratio" in evidence:
        told += (
            f": {evidence['bad']:g} {evidence['measure']} in {evidence['trials']:g}, that is {evidence['low_ratio']:.2%} "
            f"or more, and the limit is {evidence['limit_ratio']:.2%} ({evidence['source']})"
        )
    return [f"{told}."]
