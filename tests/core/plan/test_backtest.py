from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.plan import backtest as module
from outreach_pipeline.core.plan.backtest import WITHOUT_EFFECT, backtest, read_policy_changes, without_effect
from outreach_pipeline.core.plan.inputs import MailboxInput
from outreach_pipeline.core.plan.plan import plan
from outreach_pipeline.core.plan.policy import SendingPolicy

POLICY = SendingPolicy(messages_per_day_per_mailbox=4, counts_by="calendar_day", random_assignment_ratio=0)


def test_changes_are_fields_of_the_default_policy_or_named_ones():
    assert read_policy_changes("minimum_gap_seconds: 900") == {"default": {"minimum_gap_seconds": 900}}
    assert read_policy_changes("policies: {careful: {window_starts: '10:00'}}") == {
        "careful": {"window_starts": "10:00"}
    }


@pytest.mark.parametrize(
    "text, problem",
    [
        ("", "The file changes nothing"),
        ("policies: {}", "The file changes nothing"),
        ("a: [", "the file is no valid YAML"),
        (
            "minimum_gap_second: 9",
            "default.minimum_gap_second: a policy has no such field, did you mean minimum_gap_seconds?",
        ),
        ("policies: {careful: 7}", "careful: holds no fields"),
        ("minimum_gap_seconds: -1", "default.minimum_gap_seconds: input should be greater than or equal to 0"),
    ],
)
def test_what_is_no_change_is_refused_with_its_place(text, problem):
    with pytest.raises(ConfigurationError) as refused:
        read_policy_changes(text)
    assert problem in str(refused.value)


def test_the_difference_is_told_by_campaign_mailbox_site_and_reason(make_inputs):
    pool = [MailboxInput(id=number, sending_domain_id=1, sending_domain="acme.example") for number in (1, 2)]
    people = [{"site": "google"}] * 5 + [{"site": "small"}] * 5
    inputs = make_inputs(pool, people, policy=POLICY)
    found = backtest(inputs, {"default": {"messages_per_day_per_site": {"google": 1}}})
    assert (found.planned.before, found.planned.after) == (8, 6)
    assert [(each.name, each.before, each.after) for each in found.sites] == [("google", 5, 1), ("small", 3, 5)]
    assert {each.name: each.change for each in found.reasons} == {"site_cap": 4, "no_capacity": -2}
    assert sum(each.after for each in found.mailboxes) == 6
    assert found.campaigns[0].change == -2


def test_the_same_policy_makes_no_difference(make_inputs):
    pool = [MailboxInput(id=number, sending_domain_id=1, sending_domain="acme.example") for number in (1, 2)]
    found = backtest(make_inputs(pool, [{}] * 9, policy=POLICY), {"default": {"messages_per_day_per_mailbox": 4}})
    assert found.moved == 0
    assert {each.change for each in (*found.campaigns, *found.mailboxes, *found.sites, *found.reasons)} == {0}


def two_policies(make_inputs, make_campaign):
    """Two mailboxes, the second with a policy that names its gap alone, and ten people."""
    pool = [
        MailboxInput(id=number, sending_domain_id=1, sending_domain="acme.example", policy=policy)
        for number, policy in ((1, "default"), (2, "gentle"))
    ]
    inputs = make_inputs(pool, [{}] * 10, policy=POLICY, campaigns=[make_campaign(1, (1, 2))])
    policies = {"default": POLICY, "gentle": POLICY.model_copy(update={"minimum_gap_seconds": 900})}
    return replace(inputs, facts=replace(inputs.facts, policies=policies))


def test_named_policies_follow_the_default_one_where_they_were_like_it(make_inputs, make_campaign):
    inputs = two_policies(make_inputs, make_campaign)
    assert backtest(inputs, {"default": {"messages_per_day_per_mailbox": 3}}).planned.after == 6
    changed = module.with_changes(inputs, {"default": {"minimum_gap_seconds": 60, "jitter_seconds": 1}})
    gentle = changed.facts.policies["gentle"]
    assert (gentle.minimum_gap_seconds, gentle.jitter_seconds) == (900, 1)
    both = {"default": {"messages_per_day_per_mailbox": 3}, "gentle": {"messages_per_day_per_mailbox": 4}}
    assert backtest(inputs, both).planned.after == 7


@pytest.mark.parametrize(
    "changes, problem",
    [
        ({"gentle": {"unverified_per_day": 0}}, "gentle.unverified_per_day: is one for the whole tenant"),
        ({"gentle": {"window_starts": "16:00"}}, "gentle.window_starts: is asked of campaigns, and only mailboxes"),
        ({"other": {"jitter_seconds": 1}}, "other: there was no such policy on 2026-11-24, only default, gentle."),
    ],
)
def test_what_nobody_would_ask_for_is_refused(make_inputs, make_campaign, changes, problem):
    with pytest.raises(ConfigurationError) as refused:
        backtest(two_policies(make_inputs, make_campaign), changes)
    assert problem in str(refused.value)


def test_more_than_was_kept_is_a_lower_bound(make_inputs, make_campaign):
    pool = [MailboxInput(id=1, sending_domain_id=1, sending_domain="acme.example")]
    inputs = make_inputs(pool, [{}] * 6, policy=POLICY, campaigns=[make_campaign(1, (1,), waiting=50)])
    assert backtest(inputs, {"default": {"messages_per_day_per_mailbox": 20}}).is_lower_bound
    assert not backtest(inputs, {"default": {"messages_per_day_per_mailbox": 5}}).is_lower_bound


def test_fields_that_cannot_change_a_backtest_are_named():
    changes = {"default": {"canary_contacts": 1, "jitter_seconds": 1}, "careful": {"verification_days": 1}}
    assert without_effect(changes) == ["careful.verification_days", "default.canary_contacts"]


@pytest.mark.parametrize("field", sorted(WITHOUT_EFFECT))
def test_a_field_without_effect_changes_nothing(make_inputs, field):
    value = {"waited_follow_up": "moves", "list_hard_bounce_ratio": 0.01}.get(field, 1)
    pool = [MailboxInput(id=number, sending_domain_id=1, sending_domain="acme.example") for number in (1, 2)]
    inputs = make_inputs(pool, [{}] * 9, policy=POLICY)
    after = plan(module.with_changes(inputs, {"default": {field: value}}))
    assert after.to_bytes() == plan(inputs).to_bytes()


def test_every_other_field_is_read_by_the_planner():
    folder = Path(module.__file__).parent
    apart = {"policy.py", "backtest.py", "forecast.py", "mailbox_need.py"}
    text = "".join(each.read_text(encoding="utf-8") for each in folder.glob("*.py") if each.name not in apart)
    unread = {field for field in SendingPolicy.model_fields if f".{field}" not in text}
    assert unread
    assert unread <= WITHOUT_EFFECT
