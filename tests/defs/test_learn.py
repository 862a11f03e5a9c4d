"""The weights as Dagster makes them. The marts' own build is tested with dbt; here they are there, written by hand."""

from __future__ import annotations

import dagster as dg
import pytest

from outreach_pipeline.defs.learn.freshness import freshness_job, source_freshness

ROTATION_WEIGHTS = dg.AssetKey(["outreach", "rotation_weights"])
_MARTS = """
create schema if not exists outreach_marts;
create table outreach_marts.dim_mailboxes as
select tenant_id, id as mailbox_id, address, sending_domain_id, provider_account_id, is_receive_only
from outreach.mailboxes;
create table outreach_marts.fct_weight_inputs as
select tenant_id, id as mailbox_id, 'corp' as recipient_site, 1::bigint as contact_list_id, current_date - 1 as send_date,
    case when address like 'ann@acme%' then 30 else 2 end::bigint as passed_sends,
    case when address like 'bob@acme%' then 6 else 0 end::bigint as block_bursts,
    0::bigint as complaint_trials, 0::bigint as complaints, false as complaints_observed
from outreach.mailboxes;
create table outreach_marts.fct_mailbox_days as
select tenant_id, id as mailbox_id, current_date - 1 as send_date, 30::bigint as delivered, 0::bigint as block_bursts,
    0::bigint as complaint_trials, 0::bigint as complaints
from outreach.mailboxes;
grant usage on schema outreach_marts to outreach_app;
grant select on all tables in schema outreach_marts to outreach_app;
"""


@pytest.fixture
def learn(run):
    """Runs the asset alone."""
    return lambda **arguments: run("learn", asset_selection=[ROTATION_WEIGHTS], **arguments)


def test_every_mailbox_is_scored_and_the_biggest_moves_are_shown(firm, learn):
    firm.admin.execute(_MARTS)
    result = learn()
    (event,) = result.asset_materializations_for_node("outreach__rotation_weights")
    metadata = event.metadata
    assert metadata["dagster/row_count"].value == firm.count("rotation_weights") > 4
    tenants = {record.data["tenant"]: record.data for record in metadata["tenants"].records}
    assert {slug: row["mailboxes"] for slug, row in tenants.items()} == {"acme": 2, "birch": 2}
    moves = {record.data["mailbox"]: record.data for record in metadata["biggest_moves"].records}
    assert moves["bob@acme-mail.example"]["after"] < moves["bob@acme-mail.example"]["before"]
    assert metadata["changed_mailboxes"].value == len(moves)
    assert {each.check_name: each.passed for each in result.get_asset_check_evaluations()} == {
        "every_mailbox_is_scored": True
    }


def test_without_marts_the_run_fails_and_names_the_cure(firm, learn):
    result = learn(raise_on_error=False)
    assert not result.success
    error = result.failure_data_for_node("outreach__rotation_weights").error
    assert "`outreach weights` builds them" in error.cause.message
    assert firm.count("rotation_weights") == 0


@pytest.mark.xdist_group("dbt")
@pytest.mark.usefixtures("firm")
def test_an_installation_without_rows_is_not_late_and_the_check_says_so(instance):
    given = dg.Definitions(asset_checks=[source_freshness], jobs=[freshness_job])
    result = given.resolve_job_def("check_sources").execute_in_process(instance=instance)
    found = {each.asset_key.path[-1]: each for each in result.get_asset_check_evaluations()}
    assert {name: each.passed for name, each in found.items()} == {
        "stg_outreach__events": True, "stg_outreach__messages": True, "stg_outreach__send_batches": True,
    }  # fmt: skip
    messages = found["stg_outreach__messages"]
    assert messages.description == "outreach.messages has no row yet."
    assert {name: value.value for name, value in messages.metadata.items()} == {"warn_after_seconds": 864_000}
    assert messages.severity is dg.AssetCheckSeverity.WARN
