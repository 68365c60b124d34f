"""Ingest: bytes from any source become evidence, kept whole by hash, and rows of the store.

Sources are read as streams, in blocks of whole lines, by as many processes as there are processors. Nothing is
acknowledged before its commit file is durable; the same bytes a second time change nothing.

Memory does not grow with a source, with exceptions that have a limit: one line is held whole (`sources.LONGEST_LINE`),
and so are a binary file (`receive.LARGEST_DOCUMENT`) and a JSON document over many lines (its reader's own limit, which
takes about three times the document; JSON lines need no more than a few blocks).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

from msgspec import structs

from afterbell import clock
from afterbell.catalog import intake as catalog
from afterbell.disk import commits, compaction, evidence, files, opening, shards, sources
from afterbell.disk.commits import Commit, Kept
from afterbell.disk.holding import held
from afterbell.disk.house import House
from afterbell.disk.pattern_cache import PatternCache
from afterbell.disk.sources import Source
from afterbell.engines import local
from afterbell.engines.local import Crew
from afterbell.errors import StoreError
from afterbell.formats import references, strangers
from afterbell.reading import compiled
from afterbell.steps import intake, offloaded
from afterbell.steps.receive import (
    IN_FLIGHT,
    KEPT,
    REFUSED,
    REPEAT,
    Progress,
    Receiver,
    SourceReport,
    refused,
    remarked,
)

__all__ = ["KEPT", "REFUSED", "REPEAT", "SourceReport", "as_json", "ingest"]

_COMMIT_AT = 2 * 1024 * 1024 * 1024
_LOCK_SECONDS = 600


class _Batch:
    """The ingest under way: spooled rows and kept evidence that the next commit will name.

    Each has a spool of its own, so that a process of a killed ingest can never write into a later one's.
    """

    def __init__(self, house: House, number: int, known: dict[str, tuple[str, str]]) -> None:
        """`known` says for the hash of received bytes under which hash they are kept, and their format."""
        self.house = house
        self.number = number
        self.known = known
        self.elsewhere: dict[str, tuple[int, tuple[str, ...]]] = {}  # by evidence: texts in other files, and which
        self.uploads = False  # files with such texts came, now or again
        self.kept: list[Kept] = []
        self.reports: list[SourceReport] = []
        self.sources = 0
        self.longest = 0
        self.size = 0
        self.spool = house.spool / token_hex(8)
        files.make_dirs(self.spool)


def ingest(
    house: House, patterns: Sequence[str], *, format_name: str = "", jobs: int = 0,
    progress: Progress = lambda _name, _done, _size: None,
) -> Iterator[SourceReport]:  # fmt: skip
    """Ingest everything behind `patterns` and yield a report per source once it is durable.

    `progress` is called with a source's name, the bytes read of it and its size. Raises AfterbellError when another
    ingest holds the store for long or the disk fails; what was reported before stays.
    """
    envelope = catalog.envelope_named(format_name) if format_name else None
    found = sources.expand(patterns, house.store, house.postmortems)
    house.make_store()
    compiled.lend(PatternCache())  # before processes are forked, which then have it too
    busy = StoreError("another ingest has held the store for ten minutes", "wait for it, or end it")
    with (
        held(house.lock, busy, seconds=_LOCK_SECONDS),
        Crew(jobs or local.processors(), lanes=IN_FLIGHT + 1, room=sources.BLOCK + sources.BLOCK // 4) as crew,
    ):
        history = commits.read_all(house.commits)
        _sweep(house, history)
        history = _compacted(house, history)
        kept = [each for commit in history for each in commit.evidence]
        known = {each.received_sha256: (each.sha256, each.format) for each in kept}
        sizes = {each.received_size for each in kept}
        batch = _Batch(house, commits.next_number(history), known)
        for source in found:
            batch.reports.append(_one(batch, source, envelope, sizes, crew, progress))
            if batch.size > _COMMIT_AT:
                yield from _commit(batch)
                batch = _Batch(house, batch.number, known)
        yield from _commit(batch)


def _sweep(house: House, history: Sequence[Commit]) -> None:
    """Remove what a killed ingest left: its spool, temporary files, parts that no commit names. Evidence stays."""
    shutil.rmtree(house.spool, ignore_errors=True)
    named = {part.file for commit in history for part in commit.parts}
    for folder in ("shards", "books"):
        for path in (house.store / folder).glob("*/*"):
            if str(path.relative_to(house.store)) not in named:
                path.unlink(missing_ok=True)
    files.sweep_temporaries(house.evidence)
    commits.sweep(house.commits, history)


def _compacted(house: House, history: tuple[Commit, ...]) -> tuple[Commit, ...]:
    """Merge the youngest commits when there are many, and return the history that counts then."""
    young = compaction.due(history)
    if not young:
        return history
    scratch = house.spool / token_hex(8)
    files.make_dirs(scratch)
    merged = compaction.merged(house.store, young, scratch, clock.now().isoformat())
    commits.write(house.commits, merged)
    shutil.rmtree(scratch, ignore_errors=True)
    return (*history[: -len(young)], merged)


def _one(
    batch: _Batch, source: Source, envelope: Any, sizes: set[int], crew: Crew, progress: Progress
) -> SourceReport:  # fmt: skip
    if source.fault:
        return refused(source, source.fault)
    try:
        if source.path is not None and source.size in sizes and (again := batch.known.get(_hash_of(source.path))):
            return _repeat(batch, source, source.size, again)
        with opening.open_stream(source.path) as stream:
            head = stream.read(catalog.HEAD)
            chosen = envelope or catalog.envelope_of(head, source.name)
            if not head or chosen is None:
                return refused(source, stream.fault or _unread(head))
            receiver = Receiver(batch.house, batch.spool, batch.sources, source, chosen)
            batch.sources += 1
            receiver.read(head, stream, crew, progress)
    except OSError as error:
        return refused(source, f"cannot be read: {error.strerror or error}")
    again = batch.known.get(receiver.received_sha256)
    if again or receiver.report.outcome != KEPT:
        receiver.drop()
        return _repeat(batch, source, receiver.report.size, again) if again else receiver.report
    kept = receiver.keep()
    batch.uploads = batch.uploads or kept.format == references.FORMAT
    if receiver.elsewhere:
        batch.elsewhere[kept.sha256] = receiver.elsewhere, receiver.addresses
    batch.kept.append(kept)
    batch.size += kept.received_size
    batch.longest = max(batch.longest, receiver.longest)
    batch.known[kept.received_sha256] = (kept.sha256, kept.format)
    sizes.add(kept.received_size)
    return receiver.report


def _repeat(batch: _Batch, source: Source, size: int, again: tuple[str, str]) -> SourceReport:
    batch.uploads = batch.uploads or again[1] == references.FORMAT
    return SourceReport(path=source.name, outcome=REPEAT, size=size, evidence=again[0], format=again[1])


def _unread(head: bytes) -> str:
    """Say why nothing on the shelf takes a source that begins like this."""
    known = strangers.name_of(head)
    if known:
        return f"looks like {known}; this version does not read it yet"
    return "no format recognises it; `afterbell formats` lists those it reads" if head else "empty"


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _commit(batch: _Batch) -> Iterator[SourceReport]:
    """Publish the batch's rows, write its commit file, and only then pass on the reports."""
    counts: dict[int, int] = {}
    intake.forget()
    if batch.kept:
        house, numbers = batch.house, [kept.source for kept in batch.kept]
        evidence.sync(house.evidence, (kept.sha256 for kept in batch.kept))
        parts = shards.publish(batch.spool, house.store, batch.number, batch.longest, numbers)
        commit = Commit(
            version=commits.VERSION, number=batch.number, created=clock.now().isoformat(),
            evidence=tuple(batch.kept), parts=parts,
        )  # fmt: skip
        counts = shards.traces_per_source(house.store, commit)
        kept = tuple(structs.replace(each, traces=counts.get(each.source, 0)) for each in batch.kept)
        commits.write(house.commits, structs.replace(commit, evidence=kept))
    shutil.rmtree(batch.spool, ignore_errors=True)
    joined = _joined(batch)
    batch.number += bool(batch.kept) + joined.committed
    traces = {kept.name: counts.get(kept.source, 0) for kept in batch.kept}
    for report in batch.reports:
        if report.outcome != KEPT:
            yield report
            continue
        told = structs.replace(
            report, traces=traces[report.path], logs=report.logs + joined.used.get(report.evidence, 0)
        )
        count, addresses = joined.missing.get(report.evidence, (0, ()))
        away = f"{count} texts stand in files that were not handed in: {', '.join(addresses)}"
        yield remarked(told, away + (", …" if count > len(addresses) else "")) if count else told


def _joined(batch: _Batch) -> offloaded.Joined:
    """Put texts from files of their own where the batch's traces, or all when such files came, refer to them."""
    if not batch.uploads and not batch.elsewhere:
        return offloaded.Joined()
    history = commits.read_all(batch.house.commits)
    if not any(kept.format == references.FORMAT for commit in history for kept in commit.evidence):
        return offloaded.Joined(missing=batch.elsewhere)
    return offloaded.join(batch.house, history, everywhere=batch.uploads)


def as_json(report: SourceReport) -> dict[str, Any]:
    """Return a report in the shape that other programs rely on."""
    return {
        "path": report.path, "outcome": report.outcome, "format": report.format, "evidence": report.evidence,
        "traces": report.traces, "spans": report.spans, "logs": report.logs, "rows": report.rows,
        "redacted": report.redacted, "refused_count": report.refused_count,
        "refused": [{"where": each.where, "why": each.why} for each in report.refused if not each.taken],
        "remarks": [{"where": each.where, "why": each.why} for each in report.refused if each.taken],
    }  # fmt: skip
