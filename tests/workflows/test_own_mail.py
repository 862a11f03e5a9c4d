"""A person's own mail to a contact lets the contact's sequences wait until a person lets them go on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.workflows.fleet import pause_contact

pytestmark = pytest.mark.xdist_group("own_mail")


def by_hand(day, person: str, *, to: str | None = None) -> None:
    """A mail that the mailbox's owner wrote to somebody, as it lies in Sent."""
    raw = f"From: us\nTo: Kim <{to or person}>\nSubject: Coffee?\nMessage-ID: <hand-{person}>\n\nShall we?\n"
    day.deliver(person, raw.encode(), folder="Sent")


def test_who_is_written_to_by_hand_waits(day):
    person, other = day.world.person(), day.world.person()
    day.ready(person, other)
    day.send()
    assert day.plan(days=1).planned == 2
    by_hand(day, person, to=person.upper())
    _, processed = day.read()
    assert processed.paused == 1
    assert day.sequence(person) == ("paused", "own_mail", 2)
    assert day.state(person, step=2) == ("cancelled", "enrollment_paused")
    assert (day.sequence(other)[0], day.state(other, step=2)[0]) == ("active", "planned")
    # A person lets it go on, and the same mail does not stop it again.
    pause_contact(
        day.installation, day.tenant, person, paused=False, reason=None, author="ann", now=day.now + timedelta(hours=1)
    )
    _, processed = day.read()
    assert (processed.paused, day.sequence(person)) == (0, ("active", None, 2))
    day.plan(days=1)
    assert day.state(person, step=2)[0] == "planned"


def test_our_own_copies_in_sent_and_mail_to_others_pause_nobody(day):
    person = day.world.person()
    day.ready(person)
    day.send()
    by_hand(day, person, to="mother@home.example")
    synced, processed = day.read()
    assert synced.new_by_role["sent"] == 2
    assert (processed.paused, day.sequence(person)[0]) == (0, "active")


def test_a_contact_is_paused_and_resumed_by_hand(day):
    person = day.world.person()
    day.ready(person)
    common = {"author": "ann", "now": day.now}
    assert pause_contact(day.installation, day.tenant, person, paused=True, reason="meets us", **common) == 1
    assert (day.sequence(person)[:2], day.state(person)) == (("paused", "meets us"), ("cancelled", "enrollment_paused"))
    assert pause_contact(day.installation, day.tenant, person, paused=False, reason=None, **common) == 1
    assert day.sequence(person)[:2] == ("active", None)
    with pytest.raises(UsageError, match="acme has no contact nobody"):
        pause_contact(day.installation, day.tenant, "nobody@x.example", paused=True, reason=None, **common)
