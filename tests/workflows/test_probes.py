"""Placement probes: off unless wanted, inside the caps, read where they land, and no engagement."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach_pipeline.core.receive.model import MailKind
from outreach_pipeline.workflows.explain import explain_mailbox
from outreach_pipeline.workflows.inbox import count_inbox, list_inbox
from outreach_pipeline.workflows.warmup_send import plan_probes

from .mail_world import TENANTS

pytestmark = pytest.mark.xdist_group("probes")


def opt_in(day) -> None:
    day.admin.execute("update outreach.mailboxes set is_probe_target = true")


def probes(day) -> list[tuple[str, str, str]]:
    """From, to and state of every probe."""
    return day.admin.execute(
        "select b.address, m.to_address, m.state from outreach.messages m"
        " join outreach.mailboxes b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id"
        " where m.kind = 'probe' order by m.id"
    ).fetchall()


def told(day) -> list[str]:
    """What is said of the first probe's mailbox and its probes."""
    sender = probes(day)[0][0]
    found = explain_mailbox(day.installation, day.tenant, sender, day.today, now=day.now)
    assert [(each["date"], each["to"], each["state"]) for each in found["probes"]] == [
        (str(day.today), to, state) for mailbox, to, state in probes(day) if mailbox == sender
    ]
    return [each for each in found["sentences"] if "probe" in each]


def test_nobody_probes_unless_a_policy_and_both_mailboxes_want_it(day):
    day.configure(boxes=2)
    day.plan()
    opt_in(day)
    assert plan_probes(day.installation, day.tenant, now=day.now) == 0

    day.configure(policy={"probes_per_day_per_mailbox": 1})
    day.admin.execute("update outreach.mailboxes set is_probe_target = false")
    assert plan_probes(day.installation, day.tenant, now=day.now) == 0
    assert probes(day) == []


def test_a_probe_stays_inside_the_cap(day):
    day.configure(boxes=2, policy={"probes_per_day_per_mailbox": 1, "messages_per_day_per_mailbox": 1})
    opt_in(day)
    day.invite(day.world.person())
    (busy,) = [batch.address for batch in day.plan().batches if batch.planned]
    assert plan_probes(day.installation, day.tenant, now=day.now) == 1
    assert [sender for sender, _, _ in probes(day)] == [box for box in day.mailboxes if box != busy]


@pytest.mark.parametrize("counts_by", ["calendar_day", "rolling_24h"])
@pytest.mark.parametrize(
    "caps",
    [
        pytest.param({"policy": {"messages_per_day": 3}}, id="tenant"),
        pytest.param({"domain": {"messages_per_day": 3}}, id="sending_domain"),
    ],
)
def test_probes_and_the_plan_together_stay_inside_a_cap_that_mailboxes_share(day, caps, counts_by):
    policy = {"probes_per_day_per_mailbox": 1, "counts_by": counts_by, **caps.get("policy", {})}
    day.configure(boxes=4, **{**caps, "policy": policy})
    opt_in(day)
    day.invite(day.world.person())
    assert day.plan().planned == 1
    # Three places, one of them planned: two of the four mailboxes.
    assert plan_probes(day.installation, day.tenant, now=day.now) == 2
    assert plan_probes(day.installation, day.tenant, now=day.now + timedelta(hours=1)) == 0

    # What comes later finds the cap used up, and nothing holds its plan.
    day.invite(day.world.person())
    again = day.plan()
    assert (again.planned, again.findings) == (1, ())
    assert day.send().by_state == {"sent": 3}
    after = day.plan()
    assert (after.planned, after.findings) == (0, ())


@pytest.mark.parametrize("counts_by", ["calendar_day", "rolling_24h"])
def test_probes_stay_inside_a_provider_account_s_cap_over_all_its_tenants(day, counts_by):
    policy = {"probes_per_day_per_mailbox": 1, "counts_by": counts_by}
    day.configure(boxes=4, tenants=TENANTS[:2], policy=policy, account={"messages_per_day": 2})
    opt_in(day)
    day.admin.execute(
        "update outreach.mailboxes set provider_account_id ="
        " (select id from outreach.provider_accounts where name = 'acme-a') where address like %s",
        [f"%@{TENANTS[1]}-mail.example"],
    )
    day.invite(day.world.person(), tenant=TENANTS[1])
    assert day.plan(tenant=TENANTS[1]).planned == 1
    assert day.plan().planned == 0
    # The other tenant has planned one of acme-a's two places; acme-b has both.
    assert plan_probes(day.installation, day.tenant, now=day.now) == 3
    by_account = day.admin.execute(
        "select a.name, count(*) from outreach.messages m"
        " join outreach.mailboxes b on b.tenant_id = m.tenant_id and b.id = m.mailbox_id"
        " join outreach.provider_accounts a on a.id = b.provider_account_id"
        " where m.kind = 'probe' group by a.name order by a.name"
    ).fetchall()
    assert by_account == [("acme-a", 1), ("acme-b", 2)]
    day.invite(day.world.person(), tenant=TENANTS[1])
    for tenant in TENANTS[:2]:
        assert day.plan(tenant=tenant).findings == ()


def test_one_planned_message_of_an_account_leaves_it_no_probe_beyond_its_cap(day):
    day.configure(boxes=2, policy={"probes_per_day_per_mailbox": 1}, account={"messages_per_day": 1})
    opt_in(day)
    day.invite(day.world.person())
    (busy,) = [batch.address for batch in day.plan().batches if batch.planned]
    assert plan_probes(day.installation, day.tenant, now=day.now) == 1
    assert busy not in [sender for sender, _, _ in probes(day)]


def test_a_place_of_the_last_24_hours_that_is_not_free_yet_is_no_room_for_a_probe(day):
    policy = {"probes_per_day_per_mailbox": 1, "counts_by": "rolling_24h", "messages_per_day_per_mailbox": 1}
    day.configure(boxes=2, policy=policy)
    opt_in(day)
    day.plan()
    assert plan_probes(day.installation, day.tenant, now=day.now) == 2
    assert day.send().by_state == {"sent": 2}
    day.plan(days=1)
    early, late = (day.now + timedelta(days=1, hours=hours) for hours in (-1, 1))
    assert plan_probes(day.installation, day.tenant, now=early) == 0
    assert plan_probes(day.installation, day.tenant, now=late) == 2


def test_a_tenant_whose_plan_is_made_later_in_the_day_gets_its_probes_after_it(day):
    day.configure(boxes=2, policy={"probes_per_day_per_mailbox": 1})
    opt_in(day)
    assert plan_probes(day.installation, day.tenant, now=day.now) == 0
    day.plan()
    assert plan_probes(day.installation, day.tenant, now=day.now + timedelta(hours=1)) == 2
    assert plan_probes(day.installation, day.tenant, now=day.now + timedelta(hours=2)) == 0


def test_a_mailbox_that_only_receives_gets_probes_and_sends_none(day):
    day.configure(boxes=2, policy={"probes_per_day_per_mailbox": 1})
    seed, other = day.mailboxes
    day.admin.execute("update outreach.mailboxes set is_receive_only = true where address = %s", [seed])
    opt_in(day)
    day.plan()
    assert plan_probes(day.installation, day.tenant, now=day.now) == 1
    assert probes(day) == [(other, seed, "planned")]


def test_a_probe_between_mailboxes_of_one_organisation_says_nothing(day):
    day.configure(boxes=2, policy={"probes_per_day_per_mailbox": 1}, mailbox={"provider_account": "acme-a"})
    day.plan()
    opt_in(day)
    assert plan_probes(day.installation, day.tenant, now=day.now) == 0


def test_where_a_probe_lands_is_known_and_counts_as_nothing_else(day):
    day.configure(boxes=4, policy={"probes_per_day_per_mailbox": 1})
    day.plan()
    opt_in(day)
    assert plan_probes(day.installation, day.tenant, now=day.now) == 4
    assert plan_probes(day.installation, day.tenant, now=day.now + timedelta(hours=1)) == 0
    assert sorted(sender for sender, _, _ in probes(day)) == sorted(day.mailboxes)
    assert all(sender != to for sender, to, _ in probes(day))

    assert day.send().by_state == {"sent": 4}
    mail = day.mails(probes(day)[0][1])[0]
    assert (mail["X-Outreach-Probe"], mail["List-Unsubscribe"]) == ("1", None)
    assert "mail like this" not in mail.get_content()
    assert mail.get_content().rstrip().endswith("10115 Berlin")
    assert told(day) == [f"Its placement probe of {day.today} to {probes(day)[0][1]} is not found yet."]
    _, processed = day.read()
    assert (processed.processed, processed.untied) == (4, 0)
    landed = day.admin.execute(
        "select b.address, l.folder from outreach.inbound_locations l"
        " join outreach.inbound_messages i on i.tenant_id = l.tenant_id and i.id = l.inbound_message_id"
        " join outreach.mailboxes b on b.tenant_id = l.tenant_id and b.id = l.mailbox_id where i.direction = 'in'"
    ).fetchall()
    assert sorted(landed) == sorted((to, "INBOX") for _, to, _ in probes(day))
    assert told(day) == [f"Its placement probe of {day.today} to {probes(day)[0][1]} landed in INBOX."]
    with day.installation.database.operator() as transaction:
        (counted,) = transaction.rows("watch/count_inbound", since=day.now - timedelta(days=1))
    assert (counted["unrelated_count"], counted["unclassified_count"], counted["understood_count"]) == (4, 0, 0)
    assert list_inbox(day.installation, day.tenant, now=day.now, kinds=tuple(MailKind)) == []
    assert count_inbox(day.installation) == []
    assert (day.count("events"), day.count("suppressions"), day.count("alerts"), day.count("enrollments")) == (
        0,
        0,
        0,
        0,
    )
    assert day.judge().agrees

    # Tomorrow each mailbox has a new one, and another target where there is one.
    day.plan(days=1)
    assert plan_probes(day.installation, day.tenant, now=day.now + timedelta(days=1)) == 4


def test_what_answers_a_probe_is_no_engagement(day):
    day.configure(boxes=2, policy={"probes_per_day_per_mailbox": 1})
    day.plan()
    opt_in(day)
    plan_probes(day.installation, day.tenant, now=day.now)
    day.send()
    (sender, to, _), _ = probes(day)
    message_id = day.message(to)["message_id"]
    answer = f"From: {to}\nTo: {sender}\nSubject: {{}}\nMessage-ID: <{{}}@x.example>\nIn-Reply-To: {message_id}\n{{}}\n\n{{}}\n"
    for number, (subject, header, text) in enumerate(
        (
            ("Automatic reply: Placement probe", "Auto-Submitted: auto-replied", "I am out of office until Monday."),
            ("Re: Placement probe", "X-Mailer: x", "Sounds interesting, tell me more."),
            ("Re: Placement probe", "X-Mailer: x", "Please remove me from your list."),
        )
    ):
        day.world.running.control.deliver(sender, answer.format(subject, number, header, text).encode())
    _, processed = day.read()
    assert processed.by_kind["auto_reply"] == 1
    assert processed.by_intent["stop"] == 1
    assert (day.count("events"), day.count("alerts"), day.count("suppressions")) == (0, 0, 0)


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_probe_counts_against_the_day_s_cap(day, is_sent):
    day.configure(boxes=2, policy={"probes_per_day_per_mailbox": 1, "messages_per_day_per_mailbox": 2})
    opt_in(day)
    day.plan()
    plan_probes(day.installation, day.tenant, now=day.now)
    if is_sent:
        day.send()
    assert sorted(batch.already_sent for batch in day.plan().batches) == [1, 1]
    day.invite(*(day.world.person() for _ in range(4)))
    again = day.plan()
    assert (again.planned, again.findings) == (2, ())
