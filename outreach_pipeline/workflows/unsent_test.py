"""Says why a test has not gone out, and what can be done.

Belongs here: the cause as a sentence with its cure. Does not: sending it (workflows.preview), what keeps mail of a plan back
(workflows.explain).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from outreach_pipeline.workflows.explain_reason import WAITS, pause_of, until_decided
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.limits import LimitRow, list_limits
from outreach_pipeline.workflows.rotation import PASSWORD_REFUSED, cure_of

_LIMITS_OF_OTHERS = ("provider_host", "recipient_domain", "recipient_site")
# Of the stages of an attempt, what was being done at the server.
_DOING = {
    "connect": "at the greeting",
    "tls": "at STARTTLS",
    "auth": "at the login",
    "mail": "to the sender (MAIL)",
    "rcpt": "to the recipient (RCPT)",
    "data": "to DATA",
    "end-of-data": "to the message",
}
_RULE = "rule/"
_OWN_ERRORS = frozenset({PASSWORD_REFUSED, "consecutive_errors"})


def why_not_sent(
    installation: Installation,
    tenant: Tenant,
    *,
    row: Mapping[str, Any],
    outcome: Mapping[str, Any],
    is_stopped: bool,
    now: datetime,
) -> str:
    """Say why a test has not gone out, or that nobody knows whether it has, and what can be done.

    Args:
        installation: whose limits are looked at.
        tenant: of the test.
        row: of ``send/what_keeps``.
        outcome: of ``send/message_outcome``.
        is_stopped: whether its run was told to stop.
        now: business time.
    """
    mailbox = _mailbox_problem(row, tenant, now=now)
    if outcome["state"] in {"claimed", "sending", "outcome_unknown"}:
        return _unknown(row, outcome)
    # What its server said tells more than whatever has become true since.
    if row["stage"] not in {None, "gate"}:
        return " ".join(filter(None, [_attempt(row, outcome), mailbox]))
    if "suppressed" in {outcome["reason"], row["waits_for"]}:
        told = row["suppressed_by"]
        stands = until_decided(told) or " That is for good, an opt-out is final."
        return f"It was not sent: {row['to_address']} is suppressed by {told}.{stands} Test to another address."
    if outcome["reason"] and outcome["reason"] not in {*WAITS, "rate_limited"}:
        detail = f": {outcome['reason_detail']}" if outcome["reason_detail"] else "."
        return f"It was not sent ({outcome['reason']}){detail}"
    return mailbox or _wait(installation, tenant, row, is_stopped=is_stopped)


def _unknown(row: Mapping[str, Any], outcome: Mapping[str, Any]) -> str:
    look = f"Look into the inbox of {row['to_address']} before you test again."
    if outcome["state"] != "outcome_unknown":
        return f"It is unknown yet whether it was sent: it is under way ({outcome['state']}). {look}"
    return (
        f"It is unknown whether it was sent ({outcome['reason']}): {_ended(outcome['reason_detail'])} {look} Its state is "
        "settled by its copy in Sent, where the server files one, a bounce or a reply, else at "
        f"{row['unknown_until'].astimezone(UTC):%Y-%m-%d %H:%M} UTC: it counts as sent then."
    )


def _attempt(row: Mapping[str, Any], outcome: Mapping[str, Any]) -> str:
    """Say how an attempt failed: where, and what its server said, or what else ended it."""
    if row["code"] is None:
        told = _ended(outcome["reason_detail"])
        return f"It was not sent ({outcome['reason']}), on the way to {row['provider_host']}: {told}"
    said = _ended(f"{row['code']} {' '.join(row['text'].split())}".strip())
    when = _DOING.get(row["stage"], f"at {row['stage']}")
    return f"It was not sent ({outcome['reason']}): {row['provider_host']} said {when}: {said}"


def _ended(text: str | None) -> str:
    told = (text or "nothing more is known").strip()
    return told if told.endswith((".", "!", "?")) else f"{told}."


def _mailbox_problem(row: Mapping[str, Any], tenant: Tenant, *, now: datetime) -> str | None:
    """Say why a mailbox does not send and what ends that, or nothing if it does."""
    mailbox = f"{row['address']} --tenant {tenant.slug}"
    if row["paused_until"] and row["paused_until"] > now:
        zone, reason = ZoneInfo(tenant.time_zone), row["paused_reason"] or ""
        told = f"The mailbox is {pause_of(row['paused_until'], row['paused_reason'], zone)}"
        if reason.startswith(_RULE):
            # A person's resume would lift the rule, whose cause goes on.
            return f"{told}, a rule for what its server said. Wait until that ends, or test from another one."
        if reason in _OWN_ERRORS:
            # Of this test itself the attempt has told it.
            if row["send_failure"] and row["stage"] is None:
                told = f"{told}, after it failed at {row['send_failure']}"
            cure = cure_of({**row, "tenant": tenant.slug})
            return f"{_ended(told)} Cure: {cure}."
        return f"{told}. `outreach resume mailbox {mailbox}` ends that."
    if row["grant_refusal"]:
        again = f"`outreach check mailbox {mailbox}`"
        return f"The mailbox gets no access token ({row['grant_refusal']}): mend that, then {again}."
    if row["lifecycle"] in {"resting", "quarantined", "retired"}:
        return f"The mailbox is {row['lifecycle']}: test from another one."
    return None


def _wait(installation: Installation, tenant: Tenant, row: Mapping[str, Any], *, is_stopped: bool) -> str:
    """Say what keeps a test back that nobody has tried to send."""
    if row["waits_for"] in WAITS:
        told = WAITS[row["waits_for"]].format(verb="is")
        return (
            f"It may not be sent now, as {told}: `outreach resume` ends a pause, `outreach doctor` names other cures."
        )
    if row["waits_for"] == "login_waits":
        return (
            f"{row['provider_host']} or the provider account has no place for another login now: see `outreach limits`."
        )
    keys: dict[str, str] = {
        "mailbox": row["address"],
        "tenant": tenant.slug,
        **{scope: row[scope] for scope in _LIMITS_OF_OTHERS},
    }
    found: dict[str, str | None] = {
        each.scope: _limit_problem(each) for each in list_limits(installation) if keys.get(each.scope) == each.key
    }
    busy = "The mailbox is busy: another message of it is on the way. Test again in a moment, or from another one."
    stopped = f"It was stopped before {row['provider_host']} was given it, and is not sent: test again."
    others = next((found[scope] for scope in keys if found.get(scope)), None)
    return (
        found.get("mailbox")
        or (busy if row["is_busy"] else None)
        or others
        or (stopped if is_stopped else None)
        or "Nothing forbids it any more: test again."
    )


def _limit_problem(limit: LimitRow) -> str | None:
    """Say that a limit lets no message through now, or nothing if it does."""
    does = "send" if limit.scope in {"mailbox", "tenant"} else "get"
    other = ", or from another one" if limit.scope == "mailbox" else ""
    whose = "The mailbox" if limit.scope == "mailbox" else f"The {limit.scope.replace('_', ' ')} {limit.key}"
    if limit.free_at > datetime.now(UTC):
        rate = limit.slowed_to or limit.limit
        return f"{whose} may {does} {rate}, the next one at {limit.free_at:%H:%M:%S} UTC: test then{other}."
    if limit.in_flight_allowed is not None and limit.in_flight >= limit.in_flight_allowed:
        messages = "another message is" if limit.in_flight == 1 else f"{limit.in_flight} other messages are"
        return f"{whose} is busy: {messages} on the way, and no more may be at once. Test again in a moment{other}."
    return None
