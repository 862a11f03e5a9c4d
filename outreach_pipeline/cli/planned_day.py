"""What a planned day came to, as tables and as a plot.

Belongs here: how `outreach plan` and `outreach explain` show a waterfall. Does not: the commands (cli.planning).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outreach_pipeline.cli.output import note, show
from outreach_pipeline.core.errors import PermanentError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_ROWS = 40
"""So many rows of a kind are shown."""


def show_day(found: dict[str, Any], plot: Path | None, *, as_json: bool) -> None:
    """Print what ``workflows.explain.explain_day`` found, and save it as a plot where that is wished."""
    tenants = found["tenants"]
    if plot is not None:
        from outreach_pipeline.core.plan.pictures import draw_day
        from outreach_pipeline.core.plan.waterfall import waterfall

        names, more = [each["tenant"] for each in tenants[:4]], len(tenants) - 4
        title = f"From demand to plan, {', '.join(names)}{f' and {more} more' if more > 0 else ''}, {found['date']}"
        save(draw_day(waterfall(_added(tenants)), _bars(found), title=title), plot)
    columns = ("tenant", "mode", "state", "demand", "planned", "follow_ups", "new", "input_sha256")
    shown = {
        f"Plans of {found['date']}": [{name: each[name] for name in columns} for each in tenants],
        "From demand to plan": [
            {"tenant": each["tenant"], **row} for each in tenants if each["mode"] for row in waterfall_rows(each)
        ],
    }
    for kind in ("campaigns", "mailboxes", "sites"):
        more = f" (the first {MOST_ROWS} of {len(found[kind])}; --json has all)" if len(found[kind]) > MOST_ROWS else ""
        shown[f"By {kind}{more}"] = found[kind][:MOST_ROWS]
    show(found, as_json=as_json, tables=shown)
    for each in tenants:
        note_unresolved(each["tenant"], each)
        if each.get("state") == "held":
            note(f"{each['tenant']}: the plan is held, {each['held_reason']}.")
        if each["replaces"]:
            states = ", ".join(f"{count} {state}" for state, count in each["messages"].items()) or "none"
            note(
                f"{each['tenant']}: planned again at {each['planned_at']:%Y-%m-%d %H:%M} UTC, and the tables tell of what was"
                f" left then. Messages of the date over all its plans: {states}."
            )


def note_unresolved(tenant: str, summary: Mapping[str, Any]) -> None:
    """Note how many recipient domains a plan knows no MX of, if any."""
    if count := summary.get("unresolved_domains"):
        note(
            f"{tenant}: the MX of {count} recipient domains is not known, since the DNS did not answer or is not asked "
            "(OUTREACH_DNS_RESOLVER). Until it is, each of them counts as a site of its own."
        )


def _added(tenants: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    excluded: dict[str, int] = {}
    for each in tenants:
        for reason, count in each["excluded"].items():
            excluded[reason] = excluded.get(reason, 0) + count
    total = {name: sum(each[name] for each in tenants) for name in ("demand", "planned")}
    return {**total, "excluded": excluded}


def _bars(found: Mapping[str, Any]) -> dict[str, list[tuple[str, dict[str, int]]]]:
    """Return what is drawn of a date, by kind: a label, and what its demand or its capacity came to."""
    bars = {
        kind: [
            (f"{row['tenant']} {row.get(of, '')}".strip(), {"planned": row["planned"], **row["excluded"]})
            for row in found[kind]
        ]
        for kind, of in (("tenants", ""), ("campaigns", "campaign"), ("sites", "site"))
    }
    names = ("planned", "already_sent", "empty")
    bars["mailboxes"] = [(row["mailbox"], {name: row[name] for name in names}) for row in found["mailboxes"]]
    return bars


def waterfall_rows(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the waterfall of a plan's summary as rows of a table."""
    from outreach_pipeline.core.plan.waterfall import waterfall

    steps = waterfall(counts)
    ends = (steps[0].name, steps[-1].name)
    return [
        {
            "step": step.name,
            "contacts": step.count if step.name in ends else -step.count,
            "left": step.left,
            "why": step.sentence,
        }
        for step in steps
    ]


def save(figure: Figure, path: Path) -> None:
    """Save a figure as a PNG.

    Raises:
        PermanentError: the file cannot be written.
    """
    try:
        figure.savefig(path, format="png", dpi=110, bbox_inches="tight")
    except OSError as error:
        raise PermanentError(f"{path} cannot be written: {error.strerror or error}.") from error
