"""Puts together what the author of a mail wrote, of all the parts that are its body.

Mail programs part a text wherever a picture stands in it, and send one text in several forms. Belongs here: which parts are
body, and which form of them is read. Does not: quotes and signatures within it (``core.receive.quotes``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from outreach_pipeline.core.receive.mime import Part
from outreach_pipeline.core.receive.texts import OUTLOOK_MARK, html_to_text, part_text

_HTML = "text/html"
_PROSE = frozenset({"text/plain", _HTML, "text/enriched", "text/richtext", "text/x-amp-html", "text/markdown"})
# Text that programs write for programs: who accepts an invitation has written none of it.
_OF_PROGRAMS = frozenset({"text/calendar", "text/vcard", "text/x-vcard", "text/directory"})
_MOST_PARTS = 20
_FEW_WORDS = 8
_MUCH_LONGER = 3
# What a program writes into the plain form whose text stands in the HTML alone.
_NO_HTML = re.compile(
    r"\bhtml\b[^\n]{0,80}(?:view|support|display|show|read|enabl|client|program|format|version|darstell|anzeig|lesen|afficher|visuali|mostra|weergeven|wyświetl|отобра|просм)"
    r"|(?:view|support|display|show|enabl|darstell|anzeig|unterstütz|affich|prend|support|visuali|compatib|weergeven|obsług|wyświetl|поддерж|отобра|підтрим)[^\n]{0,80}\bhtml\b",
    re.IGNORECASE,
)
_MOST_OF_A_HINT = 40


def body_text(parts: Sequence[Part]) -> str:
    """The text of a mail's own body.

    Parts of text stand one below the other in the order of the mail; attachments and enclosed mails are not read, a text
    shown inline is, whether it has a file name or not. Of several forms of one text the plain one is read, unless it says no more
    than that the program shows no HTML, or stops where the HTML goes on.
    """
    texts = [part for part in parts if _is_text(part) and not part.enclosed and not is_attached(part)]
    texts = [part for part in texts if part.content_type not in _OF_PROGRAMS]
    prose = [part for part in texts if part.content_type in _PROSE]
    # A container without one readable piece is its own text.
    alone = [part for part in parts if len(parts) == 1 and part.content_type not in _OF_PROGRAMS]
    return _joined((prose or texts or alone)[:_MOST_PARTS], depth=0)


def _joined(parts: Sequence[Part], *, depth: int) -> str:
    """The texts of parts in their order, those of an alternative counted as one."""
    pieces: list[str] = []
    done: set[int] = set()
    for part in parts:
        if len(part.forms) <= depth:
            pieces.append(_text(part))
            continue
        alternative = part.forms[depth][0]
        if alternative not in done:
            done.add(alternative)
            inside = [each for each in parts if len(each.forms) > depth and each.forms[depth][0] == alternative]
            pieces.append(_best_form(inside, depth=depth))
    return "\n\n".join(piece for piece in pieces if piece.strip())


def _best_form(parts: Sequence[Part], *, depth: int) -> str:
    """The form of a text that is to be read: the plain one, unless another holds more than it."""
    forms: dict[int, list[Part]] = {}
    for part in parts:
        forms.setdefault(part.forms[depth][1], []).append(part)
    plain = [each for each in forms.values() if any(part.content_type != _HTML for part in each)]
    rich = [each for each in forms.values() if each not in plain]
    text = _first_of(plain, depth=depth)
    words = text.split()
    if not rich or len(words) > _MOST_OF_A_HINT:
        return text or _first_of(rich, depth=depth)
    if words and len(words) > _FEW_WORDS and not _NO_HTML.search(text):
        return text
    other = _first_of(rich, depth=depth)
    said = _unquoted(other)
    goes_on = len(words) <= _FEW_WORDS and len(said) >= max(_MUCH_LONGER * len(words), len(words) + _FEW_WORDS - 2)
    begins_so = len(words) <= _FEW_WORDS and len(said) > len(words) and said[: len(words)] == words
    return other if said and (goes_on or begins_so or not words or _NO_HTML.search(text)) else text


def _first_of(forms: Sequence[Sequence[Part]], *, depth: int) -> str:
    texts = (_joined(each, depth=depth + 1) for each in forms)
    return next((text for text in texts if text.strip()), "")


def _unquoted(text: str) -> list[str]:
    return [word for line in text.split("\n") if not line.startswith((">", OUTLOOK_MARK)) for word in line.split()]


def _text(part: Part) -> str:
    read: Callable[[str], str] = html_to_text if part.content_type == _HTML else str
    return read(part_text(part))


def _is_text(part: Part) -> bool:
    return part.content_type.startswith("text/") and not part.content_type.startswith("text/rfc822")


def is_attached(part: Part) -> bool:
    """Whether a part is to be saved, not shown."""
    return part.header("content-disposition").strip().lower().startswith("attachment")
