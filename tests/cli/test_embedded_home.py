"""The commands on a home of their own: the embedded server is started, used and stopped by them."""

from __future__ import annotations

import json

import psycopg
import pytest

from outreach_pipeline.cli.main import run


@pytest.fixture
def home(tmp_path, monkeypatch):
    for role in ("", "OWNER_", "TRANSFORM_", "METRICS_", "DAGSTER_"):
        monkeypatch.delenv(f"OUTREACH_{role}DATABASE_URL", raising=False)
    monkeypatch.delenv("OUTREACH_SECRET_KEY", raising=False)
    monkeypatch.setenv("OUTREACH_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"
    run(["db", "stop"])


@pytest.mark.usefixtures("home")
def test_a_fresh_home_becomes_an_installation_and_stops(capsys):
    assert run(["db", "url"]) == 0
    url = capsys.readouterr().out.strip()
    assert run(["status"]) == 1
    assert "run `outreach db migrate`" in capsys.readouterr().err
    assert run(["db", "migrate"]) == 0
    capsys.readouterr()
    assert run(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tenants"] == []
    with psycopg.connect(url) as connection:
        assert connection.execute("select current_user").fetchone() == ("outreach_app",)
    capsys.readouterr()
    assert run(["db", "url", "--role", "metrics", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["role"], found["tenant"]) == ("metrics", None)
    assert found["url"].startswith("postgresql://outreach_metrics:")
    assert run(["db", "stop", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"was_up": True}
    assert run(["db", "stop", "--json"]) == 0
    out, err = capsys.readouterr()
    assert (json.loads(out), err) == ({"was_up": False}, "It is not up.\n")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=5)


def test_the_demos_home_serves_if_it_is_the_only_one(home, capsys, monkeypatch):
    monkeypatch.setenv("OUTREACH_HOME", str(home / "demo"))
    assert run(["db", "migrate"]) == 0
    monkeypatch.setenv("OUTREACH_HOME", str(home))
    capsys.readouterr()
    assert run(["status", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["tenants"] == []
    assert f"Taking the demo's home, {home / 'demo'}" in err
    # A tenant that is not there is found in no home but an open one.
    day = ("--tenant", "acme", "--date", "today")
    for command in (["mailboxes", "list"], ["limits"], ["sync"], ["explain", *day], ["plan", *day]):
        assert run(command) == (2 if "acme" in command else 0), command
        assert f"Taking the demo's home, {home / 'demo'}" in capsys.readouterr().err, command


def test_what_brings_things_in_does_not_go_into_a_demo_unseen(home, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("OUTREACH_HOME", str(home / "demo"))
    assert run(["db", "migrate"]) == 0
    monkeypatch.setenv("OUTREACH_HOME", str(home))
    file = tmp_path / "acme.yaml"
    file.write_text("tenants: [{slug: acme, name: Acme, time_zone: Europe/Berlin, postal_address: A street}]")
    tenant = ("--tenant", "acme")
    for command in (
        ["apply", "-f", str(file)],
        ["mailboxes", "import", str(file), *tenant],
        ["contacts", "import", str(file), *tenant, "--campaign", "spring"],
    ):
        capsys.readouterr()
        assert run(command) == 1, command
        err = capsys.readouterr().err
        assert f"There is no installation in {home} yet: set OUTREACH_HOME to another folder" in err
        assert f"OUTREACH_HOME={home / 'demo'} to write into the demo's" in err
    monkeypatch.setenv("OUTREACH_HOME", str(home / "demo"))
    assert run(["apply", "-f", str(file)]) == 0
