"""What receiving costs: the classifier's rate, its slowest mail, and what broken mails do to it."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.classify import measured
from benchmarks.measuring import Measurement


def measure() -> Iterator[Measurement]:
    """Classify ten thousand mails, and as many broken ones."""
    yield from measured(mails=10_000, fuzz=10_000)
