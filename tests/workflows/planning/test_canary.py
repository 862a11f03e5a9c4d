"""The canary of a new list is whoever of it can be written to first; the others follow once it has gone out and a hold is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.forecast import forecast_tenant

from .test_forecast import send_all

MONDAY = date(2026, 11, 23)
NOW = datetime.fromisoformat("2026-11-23T05:00:00+00:00")
POLICY = {"canary_contacts": 3, "canary_hold_seconds": 172_800}
ONE_STEP = {"steps": [{"step": 1, "subject": "Hello", "text": "Hello"}]}


@pytest.fixture
def newcomer(make_firm):
    """A firm with a list of twelve, three of whom are its canary, and a mailbox that sends ten a day."""
    firm = make_firm(boxes=["ann"], campaigns=[ONE_STEP], policy=POLICY)
    firm.contacts(*(f"c{number:02}@company{number:02}.example" for number in range(12)), now=NOW)
    return firm


def planned(firm, day: date, *, hours: float = 0) -> list[str]:
    """Plan a date at six in Berlin, or so many hours later, and return whom it writes to."""
    firm.plan(day, now=NOW + (day - MONDAY) + timedelta(hours=hours))
    rows = firm.run(
        "select to_address from outreach.messages where state = 'planned' and plan_date = %s order by to_address", day
    )
    return [address.partition("@")[0] for (address,) in rows]


def reason_of(firm, name: str, day: date) -> str:
    address = f"{name}@company{name[1:]}.example"
    return str(explain_contact(firm.installation, firm.tenant, address, day, now=NOW + (day - MONDAY))["reason"])


def held(firm, day: date) -> str:
    found = explain_contact(firm.installation, firm.tenant, "c11@company11.example", day, now=NOW + (day - MONDAY))
    assert found["reason"] == "list_canary_hold"
    return str(found["sentences"][0])


def test_who_cannot_be_written_to_is_no_canary(newcomer):
    newcomer.run("update outreach.contacts set left_company_at = %s where address like 'c00@%%'", NOW)
    newcomer.run("update outreach.contacts set lawful_basis = 'contract' where address like 'c02@%%'")
    assert planned(newcomer, MONDAY) == ["c01", "c03", "c04"]


def test_the_hold_begins_with_the_last_of_the_canary_and_counts_working_days_alone(newcomer):
    newcomer.run("update outreach.mailboxes set messages_per_day = 2")
    thursday, friday = MONDAY + timedelta(days=3), MONDAY + timedelta(days=4)
    assert planned(newcomer, thursday) == ["c00", "c01"]
    send_all(newcomer, thursday)
    assert planned(newcomer, friday) == ["c02"]
    assert "Of the canary of 3, 2 had gone out or were on their way before this plan" in held(newcomer, friday)
    # What stands planned for another date is on its way.
    assert planned(newcomer, friday + timedelta(days=2), hours=-48) == []
    send_all(newcomer, friday)
    (last,) = newcomer.run("select max(sending_at) from outreach.messages")[0]
    for day in range(7, 9):
        assert planned(newcomer, MONDAY + timedelta(days=day)) == []
    # What is known since is told as such.
    assert "Of the canary of 3, 2 had gone out or were on their way before this plan" in held(newcomer, friday)
    over = last + timedelta(days=4)
    assert newcomer.run("select hold_until from outreach.contact_lists") == [(over,)]
    follow = f"as is known now, from {over.astimezone(UTC) + timedelta(hours=1):%Y-%m-%d %H:%M} in Europe/Berlin on."
    assert held(newcomer, MONDAY + timedelta(days=8)).endswith(follow)
    assert held(newcomer, friday).endswith(follow)
    assert planned(newcomer, MONDAY + timedelta(days=9)) == ["c03", "c04"]


def test_a_refusal_tells_as_much_as_a_message_that_went_out_and_a_server_that_was_not_there_nothing(newcomer):
    assert planned(newcomer, MONDAY) == ["c00", "c01", "c02"]
    # As the ledger leaves them: what failed has no sending_at.
    newcomer.run("update outreach.messages set state = 'failed' where to_address < 'c02'")
    newcomer.run(
        "insert into outreach.send_attempts (tenant_id, message_id, attempt, started_at, duration_ms, stage, outcome, code)"
        " select tenant_id, id, 1, scheduled_at, 9, case when to_address < 'c01' then 'rcpt' else 'connect' end, 'failed',"
        " case when to_address < 'c01' then 550 end from outreach.messages where state = 'failed'"
    )
    newcomer.run(
        "update outreach.enrollments as e set state = 'stopped' from outreach.messages as m"
        " where m.enrollment_id = e.id and m.state = 'failed'"
    )
    # The third is planned anew, and another in the place of the one that nobody was asked about.
    assert planned(newcomer, MONDAY, hours=1) == ["c02", "c03"]
    send_all(newcomer, MONDAY)
    assert planned(newcomer, MONDAY + timedelta(days=1)) == []
    (until,) = newcomer.run("select hold_until from outreach.contact_lists")[0]
    (last,) = newcomer.run("select max(sending_at) from outreach.messages")[0]
    assert until == last + timedelta(days=2)


def test_a_finished_campaign_holds_up_no_forecast(newcomer):
    planned(newcomer, MONDAY)
    newcomer.run("update outreach.messages set state = 'claimed', lease_token = id, lease_expires_at = now()")
    newcomer.run("update outreach.campaigns set state = 'finished'")
    found = forecast_tenant(newcomer.installation, newcomer.tenant, days=3, now=NOW)
    assert [day.new for day in found.forecast.days] == [0, 0, 0]


def test_a_finished_campaign_writes_to_nobody_any_more_and_says_so(newcomer):
    newcomer.run("update outreach.campaigns set state = 'finished'")
    assert planned(newcomer, MONDAY) == []
    for day in (MONDAY, MONDAY + timedelta(days=1)):
        assert reason_of(newcomer, "c01", day) == "campaign_paused"


def test_who_comes_after_the_canary_waits_for_the_hold_and_not_for_a_place(newcomer):
    newcomer.run("update outreach.mailboxes set messages_per_day = 1")
    # No place of the canary is theirs: each is known to be at an address that a cap keeps from today.
    newcomer.run("update outreach.sending_policies set policy = policy || '{\"unverified_per_day\": 0}'")
    newcomer.run("update outreach.contacts set verification = 'unverified' where address like any ('{c01%%,c11%%}')")
    assert planned(newcomer, MONDAY) == ["c00"]
    reasons = {name: reason_of(newcomer, name, MONDAY) for name in ("c01", "c02", "c03", "c04", "c11")}
    assert reasons == {
        "c01": "unverified_cap",
        "c02": "no_capacity",
        "c03": "no_capacity",
        "c04": "list_canary_hold",
        "c11": "list_canary_hold",
    }


def test_a_list_without_a_canary_waits_from_its_import(make_firm):
    firm = make_firm(boxes=["ann"], policy={**POLICY, "canary_contacts": 0})
    firm.contacts(*(f"c{number:02}@company{number:02}.example" for number in range(3)), now=NOW)
    days = [MONDAY + timedelta(days=number) for number in range(3)]
    assert [len(planned(firm, day)) for day in days] == [0, 0, 3]


def test_a_list_keeps_the_canary_that_it_came_with(newcomer):
    newcomer.run("""update outreach.sending_policies set policy = policy || '{"canary_contacts": 9}'""")
    assert planned(newcomer, MONDAY) == ["c00", "c01", "c02"]
    send_all(newcomer, MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    assert planned(newcomer, tuesday) == []
    assert planned(newcomer, tuesday + timedelta(days=2)) == [f"c{number:02}" for number in range(3, 12)]


def test_planning_other_lists_goes_on_beside_one_on_hold(newcomer):
    newcomer.contacts("dan@d.example", "eve@e.example", now=NOW)
    assert planned(newcomer, MONDAY) == ["c00", "c01", "c02", "dan", "eve"]
