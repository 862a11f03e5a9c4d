"""Commands against the test's own database."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach_pipeline.cli.main import run

ACME = Path(__file__).parents[1] / "data" / "acme.yaml"


@pytest.fixture
def outreach(settings, monkeypatch, capsys):
    """Run a command against the test's database and return exit code, stdout and stderr."""
    for name, value in settings.model_dump(exclude_none=True).items():
        if name.endswith("database_url") or name in {"home", "secret_key"}:
            monkeypatch.setenv(f"OUTREACH_{name.upper()}", str(value))
    monkeypatch.setenv("OUTREACH_DNS_RESOLVER", "offline")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def acme(outreach):
    code, _, err = outreach("apply", "-f", str(ACME))
    assert code == 0, err
    return outreach
