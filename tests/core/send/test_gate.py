"""What a message may not be, whatever else allows it."""

from __future__ import annotations

import dataclasses

import pytest

from outreach_pipeline.core.send.gate import refusal
from outreach_pipeline.core.send.message import CompiledStep, Rendered, StepTemplate

URL = "https://go.acme-mail.example/u/abc?x=1&y='2'"
ADDRESS = "Acme & Söhne GmbH, Hauptstr. 1, 10115 Berlin"
FOOTER = f"\n--\n{ADDRESS}\n{URL}\n"
GOOD = Rendered("A question", f"Hello{FOOTER}", None)


def judge(rendered: Rendered, **more) -> str | None:
    return refusal(rendered, **{"is_reply_in_thread": False, "unsubscribe_url": URL, "postal_address": ADDRESS, **more})


def test_a_complete_message_may_go():
    assert judge(GOOD) is None


def test_the_footer_that_the_renderer_adds_satisfies_the_gate_in_both_parts():
    fields = {"postal_address": ADDRESS, "unsubscribe_url": URL}
    rendered = CompiledStep(StepTemplate("Hi", "Hello", "<p>Hello</p>")).render(fields)
    assert judge(rendered) is None


@pytest.mark.parametrize(
    "change, reason",
    [
        ({"subject": ""}, "gate_subject_missing"),
        ({"subject": "Hello\r\nBcc: eve@evil.example"}, "gate_header_injection"),
        ({"subject": "Hello\nthere"}, "gate_header_injection"),
        ({"subject": "Re: our call"}, "gate_false_reply_prefix"),
        ({"subject": "RE : our call"}, "gate_false_reply_prefix"),
        ({"subject": "AW: Termin"}, "gate_false_reply_prefix"),
        ({"subject": "Fwd: a tip"}, "gate_false_reply_prefix"),
        ({"text": " \n\t "}, "gate_text_missing"),
        ({"subject": "Hello {{ first_name }}"}, "gate_template_gap"),
        ({"text": "Hello {% if x %}" + FOOTER}, "gate_template_gap"),
        ({"text": "None, as far as I know: the result is undefined." + FOOTER}, None),
        ({"html": "<p>Hello }}</p>" + FOOTER}, "gate_template_gap"),
        ({"text": "See http://acme.example" + FOOTER}, "gate_insecure_link"),
        ({"html": '<a href="http://acme.example">x</a>' + FOOTER}, "gate_insecure_link"),
        ({"html": "<a href = 'HTTP://acme.example'>x</a>" + FOOTER}, "gate_insecure_link"),
        ({"html": '<html xmlns="http://www.w3.org/1999/xhtml"><p>Hello</p>' + FOOTER}, None),
        ({"text": f"Hello {ADDRESS}"}, "gate_unsubscribe_missing"),
        ({"html": f"<p>{ADDRESS}</p>"}, "gate_unsubscribe_missing"),
        ({"text": f"Hello {URL}"}, "gate_address_missing"),
        ({"html": f"<p>{URL}</p>"}, "gate_address_missing"),
        ({"text": "x" * (10 * 2**20) + FOOTER}, "gate_too_large"),
    ],
)
def test_what_is_wrong_has_its_reason(change, reason):
    assert judge(dataclasses.replace(GOOD, **change)) == reason


@pytest.mark.parametrize(
    "subject", ["Reply wanted?", "Return of the question", "Award: a tip", "A question re: Berlin"]
)
def test_words_that_only_look_like_a_prefix_are_no_lie(subject):
    assert judge(dataclasses.replace(GOOD, subject=subject)) is None


def test_in_a_thread_the_prefix_is_true():
    assert judge(dataclasses.replace(GOOD, subject="Re: A question"), is_reply_in_thread=True) is None


def test_without_a_postal_address_nothing_goes():
    assert judge(GOOD, postal_address=" ") == "gate_address_missing"


def test_a_probe_needs_no_way_out():
    probe = Rendered("Placement probe", "This message measures.", None)
    assert judge(probe, unsubscribe_url=None, postal_address="") is None
