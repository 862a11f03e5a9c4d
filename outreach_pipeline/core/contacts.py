"""A row of a contacts file becomes a contact, or a list of what is wrong with it.

Belongs here: columns, vocabulary, normalisation. Does not: reading the file or finding duplicates (workflows.import_contacts).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from outreach_pipeline.core.addresses import parse_address
from outreach_pipeline.core.configuration_values import LawfulBasis
from outreach_pipeline.core.places import country_codes, is_time_zone, region_of, zone_of_place

REQUIRED_COLUMNS = ("address", "source")
KNOWN_COLUMNS = (
    "address", "first_name", "last_name", "company", "source", "jurisdiction", "lawful_basis", "time_zone", "country",
    "city", "region", "language", "verification",
)  # fmt: skip
_STORED_COLUMNS = frozenset(KNOWN_COLUMNS) - {"city", "region"}
VERIFICATIONS = ("valid", "catch_all", "unverified", "invalid")
MOST_ATTRIBUTES = 60
_LONGEST = {"address": 320, "source": 500}
_LONGEST_OTHER = 2000
_BAD_CHARACTERS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be imported. ``line`` counts from 1, the header included."""

    line: int
    column: str
    cause: str

    def __str__(self) -> str:
        """Return it as a sentence."""
        return f"line {self.line}, column {self.column}: {self.cause}"


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact as it is stored; ``time_zone_source`` says where its zone is from (explicit, city, region or country).

    ``region`` is a code of ISO 3166-2 without the country's, None where the file's text is none that is known.
    """

    address: str
    mail_domain: str
    company_domain: str
    is_free_mail: bool
    first_name: str
    last_name: str
    company: str
    source: str
    jurisdiction: str | None
    lawful_basis: str | None
    time_zone: str | None
    time_zone_source: str | None
    country: str | None
    region: str | None
    language: str | None
    verification: str
    attributes: dict[str, str] = field(default_factory=dict)


def column_name(text: str) -> str:
    """Return a column's name as templates spell it: ``Job title`` is ``job_title``."""
    return re.sub(r"\W+", "_", text.strip().lower()).strip("_")


def header_problems(header: Sequence[str]) -> list[RowProblem]:
    """Return what is wrong with a file's column names (already in the spelling of column_name)."""
    problems = [
        RowProblem(1, name, f"the column is missing. The file has {', '.join(header)}: rename or add one.")
        for name in REQUIRED_COLUMNS
        if name not in header
    ]
    problems += [
        RowProblem(1, name or f"number {position}", "the column has no name or has it twice: name each once.")
        for position, name in enumerate(header, start=1)
        if not name or header.index(name) != position - 1
    ]
    if len(set(header) - set(KNOWN_COLUMNS)) > MOST_ATTRIBUTES:
        problems.append(RowProblem(1, header[-1], f"more than {MOST_ATTRIBUTES} columns of your own: leave some out."))
    return problems


def parse_row(line: int, row: Mapping[str, str]) -> tuple[ContactRow | None, list[RowProblem]]:
    """Read one row.

    Args:
        line: where it starts in the file.
        row: column to text; all columns of the header.
    """
    problems: list[RowProblem] = []
    values = {name: text.strip() for name, text in row.items()}
    for name, text in values.items():
        if _BAD_CHARACTERS.search(text):
            problems.append(
                RowProblem(line, name, "a line break, control character or byte that is not UTF-8: remove it.")
            )
        elif len(text) > _LONGEST.get(name, _LONGEST_OTHER):
            problems.append(RowProblem(line, name, f"longer than {_LONGEST.get(name, _LONGEST_OTHER)} characters."))
    if problems:
        return None, problems

    def read(column: str, parse: Callable[[str], str | None]) -> str | None:
        try:
            return parse(values[column]) if values.get(column) else None
        except ValueError as error:
            problems.append(RowProblem(line, column, str(error)))
            return None

    address = None
    try:
        address = parse_address(values["address"])
    except ValueError as error:
        problems.append(RowProblem(line, "address", f"{values['address']!r} is no mail address: {error}"))
    if not values["source"]:
        problems.append(RowProblem(line, "source", "empty: say where the address came from, the law asks for it."))
    country = read("country", _country)
    explicit = read("time_zone", _time_zone)
    jurisdiction = read("jurisdiction", _country)
    lawful_basis = read("lawful_basis", _one_of(get_args(LawfulBasis)))
    language = read("language", _language)
    verification = read("verification", _one_of(VERIFICATIONS))
    if problems or address is None:
        return None, problems
    region = region_of(country, values.get("region"))
    zone = (explicit, "explicit") if explicit else zone_of_place(country, values.get("city"), region)
    # Empty ones too: a template that names a column of the file finds it in every row.
    attributes = {name: text for name, text in values.items() if name not in _STORED_COLUMNS}
    return (
        ContactRow(
            address=address.address,
            mail_domain=address.mail_domain,
            company_domain=address.company_domain,
            is_free_mail=address.is_free_mail,
            first_name=values.get("first_name", ""),
            last_name=values.get("last_name", ""),
            company=values.get("company", ""),
            source=values["source"],
            jurisdiction=jurisdiction,
            lawful_basis=lawful_basis,
            time_zone=zone[0] if zone else None,
            time_zone_source=zone[1] if zone else None,
            country=country,
            region=region,
            language=language,
            verification=verification or "unverified",
            attributes=attributes,
        ),
        [],
    )


def _country(text: str) -> str:
    if text.upper() not in country_codes():
        raise ValueError(f"{text!r} is no country of ISO 3166: use a code of two letters like DE.")
    return text.upper()


def _time_zone(text: str) -> str:
    if not is_time_zone(text):
        raise ValueError(f"there is no time zone {text!r}: use a name like Europe/Berlin, or leave it empty.")
    return text


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(f"{text!r} is no language tag: use one like de or pt-BR.")
    return text


def _one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in allowed:
            raise ValueError(f"{text!r} is none of {', '.join(allowed)}.")
        return text.lower()

    return read
