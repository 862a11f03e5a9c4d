"""No input, however broken, raises, hangs or costs more than a bounded amount of work."""

import json
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_pipeline.core.receive.classify import classify, parse_headers
from outreach_pipeline.core.receive.mail import PROBLEMS
from outreach_pipeline.core.receive.mime import MAX_DEPTH, MAX_PARTS, take_apart
from outreach_pipeline.core.receive.model import MailKind
from outreach_pipeline.core.receive.prediction import as_prediction
from outreach_pipeline.core.receive.texts import decode_charset, decode_header, html_to_text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SEEDS = (
    (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: anna@outreach.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
        b"<kim@acme.example>: host mx[203.0.113.9] said: 550 5.1.1 User unknown (in reply to RCPT TO command)\r\n\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; kim@acme.example\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        b"Message-ID: <a@outreach.example>\r\nTo: kim@acme.example\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nHello\r\n--b--\r\n"
    ),
    (
        b"From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: =?iso-2022-jp?B?GyRCJDMbKEI=?= Re: A\nIn-Reply-To: <a@outreach.example>\n"
        b"Content-Type: text/html; charset=windows-1251\nContent-Transfer-Encoding: quoted-printable\n\n<p>Tell me=20more</p><blockquote>unsubscribe</blockquote>\n"
    ),
    (
        b"From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: Automatic reply\nAuto-Submitted: auto-replied\n"
        b"Content-Transfer-Encoding: base64\n\nSSBhbSBvdXQgb2YgdGhlIG9mZmljZSB1bnRpbCA5IE1hcmNoIDIwMjYu\n"
    ),
    (
        b"From: f@fbl.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=f\n\n--f\nContent-Type: message/feedback-report\n\n"
        b"Feedback-Type: abuse\nOriginal-Rcpt-To: kim@acme.example\n\n--f--\n"
    ),
    b"Hi. This is the qmail-send program at mx.example.\n\n<kim@acme.example>:\nSorry. (#5.1.1)\n\n--- Below this line is a copy of the message.\n",
)


def understood(raw: bytes) -> None:
    result = classify(raw, received_at=NOW)
    assert result.problem in PROBLEMS | {""}, result.voices
    assert len(result.text) <= 4000
    json.dumps(as_prediction("x.eml", result))
    parse_headers(raw)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes(raw):
    understood(raw)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
def test_mutated_mails(seed, key):
    chance = random.Random(key)
    data = bytearray(seed)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(data) or 1)
        match chance.randrange(5):
            case 0:
                data[place : place + chance.randint(1, 40)] = b""
            case 1:
                data[place:place] = chance.randbytes(chance.randint(1, 8))
            case 2:
                data[place:place] = chance.choice(
                    (b"\n", b"\r\n\r\n", b"--b", b"=?", b"<", b"@", b":", b";", b'"', b"\x00", b"\x1b$B", b"> ")
                )
            case 3:
                other = chance.choice(SEEDS)
                start = chance.randrange(len(other))
                data[place:place] = other[start : start + 200]
            case _:
                del data[place:]
                data.extend(b"\n")
    understood(bytes(data))


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=300),
    st.sampled_from(
        (
            "utf-8",
            "utf-16",
            "latin-1",
            "koi8-r",
            "gb18030",
            "zip",
            "idna",
            "punycode",
            "rot13",
            "",
            "x\x00y",
            "undefined",
        )
    ),
)
def test_any_text_in_any_character_set(text, charset):
    decode_charset(text.encode("utf-8", "surrogatepass"), charset)
    decode_header(f"=?{charset}?q?{text}?= {text}")
    html_to_text(text)
    understood(
        f"Subject: {text}\nIn-Reply-To: <a@b>\nContent-Type: text/plain; charset={charset}\n\n{text}".encode(
            "utf-8", "surrogatepass"
        )
    )


NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))


@pytest.mark.parametrize(
    "raw, problem",
    [
        (b"", "empty"),
        (b"\r\n \r\n", "empty"),
        (bytes(range(256)) * 40, "no headers"),
        (b"Hello, who reads this?\n", "no headers"),
        (b"From: a@b.example\nSubject: hello\n" + NESTED, f"parts nested deeper than {MAX_DEPTH}"),
        (b"Content-Type: message/rfc822\n\n" * 3000, f"parts nested deeper than {MAX_DEPTH}"),
    ],
)
def test_a_mail_of_which_nothing_can_be_read_is_other_and_says_why(raw, problem):
    found = classify(raw, received_at=NOW)
    assert (found.kind, found.problem, found.voices) == (MailKind.OTHER, problem, (f"unreadable: {problem}",))


def test_what_can_be_read_of_a_strange_mail_counts():
    deep = NESTED + b"Content-Type: text/plain\n\nhello\n"
    for raw, kind in (
        (b"Subject: Re: hello\nIn-Reply-To: <a@b>\n" + deep, MailKind.REPLY),
        (SEEDS[0], MailKind.BOUNCE),
        (b"From: a@b.example\n\n", MailKind.OTHER),
    ):
        found = classify(raw, received_at=NOW)
        assert (found.kind, found.problem) == (kind, "")


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: message/rfc822\n\n" * 400,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400)),
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: text/plain\n\nx\n" * 5000,
    ],
    ids=["enclosed mails", "nested containers", "many parts"],
)
def test_depth_and_number_of_parts_are_bounded(raw):
    parts = take_apart(raw)
    assert len(parts) <= MAX_PARTS
    assert max(part.depth for part in parts) <= MAX_DEPTH
    understood(raw)


def test_headers_of_a_broken_mail_are_read_as_far_as_they_go():
    headers = parse_headers(
        b"From MAILER Mon Mar  2 2026\nMessage-ID: < a@b.example >\nFrom: =?utf-8?q?K=C3=ADm?= <Kim@Acme.Example>\nTo: a@x.example,\n b@x.example\n"
        b"Cc: c@x.example\nDate: not a date\nIn-Reply-To: <1@x> (of Anna)\nReferences: <0@x>\n\t<1@x>\nSubject: =?utf-8?b?R3LDvMOfZQ==?=\n =?utf-8?b?IQ==?=\n\nbody"
    )
    assert headers.message_id == "a@b.example"
    assert headers.from_address == "kim@acme.example"
    assert headers.to_addresses == ("a@x.example", "b@x.example", "c@x.example")
    assert headers.in_reply_to == ("1@x",)
    assert headers.references == ("0@x", "1@x")
    assert headers.subject == "Grüße!"
    assert headers.date is None


def test_date_header_becomes_utc():
    assert parse_headers(b"Date: Mon, 2 Mar 2026 10:00:00 +0100\n\n").date == NOW


def test_prediction_has_one_document_a_recipient():
    row = as_prediction("a.eml", classify(SEEDS[0], received_at=NOW))
    assert (row["file"], row["kind"], row["recipient"], row["status"], row["hard"], row["class"]) == (
        "a.eml",
        "bounce",
        "kim@acme.example",
        "5.1.1",
        True,
        "hard",
    )
    assert row["details"][0]["reason"] == "userunknown"


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
@pytest.mark.parametrize(
    "sender, address",
    [
        ("=?utf-8?q?J=C3=BCrgen?= <Jürgen@xn--mnchen-3ya.example>", "jürgen@xn--mnchen-3ya.example"),
        ("Jürgen =?utf-8?b?TcO8bGxlcg==?= <Jürgen@xn--mnchen-3ya.example>", "jürgen@xn--mnchen-3ya.example"),
        ("=?utf-8?q?J=C3=BCrgen?= =?utf-8?q?_M?= <jürgen.m@münchen.example>", "jürgen.m@münchen.example"),
        ("Jürgen <Jürgen@münchen.example>", "jürgen@münchen.example"),
    ],
)
def test_an_address_beside_encoded_words_is_kept_as_it_is_written(sender, address, charset):
    headers = parse_headers(
        f"From: {sender}\nTo: {sender}\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= aus München\n\n".encode(charset)
    )
    assert (headers.from_address, headers.to_addresses, headers.subject) == (address, (address,), "Grüße aus München")
