"""Ingest: bytes from any source become evidence, kept whole by hash, and rows of the store.

Sources are read as streams, in blocks of whole lines, by as many processes as there are processors. Nothing is
acknowledged before its commit file is durable; the same bytes a second time change nothing.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import filelock
from msgspec import Struct, structs

from afterbell import clock
from afterbell.catalog import intake as catalog
from afterbell.disk import commits, evidence, shards, sources
from afterbell.disk.commits import Commit, Kept
from afterbell.disk.house import BUCKETS, House
from afterbell.disk.sources import Source
from afterbell.engines import local
from afterbell.errors import AfterbellError, StoreError
from afterbell.formats.items import Unit
from afterbell.model.trace import Refusal
from afterbell.steps.intake import Done, Piece, read_lines, read_stream

PARSER = "afterbell 0.1.0"
LARGEST_DOCUMENT = 256 * 1024 * 1024
_COMMIT_AT = 2 * 1024 * 1024 * 1024
_MANY = 2 * sources.BLOCK

KEPT, REPEAT, REFUSED = "kept", "repeat", "refused"


class SourceReport(Struct, frozen=True, kw_only=True):
    """What became of one source. `outcome` is kept, repeat (its bytes were already here) or refused."""

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


class _Batch:
    """The ingest under way: spooled rows and kept evidence that the next commit will name."""

    def __init__(self, house: House, number: int) -> None:
        self.house = house
        self.number = number
        self.kept: list[Kept] = []
        self.sources = 0
        self.longest = 0
        self.size = 0
        house.spool.mkdir(parents=True, exist_ok=True)


def ingest(
    house: House, patterns: Sequence[str], *, format_name: str = "", jobs: int = 0,
    progress: Callable[[str, int, int], None] = lambda _name, _done, _size: None,
) -> Iterator[SourceReport]:  # fmt: skip
    """Ingest everything behind `patterns` and yield a report per source once it is durable.

    `progress` is called with a source's name, the bytes read of it and its size. Raises AfterbellError when another
    ingest holds the store for long or the disk fails; what was reported before stays.
    """
    envelope = catalog.envelope_named(format_name) if format_name else None
    found = sources.expand(patterns, house.store)
    house.make_store()
    with _writing(house):
        _sweep(house)
        history = commits.read_all(house.commits)
        known = {kept.received_sha256 for commit in history for kept in commit.evidence}
        sizes = {kept.received_size for commit in history for kept in commit.evidence}
        batch = _Batch(house, len(history) + 1)
        waiting: list[SourceReport] = []
        for source in found:
            report = _one(batch, source, envelope, known, sizes, jobs or local.processors(), progress)
            waiting.append(report)
            if batch.size > _COMMIT_AT:
                yield from _commit(batch, waiting)
                batch, waiting = _Batch(house, batch.number + 1), []
        yield from _commit(batch, waiting)


def _writing(house: House) -> Any:
    lock = filelock.FileLock(str(house.lock), timeout=600)
    try:
        return lock.acquire()
    except filelock.Timeout:
        raise StoreError("another ingest has held the store for ten minutes", "wait for it, or end it") from None


def _sweep(house: House) -> None:
    """Remove what a killed ingest left: its spool, temporary files, parts that no commit names."""
    shutil.rmtree(house.spool, ignore_errors=True)
    named = {part.file for commit in commits.read_all(house.commits) for part in commit.parts}
    for folder in ("shards", "books"):
        for path in (house.store / folder).glob("*/*"):
            if str(path.relative_to(house.store)) not in named:
                path.unlink(missing_ok=True)
    for path in (*house.evidence.glob(".tmp-*"), *house.commits.glob(".tmp-*")):
        path.unlink(missing_ok=True)


def _one(
    batch: _Batch, source: Source, envelope: Any, known: set[str], sizes: set[int], jobs: int,
    progress: Callable[[str, int, int], None],
) -> SourceReport:  # fmt: skip
    try:
        if source.size in sizes and source.path is not None and _hash_of(source.path) in known:
            return SourceReport(path=source.name, outcome=REPEAT, size=source.size)
        with sources.open_plain(source) as stream:
            head = sources.read_head(stream, catalog.HEAD)
            chosen = envelope or catalog.envelope_of(head, source.name)
            if chosen is None:
                why = (
                    "empty"
                    if not head
                    else "no format on the shelf recognises it (afterbell formats are listed in the docs)"
                )
                return _refused(source, why)
            reading = _Reading(batch, source, chosen, jobs, progress)
            report = reading.lines(head, stream) if chosen.UNIT is Unit.LINE else reading.whole(head, stream)
    except (OSError, EOFError) as error:
        if isinstance(error, AfterbellError):
            raise
        return _refused(source, f"cannot be read: {error}")
    if reading.received in known:
        reading.undo()
        return SourceReport(path=source.name, outcome=REPEAT, size=source.size)
    if report.outcome == KEPT:
        reading.keep(report)
        known.add(reading.received)
        sizes.add(reading.received_size)
    return report


def _refused(source: Source, why: str) -> SourceReport:
    return SourceReport(
        path=source.name, outcome=REFUSED, size=source.size, refused_count=1,
        refused=(Refusal(where="file", why=why),),
    )  # fmt: skip


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Reading:
    """One source being read: its evidence as it is written and the counts so far."""

    def __init__(
        self,
        batch: _Batch,
        source: Source,
        envelope: Any,
        jobs: int,
        progress: Callable[[str, int, int], None],
    ) -> None:
        self._batch = batch
        self._source = source
        self._envelope = envelope
        self._jobs = jobs
        self._progress = progress
        self._number = batch.sources
        batch.sources += 1
        self._digest = hashlib.sha256()
        self._kept_digest: Any = None  # differs from the received one only after the first redaction
        self._kept_size = 0
        self._writer = evidence.Writer(batch.house.evidence)
        self._report = SourceReport(path=source.name, outcome=KEPT, format=envelope.NAME)
        self.received = ""
        self.received_size = 0

    def lines(self, head: bytes, stream: BinaryIO) -> SourceReport:
        """Read a source of lines, in several processes when it is large."""
        many = self._source.size > _MANY or sources.is_compressed(self._source) or self._source.path is None
        read: list[bytes] = []

        def pieces() -> Iterator[Piece]:
            for block in sources.blocks(head, stream):
                if block.overlong:
                    self._refuse(f"line {block.first_line}", "longer than 64 MiB; the line was passed over")
                    continue
                read.append(block.data)
                yield self._piece(block.data, block.first_line, last=block.last)

        try:
            for done in local.run(read_lines, pieces(), self._jobs if many else 1):
                self._take(read.pop(0), done)
        except BaseException:
            self.undo()
            raise
        return self._finish()

    def whole(self, head: bytes, stream: BinaryIO) -> SourceReport:
        """Read a source that is one document or a run of frames."""
        data = head + sources.read_head(stream, LARGEST_DOCUMENT + 1 - len(head))
        if len(data) > LARGEST_DOCUMENT:
            self.undo()
            return _refused(self._source, "larger than 256 MiB as one document; export it as JSON lines")
        try:
            self._take(data, read_stream(self._piece(data, 1, last=True)))
        except BaseException:
            self.undo()
            raise
        return self._finish()

    def _piece(self, data: bytes, first_line: int, *, last: bool) -> Piece:
        return Piece(
            spool=self._batch.house.spool, buckets=BUCKETS, format=self._envelope.NAME, name=self._source.name,
            source=self._number, first_line=first_line, last=last, data=data,
        )  # fmt: skip

    def _refuse(self, where: str, why: str) -> None:
        more = (*self._report.refused, Refusal(where=where, why=why))
        self._report = structs.replace(self._report, refused=more, refused_count=self._report.refused_count + 1)

    def _take(self, data: bytes, done: Done) -> None:
        kept = data if done.kept is None else done.kept
        if done.kept is not None and self._kept_digest is None:
            self._kept_digest = self._digest.copy()
        self._digest.update(data)
        if self._kept_digest is not None:
            self._kept_digest.update(kept)
        self.received_size += len(data)
        self._kept_size += len(kept)
        self._writer.write(done.frame)
        was, tally = self._report, done.tally
        redacted = {
            kind: was.redacted.get(kind, 0) + done.redacted.get(kind, 0) for kind in {*was.redacted, *done.redacted}
        }
        self._report = structs.replace(
            was, spans=was.spans + tally.spans, logs=was.logs + tally.logs, rows=was.rows + tally.rows,
            redacted=redacted, refused_count=was.refused_count + done.refused,
            refused=(*was.refused, *done.refusals)[:1000], size=self.received_size,
        )  # fmt: skip
        self._batch.longest = max(self._batch.longest, tally.longest)
        self._progress(self._source.name, self.received_size, self._source.size)

    def undo(self) -> None:
        """Drop the evidence; rows already spooled are left out, since no commit will name this source."""
        self._writer.drop()

    def _finish(self) -> SourceReport:
        self.received = self._digest.hexdigest()
        return structs.replace(self._report, evidence=(self._kept_digest or self._digest).hexdigest())

    def keep(self, report: SourceReport) -> None:
        """Make the evidence durable and enter it for the next commit."""
        self._writer.keep(report.evidence)
        self._batch.size += self.received_size
        self._batch.kept.append(
            Kept(
                source=self._number, sha256=report.evidence, received_sha256=self.received,
                received_size=self.received_size, size=self._kept_size, stored_size=self._writer.stored_size,
                name=report.path, format=report.format, parser=PARSER, received_at=clock.now().isoformat(),
                redacted=report.redacted, spans=report.spans, logs=report.logs, rows=report.rows,
                refused=report.refused_count,
                refusals=tuple({"where": each.where, "why": each.why} for each in report.refused[:100]),
            )
        )  # fmt: skip


def _commit(batch: _Batch, reports: list[SourceReport]) -> Iterator[SourceReport]:
    """Publish the batch's rows, write its commit file, and only then pass on the reports."""
    counts: dict[int, int] = {}
    if batch.kept:
        numbers = [kept.source for kept in batch.kept]
        parts = shards.publish(batch.house.spool, batch.house.store, batch.number, batch.longest, numbers)
        commit = Commit(
            version=1,
            number=batch.number,
            created=clock.now().isoformat(),
            evidence=tuple(batch.kept),
            parts=parts,
        )
        counts = shards.traces_per_source(batch.house.store, commit)
        kept = tuple(structs.replace(each, traces=counts.get(each.source, 0)) for each in batch.kept)
        commits.write(batch.house.commits, structs.replace(commit, evidence=kept))
    shutil.rmtree(batch.house.spool, ignore_errors=True)
    by_name = {kept.name: counts.get(kept.source, 0) for kept in batch.kept}
    for report in reports:
        yield (structs.replace(report, traces=by_name.get(report.path, 0)) if report.outcome == KEPT else report)


def as_json(report: SourceReport) -> dict[str, Any]:
    """Return a report in the shape that other programs rely on."""
    return {
        "path": report.path, "outcome": report.outcome, "format": report.format, "evidence": report.evidence,
        "traces": report.traces, "spans": report.spans, "logs": report.logs, "rows": report.rows,
        "redacted": report.redacted, "refused_count": report.refused_count,
        "refused": [{"where": each.where, "why": each.why} for each in report.refused],
    }  # fmt: skip
