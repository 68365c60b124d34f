"""One unit of an ingest: bytes of a source into spooled rows and compressed evidence. Runs in any process."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from afterbell.catalog import intake as catalog
from afterbell.disk import evidence
from afterbell.disk.spool import Spool, Tally
from afterbell.engines.local import Parcel
from afterbell.formats.items import Context, Item
from afterbell.formats.pending import is_pending
from afterbell.formats.references import references
from afterbell.model.books import BookRow
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.reading import secrets

KEPT_REFUSALS = 1000
KEPT_ADDRESSES = 5
_spools: dict[tuple[Path, int], Spool] = {}


class Piece(Struct, frozen=True, kw_only=True):
    """A block of a source and where its rows go. `source` is its number within the commit.

    Without a format the block is kept and not read.
    """

    spool: Path
    buckets: int
    format: str
    name: str
    source: int
    first_line: int = 1
    last: bool = False
    data: Parcel = Parcel()


class Done(Struct, frozen=True, kw_only=True):
    """What became of a piece. `kept` holds the redacted bytes when something was redacted, else None.

    `pending` counts copies of spans that had just begun: see `formats.pending`. `elsewhere` counts texts that stand in
    files of their own, `addresses` are the first of them: see `formats.references`.
    """

    frame: bytes = b""
    kept: bytes | None = None
    tally: Tally
    redacted: dict[str, int] = {}
    pending: int = 0
    elsewhere: int = 0
    addresses: tuple[str, ...] = ()
    refused: int = 0
    refusals: tuple[Refusal, ...] = ()


def read_lines(piece: Piece) -> Done:
    """Redact, compress, read and spool a block of lines."""
    kept, redacted = secrets.redact(piece.data.open())
    tally, refusals = Tally(), Refusals()
    if piece.format:
        with _without_collecting():
            spool = _spool(piece.spool, piece.buckets)
            spool.add(refusals.apart(_items(piece, kept)), piece.source, tally)
            spool.flush()
        refusals.too_long(tally)
    return Done(
        frame=evidence.compress(kept), kept=kept if redacted else None, tally=tally,
        redacted=redacted, pending=refusals.pending, elsewhere=refusals.elsewhere, addresses=tuple(refusals.addresses),
        refused=refusals.count, refusals=tuple(refusals.first),
    )  # fmt: skip


def _items(piece: Piece, kept: bytes) -> Iterator[Item]:
    envelope = catalog.envelope_named(piece.format)
    start, end, position = 0, len(kept), piece.first_line
    while start < end:
        stop = kept.find(b"\n", start)
        final = stop < 0
        line = kept[start : end if final else stop]
        yield from envelope.read(line, Context(name=piece.name, position=position, last=final and piece.last))
        start = end if final else stop + 1
        position += 1


def read_stream(piece: Piece, stream: BinaryIO) -> Done:
    """Read and spool a source that is no list of lines; `stream` gives the bytes that are kept of it."""
    envelope = catalog.envelope_named(piece.format)
    tally, refusals = Tally(), Refusals()
    items = envelope.read(stream, Context(name=piece.name, position=1, last=True))
    spool = _spool(piece.spool, piece.buckets)
    spool.add(refusals.apart(items), piece.source, tally)
    spool.flush()
    refusals.too_long(tally)
    return Done(
        tally=tally, pending=refusals.pending, elsewhere=refusals.elsewhere, addresses=tuple(refusals.addresses),
        refused=refusals.count, refusals=tuple(refusals.first),
    )  # fmt: skip


def _spool(directory: Path, buckets: int) -> Spool:
    mark = (directory, os.getpid())  # a forked process has its parent's spool in memory, but not its files
    if mark not in _spools:
        forget()
        _spools[mark] = Spool(directory, buckets)
    return _spools[mark]


def forget() -> None:
    """Close the spool of an ingest that is over, in this process."""
    for spool in _spools.values():
        spool.close()
    _spools.clear()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Thousands of short-lived values and no cycles: collecting costs a fifth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Refusals:
    """Counts refusals and keeps the first thousand; remarks on what was taken in are kept, not counted."""

    def __init__(self) -> None:
        self.count = 0
        self.pending = self.elsewhere = 0
        self.addresses: list[str] = []
        self.first: list[Refusal] = []

    def add(self, refusal: Refusal) -> None:
        """Count one refusal."""
        self.count += not refusal.taken
        if len(self.first) < KEPT_REFUSALS:
            self.first.append(refusal)

    def too_long(self, tally: Tally) -> None:
        """Count what the spool would not take."""
        for position in tally.too_long:
            self.add(Refusal(where=f"unit {position}", why="a row too long for the store: kept as evidence, not read"))

    def apart(self, items: Iterable[Item]) -> Iterator[Span | LogRecord | BookRow]:
        """Yield everything but refusals, which are counted."""
        for item in items:
            if isinstance(item, Refusal):
                self.add(item)
            else:
                if not isinstance(item, BookRow):
                    self._look(item)
                yield item

    def _look(self, item: Span | LogRecord) -> None:
        self.pending += isinstance(item, Span) and is_pending(item)
        for found in references(item.attributes):
            self.elsewhere += 1
            if len(self.addresses) < KEPT_ADDRESSES:
                self.addresses.append(found.address)
