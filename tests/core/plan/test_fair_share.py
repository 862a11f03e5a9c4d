from __future__ import annotations

from outreach_pipeline.core.plan.fair_share import unfair_shares


def test_campaigns_of_one_priority_get_their_shares_of_what_they_share(make_campaign):
    both = [make_campaign(1, (1, 2), share=1.0), make_campaign(2, (1, 2), share=3.0)]
    starving = {"campaign1": {"no_capacity": 9}, "campaign2": {"no_capacity": 9}}
    assert unfair_shares(both, {1: 10, 2: 30}, starving) == []
    assert unfair_shares(both, {1: 10, 2: 34}, starving) == []
    (found,) = unfair_shares(both, {1: 10, 2: 40}, starving)
    assert found == "campaign campaign1 begins 10 threads for a share of 1 while campaign2 begins 40 for 3"
    assert "campaign2 begins 10" in unfair_shares(both, {1: 10, 2: 10}, starving)[0]


def test_who_lacks_nothing_or_lacks_it_for_another_reason_is_no_case(make_campaign):
    both = [make_campaign(1, (1, 2)), make_campaign(2, (1, 2))]
    given = {1: 2, 2: 40}
    assert unfair_shares(both, given, {"campaign1": {"suppressed": 7}}) == []
    for excuse in ("follow_ups_reserved", "gap_full", "no_mailbox"):
        assert unfair_shares(both, given, {"campaign1": {"no_capacity": 5, excuse: 1}}) == []
    paused = [make_campaign(1, (1, 2), is_active=False), both[1]]
    assert unfair_shares(paused, given, {"campaign1": {"no_capacity": 5}}) == []


def test_mailboxes_that_a_campaign_could_not_have_used_are_no_loss_to_it(make_campaign):
    campaigns = [make_campaign(1, (1,)), make_campaign(2, (1, 2))]
    assert unfair_shares(campaigns, {1: 2, 2: 40}, {"campaign1": {"no_capacity": 5}}) == []


def test_a_lower_priority_gets_nothing_that_a_higher_one_lacks(make_campaign):
    campaigns = [make_campaign(1, (1, 2), priority=200), make_campaign(2, (1,), priority=100)]
    (found,) = unfair_shares(campaigns, {1: 50, 2: 1}, {"campaign1": {"no_capacity": 5}})
    assert "campaign1 lacks capacity while campaign2, of lower priority, begins 1 threads" in found
    assert unfair_shares(campaigns, {1: 50, 2: 0}, {"campaign1": {"no_capacity": 5}}) == []
