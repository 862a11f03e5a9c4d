"""How results become metadata: numbers with units in their names, tables, and plots as pictures."""

import base64
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def counts(values: Mapping[str, int]) -> dg.TableMetadataValue:
    """Return counts by name as a table, the largest first."""
    rows = sorted(values.items(), key=lambda each: (-each[1], each[0]))
    return table([{"name": name, "count": count} for name, count in rows], columns={"name": "string", "count": "int"})


def table(rows: Sequence[Mapping[str, Any]], *, columns: Mapping[str, str]) -> dg.TableMetadataValue:
    """Return rows as a table; ``columns`` maps each name to string, int or float."""
    return dg.MetadataValue.table(
        records=[dg.TableRecord({name: row.get(name) for name in columns}) for row in rows],
        schema=dg.TableSchema(columns=[dg.TableColumn(name, kind) for name, kind in columns.items()]),
    )


def first_rows(
    name: str, rows: Sequence[Mapping[str, Any]], *, columns: Mapping[str, str], rest_by: str, most: int = 500
) -> dict[str, dg.MetadataValue | str]:
    """Return a table under its name, and where it is cut beside it under ``<name>_shown`` how much of it that is.

    Args:
        name: the metadata's.
        rows: all of them.
        columns: as ``table`` takes them.
        rest_by: the command, or the place, that tells of all rows.
        most: so many are shown; Dagster keeps metadata in its event log, and the UI draws every row.
    """
    shown: dict[str, dg.MetadataValue | str] = {name: table(rows[:most], columns=columns)}
    if len(rows) > most:
        shown[f"{name}_shown"] = f"{most:,} of {len(rows):,} rows; the rest by `{rest_by}`"
    return shown


def picture(figure: "Figure", *, title: str) -> dg.MarkdownMetadataValue:
    """Return a plot as a picture that the UI shows in place."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=90, bbox_inches="tight")
    encoded = base64.b64encode(buffer.getvalue()).decode()
    return dg.MetadataValue.md(f"![{title}](data:image/png;base64,{encoded})")


def planned_against_capacity(rows: Sequence[tuple[str, int, int]], *, title: str, most: int = 40) -> "Figure":
    """Draw planned messages against what was left of the day's cap, a pair of bars a mailbox.

    Args:
        rows: label, planned, capacity; a label is the mailbox's address, which is the tenant's own.
        title: the figure's title.
        most: no more mailboxes than this, those with the largest capacity.
    """
    from matplotlib.figure import Figure

    shown = sorted(rows, key=lambda row: (-row[2], row[0]))[:most]
    figure = Figure(figsize=(8, 0.9 + 0.28 * max(len(shown), 1)))
    axes = figure.add_subplot()
    places = range(len(shown))
    axes.barh(places, [row[2] for row in shown], color="#d5dde5", label="capacity")
    axes.barh(places, [row[1] for row in shown], height=0.45, color="#2f6f9f", label="planned")
    axes.set_yticks(list(places), [row[0] for row in shown], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel("messages a day")
    axes.set_title(title, fontsize=10, loc="left")
    axes.legend(loc="lower right", frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return figure
