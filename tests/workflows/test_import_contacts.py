"""A contacts file comes in whole, once, or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.core.errors import ConfigurationError, UsageError
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.import_contacts import import_contacts
from outreach_pipeline.workflows.import_mailboxes import import_mailboxes

ACME = (Path(__file__).parents[1] / "data" / "acme.yaml").read_text(encoding="utf-8")
NOW = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
HEADER = "address,first_name,company,source,jurisdiction,lawful_basis,time_zone,country,city,job title\n"


@pytest.fixture
def acme(installation):
    apply_configuration(installation, read_configuration(ACME, environment={}))
    return installation.tenants("acme")[0]


@pytest.fixture
def bring_in(installation, acme, tmp_path):
    def run(
        text: str | bytes,
        *,
        name: str = "list.csv",
        skip_bad: bool = False,
        campaign: str = "spring",
        now: datetime = NOW,
    ):
        file = tmp_path / name
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return import_contacts(installation, acme, campaign, file, now=now, skip_bad=skip_bad)

    return run


def counts(admin) -> tuple[int, int, int]:
    return admin.execute(
        "select (select count(*) from outreach.contact_lists), (select count(*) from outreach.contacts),"
        " (select count(*) from outreach.enrollments)"
    ).fetchone()


def test_a_good_file_becomes_a_list_contacts_and_enrollments(bring_in, admin):
    outcome = bring_in(
        HEADER
        + "Max+News@Mail.Firma.co.uk,Max,Firma,fair 2026,gb,consent,,GB,,Head of Sales\n"
        + "eva@bücher.example,Eva,,web form,DE,legitimate_interest,Europe/Rome,DE,,\n"
        + "joe@gmail.com,Joe,,web form,US,consent,,US,New York,\n"
        + "ann@us.example,Ann,,web form,US,consent,,US,,\n"
    )
    assert (outcome.rows, outcome.created, outcome.enrolled, outcome.problems) == (4, 4, 4, ())
    rows = admin.execute(
        "select address, mail_domain, company_domain, is_free_mail, jurisdiction, time_zone, time_zone_source, attributes"
        " from outreach.contacts order by id"
    ).fetchall()
    assert rows == [
        (
            "max+news@mail.firma.co.uk", "mail.firma.co.uk", "firma.co.uk", False, "GB", "Europe/London", "country",
            {"job_title": "Head of Sales", "city": ""},
        ),
        ("eva@xn--bcher-kva.example", "xn--bcher-kva.example", "xn--bcher-kva.example", False, "DE", "Europe/Rome", "explicit", {"job_title": "", "city": ""}),
        ("joe@gmail.com", "gmail.com", "gmail.com", True, "US", "America/New_York", "city", {"job_title": "", "city": "New York"}),
        ("ann@us.example", "us.example", "us.example", False, "US", None, None, {"job_title": "", "city": ""}),
    ]  # fmt: skip
    # 23:30 UTC on the 2nd is the 3rd in Berlin.
    assert admin.execute("select distinct due_on, next_step from outreach.enrollments").fetchall() == [
        (date(2026, 3, 3), 1)
    ]


def test_the_same_file_again_changes_nothing(bring_in, admin):
    text = "address,source\na@firm.example,fair\n"
    bring_in(text)
    before = counts(admin)
    again = bring_in(text, name="renamed.csv")
    assert again.already_imported
    assert counts(admin) == before == (1, 1, 1)


BAD = (
    "address,source,jurisdiction,lawful_basis,time_zone,verification\n"
    "good@firm.example,fair,DE,consent,Europe/Berlin,valid\n"
    "no-address,fair,DE,consent,,\n"
    "b@firm.example,,DE,consent,,\n"
    "c@firm.example,fair,XX,because,Mars/Base,perhaps\n"
    "d@firm.example,fair,DE\n"
    "GOOD@firm.example,fair,DE,consent,,\n"
)


def test_one_bad_row_and_nothing_is_imported_but_every_bad_row_is_named(bring_in, admin):
    with pytest.raises(ConfigurationError) as caught:
        bring_in(BAD)
    problems = [problem.partition("list.csv: ")[2] for problem in caught.value.problems]
    assert [problem.partition(":")[0] for problem in problems] == [
        "line 3, column address", "line 4, column source", "line 5, column time_zone", "line 5, column jurisdiction",
        "line 5, column lawful_basis", "line 5, column verification", "line 6, column address", "line 7, column address",
    ]  # fmt: skip
    assert problems[-1].endswith("good@firm.example stands on line 2 too: keep one.")
    assert counts(admin) == (0, 0, 0)


def test_skip_bad_imports_the_rest(bring_in, admin):
    outcome = bring_in(BAD, skip_bad=True)
    assert outcome.created == 1
    assert {problem.line for problem in outcome.problems} == {3, 4, 5, 6, 7}
    assert counts(admin) == (1, 1, 1)


def test_rows_without_what_the_steps_name_are_counted_as_they_are_stored(bring_in):
    bring_in("address,source,first_name\nann@firm.example,fair,Ann\n")
    text = (
        "address,source,first_name\n"
        "ann@firm.example,fair,\nben@firm.example,fair,Ben\neve@firm.example,fair,\njoe@firm.example,fair,\n"
        "ida@firm.example,fair,NULL\nlea@firm.example,fair,(none)\nnan@firm.example,fair,Nan\n"
    )
    outcome = bring_in(text, name="more.csv")
    assert (outcome.rows, outcome.empty_fields) == (7, {"first_name": 4})
    assert bring_in("address,source,first_name\nliz@firm.example,fair,Liz\n", name="full.csv").empty_fields == {}


def test_a_known_contact_is_enrolled_and_not_overwritten(bring_in, admin):
    bring_in("address,source,first_name\na@firm.example,fair,Ann\n")
    outcome = bring_in(
        "address,source,first_name\na@firm.example,bought,Other\nb@firm.example,fair,Bob\n", name="2.csv"
    )
    assert (outcome.rows, outcome.created, outcome.enrolled) == (2, 1, 1)
    assert admin.execute("select first_name, source from outreach.contacts order by id").fetchall() == [
        ("Ann", "fair"), ("Bob", "fair"),
    ]  # fmt: skip


def test_a_large_list_starts_with_a_canary(bring_in, admin):
    small = bring_in("address,source\n" + "".join(f"s{n}@firm.example,fair\n" for n in range(50)))
    large = bring_in("address,source\n" + "".join(f"l{n}@firm.example,fair\n" for n in range(51)), name="large.csv")
    assert (small.canary, small.hold_seconds) == (None, 0)
    assert (large.canary, large.hold_seconds) == (50, 48 * 3600)
    rows = "select hold_until, canary_contacts, canary_hold_seconds from outreach.contact_lists order by id"
    assert admin.execute(rows).fetchall() == [(None, 50, 0), (None, 50, 48 * 3600)]


@pytest.mark.parametrize(
    "text,complaint",
    [
        (b"email,source\na@firm.example,fair\n", r"line 1, column address: the column is missing. The file has email"),
        (b"address,source,source\n", r"line 1, column source: the column has no name or has it twice"),
        (b"", "line 1 has no column names"),
        (b"address,source\n", "no row can be imported"),
        (b"address,source\na@firm.example,f\xe4ir\n", r"line 2, column source: .* not UTF-8"),
        (b'address,source\na@firm.example,"fa\nir"\n', r"line 2, column source: a line break"),
        (
            b'address,source\na@firm.example,"fair\n' + b"x" * 140_000,
            r"line 2, column address: no CSV .*quotation mark",
        ),
        (b"address,source\na@firm.example,\x00\n", r"line 2, column source: .*control character"),
    ],
)
def test_an_odd_file_is_refused_with_the_place(bring_in, admin, text, complaint):
    with pytest.raises(ConfigurationError, match=complaint):
        bring_in(text)
    assert counts(admin) == (0, 0, 0)


def test_semicolons_and_a_byte_order_mark_are_read(bring_in):
    assert bring_in("\ufeffAddress;Source\r\na@firm.example;fair\r\n").created == 1


def test_an_unknown_campaign_is_wrong_use(bring_in):
    with pytest.raises(UsageError, match="no campaign 'autumn'"):
        bring_in("address,source\na@firm.example,fair\n", campaign="autumn")


MAILBOXES = (
    "address,password,smtp_host,smtp_port,imap_host,imap_port,imap_security,warmup_curve,receive_only,folders,reply_to\n"
    "eve@acme-mail.example,of-eve,smtp.acme.example,587,imap.acme.example,993,,instantly,,Clients;Old mail,dan@acme-mail.example\n"
    "dan@acme-mail.example,of-dan,smtp.acme.example,587,imap.acme.example,143,starttls,,true,,\n"
)


def test_mailboxes_come_in_once(installation, acme, admin, tmp_path):
    file = tmp_path / "mailboxes.csv"
    file.write_text(MAILBOXES)
    outcome = import_mailboxes(installation, acme, file, environment={})
    assert [(each.kind, each.name) for each in outcome.changes] == [
        ("warmup_curve", "instantly"), ("mailbox", "eve@acme-mail.example"), ("mailbox", "dan@acme-mail.example"),
    ]  # fmt: skip
    assert import_mailboxes(installation, acme, file, environment={}).changes == ()
    assert admin.execute(
        "select address, imap_security, is_receive_only, lifecycle, folders, reply_to"
        " from outreach.mailboxes where smtp_port = 587 order by 1"
    ).fetchall() == [
        ("dan@acme-mail.example", "starttls", True, "active", [], None),
        ("eve@acme-mail.example", "tls", False, "warming", ["Clients", "Old mail"], "dan@acme-mail.example"),
    ]  # fmt: skip


def test_bad_mailboxes_are_named_and_none_is_imported(installation, acme, admin, tmp_path):
    file = tmp_path / "mailboxes.csv"
    file.write_text(
        MAILBOXES.replace("587,imap.acme.example,993", "x,imap.acme.example,993").replace("dan@acme-mail", "dan@other")
    )
    with pytest.raises(ConfigurationError) as caught:
        import_mailboxes(installation, acme, file, environment={})
    text = str(caught.value)
    assert "line 2, column smtp_port: input should be a valid integer" in text
    assert "line 3, column address: other.example is none of the tenant's sending domains" in text
    assert admin.execute("select count(*) from outreach.mailboxes").fetchone() == (3,)
