from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach_pipeline.core.model import Lifecycle
from outreach_pipeline.core.plan.lifecycle import RULES, Counts, MailboxState, Move, interval, next_move

NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
QUIET = Counts(blocks=(500, 0))


def move(state: MailboxState, counts: Counts = QUIET, *, days: float = 0) -> Move | None:
    return next_move(state, counts, now=NOW + timedelta(days=days))


def stood(lifecycle: str, *, days: float = 10, **columns: Any) -> MailboxState:
    return MailboxState(Lifecycle(lifecycle), NOW - timedelta(days=days), **columns)


@pytest.mark.parametrize(
    "counts, expected, rule",
    [
        (Counts(blocks=(500, 1)), None, None),
        # 12 in 300 are 4 %, of which at least 2.8 % are no chance.
        (Counts(blocks=(300, 12)), "observed", "blocks_rising"),
        (Counts(blocks=(100, 10)), "resting", "blocks_high"),
        (Counts(blocks=(100, 30)), "quarantined", "blocks_very_high"),
        # 30 % of ten sends is nothing to go by.
        (Counts(blocks=(10, 3)), None, None),
        (Counts(complaints=(1500, 1)), None, None),
        (Counts(complaints=(800, 1)), "observed", "complaints_seen"),
        (Counts(complaints=(150, 1)), "observed", "complaints_seen"),
        (Counts(complaints=(500, 2)), "quarantined", "complaints_high"),
        (Counts(complaints=(300, 4)), "quarantined", "complaints_very_high"),
        # Nobody watches for complaints there: that is no praise and no blame.
        (Counts(complaints=(0, 0)), None, None),
    ],
)
def test_a_rule_moves_a_mailbox_only_on_evidence(counts: Counts, expected: str | None, rule: str | None) -> None:
    found = move(stood("active"), counts)
    assert (found and str(found.to), found and found.evidence["rule"]) == (expected, rule)


def test_the_evidence_says_what_was_seen_and_until_when() -> None:
    found = move(stood("active"), Counts(blocks=(100, 10)))
    assert found is not None
    assert found.evidence == {
        "rule": "blocks_high",
        "from": "active",
        "measure": "blocks",
        "trials": 100,
        "bad": 10,
        "low_ratio": 0.067784,
        "high_ratio": 0.145144,
        "limit_ratio": 0.05,
        "source": "WarmySender rests for 24 hours at 5 %; Amazon SES reviews at 5 %",
        "until": "2026-11-25T05:00:00+00:00",
    }


def test_a_mailbox_rests_comes_back_on_probation_and_is_judged_by_what_it_does_then() -> None:
    rested = move(stood("active"), Counts(blocks=(100, 10)))
    assert rested is not None
    state = MailboxState(rested.to, NOW, rested.evidence)
    assert move(state, Counts(blocks=(100, 10)), days=0.9) is None

    back = move(state, Counts(blocks=(100, 10)), days=1)
    assert back is not None
    assert (back.to, back.evidence["rule"], back.evidence["counts_from"]) == ("observed", "probation", "2026-11-25")

    state = MailboxState(back.to, NOW + timedelta(days=1), back.evidence)
    assert move(state, Counts(blocks=(100, 0)), days=7.9) is None
    assert move(state, Counts(blocks=(20, 0)), days=9) is None
    freed = move(state, Counts(blocks=(60, 0)), days=8)
    assert freed is not None
    assert (freed.to, freed.evidence["counts_from"]) == ("active", "2026-11-25")
    again = move(state, Counts(blocks=(60, 20)), days=3)
    assert again is not None
    assert again.to == "quarantined"


def test_a_resting_mailbox_can_get_worse_and_an_observed_one_does_not_get_worse_by_the_same() -> None:
    assert move(stood("resting", days=0.1), Counts(complaints=(300, 4))).to == "quarantined"
    assert move(stood("observed"), Counts(blocks=(300, 12))) is None


@pytest.mark.parametrize(
    "lifecycle, curve, expected",
    [
        ("warming", "rises", None),
        ("warming", "done", "active"),
        ("active", "rises", "warming"),
        ("active", "done", None),
        ("observed", "rises", "warming"),
    ],
)
def test_a_curve_decides_between_warming_and_active(lifecycle: str, curve: str, expected: str | None) -> None:
    found = move(stood(lifecycle, is_on_curve=curve == "rises"))
    assert (found and str(found.to)) == expected


@pytest.mark.parametrize("lifecycle", list(Lifecycle))
def test_a_persons_word_stands(lifecycle: Lifecycle) -> None:
    set_by_hand = stood(lifecycle, evidence={"set_by": "ann", "reason": "test"})
    assert move(set_by_hand, Counts(blocks=(100, 60)), days=99) is None
    assert move(stood("retired"), Counts(blocks=(100, 60)), days=99) is None


@given(trials=st.integers(1, 5000), data=st.data())
def test_the_interval_holds_the_rate_and_narrows(trials: int, data: st.DataObject) -> None:
    bad = data.draw(st.integers(0, trials))
    low, high = interval(trials, bad)
    assert 0 <= low <= bad / trials + 1e-12
    assert bad / trials - 1e-12 <= high <= 1
    wider_low, wider_high = interval(trials / 2, bad / 2)
    assert wider_high - wider_low >= high - low - 1e-12


def test_rules_stand_from_harsh_to_mild_and_name_their_source() -> None:
    harshness = ["observed", "resting", "quarantined"]
    assert [harshness.index(rule.moves_to) for rule in RULES] == sorted(
        (harshness.index(rule.moves_to) for rule in RULES), reverse=True
    )
    assert all(rule.source and rule.least_trials >= 50 for rule in RULES)
