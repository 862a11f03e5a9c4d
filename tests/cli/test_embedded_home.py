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
    assert run(["mailboxes", "list"]) == 1, "other commands keep to OUTREACH_HOME"
    assert f"There is no installation in {home} yet" in capsys.readouterr().err
