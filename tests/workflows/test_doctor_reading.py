"""Doctor tells of mailboxes that are not read, of missing folders and of a model that does not answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from outreach_pipeline.workflows.doctor import examine
from outreach_pipeline.workflows.finding import Finding
from outreach_pipeline.workflows.notify import raise_alert, resolve_alert

pytestmark = pytest.mark.xdist_group("doctor_reading")


@pytest.fixture
def endpoint() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


def closed_endpoint() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/v1"


def about(day, word: str, *, url: str | None = None) -> list[Finding]:
    settings = day.installation.settings.model_copy(
        update={"llm_url": url, "llm_model": "small", "llm_input_price": 0.0, "llm_output_price": 0.0} if url else {}
    )
    return [each for each in examine(replace(day.installation, settings=settings), now=day.now) if word in each.subject]


def fail(day, cause: str, times: int) -> None:
    day.admin.execute(
        "update outreach.mailboxes set sync_failures = %s, sync_cause = %s, sync_failure = 'it says no'", (times, cause)
    )


@pytest.mark.parametrize(
    "cause,times,level,cure",
    [
        ("login", 1, "problem", "login and password"),
        ("connection", 1, "warning", "can be reached"),
        ("connection", 4, "problem", "can be reached"),
        ("configuration", 1, "problem", "ca_file"),
    ],
)
def test_a_mailbox_that_could_not_be_read_is_a_finding_with_its_cause_and_cure(day, cause, times, level, cure):
    day.ready(day.world.person(), boxes=2)
    assert about(day, ", reading") == []
    fail(day, cause, times)
    found = about(day, ", reading")
    assert [each.level for each in found] == [level, level]
    assert all(f"({cause}): it says no" in each.finding and cure in each.cure for each in found)
    fail(day, cause, 0)
    assert about(day, ", reading") == []


def test_missing_folders_are_a_finding_until_they_are_there(day):
    day.ready(day.world.person(), boxes=1)
    with day.installation.database.tenant(day.tenant.id) as transaction:
        raise_alert(
            transaction, cause_key="folders/ann@x.example", severity="warning", title="x", detail="Archiv: not there.", now=day.now
        )  # fmt: skip
    (found,) = about(day, ", folders")
    assert (found.level, found.subject) == ("warning", "mailbox ann@x.example, folders")
    assert "Archiv: not there." in found.finding
    assert found.cure
    with day.installation.database.tenant(day.tenant.id) as transaction:
        resolve_alert(transaction, cause_key="folders/ann@x.example", now=day.now)
    assert about(day, ", folders") == []


def asked(day, calls: int, failures: int, *, days_ago: int = 0) -> None:
    day.admin.execute("delete from outreach.model_days")
    day.admin.execute(
        "insert into outreach.model_days (tenant_id, used_on, calls, failures) values (%s, %s, %s, %s)",
        (day.tenant.id, (day.now - timedelta(days=days_ago)).date(), calls, failures),
    )


def test_a_model_whose_questions_fail_is_a_warning(day, endpoint):
    day.ready(day.world.person(), boxes=1)
    asked(day, 10, 6)
    (found,) = about(day, "model small", url=endpoint)
    assert (found.level, found.finding) == ("warning", "6 of the 10 questions of today brought no answer")
    assert "OUTREACH_LLM_URL" in found.cure
    asked(day, 10, 2)
    assert [each.level for each in about(day, "model small", url=endpoint)] == ["ok"]
    asked(day, 10, 10, days_ago=1)
    assert [each.level for each in about(day, "model small", url=endpoint)] == ["ok"]


def test_a_model_that_opens_no_connection_is_a_warning(day):
    day.ready(day.world.person(), boxes=1)
    day.admin.execute("delete from outreach.model_days")
    (found,) = about(day, "model small", url=closed_endpoint())
    assert found.level == "warning"
    assert "cannot be reached" in found.finding
    assert "OUTREACH_LLM_URL" in found.cure
