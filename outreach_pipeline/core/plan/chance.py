"""Seeded chance: numbers that look random and are the same for the same seed and id, on every machine.

Belongs here: hashing ids to [0, 1). Does not: what is decided by them.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt


def seed_of(*parts: object) -> int:
    """Return a 64-bit seed of some parts, such as tenant, date and what it is for."""
    text = "|".join(map(str, parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def uniform(seed: int, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Hash each id with a seed to a number in [0, 1).

    An id's number depends on nothing but the seed and itself, so that one contact more changes no other's chance.
    Source: the finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    """
    with np.errstate(over="ignore"):
        z = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(np.float64) / float(1 << 53)
