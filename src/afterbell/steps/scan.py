"""Scan: the twenty questions over one trace or over the whole house, one shard at a time in several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from afterbell.catalog import scan as catalog
from afterbell.catalog import shelves
from afterbell.disk.house import House
from afterbell.engines import local
from afterbell.errors import UsageError
from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.scan import ModeAnswer
from afterbell.steps.beside import Beside
from afterbell.steps.store import Casefiles, Store


class TraceScan(Struct, frozen=True, kw_only=True):
    """The answers of one trace, in the checklist's order."""

    trace_id: str
    answers: tuple[ModeAnswer, ...]


class ShardWork(Struct, frozen=True, kw_only=True):
    """One unit of a scan: a shard of a house, which modes to ask (empty = all), and from when on."""

    root: Path
    bucket: int
    only: frozenset[str] = frozenset()
    since_ns: int = 0


def slugs(names: tuple[str, ...]) -> frozenset[str]:
    """Return the slugs of modes given by slug or number. Raises UsageError for one that is not there."""
    known = {mode.slug: mode.slug for mode in shelves.modes().values()}
    known |= {str(mode.number): mode.slug for mode in shelves.modes().values()}
    for name in names:
        if name not in known:
            raise UsageError(f"no mode {name!r}", f"built: {', '.join(sorted(set(known.values())))}")
    return frozenset(known[name] for name in names)


def scan_trace(store: Store, trace_id: str, only: frozenset[str] = frozenset()) -> TraceScan:
    """Ask the questions of one trace."""
    (found,) = scan_traces(store, (store.trace(trace_id),), only)
    return found


def scan_traces(store: Store, traces: Iterable[Trace], only: frozenset[str] = frozenset()) -> Iterator[TraceScan]:
    """Ask the questions of some traces of a store; what their case files share is read once."""
    case_of = Casefiles(store).of
    return _scanned(traces, case_of, Beside(store, case_of), only)


def scan_all(
    house: House, only: frozenset[str] = frozenset(), *, since_ns: int = 0, jobs: int = 0
) -> Iterator[tuple[TraceScan, ...]]:
    """Yield the scans of each shard; several processes when there is more than one shard and processor."""
    buckets = Store(house).buckets()
    work = (ShardWork(root=house.root, bucket=bucket, only=only, since_ns=since_ns) for bucket in buckets)
    yield from local.run(scan_shard, work, min(jobs or local.processors(), len(buckets)))


def scan_shard(work: ShardWork) -> tuple[TraceScan, ...]:
    """Ask the questions of every trace of a shard; what a distributed engine maps over shards."""
    store, case_of, beside = _context(work.root)
    traces = (each for each in store.shard(work.bucket) if not work.since_ns or each.started_ns >= work.since_ns)
    return tuple(_scanned(traces, case_of, beside, work.only))


def _scanned(
    traces: Iterable[Trace], case_of: Callable[[Trace], CaseFile], beside: Beside, only: frozenset[str]
) -> Iterator[TraceScan]:  # fmt: skip
    for trace in traces:
        case = beside.complete(case_of(trace))
        yield TraceScan(trace_id=trace.trace_id, answers=catalog.scan(case, only))


_Context = tuple[Store, Callable[[Trace], CaseFile], Beside]
_contexts: dict[tuple[Path, int], _Context] = {}


def _context(root: Path) -> _Context:
    """Return what all shards of a house share, read once per process and per state of the store."""
    store = Store(House(root))
    key = (root, len(store.commits))
    if key not in _contexts:
        _contexts.clear()
        case_of = Casefiles(store).of
        _contexts[key] = (store, case_of, Beside(store, case_of))
    return _contexts[key]
