"""A received mail laid out for classification: its headers, its own texts, what it returns.

Belongs here: choosing among parts. Does not: judging what they say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach_pipeline.core.receive.body import body_text, is_attached
from outreach_pipeline.core.receive.headers import inbound_headers, message_ids
from outreach_pipeline.core.receive.mime import MAX_DEPTH, Part, split_headers, take_apart
from outreach_pipeline.core.receive.model import InboundHeaders
from outreach_pipeline.core.receive.texts import html_to_text, part_text

_REPORT_TYPES = ("message/delivery-status", "message/global-delivery-status")
_FEEDBACK_TYPE = "message/feedback-report"
_RFC822 = "message/rfc822"
_RETURNED_TYPES = (
    _RFC822,
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/news",
    "text/rfc822",
    "message/partial",
)
_RETURNED_ID = re.compile(
    r"^[ \t>]*(?:original-)?message-id:[ \t]*(?:\n[ \t]+)?<([^<>\s]{1,900})>", re.IGNORECASE | re.MULTILINE
)
PROBLEMS = frozenset({"empty", "no headers", f"parts nested deeper than {MAX_DEPTH}"})
"""Why nothing can be read of a mail."""
_MAX_TEXT_PARTS = 6
_MAX_NOTICE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Mail:
    """A received mail, taken apart once.

    Attributes:
        parts: as ``mime.take_apart`` gives them; the first is the mail itself.
        inbound: the headers by which it is filed.
        plain: the texts of its own text/plain parts, in order, before anything it returns.
        html: its own HTML as text; empty where there is none.
        reports: texts of its delivery-status parts, those of the mail itself.
        nested_reports: the same of mails that it encloses.
        feedback: text of its feedback report, or empty.
        returned: headers of the mail that it returns; empty where it returns none.
    """

    parts: tuple[Part, ...]
    inbound: InboundHeaders
    plain: tuple[str, ...]
    html: str
    reports: tuple[str, ...]
    nested_reports: tuple[str, ...]
    feedback: str
    returned: dict[str, list[str]]

    @property
    def headers(self) -> dict[str, list[str]]:
        """The mail's own headers, lower-case names with raw values."""
        return self.parts[0].headers

    def header(self, name: str) -> str:
        """The first raw value of one of the mail's own headers, or an empty string."""
        return self.parts[0].header(name)

    @property
    def is_report(self) -> bool:
        """Whether the mail declares itself a delivery report."""
        top = self.parts[0]
        kind = top.parameters.get("report-type", "").lower()
        return top.content_type == "multipart/report" and kind in ("", "delivery-status", "global-delivery-status")

    @property
    def own_text(self) -> str:
        """The text that its author wrote: all the parts that are its body, one below the other."""
        return body_text(self.parts)

    @property
    def notice(self) -> str:
        """All that it says of itself, for reading it as a failure notice."""
        text = "\n".join(self.plain)[:_MAX_NOTICE]
        return text if text.strip() else self.html


def open_mail(raw: bytes) -> Mail:
    """Take a mail apart and sort its parts; never raises."""
    parts = take_apart(raw)
    own = [part for part in parts if not part.enclosed]
    feedback = next((part_text(part) for part in own if part.content_type == _FEEDBACK_TYPE), "")
    returned = next((part for part in own if part.content_type in _RETURNED_TYPES), None)
    html = next((part for part in own if part.content_type == "text/html" and not is_attached(part)), None)
    return Mail(
        parts=tuple(parts),
        inbound=inbound_headers(parts[0].headers),
        plain=_plain_texts(own, alone=len(parts) == 1),
        html=html_to_text(part_text(html)) if html else "",
        reports=tuple(part_text(part) for part in own if part.content_type in _REPORT_TYPES),
        nested_reports=tuple(part_text(part) for part in parts if part.enclosed and part.content_type in _REPORT_TYPES),
        feedback=feedback,
        returned=_returned_headers(returned) if returned else {},
    )


def problem_of(mail: Mail) -> str:
    """Return why nothing can be read of what was to be a mail, or an empty string."""
    top = mail.parts[0]
    if not top.headers:
        return "no headers" if top.body.strip() else "empty"
    is_cut_off = any(
        part.depth == MAX_DEPTH and part.content_type.startswith(("multipart/", "message/")) for part in mail.parts
    )
    return f"parts nested deeper than {MAX_DEPTH}" if is_cut_off and not mail.own_text.strip() else ""


def _plain_texts(parts: list[Part], *, alone: bool) -> tuple[str, ...]:
    """The texts for people before anything returned: what follows is footers and stray pieces of the returned mail."""
    texts: list[str] = []
    for part in parts:
        if part.content_type in _RETURNED_TYPES or len(texts) == _MAX_TEXT_PARTS:
            break
        is_text = part.content_type.startswith("text/") and part.content_type != "text/html"
        # A container without one readable piece is its own text.
        if (is_text and not is_attached(part)) or (alone and part.content_type.startswith("multipart/")):
            texts.append(part_text(part))
    return tuple(texts)


def attached_mails(mail: Mail) -> tuple[Mail, ...]:
    """The mails that it has as attachments, each taken apart by itself."""
    return tuple(open_mail(_enclosed(part)) for part in mail.parts if part.depth == 1 and part.content_type == _RFC822)


def _enclosed(part: Part) -> bytes:
    is_encoded = part.header("content-transfer-encoding").lower().startswith(("base64", "quoted"))
    return part_text(part).encode("latin-1", "replace") if is_encoded else part.body


def _returned_headers(part: Part) -> dict[str, list[str]]:
    return split_headers(_enclosed(part))[0]


def returned_id(mail: Mail, returned_text: str) -> str | None:
    """The Message-ID of the mail that a notice returns, from its headers or its text, or None."""
    found = message_ids(" ".join(mail.returned.get("message-id", ())))
    if found:
        return found[0]
    for text in (returned_text, *mail.reports, mail.feedback, *mail.plain):
        match = _RETURNED_ID.search(text)
        if match:
            return match[1]
    return None
