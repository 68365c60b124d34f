"""Reads the working store: which traces there are, one trace with its kin, the books, the facts for triggers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec
import orjson
from msgspec import Struct, structs

from afterbell.catalog import shelves
from afterbell.catalog.facts import Gatherer
from afterbell.catalog.intake import bare_of, trace_of
from afterbell.disk import commits, shards
from afterbell.disk.commits import Commit
from afterbell.disk.house import BUCKETS, House
from afterbell.disk.pattern_cache import PatternCache
from afterbell.disk.spool import bucket_of
from afterbell.errors import UsageError
from afterbell.model.books import ROW_TYPES, Books, CompanyFact
from afterbell.model.casefile import CaseFile
from afterbell.model.docket import Docket, RunFacts
from afterbell.model.policy import Policy, from_mapping
from afterbell.model.run import Trace
from afterbell.model.vocabulary import Book
from afterbell.reading import compiled
from afterbell.reading.times import to_utc

MOST_KIN = 64
MOST_OF_BATCH = 16
_KEPT_SPANS = 10_000

_ROW = """SELECT trace_id, min(nullif(start_ns, 0)), max(greatest(end_ns, start_ns)), count(DISTINCT span_id),
    min_by(name, (coalesce(parent_span_id, '') <> '', start_ns)), string_agg(DISTINCT format, ','),
    count(DISTINCT CASE WHEN status_code = 2 THEN span_id END)
    FROM t GROUP BY trace_id ORDER BY 2 NULLS LAST, 1"""

# A batch is that of trading.batch.id, else of trading.run.id; its traces in order of start.
_BATCHES = """SELECT coalesce('batch:' || batch, 'run:' || run) AS id, list(trace_id ORDER BY start, trace_id) FROM (
        SELECT trace_id, min(start_ns) AS start,
            min(json_extract_string(attributes, '$."trading.batch.id"')) AS batch,
            min(json_extract_string(attributes, '$."trading.run.id"')) AS run
        FROM t WHERE contains(attributes::VARCHAR, '"trading.batch.id"')
            OR contains(attributes::VARCHAR, '"trading.run.id"') GROUP BY trace_id)
    WHERE coalesce(batch, run) IS NOT NULL GROUP BY id HAVING count(*) > 1 ORDER BY id"""

_REGISTRANTS = """SELECT DISTINCT json_extract_string(body, '$.cik'), json_extract_string(body, '$.entity')
    FROM t ORDER BY 1, 2"""
_FACTS = "SELECT source, body FROM t WHERE json_extract_string(body, '$.cik') = ?"
_KEEPERS = """SELECT DISTINCT trace_id FROM t WHERE contains(attributes::VARCHAR, '"trading.cache.')
    OR contains(attributes::VARCHAR, '_memory"') ORDER BY 1"""
_RUNS = """SELECT run, list(trace_id ORDER BY start, trace_id) FROM (
        SELECT trace_id, min(start_ns) AS start, coalesce(json_extract_string(attributes, '$."trading.run.id"'),
            json_extract_string(resource, '$."trading.run.id"')) AS run
        FROM t WHERE contains(attributes::VARCHAR, '"trading.run.id"')
            OR contains(resource::VARCHAR, '"trading.run.id"') GROUP BY trace_id, run)
    WHERE run IS NOT NULL GROUP BY run"""


class TraceRow(Struct, frozen=True, kw_only=True):
    """One line of the list of traces. Times are nanoseconds since the Unix epoch, 0 = not stated."""

    trace_id: str
    started_ns: int
    ended_ns: int
    spans: int
    name: str
    format: str
    errors: int


class Store:
    """What has been ingested into a house, as its commits stood when this was made."""

    def __init__(self, house: House) -> None:
        """Read the commits; no part is opened yet."""
        self.house = house
        compiled.lend(PatternCache())
        self.commits: tuple[Commit, ...] = commits.read_all(house.commits)

    def rows(self) -> tuple[TraceRow, ...]:
        """Return every trace that has spans, in order of start."""
        found = shards.query(self.house.store, self.commits, "spans", _ROW)
        return tuple(
            TraceRow(trace_id=trace_id, started_ns=start or 0, ended_ns=end or 0, spans=spans, name=name or "",
                     format=formats or "", errors=int(errors or 0))
            for trace_id, start, end, spans, name, formats, errors in found
        )  # fmt: skip

    def match(self, text: str) -> str:
        """Return the id of the one trace whose id (or raw id) starts with `text`. Raises UsageError otherwise."""
        plain = text.lower().replace("-", "")
        sql = """SELECT DISTINCT trace_id FROM t WHERE starts_with(trace_id, ?)
            OR starts_with(coalesce(json_extract_string(raw_ids, '$[0]'), ''), ?) LIMIT 3"""
        found = sorted(row[0] for row in shards.query(self.house.store, self.commits, "spans", sql, [plain, text]))
        if not found or not text:
            raise UsageError(f"no trace {text!r} in this house", "afterbell traces lists them")
        if len(found) > 1:
            raise UsageError(f"{text!r} fits several traces: {', '.join(found)}", "give more of the id")
        return str(found[0])

    def present(self, trace_ids: Iterable[str]) -> frozenset[str]:
        """Return those of these ids of which a trace is here."""
        wanted = sorted(set(trace_ids))
        sql = "SELECT DISTINCT trace_id FROM t WHERE list_contains(?, trace_id)"
        found = shards.query(self.house.store, self.commits, "spans", sql, [wanted]) if wanted else []
        return frozenset(str(row[0]) for row in found)

    def traces(self, trace_ids: Iterable[str]) -> Mapping[str, Trace]:
        """Return these traces, by id; those that are not there are left out."""
        return {raw.trace_id: trace_of(raw.trace_id, raw.spans, raw.logs) for raw in self._physical(trace_ids)}

    def bare(self, trace_id: str) -> Trace | None:
        """Return the physical layer alone of a trace, None when it is not there: a long trace is read at once so."""
        return next((bare_of(raw.trace_id, raw.spans, raw.logs) for raw in self._physical((trace_id,))), None)

    def _physical(self, trace_ids: Iterable[str]) -> Iterator[shards.Physical]:
        wanted: dict[int, list[str]] = {}
        for trace_id in dict.fromkeys(trace_ids):
            wanted.setdefault(bucket_of(trace_id, BUCKETS), []).append(trace_id)
        for bucket, ids in wanted.items():
            yield from shards.physical(self.house.store, self.commits, bucket, ids)

    def trace(self, trace_id: str) -> Trace:
        """Return this trace. Raises UsageError when it is not there."""
        found = self.traces([trace_id])
        if trace_id not in found:
            raise UsageError(f"no trace {trace_id!r} in this house", "afterbell traces lists them")
        return found[trace_id]

    def shard(self, bucket: int) -> Iterator[Trace]:
        """Yield the traces of one shard, in order of id."""
        for raw in shards.physical(self.house.store, self.commits, bucket):
            if raw.trace_id:
                yield trace_of(raw.trace_id, raw.spans, raw.logs)

    def buckets(self) -> tuple[int, ...]:
        """Return the shards that hold anything."""
        return tuple(sorted({part.bucket for commit in self.commits for part in commit.parts
                             if part.table in {"spans", "logs"}}))  # fmt: skip

    def kin_ids(self) -> Mapping[str, tuple[str, ...]]:
        """Return, for each trace that shares an idea or a batch with others, the ids of those others.

        Of a large batch only `MOST_OF_BATCH` traces stand for it, its first and last among them.
        """
        sql = "SELECT idea_id, list_sort(list(DISTINCT trace_id)) FROM t WHERE idea_id IS NOT NULL GROUP BY 1"
        kin: dict[str, list[str]] = {}
        for _idea, ids in shards.query(self.house.store, self.commits, "spans", sql):
            for trace_id in ids:
                kin.setdefault(trace_id, []).extend(other for other in ids if other != trace_id)
        found = {trace_id: list(dict.fromkeys(others))[:MOST_KIN] for trace_id, others in kin.items() if others}
        for _batch, ids in shards.query(self.house.store, self.commits, "spans", _BATCHES):
            shown = _spread(ids)
            for trace_id in ids:
                found.setdefault(trace_id, []).extend(other for other in shown if other != trace_id)
        return {trace_id: tuple(dict.fromkeys(others)) for trace_id, others in found.items() if others}

    @cached_property
    def sha256_of(self) -> Mapping[tuple[int, int], str]:
        """The hash of the evidence behind a row, by its commit's number and its `source`."""
        return {(commit.number, kept.source): kept.sha256 for commit in self.commits for kept in commit.evidence}

    @cached_property
    def received_at(self) -> Mapping[str, datetime]:
        """When the evidence of each hash first came."""
        found: dict[str, datetime] = {}
        for kept in (each for commit in self.commits for each in commit.evidence):
            at = to_utc(kept.received_at)
            if at is not None:
                found[kept.sha256] = min(at, found.get(kept.sha256, at))
        return found

    def books(self) -> Books:
        """Return the rows of all books but the company facts (see `facts`), in the order they came."""
        return Books(**{book.value: self.book(book) for book in Book if book is not Book.FACTS})

    def book(self, book: Book) -> tuple[Any, ...]:
        """Return the rows of one book, of the type that ROW_TYPES has for it, in the order they came."""
        return tuple(
            self._row(book, commit, source, body)
            for commit in self.commits
            for source, body in shards.query(self.house.store, [commit], book.value, "SELECT source, body FROM t")
        )

    def _row(self, book: Book, commit: Commit, source: int, body: str) -> Any:
        row = orjson.loads(body)
        row["evidence"] = self.sha256_of[commit.number, source]
        return msgspec.convert(row, ROW_TYPES[book])

    def registrants(self) -> tuple[tuple[str, str], ...]:
        """Return the registrants (cik, name) of which company facts are here."""
        return tuple((str(cik), str(entity)) for cik, entity in
                     shards.query(self.house.store, self.commits, Book.FACTS.value, _REGISTRANTS))  # fmt: skip

    def facts(self, cik: str) -> tuple[CompanyFact, ...]:
        """Return the company facts of one registrant; of several files the last ingested holds."""
        found: tuple[CompanyFact, ...] = ()
        for commit in self.commits:
            sources: dict[int, list[CompanyFact]] = {}
            for source, body in shards.query(self.house.store, [commit], Book.FACTS.value, _FACTS, [cik]):
                sources.setdefault(source, []).append(self._row(Book.FACTS, commit, source, body))
            found = tuple(sources[max(sources)]) if sources else found
        return found

    def writers(self) -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
        """Return the traces with spans of a cache or memory, and the trace ids of each run id, in order of start."""
        ids = tuple(str(row[0]) for row in shards.query(self.house.store, self.commits, "spans", _KEEPERS))
        runs = shards.query(self.house.store, self.commits, "spans", _RUNS) if ids else []
        return ids, {str(run): tuple(traces) for run, traces in runs}

    def evidence_of(self, trace: Trace) -> tuple[str, ...]:
        """Return the hashes of the evidence a trace was read from."""
        found = [span.evidence for span in trace.spans] + [log.evidence for log in trace.logs]
        return tuple(dict.fromkeys(sha for sha in found if sha))


def _spread(ids: Sequence[str]) -> Sequence[str]:
    """Return up to `MOST_OF_BATCH` of the ids, evenly spread from the first to the last."""
    if len(ids) <= MOST_OF_BATCH:
        return ids
    return [ids[place * (len(ids) - 1) // (MOST_OF_BATCH - 1)] for place in range(MOST_OF_BATCH)]


def policy_of(house: House) -> Policy:
    """Return the house's policy. Raises PolicyError for keys or values that nothing understands."""
    return from_mapping(house.policy(), shelves.knobs())


class Casefiles:
    """Makes the case files of one state of a store: traces with their kin, the books and the policy, each read once.

    The same traces stand for a batch with each of its members, so some are kept at hand.
    """

    def __init__(self, store: Store) -> None:
        """Nothing is read yet."""
        self._store = store
        self._kept: dict[str, Trace] = {}
        self._spans = 0

    @cached_property
    def kin_ids(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the kin of each trace that has some."""
        return self._store.kin_ids()

    @cached_property
    def _shared(self) -> tuple[Books, Policy]:
        return self._store.books(), policy_of(self._store.house)

    def of(self, trace: Trace) -> CaseFile:
        """Return the case file of a trace; kin that is not there is left out."""
        books, policy = self._shared
        kin = self._kin(self.kin_ids.get(trace.trace_id, ()))
        return CaseFile(trace=trace, kin=kin, books=books, policy=policy)

    def _kin(self, ids: tuple[str, ...]) -> tuple[Trace, ...]:
        if self._spans > _KEPT_SPANS:
            self._kept.clear()
            self._spans = 0
        found = self._store.traces(each for each in ids if each not in self._kept)
        self._kept.update(found)
        self._spans += sum(len(trace.spans) for trace in found.values())
        return tuple(self._kept[each] for each in ids if each in self._kept)


def casefile(store: Store, trace_id: str) -> CaseFile:
    """Return the case file of one trace. Raises UsageError when it is not there."""
    return Casefiles(store).of(store.trace(trace_id))


def docket(store: Store, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Docket:
    """Return what the triggers look at: the facts of every trace, the books and the policy."""
    facts: list[RunFacts] = []
    policy, books = policy_of(store.house), store.books()
    gatherer = Gatherer(policy, books)
    buckets = store.buckets()
    for done, bucket in enumerate(buckets, start=1):
        facts += [_dated(gatherer.facts(trace), store, trace) for trace in store.shard(bucket)]
        progress(done, len(buckets))
    return Docket(runs=tuple(facts), books=books, policy=policy)


def _dated(facts: RunFacts, store: Store, trace: Trace) -> RunFacts:
    """Return the facts of a trace with when its evidence first came."""
    times = [store.received_at[sha] for sha in store.evidence_of(trace) if sha in store.received_at]
    return structs.replace(facts, received_at=min(times, default=None))
