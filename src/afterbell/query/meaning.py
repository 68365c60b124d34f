"""What makes two incidents similar by what they mean: which text of each is compared, and how near two vectors point.

A sentence model turns a text into a vector of length 1 (`engines/embedder.py` runs one); what means nearly the same
points nearly the same way. The cosine of two is at most 1 and tells nothing by itself: it orders records about one
subject. Nothing is loaded or read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from heapq import nsmallest
from operator import mul

from msgspec import Struct

from afterbell.canon import sha256_hex
from afterbell.model.event import Event
from afterbell.query.records import Row


class By(StrEnum):
    """What similar records are found by."""

    WORDS = "words"
    MEANING = "meaning"


class Embedder(Struct, frozen=True, kw_only=True):
    """A sentence model: its name, which no other model has, and what makes vectors of texts, one each, in their order.

    A vector is its numbers as 32-bit floats in this machine's order, of length 1.
    """

    model: str
    vectors: Callable[[Sequence[str]], Iterator[bytes]]


def of_record(row: Row) -> str:
    """Return the text by which a record is compared: its summary, on one line. Empty when it has none."""
    return " ".join(row.summary.split())


def of_event(event: Event) -> str:
    """Return the text by which an event is compared: what fired and why, on one line."""
    return " ".join(f"{event.trigger.value.replace('_', ' ')}: {event.reason}".split())


def named(text: str) -> str | None:
    """Return the name that a text's vector is kept by, its SHA-256: one text has one vector. None for no text."""
    return sha256_hex(text.encode(errors="surrogatepass")) if text else None


def nearest(subject: bytes, others: Iterable[tuple[str, bytes]], most: int) -> tuple[tuple[str, float], ...]:
    """Return the ids of the vectors that point most nearly as the subject's does, with the cosines, the nearest first.

    Vectors of another length than the subject's are of no model that could be compared with it, and are left out.
    """
    ours = memoryview(subject).cast("f").tolist()
    found = (
        (sum(map(mul, ours, memoryview(theirs).cast("f"))), name)
        for name, theirs in others
        if len(theirs) == len(subject)
    )
    return tuple((name, cosine) for cosine, name in nsmallest(most, found, key=lambda each: (-each[0], each[1])))
