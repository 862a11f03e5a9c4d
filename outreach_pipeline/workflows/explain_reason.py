"""Puts the fact behind a reason into a sentence.

Belongs here: what stood in the plan, in its inputs or in the contact. Does not: which reason applies (core.plan,
workflows.explain_contact).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from outreach_pipeline.core.plan.binding import DEMAND, binding, used_up
from outreach_pipeline.core.plan.calendar import EPOCH, why_not_working
from outreach_pipeline.core.plan.capacity import capacities, site_caps
from outreach_pipeline.core.plan.inputs import CampaignInput, Candidates, PlanFacts, PlanInputs
from outreach_pipeline.core.plan.later import days_to_come
from outreach_pipeline.core.plan.plan import Plan, pool_capacity
from outreach_pipeline.core.plan.reasons import TIMELESS, Reason
from outreach_pipeline.workflows.installation import Tenant

Row = Mapping[str, Any]
WAITS = {
    "suppressed": "its recipient {verb} suppressed",
    "tenant_paused": "the tenant {verb} paused",
    "campaign_paused": "its campaign {verb} paused",
    "mailbox_paused": "its mailbox {verb} paused",
    "grant_revoked": "the grant of its mailbox {verb} revoked",
    "mailbox_resting": "its mailbox {verb} resting",
    "mailbox_quarantined": "its mailbox {verb} quarantined",
    "mailbox_retired": "its mailbox {verb} retired",
    "plan_held": "the plan {verb} held",
    "domain_unauthenticated": "its sending domain {verb} not authenticated",
    "site_paused": "its recipient's site {verb} paused",
    "blocked_at_site": "its mailbox {verb} blocked at the recipient's site",
    "server_failing": "its mail server {verb} failing",
}
"""What outreach.waits_for names, as a sentence of one message."""
WAITS_OF_SEVERAL = {
    "suppressed": "their recipients are suppressed",
    "tenant_paused": "their tenants are paused",
    "campaign_paused": "their campaigns are paused",
    "mailbox_paused": "their mailboxes are paused",
    "mailbox_resting": "their mailboxes are resting",
    "mailbox_quarantined": "their mailboxes are quarantined",
    "mailbox_retired": "their mailboxes are retired",
    "grant_revoked": "the grants of their mailboxes are revoked",
    "plan_held": "their plans are held",
    "domain_unauthenticated": "their sending domains are not authenticated",
    "site_paused": "their recipients' sites are paused",
    "blocked_at_site": "their mailboxes are blocked at the recipients' sites",
    "server_failing": "their mail servers are failing",
}
"""The same of several messages, which may have one mailbox or many."""
# Reasons that lie in the campaign's mailboxes.
_OF_THE_POOL = frozenset({Reason.NO_CAPACITY, Reason.FOLLOW_UPS_RESERVED, Reason.NO_MAILBOX, *TIMELESS})


def held_messages_sentence(count: int, cause: str) -> str:
    """Say how many messages wait and why: ``1 as its mailbox is paused``."""
    return f"{count} as {WAITS[cause].format(verb='is') if count == 1 else WAITS_OF_SEVERAL[cause]}"


def plan_state(kept: Row | None) -> dict[str, Any]:
    """Return the ``state`` of a date's plan and its ``held_reason``, both None without a plan."""
    return {name: kept and kept[name] for name in ("state", "held_reason")}


def held_sentence(kept: Row | None, tenant: Tenant, plan_date: date) -> str:
    """Say that a date's plan is held, why, and what to do; '' if it is not."""
    if kept is None or kept["state"] != "held":
        return ""
    return (
        f"The plan of {plan_date} is held ({kept['held_reason']}): nothing of it goes out until the date is planned again, "
        f"by `outreach plan --tenant {tenant.slug} --date {plan_date}`, which says what the check found."
    )


def detail_of_contact(
    reason: Reason, enrollment: Row, contact: Row, alone: Candidates, facts: PlanFacts, *, due: date
) -> str:
    """Return the contact's own fact behind a reason, as the plan knew it where that is kept, or nothing.

    Args:
        reason: of the contact.
        enrollment: the one in question.
        contact: its row, as it is now.
        alone: the contact, as a candidate of the plan.
        facts: of the plan.
        due: when the step is due.
    """
    suppressed = suppressed_by(contact)
    step = int(alone.step_number[0])
    details = {
        Reason.SUPPRESSED: f"Suppressed: {suppressed}.{until_decided(suppressed)}" if suppressed else "",
        Reason.NO_LAWFUL_BASIS: f"Its lawful basis is {alone.word(int(alone.lawful_basis[0])) or 'unknown'}.",
        Reason.JURISDICTION_NOT_ACCEPTED: f"Its jurisdiction is {alone.word(int(alone.jurisdiction[0])) or 'unknown'}.",
        Reason.OUT_OF_OFFICE: f"Back on {EPOCH + timedelta(days=int(alone.out_until[0]))}.",
        Reason.NOT_DUE: f"Step {step} is due on {due}.",
        Reason.LIST_CANARY_HOLD: _canary(enrollment, facts),
        Reason.LIST_PAUSED: enrollment["list_paused_reason"] or "",
        Reason.MAILBOX_UNAVAILABLE: _thread_mailbox(enrollment, alone, facts),
        Reason.COMPANY_CAP: f"The company is {contact['company_domain']}.",
    }
    return details.get(reason, "")


def later_fact(enrollment: Row, contact: Row, known_until: datetime) -> str:
    """Say what ended a contact's sequence after a plan was made, and so had no part in it; '' if nothing did."""
    if (stopped_at := enrollment["stopped_at"]) is not None and stopped_at > known_until:
        told = f"the enrollment was stopped: {enrollment['stop_reason'] or 'no reason was kept'}"
        return f"Later, on {stopped_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {told}."
    if (suppressed_at := contact["suppressed_at"]) is not None and suppressed_at > known_until:
        return f"Later, on {suppressed_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC, it was suppressed: {suppressed_by(contact)}."
    return ""


def _canary(enrollment: Row, facts: PlanFacts) -> str:
    """Say how far the canary of a contact's list was when the plan was made; from when the others follow is as known now."""
    whole, until = enrollment["list_canary_contacts"], enrollment["list_hold_until"]
    gone = whole - facts.canaries.get(enrollment["contact_list_id"], 0)
    hours = f"{enrollment['list_hold_seconds'] / 3600:g} hours of working days"
    told = f"The list has no canary: it follows {hours} after its import"
    if whole:
        told = (
            f"Of the canary of {whole}, {gone} had gone out or were on their way before this plan; the others follow {hours} "
            "after the last of it"
        )
    if until is None:
        return f"{told}."
    return f"{told}: as is known now, from {until.astimezone(ZoneInfo(facts.time_zone)):%Y-%m-%d %H:%M} in {facts.time_zone} on."


def suppressed_by(contact: Row) -> str:
    """Name what suppresses a contact now: address or domain, and why, of the tenant and of the operator; '' if nothing does."""
    return ", ".join(filter(None, [contact["suppressed_by_tenant"], contact["suppressed_by_operator"]]))


def until_decided(told: str) -> str:
    """Say who ends it where a doubtful wish to stop is among what is told, or nothing."""
    is_in_doubt = "unclear_stop" in told
    return " A doubtful wish to stop holds until `outreach reclassify` says what was meant." if is_in_doubt else ""


def pause_of(until: datetime, reason: str | None, zone: ZoneInfo) -> str:
    """Say until when and why something is paused, as it is known now; a year of 9999 is no end."""
    local = until.astimezone(zone) if until.year < MAXYEAR else None
    end = f"until {local:%Y-%m-%d %H:%M} in {zone.key}" if local else "without an end"
    return f"paused {end}: {reason or 'no reason was given'}"


def _thread_mailbox(enrollment: Row, alone: Candidates, facts: PlanFacts) -> str:
    """Say how the mailbox of a thread was when the plan was made; only why it was paused is as it is known now."""
    thread = int(alone.thread_mailbox_id[0])
    mailbox = next((each for each in facts.mailboxes if each.id == thread), None)
    if mailbox is None or enrollment["mailbox"] is None:
        return "The thread's mailbox is gone."
    until, pause = mailbox.paused_until, ""
    if until is not None and until > facts.now:
        reason = enrollment["mailbox_paused_reason"] if until == enrollment["mailbox_paused_until"] else None
        pause = f", {pause_of(until, reason, ZoneInfo(facts.time_zone))}"
    least = next(each for each in capacities(facts, None)[0] if each.mailbox_id == thread).terms[0]
    told = f"The thread's mailbox is {enrollment['mailbox']}, {mailbox.lifecycle}{pause}."
    if pause or not mailbox.lifecycle.sends or least.messages_per_day > 0:
        return told
    return f"{told} It may send nothing that day: {least.detail}."


def detail_of_thread(reason: Reason, enrollment: Row, alone: Candidates, decided: Plan) -> str:
    """Return what kept a follow-up from its place: it can come from the mailbox of its thread alone."""
    thread = int(alone.thread_mailbox_id[0])
    batch = next((each for each in decided.batches if each.mailbox_id == thread), None)
    if batch is None or reason not in {Reason.NO_CAPACITY, *TIMELESS}:
        return ""
    bound = binding(batch, used_up(decided.batches))
    if bound.term == DEMAND:
        # Places are left, at hours at which this one cannot use them.
        bound = batch.cap_terms[0]
    return (
        f"It can only come from {enrollment['mailbox']}, the mailbox of its thread, which may send {batch.capacity} that day; "
        f"{batch.already_sent} had gone out and {are(batch.planned)} planned. {bound.detail[:1].upper()}{bound.detail[1:]}."
    )


def detail_of_verification(reason: Reason, contact: Row, facts: PlanFacts) -> str:
    """Say of a cap for unsure addresses how the address was verified, and whether that has grown too old to count."""
    if reason not in {Reason.UNVERIFIED_CAP, Reason.CATCH_ALL_CAP}:
        return ""
    verification, at, days = contact["verification"], contact["verified_at"], facts.policy.verification_days
    if verification in {"valid", "catch_all"} and at < facts.now - timedelta(days=days):
        return (
            f"It was verified as {verification} on {at.astimezone(UTC):%Y-%m-%d}, and after {days} days (verification_days) "
            f"that counts as unverified: {facts.policy.unverified_per_day} a day (unverified_per_day)."
        )
    cap = "catch_all_per_day" if verification == "catch_all" else "unverified_per_day"
    return f"It is {verification}: {getattr(facts.policy, cap)} a day ({cap})."


def detail_of_plan(reason: Reason, alone: Candidates, inputs: PlanInputs, decided: Plan) -> str:
    """Return what stood in the plan's inputs behind a reason that lies in the mailboxes, the company, site or window.

    Args:
        reason: of the contact.
        alone: the contact, as a candidate.
        inputs: of the plan.
        decided: the plan.
    """
    facts = inputs.facts
    campaign = next((each for each in facts.campaigns if each.id == alone.campaign_id[0]), None)
    if campaign is None:
        return ""
    site, zone = alone.word(int(alone.site[0])), alone.word(int(alone.zone[0]))
    if reason in _OF_THE_POOL:
        told = pool_sentence(campaign, inputs, decided)
        if reason is Reason.GAP_FULL:
            told = f"{_window(campaign, facts, zone)} {told}"
        if reason is Reason.FOLLOW_UPS_RESERVED:
            to_come = days_to_come(inputs, decided, campaign, step_number=int(alone.step_number[0]))
            days = ", ".join(f"{each.follow_ups} of {each.places} on {each.day}" for each in to_come)
            told += f" Places there that belong to follow-ups on the days on which its own would come: {days}."
        return told
    if reason is Reason.SITE_CAP:
        return f"{site} may get {facts.policy.messages_per_day_per_site.get(site)} a day."
    if reason is Reason.SITE_WARM_UP:
        pool = [each for each in facts.mailboxes if each.id in campaign.mailbox_ids]
        left = [caps[site] for each in pool if site in (caps := site_caps(each))]
        return (
            f"Its site is {site}: {len(left)} of the campaign's {len(pool)} mailboxes climb their curve there apart, and may "
            f"send {sum(left)} more there that day."
        )
    if reason not in {Reason.OUTSIDE_WINDOW, Reason.NOT_WORKING_DAY}:
        return ""
    told = _window(campaign, facts, zone)
    if reason is Reason.NOT_WORKING_DAY:
        policy = facts.policies[campaign.policy]
        country = alone.word(int(alone.country[0])) if policy.follows_recipient_zone else None
        told = f"{told} {why_not_working(policy, country, facts.plan_date)}"
    return told.rstrip()


def _window(campaign: CampaignInput, facts: PlanFacts, zone: str) -> str:
    policy = facts.policies[campaign.policy]
    where = zone if zone and policy.follows_recipient_zone else facts.time_zone
    return f"Its window is {policy.window_starts:%H:%M}-{policy.window_ends:%H:%M} in {where}."


def pool_sentence(campaign: CampaignInput, inputs: PlanInputs, decided: Plan) -> str:
    """Say in a sentence what a campaign's mailboxes may send together, what they have, and what binds them."""
    pool = [batch for batch in decided.batches if batch.mailbox_id in set(campaign.mailbox_ids)]
    if not pool:
        return "The campaign has no mailboxes."
    full = used_up(decided.batches)
    binding_terms = [binding(batch, full) for batch in pool]
    bound = Counter(term.term for term in binding_terms)
    late = next(
        (f" {term.detail[:1].upper()}{term.detail[1:]}." for term in binding_terms if term.term == "rolling_24h"), ""
    )
    has_empty = bound.pop(DEMAND, 0)
    told = [f"they are bound: {', '.join(f'{count} by {term}' for term, count in bound.most_common())}"] * bool(bound)
    told += [f"{has_empty} {'has' if has_empty == 1 else 'have'} places empty"] * bool(has_empty)
    if len(pool) == 1:
        told = [f"it is bound by {term}" for term in bound] or ["it has places empty"]
    may = pool_capacity(inputs, {batch.mailbox_id for batch in pool})
    return (
        f"The campaign's {'mailbox' if len(pool) == 1 else f'{len(pool)} mailboxes'} may send {may} that day, "
        f"{sum(batch.already_sent for batch in pool)} had gone out and {are(sum(batch.planned for batch in pool))} planned; "
        f"{', '.join(told)}.{late}"
    )


def are(count: int) -> str:
    """Return a count with its verb: 1 is, 2 are."""
    return f"{count} {'is' if count == 1 else 'are'}"
