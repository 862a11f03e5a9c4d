"""What the docs say is there, and what is there is said."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from pathlib import Path

import click
import pytest
import typer.main

from outreach_pipeline.adapters.postgres.migrate import migrations
from outreach_pipeline.cli import demo_report
from outreach_pipeline.cli.main import app
from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.core.contacts import REQUIRED_COLUMNS, header_problems, parse_row
from outreach_pipeline.core.model import EventKind, MessageState
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.check_plan import PLAN_CHECKS
from outreach_pipeline.workflows.promises import PROMISES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Paths as pages write them: from the root, or from the package, or from a folder that the text is about.
BASES = (
    "", "outreach_pipeline", "outreach_pipeline/core", "outreach_pipeline/core/plan", "outreach_pipeline/adapters",
    "outreach_pipeline/adapters/postgres/queries", "outreach_pipeline/workflows",
)  # fmt: skip
# Made by the platform, or by whoever follows a page.
MADE = re.compile(
    r"^(HOME/|\.outreach|postgres/(server\.json|elsewhere)|(roles|demo-report)\.json|acme\.yaml|contacts\.csv)"
)
PATH = re.compile(r"(?:[A-Za-z_.]+/)*[A-Za-z_0-9*-]+\.(?:py|sql|md|toml|yaml|yml|json|csv)|(?:[A-Za-z_]+/)+")


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def code_spans(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def block(language: str) -> str:
    return re.search(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)[1]


def table_rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def commands(command: click.Command, words: str = "outreach") -> list[str]:
    if not hasattr(command, "commands"):
        return [words]
    return [each for name, inner in command.commands.items() for each in commands(inner, f"{words} {name}")]


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("command", commands(typer.main.get_command(app)))
def test_every_command_is_named_in_the_readme(command):
    spans = code_spans(README)
    assert any(span == command or span.startswith(f"{command} ") for span in spans)


def test_no_page_names_a_command_that_is_not_there():
    known = {tuple(each.split()[1:]) for each in commands(typer.main.get_command(app))}
    starts = {words[:length] for words in known for length in range(1, len(words) + 1)}
    named = {
        (path.name, tuple(match.split()))
        for path in PAGES
        for match in re.findall(r"(?:`|\$ |^ {4}|\()outreach ([a-z][a-z-]+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(named) > 20
    assert {each for each in named if each[1] not in starts} == set()


def test_the_settings_table_is_whole_and_right():
    rows = {row[0].strip("`"): row[1] for row in table_rows(README) if row[0].startswith("`OUTREACH_")}
    fields = {f"OUTREACH_{name.upper()}": field for name, field in Settings.model_fields.items()}
    assert rows.keys() == fields.keys()
    for name, field in fields.items():
        if field.default is not None:
            assert rows[name].strip("`") == f"{field.default}", name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_file_that_is_named_exists(path):
    missing = []
    for span in code_spans(path.read_text(encoding="utf-8")):
        name = span.partition(":")[0]
        if not PATH.fullmatch(name) or MADE.match(name):
            continue
        if not any(next((ROOT / base).glob(name.rstrip("/")), None) for base in BASES):
            missing.append(name)
    assert missing == []


def test_the_sample_configuration_passes():
    document = read_configuration(block("yaml"), environment={"ANN_PASSWORD": "of-ann"})
    assert [tenant.slug for tenant in document.tenants] == ["acme"]
    assert [step.step for step in document.tenants[0].campaigns[0].steps] == [1, 2]


def test_the_sample_contacts_pass_and_the_campaign_takes_them():
    header, *rows = (line.split(",") for line in block("csv").splitlines())
    assert not header_problems(header)
    assert set(REQUIRED_COLUMNS) <= set(header)
    campaign = read_configuration(block("yaml"), environment={"ANN_PASSWORD": "of-ann"}).tenants[0].campaigns[0]
    assert rows
    for number, row in enumerate(rows, start=2):
        contact, problems = parse_row(number, dict(zip(header, row, strict=True)))
        assert problems == []
        assert contact.lawful_basis in campaign.accepted_lawful_bases
        assert contact.jurisdiction in campaign.accepted_jurisdictions


def test_a_term_of_the_glossary_stands_once_and_in_order():
    terms = [row[0].lower() for row in table_rows(page("glossary.md"))][1:]
    assert [term for term, count in Counter(terms).items() if count > 1] == []
    assert terms == sorted(terms)
    assert len(terms) > 50


def test_every_table_is_in_the_data_flow():
    text = "\n".join(migration.text for migration in migrations())
    tables = set(re.findall(r"create table (?:if not exists )?outreach\.(\w+)", text))
    assert len(tables) > 30
    assert tables - set(code_spans(page("data_flow.md"))) == set()


def test_every_job_schedule_and_sensor_is_in_the_data_flow():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "outreach_pipeline" / "defs").rglob("*.py")]
    kinds = r"@dg\.job|@dg\.sensor|ScheduleDefinition|define_asset_job"
    names = {name for text in sources for name in re.findall(rf'(?:{kinds})\(\s*(?:name=)?"(\w+)"', text)}
    names |= {
        name for text in sources for name in re.findall(r"@dg\.(?:sensor|schedule)\(.*?\)\ndef (\w+)", text, re.DOTALL)
    }
    assert {"plan_due", "due_sends", "send_email", "learn", "purge_runs_daily"} <= names
    assert names - set(code_spans(page("data_flow.md"))) == set()


def test_every_state_and_kind_of_event_is_in_the_data_flow():
    text = page("data_flow.md")
    diagram = re.search(r"```mermaid\n(.*?)```", text, re.DOTALL)[1]
    assert {each.value for each in MessageState} <= set(re.findall(r"\w+", diagram))
    assert {each.value for each in EventKind} <= set(code_spans(text))


def test_every_field_of_the_demos_report_is_in_the_data_flow():
    made = inspect.getsource(demo_report.make_report).partition("return {")[2]
    fields = set(re.findall(r'^ {8}"(\w+)":', made, re.MULTILINE)) | set(demo_report.FINDINGS)
    section = page("data_flow.md").partition("## demo-report.json")[2]
    described = {name for row in table_rows(section) for name in code_spans(row[0])}
    assert described == fields


def test_every_check_is_in_the_runbook():
    text = page("runbook.md")
    names = [check.name for check in PLAN_CHECKS] + [f"{each.table}/{each.name}" for each in PROMISES]
    assert [name for name in names if name not in text] == []


def test_every_cause_of_an_alert_has_its_section_in_the_runbook():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "outreach_pipeline").rglob("*.py")]
    causes = {cause for text in sources for cause in re.findall(r'cause_key=?\s*=\s*f"(\w+)/', text)}
    assert {"run", "check", "mailbox", "domain", "reply"} <= causes
    assert causes <= anchors(page("runbook.md"))
