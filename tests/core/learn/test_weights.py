"""Scores move with evidence, in the right direction and by the right amount, and stay where there is none."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_pipeline.core.learn.weights import WeightParameters, rotation_weights

TODAY = date(2026, 3, 10)
PRIOR = WeightParameters().prior_weight
COLUMNS = [
    "mailbox_id",
    "recipient_site",
    "contact_list_id",
    "send_date",
    "passed_sends",
    "block_bursts",
    "complaint_trials",
    "complaints",
    "complaints_observed",
]


def fleet(*domains: tuple[int, ...], account=None):
    """Mailboxes by sending domain: fleet((1, 2), (3,)) has 1 and 2 in domain 100 and 3 in domain 101."""
    return pd.DataFrame(
        [
            {"mailbox_id": mailbox, "sending_domain_id": 100 + number, "provider_account_id": account}
            for number, members in enumerate(domains)
            for mailbox in members
        ]
    )


def sends(mailbox, passed, blocked=0.0, *, site="google", contact_list=1, on=TODAY, trials=None, complaints=0):
    observed = trials is not None
    return [mailbox, site, contact_list, on, passed, float(blocked), trials or 0, complaints, observed]


def score(mailboxes, *rows, **parameters):
    """Weights by (mailbox, site)."""
    inputs = pd.DataFrame(list(rows), columns=COLUMNS)
    weights = rotation_weights(mailboxes, inputs, as_of=TODAY, parameters=WeightParameters(**parameters))
    return weights.set_index(["mailbox_id", "recipient_site"])


def test_without_any_evidence_every_mailbox_has_the_prior_over_all_sites():
    weights = score(fleet((1, 2), (3,)))
    assert weights.index.tolist() == [(1, ""), (2, ""), (3, "")]
    assert weights["weight_ratio"].tolist() == pytest.approx([PRIOR] * 3)
    assert weights["health_ratio"].tolist() == [1.0] * 3
    assert weights["matured_sends"].tolist() == [0.0] * 3


def test_no_mailboxes_give_no_rows():
    empty = pd.DataFrame(columns=["mailbox_id", "sending_domain_id", "provider_account_id"])
    assert len(rotation_weights(empty, pd.DataFrame(columns=COLUMNS), as_of=TODAY)) == 0


def test_a_single_mailbox_follows_the_formula():
    weights = score(fleet((1,)), sends(1, 95, 5))
    mean = (100 * 0.02 + 5) / (100 + 100)
    assert weights.loc[(1, "google"), "weight_ratio"] == pytest.approx(1 / (1 + mean / 0.05 + 0.001 / 0.002))
    assert weights.loc[(1, "google"), "evidence"]["blocks"]["mean"] == pytest.approx(mean)


def test_a_send_of_one_half_life_ago_counts_half():
    weights = score(fleet((1,)), sends(1, 60, on=date(2026, 2, 24)), half_life_days=14)
    assert weights.loc[(1, "google"), "matured_sends"] == pytest.approx(30)


def test_clean_sends_raise_and_blocks_lower():
    weights = score(fleet((1,), (2,)), sends(1, 200), sends(2, 160, 40))
    assert weights.loc[(2, ""), "weight_ratio"] < PRIOR < weights.loc[(1, ""), "weight_ratio"]
    assert weights.loc[(1, ""), "health_ratio"] == 1.0
    assert weights.loc[(2, ""), "health_ratio"] < 0.7


def test_one_block_among_thirty_sends_moves_a_score_by_less_than_a_tenth():
    clean = score(fleet((1,)), sends(1, 30)).loc[(1, "google"), "weight_ratio"]
    blocked = score(fleet((1,)), sends(1, 29, 1)).loc[(1, "google"), "weight_ratio"]
    assert 0.9 < blocked / clean < 1


def test_below_the_sample_floor_a_mailbox_is_not_judged_by_itself():
    weights = score(fleet((1, 2)), sends(1, 19), sends(2, 500))
    assert weights.loc[(1, ""), "weight_ratio"] == pytest.approx(PRIOR)
    assert weights.loc[(2, ""), "weight_ratio"] > PRIOR


def test_bad_news_of_a_domain_reaches_its_new_mailbox_and_less_another_domain():
    weights = score(fleet((1, 2), (3,)), sends(1, 60, 40))
    assert weights.loc[(2, "google"), "weight_ratio"] < PRIOR
    assert (3, "google") not in weights.index
    assert weights.loc[(2, ""), "weight_ratio"] < 0.8 * weights.loc[(3, ""), "weight_ratio"]
    assert 0.75 * PRIOR < weights.loc[(3, ""), "weight_ratio"] < PRIOR


def test_a_mailbox_with_own_good_sends_in_a_bad_domain_stands_above_its_siblings():
    weights = score(fleet((1, 2, 3)), sends(1, 60, 40), sends(2, 100), sends(3, 0))
    assert weights.loc[(2, ""), "weight_ratio"] > weights.loc[(3, ""), "weight_ratio"]


def test_no_evidence_counts_twice():
    alone = score(fleet((1,)), sends(1, 95, 5)).loc[(1, "google"), "evidence"]["blocks"]
    assert alone["parent"] == pytest.approx(0.02)


def test_blocks_at_one_site_leave_the_score_at_another_alone():
    weights = score(fleet((1,)), sends(1, 60, 40), sends(1, 100, site="microsoft"))
    assert weights.loc[(1, "google"), "weight_ratio"] < PRIOR < weights.loc[(1, "microsoft"), "weight_ratio"]


def test_unobserved_complaints_never_raise_a_score_and_observed_silence_does():
    unobserved = score(fleet((1,)), sends(1, 5000)).loc[(1, "google")]
    observed = score(fleet((1,)), sends(1, 5000, trials=5000)).loc[(1, "google")]
    assert unobserved["evidence"]["complaints"]["mean"] == pytest.approx(0.001)
    assert unobserved["evidence"]["complaints"]["observed"] is False
    assert observed["weight_ratio"] > unobserved["weight_ratio"]


def test_an_organisations_clean_record_does_not_stand_in_for_unobserved_complaints():
    weights = score(
        fleet((1,), (2,), account=7), sends(1, 20000, site="yahoo", trials=20000), sends(2, 500, site="yahoo")
    )
    assert weights.loc[(2, "yahoo"), "evidence"]["complaints"]["mean"] == pytest.approx(0.001)


def test_a_complaint_weighs_more_than_a_block():
    clean = score(fleet((1,)), sends(1, 200, trials=200)).loc[(1, ""), "weight_ratio"]
    block = score(fleet((1,)), sends(1, 199, 1, trials=199)).loc[(1, ""), "weight_ratio"]
    complaint = score(fleet((1,)), sends(1, 200, trials=200, complaints=1)).loc[(1, ""), "weight_ratio"]
    assert complaint < block < clean
    assert clean - complaint > 2 * (clean - block)


def test_a_bad_list_does_not_drag_its_mailboxes_down():
    # Mailboxes 2-5 and 1 write to the bad list 9 alike; 1 writes nothing else, 6 and 7 never do.
    members = (1, 2, 3, 4, 5, 6, 7)
    bad = [sends(each, 80, 20, contact_list=9) for each in (1, 2, 3, 4, 5)]
    good = [sends(each, 1000, 10, contact_list=1) for each in (2, 3, 4, 5, 6, 7)]
    excused = score(fleet(*((each,) for each in members)), *bad, *good)
    # The same outcomes, but as if they were all of one list: nothing to blame but the mailbox.
    blamed = score(fleet(*((each,) for each in members)), *[[*r[:2], 1, *r[3:]] for r in bad], *good)
    assert excused.loc[(1, "google"), "evidence"]["blocks"]["excused"] > 10
    assert excused.loc[(1, ""), "weight_ratio"] > 1.5 * blamed.loc[(1, ""), "weight_ratio"]
    assert excused.loc[(1, ""), "weight_ratio"] > 0.8 * PRIOR


def test_a_mailbox_that_alone_wrote_to_a_list_cannot_blame_it():
    weights = score(fleet((1,), (2,)), sends(1, 80, 20, contact_list=9), sends(2, 1000, 10))
    assert weights.loc[(1, "google"), "evidence"]["blocks"]["excused"] == 0


def test_writing_to_a_strict_site_is_no_fault_over_all_sites():
    # Everyone sees 10 % blocks at the strict site; mailbox 1 writes there only, mailbox 2 at the easy one only.
    others = [sends(each, 900, 100, site="strict") for each in (3, 4, 5)] + [
        sends(each, 1000, site="easy") for each in (3, 4, 5)
    ]
    weights = score(
        fleet((1,), (2,), (3,), (4,), (5,)),
        sends(1, 450, 50, site="strict"),
        sends(2, 450, 50, site="easy"),
        *others,
    )
    assert weights.loc[(1, ""), "weight_ratio"] > 1.5 * weights.loc[(2, ""), "weight_ratio"]


def test_the_evidence_is_json_and_says_what_the_score_was_made_of():
    evidence = score(fleet((1,)), sends(1, 95, 5, trials=95, complaints=1)).loc[(1, "google"), "evidence"]
    assert json.loads(json.dumps(evidence)) == evidence
    assert evidence["blocks"]["trials"] == 100
    assert evidence["blocks"]["bad"] == 5
    assert evidence["complaints"]["bad"] == 1
    assert evidence["blocks"]["low"] < evidence["blocks"]["mean"] < evidence["blocks"]["high"]


def test_the_order_of_the_input_changes_nothing():
    rows = [sends(box, 50, box, site=site, contact_list=box % 2) for box in range(1, 9) for site in ("google", "yahoo")]
    boxes = fleet((1, 2, 3), (4, 5), (6, 7, 8))
    one, other = score(boxes, *rows), score(boxes.sample(frac=1, random_state=1), *reversed(rows))
    pd.testing.assert_frame_equal(one.drop(columns="evidence"), other.drop(columns="evidence"), rtol=1e-12)


def test_a_mailbox_of_which_the_fleet_knows_nothing_is_passed_over():
    assert score(fleet((1,)), sends(99, 100)).index.tolist() == [(1, "")]


@pytest.mark.parametrize("wrong", [{"half_life_days": 0}, {"prior_block_ratio": 1.0}, {"sample_floor": float("nan")}])
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        WeightParameters(**wrong)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 6),
            st.sampled_from(["google", "microsoft", "own"]),
            st.integers(1, 3),
            st.integers(0, 80),
            st.integers(0, 400),
            st.floats(0, 50),
            st.integers(0, 3),
            st.booleans(),
        ),
        max_size=30,
    )
)
def test_whatever_comes_in_scores_stay_in_range_and_more_blocks_never_help(drawn):
    rows = [
        sends(
            box,
            passed,
            blocked,
            site=site,
            contact_list=contact_list,
            on=date.fromordinal(TODAY.toordinal() - age),
            trials=passed if observed else None,
            complaints=min(passed, bad) if observed else 0,
        )
        for box, site, contact_list, age, passed, blocked, bad, observed in drawn
    ]
    boxes = fleet((1, 2), (3,), (4, 5, 6))
    weights = score(boxes, *rows)
    for column in ("weight_ratio", "health_ratio"):
        assert np.isfinite(weights[column]).all()
        assert weights[column].between(0, 1).all()
    assert {mailbox for mailbox, site in weights.index if site == ""} == {1, 2, 3, 4, 5, 6}
    worse = score(boxes, *rows, sends(1, 0, 100, contact_list=4))
    assert worse.loc[(1, ""), "weight_ratio"] <= weights.loc[(1, ""), "weight_ratio"] + 1e-9
