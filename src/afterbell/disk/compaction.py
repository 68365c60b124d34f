"""Keeps the store's files few: many small commits become one, so that a house may ingest every minute for years.

The merged commit is written like any other and stands for those it took in (`Commit.first`). Until it is durable the
old ones count, from then on the new one: a kill at any instant leaves one of the two. What no longer counts is removed
by the sweep of a later ingest, so that whoever is reading now can finish.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import structs

from afterbell.disk import shards
from afterbell.disk.commits import VERSION, Commit, Kept, next_number
from afterbell.disk.shards import Part

MOST_COMMITS = 32
_GROWTH = 2  # an older commit joins unless it is twice as large as all younger ones: each row moves a few times only


def due(history: Sequence[Commit]) -> Sequence[Commit]:
    """Return the youngest commits that should become one; none while there are few."""
    if len(history) <= MOST_COMMITS:
        return ()
    start, rows = len(history), 0
    while start and (rows == 0 or history[start - 1].rows <= _GROWTH * rows):
        start -= 1
        rows += history[start].rows
    return history[start:] if len(history) - start > 1 else ()


def merged(store: Path, young: Sequence[Commit], scratch: Path, created: str) -> Commit:
    """Write the parts of neighbouring commits into new ones and return the commit that stands for all; not yet written.

    Raises StoreError when a part cannot be read, DiskError when one cannot be written.
    """
    evidence: list[Kept] = []
    shift: dict[int, int] = {}
    after = 0
    for commit in young:
        shift[commit.number] = after
        evidence += [structs.replace(kept, source=kept.source + shift[commit.number]) for kept in commit.evidence]
        after = max((kept.source + 1 for kept in evidence), default=after)
    shelves = sorted({(part.table, part.bucket) for commit in young for part in commit.parts})
    parts = [part for table, bucket in shelves for part in _parts(store, young, table, bucket, shift)]
    number = next_number(young)
    return Commit(
        version=VERSION, number=number, created=created, evidence=tuple(evidence),
        parts=shards.write(store, number, parts, scratch, writers=1), first=young[0].first or young[0].number,
    )  # fmt: skip


def _parts(store: Path, young: Sequence[Commit], table: str, bucket: int, shift: dict[int, int]) -> Iterator[Part]:
    """Yield the new parts of one table and bucket, each of as many old ones as can be sorted in memory."""
    columns, order = shards.TABLES.get(table, (shards.BOOK_COLUMNS, ""))
    pieces, sizes = {}, []
    for commit in young:
        moved = f"* REPLACE (source + {shift[commit.number]} AS source)" if "source" in columns else "*"
        for part in commit.parts:
            if (part.table, part.bucket) == (table, bucket):
                pieces[part.file] = f"SELECT {moved} FROM read_parquet(?)"  # noqa: S608 - numbers of ours
                sizes.append((part.file, part.size))
    for place, (files, size) in enumerate(shards.in_portions(sizes)):
        query = " UNION ALL ".join(pieces[file] for file in files)
        if order:
            query = f"SELECT * FROM ({query}) ORDER BY {order}"  # noqa: S608 - names of our own columns
        values = tuple(str(store / file) for file in files)
        yield Part(table=table, bucket=bucket, place=place, query=query, values=values, size=size)
