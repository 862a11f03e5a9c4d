"""Asks a running Dagster webserver over GraphQL: launch a partition, follow runs, add tenants' partitions.

Belongs here: the few questions that the command line has. Does not: importing Dagster.
"""

from __future__ import annotations

import json
import time
from typing import Any

import requests

from outreach_pipeline.core.errors import PermanentError, TransientError

LOCATION = "outreach"
REPOSITORY = "__repository__"
FINISHED = frozenset({"SUCCESS", "FAILURE", "CANCELED"})


class DagsterApi:
    """One webserver, such as ``http://127.0.0.1:3000``."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Send one query.

        Raises:
            TransientError: no answer, or the webserver has just lost its database.
            PermanentError: the query is refused.
        """
        try:
            response = requests.post(f"{self._url}/graphql", json={"query": query, "variables": variables}, timeout=30)
            answer = response.json()
        except (requests.RequestException, ValueError) as error:
            raise TransientError(f"Dagster's webserver at {self._url} does not answer: {error}.") from error
        if errors := answer.get("errors"):
            raise _refusal("Dagster refused a query", errors[0].get("message"))
        data: dict[str, Any] = answer["data"]
        return data

    def is_ready(self) -> bool:
        """Tell whether the webserver is up and has loaded the code location.

        Raises:
            PermanentError: the location cannot be loaded; says why.
        """
        try:
            data = self.ask(
                "{workspaceOrError{... on Workspace{locationEntries{name locationOrLoadError{__typename "
                "... on PythonError{message}}}}}}"
            )
        except TransientError:
            return False
        for entry in data["workspaceOrError"].get("locationEntries", []):
            loaded = entry["locationOrLoadError"] or {}
            if entry["name"] == LOCATION and loaded.get("__typename") == "RepositoryLocation":
                return True
        return False

    def add_tenant(self, slug: str) -> None:
        """Add a tenant's partition; one that is there already is left alone."""
        self.ask(
            'mutation($s:RepositorySelector!,$p:String!){addDynamicPartition(partitionsDefName:"tenant",partitionKey:$p,'
            "repositorySelector:$s){__typename}}",
            s={"repositoryLocationName": LOCATION, "repositoryName": REPOSITORY},
            p=slug,
        )

    def launch(self, job: str, *, tags: dict[str, str] | None = None) -> str:
        """Launch a job and return its run's id.

        Raises:
            TransientError: not now.
            PermanentError: Dagster will not launch it.
        """
        data = self.ask(
            "mutation($p:ExecutionParams!){launchRun(executionParams:$p){__typename ... on LaunchRunSuccess{run{runId}}"
            "... on PythonError{message} ... on RunConfigValidationInvalid{errors{message}}}}",
            p={
                "selector": {
                    "repositoryLocationName": LOCATION,
                    "repositoryName": REPOSITORY,
                    "jobName": job,
                },
                "runConfigData": {},
                "mode": "default",
                "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in (tags or {}).items()]},
            },
        )
        launched = data["launchRun"]
        if launched["__typename"] != "LaunchRunSuccess":
            raise _refusal(f"Dagster will not launch {job}", launched)
        run_id: str = launched["run"]["runId"]
        return run_id

    def launch_partition(self, job: str, *, date: str, tenant: str) -> str:
        """Launch a job for one date and tenant."""
        return self.launch(
            job,
            tags={
                # Dagster orders the dimensions of a key by their names.
                "dagster/partition": f"{date}|{tenant}",
                "dagster/partition/date": date,
                "dagster/partition/tenant": tenant,
            },
        )

    def backfill(self, asset: list[str], partitions: list[str]) -> str:
        """Launch a backfill of an asset's partitions, as the UI does, and return its id."""
        data = self.ask(
            "mutation($p:LaunchBackfillParams!){launchPartitionBackfill(backfillParams:$p){__typename "
            "... on LaunchBackfillSuccess{backfillId} ... on PythonError{message}}}",
            p={"assetSelection": [{"path": asset}], "partitionNames": partitions},
        )
        launched = data["launchPartitionBackfill"]
        if launched["__typename"] != "LaunchBackfillSuccess":
            raise _refusal("Dagster will not launch the backfill", launched)
        backfill_id: str = launched["backfillId"]
        return backfill_id

    def statuses(self, run_ids: list[str]) -> dict[str, str]:
        """Return the status of each run."""
        data = self.ask(
            "query($ids:[String]){runsOrError(filter:{runIds:$ids}){... on Runs{results{runId status}} "
            "... on PythonError{message}}}",
            ids=run_ids,
        )
        return {run["runId"]: run["status"] for run in _runs(data)}

    def runs(self) -> list[dict[str, Any]]:
        """Return the newest thousand runs: ``runId``, ``jobName``, ``status``, ``endTime`` (POSIX), ``tags`` by key."""
        data = self.ask(
            "{runsOrError(limit:1000){... on Runs{results{runId jobName status endTime updateTime tags{key value}}} "
            "... on PythonError{message}}}"
        )
        return [{**run, "tags": {tag["key"]: tag["value"] for tag in run["tags"]}} for run in _runs(data)]

    def evaluations(self) -> list[dict[str, Any]]:
        """Return the last hundred evaluations of each asset check, of one check the newest first.

        Each has ``runId``, ``check``, ``partition``, ``success`` and ``severity``.
        """
        nodes = self.ask("{assetNodes{assetKey{path} assetChecksOrError{... on AssetChecks{checks{name}}}}}")[
            "assetNodes"
        ]
        checks = [
            (node["assetKey"]["path"], check["name"])
            for node in nodes
            for check in node["assetChecksOrError"].get("checks", [])
        ]
        if not checks:
            return []
        # One question for all of them, each under a name of its own.
        asked = " ".join(
            f"c{number}:assetCheckExecutions(assetKey:{{path:{json.dumps(path)}}},checkName:{json.dumps(name)},limit:100)"
            "{runId partition evaluation{success severity}}"
            for number, (path, name) in enumerate(checks)
        )
        answers = self.ask(f"{{{asked}}}")
        return [
            {
                "runId": execution["runId"],
                "check": "/".join([*path, name]),
                "partition": execution["partition"],
                **evaluation,
            }
            for number, (path, name) in enumerate(checks)
            for execution in answers[f"c{number}"]
            if (evaluation := execution["evaluation"])
        ]

    def end_runs(self, *, seconds: float) -> int:
        """Ask the runs that are under way to stop, give them so long, and return how many there were.

        Raises:
            TransientError: the webserver does not answer, or some have not ended in time.
        """
        under_way = [run["runId"] for run in self.runs() if run["status"] in {"STARTING", "STARTED"}]
        if under_way:
            self.ask("mutation($ids:[String!]!){terminateRuns(runIds:$ids){__typename}}", ids=under_way)
            self.wait(under_way, seconds=seconds)
        return len(under_way)

    def wait(self, run_ids: list[str], *, seconds: float) -> dict[str, str]:
        """Wait until all runs have ended and return their statuses.

        Raises:
            TransientError: they have not in time.
        """
        deadline = time.monotonic() + seconds
        while True:
            statuses = self.statuses(run_ids)
            if all(statuses.get(run_id) in FINISHED for run_id in run_ids):
                return statuses
            if time.monotonic() > deadline:
                raise TransientError(f"After {seconds:.0f} seconds these runs have not ended: {statuses}.")
            time.sleep(0.5)


def _runs(data: dict[str, Any]) -> list[dict[str, Any]]:
    answer = data["runsOrError"]
    if "results" not in answer:
        raise _refusal("Dagster will not tell of its runs", answer)
    runs: list[dict[str, Any]] = answer["results"]
    return runs


def _refusal(what: str, why: object) -> PermanentError | TransientError:
    """Dagster's connections do not survive their database: after its crash each fails once, at its next use."""
    kind = TransientError if "OperationalError" in str(why) else PermanentError
    return kind(f"{what}: {why}.")
