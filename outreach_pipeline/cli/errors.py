"""How a command ends that did not succeed: a sentence on stderr, and 1 for failure or 2 for wrong use.

Belongs here: errors to exit codes. Does not: raising them.
"""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from pathlib import Path

import typer

from outreach_pipeline.core.errors import ConfigurationError, OutreachError, UsageError

FAILURE = 1
WRONG_USE = 2


def report(error: Exception, *, as_json: bool) -> int:
    """Say what went wrong and return the exit code; with ``as_json`` also as the one document on stdout.

    What was not foreseen is a defect: its traceback goes to a file, and the sentence names it.
    """
    if isinstance(error, OutreachError):
        problems = list(error.problems) if isinstance(error, ConfigurationError) else [str(error)]
    else:
        problems = [
            f"{type(error).__name__}: {error}. This is a defect of the platform; details are in {_kept(error)}."
        ]
    for problem in problems:
        typer.echo(problem, err=True)
    if as_json:
        typer.echo(json.dumps({"error": type(error).__name__, "problems": problems}))
    return WRONG_USE if isinstance(error, UsageError) else FAILURE


def _kept(error: Exception) -> Path:
    with tempfile.NamedTemporaryFile("w", prefix="outreach-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(f"{' '.join(sys.argv[:3])}\n")
        traceback.print_exception(error, file=file)
    return Path(file.name)
