"""Scores the classifier against a folder of labelled mails.

    python -m benchmarks score FOLDER [--errors N]

FOLDER/index.jsonl holds one JSON object a line: ``file`` (relative to the folder), ``kind``, ``kind_alt`` (also right),
``recipients`` ([{``recipient``, ``accept`` (any of them counts), ``status``, ``hard``, ``class``}]) and for bounces without
recipients ``status``, ``hard``, ``class``. A label that is null or missing is not scored; what was not found of one that is there
is wrong. Addresses are held against each other without case and angle brackets.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measurement
from outreach_pipeline.cli.stages import dated
from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.prediction import as_prediction

GOALS = {"kind": 0.985, "recipient_recall": 0.975, "status": 0.97, "hard": 0.97, "class": 0.95}
_BAD = {"bounce", "complaint"}
Row = Mapping[str, Any]


@dataclass(slots=True)
class Score:
    """Right and all of each goal; harm that must not be; what was wrong, a sentence each."""

    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GOALS, 0))
    of: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GOALS, 0))
    replies_swallowed: int = 0
    live_contacts_suppressed: int = 0
    errors: list[str] = field(default_factory=list)

    def count(self, name: str, *, is_right: bool, error: str) -> None:
        """Count one label."""
        self.of[name] += 1
        self.right[name] += is_right
        if not is_right:
            self.errors.append(error)

    def measurements(self) -> Iterator[Measurement]:
        """Yield a measurement a goal that has labels, and the two harms."""
        for name, goal in GOALS.items():
            if self.of[name]:
                value = self.right[name] / self.of[name]
                detail: dict[str, object] = {"right": self.right[name], "of": self.of[name]}
                yield Measurement(f"receive.score.{name}", round(value, 4), "ratio", goal, value >= goal, detail)
        for name in ("replies_swallowed", "live_contacts_suppressed"):
            value = getattr(self, name)
            yield Measurement(f"receive.score.{name}", value, "mails", 0, value == 0)


def main(words: Sequence[str]) -> int:
    """Score a folder; 1 if a goal was missed, 2 if it is no folder of labelled mails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks score", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="with index.jsonl and the mails that it names")
    parser.add_argument("--errors", type=int, default=0, help="also print so many of what was wrong")
    given = parser.parse_args(words)
    index = given.folder / "index.jsonl"
    if not index.is_file():
        parser.error(f"{index} is not there")
    labels = [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = score(labels, given.folder)
    measurements = list(found.measurements())
    for measurement in measurements:
        print(measurement.to_json())
    for error in found.errors[: given.errors]:
        print(error)
    return 0 if all(each.met for each in measurements) else 1


def score(labels: Sequence[Row], folder: Path) -> Score:
    """Classify the mails that are labelled, and hold what was found against the labels."""
    found = Score()
    for label in labels:
        raw = (folder / label["file"]).read_bytes()
        _judge(label, as_prediction(label["file"], classify(raw, received_at=dated(raw))), found)
    return found


def _judge(label: Row, said: Row, found: Score) -> None:
    file, kind, right = label["file"], said["kind"], {label["kind"], *label.get("kind_alt", [])}
    is_right = kind in right
    found.count("kind", is_right=is_right, error=f"{file}: {label['kind']} taken for {kind}")
    found.replies_swallowed += label["kind"] == "reply" and not is_right and kind in {"auto_reply", *_BAD}
    found.live_contacts_suppressed += (
        label["kind"] not in _BAD
        and not is_right
        and (kind == "complaint" or (kind == "bounce" and any(each["hard"] for each in said["details"])))
    )
    if label["kind"] != "bounce":
        return
    rows = said["details"] if is_right else []
    wanted = label.get("recipients") or [{**label, "recipient": None, "accept": []}]
    for each in wanted:
        accepted = {_plain(name) for name in each.get("accept") or [each["recipient"]] if name}
        row = next((row for row in rows if _plain(row["recipient"]) in accepted), None)
        if accepted:
            error = f"{file}: recipient {each['recipient']}, found {[row['recipient'] for row in rows]}"
            found.count("recipient_recall", is_right=row is not None, error=error)
        if row is None and len(wanted) == 1 and rows:
            row = rows[0]
        for name in ("status", "hard", "class"):
            if each.get(name) is not None:
                value = row[name] if row else None
                found.count(name, is_right=value == each[name], error=f"{file}: {name} {each[name]}, found {value}")


def _plain(address: str | None) -> str:
    return (address or "").strip().strip("<>").replace('"', "").lower()
