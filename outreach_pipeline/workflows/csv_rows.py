"""Reads a CSV file row by row in bounded memory, whatever its dialect, and never fails on a bad row.

Belongs here: bytes to rows. Does not: what the columns mean.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach_pipeline.core.contacts import RowProblem, column_name
from outreach_pipeline.core.errors import ConfigurationError

_DELIMITERS = ",;\t"
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file with its header read; ``header`` holds names in the spelling of column_name."""

    path: Path
    sha256: str
    header: list[str]
    delimiter: str

    def rows(self) -> Iterator[tuple[int, dict[str, str]] | RowProblem]:
        """Yield each row with the line it starts on, or why it is none. Empty lines are passed over."""
        # Bytes that are no UTF-8 come as surrogates, so that the row they stand in can be named.
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            next(reader)
            while True:
                line = reader.line_num + 1
                try:
                    row = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield RowProblem(line, self.header[0], f"no CSV ({error}): is a quotation mark left open?")
                    continue
                if not any(row):
                    continue
                if len(row) != len(self.header):
                    cause = (
                        f"{len(row)} fields, but the header has {len(self.header)}: quote fields that hold a separator."
                    )
                    yield RowProblem(line, self.header[0], cause)
                    continue
                yield line, dict(zip(self.header, row, strict=True))


def open_csv(path: Path) -> CsvFile:
    """Read a file's header and hash.

    Raises:
        ConfigurationError: it cannot be read or is empty.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            first = file.readline(65_536)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}.") from error
    delimiter = max(_DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    if not any(name.strip() for name in header):
        raise ConfigurationError(f"{path}: line 1 has no column names: put address, source and the others there.")
    if "\x00" in first or any("\ud800" <= character <= "\udfff" for character in first):
        raise ConfigurationError(f"{path}: line 1 is not UTF-8: save the file as CSV in UTF-8.")
    return CsvFile(path, digest.hexdigest(), [column_name(name) for name in header], delimiter)
