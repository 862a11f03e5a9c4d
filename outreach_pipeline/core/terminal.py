"""Makes text from strangers safe to show in a terminal.

Belongs here: which characters a terminal obeys. Does not: tables or JSON (``cli.output``).
"""

from __future__ import annotations

import re

# What moves the cursor, colours, or turns the direction of writing; line feeds and tabs do none of it.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    r"""Return a text with its control characters written out, as ``\x1b`` for Escape."""
    return _CONTROLS.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
