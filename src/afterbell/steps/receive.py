"""One source on its way in: its bytes become evidence, its rows go to the spool, its report is written.

Nothing counts before the commit that `ingest` writes; a source given up here leaves no trace in the store.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from msgspec import Struct, structs

from afterbell import __version__, clock
from afterbell.disk import evidence, sources
from afterbell.disk.commits import Kept
from afterbell.disk.house import BUCKETS, House
from afterbell.disk.opening import Stream
from afterbell.disk.sources import Block, Source
from afterbell.disk.spool import Tally
from afterbell.engines.local import Crew, Parcel
from afterbell.formats.items import Unit
from afterbell.model.trace import Refusal
from afterbell.reading import secrets
from afterbell.steps.intake import KEPT_ADDRESSES, KEPT_REFUSALS, Done, Piece, read_lines, read_stream

PARSER = f"afterbell {__version__}"
LARGEST_DOCUMENT = 256 * 1024 * 1024
_MANY = 2 * sources.BLOCK
IN_FLIGHT = 6  # blocks
_BUFFER = 256 * 1024
_CONTROL = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1e"))

KEPT, REPEAT, REFUSED = "kept", "repeat", "refused"

Progress = Callable[[str, int, int], None]


class SourceReport(Struct, frozen=True, kw_only=True):
    """What became of one source. `outcome` is kept, repeat (its bytes were already here) or refused.

    `size` is in bytes as received, `evidence` the hash under which they are kept.
    """

    path: str
    outcome: str
    format: str = ""
    evidence: str = ""
    traces: int = 0
    spans: int = 0
    logs: int = 0
    rows: int = 0
    size: int = 0
    redacted: dict[str, int] = {}
    refused_count: int = 0
    refused: tuple[Refusal, ...] = ()


def refused(source: Source, why: str) -> SourceReport:
    """Return the report of a source of which nothing is kept."""
    return SourceReport(
        path=source.name, outcome=REFUSED, size=source.size, refused_count=1,
        refused=(Refusal(where="file", why=why),),
    )  # fmt: skip


def remarked(report: SourceReport, why: str) -> SourceReport:
    """Return the report with a remark on what was taken in."""
    return structs.replace(report, refused=(*report.refused, Refusal(where="the file", why=why, taken=True)))


class Receiver:
    """Takes in one source. After `read`, call either `keep` or `drop`."""

    def __init__(self, house: House, spool: Path, number: int, source: Source, envelope: Any) -> None:
        """`spool` is where rows go, `number` the source's number within the commit, `envelope` what reads it."""
        self._spool = spool
        self._number = number
        self._source = source
        self._envelope = envelope
        self._writer = evidence.Writer(house.evidence)
        self._progress: Progress = lambda _name, _done, _size: None
        self.report = SourceReport(path=source.name, outcome=KEPT, format=envelope.NAME)
        self.longest = 0
        self._pending = 0
        self.elsewhere = 0
        self.addresses: tuple[str, ...] = ()

    @property
    def received_sha256(self) -> str:
        """The hash of the source's own bytes, once read."""
        return self._writer.received_sha256

    def read(self, head: bytes, stream: Stream, crew: Crew, progress: Progress) -> None:
        """Take in the whole stream, whose first bytes were read as `head`. Raises OSError when it cannot be read."""
        self._progress = progress
        try:
            if self._envelope.UNIT is Unit.LINE:
                self._lines(head, stream, crew)
            elif head.translate(None, _CONTROL) == head:
                self._text(head, stream)
            else:
                self._document(head, stream)
        except BaseException:
            self.drop()
            raise
        if stream.fault and self.report.outcome == KEPT:
            self._refuse(f"byte {self._writer.received_size}", f"{stream.fault}; what came before is kept")
        if self._pending:
            copies = f"{self._pending} pending spans (copies of spans that had just begun)"
            self.report = remarked(self.report, f"{copies}: each counts only where its span never came")
        self.report = structs.replace(
            self.report, evidence=self._writer.sha256 if self.report.outcome == KEPT else "",
            size=self._writer.received_size or self._source.size,
        )  # fmt: skip

    def _lines(self, head: bytes, stream: Stream, crew: Crew) -> None:
        """Read a source of lines, in several processes when it is large."""
        many = self._source.size > _MANY or stream.packed or not self._source.size  # a pipe does not say how much
        working = crew if many else Crew(1)
        waiting: deque[tuple[Block, Parcel]] = deque()

        def pieces() -> Iterator[Piece]:
            told = 0
            for block in sources.blocks(head, stream):
                if block.overlong and told != block.first_line:
                    told = block.first_line
                    limit = sources.LONGEST_LINE // 2**20
                    self._refuse(f"line {told}", f"longer than {limit} MiB: kept as evidence, not read")
                parcel = working.parcel(*block.pieces)
                waiting.append((block, parcel))
                yield self._piece(parcel, block.first_line, last=block.last, unread=block.overlong)

        for done in working.run(
            read_lines, pieces(), weigh=lambda _piece: waiting[-1][0].size, most=IN_FLIGHT * sources.BLOCK
        ):
            block, parcel = waiting.popleft()
            working.returned(parcel)
            self._take(block.pieces, done)

    def _text(self, head: bytes, stream: Stream) -> None:
        """Read a source of text that is no list of units, block by block: its size has no bound here."""
        feed = _Feed(self._blocks(head, stream))
        self._count(
            read_stream(self._piece(Parcel(), 1, last=True), cast("BinaryIO", io.BufferedReader(feed, _BUFFER)))
        )
        for _rest in feed.rest:  # an envelope may give up early; the evidence does not
            pass

    def _blocks(self, head: bytes, stream: Stream) -> Iterator[bytes]:
        for block in sources.blocks(head, stream):
            data = block.data
            kept, redacted = secrets.redact(data)
            done = Done(
                frame=evidence.compress(kept), kept=kept if redacted else None, redacted=redacted, tally=Tally()
            )
            self._take((data,), done)
            yield kept

    def _document(self, head: bytes, stream: Stream) -> None:
        """Read a binary source: secrets in it can only be told from the whole."""
        data = head + stream.read(LARGEST_DOCUMENT + 1 - len(head))
        if len(data) > LARGEST_DOCUMENT:
            limit = LARGEST_DOCUMENT // 2**20
            self.report = refused(self._source, f"larger than {limit} MiB in one binary file; export it in parts")
            return
        kept, redacted = secrets.redact(data)
        self._take(
            (data,),
            Done(frame=evidence.compress(kept), kept=kept if redacted else None, redacted=redacted, tally=Tally()),
        )
        del data
        self._count(read_stream(self._piece(Parcel(), 1, last=True), io.BytesIO(kept)))

    def _piece(self, data: Parcel, first_line: int, *, last: bool, unread: bool = False) -> Piece:
        return Piece(
            spool=self._spool, buckets=BUCKETS, format="" if unread else self._envelope.NAME, name=self._source.name,
            source=self._number, first_line=first_line, last=last, data=data,
        )  # fmt: skip

    def _refuse(self, where: str, why: str) -> None:
        more = (*self.report.refused, Refusal(where=where, why=why))
        self.report = structs.replace(self.report, refused=more, refused_count=self.report.refused_count + 1)

    def _take(self, data: Sequence[bytes | memoryview], done: Done) -> None:
        self._writer.add(data, done.kept, done.frame)
        self._count(done)

    def _count(self, done: Done) -> None:
        was, tally = self.report, done.tally
        redacted = {
            kind: was.redacted.get(kind, 0) + done.redacted.get(kind, 0) for kind in {*was.redacted, *done.redacted}
        }
        self.report = structs.replace(
            was, spans=was.spans + tally.spans, logs=was.logs + tally.logs, rows=was.rows + tally.rows,
            redacted=redacted, refused_count=was.refused_count + done.refused,
            refused=(*was.refused, *done.refusals)[:KEPT_REFUSALS],
        )  # fmt: skip
        self.longest = max(self.longest, tally.longest)
        self._pending += done.pending
        self.elsewhere += done.elsewhere
        self.addresses = (*self.addresses, *done.addresses)[:KEPT_ADDRESSES]
        self._progress(self._source.name, self._writer.received_size, self._source.size)

    def drop(self) -> None:
        """Forget the source; rows already spooled are left out, since no commit will name it."""
        self._writer.drop()

    def keep(self) -> Kept:
        """Make the evidence durable and return its row of the manifest."""
        self._writer.keep()
        report, writer = self.report, self._writer
        return Kept(
            source=self._number, sha256=report.evidence, received_sha256=writer.received_sha256,
            received_size=writer.received_size, size=writer.size, stored_size=writer.stored_size,
            name=report.path, format=report.format, parser=PARSER, received_at=clock.now().isoformat(),
            redacted=report.redacted, spans=report.spans, logs=report.logs, rows=report.rows,
            refused=report.refused_count,
            refusals=tuple({"where": each.where, "why": each.why} for each in report.refused[:100]),
        )  # fmt: skip


class _Feed(io.RawIOBase):
    """Blocks as the file that an envelope reads."""

    def __init__(self, rest: Iterator[bytes]) -> None:
        self.rest = rest
        self._held = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._held:
            block = next(self.rest, None)
            if block is None:
                return 0
            self._held = memoryview(block)
        size = min(len(buffer), len(self._held))
        buffer[:size] = self._held[:size]
        self._held = self._held[size:]
        return size
