"""Shaping rules: from what servers answered to what is suspended, slowed down or quarantined, and for how long.

Belongs here: the rules' shape, whether a reply matches, and whether enough of the last attempts do. Does not: the rules
themselves (table ``shaping_rules``), reading attempts, or carrying a firing out (workflows.shaping).

A reply that matches starts the question; the last attempts of the rule's scope answer it, so that what every sender meets
now and then moves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from outreach_pipeline.core.receive.reasons import REASONS, reason_of

Scope = Literal["mailbox", "tenant", "site", "mailbox_at_site", "sending_domain_at_site"]
Action = Literal["suspend", "slow_down", "quarantine"]
Stage = Literal["token", "connect", "tls", "auth", "mail", "rcpt", "data", "end-of-data", "report"]
MOST_ATTEMPTS = 500
"""A rule looks back at most so many attempts."""
_ENHANCED = re.compile(r"^[245]\.(\d{1,3}|x)\.(\d{1,3}|x)$")
_TEXT_LIMIT = 500
_AT_SITES: frozenset[Scope] = frozenset({"site", "mailbox_at_site", "sending_domain_at_site"})
_OF_OWN_SERVER: frozenset[str] = frozenset({"token", "connect", "tls", "auth", "mail"})


class Match(BaseModel):
    """What of a reply a rule asks for: all that is given must hold, and something must be given.

    Attributes:
        stages: where in the conversation; ``report`` is a bounce that came by mail or webhook.
        codes: SMTP reply codes, 400-599; a report has none.
        enhanced_codes: such as ``4.7.28``; ``x`` stands for any number: ``5.7.x``.
        reasons: names of ``core.receive.reasons``.
        text: a regular expression, found anywhere in the first 500 characters, in any case.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    stages: frozenset[Stage] = frozenset()
    codes: frozenset[int] = frozenset()
    enhanced_codes: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    text: str | None = Field(default=None, min_length=1, max_length=200)

    @field_validator("codes")
    @classmethod
    def _codes_refuse(cls, codes: frozenset[int]) -> frozenset[int]:
        if wrong := sorted(code for code in codes if not 400 <= code <= 599):
            raise ValueError(f"{wrong[0]} is no reply that refuses: codes are 400 to 599")
        return codes

    @field_validator("enhanced_codes")
    @classmethod
    def _codes_are_enhanced(cls, codes: frozenset[str]) -> frozenset[str]:
        if wrong := sorted(code for code in codes if not _ENHANCED.match(code)):
            raise ValueError(f"{wrong[0]!r} is no enhanced status code: write one like 4.7.28 or 5.7.x")
        return codes

    @field_validator("reasons")
    @classmethod
    def _reasons_are_known(cls, reasons: frozenset[str]) -> frozenset[str]:
        if wrong := sorted(reasons - REASONS.keys()):
            raise ValueError(f"there is no reason {wrong[0]!r}: they are {', '.join(REASONS)}")
        return reasons

    @field_validator("text")
    @classmethod
    def _text_is_a_pattern(cls, text: str | None) -> str | None:
        try:
            re.compile(text or "")
        except re.error as error:
            raise ValueError(f"the text {text!r} is no regular expression: {error}") from error
        return text

    @model_validator(mode="after")
    def _asks_for_something(self) -> Match:
        if not (self.stages or self.codes or self.enhanced_codes or self.reasons or self.text):
            raise ValueError("a match without anything would fit every refusal: give stages, codes, reasons or a text")
        return self


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in force.

    Attributes:
        scope: what is counted and what is acted on; ``…_at_site`` is one sender at one recipient site.
        least_matches: so many
        of_last: of the last attempts in the scope
        within_seconds: that are no older must match,
        least_mailboxes: from so many mailboxes.
        slow_ratio: what the rate is multiplied with, between 0 and 1; None unless ``slow_down``.
    """

    name: str
    version: int
    scope: Scope
    match: Match
    action: Action
    duration_seconds: int
    least_matches: int = 1
    of_last: int = 1
    within_seconds: int = 3600
    least_mailboxes: int = 1
    slow_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What one attempt came to, or what was reported of it later.

    ``stage`` is that of an attempt, ``done`` where the server took it, or ``report``; ``text`` may be missing where a rule
    is not told the words of others; ``at`` is aware, and needed only where the reply is one of the last attempts.
    """

    mailbox_id: int
    sending_domain_id: int
    site: str
    stage: str
    code: int | None = None
    enhanced_code: str | None = None
    reason: str | None = None
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a firing is about: key is the id of a mailbox or sending domain, '' for a tenant or site; site may be ''."""

    scope: Scope
    key: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that applies, to whom, until when (aware), and what it was seen by: only what JSON holds."""

    rule: Rule
    target: Target
    until: datetime
    evidence: dict[str, Any]


def rule_of(row: Mapping[str, Any]) -> Rule:
    """Build a rule from the columns of ``shaping_rules``, of which ``match`` is JSON."""
    names = Rule.__dataclass_fields__.keys() - {"match"}
    return Rule(match=Match.model_validate(row["match"]), **{name: row[name] for name in names})


def matches(match: Match, reply: Reply) -> bool:
    """Tell whether a reply is what a rule asks for."""
    return (
        reply.stage not in {"done", "gate"}
        and (not match.stages or reply.stage in match.stages)
        and (not match.codes or reply.code in match.codes)
        and (not match.enhanced_codes or _is_one_of(reply.enhanced_code, match.enhanced_codes))
        and (not match.reasons or reply.reason in match.reasons)
        and (match.text is None or _pattern(match.text).search(reply.text[:_TEXT_LIMIT]) is not None)
    )


def concerns(rule: Rule, reply: Reply) -> bool:
    """Tell whether a reply can say anything of a rule's scope.

    What the mailbox's own server did, or says of the mailbox's own account, says nothing of a site.
    """
    return rule.scope not in _AT_SITES or not (reply.stage in _OF_OWN_SERVER or _is_of_account(reply))


def _is_of_account(reply: Reply) -> bool:
    return (
        reply.reason is not None
        and reason_of(code=reply.code, enhanced_code=reply.enhanced_code, text=reply.text).is_of_account
    )


def target_of(rule: Rule, reply: Reply) -> Target:
    """Return whom a rule would act on because of a reply."""
    if rule.scope == "mailbox":
        return Target(rule.scope, str(reply.mailbox_id))
    if rule.scope == "mailbox_at_site":
        return Target(rule.scope, str(reply.mailbox_id), reply.site)
    if rule.scope == "sending_domain_at_site":
        return Target(rule.scope, str(reply.sending_domain_id), reply.site)
    return Target(rule.scope, site=reply.site if rule.scope == "site" else "")


def questions(rules: Sequence[Rule], replies: Sequence[Reply]) -> dict[tuple[str, Target], Rule]:
    """Return each rule, with whom it would act on, that some reply matches: rule's name and target -> rule."""
    return {
        (rule.name, target_of(rule, reply)): rule
        for reply in replies
        for rule in rules
        if matches(rule.match, reply) and concerns(rule, reply)
    }


def judge(
    rule: Rule, target: Target, attempts: Sequence[Reply], *, now: datetime, clock: datetime | None = None
) -> Firing | None:
    """Decide whether a rule applies to a target.

    Args:
        rule: the rule.
        target: whom it would act on.
        attempts: the last ones, the latest first; others than the target's, and older ones than the rule looks back at,
            are left out here.
        now: business time, aware; the firing lasts from then on.
        clock: what the attempts' times are counted by; None: ``now``.
    """
    since = (clock or now) - timedelta(seconds=rule.within_seconds)
    own = (
        each
        for each in attempts
        if (each.at is None or each.at >= since) and target_of(rule, each) == target and concerns(rule, each)
    )
    seen = list(islice(own, rule.of_last))
    hits = [each for each in seen if matches(rule.match, each)]
    mailboxes = {each.mailbox_id for each in hits}
    if len(hits) < rule.least_matches or len(mailboxes) < rule.least_mailboxes:
        return None
    last = hits[0]
    evidence: dict[str, Any] = {
        "matches": len(hits),
        "of_attempts": len(seen),
        "within_seconds": rule.within_seconds,
        "mailboxes": len(mailboxes),
        "stage": last.stage,
        "code": last.code,
        "enhanced_code": last.enhanced_code,
        "reason": last.reason,
    }
    if rule.scope != "site":
        evidence["text"] = last.text[:_TEXT_LIMIT]
    until = now + timedelta(seconds=rule.duration_seconds)
    return Firing(rule, target, until, {name: value for name, value in evidence.items() if value not in {None, ""}})


def as_row(firing: Firing) -> dict[str, Any]:
    """Return a firing as the columns of ``shaping_firings``."""
    rule = firing.rule
    return {
        "rule_name": rule.name,
        "rule_version": rule.version,
        **asdict(firing.target),
        "action": rule.action,
        "slow_ratio": rule.slow_ratio,
        "evidence": firing.evidence,
        "until": firing.until,
    }


def _is_one_of(code: str | None, wanted: frozenset[str]) -> bool:
    if code is None:
        return False
    if code in wanted:
        return True
    parts = code.split(".")
    return any(
        all(ours in {"x", theirs} for ours, theirs in zip(each.split("."), parts, strict=False))
        for each in wanted
        if "x" in each
    )


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)
