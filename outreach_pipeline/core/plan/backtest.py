"""What a past day's plan would have been under another policy, held against what it was.

Belongs here: reading the changes of a policy, and the comparison of two plans of the same inputs. Does not: where inputs are
kept (workflows.backtest).

A backtest changes the policy and nothing else: who had been written to before, which mailboxes were warm and who was
suppressed stays as it was on that day, so that days are judged one by one and not as a chain.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from outreach_pipeline.core.configuration_file import load_mapping
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.plan.inputs import DEFAULT_POLICY, PlanInputs
from outreach_pipeline.core.plan.plan import Plan, PlannedMessage, plan
from outreach_pipeline.core.plan.policy import SendingPolicy, why_never_asked

# Policy name -> field -> new value.
PolicyChanges = Mapping[str, Mapping[str, Any]]
# Fields that act before a day's inputs are kept, at the import of a list or the reading of contacts, or after planning: in a
# backtest they change nothing.
WITHOUT_EFFECT = frozenset(
    {
        "canary_contacts",
        "canary_hold_seconds",
        "days_between_campaigns",
        "first_retry_seconds",
        "follow_up_waits_working_days",
        "give_up_after_attempts",
        "list_hard_bounce_ratio",
        "list_least_sends",
        "longest_retry_seconds",
        "mature_after_seconds",
        "max_consecutive_errors",
        "out_of_office_days",
        "probes_per_day_per_mailbox",
        "unknown_outcome_seconds",
        "verification_days",
        "waited_follow_up",
    }
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Messages planned for one campaign, mailbox or site, or contacts with one reason: as it was, and with the change."""

    name: str
    before: int
    after: int

    @property
    def change(self) -> int:
        """How many more."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans of one day.

    Attributes:
        planned: messages, as it was and with the change.
        campaigns: by slug; mailboxes by id; sites by name; reasons by code. All that occur in either plan.
        moved: enrollments that are planned in both and have another mailbox.
        is_lower_bound: the inputs hold no more contacts than the old policy had use for, and the new one could plan more.
    """

    planned: Difference
    campaigns: tuple[Difference, ...]
    mailboxes: tuple[Difference, ...]
    sites: tuple[Difference, ...]
    reasons: tuple[Difference, ...]
    moved: int
    is_lower_bound: bool


def read_policy_changes(text: str) -> PolicyChanges:
    """Read a file of policy changes.

    It is YAML and holds fields of a sending policy, which change the default policy; or ``policies:`` with names and
    fields, as the configuration file has it. Fields that it does not name stay as they were on the day, or follow the default.

    Raises:
        ConfigurationError: one problem a sentence.
    """
    raw = load_mapping(text)
    named = raw["policies"] if isinstance(raw.get("policies"), dict) else {DEFAULT_POLICY: raw}
    problems = [problem for name, changes in named.items() for problem in _problems(name, changes)]
    if problems or not any(named.values()):
        raise ConfigurationError(
            *(problems or ["The file changes nothing: name a field, as in `minimum_gap_seconds: 900`."])
        )
    return named


def without_effect(changes: PolicyChanges) -> list[str]:
    """Return the changed fields that cannot change a backtest, as ``policy.field``."""
    return sorted(f"{name}.{field}" for name, fields in changes.items() for field in fields if field in WITHOUT_EFFECT)


def _problems(name: str, changes: Any) -> Iterator[str]:
    if not isinstance(changes, dict):
        yield f"{name}: holds no fields: write them as `{name}: {{minimum_gap_seconds: 900}}`."
        return
    known = SendingPolicy.model_fields
    for field in changes:
        if field not in known:
            near = difflib.get_close_matches(field, known, n=1)
            yield f"{name}.{field}: a policy has no such field{f', did you mean {near[0]}?' if near else '.'}"
    try:
        SendingPolicy.model_validate({field: value for field, value in changes.items() if field in known})
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False):
            # What holds between fields is asked when they stand among the day's own.
            if each["loc"]:
                yield f"{name}.{'.'.join(map(str, each['loc']))}: {each['msg'][0].lower()}{each['msg'][1:]}."


def with_changes(inputs: PlanInputs, changes: PolicyChanges) -> PlanInputs:
    """Return a day's inputs with changed policies.

    A named policy follows the default one, as it would if the changes were applied: in the fields in which it was like it.

    Raises:
        ConfigurationError: the day has no policy of that name, nobody would ask for a field in it, or its fields do not go
            together with the changes.
    """
    policies, before = dict(inputs.facts.policies), inputs.facts.policies[DEFAULT_POLICY].model_dump()
    if problems := list(_never_asked(inputs, changes)):
        raise ConfigurationError(*problems)
    of_default = changes.get(DEFAULT_POLICY, {})
    for name, policy in inputs.facts.policies.items():
        own = policy.model_dump()
        fields = {field: value for field, value in of_default.items() if own[field] == before[field]}
        fields |= changes.get(name, {})
        try:
            policies[name] = SendingPolicy.model_validate({**own, **fields})
        except ValidationError as error:
            said = "; ".join(each["msg"].removeprefix("Value error, ") for each in error.errors(include_url=False))
            raise ConfigurationError(f"{name}: with what stood on {inputs.facts.plan_date}: {said}.") from error
    return replace(inputs, facts=replace(inputs.facts, policies=policies))


def _never_asked(inputs: PlanInputs, changes: PolicyChanges) -> Iterator[str]:
    facts = inputs.facts
    for name, fields in changes.items():
        if name not in facts.policies:
            yield f"{name}: there was no such policy on {facts.plan_date}, only {', '.join(sorted(facts.policies))}."
        if name in facts.policies and name != DEFAULT_POLICY:
            has_mailboxes = any(each.policy == name for each in facts.mailboxes)
            has_campaigns = any(each.policy == name for each in facts.campaigns)
            for field in fields:
                if why := why_never_asked(field, has_mailboxes=has_mailboxes, has_campaigns=has_campaigns):
                    yield f"{name}.{field}: {why}"


def backtest(inputs: PlanInputs, changes: PolicyChanges) -> Comparison:
    """Plan a day twice, as it was and with changed policies, and compare.

    Raises:
        ConfigurationError: see ``with_changes``.
    """
    return compare(inputs, plan(inputs), plan(with_changes(inputs, changes)))


def compare(inputs: PlanInputs, before: Plan, after: Plan) -> Comparison:
    """Compare two plans of the same candidates."""
    slugs = {campaign.id: campaign.slug for campaign in inputs.facts.campaigns}
    candidates = inputs.candidates
    campaign_ids, sites = candidates.campaign_id.tolist(), candidates.site.tolist()

    def counted(name_of: Callable[[PlannedMessage], str]) -> tuple[Difference, ...]:
        return _differences(*(Counter(map(name_of, each.messages)) for each in (before, after)))

    boxes = {message.enrollment_id: message.mailbox_id for message in before.messages}
    return Comparison(
        planned=Difference("planned", len(before.messages), len(after.messages)),
        campaigns=counted(lambda message: slugs[campaign_ids[message.position]]),
        mailboxes=counted(lambda message: str(message.mailbox_id)),
        sites=counted(lambda message: candidates.words[sites[message.position]]),
        reasons=_differences(before.summary["excluded"], after.summary["excluded"]),
        moved=sum(boxes.get(each.enrollment_id, each.mailbox_id) != each.mailbox_id for each in after.messages),
        is_lower_bound=bool(after.hungry),
    )


def _differences(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[Difference, ...]:
    """Pair counts by name, the largest change first."""
    pairs = [Difference(name, before.get(name, 0), after.get(name, 0)) for name in {*before, *after}]
    return tuple(sorted(pairs, key=lambda each: (-abs(each.change), each.name)))
