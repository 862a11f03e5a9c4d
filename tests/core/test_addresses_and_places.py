"""One spelling of an address, the company behind it, and the zone of a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach_pipeline.core.addresses import MailAddress, parse_address, parse_suppressed, registrable_domain
from outreach_pipeline.core.contacts import KNOWN_COLUMNS, column_name, parse_row
from outreach_pipeline.core.places import (
    _ZONES_BY_REGION,
    _zones_by_country,
    country_codes,
    is_time_zone,
    region_of,
    zone_of_place,
)


@pytest.mark.parametrize(
    "text,parsed",
    [
        (" Ann+X@Mail.Firma.co.uk ", MailAddress("ann+x@mail.firma.co.uk", "mail.firma.co.uk", "firma.co.uk", False)),
        ("a@GMAIL.com", MailAddress("a@gmail.com", "gmail.com", "gmail.com", True)),
        ("a@bücher.de", MailAddress("a@xn--bcher-kva.de", "xn--bcher-kva.de", "xn--bcher-kva.de", False)),
        ("Zoë@C.de", MailAddress("zoë@c.de", "c.de", "c.de", False)),
        ("a@co.uk", MailAddress("a@co.uk", "co.uk", "co.uk", False)),
    ],
)
def test_an_address_has_one_spelling(text, parsed):
    assert parse_address(text) == parsed


@pytest.mark.parametrize("text", ["", "a", "a@", "@b.de", "a b@c.de", "a@b", "a@b.de\nBcc: c@d.de", "a@[127.0.0.1]"])
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
    assert address.rpartition("@")[2].isascii()


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


@pytest.mark.parametrize(
    "country,text,code",
    [
        ("DE", "BY", "BY"),
        ("DE", "de-by", "BY"),
        ("DE", " bayern ", "BY"),
        ("CA", "Colombie-Britannique", "BC"),
        ("US", "california", "CA"),
        ("DE", "Atlantis", None),
        ("DE", "", None),
        (None, "BY", None),
        ("XX", "BY", None),
    ],
)
def test_a_region_is_read_as_a_code_or_a_name(country, text, code):
    assert region_of(country, text) == code


@pytest.mark.parametrize(
    "country,city,region,zone",
    [
        ("US", None, "CA", ("America/Los_Angeles", "region")),
        ("US", "San Francisco", "CA", ("America/Los_Angeles", "region")),
        ("CA", "Montreal", "QC", ("America/Toronto", "region")),
        # Denver in North Carolina.
        ("US", "Denver", "NC", ("America/New_York", "region")),
        ("US", "Houston", "TX", None),
        ("US", "Indianapolis", "IN", ("America/Indiana/Indianapolis", "city")),
        ("US", None, "TX", None),
        ("AU", "Alice Springs", "NT", ("Australia/Darwin", "region")),
        ("ES", None, "CN", ("Atlantic/Canary", "region")),
        ("DE", None, "BY", ("Europe/Berlin", "country")),
    ],
)
def test_a_region_tells_the_zone_where_all_of_it_has_one(country, city, region, zone):
    assert zone_of_place(country, city, region) == zone


def test_the_regions_of_the_table_exist_and_their_zones_are_their_countries():
    for country, zones in _ZONES_BY_REGION.items():
        assert set(zones) <= set(_zones_by_country()[country])
        regions = [region for found in zones.values() for region in found]
        assert len(regions) == len(set(regions))
        assert all(region_of(country, region) == region for region in regions)


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


@pytest.mark.parametrize(
    "text, found",
    [
        ("Bob@Firm.example", ("address", "bob@firm.example")),
        ("Firm.example", ("domain", "firm.example")),
        ("mail.firm.co.uk", ("domain", "mail.firm.co.uk")),
        ("müller.de", ("domain", "xn--mller-kva.de")),
    ],
)
def test_what_a_person_suppresses_has_one_spelling(text, found):
    assert parse_suppressed(text) == found


@pytest.mark.parametrize(
    "text", ["x", "com", "co.uk", "not-an-address", "github.io", "", "a b.example", "@firm.example"]
)
def test_nobody_suppresses_a_suffix_or_what_is_no_domain(text):
    with pytest.raises(ValueError, match=r"\w"):
        parse_suppressed(text)
