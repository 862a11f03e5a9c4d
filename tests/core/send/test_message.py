"""What was rendered is what arrives, whatever it is made of; and no text becomes a header."""

from __future__ import annotations

import email
import email.policy
import string
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.send.message import CompiledStep, Envelope, Rendered, StepTemplate, build, compile_step

DATE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ID = "<0123456789abcdef0123456789abcdef@acme-mail.example>"
FIRST_ID = "<fedcba9876543210fedcba9876543210@acme-mail.example>"
URL = "https://go.acme-mail.example/u/" + "aZ09-_." * 20
FIELDS = {"first_name": "Zoë", "postal_address": "Acme GmbH, Berlin", "unsubscribe_url": URL}

# What an import and a configuration let through: no control characters, no halves of surrogate pairs.
printable = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=300)
one_line = printable.map(lambda text: " ".join(text.split()))
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=2000)


def parse(raw: bytes):
    return email.message_from_bytes(raw, policy=email.policy.default)


def make(*, subject="Hello", text="Hello", html=None, from_name="Ann", to_name="Zoë", **more) -> bytes:
    envelope = Envelope(
        message_id=ID,
        from_name=from_name,
        from_address="ann@acme-mail.example",
        to_name=to_name,
        to_address="zoe@harbor.example",
        date=DATE,
        **more,
    )
    return build(Rendered(subject, text, html), envelope)


def shown_name(raw: bytes, header: str) -> str:
    # The newer parser of Python 3.11 keeps the spaces between the encoded words of a name, which RFC 2047 drops.
    plain = email.message_from_bytes(raw)[header].replace("\r\n", "")
    name, _ = parseaddr(plain)
    return str(make_header(decode_header(name)))


def as_read(text: str) -> str:
    """Text as every mail program shows it: one kind of line end, one at the end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"


@given(subject=one_line, text=anything, html=st.none() | anything, from_name=one_line, to_name=one_line)
@example(
    subject="=?utf-8?q?Bcc=3A_eve?=", text=".\r\n..\r\nFrom x\n. ", html=None, from_name="=?utf-8?q?x?=", to_name='"'
)
@example(subject="x" * 2000, text="y" * 3000, html="z" * 3000, from_name="ß" * 600, to_name="n" * 1500)
def test_what_was_rendered_arrives(subject, text, html, from_name, to_name):
    raw = make(subject=subject, text=text, html=html, from_name=from_name, to_name=to_name, unsubscribe_url=URL)
    message = parse(raw)
    assert message["Subject"] == subject
    assert message["From"].addresses[0].addr_spec == "ann@acme-mail.example"
    assert message["To"].addresses[0].addr_spec == "zoe@harbor.example"
    assert (shown_name(raw, "From"), shown_name(raw, "To")) == (from_name, to_name)
    assert len(message["To"].addresses) == len(message["From"].addresses) == 1
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == as_read(text)
    body = message.get_body(("html",))
    assert (body.get_content().replace("\r\n", "\n") if body else None) == (as_read(html) if html is not None else None)


@given(subject=one_line, text=anything, html=st.none() | anything, name=one_line)
def test_every_server_can_carry_it(subject, text, html, name):
    raw = make(subject=subject, text=text, html=html, from_name=name, to_name=name, unsubscribe_url=URL)
    assert raw.isascii()
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line or b"\0" in line for line in lines)


@given(
    payload=st.sampled_from(["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\r\n "]),
    field=st.sampled_from(["subject", "from_name", "to_name"]),
)
def test_no_text_becomes_a_header(payload, field):
    value = f"Hello{payload}Bcc: eve@evil.example"
    try:
        raw = make(**{field: value})
    except ConfigurationError:
        return
    message = parse(raw)
    assert message["Bcc"] is None
    assert sorted(message.keys()) == sorted(parse(make()).keys())


@pytest.mark.parametrize("field", ["subject", "from_name", "to_name"])
def test_a_line_break_in_a_header_is_refused(field):
    with pytest.raises(ConfigurationError, match="line break"):
        make(**{field: "Hello\r\nBcc: eve@evil.example"})


def test_headers_of_a_first_mail():
    message = parse(make(unsubscribe_url=URL))
    assert message["Message-ID"] == ID
    assert message["Date"].datetime == DATE
    assert (
        message["List-Unsubscribe"].replace("\n", "") == f"<{URL}>, <mailto:ann@acme-mail.example?subject=unsubscribe>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not {"In-Reply-To", "References", "X-Outreach-Probe"} & set(message.keys())


def test_headers_of_a_follow_up_and_of_a_probe():
    follow_up = parse(make(thread_message_id=FIRST_ID, unsubscribe_url=URL))
    assert (follow_up["In-Reply-To"], follow_up["References"]) == (FIRST_ID, FIRST_ID)
    probe = parse(make(is_probe=True))
    assert probe["X-Outreach-Probe"] == "1"
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post"} & set(probe.keys())


@given(text=anything)
def test_the_same_message_has_the_same_bytes(text):
    assert make(text=text, html=text) == make(text=text, html=text)


def test_a_body_without_a_way_out_gets_one_in_each_part():
    rendered = CompiledStep(StepTemplate("Hi", "Hello {{ first_name }}", "<p>Hello {{ first_name }}</p>")).render(
        FIELDS
    )
    for part in (rendered.text, rendered.html):
        assert part.startswith(("Hello Zoë", "<p>Hello Zoë"))
        assert "Acme GmbH, Berlin" in part
        assert URL in part


def test_a_body_that_places_its_own_way_out_gets_no_second():
    text = "Hello {{ first_name }}. {{ postal_address }} {{ unsubscribe_url }}"
    assert CompiledStep(StepTemplate("Hi", text, None)).render(FIELDS).text.count(URL) == 1


def test_html_is_escaped_and_text_is_not():
    step = StepTemplate("{{ first_name }}", "{{ first_name }}", "{{ first_name }}")
    rendered = compile_step(step).render({**FIELDS, "first_name": "<b>&Ann</b>"})
    assert rendered.subject == "<b>&Ann</b>"
    assert rendered.text.startswith("<b>&Ann</b>")
    assert rendered.html.startswith("&lt;b&gt;&amp;Ann&lt;/b&gt;")


@pytest.mark.parametrize(
    "template",
    [
        "{{ nobody }}",
        "{{ first_name.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ first_name.missing.deeper }}",
        "{{ 1 / 0 }}",
        "{{ first_name + 1 }}",
        "{% include 'other' %}",
        "{{ [] | first | upper }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_a_template_cannot_do_what_it_may_not(template):
    with pytest.raises(ConfigurationError, match="cannot be filled in"):
        CompiledStep(StepTemplate("Hi", template, None)).render(FIELDS)


@pytest.mark.parametrize("value", [None, "None", "null", "undefined", "nan"])
def test_a_field_in_which_a_program_wrote_that_it_has_none_is_a_gap_and_the_word_in_a_text_is_none(value):
    step = CompiledStep(StepTemplate("Hi", "None of it is undefined, {{ first_name }}", "<p>{{ first_name }}</p>"))
    assert "None of it is undefined, Null" in step.render({**FIELDS, "first_name": "Null"}).text
    with pytest.raises(ConfigurationError, match="which is no value"):
        step.render({**FIELDS, "first_name": value})


def test_a_template_that_does_not_parse_is_refused():
    with pytest.raises(ConfigurationError, match="does not parse"):
        CompiledStep(StepTemplate("{{ first_name", "Hello", None))


@given(value=st.text(string.printable))
def test_a_field_is_never_run_as_a_template(value):
    step = StepTemplate("Hi", "{{ first_name }}|", None)
    rendered = compile_step(step).render({**FIELDS, "first_name": "{{ 7 * 7 }}" + value})
    assert rendered.text.startswith("{{ 7 * 7 }}" + value + "|")


def test_a_reply_names_its_whole_thread_and_what_it_answers():
    ids = tuple(f"<{number}@harbor.example>" for number in range(20))
    message = parse(make(thread_message_id=ids[-1], thread_ids=ids))
    assert message["In-Reply-To"] == ids[-1]
    assert message["References"].split() == list(ids)
    alone = parse(make(thread_message_id=FIRST_ID))
    assert (alone["In-Reply-To"], alone["References"]) == (FIRST_ID, FIRST_ID)
