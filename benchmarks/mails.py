"""Mails to classify: what mail systems and people write every day, mails made to be slow, and mutations of any.

Belongs here: bytes. Does not: what they are taken for, or how long that takes (benchmarks.classify).
"""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from email.message import EmailMessage

from outreach_pipeline.sandbox.dsn import Bounced, write_complaint, write_dsn
from outreach_pipeline.sandbox.letters import read_letter
from outreach_pipeline.sandbox.replies import Answer, write_away, write_reply

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_PRODUCTS = ("postfix", "sendmail", "qmail", "exim", "exchange", "gmail")
_BEHAVIOURS = ("unknown_user", "no_such_domain", "mailbox_full", "policy_block")
_INTENTS = ("interested", "not_interested", "meeting", "stop")
_AWAYS = 6
_HALF_MEBIBYTE = 2**19


def typical() -> list[bytes]:
    """Return some fifty mails: bounces of six products, a complaint, answers of people and machines, a newsletter, a large one."""
    # The library draws boundaries of this.
    state = random.getstate()
    random.seed(1)
    try:
        return _typical()
    finally:
        random.setstate(state)


def _typical() -> list[bytes]:
    letter = _letter()
    about = {
        "rcpt": "kim@harbor.example", "token": "a-1", "arrived": NOW, "now": NOW, "letter": read_letter(letter),
    }  # fmt: skip
    bounces = {
        behaviour: Bounced(
            behaviour=behaviour, still_full=False, sender="ann@acme-mail.example", mx="mx.harbor.example", raw=letter, **about
        )
        for behaviour in _BEHAVIOURS
    }  # fmt: skip
    mails = [write_dsn(product, bounces[behaviour]) for product in _PRODUCTS for behaviour in _BEHAVIOURS]
    mails.append(write_complaint(about=bounces["policy_block"], site="harbor", feedback_from="fbl@harbor.example"))
    chance = random.Random(1)
    answer = Answer(to="ann@acme-mail.example", choose=chance, **about)
    mails += [write_reply(intent, answer) for intent in _INTENTS for _ in range(5)]
    mails += [write_away(date(2026, 3, 9), answer) for _ in range(_AWAYS)]
    mails += [_newsletter(), _with_attachment(chance)]
    return mails


def hostile() -> list[bytes]:
    """Return mails that are made to be slow: deep, wide, long, and full of what rules look for."""
    head = b"From: a@b.example\nSubject: Undelivered Mail Returned to Sender\n"
    text = head + b"Content-Type: text/plain\n\n"
    page = head + b"Content-Type: text/html\n\n"
    pieces = (
        b"<a@", b"a@b.example ", b"550 5.1.1 ", b"> ", b"On Mon at 10:00 <a@b.example> wrote: ", b"=?utf-8?q?a?= ", b"((((", b"a",
        b"until monday ", b"From: a\n", b"----- ", b"Final-Recipient: rfc822; a@b.example\n",
    )  # fmt: skip
    mails = [text + piece * (4 * _HALF_MEBIBYTE // len(piece)) for piece in pieces]
    mails += [page + piece * (4 * _HALF_MEBIBYTE // len(piece)) for piece in (b"<div>", b"<", b"&amp;", b"<!--")]
    mails.append(b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000)))
    mails.append(
        head + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: text/plain\n\nx\n" * 60_000
    )
    mails.append(head + b"X: " + b"a" * (4 * _HALF_MEBIBYTE) + b"\n\nx\n")
    mails.append(head + b"".join(b"X-%d: a\n" % n for n in range(100_000)) + b"\nx\n")
    mails.append(head + b"References: " + b"<a@b.example> " * 100_000 + b"\n\nx\n")
    return mails


def mutations(mails: Sequence[bytes], count: int, *, seed: int) -> Iterator[bytes]:
    """Yield broken mails: pieces cut out, doubled, exchanged with those of other mails, bytes changed, ends cut off.

    The same seed gives the same mails.
    """
    chance = random.Random(seed)
    for _ in range(count):
        data = bytearray(chance.choice(mails))
        for _ in range(chance.randint(1, 8)):
            _mutate(data, mails, chance)
        yield bytes(data)


_TOKENS = (
    b"\n", b"\r\n\r\n", b"--", b"=?utf-8?b?", b"?=", b"<", b">", b"@", b":", b";", b'"', b"\x00", b"\x1b$B", b"> ", b"=\n", b"\xff",
    b"\nContent-Transfer-Encoding: base64\n", b"\nContent-Type: multipart/report; boundary=b\n", b"\nStatus: 5.1.1\n",
    b"\nContent-Type: text/plain; charset=utf-7\n", b"\nContent-Type: message/rfc822\n\n",
)  # fmt: skip


def _mutate(data: bytearray, mails: Sequence[bytes], chance: random.Random) -> None:
    place = chance.randrange(len(data) + 1)
    match chance.randrange(7):
        case 0:
            del data[place : place + chance.randint(1, 200)]
        case 1:
            data[place:place] = chance.randbytes(chance.randint(1, 16))
        case 2:
            data[place:place] = chance.choice(_TOKENS)
        case 3:
            other = chance.choice(mails)
            start = chance.randrange(len(other) + 1)
            data[place:place] = other[start : start + chance.randint(1, 500)]
        case 4:
            data[place:place] = data[place : place + chance.randint(1, 100)] * chance.randint(2, 20)
        case 5:
            for _ in range(min(len(data), chance.randint(1, 20))):
                data[chance.randrange(len(data))] = chance.randrange(256)
        case _:
            del data[max(place, 20) :]


def _letter() -> bytes:
    mail = EmailMessage()
    mail["From"] = "Ann Example <ann@acme-mail.example>"
    mail["To"] = "Kim Lee <kim@harbor.example>"
    mail["Subject"] = "A question about Harbor"
    mail["Date"] = "Mon, 02 Mar 2026 08:00:00 +0000"
    mail["Message-ID"] = "<0123456789abcdef0123456789abcdef@acme-mail.example>"
    mail["List-Unsubscribe"] = "<https://go.acme-mail.example/u/" + "x" * 120 + ">"
    mail.set_content("Hello Kim,\n\n" + "how does Harbor plan its day? We could show you how others do it.\n" * 6)
    return mail.as_bytes()


def _newsletter() -> bytes:
    mail = EmailMessage()
    mail["From"] = "News <news@shop.example>"
    mail["Subject"] = "Our offers of the week"
    mail["List-Unsubscribe"] = "<https://shop.example/u>"
    mail.set_content("Ten offers.\n" * 50)
    mail.add_alternative("<html><body>" + "<p>An <b>offer</b> of the week</p>" * 300 + "</body></html>", subtype="html")
    return mail.as_bytes()


def _with_attachment(chance: random.Random) -> bytes:
    return (
        b"From: Kim Lee <kim@harbor.example>\r\nTo: ann@acme-mail.example\r\nSubject: Re: A question about Harbor\r\n"
        b"In-Reply-To: <0123456789abcdef0123456789abcdef@acme-mail.example>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\n'
        b"Here is our plan. Please send me your prices.\r\n--m\r\nContent-Type: application/pdf; name=plan.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\n"
        + base64.encodebytes(chance.randbytes(_HALF_MEBIBYTE)).replace(b"\n", b"\r\n")
        + b"--m--\r\n"
    )
