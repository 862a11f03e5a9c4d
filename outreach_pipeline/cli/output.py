"""What a command prints: a table for people, or one JSON document.

Belongs here: rendering. Does not: what is rendered (the commands).
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, datetime
from typing import Any

import typer

from outreach_pipeline.core.terminal import harmless

_JSON_CONTROLS = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def show(document: Any, *, as_json: bool, tables: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> None:
    """Print a result: as one JSON document, or as the tables (title -> rows), or else as names and values.

    Dataclasses become objects; dates and times ISO 8601.
    """
    if as_json:
        from pydantic_core import to_json

        document = to_json(plain(document), indent=2, fallback=str).decode()
        # JSON leaves these as they are, and they stand within its strings alone.
        typer.echo(_JSON_CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", document))
        return
    if tables is None:
        tables = {"": [{"name": name, "value": value} for name, value in plain(document).items()]}
    print_tables(tables)


def print_tables(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Print tables for people; one without rows is a line that says so."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 160)
    for title, rows in tables.items():
        if not rows:
            console.print(Text(harmless(f"{title or 'Result'}: none")))
            continue
        table = Table(title=harmless(title) or None, title_justify="left", header_style="bold")
        for name in rows[0]:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*(Text(harmless(as_text(value))) for value in row.values()))
        console.print(table)


def as_text(value: Any) -> str:
    """Return a value as a person reads it in a cell."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {as_text(each)}" for name, each in value.items()) or "-"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(as_text, value)) or "-"
    if isinstance(value, datetime):
        # A pause without an end.
        return "for good" if value.year == MAXYEAR else value.isoformat(sep=" ", timespec="seconds")
    return f"{value:g}" if isinstance(value, float) else str(value)


def plain(value: Any) -> Any:
    """Return dataclasses and counters inside a value as dicts."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value) if each.repr}
    if isinstance(value, Counter | Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return value


def note(text: str) -> None:
    """Say something to a person on stderr, which is never part of the result."""
    typer.echo(text, err=True)
