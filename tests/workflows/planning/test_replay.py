"""Kept inputs: the same bytes again, no address anywhere, and past days under another policy."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta

import pytest

from outreach_pipeline.core.errors import ConfigurationError, UsageError
from outreach_pipeline.core.plan.inputs import decode
from outreach_pipeline.core.plan.plan import plan
from outreach_pipeline.workflows.replay import backtest_policy, replay_plan

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T05:00:00+00:00")


def test_a_replay_gives_the_same_bytes_and_writes_nothing(make_firm):
    firm = make_firm(boxes=["ann", "bob"])
    firm.crowd(25)
    outcome = firm.plan()
    before = firm.run("select * from outreach.messages order by id")
    replayed = replay_plan(firm.installation, outcome.input_sha256, tenants=[firm.tenant])
    kept = firm.installation.blobs.get(firm.tenant.id, outcome.input_sha256)
    assert replayed.content == plan(decode(kept)).to_bytes()
    assert hashlib.sha256(replayed.content).hexdigest() == outcome.summary["plan_sha256"] == replayed.expected_sha256
    assert (replayed.is_same, replayed.planned, replayed.plan_date) == (True, 20, TODAY)
    # The bytes are the plan that was written: who, from which mailbox, when.
    messages = json.loads(replayed.content)["messages"]
    places = [messages["columns"].index(name) for name in ("enrollment_id", "mailbox_id", "scheduled_at")]
    said = [tuple(row[place] for place in places) for row in messages["rows"]]
    written = firm.run(
        "select enrollment_id, mailbox_id, (extract(epoch from scheduled_at) * 1000)::bigint from outreach.messages"
    )
    assert sorted(said) == sorted(written)
    assert firm.run("select * from outreach.messages order by id") == before


def test_a_plan_names_those_it_replaced_and_each_can_be_replayed(make_firm):
    firm = make_firm()
    firm.crowd(4)
    outcomes = [firm.plan(now=NOW + timedelta(hours=hours)) for hours in range(3)]
    hashes = [outcome.input_sha256 for outcome in outcomes]
    assert len(set(hashes)) == 3
    (summary,) = firm.run("select summary from outreach.plans")[0]
    assert summary["input_sha256"] == hashes[2]
    assert [each["input_sha256"] for each in summary["replaces"]] == [hashes[1], hashes[0]]
    for each in outcomes:
        replayed = replay_plan(firm.installation, each.input_sha256.upper(), tenants=firm.installation.tenants())
        assert replayed.expected_sha256 == each.summary["plan_sha256"]
        assert replayed.is_same


def test_another_outcome_than_the_kept_one_is_told(make_firm):
    firm = make_firm()
    firm.crowd(2)
    digest = firm.plan().input_sha256
    firm.run("update outreach.plans set summary = jsonb_set(summary, '{plan_sha256}', '\"0\"')")
    assert not replay_plan(firm.installation, digest, tenants=[firm.tenant]).is_same


def test_hashes_that_are_none_and_those_of_other_tenants_are_refused(make_firm):
    firm = make_firm()
    firm.configure(slug="birch")
    digest = firm.plan().input_sha256
    with pytest.raises(UsageError, match="is no hash of inputs"):
        replay_plan(firm.installation, "../" + digest, tenants=[firm.tenant])
    with pytest.raises(UsageError, match="No inputs of birch have the hash"):
        replay_plan(firm.installation, digest, tenants=firm.installation.tenants("birch"))


def test_inputs_summaries_metadata_and_the_plan_itself_hold_no_address_of_a_recipient(make_firm):
    from outreach_pipeline.defs.plan.assets import _metadata  # noqa: PLC0415  dagster takes seconds to import

    firm = make_firm(
        boxes=[{"name": "ann", "display_name": "Ann <ann@acme-mail.example>"}, {"name": "bob", "receive_only": True}]
    )
    firm.contacts("stop@a.example", *(f"c{number}@company.example" for number in range(4)), "x@gmail.com")
    firm.run(
        "insert into outreach.suppressions (tenant_id, scope, value, reason)"
        " select id, 'address', 'stop@a.example', 'stop' from outreach.tenants"
    )
    firm.plan()
    outcome = firm.plan(now=NOW + timedelta(hours=1))
    assert outcome.planned == 3
    kept = firm.installation.blobs.get(firm.tenant.id, outcome.input_sha256)
    replayed = replay_plan(firm.installation, outcome.input_sha256, tenants=[firm.tenant])
    (rows,) = firm.run(
        "select jsonb_agg(to_jsonb(p)) || jsonb_agg(b.cap_terms) from outreach.plans p, outreach.send_batches b"
    )
    metadata = {name: str(getattr(value, "value", value)) for name, value in _metadata([("acme", outcome)]).items()}
    tables = [record.data for name in ("reasons", "campaigns", "sites", "mailboxes")
              for record in _metadata([("acme", outcome)])[name].records]  # fmt: skip
    assert len(tables) > 4
    for place, text in {
        "inputs": kept.decode("latin-1"), "plan": replayed.content.decode(), "rows": json.dumps(rows), **metadata,
        "tables": str(tables), "findings": str(outcome.findings),
    }.items():  # fmt: skip
        # Metadata alone names mailboxes, by addresses that are the tenant's own.
        said = text.replace("@acme-mail.example", "") if place in {"mailboxes", "tables"} else text
        assert "@" not in said, place


@pytest.fixture
def two_days(make_firm):
    """Tuesday and Wednesday, 20 planned each, the second after the first was sent."""
    firm = make_firm(boxes=["ann", "bob"], policies={"default": POLICY, "careful": {}}, campaigns=[{"steps": ONE_STEP}])
    firm.crowd(60)
    firm.plan()
    firm.run("update outreach.messages set state = 'sent', sending_at = scheduled_at, sent_at = scheduled_at")
    firm.run(
        "update outreach.enrollments set state = 'finished' where id in (select enrollment_id from outreach.messages)"
    )
    firm.plan(TODAY + timedelta(days=1), now=NOW + timedelta(days=1))
    return firm


POLICY = {
    "messages_per_day_per_mailbox": 10,
    "counts_by": "calendar_day",
    "random_assignment_ratio": 0,
    "canary_hold_seconds": 0,
}
ONE_STEP = [{"step": 1, "wait_days": 0, "subject": "Hello", "text": "Hello"}]
DAYS = {"first": TODAY, "last": TODAY + timedelta(days=1)}


def test_a_backtest_shows_what_another_cap_would_have_made_of_each_day(two_days):
    before = two_days.run("select count(*), max(id) from outreach.messages") + two_days.run(
        "select * from outreach.plans"
    )
    result = backtest_policy(
        two_days.installation, two_days.tenant, {"default": {"messages_per_day_per_mailbox": 7}}, **DAYS
    )
    assert [(day.plan_date, day.comparison.planned.before, day.comparison.planned.after) for day in result.days] == [
        (TODAY, 20, 14),
        (TODAY + timedelta(days=1), 20, 14),
    ]
    assert (result.planned.before, result.planned.after, result.planned.change) == (40, 28, -12)
    assert [(each.name, each.before, each.after) for each in result.campaigns] == [("spring", 40, 28)]
    assert [(each.name, each.change) for each in result.mailboxes] == [
        ("ann@acme-mail.example", -6),
        ("bob@acme-mail.example", -6),
    ]
    assert sum(each.change for each in result.sites) == -12
    assert {each.name: (each.before, each.after) for each in result.reasons} == {"no_capacity": (60, 72)}
    assert not any(day.comparison.is_lower_bound for day in result.days)
    after = two_days.run("select count(*), max(id) from outreach.messages") + two_days.run(
        "select * from outreach.plans"
    )
    assert after == before


def test_a_backtest_plans_more_than_the_day_did_from_the_contacts_that_were_kept(two_days):
    more = {"default": {"messages_per_day_per_mailbox": 40, "minimum_gap_seconds": 60}}
    result = backtest_policy(two_days.installation, two_days.tenant, more, **DAYS)
    assert [day.comparison.planned.after for day in result.days] == [60, 40]
    assert result.planned.change == 60


def test_a_day_that_was_planned_again_in_the_evening_is_judged_by_the_plan_that_it_began_with(two_days):
    two_days.plan(now=NOW + timedelta(hours=9))
    result = backtest_policy(
        two_days.installation,
        two_days.tenant,
        {"default": {"messages_per_day_per_mailbox": 7}},
        first=TODAY,
        last=TODAY,
    )
    (day,) = result.days
    assert (day.comparison.planned.before, day.comparison.planned.after) == (20, 14)
    replaced = two_days.run(
        "select summary -> 'replaces' -> 0 ->> 'input_sha256' from outreach.plans where mode = 'real' order by plan_date limit 1"
    )
    assert ((day.input_sha256,), day.planned_at, day.plans) == (replaced[0], NOW, 2)


def test_of_plans_before_the_window_opens_the_last_counts(make_firm):
    firm = make_firm()
    firm.crowd(4)
    firm.plan()
    firm.contacts("late@late.example")
    last = firm.plan(now=NOW + timedelta(hours=1))
    firm.plan(now=NOW + timedelta(hours=10))
    result = backtest_policy(
        firm.installation, firm.tenant, {"default": {"jitter_seconds": 1}}, first=TODAY, last=TODAY
    )
    assert (result.days[0].input_sha256, result.planned.before) == (last.input_sha256, 5)


def test_the_first_plan_of_a_date_is_named_however_often_it_is_planned(make_firm, monkeypatch):
    monkeypatch.setattr("outreach_pipeline.workflows.plan_day._MOST_REPLACED", 2)
    firm = make_firm()
    hashes = [firm.plan(now=NOW + timedelta(minutes=minutes)).input_sha256 for minutes in range(4)]
    ((summary,),) = firm.run("select summary from outreach.plans")
    assert [each["input_sha256"] for each in summary["replaces"]] == [hashes[2], hashes[0]]


def test_a_backtest_refuses_what_does_not_fit(two_days):
    installation, tenant = two_days.installation, two_days.tenant
    with pytest.raises(
        ConfigurationError, match="brave: there was no such policy on 2026-11-24, only careful, default"
    ):
        backtest_policy(installation, tenant, {"brave": {"jitter_seconds": 1}}, **DAYS)
    with pytest.raises(ConfigurationError, match="window_starts must be before window_ends"):
        backtest_policy(installation, tenant, {"default": {"window_starts": "18:00"}}, **DAYS)
    with pytest.raises(UsageError, match="is before"):
        backtest_policy(installation, tenant, {"default": {}}, first=TODAY, last=TODAY - timedelta(days=1))
    with pytest.raises(UsageError, match="has no real plan from 2026-01-01"):
        backtest_policy(installation, tenant, {"default": {}}, first=date(2026, 1, 1), last=date(2026, 1, 2))
