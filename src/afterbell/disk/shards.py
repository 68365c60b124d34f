"""Parquet shards through DuckDB. A shard is a bucket: every part of a trace lies in the bucket of its id, sorted.

The unit of work of a scan is one shard; `traces` streams it trace by trace with bounded memory.
"""

from __future__ import annotations

import heapq
import os
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import duckdb
from msgspec import Struct

from afterbell.disk import files, packing
from afterbell.disk.commits import Commit, PartFile
from afterbell.errors import StoreError
from afterbell.model.trace import LogRecord, Span

TABLES: Mapping[str, tuple[Mapping[str, str], str]] = {
    "spans": (packing.SPAN_COLUMNS, "trace_id, start_ns, position, source"),
    "logs": (packing.LOG_COLUMNS, "trace_id, time_ns, position, source"),
    "texts": (packing.TEXT_COLUMNS, "trace_id, hash"),
}
BOOK_COLUMNS = {"source": "INTEGER", "body": "JSON"}
_ROW_GROUP = 2048
_FETCH = 128
LARGEST_PART = 64 * 1024 * 1024  # DuckDB sorts texts in memory only: a part must fit what a writer may use
_READING, _WRITING = 384, 384  # megabytes that connections may use; more than they need, less than a machine has
_LEAST_OBJECT = 2 * 1024 * 1024
_WRITERS = 2
_LONG = 4 * 1024 * 1024  # a line for which one writer needs the memory of two


class Physical(Struct, frozen=True, kw_only=True):
    """The physical layer of one trace as it lies in the store."""

    trace_id: str
    spans: tuple[Span, ...]
    logs: tuple[LogRecord, ...]


def connect(megabytes: int = _READING, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection in memory that uses at most `megabytes`, then files in `spill`; it loads no extensions."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET memory_limit='{megabytes}MB'; SET threads=1")
    connection.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
    # Without a place of ours it would spill into the working directory, which may be the agents' repository.
    place = spill or Path(tempfile.gettempdir()) / f"afterbell-{os.getpid()}-{secrets.token_hex(4)}"
    connection.execute("SET temp_directory=?", [str(place)])
    return connection


class Part(Struct, frozen=True, kw_only=True):
    """One Parquet file to be: its rows as a query, and about how many bytes they take in memory.

    `place` tells the parts of one table and bucket apart; they are in order where order matters.
    """

    table: str
    bucket: int
    place: int
    query: str
    values: tuple[Any, ...]
    size: int


def publish(spool: Path, store: Path, number: int, longest: int, sources: Iterable[int]) -> tuple[PartFile, ...]:
    """Turn a finished spool into durable Parquet parts of commit `number`; they count once the commit names them.

    `longest` is the longest line of the spool in bytes; rows of other than the given `sources` are left out.
    """
    kept = ", ".join(str(int(source)) for source in sources) or "-1"
    limit = max(_LEAST_OBJECT, longest + 1024)
    parts = []
    for name in {"-".join(path.name.split("-")[:2]) for path in spool.glob("*.ndjson")}:
        table, bucket = name.split("-")
        columns, order = TABLES.get(table, (BOOK_COLUMNS, ""))
        shape = ", ".join(f"{column}: '{kind}'" for column, kind in columns.items())
        query = (
            f"SELECT * FROM read_json(?, columns={{{shape}}}, format='newline_delimited', maximum_object_size={limit})"  # noqa: S608 - names of our own columns
            + (f" WHERE source IN ({kept})" if "source" in columns else "")
            + (f" ORDER BY {order}" if order else "")
        )
        rows = [(str(path), path.stat().st_size) for path in sorted(spool.glob(f"{name}-*.ndjson"))]
        for place, (paths, size) in enumerate(in_portions(rows)):
            parts.append(
                Part(table=table, bucket=int(bucket), place=place, query=query, values=(list(paths),), size=size)
            )
    return write(store, number, parts, spool, 1 if longest > _LONG else _WRITERS)


def in_portions(files_and_sizes: Iterable[tuple[str, int]]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Group neighbouring files so that each group's rows can be sorted in memory; yield each with its size."""
    group: list[str] = []
    held = 0
    for file, size in files_and_sizes:
        if group and held + size > LARGEST_PART:
            yield tuple(group), held
            group, held = [], 0
        group.append(file)
        held += size
    if group:
        yield tuple(group), held


def write(store: Path, number: int, parts: Iterable[Part], scratch: Path, writers: int) -> tuple[PartFile, ...]:
    """Run the queries of these parts into durable files of commit `number`; `scratch` is for what exceeds memory.

    Raises StoreError when a query fails, DiskError when a file cannot be made durable.
    """
    waiting: SimpleQueue[Part] = SimpleQueue()
    for part in sorted(parts, key=lambda part: -part.size):  # the largest first, for even ends
        waiting.put(part)

    def work(lane: int) -> list[PartFile]:
        done = []
        with closing(connect(_WRITING // writers, scratch / f"sort-{lane}")) as connection:
            while (part := _next(waiting)) is not None:
                folder = "shards" if part.table in TABLES else "books"
                target = store / folder / f"{part.bucket:02d}" / f"{number:06d}.{part.place:04d}.{part.table}.parquet"
                rows = _copy(connection, part, target)
                if rows:
                    file = str(target.relative_to(store))
                    done.append(PartFile(table=part.table, bucket=part.bucket, file=file, rows=rows, size=part.size))
        return done

    with ThreadPoolExecutor(writers) as pool:  # one connection alone keeps one processor busy
        found = [part for done in pool.map(work, range(writers)) for part in done]
    files.sync_names([store / part.file for part in found], store)
    return tuple(sorted(found, key=lambda part: (part.table, part.bucket, part.file)))


def _next(waiting: SimpleQueue[Part]) -> Part | None:
    with suppress(Empty):
        return waiting.get_nowait()
    return None


def _copy(connection: duckdb.DuckDBPyConnection, part: Part, target: Path) -> int:
    """Write one part, durable but for its name, and return how many rows it has; without rows there is no file."""
    with files.reported("create directory", target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{files.TEMPORARY_PREFIX}{secrets.token_hex(8)}")
    keep_order = str("ORDER BY" not in part.query).lower()
    copy = (
        f"COPY ({part.query}) TO '{str(temporary).replace(chr(39), chr(39) * 2)}' "
        f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {_ROW_GROUP})"
    )
    try:
        connection.execute(f"SET preserve_insertion_order={keep_order}")
        done = connection.execute(copy, list(part.values)).fetchone()
    except duckdb.Error as error:
        temporary.unlink(missing_ok=True)
        raise StoreError(f"rows could not be written as Parquet: {str(error)[:300]}") from error
    rows = int(done[0]) if done else 0
    if rows:
        files.settle_data(temporary, target)
    else:
        temporary.unlink()
    return rows


def physical(store: Path, commits: Sequence[Commit], bucket: int, only: Iterable[str] = ()) -> Iterator[Physical]:
    """Yield the traces of one shard in order of id (those in `only`, or all), reading as it goes.

    Raises StoreError when a part that a commit names is gone or damaged.
    """
    wanted = sorted(only)
    try:
        with ExitStack() as open_parts:
            connection = _reader(os.getpid())

            def rows(table: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
                parts = [
                    (commit.number, store / part.file)
                    for commit in commits
                    for part in commit.parts
                    if (part.table, part.bucket) == (table, bucket)
                ]
                cursors = [open_parts.enter_context(closing(connection.cursor())) for _ in parts]
                streams = [
                    _stream(cursor, table, number, path, wanted)
                    for cursor, (number, path) in zip(cursors, parts, strict=True)
                ]
                return _grouped(streams, table)

            yield from _merge({table: rows(table) for table in TABLES}, commits)
    except duckdb.Error as error:
        raise StoreError(
            f"shard {bucket} cannot be read: {str(error)[:300]}",
            "the evidence is intact: move .afterbell/commits and .afterbell/shards away and ingest again",
        ) from error


@lru_cache(maxsize=1)
def _reader(_process: int) -> duckdb.DuckDBPyConnection:
    """Return the connection that reads shards: to open one takes longer than to read a trace."""
    return connect()


def _stream(
    cursor: duckdb.DuckDBPyConnection, table: str, number: int, path: Path, wanted: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of one part in the order they lie in, which is the table's."""
    names = list(TABLES[table][0])
    where = f"WHERE trace_id IN ({', '.join('?' for _ in wanted)})" if wanted else ""
    cursor.execute(f"SELECT {', '.join(names)} FROM read_parquet(?) {where}", [str(path), *wanted])  # noqa: S608 - names of our own columns
    while batch := cursor.fetchmany(_FETCH):
        for row in batch:
            yield {"part": number, **dict(zip(names, row, strict=True))}


def _grouped(streams: Sequence[Iterator[dict[str, Any]]], table: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield (trace id, its rows) in order, merged from parts that are each in order; no shard is ever held whole."""
    key = itemgetter(*TABLES[table][1].split(", "), "part")
    for trace_id, group in groupby(heapq.merge(*streams, key=key), key=itemgetter("trace_id")):
        yield trace_id or "", list(group)


def _merge(
    streams: Mapping[str, Iterator[tuple[str, list[dict[str, Any]]]]], commits: Sequence[Commit]
) -> Iterator[Physical]:
    heads = {table: next(stream, None) for table, stream in streams.items()}
    evidence = {(commit.number, kept.source): kept.sha256 for commit in commits for kept in commit.evidence}

    def take(table: str, trace_id: str) -> list[dict[str, Any]]:
        head = heads[table]
        while head and head[0] < trace_id:
            head = next(streams[table], None)
        rows = head[1] if head and head[0] == trace_id else []
        heads[table] = next(streams[table], None) if rows else head
        return rows

    while True:
        ids = [head[0] for table, head in heads.items() if head and table != "texts"]
        if not ids:
            return
        trace_id = min(ids)
        spans, logs, kept = (take(table, trace_id) for table in ("spans", "logs", "texts"))
        text_of = _lookup({row["hash"]: row["text"] for row in kept}, trace_id)
        yield Physical(
            trace_id=trace_id,
            spans=tuple(packing.unpack_span(row, evidence[row["part"], row["source"]], text_of) for row in spans),
            logs=tuple(packing.unpack_log(row, evidence[row["part"], row["source"]], text_of) for row in logs),
        )


def _lookup(texts: Mapping[str, str], trace_id: str) -> Callable[[str], str]:
    def text_of(key: str) -> str:
        try:
            return texts[key]
        except KeyError:
            raise StoreError(f"trace {trace_id}: a kept text is missing", "ingest its evidence again") from None

    return text_of


def query(store: Path, commits: Sequence[Commit], table: str, sql: str, values: Sequence[Any] = ()) -> list[Any]:
    """Run one read-only aggregate over all parts of a table, named `t` in `sql`; empty when there are none."""
    paths = [str(store / part.file) for commit in commits for part in commit.parts if part.table == table]
    if not paths:
        return []
    with closing(connect()) as connection:
        try:
            return connection.execute(
                f"WITH t AS (SELECT * FROM read_parquet(?, union_by_name=true, filename=true)) {sql}",  # noqa: S608 - callers pass constants
                [paths, *values],
            ).fetchall()
        except duckdb.Error as error:
            raise StoreError(f"the store cannot answer: {str(error)[:300]}") from error


def traces_per_source(store: Path, commit: Commit) -> dict[int, int]:
    """Return how many traces each evidence of a commit brought, by source number."""
    counts: dict[int, int] = {}
    for table in ("spans", "logs"):
        sql = "SELECT source, count(DISTINCT trace_id) FROM t WHERE trace_id <> '' GROUP BY source"
        for source, count in query(store, [commit], table, sql):
            counts[source] = max(counts.get(source, 0), count)
    return counts
