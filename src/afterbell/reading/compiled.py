"""Compiles patterns for hyperscan. Hundreds of rules take seconds, so whoever has a disk may lend a place to keep them.

Nothing is read or written here; without a place lent, each process compiles for itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

import hyperscan


class Keep(Protocol):
    """A place for compiled patterns by key. What it returns is checked; what it loses is compiled again."""

    def get(self, key: str, /) -> bytes | None:
        """Return what was put under the key, or None."""
        ...

    def put(self, key: str, data: bytes, /) -> None:
        """Keep the data if possible."""
        ...


_VERSION = getattr(hyperscan, "__version__", "")
_lent: list[Keep] = []


def lend(keep: Keep) -> None:
    """Use this place from now on, in this process."""
    _lent[:] = [keep]


def database(expressions: Sequence[bytes], ids: Sequence[int], flags: Sequence[int]) -> hyperscan.Database:
    """Return the compiled patterns, ready to scan whole blocks."""
    key = hashlib.sha256(repr((_VERSION, expressions, ids, flags)).encode()).hexdigest()
    for keep in _lent:
        data = keep.get(key)
        if data is not None and (kept := _loaded(data)) is not None:
            return kept
    made = hyperscan.Database()
    made.compile(expressions=list(expressions), ids=list(ids), flags=list(flags))
    for keep in _lent:
        keep.put(key, hyperscan.dumpb(made))
    return made


def _loaded(data: bytes) -> hyperscan.Database | None:
    """Return the patterns in `data`; None when it is damaged or of another processor or version (it has a checksum)."""
    try:
        kept = hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
        kept.scratch = hyperscan.Scratch(kept)
    except hyperscan.HyperscanError:
        return None
    return kept
