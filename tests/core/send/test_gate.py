"""What a message may not be, whatever else allows it."""

from __future__ import annotations

import dataclasses

import pytest

from outreach_pipeline.core.send.gate import explained, refusal
from outreach_pipeline.core.send.message import Attachment, CompiledStep, Rendered, StepTemplate

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
        ({"subject": "See http://acme.example"}, "gate_insecure_link"),
        ({"subject": "javascript:alert(1)"}, "gate_insecure_link"),
        ({"text": "See ftp://acme.example/x" + FOOTER}, "gate_insecure_link"),
        ({"text": "See SFTP://acme.example/x" + FOOTER}, "gate_insecure_link"),
        ({"text": "See file:///tmp/x" + FOOTER}, "gate_insecure_link"),
        ({"text": r"See file:\\server\x or file:c:\x" + FOOTER}, "gate_insecure_link"),
        ({"subject": "See ftp://acme.example/x"}, "gate_insecure_link"),
        ({"subject": "See file:/tmp/x"}, "gate_insecure_link"),
        ({"text": "The file: a book. A profile://: none." + FOOTER}, None),
        ({"text": "See https://x.example/?u=http://y.example" + FOOTER}, None),
        ({"text": "See https://x.example/web/2020/http://y.example" + FOOTER}, None),
        ({"text": "See https://x.example/?u=javascript:x" + FOOTER}, None),
        ({"text": "See https://x.example/, http://y.example" + FOOTER}, "gate_insecure_link"),
        ({"text": "See https://x.example/?u=http://y.example http://z.example" + FOOTER}, "gate_insecure_link"),
        ({"html": '<a href="https://x.example/"href=http://y.example>x</a>' + FOOTER}, "gate_insecure_link"),
        ({"html": '<a title=https://x.example/ href="http://y.example">x</a>' + FOOTER}, "gate_insecure_link"),
        ({"text": "javascript:alert(1)" + FOOTER}, "gate_insecure_link"),
        ({"text": "Javascript: the good parts" + FOOTER}, None),
        ({"text": f"Hello {ADDRESS}"}, "gate_unsubscribe_missing"),
        ({"html": f"<p>{ADDRESS}</p>"}, "gate_unsubscribe_missing"),
        ({"text": f"Hello {URL}"}, "gate_address_missing"),
        ({"html": f"<p>{URL}</p>"}, "gate_address_missing"),
        ({"text": "x" * (10 * 2**20) + FOOTER}, "gate_too_large"),
    ],
)
def test_what_is_wrong_has_its_reason(change, reason):
    assert judge(dataclasses.replace(GOOD, **change)) == reason


BAD_LINKS = [
    ('<a href="javascript:alert(1)">x</a>', "javascript:alert(1)"),
    ("<A HREF=JavaScript:alert(1)>x</A>", "JavaScript:alert(1)"),
    ('<a/href="//evil.example">x</a>', "//evil.example"),
    ("<a href = '/prices'>x</a>", "/prices"),
    ('<a href="">x</a>', ""),
    ('<a href="&#106;avascript:alert(1)">x</a>', "javascript:alert(1)"),
    ('<a href=" java\tscript:alert(1)">x</a>', "java\tscript:alert(1)"),
    ('<a href\n=\n"vbscript:x">x</a>', "vbscript:x"),
    ('<a href="https://">x</a>', "https://"),
    ('<a href="https:///x">x</a>', "https:///x"),
    ('<a href="https://?x">x</a>', "https://?x"),
    ('<a href="ftp://acme.example">x</a>', "ftp://acme.example"),
    ('<a href="https:acme.example">x</a>', "https:acme.example"),
    ('<a href="http://www.w3.org/TR">x</a>', "http://www.w3.org/TR"),
    ('<img src="data:image/png;base64,AAAA">', "data:image/png;base64,AAAA"),
    ('<img src="file:///etc/passwd">', "file:///etc/passwd"),
    ('<img src="cid:logo">', "cid:logo"),
    ('<img srcset="https://acme.example/1.png 1x, //acme.example/2.png 2x">', "//acme.example/2.png 2x"),
    ('<form action="send.php">', "send.php"),
    ('<button formaction="javascript:x">', "javascript:x"),
    ('<td background="wall.png">', "wall.png"),
    ('<svg><a xlink:href="javascript:x">y</a></svg>', "javascript:x"),
]


@pytest.mark.parametrize("page, link", BAD_LINKS)
def test_a_page_links_to_nothing_without_tls_and_the_link_is_named(page, link):
    bad = dataclasses.replace(GOOD, html=page + FOOTER)
    assert judge(bad) == "gate_insecure_link"
    assert explained("gate_insecure_link", bad).startswith(f"The link {link!r} does not begin with https://")


@pytest.mark.parametrize("page", ["<script>x</script>", "<p>x</p><SCRIPT src='https://acme.example/x.js'></SCRIPT>"])
def test_a_page_has_no_script(page):
    bad = dataclasses.replace(GOOD, html=page + FOOTER)
    assert judge(bad) == "gate_insecure_link"
    assert explained("gate_insecure_link", bad) == (
        "The HTML holds <script>, which no mail program runs and many filters refuse: leave it out."
    )


@pytest.mark.parametrize(
    "page",
    [
        '<a href="https://acme.example/a?b=1&amp;c=2">x</a>',
        "<a href=HTTPS://ACME.example>x</a>",
        '<a href="&#104;ttps://acme.example">x</a>',
        "<a href='mailto:ann@acme.example'>x</a> <a href=\"tel:+4930123\">y</a> <a href=#top>z</a>",
        '<a name="top">x</a> <a href>y</a> <a data-href="/x" title="href=/x">z</a>',
        '<img srcset="https://acme.example/1.png 1x, https://acme.example/2,3.png 2x" src="https://acme.example/1.png">',
        '<td background="" style="background: white">write src=foo, or action = b</td>',
        "<!-- <a href='/old'>x</a> -->",
        '<a href="https://x.example/?u=http://y.example">x</a> <a href=https://x.example/?u=http://y.example>y</a>',
        '<a href="https://müller.example">x</a> <a href="https://[2001:db8::1]/">y</a>',
        "<!-- <script> --> &lt;script&gt;",
        '<html xmlns="http://www.w3.org/1999/xhtml"><p>JavaScript: x</p>',
    ],
)
def test_what_leads_nowhere_else_is_no_such_link(page):
    assert judge(dataclasses.replace(GOOD, html=page + FOOTER)) is None


def test_a_page_may_show_a_file_that_comes_with_it():
    file = Attachment("logo.png", "image/png", "0" * 64, 10, bytes)
    page = dataclasses.replace(GOOD, html='<img src="cid:logo.png">' + FOOTER)
    assert judge(page, attachments=(file,)) is None


def test_the_subject_of_whom_a_person_answers_is_their_own():
    answer = dataclasses.replace(GOOD, subject="Re: http://acme.example is down")
    assert judge(answer, is_reply_in_thread=True, is_from_template=False) is None


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
