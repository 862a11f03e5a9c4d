"""A test goes to the operator's own address, by the same way as all mail, and takes nothing along."""

from __future__ import annotations

from datetime import timedelta

from outreach_pipeline.workflows.preview import send_test

OWN = "operator@relay06.example"


def test_a_test_takes_nothing_along_that_is_due_from_its_mailbox(day):
    people = [day.world.person() for _ in range(3)]
    day.ready(*people, boxes=1)
    outcome = send_test(
        day.installation,
        day.tenant,
        campaign="spring",
        step=1,
        variant="a",
        contact=people[0],
        mailbox=day.mailboxes[0],
        to=OWN,
        now=day.now + timedelta(hours=1),
    )
    assert outcome["state"] == "sent"
    assert day.accepted() == [OWN]
    assert [day.state(person)[0] for person in people] == ["planned"] * 3
    (mail,) = day.mails(OWN)
    assert mail["Subject"] == "Zoë, a question"
    # It stands in no statistics, and what is due goes out afterwards.
    assert day.admin.execute("select count(*) from outreach.events").fetchone()[0] == 0
    assert day.send().by_state == {"sent": 3}
