"""Caps of 24 hours, held and checked at every instant: of a mailbox, and of all that share one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.workflows.check_plan import check_plan
from outreach_pipeline.workflows.plan_day import plan_day

from .conftest import NOW, TODAY


def test_a_rolling_cap_is_held_at_every_instant(make_firm):
    firm = make_firm(policy={"counts_by": "rolling_24h"})
    firm.crowd(6)
    assert firm.plan().findings == ()
    yesterday = {"state": "'sent'", "plan_date": "m.plan_date - 1", "scheduled_at": "m.scheduled_at - interval '1 day'"}
    firm.run("insert into outreach.send_batches select tenant_id, mailbox_id, plan_date - 1, mode, capacity, already_sent,"
             " planned, cap_terms, planned_at from outreach.send_batches")  # fmt: skip
    # A day and a second before the first: they are out of the way of all. Two seconds later, in the way of one.
    firm.copy(9, **yesterday, sending_at="m.scheduled_at - interval '24 hours 1 second'")
    assert check_plan(firm.installation, firm.tenant, TODAY, now=NOW) == []
    firm.copy(10, **yesterday, sending_at="m.scheduled_at - interval '23 hours 59 minutes 59 seconds'")
    (finding,) = check_plan(firm.installation, firm.tenant, TODAY, now=NOW)
    assert "more messages than its cap of 10 in the 24 hours before" in finding.detail


def test_a_day_that_is_planned_after_the_next_leaves_it_its_24_hours(make_firm):
    firm = make_firm(policy={"counts_by": "rolling_24h", "minimum_gap_seconds": 60})
    firm.crowd(30)
    # Ten from 09:24 to 16:36 tomorrow, four of them before 12:30. Planned at that hour, six of today's fit.
    assert (firm.plan(TODAY + timedelta(days=1)).planned, firm.plan_state()) == (10, [("ready", None)])
    outcome = firm.plan(now=NOW + timedelta(hours=6, minutes=30))
    assert (outcome.planned, outcome.findings) == (6, ())
    (batch,) = outcome.batches
    assert (batch.capacity, batch.cap_terms[0].term) == (6, "next_day")
    times = [at for (at,) in firm.run("select scheduled_at from outreach.messages order by scheduled_at")]
    assert len(times) == 16
    assert max(sum(at - timedelta(days=1) < each <= at for each in times) for at in times) == 10
    # An hour later, and tomorrow's have more than ten in the 24 hours before them.
    firm.run("update outreach.messages set scheduled_at = scheduled_at + interval '1 hour' where plan_date = %s", TODAY)
    findings = check_plan(firm.installation, firm.tenant, TODAY, now=NOW)
    assert any("more messages than its cap of 10 in the 24 hours before" in finding.detail for finding in findings)


def test_a_next_day_that_is_planned_after_the_day_has_its_places_as_they_come_free(make_firm):
    firm = make_firm(policy={"counts_by": "rolling_24h", "minimum_gap_seconds": 60})
    firm.crowd(30)
    assert firm.plan().planned == 10
    outcome = firm.plan(TODAY + timedelta(days=1))
    assert (outcome.planned, outcome.findings) == (10, ())
    assert [term.term for term in outcome.batches[0].cap_terms] == ["policy"]
    times = [at for (at,) in firm.run("select scheduled_at from outreach.messages order by scheduled_at")]
    assert max(sum(at - timedelta(days=1) < each <= at for each in times) for at in times) == 10
    # Planned anew while the next day stands, the day stays what it was.
    again = firm.plan(now=NOW + timedelta(minutes=1))
    assert (again.planned, again.findings) == (10, ())


def test_an_account_gives_its_places_back_24_hours_after_they_were_used(make_firm):
    account = {"name": "one", "provider": "generic", "messages_per_day": 20}
    firm = make_firm(
        policy={"counts_by": "rolling_24h", "messages_per_day_per_mailbox": 40, "minimum_gap_seconds": 60},
        accounts=[account],
        boxes=[{"name": name, "provider_account": "one"} for name in ("ann", "ben")],
    )
    firm.crowd(100)
    planned = []
    for number in range(4):
        outcome = firm.plan(TODAY + timedelta(days=number), now=NOW + timedelta(days=number))
        assert outcome.findings == ()
        planned.append(outcome.planned)
        # All go out at ten past nine, or when they may if that is later.
        firm.run(
            "update outreach.messages set state = 'sent', sent_at = sending_at, sending_at ="
            " greatest(scheduled_at - interval '8 hours', %s)"
            " where state = 'planned'", NOW + timedelta(days=number, hours=3, minutes=10),
        )  # fmt: skip
    assert planned == [20, 20, 20, 20]


def test_what_other_tenants_have_of_an_account_is_given_back_when_24_hours_are_over(make_firm):
    account = {"name": "one", "provider": "generic", "messages_per_day": 14}
    policy = {"counts_by": "rolling_24h", "minimum_gap_seconds": 60}
    firm = make_firm(policy=policy, accounts=[account], boxes=[{"name": "ann", "provider_account": "one"}])
    firm.configure(slug="birch", policy=policy, accounts=[account], boxes=[{"name": "bea", "provider_account": "one"}])
    birch = firm.installation.tenants("birch")[0]
    firm.crowd(30)
    firm.contacts(*(f"b{number}@else{number}.example" for number in range(30)), slug="birch")
    assert firm.plan().planned == 10
    assert plan_day(firm.installation, birch, TODAY, now=NOW).planned == 4
    # Acme's ten were a day earlier, and come free as birch's of today go.
    firm.run(
        "update outreach.messages set state = 'sent', sending_at = scheduled_at - interval '1 day' where tenant_id = %s",
        firm.tenant.id,
    )
    again = plan_day(firm.installation, birch, TODAY, now=NOW + timedelta(minutes=1))
    assert (again.planned, again.findings) == (10, ())
    firm.run(
        "update outreach.messages set state = 'sent', sending_at = sending_at + interval '5 hours' where state = 'sent'"
    )
    (finding,) = check_plan(firm.installation, birch, TODAY, now=NOW)
    assert finding.detail.startswith("provider account")
    assert "has more messages than its cap of 14 in the 24 hours before" in finding.detail


@pytest.mark.parametrize(
    "level, whose",
    [
        ({"policy": {"messages_per_day": 12}}, "the tenant"),
        ({"domains": [{"messages_per_day": 12}]}, "sending domain acme-mail.example"),
    ],
)
def test_a_cap_that_mailboxes_share_is_held_in_any_24_hours(make_firm, level, whose):
    policy = {"counts_by": "rolling_24h", "minimum_gap_seconds": 60, **level.get("policy", {})}
    firm = make_firm(boxes=["ann", "ben"], **{**level, "policy": policy})
    firm.crowd(40)
    assert firm.plan().planned == 12
    outcome = firm.plan(TODAY + timedelta(days=1))
    assert (outcome.planned, outcome.findings) == (12, ())
    times = [at for (at,) in firm.run("select scheduled_at from outreach.messages order by scheduled_at")]
    assert max(sum(at - timedelta(days=1) < each <= at for each in times) for at in times) == 12
    # Planned anew while the next day stands, the day stays what it was.
    again = firm.plan(now=NOW + timedelta(minutes=1))
    assert (again.planned, again.findings) == (12, ())
    firm.run("update outreach.messages set scheduled_at = scheduled_at + interval '1 hour' where plan_date = %s", TODAY)
    findings = check_plan(firm.installation, firm.tenant, TODAY, now=NOW)
    assert any(
        f"{whose} has more messages than its cap of 12 in the 24 hours before" in each.detail for each in findings
    )
