"""What the marts say about a ledger whose truth is known."""

from __future__ import annotations

import json
from datetime import date

import pytest

from outreach_pipeline.workflows.build_marts import dbt_target_dir

ANN, BOB, CAT = "ann@acme.example", "bob@acme.example", "cat@beta.example"
UNIT_TESTED = {
    "dim_campaigns",
    "dim_mailboxes",
    "fct_bounce_rates",
    "fct_campaign_funnels",
    "fct_mailbox_days",
    "fct_mailbox_site_days",
    "fct_sending_domain_days",
    "fct_weight_inputs",
}


def test_the_build_and_all_its_tests_pass(world):
    assert world.outcome.failures == []
    assert world.outcome.by_status.get("skipped", 0) == 0
    assert world.outcome.by_status["success"] >= len(UNIT_TESTED)


def test_every_mart_has_a_unit_test_that_ran(world):
    target = dbt_target_dir(world.settings)
    results = json.loads((target / "run_results.json").read_text())["results"]
    ran = {each["unique_id"].split(".")[2] for each in results if each["unique_id"].startswith("unit_test.")}
    manifest = json.loads((target / "manifest.json").read_text())["nodes"].values()
    marts = {each["name"] for each in manifest if each.get("schema") == "outreach_marts"}
    assert ran == marts == UNIT_TESTED


def test_a_send_matures_by_silence_as_its_policy_says_or_by_any_word_at_once(world):
    matured = dict(
        world.admin.execute(
            "select mailbox_id, sum(matured_sends) from outreach_marts.fct_mailbox_days group by mailbox_id"
        ).fetchall()
    )
    # ann: silent 08:00, reply, hard bounce, four blocks, one block at RCPT, two at yahoo; not the fresh one.
    assert matured == {world.mailbox(ANN): 10, world.mailbox(BOB): 1, world.mailbox(CAT): 1}


def test_what_happened_later_than_now_is_not_known_yet(world):
    replies = world.row(
        "select sum(replies) from outreach_marts.fct_mailbox_days where mailbox_id = %s", world.mailbox(ANN)
    )
    assert replies == (1,)


def test_submission_refusal_and_the_unknown_are_told_apart(world):
    sends, planned = world.row(
        "select sum(sends), sum(planned) from outreach_marts.fct_mailbox_days where mailbox_id = %s and send_date = %s",
        world.mailbox(ANN),
        date(2026, 3, 8),
    )
    assert sends == 7  # one silent, four blocked, two at yahoo; not the unknown, the cancelled or the probe
    assert planned == 20
    refused = world.row(
        "select sends, matured_sends, blocks from outreach_marts.fct_mailbox_days where mailbox_id = %s and send_date = %s",
        world.mailbox(ANN),
        date(2026, 3, 9),
    )
    assert refused == (0, 1, 1)


def test_a_burst_counts_once_an_hour(world):
    row = world.row(
        "select blocks, block_bursts, delivered from outreach_marts.fct_mailbox_site_days"
        " where mailbox_id = %s and recipient_site = 'google' and send_date = %s",
        world.mailbox(ANN),
        date(2026, 3, 8),
    )
    assert row == (4, pytest.approx(2), 1)


def test_complaints_are_observed_only_where_one_was_ever_seen(world):
    rows = world.admin.execute(
        "select mailbox_id, recipient_site, bool_or(complaints_observed), sum(complaint_trials), sum(complaints)"
        " from outreach_marts.fct_mailbox_site_days where recipient_site = 'yahoo' or mailbox_id = %s group by 1, 2",
        [world.mailbox(BOB)],
    ).fetchall()
    assert set(rows) == {
        (world.mailbox(ANN), "yahoo", True, 2, 1),
        (world.mailbox(BOB), "google", False, 0, 0),
        (world.mailbox(CAT), "yahoo", False, 0, 0),
    }


def test_hard_bounces_belong_to_the_list_and_blocks_to_the_sender(world):
    rates = {
        (kind, name): ratios
        for kind, name, *ratios in world.admin.execute(
            "select r.subject_kind, coalesce(c.name, b.address), r.hard_bounce_ratio, r.block_ratio, r.complaint_ratio"
            " from outreach_marts.fct_bounce_rates as r"
            " left join outreach.contact_lists as c on r.subject_kind = 'contact_list' and c.id = r.subject_id"
            " left join outreach.mailboxes as b on r.subject_kind = 'mailbox' and b.id = r.subject_id"
            " where r.subject_kind <> 'sending_domain' and r.tenant_id = %s",
            [world.ledger.tenants["acme"]],
        ).fetchall()
    }
    assert rates["contact_list", "bad"] == [0.5, None, None]
    assert rates["contact_list", "good"] == [0.0, None, None]
    # Four delivered (one complained), three bursts; two of the four where complaints show.
    assert rates["mailbox", ANN] == [None, pytest.approx(3 / 7), pytest.approx(1 / 2)]
    assert rates["mailbox", BOB] == [None, 0.0, None]


def test_the_inputs_of_the_weights_leave_out_what_says_nothing_about_the_sender(world):
    rows = world.admin.execute(
        "select recipient_site, sum(passed_sends), sum(block_bursts), sum(complaint_trials), sum(complaints)"
        " from outreach_marts.fct_weight_inputs where mailbox_id = %s group by 1 order by 1",
        [world.mailbox(ANN)],
    ).fetchall()
    assert rows == [("google", 2, pytest.approx(3), 0, 0), ("yahoo", 2, 0, 2, 1)]


def test_the_funnel_divides_replies_by_deliveries(world):
    row = world.row(
        "select sends, delivered, replies, reply_ratio from outreach_marts.fct_campaign_funnels where tenant_id = %s",
        world.ledger.tenants["acme"],
    )
    assert row == (12, 5, 1, pytest.approx(1 / 5))


def test_dbt_leaves_nothing_in_its_source_tree_and_no_password_in_its_artifacts(world):
    target = dbt_target_dir(world.settings)
    assert target.is_relative_to(world.settings.home)
    for path in target.rglob("*"):
        if path.is_file():
            assert b"of-the-tests" not in path.read_bytes(), path
