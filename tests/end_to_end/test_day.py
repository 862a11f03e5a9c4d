"""A day by the real commands, while parts of the platform are killed: nothing is lost, nothing goes out twice."""

from __future__ import annotations

import json
import re
import signal
import time
from datetime import UTC, date, datetime, timedelta

import psutil
import pytest

from outreach_pipeline.cli.dagster_api import DagsterApi

from .conftest import FINAL, FINDINGS, until

pytestmark = [pytest.mark.end_to_end, pytest.mark.xdist_group("end_to_end")]
SMALL = ("--mailboxes", "6", "--contacts", "60")


def _nothing_went_wrong(report: dict) -> None:
    assert {name: report[name] for name in FINDINGS} == dict.fromkeys(FINDINGS, 0), json.dumps(report["findings"])
    assert set(report["by_state"]) <= FINAL


def _kill(process: psutil.Process) -> None:
    process.kill()
    psutil.wait_procs([process], timeout=10)


@pytest.mark.timeout(900)
def test_a_day_survives_the_death_of_each_part(demo_home):
    demo = demo_home.start("demo", *SMALL, "--json")
    until(lambda: demo_home.truth("accepted"), seconds=180, what="the first message is accepted", alive=demo)
    killed = demo_home.runs()
    assert killed
    for run in killed:
        _kill(run)
    time.sleep(3)
    _kill(demo_home.postmaster())
    time.sleep(4)
    _kill(demo_home.children()["daemon"])
    time.sleep(4)
    _kill(demo_home.children()["code-server"])
    code = demo.wait(700)
    assert demo_home.output("demo"), demo_home.complaints("demo")
    report = json.loads(demo_home.output("demo"))
    assert "agrees" in report, report
    _nothing_went_wrong(report)
    assert (code, report["agrees"]) == (0, True), report
    assert report["by_state"]["sent"] > 0
    assert report["dagster_runs"]["send_email"]["FAILURE"] >= 1
    assert report["excused_runs"] == report["failed_runs"]
    assert {"postgres", "daemon", "code-server"} <= report["restarts"].keys()
    assert demo_home.children() == {}


@pytest.mark.timeout(900)
def test_up_ends_the_day_of_a_demo_that_was_killed_and_backfills_make_nothing_sendable(demo_home):
    demo = demo_home.start("demo", *SMALL)
    until(lambda: len(demo_home.truth("accepted")) >= 3, seconds=180, what="three messages are accepted", alive=demo)
    left = demo_home.children()
    demo.kill()
    demo.wait()
    assert {"daemon", "code-server", "webserver", "gateway", "sandbox"} <= left.keys()

    platform = demo_home.start("up")
    url = until(
        lambda: re.search(r"Dagster: +(http://\S+)", demo_home.output("up")), seconds=240, what="up", alive=platform
    )[1]
    assert not any(process.is_running() for process in left.values())

    def is_settled() -> dict | None:
        if demo_home.on_their_way():
            return None
        code, report = demo_home.report()
        return report if code == 0 and set(report["by_state"]) <= FINAL else None

    # The senders that outlived the mail world have opened its breakers: a minute each, then two.
    report = until(is_settled, seconds=400, what="the day is settled", alive=platform, every=4)
    _nothing_went_wrong(report)
    assert report["by_state"]["sent"] >= 3

    _backfill(DagsterApi(url))
    assert demo_home.messages_before(datetime.now(UTC).date()) == 0
    assert demo_home.report()[1]["by_state"] == report["by_state"]
    platform.send_signal(signal.SIGTERM)
    assert platform.wait(90) == 0
    assert demo_home.children() == {}


def _backfill(api: DagsterApi) -> None:
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=number) for number in (1, 2, 3)]
    keys = [f"{day}|{slug}" for day in days for slug in ("harbor", "maple", "orbit")]
    backfill = api.backfill(["outreach", "send_batches"], keys)

    def ended() -> str | None:
        data = api.ask(
            "query($id:String!){partitionBackfillOrError(backfillId:$id){... on PartitionBackfill{status}}}",
            id=backfill,
        )
        status = data["partitionBackfillOrError"]["status"]
        return status if status not in {"REQUESTED", "CANCELING"} else None

    assert until(ended, seconds=120, what="the backfill has ended") == "COMPLETED_SUCCESS"
    data = api.ask(
        "query($k:AssetKeyInput!){assetOrError(assetKey:$k){... on Asset{assetMaterializations(limit:50){partition "
        "metadataEntries{label ... on IntMetadataEntry{intValue}}}}}}",
        k={"path": ["outreach", "send_batches"]},
    )
    planned = {
        each["partition"]: {entry["label"]: entry.get("intValue") for entry in each["metadataEntries"]}[
            "planned_messages"
        ]
        for each in data["assetOrError"]["assetMaterializations"]
        if date.fromisoformat(each["partition"].split("|")[0]) < today
    }
    assert planned == dict.fromkeys(keys, 0)
