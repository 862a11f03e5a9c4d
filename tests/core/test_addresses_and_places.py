"""One spelling of an address, the company behind it, and the zone of a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach_pipeline.core.addresses import MailAddress, parse_address, registrable_domain
from outreach_pipeline.core.contacts import KNOWN_COLUMNS, column_name, parse_row
from outreach_pipeline.core.places import country_codes, is_time_zone, zone_of_place


@pytest.mark.parametrize(
    "text,parsed",
    [
        (" Ann+X@Mail.Firma.co.uk ", MailAddress("ann+x@mail.firma.co.uk", "mail.firma.co.uk", "firma.co.uk", False)),
        ("a@GMAIL.com", MailAddress("a@gmail.com", "gmail.com", "gmail.com", True)),
        ("a@bücher.de", MailAddress("a@xn--bcher-kva.de", "xn--bcher-kva.de", "xn--bcher-kva.de", False)),
        ("a@co.uk", MailAddress("a@co.uk", "co.uk", "co.uk", False)),
    ],
)
def test_an_address_has_one_spelling(text, parsed):
    assert parse_address(text) == parsed


@pytest.mark.parametrize(
    "text", ["", "a", "a@", "@b.de", "a b@c.de", "ü@c.de", "a@b", "a@b.de\nBcc: c@d.de", "a@[127.0.0.1]"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        parse_address(text)


@given(st.text(max_size=80))
def test_an_address_that_is_taken_is_its_own_spelling(text):
    try:
        address = parse_address(text).address
    except ValueError:
        return
    assert parse_address(address).address == address == address.lower()
    assert address.isascii()


def test_a_public_suffix_stands_for_itself():
    assert registrable_domain("co.uk") == "co.uk"
    assert registrable_domain("a.b.example") == "b.example"


@pytest.mark.parametrize(
    "country,city,zone",
    [
        ("DE", None, ("Europe/Berlin", "country")),
        ("US", None, None),
        ("US", "new york", ("America/New_York", "city")),
        ("GB", "Leeds", ("Europe/London", "country")),
        ("AU", "Perth", ("Australia/Perth", "city")),
        ("AU", "Alice Springs", None),
        (None, "Berlin", None),
        ("XX", "Berlin", None),
    ],
)
def test_a_zone_is_known_only_where_it_is_sure(country, city, zone):
    assert zone_of_place(country, city) == zone


def test_zones_and_countries_are_those_of_the_world():
    assert is_time_zone("Etc/GMT-5")
    assert not is_time_zone("Europe")
    assert not is_time_zone("../etc/passwd")
    assert {"DE", "NO", "US"} <= country_codes()
    assert "UK" not in country_codes()


def test_columns_are_spelt_as_templates_name_them():
    assert [column_name(text) for text in ("Job title", " First-Name ", "address")] == [
        "job_title",
        "first_name",
        "address",
    ]


@given(st.fixed_dictionaries({name: st.text(max_size=30) for name in (*KNOWN_COLUMNS, "job_title")}))
def test_any_row_becomes_a_contact_or_problems_never_both(row):
    contact, problems = parse_row(7, row)
    assert (contact is None) == bool(problems)
    assert all(problem.line == 7 and problem.column in row for problem in problems)
