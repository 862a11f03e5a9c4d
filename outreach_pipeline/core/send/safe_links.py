"""Where a message's links lead: which of them a mail may have.

Belongs here: finding links in texts, HTML and templates of both. Does not: what else a message may not be (core.send.gate), the
opt-out links (core.send.links).
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_ATTRIBUTES = frozenset({"href", "xlink:href", "src", "srcset", "action", "formaction", "background", "poster"})
# The names of document types and XML namespaces look like links, and nobody follows them.
_WITHOUT_TLS = re.compile(
    r"\b(?:http://(?!www\.w3\.org/|schemas\.)|s?ftp://|file:(?:[/\\]|[a-z]:))[^\s\"'<>]{1,100}", re.IGNORECASE
)
# With a blank behind the colon it is a word.
_SCRIPT = re.compile(r"\b(?:java|vb)script:[^\s\"'<>]{1,100}", re.IGNORECASE)
# The same are nothing that is followed where they are a parameter, or the end of the path, of a link with TLS.
_PARAMETER = re.compile(r"https://[\w\[][^\s\"'<>]*[=/?&#]$", re.IGNORECASE)
_LONGEST_BEFORE = 2000
# What stands for a field may be a host, too.
_MAY_BE = re.compile(r"https://[\w\[{]|mailto:|tel:|#", re.IGNORECASE)
# Parsing costs ten times what these do: they find, in lower case, what may be a link that is none of the usual.
_ODD = tuple(
    re.compile(rf"{name}\s*=(?!\s*[\"']?(?:https://[\w\[{{]|mailto:|tel:|#))")
    for name in ("href", "src", "action", "background", "poster")
)
SCRIPT = "<script"
"""With what a script begins, as it is found in a page."""

_STATEMENTS = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_EXPRESSIONS = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# Stands for what a field decides. What was rendered holds no braces.
_FIELD = "{{…}}"
# Browsers leave these out of an address, wherever they stand.
_LEFT_OUT = re.compile(r"[\x00-\x20]+")


def insecure_link(text: str) -> str | None:
    """Return the first link without TLS (http, ftp, file), or script, in a text or a subject, None without one."""
    low = text.lower()
    found = _first_in(text, _WITHOUT_TLS) if _may_be_odd(low) else None
    return found or (_first_in(text, _SCRIPT) if "script:" in low else None)


def _may_be_odd(low: str) -> bool:
    # The first is of http and ftp; https does not hold it.
    return "p://" in low or "file:" in low


def _first_in(text: str, pattern: re.Pattern[str]) -> str | None:
    for found in pattern.finditer(text):
        if not _PARAMETER.search(text, max(0, found.start() - _LONGEST_BEFORE), found.start()):
            return found[0]
    return None


def insecure_link_of_page(page: str, *, has_files: bool = False) -> str | None:
    """Return the first link of HTML that is none of https, mailto, tel, or a place in the page, or its ``<script>``, None without.

    Args:
        page: HTML.
        has_files: whether the message carries files, which the page may show (cid).
    """
    low = page.lower()
    if _may_be_odd(low) and (found := _first_in(page, _WITHOUT_TLS)):
        return found
    is_odd = "srcset" in low or SCRIPT in low or any(each.search(low) for each in _ODD)
    return _Links(has_files=has_files).first(page) if is_odd else None


def as_written(template: str) -> str:
    """Return a template without what only rendering decides, so that its own links can be judged."""
    return _EXPRESSIONS.sub(_FIELD, _STATEMENTS.sub("", template))


class _Links(HTMLParser):
    def __init__(self, *, has_files: bool) -> None:
        super().__init__()
        self._has_files = has_files
        self._found: str | None = None

    def first(self, page: str) -> str | None:
        self.feed(page)
        self.close()
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._found is None and tag == SCRIPT[1:]:
            self._found = f"{SCRIPT}>"
        for name, value in attrs:
            if self._found is None and name in _ATTRIBUTES and value is not None:
                links = re.split(r",\s+", value) if name == "srcset" else [value]
                self._found = next((each.strip() for each in links if not self._is_fit(each, name)), None)

    def _is_fit(self, link: str, attribute: str) -> bool:
        address = _LEFT_OUT.sub("", link)
        return (
            # Programs leave the others empty where there is nothing to show.
            (not address and attribute not in {"href", "src"})
            or _MAY_BE.match(address) is not None
            or address.startswith(_FIELD)
            or (self._has_files and address[:4].lower() == "cid:")
        )
