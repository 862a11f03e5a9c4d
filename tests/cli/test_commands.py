"""Every command: help, exit codes, one JSON document, and nothing half-done."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
import traceback
from importlib.metadata import version
from pathlib import Path

import pytest
import typer

from outreach_pipeline.cli.main import app, run
from outreach_pipeline.cli.platform_processes import PlatformProcesses
from outreach_pipeline.cli.up import write_addresses
from outreach_pipeline.core.errors import ConfigurationError, TransientError
from outreach_pipeline.settings import Settings, load_settings

ACME = Path(__file__).parents[1] / "data" / "acme.yaml"
COMMANDS = [
    "apply", "assign", "backtest", "campaigns list", "campaigns set", "check domain", "check mailbox", "classify", "contacts import", "db migrate",
    "db stop", "db url", "demo", "docs", "doctor", "done", "explain", "forecast", "inbox", "limits set", "mailboxes import", "mailboxes list", "mailboxes set", "pause", "plan",
    "preview", "process", "reclassify", "reply", "resume", "send", "snooze", "status", "suppress", "sync", "test-send", "thread", "up", "weights",
]  # fmt: skip


def leaves(command, path: str = "") -> list[str]:
    if not hasattr(command, "commands"):
        return [path]
    return [leaf for name, each in command.commands.items() for leaf in leaves(each, f"{path} {name}".strip())]


def test_the_commands_are_those_of_the_design():
    assert sorted(leaves(typer.main.get_command(app))) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys):
    assert run([*command.split(), "--help"]) == 0
    assert "Usage: outreach" in capsys.readouterr().out


def test_it_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "outreach_pipeline", "--help"], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 0
    assert "apply" in done.stdout


WRONG_USES = [
    (["no-such-command"], "No such command"),
    (["apply"], "Missing option"),
    (["plan", "--tenant", "nobody", "--date", "2026-03-02"], "There is no tenant 'nobody'"),
    (["plan", "--tenant", "acme", "--date", "yesterday"], "--date 'yesterday' is no date"),
    (["plan", "--tenant", "acme", "--date", "2026-02-30"], "--date '2026-02-30' is no date"),
    (["plan", "--tenant", "acme", "--date", "2026-03-02", "--now", "noon"], "--now 'noon' is no time"),
    (["plan", "--tenant", "acme", "--date", "2026-03-02", "--now", "2026-03-02T09:00"], "has no offset"),
    (["send"], "--until-idle or --for"),
    (
        ["explain", "--tenant", "acme", "--date", "2026-03-02", "--mailbox", "m@x.example", "--contact", "c@x.example"],
        "--mailbox M or --contact",
    ),
    (["explain", "--date", "2026-03-02", "--mailbox", "m@x.example"], "add --tenant T"),
    (["plan", "--tenant", "acme"], "--tenant T and --date D"),
    (["plan", "--replay", "0" * 64, "--date", "2026-03-02"], "leave out --date"),
    (["plan", "--replay", "not a hash"], "is no hash of inputs"),
    (["plan", "--replay", "0" * 64], "No inputs of acme have the hash"),
    (["forecast", "--tenant", "acme", "--days", "0"], "forecast from 1 to 366 days"),
    (["status", "--tenant", "nobody"], "There is no tenant 'nobody'"),
    (["mailboxes", "list", "--where", "colour=blue"], "is no filter"),
    (["mailboxes", "set"], "Nothing to set"),
    (["pause", "campaign", "spring"], "add --tenant T"),
    (["resume", "contact", "a@firm.example"], "add --tenant T"),
    (["resume", "contact", "a@firm.example", "--tenant", "acme"], "acme has no contact a@firm.example"),
    (["inbox", "--intent", "keen"], "'keen' is no intent"),
    (["inbox", "--kind", "letter"], "letter is no kind of mail"),
    (["thread", "7"], "There is no mail 7"),
    (["reply", "7"], "--text TEXT or --file FILE"),
    (["reply", "7", "--text", "Yes."], "There is no mail 7"),
    (["snooze", "7", "--until", "tomorrow"], "--until 'tomorrow' is no time"),
    (["done", "7", "--tenant", "acme"], "acme has no mail 7"),
    (["reclassify", "7", "--kind", "letter"], "is not one of"),
    (["reclassify", "7", "--kind", "bounce", "--intent", "later"], "intent says nothing of mail of kind bounce"),
    (["pause", "mailbox", "nobody@acme-mail.example"], "No mailbox fits"),
    (["pause", "site", "nowhere"], "No recipient domain is known"),
    (["suppress", "a@firm.example"], "--tenant T or --everywhere"),
    *(
        (
            ["suppress", value, "--tenant", "acme"],
            "give an address such as ann@firm.example or a domain such as firm.example",
        )
        for value in ("not-an-address", "x", "", "@", "@firm.example", "com", "co.uk", "a b.example", "ann@", "ann@com")
    ),
    (["suppress", "co.uk", "--everywhere"], "co.uk is a suffix under which others register their domains"),
    (["db", "url", "--role", "analyst"], "go together"),
    (["db", "stop"], "not the platform's own"),
    (["campaigns", "set", "autumn", "--tenant", "acme", "--priority", "1"], "no campaign 'autumn'"),
]


def test_wrong_use_exits_2_and_says_why(acme):
    for arguments, complaint in WRONG_USES:
        code, out, err = acme(*arguments)
        assert (code, out) == (2, ""), arguments
        assert complaint in " ".join(err.split()), arguments


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://u:geheim@h/d", "postgresql://u:geheim@h", "postgresql://u:geheim@h:77777/d"]
)
def test_a_wrong_database_url_is_named_at_once_and_not_shown(monkeypatch, capsys, url):
    monkeypatch.setenv("OUTREACH_DATABASE_URL", url)
    assert run(["status"]) == 1
    said = capsys.readouterr().err
    assert "OUTREACH_DATABASE_URL" in said
    assert "geheim" not in said
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert "geheim" not in "".join(traceback.format_exception(caught.value))
    assert "geheim" not in repr(Settings.model_construct(database_url=url))


def test_a_wrong_file_exits_1_with_the_place(outreach, tmp_path, admin):
    file = tmp_path / "wrong.yaml"
    file.write_text(ACME.read_text().replace("port: 2525", "port: 99999").replace("Europe/Berlin", "Europe/Berln"))
    code, out, err = outreach("apply", "-f", str(file))
    assert (code, out) == (1, "")
    assert "tenants[0].mailboxes[0].smtp.port: " in err
    assert "tenants[0].time_zone: " in err
    assert all(line.startswith(f"{file}: tenants[0].") for line in err.splitlines())
    assert admin.execute("select count(*) from outreach.tenants").fetchone() == (0,)


def test_a_missing_file_exits_1(outreach, tmp_path):
    code, _, err = outreach("apply", "-f", str(tmp_path / "none.yaml"))
    assert code == 1
    assert "cannot be read" in err


def test_an_error_with_json_is_one_document_too(outreach):
    code, out, err = outreach("status", "--tenant", "nobody", "--json")
    assert code == 2
    assert json.loads(out)["error"] == "UsageError"
    assert "nobody" in err


WITH_JSON = [
    ["status"], ["status", "--tenant", "acme"], ["doctor"], ["mailboxes", "list"], ["limits"], ["campaigns", "list"],
    ["apply", "-f", str(ACME)], ["apply", "-f", str(ACME), "--dry-run"], ["db", "migrate"],
    ["suppress", "a@firm.example", "--tenant", "acme"], ["suppress", "firm.example", "--everywhere"],
    ["pause", "tenant", "acme"], ["resume", "tenant", "acme"],
    ["mailboxes", "set", "--where", "address=ann*", "--messages-per-day", "5", "--yes"], ["process"],
    ["inbox"], ["inbox", "--tenant", "acme", "--all", "--kind", "reply", "--kind", "other"],
]  # fmt: skip


def test_json_is_exactly_one_document_on_stdout(acme):
    for arguments in WITH_JSON:
        code, out, err = acme(*arguments, "--json")
        assert code == 0, (arguments, err)
        assert isinstance(json.loads(out), dict), arguments


@pytest.mark.parametrize(
    "options, holds",
    [
        ([], {"burst": 1, "in_flight": 20}),
        (["--burst", "5"], {"burst": 5, "in_flight": 20}),
        (["--burst", "2", "--in-flight", "7"], {"burst": 2, "in_flight": 7}),
        (["--in-flight", "0"], {"burst": 1, "in_flight": None}),
    ],
)
def test_a_limit_that_is_set_is_shown_as_it_holds(acme, options, holds):
    key = {"scope": "recipient_site", "key": "*", "limit": "10/minute"}
    arguments = ["limits", "set", *key.values(), *options]
    code, out, err = acme(*arguments, "--json")
    assert (code, err, json.loads(out)) == (0, "", {**key, **holds})
    code, out, _ = acme("limits", "--json")
    (row,) = [each for each in json.loads(out)["limits"] if (each["scope"], each["key"]) == ("recipient_site", "*")]
    assert (row["burst"], row["in_flight_allowed"]) == (holds["burst"], holds["in_flight"])
    code, out, _ = acme(*arguments)
    cells = {tuple(cell.strip() for cell in line.split("│")[1:3]) for line in out.splitlines() if "│" in line}
    assert {("burst", str(holds["burst"])), ("in_flight", str(holds["in_flight"] or "-"))} <= cells


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_json_and_says_what_it_does(command):
    words = command.split()
    found = typer.main.get_command(app)
    for word in words:
        found = found.commands[word]
    (option,) = [each for each in found.params if "--json" in each.opts]
    assert option.help
    assert option.default is False
    assert not option.hidden


def test_where_the_platform_is_up_is_one_document_for_a_program(settings, capsys):
    processes = PlatformProcesses(settings, say=lambda _: None, stop=threading.Event())
    processes._ports = {"webserver": 3000, "gateway": 8025}
    write_addresses(processes)
    assert json.loads(capsys.readouterr().out) == {
        "home": str(settings.home), "webserver": "http://127.0.0.1:3000", "gateway": "http://127.0.0.1:8025",
    }  # fmt: skip


def test_a_start_that_is_to_stop_does_not_wait_for_what_does_not_come_up(settings):
    stop = threading.Event()
    processes = PlatformProcesses(settings, say=lambda _: None, stop=stop)
    processes._ports = {"webserver": 1, "gateway": 1}
    stop.set()
    with pytest.raises(TransientError, match="stopped before it was up"):
        processes.wait_until_ready()


def test_the_second_apply_has_nothing_to_change(acme):
    code, out, _ = acme("apply", "-f", str(ACME))
    assert (code, out) == (0, "Nothing to change.\n")


def test_apply_warns_once_of_a_follow_up_s_own_subject(outreach):
    code, _, err = outreach("apply", "-f", str(ACME), "--dry-run")
    told = " ".join(err.split())
    assert code == 0
    assert told.count("warning: acme: nobody gets the subject of step 2 of spring: a follow-up is a reply") == 1


def test_apply_warns_of_probes_that_no_mailbox_takes_part_in(outreach, tmp_path):
    file = tmp_path / "acme.yaml"
    text = ACME.read_text(encoding="utf-8")
    file.write_text(text.replace("{minimum_gap_seconds: 1200}", "{probes_per_day_per_mailbox: 1}"), encoding="utf-8")
    code, _, err = outreach("apply", "-f", str(file), "--dry-run")
    told = " ".join(err.split())
    assert code == 0
    assert told.count("warning: acme: policy careful asks for placement probes (probes_per_day_per_mailbox)") == 1


def test_apply_shows_what_it_would_do_and_no_secret(outreach, admin):
    code, out, err = outreach("apply", "-f", str(ACME), "--dry-run")
    assert code == 0
    assert "ann@acme-mail.example" in out
    assert "password-of-ann" not in out + err
    assert admin.execute("select count(*) from outreach.tenants").fetchone() == (0,)


def test_contacts_come_in_by_file_and_bad_rows_are_named(acme, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("address,source\na@firm.example,fair\nnobody,fair\n")
    common = ("contacts", "import", str(file), "--tenant", "acme", "--campaign", "spring")
    code, out, err = acme(*common)
    assert (code, out) == (1, "")
    assert "line 3, column address" in err
    code, out, err = acme(*common, "--skip-bad", "--json")
    assert code == 0
    assert json.loads(out)["created"] == 1
    assert "left out: line 3, column address" in err
    code, out, _ = acme(*common)
    assert (code, out) == (0, "list.csv is imported into spring already: nothing to do.\n")
    assert json.loads(acme(*common, "--json")[1])["already_imported"] is True


@pytest.mark.usefixtures("acme")
def test_a_person_sees_no_log_lines_between_the_tables_and_a_program_all():
    script = "from outreach_pipeline.cli.main import run; run(['send', '--until-idle'])"
    said = {
        form: subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OUTREACH_LOG_FORMAT": form},
        ).stderr
        for form in ("text", "json")
    }  # fmt: skip
    assert said["text"] == ""
    assert [json.loads(line)["event"] for line in said["json"].splitlines()] == ["send_run_done"]


def test_the_version_is_printed(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"outreach {version('outreach-pipeline')}\n"


def test_a_step_that_is_not_there_is_named_with_its_variant(acme):
    code, _, err = acme(
        "preview", "--tenant", "acme", "--campaign", "spring", "--step", "9", "--contact", "a@b.example"
    )
    assert code == 2
    assert "a step 9, variant a, a mailbox" in " ".join(err.split())


def test_a_command_on_an_old_schema_names_the_cure(outreach, admin):
    admin.execute("delete from public.schema_migrations where version > 5")
    code, _, err = outreach("status")
    assert code == 1
    assert "run `outreach db migrate`" in err
    admin.execute("drop schema outreach cascade")
    assert "no schema of this platform yet: run `outreach db migrate`" in outreach("status")[2]


def test_another_master_key_is_refused(acme, monkeypatch):
    monkeypatch.setenv("OUTREACH_SECRET_KEY", base64.b64encode(b"x" * 32).decode())
    code, _, err = acme("status")
    assert code == 1
    assert "OUTREACH_SECRET_KEY is not the key that this database was written with" in err


def test_classify_prints_a_line_a_file(outreach, tmp_path):
    folder = tmp_path / "mails"
    folder.mkdir()
    for name in ("1.eml", "2.eml"):
        (folder / name).write_bytes(b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Re: x\r\n\r\nYes, call me.\r\n")
    code, out, _ = outreach("classify", str(folder), str(folder / "1.eml"))
    assert code == 0
    files = [json.loads(line)["file"] for line in out.splitlines()]
    assert files == [str(folder / "1.eml"), str(folder / "2.eml"), str(folder / "1.eml")]


def test_classify_says_what_is_wrong_with_what_it_is_given(outreach, tmp_path):
    code, out, err = outreach("classify", str(tmp_path))
    assert (code, out) == (2, "")
    assert "There is no file in" in " ".join(err.split())
    (tmp_path / "1.eml").write_bytes(b"From: a@b.example\n\nHello\n")
    code, _, err = outreach("classify", "--received-at", "foo", str(tmp_path))
    assert code == 2
    assert "--received-at 'foo' is no time" in " ".join(err.split())


def test_classify_names_a_mail_that_it_cannot_read_and_exits_1_after_the_last(outreach, tmp_path):
    for name, raw in (("1.eml", b""), ("2.eml", bytes(range(256))), ("3.eml", b"Subject: Re: x\r\n\r\nYes.\r\n")):
        (tmp_path / name).write_bytes(raw)
    code, out, err = outreach("classify", *(str(tmp_path / f"{number}.eml") for number in (1, 2, 3)))
    assert code == 1
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(each["kind"], each["voices"][0]) for each in lines] == [
        ("other", "unreadable: empty"), ("other", "unreadable: no headers"), ("reply", "reply: subject"),
    ]  # fmt: skip
    assert len({tuple(each) for each in lines}) == 1
    assert f"{tmp_path / '2.eml'}: nothing of this mail can be read: no headers." in " ".join(err.split("\n"))


def test_the_url_of_a_role_is_all_that_is_printed(acme, settings):
    assert acme("db", "url", "--role", "metrics")[1] == f"{settings.url_of('metrics')}\n"
    url = acme("db", "url", "--role", "analyst", "--tenant", "acme")[1].strip()
    assert url.startswith("postgresql://outreach_analyst_acme:")
    as_json = acme("db", "url", "--role", "analyst", "--tenant", "acme", "--json")[1]
    assert json.loads(as_json) == {"role": "analyst", "tenant": "acme", "url": url}


def test_doctor_shows_the_gateway_at_the_port_that_was_set(acme, monkeypatch):
    monkeypatch.setenv("OUTREACH_GATEWAY_PORT", "8035")
    found = json.loads(acme("doctor", "--json")[1])["findings"]
    assert [each["finding"] for each in found if each["subject"] == "public URL"] == [
        "http://127.0.0.1:8035 is reachable from this machine only"
    ]


def test_doctor_says_that_no_model_is_asked_and_how_to_switch_it_on(acme, monkeypatch):
    monkeypatch.delenv("OUTREACH_LLM_URL", raising=False)
    (found,) = [each for each in json.loads(acme("doctor", "--json")[1])["findings"] if each["subject"] == "model"]
    assert (found["level"], found["finding"].partition(":")[0]) == ("ok", "it is off")
    assert "OUTREACH_LLM_URL" in found["cure"]
    assert "it is off" in " ".join(acme("doctor", "--all")[1].split())


def test_doctor_names_each_problem_and_its_cure(acme, admin):
    code, out, _ = acme("doctor", "--json")
    assert code == 0
    findings = json.loads(out)["findings"]
    assert {"never checked"} <= {each["finding"] for each in findings if each["level"] == "warning"}
    assert all(each["cure"] for each in findings if each["level"] != "ok")
    admin.execute(
        "insert into outreach.mailbox_checks (tenant_id, mailbox_id, checked_at, protocol, is_ok, stage, cause, duration_ms)"
        " select tenant_id, id, now(), 'smtp', false, 'auth', '535 wrong password', 1 from outreach.mailboxes limit 1"
    )
    admin.execute("delete from outreach.campaign_mailboxes")
    code, out, _ = acme("doctor")
    assert code == 1
    assert "fails at auth" in " ".join(out.split())
    findings = json.loads(acme("doctor", "--json")[1])["findings"]
    (failing,) = [each for each in findings if each["finding"] == "fails at auth: 535 wrong password"]
    assert failing["cure"].startswith("apply the right login and password")
    assert "outreach check mailbox " in failing["cure"]
    assert "no mailbox in its pool may send" in " ".join(out.split())


def test_a_defect_is_one_sentence_and_a_file(outreach, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("something unforeseen")

    monkeypatch.setattr("outreach_pipeline.workflows.status.status", fail)
    code, out, err = outreach("status")
    assert (code, out) == (1, "")
    assert "something unforeseen" in err
    assert "Traceback" not in err
    assert "Traceback" in Path(err.rsplit("details are in ", 1)[1].strip().rstrip(".")).read_text()
