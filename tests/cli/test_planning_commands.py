"""plan, explain, backtest and forecast as a person types them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

ACME = Path(__file__).parents[1] / "data" / "acme.yaml"
# A Wednesday that is no holiday, at six in Berlin.
DAY, NOW = "2030-01-09", "2030-01-09T06:00:00+01:00"
PNG = b"\x89PNG"


@pytest.fixture
def outreach(outreach, tmp_path):
    """Run a command against the test's database, in which acme has forty contacts; returns exit code, stdout, stderr."""
    assert outreach("apply", "-f", str(ACME))[0] == 0
    file = tmp_path / "list.csv"
    rows = [f"c{number}@firm{number}.example,fair,DE,consent,valid" for number in range(40)]
    file.write_text("\n".join(["address,source,jurisdiction,lawful_basis,verification", *rows]) + "\n")
    assert outreach("contacts", "import", str(file), "--tenant", "acme", "--campaign", "spring")[0] == 0
    return outreach


def document(result: tuple[int, str, str]) -> dict:
    assert result[0] == 0, result[2]
    return json.loads(result[1])


def test_a_plan_is_made_explained_and_replayed(outreach, tmp_path):
    plan = ("plan", "--tenant", "acme", "--date", DAY, "--now", NOW)
    planned = document(outreach(*plan, "--json"))
    assert (planned["mode"], planned["changed"], planned["is_held"], planned["findings"]) == ("real", True, False, [])
    assert planned["planned"] > 0

    day = document(outreach("explain", "--date", DAY, "--plot", str(tmp_path / "day.png"), "--json"))
    assert day["tenants"][0]["planned"] == planned["planned"]
    assert [step["name"] for step in day["tenants"][0]["waterfall"]][::len(day["tenants"][0]["waterfall"]) - 1] == [
        "demand", "planned",
    ]  # fmt: skip
    assert {row["mailbox"] for row in day["mailboxes"]} == {
        f"{name}@acme-mail.example" for name in ("ann", "bob", "box")
    }
    assert (tmp_path / "day.png").read_bytes().startswith(PNG)
    code, table, notes = outreach("explain", "--tenant", "acme", "--date", DAY)
    assert code == 0
    assert "acme: the MX of 40 recipient domains is not known" in " ".join(notes.split())
    for title in ("From demand to plan", "By campaigns", "By mailboxes", "By sites"):
        assert title in table

    digest = planned["input_sha256"]
    replayed = document(outreach("plan", "--replay", digest, "--output", str(tmp_path / "plan.json"), "--json"))
    assert replayed["is_same"]
    content = (tmp_path / "plan.json").read_bytes()
    assert hashlib.sha256(content).hexdigest() == replayed["plan_sha256"] == planned["summary"]["plan_sha256"]
    assert "content" not in replayed


def test_a_day_that_was_planned_again_says_what_became_of_it(outreach, admin):
    plan = ("plan", "--tenant", "acme", "--date", DAY)
    assert document(outreach(*plan, "--now", NOW, "--json"))["planned"] > 0
    assert "planned again" not in outreach("explain", "--date", DAY)[2]
    admin.execute(
        "update outreach.messages set state = 'sent', sending_at = scheduled_at, sent_at = scheduled_at where id in"
        " (select id from outreach.messages limit 1)"
    )
    again = document(outreach(*plan, "--now", NOW.replace("T06", "T07"), "--json"))["planned"]
    notes = " ".join(outreach("explain", "--date", DAY)[2].split())
    assert "acme: planned again at 2030-01-09 06:00 UTC" in notes
    assert f"Messages of the date over all its plans: {again} planned, 1 sent." in notes


def test_a_replay_that_comes_out_as_another_plan_exits_1(outreach, admin):
    planned = document(outreach("plan", "--tenant", "acme", "--date", DAY, "--now", NOW, "--json"))
    admin.execute("update outreach.plans set summary = jsonb_set(summary, '{plan_sha256}', '\"0\"')")
    code, _, err = outreach("plan", "--replay", planned["input_sha256"], "--tenant", "acme")
    assert code == 1
    assert "The plan came out as another one" in err


def test_a_held_plan_exits_1_and_says_which_check(outreach, admin):
    admin.execute(
        "create function public.spoil() returns trigger language plpgsql as"
        " $$ begin new.scheduled_at := new.window_ends_at; return new; end $$"
    )
    admin.execute(
        "create trigger spoil before insert on outreach.messages for each row execute function public.spoil()"
    )
    code, out, err = outreach("plan", "--tenant", "acme", "--date", DAY, "--now", NOW, "--json")
    assert (code, json.loads(out)["is_held"]) == (1, True)
    assert "Check inside_the_window: " in err
    assert "The plan is held" in err
    assert "held, check failed: inside_the_window" in outreach("explain", "--date", DAY)[2]


def test_a_date_that_is_not_planned_names_the_cure(outreach):
    code, _, err = outreach("explain", "--date", DAY, "--now", NOW)
    assert code == 0
    assert f"`outreach plan --tenant acme --date {DAY}` plans it, and with --dry-run" in " ".join(err.split())
    code, out, _ = outreach(
        "explain", "--tenant", "acme", "--date", "today", "--now", NOW, "--mailbox", "ann@acme-mail.example"
    )
    assert code == 0
    assert f"`outreach plan --tenant acme --date {DAY}` plans it" in out
    assert f"ann@acme-mail.example may send 9 on {DAY}" in out


def test_today_and_tomorrow_are_the_tenants_own(outreach, tmp_path):
    # In Berlin the 9th has begun, in Los Angeles not yet.
    now = ("--now", "2030-01-08T23:30:00+00:00")
    plan = ("plan", "--tenant", "acme", "--dry-run", *now)
    code, table, _ = outreach(*plan, "--date", "today")
    assert code == 0
    assert "Plan of acme for 2030-01-09" in table
    assert "From demand to plan" in table
    assert "Plan of acme for 2030-01-10" in outreach(*plan, "--date", "tomorrow")[1]
    west = tmp_path / "west.yaml"
    west.write_text("tenants: [{slug: west, name: West, time_zone: America/Los_Angeles, postal_address: A street}]")
    assert outreach("apply", "-f", str(west))[0] == 0
    assert "Plans of 2030-01-08" in outreach("explain", "--tenant", "west", "--date", "today", *now)[1]
    code, _, err = outreach("explain", "--date", "today", *now)
    assert code == 2
    assert "--date today is 2030-01-08 and 2030-01-09" in " ".join(err.split())


def test_a_plan_of_nothing_says_why(outreach):
    assert outreach("pause", "campaign", "spring", "--tenant", "acme", "--reason", "audit")[0] == 0
    code, table, _ = outreach("plan", "--tenant", "acme", "--date", DAY, "--now", NOW, "--dry-run")
    assert code == 0
    assert "campaign_paused" in table
    assert "The campaign is not active." in table


def test_the_totals_of_a_plan_agree_with_its_mailboxes(outreach, admin):
    sent = "insert into outreach.inbound_messages (tenant_id, mailbox_id, sha256, size_bytes, direction, received_at, state)"
    admin.execute(
        f"{sent} select tenant_id, id, 'x' || n, 1, 'out', '2030-01-09 04:00+00', 'processed'"
        " from outreach.mailboxes, generate_series(1, 2) as n where address like 'ann@%'"
    )
    assert outreach("pause", "mailbox", "--where", "address=*", "--reason", "audit", "--yes")[0] == 0
    found = document(outreach("plan", "--tenant", "acme", "--date", DAY, "--now", NOW, "--dry-run", "--json"))
    assert sum(each["already_sent"] for each in found["batches"]) == 2
    assert found["capacity"] == sum(each["capacity"] for each in found["batches"]) == 0
    command = ("explain", "--tenant", "acme", "--date", DAY, "--now", NOW, "--mailbox", "ann@acme-mail.example")
    assert "2 count against it already: gone out, or about to." in outreach(*command)[1]


def test_a_backtest_shows_the_difference_and_refuses_a_wrong_file(outreach, tmp_path):
    planned = document(outreach("plan", "--tenant", "acme", "--date", DAY, "--now", NOW, "--json"))
    file = tmp_path / "new.yaml"
    file.write_text(
        "policies: {default: {messages_per_day_per_mailbox: 2}, careful: {messages_per_day_per_mailbox: 1}}"
    )
    backtest = ("backtest", "--tenant", "acme", "--policy", str(file), "--from", "2030-01-07", "--to", "2030-01-11")
    found = document(outreach(*backtest, "--json"))
    assert found["planned"] == {"name": "planned", "before": planned["planned"], "after": 3}
    assert [day["plan_date"] for day in found["days"]] == [DAY]
    code, table, _ = outreach(*backtest)
    assert code == 0
    for title in ("By campaign", "By mailbox", "By site", "Not planned, by reason"):
        assert title in table
    cells = next(line.split("│")[1:-1] for line in table.splitlines() if "all" in line)
    assert [cell.strip() for cell in cells][:3] == ["all", str(planned["planned"]), "3"]
    file.write_text("{canary_contacts: 1, messages_per_day_per_mailbox: 2}")
    assert document(outreach(*backtest, "--json"))["without_effect"] == ["default.canary_contacts"]
    assert "Without effect: default.canary_contacts." in outreach(*backtest)[2]
    file.write_text("minimum_gap: 1")
    code, _, err = outreach(*backtest)
    assert code == 1
    assert f"{file}: default.minimum_gap: a policy has no such field" in " ".join(err.split())
    assert outreach(*backtest[:4], str(tmp_path / "none.yaml"), *backtest[5:])[0] == 1
    file.write_text("minimum_gap_seconds: 1")
    assert outreach(*backtest[:-1], "2030-01-01")[0] == 2


def test_a_forecast_is_a_table_a_document_and_a_picture(outreach, tmp_path):
    command = ("forecast", "--tenant", "acme", "--days", "30", "--contacts-per-month", "500", "--now", NOW)
    found = document(outreach(*command, "--plot", str(tmp_path / "days.png"), "--json"))
    assert len(found["forecast"]["days"]) == 30
    assert found["forecast"]["days"][-1]["reached"] == pytest.approx(40)
    assert found["forecast"]["campaigns"][0]["all_reached_on"] > DAY
    assert found["need"]["missing"] == found["need"]["mailboxes"] - found["need"]["sending"]
    assert (tmp_path / "days.png").read_bytes().startswith(PNG)
    code, table, _ = outreach(*command)
    assert code == 0
    assert "A contract of 500 new contacts in 30 days" in " ".join(table.split())
    assert "Wed 2030-01-09" in table
    assert outreach(*command, "--plot", str(tmp_path / "no" / "where.png"))[0] == 1


def test_a_forecast_tells_of_an_account_that_another_tenant_sends_from_too(outreach, tmp_path):
    command = ("forecast", "--tenant", "acme", "--days", "1", "--now", NOW)
    assert document(outreach(*command, "--json"))["forecast"]["shared_accounts"] == []
    assert "other tenants send" not in outreach(*command)[1]
    # The next one's file is the first one's, under other names.
    text = ACME.read_text().replace("slug: acme", "slug: birch").replace("acme-mail", "birch-mail")
    (tmp_path / "birch.yaml").write_text(text)
    assert outreach("apply", "-f", str(tmp_path / "birch.yaml"))[0] == 0
    (told,) = document(outreach(*command, "--json"))["forecast"]["shared_accounts"]
    assert (told["name"], told["messages_per_day"], told["other_mailboxes"]) == ("acme-google", 2000, 2)
    assert (told["others_per_day"], told["explanation"][:55]) == (
        0,
        "Of 2000 messages a day, 0 are taken to be those of othe",
    )
    table = " ".join(outreach(*command)[1].split())
    assert "Provider accounts that other tenants send from too" in table


def test_a_forecast_says_of_a_campaign_that_nobody_is_left(outreach, admin):
    command = ("forecast", "--tenant", "acme", "--days", "1", "--now", NOW)
    assert f"after {DAY}" in " ".join(outreach(*command)[1].split())
    admin.execute("update outreach.enrollments set state = 'finished'")
    table = " ".join(outreach(*command)[1].split())
    assert f"after {DAY}" not in table
    assert "nobody" in table
    (campaign,) = document(outreach(*command, "--json"))["forecast"]["campaigns"]
    assert (campaign["reached"], campaign["waiting"], campaign["all_reached_on"]) == (0, 0, None)


def test_an_option_is_named_by_its_own_name(outreach):
    assert "without it, all" not in " ".join(outreach("plan", "--help")[1].split())
    code, _, err = outreach("pause", "tenant", "acme", "--until", "2030-12-31")
    assert code == 2
    assert "--until '2030-12-31' has no offset" in " ".join(err.split())
