"""Places that stay empty: who could have had them, and why nobody did."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from outreach_pipeline.workflows.explain import explain_mailbox
from outreach_pipeline.workflows.explain_contact import explain_contact

TODAY = date(2026, 11, 24)
NOW = datetime.fromisoformat("2026-11-24T05:00:00+00:00")


def test_who_was_left_beside_a_mailbox_with_places_is_of_the_campaigns_that_write_from_it(make_firm):
    firm = make_firm(
        boxes=[{"name": "ann"}, {"name": "bob", "messages_per_day": 1}],
        campaigns=[
            {"mailboxes": ["ann@acme-mail.example"]},
            {"slug": "autumn", "mailboxes": ["bob@acme-mail.example"]},
        ],
    )
    firm.contacts("a@one.example", "b@one.example", "c@one.example")
    firm.contacts(*(f"d{number}@firm{number}.example" for number in range(5)), campaign="autumn")
    firm.plan()
    box = explain_mailbox(firm.installation, firm.tenant, "ann@acme-mail.example", TODAY, now=NOW)
    assert box["sentences"][-1] == (
        "8 places stay empty. Contacts of spring that could have begun with it and were not planned: 1 company_cap."
    )


def test_follow_ups_of_others_are_not_taken_for_nobody(make_firm):
    firm = make_firm(boxes=["ann", "bob"])
    firm.crowd(3)
    firm.run(
        "update outreach.enrollments set next_step = 2, due_on = '2026-11-23',"
        " mailbox_id = (select min(id) from outreach.mailboxes)"
    )
    firm.run("update outreach.mailboxes set lifecycle = 'resting' where id = (select min(id) from outreach.mailboxes)")
    firm.plan()
    box = explain_mailbox(firm.installation, firm.tenant, "bob@acme-mail.example", TODAY, now=NOW)
    assert box["sentences"][-1] == (
        "10 places stay empty. Follow-ups that were due, but can come from the mailboxes of their threads alone, and were not "
        "planned: 3 mailbox_unavailable."
    )


def test_who_was_left_beside_a_mailbox_with_places_is_also_of_its_own_threads(make_firm):
    firm = make_firm()
    firm.crowd(3)
    firm.run(
        "update outreach.enrollments set next_step = 2, due_on = '2026-11-23', mailbox_id = (select id from outreach.mailboxes)"
    )
    firm.run("update outreach.contact_lists set state = 'paused'")
    ending = "Follow-ups of its own threads that were due and not planned: 3 list_paused."
    for _ in range(2):
        box = explain_mailbox(firm.installation, firm.tenant, "ann@acme-mail.example", TODAY, now=NOW)
        assert box["sentences"][-1].endswith(f"places stay empty. {ending}")
        firm.plan()


def test_follow_ups_whose_wait_is_not_over_are_not_called_due(make_firm):
    firm = make_firm()
    firm.crowd(3)
    firm.run(
        "update outreach.enrollments set next_step = 2, due_on = '2026-11-24', mailbox_id = (select id from outreach.mailboxes)"
    )
    # Four working days from Friday on end on Thursday.
    firm.run("update outreach.campaign_steps set wait_days = 4 where step_number = 2")
    assert firm.plan().summary["excluded"] == {"not_due": 3}
    box = explain_mailbox(firm.installation, firm.tenant, "ann@acme-mail.example", TODAY, now=NOW)
    assert box["sentences"][-1] == "10 places stay empty. No more contacts of spring were due."


def test_paused_contacts_are_counted_and_told(make_firm):
    firm = make_firm()
    firm.crowd(3)
    firm.contacts("later@later.example", now=NOW + timedelta(days=1))
    firm.run("update outreach.enrollments set state = 'paused', stop_reason = 'on leave until March' where id <> 1")
    summary = firm.plan().summary
    assert (summary["demand"], summary["planned"], summary["excluded"]) == (3, 1, {"enrollment_paused": 2})
    box = explain_mailbox(firm.installation, firm.tenant, "ann@acme-mail.example", TODAY, now=NOW)
    assert box["sentences"][-1] == (
        "9 places stay empty. 2 contacts of spring are paused and wait for `outreach resume contact`."
    )
    found = explain_contact(firm.installation, firm.tenant, "c001@company001.example", TODAY, now=NOW)
    assert found["reason"] == "enrollment_paused"
    assert found["answers"][0]["detail"] == "The enrollment is paused: on leave until March."
