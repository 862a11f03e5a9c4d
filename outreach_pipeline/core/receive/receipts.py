"""Tells the sentences of a help desk's receipt by what they say: something was registered, under a number.

Belongs here: how the pieces make such a sentence. Does not: the pieces (``core.receive.rules.receipts``) or when a mail is a
receipt (``core.receive.auto_replies``).
"""

from __future__ import annotations

import re

from outreach_pipeline.core.receive.phrases import fold, folded_pattern
from outreach_pipeline.core.receive.rules import receipts as rules

_THING = folded_pattern(rf"(?<!\w)(?:{rules.THINGS})(?!\w)")
_MADE = folded_pattern(rf"(?<!\w)(?:{rules.MADE})(?!\w)")
_NUMBERED = re.compile(fold(rf"(?<!\w)(?:{rules.NUMBERS})(?!\w)[^.!?]{{0,30}}?") + rules.NUMBER)
_NUMBER = re.compile(rf"(?<![\d.,]){rules.NUMBER}(?![\d.,]*\d)")


def registers(sentence: str) -> bool:
    """Whether a normalised sentence says that something was registered or received, with a number or without."""
    low = fold(sentence)
    return _THING.search(low) is not None and _MADE.search(low) is not None


def has_its_number(sentence: str) -> bool:
    """Whether a normalised sentence names the number of a ticket."""
    low = fold(sentence)
    return _NUMBERED.search(low) is not None or (registers(sentence) and _NUMBER.search(low) is not None)
