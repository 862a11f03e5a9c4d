"""Runs that have not ended, by tag: what a sensor must not start twice."""

from collections.abc import Iterable

import dagster as dg

UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
# Jobs of which one run at a time is enough carry this tag; dagster.yaml limits it.
SINGLE = "outreach/single"
# Dagster's own, on every run of one partition.
PARTITION_TAG = "dagster/partition"


def unfinished_values(instance: dg.DagsterInstance, tag: str, *, job_name: str) -> set[str]:
    """Return the values of a tag over a job's unfinished runs."""
    runs = instance.get_runs(filters=dg.RunsFilter(job_name=job_name, statuses=UNFINISHED))
    return {run.tags[tag] for run in runs if tag in run.tags}


def tenant_tags(slugs: Iterable[str]) -> dict[str, str]:
    """Return a tag for each tenant that a run serves, such as ``outreach/tenant.acme``, by which the UI finds its runs."""
    return {f"outreach/tenant.{slug}": "true" for slug in slugs}
