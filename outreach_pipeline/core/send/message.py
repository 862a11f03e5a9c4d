"""From a campaign step to the bytes of a message.

The library builds the MIME skeleton of a step once, with marks where a message differs; each message then fills in its own
headers and bodies. Building a whole EmailMessage for each would cost ten times the rest of sending it.

Belongs here: templates, headers, encodings. Does not: whether it may go out (core.send.gate).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.charset import Charset
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, quote
from functools import lru_cache

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.send.gaps import filled, names_with_gaps, with_gaps_found, without_such_words
from outreach_pipeline.core.send.placeholders import take_chance_out

# A probe has no opt-out, and so no words of it either.
_TEXT_FOOTER = (
    "\n\n--\n{{ postal_address }}\n{% if unsubscribe_url %}No more mail like this: {{ unsubscribe_url }}\n{% endif %}"
)
_HTML_FOOTER = (
    '<hr><p style="font-size:small">{{ postal_address }}{% if unsubscribe_url %}<br>'
    '<a href="{{ unsubscribe_url }}">No more mail like this</a>{% endif %}</p>'
)
_MARK = "outreach-mark-{}-here"
_UTF_8 = Charset("utf-8")
_BYTES_OF_A_WORD = 45
_LONGEST_PLAIN = 400
_DATE = "Mon, 01 Jan 2001 00:00:00 +0000"  # a date stands in for its mark: the library drops what is none
_HEADERS = (
    "From", "Reply-To", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "List-Unsubscribe",
    "List-Unsubscribe-Post", "X-Outreach-Probe", "X-Outreach-Message-ID",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepTemplate:
    """One variant of a campaign step as written: Jinja2 in subject, text and HTML."""

    subject: str
    text: str
    html: str | None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A step filled in for one contact; ``html`` is None for a text-only step."""

    subject: str
    text: str
    html: str | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers of one message need.

    ``thread_message_id`` is the Message-ID that a follow-up or a reply answers, else None;
    ``thread_ids`` are all ids of the thread, the oldest first, or empty for that one. ``unsubscribe_url`` is an https URL or
    None (probes); ``date`` is aware, UTC. ``has_own_id`` names our Message-ID in a header of our own too, which
    stays where a relay puts another one in its place. ``reply_to`` is where answers go if not to ``from_address``.
    """

    message_id: str
    from_name: str
    from_address: str
    to_name: str
    to_address: str
    date: datetime
    thread_message_id: str | None = None
    thread_ids: tuple[str, ...] = ()
    unsubscribe_url: str | None = None
    is_probe: bool = False
    has_own_id: bool = False
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a step carries. ``read`` gives its bytes and is asked once a step; whatever it raises, ``build`` does."""

    name: str
    content_type: str
    sha256: str
    size_bytes: int
    read: Callable[[], bytes] = field(compare=False, repr=False)


def encoded_size(size_bytes: int) -> int:
    """Return how many bytes a file takes up in a message: base64 in lines of 76 characters."""
    characters = -(-size_bytes // 3) * 4
    return characters + 2 * -(-characters // 76)


def _environment(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined, autoescape=autoescape, keep_trailing_newline=True
    )
    take_chance_out(environment)
    environment.filters["filled"] = filled
    return environment


_PLAIN = _environment(autoescape=False)
_MARKUP = _environment(autoescape=True)


class CompiledStep:
    """A step ready to be rendered often. A body that does not place its opt-out link or address gets a footer with both."""

    def __init__(self, template: StepTemplate) -> None:
        try:
            self._subject = _compiled(_PLAIN, template.subject)
            self._text = _compiled(_PLAIN, _with_footer(template.text, _TEXT_FOOTER))
            self._html = _compiled(_MARKUP, _with_footer(template.html, _HTML_FOOTER)) if template.html else None
            sources = (template.subject, template.text, template.html or "")
            self._names = frozenset().union(*(names_with_gaps(_PLAIN.parse(each)) for each in sources))
        except jinja2.TemplateSyntaxError as error:
            raise ConfigurationError(f"The template does not parse: {error.message} (line {error.lineno}).") from error

    def render(self, fields: Mapping[str, object]) -> Rendered:
        """Fill the step in.

        Raises:
            ConfigurationError: an expression renders to nothing or uses an empty field (``core.send.gaps``), the template uses a field
                that this contact does not have, or it does what it may not.
        """
        fields = without_such_words(fields, self._names)
        try:
            return Rendered(
                subject=self._subject.render(fields).strip(),
                text=self._text.render(fields),
                html=self._html.render(fields) if self._html else None,
            )
        except (
            jinja2.TemplateError,
            TypeError,
            ValueError,
            ArithmeticError,
            AttributeError,
            LookupError,
            RecursionError,
        ) as error:
            raise ConfigurationError(f"The template cannot be filled in: {error}.") from error


def as_follow_up(rendered: Rendered, first_subject: str) -> Rendered:
    """Give a follow-up the subject of its thread: it is a reply to the first step's message, whatever its own subject says."""
    return replace(rendered, subject=f"Re: {first_subject}")


@lru_cache(maxsize=4096)
def compile_step(template: StepTemplate) -> CompiledStep:
    """Compile a step; the same text is compiled once."""
    return CompiledStep(template)


def _compiled(environment: jinja2.Environment, source: str) -> jinja2.Template:
    template = environment.from_string(with_gaps_found(environment.parse(source)))
    # The library chains the two, and copying the chain each time costs more than all the rest of rendering.
    template.globals = dict(environment.globals)
    return template


def _with_footer(body: str, footer: str) -> str:
    return body if "unsubscribe_url" in body and "postal_address" in body else body.rstrip("\n") + footer


def build(rendered: Rendered, envelope: Envelope, attachments: tuple[Attachment, ...] = ()) -> bytes:
    """Return the whole message, CRLF lines, ready for DATA (without dot-stuffing).

    Raises:
        ConfigurationError: a header would hold a line break.
    """
    skeleton = (_skeleton_with_files if attachments else _skeleton)(
        has_html=rendered.html is not None,
        has_thread=envelope.thread_message_id is not None,
        has_unsubscribe=envelope.unsubscribe_url is not None,
        is_probe=envelope.is_probe,
        has_own_id=envelope.has_own_id,
        has_reply_to=envelope.reply_to is not None,
        attachments=attachments,
    )
    values = {
        "From": _address(envelope.from_name, envelope.from_address),
        "Reply-To": _address("", envelope.reply_to or ""),
        "To": _address(envelope.to_name, envelope.to_address),
        "Subject": _header(rendered.subject),
        "Date": format_datetime(envelope.date),
        "Message-ID": envelope.message_id,
        "In-Reply-To": envelope.thread_message_id or "",
        # Folded: a line holds 998 bytes.
        "References": "\r\n ".join(envelope.thread_ids) or envelope.thread_message_id or "",
        "List-Unsubscribe": f"<{envelope.unsubscribe_url}>, <mailto:{envelope.from_address}?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-Outreach-Probe": "1",
        "X-Outreach-Message-ID": envelope.message_id,
    }
    filled = []
    for part in skeleton:
        if isinstance(part, bytes):
            filled.append(part)
        elif part == "text":
            filled.append(_quoted_printable(rendered.text))
        elif part == "html":
            filled.append(_quoted_printable(rendered.html or ""))
        else:
            filled.append(values[part].encode())
    return b"".join(filled)


def _make_skeleton(
    *,
    has_html: bool,
    has_thread: bool,
    has_unsubscribe: bool,
    is_probe: bool,
    has_own_id: bool,
    has_reply_to: bool,
    attachments: tuple[Attachment, ...],
) -> tuple[bytes | str, ...]:
    message = EmailMessage(policy=SMTP)
    for name in _HEADERS:
        if name in {"In-Reply-To", "References"} and not has_thread:
            continue
        if name == "Reply-To" and not has_reply_to:
            continue
        if name.startswith("List-") and not has_unsubscribe:
            continue
        if (name == "X-Outreach-Probe" and not is_probe) or (name == "X-Outreach-Message-ID" and not has_own_id):
            continue
        message[name] = _DATE if name == "Date" else _MARK.format(name)
    message.set_content(_MARK.format("text"), cte="quoted-printable")
    if has_html:
        message.add_alternative(_MARK.format("html"), subtype="html", cte="quoted-printable")
    for each in attachments:
        kind, _, subtype = each.content_type.partition("/")
        message.add_attachment(each.read(), maintype=kind, subtype=subtype, filename=each.name)
    whole = message.as_bytes().replace(_DATE.encode(), _MARK.format("Date").encode())
    pieces = re.split(rb"outreach-mark-([A-Za-z-]+?)-here", whole)
    return tuple(piece.decode() if index % 2 else piece for index, piece in enumerate(pieces))


_skeleton = lru_cache(maxsize=16)(_make_skeleton)
# Those hold whole files: fewer, so that they stay far below the memory of a run.
_skeleton_with_files = lru_cache(maxsize=12)(_make_skeleton)


def _quoted_printable(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    encoded = binascii.b2a_qp(lines.encode("utf-8"), quotetabs=False, istext=True)
    return encoded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").removesuffix(b"\r\n")


def _header(text: str) -> str:
    if "\r" in text or "\n" in text:
        raise ConfigurationError(f"A header would hold a line break: {text!r}.")
    if text.isascii() and text.isprintable() and len(text) < _LONGEST_PLAIN and "=?" not in text:
        return text
    # RFC 2047: words of at most 75 characters, and none of them ends inside of a character.
    words: list[str] = []
    room = 0
    for character in text:
        size = len(character.encode("utf-8"))
        if size > room:
            words.append("")
            room = _BYTES_OF_A_WORD
        words[-1] += character
        room -= size
    return "\r\n ".join(map(_UTF_8.header_encode, words))


def _address(name: str, address: str) -> str:
    encoded = _header(name)
    if encoded != name:
        return f"{encoded} <{address}>"
    if not address.isascii():  # which the library takes for a mistake; RFC 6532 lets it stand as it is
        return f'"{quote(name)}" <{address}>' if name else address
    return formataddr((name, address)) if name else address
