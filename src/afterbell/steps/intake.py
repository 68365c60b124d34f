"""One unit of an ingest: bytes of a source into spooled rows and compressed evidence. Runs in any process."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from msgspec import Struct

from afterbell.catalog import intake as catalog
from afterbell.disk import evidence
from afterbell.disk.spool import Spool, Tally
from afterbell.formats.items import Context, Item
from afterbell.model.trace import Refusal
from afterbell.reading import secrets

KEPT_REFUSALS = 1000
_spools: dict[Path, Spool] = {}


class Piece(Struct, frozen=True, kw_only=True):
    """A block of lines, or a whole source, and where its rows go. `source` is its number within the commit."""

    spool: Path
    buckets: int
    format: str
    name: str
    source: int
    first_line: int = 1
    last: bool = False
    data: bytes = b""


class Done(Struct, frozen=True, kw_only=True):
    """What became of a piece. `kept` holds the redacted bytes when something was redacted, else None."""

    frame: bytes
    kept: bytes | None
    tally: Tally
    redacted: dict[str, int]
    refused: int
    refusals: tuple[Refusal, ...]


def read_lines(piece: Piece) -> Done:
    """Redact, compress, read and spool a block of lines."""
    kept, redacted = secrets.redact(piece.data)
    envelope = catalog.envelope_named(piece.format)
    tally, refusals = Tally(), Refusals()

    def items() -> Iterator[Item]:
        position = piece.first_line
        lines = kept.split(b"\n")
        ended = lines[-1] == b""
        for index, line in enumerate(lines[:-1] if ended else lines):
            final = piece.last and not ended and index == len(lines) - 1
            yield from envelope.read(line, Context(name=piece.name, position=position, last=final))
            position += 1

    collecting = gc.isenabled()
    gc.disable()  # thousands of short-lived values and no cycles: collecting costs a fifth of the time
    try:
        _spool(piece.spool, piece.buckets).add(refusals.apart(items()), piece.source, tally)
    finally:
        if collecting:
            gc.enable()
    _spool(piece.spool, piece.buckets).flush()
    return Done(
        frame=evidence.compress(kept), kept=kept if redacted else None, tally=tally,
        redacted=redacted, refused=refusals.count, refusals=tuple(refusals.first),
    )  # fmt: skip


def read_stream(piece: Piece) -> Done:
    """Redact, compress, read and spool a whole source that is no list of lines."""
    kept, redacted = secrets.redact(piece.data)
    envelope = catalog.envelope_named(piece.format)
    tally, refusals = Tally(), Refusals()
    items = envelope.read(BytesIO(kept), Context(name=piece.name, position=1, last=True))
    _spool(piece.spool, piece.buckets).add(refusals.apart(items), piece.source, tally)
    _spool(piece.spool, piece.buckets).flush()
    return Done(
        frame=evidence.compress(kept), kept=kept if redacted else None, tally=tally,
        redacted=redacted, refused=refusals.count, refusals=tuple(refusals.first),
    )  # fmt: skip


def _spool(directory: Path, buckets: int) -> Spool:
    if directory not in _spools:
        _spools.clear()
        _spools[directory] = Spool(directory, buckets)
    return _spools[directory]


class Refusals:
    """Counts refusals and keeps the first thousand; remarks on what was taken in are kept, not counted."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[Refusal] = []

    def add(self, refusal: Refusal) -> None:
        """Count one refusal."""
        self.count += not refusal.taken
        if len(self.first) < KEPT_REFUSALS:
            self.first.append(refusal)

    def apart(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield everything but refusals, which are counted."""
        for item in items:
            if isinstance(item, Refusal):
                self.add(item)
            else:
                yield item
