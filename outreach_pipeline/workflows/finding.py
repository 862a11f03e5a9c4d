"""What ``outreach doctor`` says of one thing that it looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; a ``problem`` forbids sending, a ``warning`` does not."""

    level: Literal["ok", "warning", "problem"]
    subject: str
    finding: str
    cure: str = ""
