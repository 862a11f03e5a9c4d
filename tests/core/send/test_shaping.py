"""A rule applies by what of the last attempts matched, and to nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from outreach_pipeline.core.send.shaping import Match, Reply, Rule, Target, judge, matches, questions, target_of

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
REFUSED = {"stage": "rcpt", "code": 421, "enhanced_code": "4.7.28", "reason": "ratelimited"}


def reply(mailbox_id: int = 1, *, site: str = "gmail", minutes_ago: float = 0, **more) -> Reply:
    fields = {"stage": "done", "code": 250, **more}
    return Reply(
        mailbox_id=mailbox_id, sending_domain_id=9, site=site, at=NOW - timedelta(minutes=minutes_ago), **fields
    )


def rule(scope: str = "mailbox", **more) -> Rule:
    fields = {
        "match": Match(reasons={"ratelimited"}), "action": "suspend", "duration_seconds": 3600, "least_matches": 3,
        "of_last": 5, **more,
    }  # fmt: skip
    return Rule(name="throttled", version=2, scope=scope, **fields)


@pytest.mark.parametrize(
    "match, fits",
    [
        ({"codes": [421]}, True),
        ({"codes": [450]}, False),
        ({"enhanced_codes": ["4.7.28"]}, True),
        ({"enhanced_codes": ["4.7.x"]}, True),
        ({"enhanced_codes": ["4.7.29", "5.1.1"]}, False),
        ({"reasons": ["ratelimited", "speeding"]}, True),
        ({"stages": ["rcpt"]}, True),
        ({"stages": ["mail", "report"]}, False),
        ({"text": r"unusual\s+RATE"}, True),
        ({"text": "^rate"}, False),
        ({"codes": [421], "text": "unusual"}, True),
        ({"codes": [421], "reasons": ["spamdetected"]}, False),
    ],
)
def test_all_that_a_match_asks_for_must_hold(match, fits):
    assert matches(Match.model_validate(match), reply(**REFUSED, text="421 an unusual rate of mail")) is fits


@pytest.mark.parametrize(
    "match, said",
    [
        ({}, "would fit every refusal"),
        ({"codes": [250]}, "no reply that refuses"),
        ({"enhanced_codes": ["x.7.28"]}, "no enhanced status code"),
        ({"reasons": ["angry"]}, "no reason 'angry'"),
        ({"text": "("}, "no regular expression"),
        ({"stages": ["lunch"]}, "Input should be"),
    ],
)
def test_a_match_that_cannot_be_meant_is_refused(match, said):
    with pytest.raises(ValidationError, match=said):
        Match.model_validate(match)


@pytest.mark.parametrize("stage, asked", [("connect", 1), ("auth", 1), ("mail", 1), ("rcpt", 2), ("end-of-data", 2)])
def test_what_the_mailbox_s_own_server_did_says_nothing_of_a_site(stage, asked):
    rules = [rule("mailbox", least_matches=1), rule("mailbox_at_site", least_matches=1)]
    refused = reply(**{**REFUSED, "stage": stage})
    found = questions(rules, [refused])
    assert len(found) == asked
    at_site = Target("mailbox_at_site", "1", "gmail")
    assert (judge(rules[1], at_site, [refused], now=NOW) is not None) == (asked == 2)


@pytest.mark.parametrize(
    "text, fires", [("Daily user sending limit exceeded. - gsmtp", False), ("Too many messages", True)]
)
def test_what_is_said_of_our_own_account_says_nothing_of_a_site(text, fires):
    at_site = rule("mailbox_at_site", least_matches=1)
    refused = reply(**{**REFUSED, "stage": "end-of-data", "code": 550, "enhanced_code": "5.4.5"}, text=text)
    assert bool(questions([at_site], [refused])) == fires
    assert len(questions([rule(least_matches=1)], [refused])) == 1


def test_what_was_taken_matches_nothing():
    assert not matches(Match(stages={"rcpt"}), reply())
    assert not matches(Match(enhanced_codes={"4.7.x"}), reply(enhanced_code="4.7.0"))


def test_a_rule_counts_the_last_attempts_and_not_all_of_them():
    refusals = [reply(**REFUSED) for _ in range(3)]
    taken = [reply() for _ in range(3)]
    target = Target("mailbox", "1")
    assert judge(rule(), target, [*refusals, *taken], now=NOW) is not None
    # Three of the last five are two when two others came after them.
    assert judge(rule(), target, [*taken, *refusals], now=NOW) is None
    assert judge(rule(), target, refusals[:2], now=NOW) is None


def test_what_is_too_old_counts_no_more():
    refusals = [reply(**REFUSED, minutes_ago=minutes) for minutes in (1, 30, 61)]
    assert judge(rule(), Target("mailbox", "1"), refusals, now=NOW) is None
    assert judge(rule(within_seconds=7200), Target("mailbox", "1"), refusals, now=NOW) is not None
    # Business time stands still in a run; the attempts' times do not.
    assert judge(rule(), Target("mailbox", "1"), refusals, now=NOW, clock=NOW - timedelta(minutes=5)) is not None


def test_a_firing_says_what_it_was_seen_by_and_until_when():
    firing = judge(rule(), Target("mailbox", "1"), [reply(**REFUSED, text="slow down") for _ in range(4)], now=NOW)
    assert firing.until == NOW + timedelta(hours=1)
    assert firing.evidence == {
        "matches": 4, "of_attempts": 4, "within_seconds": 3600, "mailboxes": 1, **REFUSED, "text": "slow down",
    }  # fmt: skip


@pytest.mark.parametrize(
    "scope, target",
    [
        ("mailbox", Target("mailbox", "1")),
        ("tenant", Target("tenant")),
        ("site", Target("site", site="gmail")),
        ("mailbox_at_site", Target("mailbox_at_site", "1", "gmail")),
        ("sending_domain_at_site", Target("sending_domain_at_site", "9", "gmail")),
    ],
)
def test_a_scope_says_whom_a_rule_acts_on(scope, target):
    refused = reply(**REFUSED)
    assert target_of(rule(scope), refused) == target
    assert questions([rule(scope)], [refused, reply()]) == {("throttled", target): rule(scope)}
    others = [reply(2, site="yahoo", **REFUSED) for _ in range(5)]
    elsewhere = judge(rule(scope), target, [refused, *others], now=NOW)
    assert (elsewhere is None) == (scope != "tenant")


def test_several_mailboxes_are_asked_for_where_one_is_no_proof():
    several = rule("site", least_mailboxes=2)
    one = [reply(1, **REFUSED) for _ in range(5)]
    assert judge(several, Target("site", site="gmail"), one, now=NOW) is None
    assert judge(several, Target("site", site="gmail"), [reply(2, **REFUSED), *one], now=NOW).evidence["mailboxes"] == 2


def test_what_concerns_everybody_keeps_the_words_of_nobody():
    refusals = [reply(**REFUSED, text="<ann@example.com> slow down") for _ in range(3)]
    firing = judge(rule("site"), Target("site", site="gmail"), refusals, now=NOW)
    assert "text" not in firing.evidence
