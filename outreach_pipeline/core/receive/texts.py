"""From the bytes of a part to text that a person would see.

Belongs here: transfer encodings, character sets, encoded words, HTML to text. Does not: the structure of a mail
(``core.receive.mime``) or what a text means.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import quopri
import re

from outreach_pipeline.core.receive.mime import Part

MAX_TEXT = 256 * 1024
"""Bytes of one part that are read as text."""

_ENCODED_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,20})?\?([bBqQ])\?([^?]{0,2000})\?=", re.ASCII)
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(=\?)")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_SPACES = re.compile(r"\s+")
_TAG = re.compile(r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})([^<>]{0,4000})>")
_BLANK_LINES = re.compile(r"\n[ \t\xa0]*(?:\n[ \t\xa0]*){2,}")
_CHARSET_ALIASES = {
    "unicode-1-1-utf-7": "utf-7",
    "x-unknown": "utf-8",
    "unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "ks_c_5601-1987": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "cp-850": "cp850",
}
# Python codecs that are no character sets, or that take quadratic time on long input.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_BLOCK_TAGS = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "blockquote",
        "hr",
        "pre",
        "section",
        "article",
        "header",
        "footer",
    ]
)
_OUTLOOK = re.compile(r"divrplyfwdmsg|border-top: ?solid #(?:e1e1e1|b5c4df) 1\.0pt", re.IGNORECASE)
OUTLOOK_MARK = "¦ "
"""Stands before the lines that follow Outlook's header of a quote in HTML: all that follows it, whoever wrote it."""
_QUOTE_BEGINS, _QUOTE_ENDS, _OUTLOOK_BEGINS = "\x01", "\x00", "\x02"
_NO_MARKS = {ord(each): None for each in (_QUOTE_BEGINS, _QUOTE_ENDS, _OUTLOOK_BEGINS)}
_HIDDEN_TAGS = frozenset({"style", "script", "head", "title", "template"})


def decode_charset(data: bytes, charset: str) -> str:
    """Bytes as text by a declared character set; what is wrong or unknown is read as UTF-8, else by its letters."""
    name = charset.strip().strip("\"'").lower()
    name = _CHARSET_ALIASES.get(name, name) or "utf-8"
    try:
        codec = codecs.lookup(name).name
        if codec not in _NO_CHARSETS:
            return data.decode(codec)
    except (LookupError, ValueError, UnicodeError):
        pass
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_single_byte(data), "replace")


def _single_byte(data: bytes) -> str:
    """The character set of bytes that declare none: Cyrillic where most letters are beyond ASCII, else Windows-1252."""
    sample = data[:4096]
    upper = sum(0xC0 <= each < 0xE0 for each in sample)
    lower = sum(each >= 0xE0 for each in sample)
    if upper + lower <= sum(bytes((each,)).isalpha() for each in sample):
        return "cp1252"
    # Small letters, which prevail in any text, are the upper half in one and the lower half in the other.
    return "cp1251" if lower > upper else "koi8-r"


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding of at most ``MAX_TEXT`` bytes; damage is skipped, an unknown name changes nothing."""
    name = encoding.strip().lower()
    if name.startswith("base64"):
        compact = _NOT_BASE64.sub(b"", body[: MAX_TEXT * 3 // 2])
        if len(compact) % 4 == 1:
            compact = compact[:-1]
        try:
            return base64.b64decode(compact + b"=" * (-len(compact) % 4))
        except (binascii.Error, ValueError):
            return body[:MAX_TEXT]
    if name.startswith("quoted-printable"):
        return quopri.decodestring(body[:MAX_TEXT])
    return body[:MAX_TEXT]


def part_text(part: Part) -> str:
    r"""A part's content as text with ``\\n`` line ends; HTML stays HTML."""
    data = decode_transfer(part.body, part.header("content-transfer-encoding"))
    charset = part.parameters.get("charset", "")
    if not charset and b"\x1b$" in data:
        charset = "iso-2022-jp"
    return decode_charset(data, charset).replace("\r\n", "\n").replace("\r", "\n")


def decode_header(value: str) -> str:
    """A raw header value, Latin-1 for bytes above 127, as readable text with single spaces."""
    joined = _BETWEEN_WORDS.sub(r"\1\2", value)
    pieces: list[str] = []
    position = 0
    for match in _ENCODED_WORD.finditer(joined):
        pieces += (_raw_text(joined[position : match.start()]), _decode_word(match))
        position = match.end()
    return _SPACES.sub(" ", "".join((*pieces, _raw_text(joined[position:])))).strip()


def _raw_text(value: str) -> str:
    """What stands in a header unencoded: UTF-8 as newer systems write it, or what else its bytes are."""
    if value.isascii():
        return value
    return decode_charset(value.encode("latin-1", "replace"), "utf-8")


def _decode_word(match: re.Match[str]) -> str:
    data = match[3].encode("latin-1", "replace")
    data = decode_transfer(data, "base64") if match[2] in "bB" else quopri.decodestring(data.replace(b"_", b" "))
    return decode_charset(data, match[1])


def html_to_text(source: str) -> str:
    """What a reader sees of HTML: lines for blocks, no styles or scripts, entities resolved.

    A quoted block (``blockquote``, and the wrappers of Gmail and Yahoo) has each line start with ``> ``, as a
    plain-text client would write it, and what follows Outlook's header of a quote with ``OUTLOOK_MARK``. Runs once over the text, whatever the markup.
    """
    return _HtmlReader(source).read()


class _HtmlReader:
    """One pass over HTML. Quotes are marked by control characters, which no decoded text needs, until lines are made."""

    def __init__(self, source: str) -> None:
        self._source = source
        low = source.lower()
        self._low = low if len(low) == len(source) else source
        self._out: list[str] = []
        self._unclosed: set[str] = set()
        self._hidden = ""
        self._quote_tag = ""
        self._quote_depth = 0

    def read(self) -> str:
        position = 0
        for match in _TAG.finditer(self._source):
            if match.start() < position:
                continue
            if not self._hidden:
                self._out.append(_words(self._source[position : match.start()]))
            position = match.end()
            if match[0] == "<!--":
                end = self._source.find("-->", position)
                position = len(self._source) if end < 0 else end + 3
            elif self._hidden:
                if match[1] and match[2].lower() == self._hidden:
                    self._hidden = ""
            else:
                self._take_tag(match)
        if not self._hidden:
            self._out.append(_words(self._source[position:]))
        return _mark_quotes("".join(self._out))

    def _take_tag(self, match: re.Match[str]) -> None:
        closing, tag = bool(match[1]), match[2].lower()
        if tag in _HIDDEN_TAGS:
            if not closing:
                self._hide(tag, match.end())
        elif tag in _BLOCK_TAGS:
            self._count_quote(tag, match[3], closing=closing)
            self._out.append("\n")
        elif tag in ("td", "th"):
            self._out.append(" ")

    def _hide(self, tag: str, position: int) -> None:
        """Hide what follows up to the closing tag; without one the rest of the mail would vanish, so nothing is hidden."""
        if tag not in self._unclosed and self._low.find(f"</{tag}", position) < 0:
            self._unclosed.add(tag)
        self._hidden = "" if tag in self._unclosed else tag

    def _count_quote(self, tag: str, attributes: str, *, closing: bool) -> None:
        if self._quote_depth:
            if tag == self._quote_tag:
                self._quote_depth += -1 if closing else 1
                if not self._quote_depth:
                    self._out.append(f"\n{_QUOTE_ENDS}")
        elif not closing and (tag == "blockquote" or _is_quote(attributes)):
            # Outlook wraps no more than the quote's header: what is quoted is all that follows.
            is_outlook = _OUTLOOK.search(attributes) is not None
            self._quote_tag, self._quote_depth = "" if is_outlook else tag, 1
            self._out.append(f"\n{_OUTLOOK_BEGINS if is_outlook else _QUOTE_BEGINS}")


def _is_quote(attributes: str) -> bool:
    low = attributes.lower()
    return "gmail_quote" in low or "yahoo_quoted" in low or "moz-cite" in low or _OUTLOOK.search(low) is not None


def _words(text: str) -> str:
    return _SPACES.sub(" ", html.unescape(text)) if text else ""


def _mark_quotes(text: str) -> str:
    lines: list[str] = []
    mark = ""
    for line in text.split("\n"):
        if _QUOTE_BEGINS in line:
            mark = "> "
        if _OUTLOOK_BEGINS in line:
            mark = OUTLOOK_MARK
        if _QUOTE_ENDS in line:
            mark = ""
        content = line.translate(_NO_MARKS).strip(" \t")
        lines.append(mark + content if content else content)
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
