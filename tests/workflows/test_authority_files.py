"""The file of a private authority is found beside the configuration, looked at before it is applied, and missed as other trouble is."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.workflows.apply import apply_configuration
from outreach_pipeline.workflows.doctor import examine
from outreach_pipeline.workflows.explain import explain_mailbox
from outreach_pipeline.workflows.fleet import list_mailboxes
from outreach_pipeline.workflows.import_mailboxes import import_mailboxes

pytestmark = pytest.mark.xdist_group("authority_files")
ACME = (Path(__file__).parents[1] / "data" / "acme.yaml").read_text(encoding="utf-8")
AN_HOUR = timedelta(hours=1)


def naming(*files: str | None) -> object:
    """The configuration of acme, whose mailboxes name these files in turn."""
    document = yaml.safe_load(ACME)
    for mailbox, file in zip(document["tenants"][0]["mailboxes"], files, strict=False):
        if file is not None:
            mailbox["ca_file"] = file
    return read_configuration(yaml.safe_dump(document), environment={})


def test_a_file_is_looked_for_beside_the_configuration_and_kept_by_its_whole_path(
    installation, admin, tmp_path, mail_world, monkeypatch
):
    folder = tmp_path / "configuration"
    (folder / "tls").mkdir(parents=True)
    shutil.copy(mail_world.running.ca_file, folder / "tls" / "ca.pem")
    shutil.copy(mail_world.running.ca_file, tmp_path / "outside.pem")
    monkeypatch.chdir(tmp_path)
    files = "tls/ca.pem", "../outside.pem", str(tmp_path / "outside.pem")
    apply_configuration(installation, naming(*files), folder=Path("configuration"))
    query = "select ca_file from outreach.mailboxes order by id"
    outside = str(tmp_path / "outside.pem")
    assert admin.execute(query).fetchall() == [(str(folder / "tls" / "ca.pem"),), (outside,), (outside,)]
    monkeypatch.chdir(folder)
    again = apply_configuration(installation, naming(*files), folder=Path())
    assert not [each for each in again if each.writes]


def test_a_file_that_is_missing_or_no_certificate_is_refused_with_its_place(installation, admin, tmp_path):
    (tmp_path / "words.pem").write_text("no certificate", encoding="utf-8")
    broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    (tmp_path / "broken.pem").write_text(broken, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        apply_configuration(installation, naming("nowhere.pem", "words.pem", "broken.pem"), folder=tmp_path)
    causes = (
        "nowhere.pem does not exist",
        "words.pem holds no certificate in PEM",
        "broken.pem holds no certificate in PEM",
    )
    assert len(caught.value.problems) == len(causes)
    for index, (cause, problem) in enumerate(zip(causes, caught.value.problems, strict=True)):
        place = f"tenants[0].mailboxes[{index}].ca_file: "
        assert problem.startswith(f"{place}The file of the private authority {tmp_path}/{cause}: put ")
        assert problem.endswith("mend the mailbox's ca_file.")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        apply_configuration(installation, naming("."), folder=tmp_path)
    assert admin.execute("select count(*) from outreach.tenants").fetchone() == (0,)


def test_an_import_looks_beside_its_own_file(installation, admin, tmp_path, mail_world):
    apply_configuration(installation, naming())
    (tenant,) = installation.tenants("acme")
    shutil.copy(mail_world.running.ca_file, tmp_path / "ca.pem")
    file = tmp_path / "mailboxes.csv"
    header = "address,password,smtp_host,smtp_port,imap_host,imap_port,ca_file\n"
    row = "{}@acme-mail.example,secret,smtp.acme.example,587,imap.acme.example,993,{}\n"
    file.write_text(header + row.format("eve", "ca.pem") + row.format("dan", "nowhere.pem"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"line 3, column ca_file: .*nowhere.pem does not"):
        import_mailboxes(installation, tenant, file, environment={})
    import_mailboxes(installation, tenant, file, environment={}, skip_bad=True)
    kept = admin.execute("select address, ca_file from outreach.mailboxes where ca_file is not null").fetchall()
    assert kept == [("eve@acme-mail.example", str(tmp_path / "ca.pem"))]


def test_without_its_file_a_mailbox_defers_and_is_taken_out_and_no_host_is_blamed(day):
    people = [day.world.person() for _ in range(7)]
    day.ready(*people, boxes=2, policy={"first_retry_seconds": 1, "max_consecutive_errors": 3})
    broken, well = (
        row[0] for row in day.admin.execute("select address from outreach.mailboxes order by address").fetchall()
    )
    day.admin.execute("update outreach.mailboxes set ca_file = '/nowhere/ca.pem' where address = %s", [broken])
    before = day.admin.execute(
        "select count(*) filter (where b.address = %s), count(*) from outreach.messages as m"
        " join outreach.mailboxes as b on b.id = m.mailbox_id",
        [broken],
    ).fetchone()
    assert 3 <= before[0] < before[1]
    outcome = day.send()
    assert outcome.by_state["sent"] == before[1] - before[0]
    assert outcome.by_reason["ca_file_unusable"] == outcome.by_state["deferred"] >= 3
    assert day.admin.execute(
        "select distinct stage, outcome, reason, text from outreach.send_attempts where outcome <> 'sent'"
    ).fetchall() == [
        (
            "tls", "deferred", "ca_file_unusable",
            "The file of the private authority /nowhere/ca.pem does not exist: put it there, or mend the mailbox's ca_file.",
        )
    ]  # fmt: skip
    assert day.count("messages", "lease_token is not null") == 0
    assert (day.leases(), day.count("breakers")) == (0, 0)
    # It is out of rotation as with other errors of its own, and everybody is told the same words.
    assert day.admin.execute("select cause_key from outreach.alerts where resolved_at is null").fetchall() == [
        (f"mailbox/{broken}/consecutive_errors",)
    ]
    now = day.now + timedelta(minutes=2)
    rows = {each.address: each for each in list_mailboxes(day.installation, day.tenant, filters={}, now=now)}
    assert "tls: The file of the private authority /nowhere/ca.pem does not exist" in rows[broken].send_failure
    assert rows[well].send_failure is None
    assert any("/nowhere/ca.pem" in each.finding for each in examine(day.installation, now=now))
    told = explain_mailbox(day.installation, day.tenant, broken, day.today, now=now)
    assert any("/nowhere/ca.pem does not exist" in sentence for sentence in told["sentences"])
