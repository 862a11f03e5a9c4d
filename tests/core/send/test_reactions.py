"""What speaks against a host, when a list bounces too much, and how rates are written."""

from __future__ import annotations

import pytest

from outreach_pipeline.core.send.breaker import verdict
from outreach_pipeline.core.send.limits import parse_rate, rate_text, usual_burst
from outreach_pipeline.core.send.list_health import bounces_too_much


@pytest.mark.parametrize(
    "stage, code, expected",
    [
        ("connect", None, "fails"),
        ("connect", 554, "fails"),
        ("tls", None, "fails"),
        ("rcpt", 421, "fails"),
        ("auth", 535, "answers"),
        ("rcpt", 550, "answers"),
        ("done", 250, "answers"),
        ("rcpt", None, None),
        ("end-of-data", None, None),
        ("gate", None, None),
    ],
)
def test_what_an_attempt_tells_of_its_host(stage, code, expected):
    assert verdict(stage, code) == expected


@pytest.mark.parametrize(
    "sends, bounces, is_too_much",
    [
        (10, 10, False),
        (49, 49, False),
        (50, 5, False),
        (50, 8, False),
        (50, 15, True),
        (1000, 110, False),
        (1000, 130, True),
    ],
)
def test_a_list_is_judged_by_the_lower_end_of_its_rate(sends, bounces, is_too_much):
    low = bounces_too_much(sends, bounces, limit_ratio=0.10, least_sends=50)
    assert (low is not None) == is_too_much
    assert low is None or 0.10 <= low < bounces / sends


@pytest.mark.parametrize("text", ["30/minute", "1/second", "6/hour", "100/day", "600/minute"])
def test_a_rate_is_written_as_it_was_read(text):
    assert rate_text(*parse_rate(text)) == (text if text != "600/minute" else "10/second")


@pytest.mark.parametrize("text", ["0/minute", "30", "30/week", "-1/minute", "1.5/minute", ""])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ValueError, match="is no rate"):
        parse_rate(text)


def test_a_gap_reads_as_a_rate_and_a_slowed_rate_as_what_is_left():
    assert rate_text(1, 600) == "6/hour"
    assert rate_text(30, 60, slow_ratio=0.5) == "15/minute"
    assert rate_text(1, 100_000) == "1 every 100000 s"


@pytest.mark.parametrize(
    "limit, burst", [("1/day", 1), ("99/second", 1), ("100/second", 25), ("6000/minute", 25), ("1000/second", 250)]
)
def test_where_nobody_says_one_goes_at_once_and_of_a_wide_rate_what_comes_between_two_claims(limit, burst):
    assert usual_burst(*parse_rate(limit)) == burst
