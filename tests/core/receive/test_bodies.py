"""Of which parts of a mail its words are read: texts around pictures, several forms of one text, what is shown and what is attached."""

from datetime import UTC, datetime

import pytest

from outreach_pipeline.core.receive.classify import classify
from outreach_pipeline.core.receive.model import Intent, MailKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WISH = "Please take me off your list."
PICTURE = ("image/png", "Content-Disposition: inline; filename=sign.png\nContent-Transfer-Encoding: base64\n", "AAAA")


def plain(text, header=""):
    return ("text/plain; charset=utf-8", header, text)


def html(text, header=""):
    return ("text/html; charset=utf-8", header, f"<html><body>{text}</body></html>")


def box(kind, *parts, number=[0]):  # noqa: B006  each container needs a boundary of its own
    number[0] += 1
    boundary = f"edge{number[0]}"
    pieces = "".join(f"--{boundary}\nContent-Type: {kind}\n{header}\n{body}\n" for kind, header, body in parts)
    return (f'multipart/{kind}; boundary="{boundary}"', "", f"{pieces}--{boundary}--\n")


def read(part):
    kind, header, body = part
    raw = (
        "From: Kim <kim@acme.example>\nTo: anna@outreach.example\nSubject: Re: Your idea\nIn-Reply-To: <1@outreach.example>\n"
        f"MIME-Version: 1.0\nContent-Type: {kind}\n{header}\n{body}\n"
    )
    return classify(raw.encode(), received_at=NOW)


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(box("mixed", plain("Hello Anna,"), PICTURE, plain(WISH)), id="a picture between two texts"),
        pytest.param(box("mixed", PICTURE, plain(WISH)), id="a picture above"),
        pytest.param(box("mixed", plain("Hello Anna,"), plain(WISH)), id="two texts"),
        pytest.param(box("mixed", plain("Hello Anna,"), html(f"<p>{WISH}</p>")), id="a text and HTML"),
        pytest.param(box("mixed", html("<p>Hello Anna,</p>"), PICTURE, html(f"<p>{WISH}</p>")), id="HTML around a picture"),
        pytest.param(
            box("alternative", plain("Hello Anna,"), box("mixed", html("Hello Anna,"), PICTURE, html(f"<p>{WISH}</p>"))),
            id="a plain form that stops at the picture",
        ),
        pytest.param(
            box("alternative", plain("This message needs a program that displays HTML."), html(f"<p>{WISH}</p>")),
            id="a plain form that says nothing",
        ),
        pytest.param(
            box("alternative", plain("Ihr E-Mail-Programm kann kein HTML anzeigen."), html(f"<p>{WISH}</p>")),
            id="the same in German",
        ),
        pytest.param(box("alternative", plain(" "), html(f"<p>{WISH}</p>")), id="an empty plain form"),
        pytest.param(box("alternative", plain(WISH), html("<p>Hello</p>")), id="a plain form that says more"),
        pytest.param(
            box("mixed", plain("Hello Anna,", "Content-Disposition: inline\n"), plain(WISH, "Content-Disposition: inline; filename=b.txt\n")),
            id="a text with a file name",
        ),
        pytest.param(plain(WISH, "Content-Disposition: inline; filename=b.txt\n"), id="nothing but a text with a file name"),
        pytest.param(
            box("mixed", plain("See what I got from you:"), ("message/rfc822", "", "Subject: x\n\nHello Kim,\n"), plain(WISH)),
            id="below an enclosed mail",
        ),
        pytest.param(
            box("signed", box("mixed", box("alternative", plain("Hello Anna,"), html("Hello Anna,")), PICTURE, plain(WISH))),
            id="deep within",
        ),
    ],
)  # fmt: skip
def test_a_wish_in_any_part_of_the_body_is_heard(mail):
    result = read(mail)
    assert (result.kind, result.intent, result.intent_is_sure) == (MailKind.REPLY, Intent.STOP, True)
    assert WISH in result.text


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(
            box("mixed", plain("Sounds great, send it."), plain(WISH, "Content-Disposition: attachment; filename=b.txt\n")),
            id="an attached text",
        ),
        pytest.param(
            box("mixed", plain("Sounds great, send it."), ("message/rfc822", "", f"Subject: x\n\n{WISH}\n")),
            id="an enclosed mail",
        ),
        pytest.param(
            box("mixed", plain("Sounds great, send it."), ("text/x-vcard", "", f"BEGIN:VCARD\nNOTE:{WISH}\nEND:VCARD")),
            id="a card",
        ),
        pytest.param(
            box("alternative", plain("Sounds great, send it."), html(f"<p>Sounds great.</p><blockquote>{WISH}</blockquote>")),
            id="a quote in the other form",
        ),
        pytest.param(
            box("mixed", plain("Sounds great, send it."), plain("_______________________________________________\nsales mailing list\nTo unsubscribe from this list: https://lists.example/sales")),
            id="the footer of a list",
        ),
        pytest.param(
            box("mixed", plain("Sounds great, send it."), plain("-- \nYou received this message because you are subscribed to the group.\nTo unsubscribe from this group and stop receiving emails from it, send an email to x+unsubscribe@groups.example.")),
            id="the footer of a group",
        ),
        pytest.param(
            box("mixed", plain("Sounds great, send it."), plain("To unsubscribe from this group and stop receiving emails from it, send an email to x+unsubscribe@groups.example.")),
            id="the footer of a group without a mark",
        ),
        pytest.param(
            box("mixed", plain("Sounds great, send it."), plain("If you have received this message in error, please delete it and notify the sender.")),
            id="a gateway's disclaimer",
        ),
    ],
)  # fmt: skip
def test_what_is_attached_quoted_or_added_by_machines_is_nobodys_wish(mail):
    result = read(mail)
    assert (result.kind, result.intent) == (MailKind.REPLY, Intent.INTERESTED)


def test_words_around_a_picture_are_kept_in_their_order():
    result = read(box("mixed", plain("Hello Anna,"), PICTURE, plain("sounds great,"), PICTURE, html("<p>send it.</p>")))
    assert result.text == "Hello Anna,\n\nsounds great,\n\nsend it."


def test_one_text_in_two_forms_is_read_once():
    result = read(
        box(
            "alternative",
            plain("Sounds great, send the price list, please, to all of us."),
            html("<p>Sounds great</p>"),
        )
    )
    assert result.text == "Sounds great, send the price list, please, to all of us."


@pytest.mark.parametrize("kind", ["text/calendar; method=REPLY", "text/vcard"])
def test_what_a_program_wrote_for_programs_is_nobody_s_words(kind):
    raw = f"From: kim@acme.example\nSubject: Accepted: Call\nContent-Type: {kind}\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n"
    mail = classify(raw.encode(), received_at=datetime(2026, 11, 26, tzinfo=UTC))
    assert (mail.kind, mail.text, mail.intent_is_sure) == (MailKind.OTHER, "", False)
