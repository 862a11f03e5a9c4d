"""What a plan says of a mailbox and of a contact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from outreach_pipeline.core.errors import UsageError
from outreach_pipeline.workflows.due_days import close_days
from outreach_pipeline.workflows.explain import explain_mailbox
from outreach_pipeline.workflows.explain_contact import explain_contact
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.plan_outcome import PlanOutcome

from .conftest import NOW, TODAY, World


def test_a_mailbox_is_explained_by_its_least_term(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    curve = world.insert("warmup_curves", tenant_id=world.tenant.id, name="mine", messages_per_day=[2, 4, 6, 8])
    world.mailbox(warmup_curve_id=curve, warmup_days_before=2)
    world.contacts(4)
    would_be = explain_mailbox(installation, world.tenant, "ann@acme-mail.example", TODAY, now=NOW)
    assert would_be["sentences"][0] == (
        "2026-11-24 is not planned yet for acme: `outreach plan --tenant acme --date 2026-11-24` plans it, and with --dry-run "
        "shows the plan. As it is now:"
    )
    assert world.admin.execute("select count(*) from outreach.plans").fetchone() == (0,)
    plan_it()
    explained = explain_mailbox(installation, world.tenant, "ann@acme-mail.example", TODAY, now=NOW)
    assert would_be["sentences"][1:] == explained["sentences"]
    assert {**would_be, "mode": "real", "state": "ready", "sentences": []} == {**explained, "sentences": []}
    assert (explained["capacity"], explained["planned"]) == (6, 4)
    assert explained["sentences"] == [
        "ann@acme-mail.example may send 6 on 2026-11-24 and not 10: day 3 of curve 'mine' allows 6 x health 1.00 = 6.",
        "The next limit would be 10: policy 'default' allows 10 a day and mailbox.",
        "4 are planned.",
        "2 places stay empty. No more contacts of spring were due.",
    ]
    with pytest.raises(UsageError, match="acme has no mailbox zoe@"):
        explain_mailbox(installation, world.tenant, "zoe@acme-mail.example", TODAY, now=NOW)


@pytest.mark.parametrize(
    "days, told",
    [
        (-1, "2026-11-23 is over for acme and was not planned: `outreach plan --tenant acme --date 2026-11-23` notes"),
        (3, "2026-11-27 is not planned, and too far ahead for acme: it can be planned from 2026-11-25 on."),
    ],
)
def test_a_date_that_is_not_to_be_planned_now_says_what_to_do(
    installation: Installation, world: World, days: int, told: str
) -> None:
    world.mailbox()
    date = TODAY + timedelta(days=days)
    explained = explain_mailbox(installation, world.tenant, "ann@acme-mail.example", date, now=NOW)
    (sentence,) = explained["sentences"]
    assert sentence.startswith(told)
    assert "capacity" not in explained


def test_a_contact_is_explained_by_the_true_reason(
    installation: Installation, world: World, plan_it: Callable[..., PlanOutcome]
) -> None:
    world.mailbox(messages_per_day=1)
    world.contact("first@a.example")
    world.contact("second@b.example")
    world.contact("stop@c.example")
    world.contact("french@d.example", jurisdiction="FR")
    world.contact("answered@e.example", enrollment={"state": "stopped", "stop_reason": "replied", "stopped_at": NOW})
    world.contact("later@f.example", enrollment={"due_on": TODAY + timedelta(days=3)})
    world.insert("suppressions", tenant_id=world.tenant.id, scope="address", value="stop@c.example", reason="stop")

    def reasons() -> dict[str, str]:
        return {
            name: explain_contact(installation, world.tenant, f"{name}.example", TODAY, now=NOW)["reason"]
            for name in ("first@a", "second@b", "stop@c", "french@d", "answered@e", "later@f")
        }

    expected = {
        "first@a": "planned",
        "second@b": "no_capacity",
        "stop@c": "suppressed",
        "french@d": "jurisdiction_not_accepted",
        "answered@e": "replied",
        "later@f": "not_due",
    }
    assert reasons() == expected
    assert world.messages() == []
    plan_it()
    assert reasons() == expected
    sentences = explain_contact(installation, world.tenant, "stop@c.example", TODAY, now=NOW)["sentences"]
    assert "Suppressed: address stop@c.example (stop," in sentences[0]
    # The truth of that time stands, also when the world has moved on.
    world.run("update outreach.contacts set jurisdiction = 'DE' where address = 'french@d.example'")
    assert reasons() == expected
    close_days(installation, now=NOW + timedelta(days=1))
    assert explain_contact(installation, world.tenant, "first@a.example", TODAY, now=NOW)["reason"] == "day_over"
    with pytest.raises(UsageError, match="acme has no contact nobody@x"):
        explain_contact(installation, world.tenant, "nobody@x.example", TODAY, now=NOW)
