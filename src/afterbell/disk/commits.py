"""The store's history: one write-once file per ingest that says which evidence and which parts count.

What no commit names does not exist for a reader. So a kill at any instant leaves either the old store or the new
one, and a sweep of unnamed files is always safe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from afterbell.disk import files
from afterbell.errors import StoreError

VERSION = 1


class Kept(Struct, frozen=True, kw_only=True):
    """One manifest row: evidence that is kept, what it was read as, and what was refused.

    `sha256` is of the kept (redacted, uncompressed) bytes, `received_sha256` of the bytes as they came (opened, if
    they were compressed). `refusals` holds the first hundred of `refused`.
    """

    source: int
    sha256: str
    received_sha256: str
    received_size: int
    size: int
    stored_size: int
    name: str
    format: str
    parser: str
    received_at: str
    redacted: Mapping[str, int] = {}
    traces: int = 0
    spans: int = 0
    logs: int = 0
    rows: int = 0
    refused: int = 0
    refusals: tuple[Mapping[str, str], ...] = ()


class PartFile(Struct, frozen=True, kw_only=True):
    """One Parquet file of a table: `file` relative to the store, `bucket` the shard it belongs to.

    `size` is about how many bytes its rows take in memory.
    """

    table: str
    bucket: int
    file: str
    rows: int
    size: int = 0


class Commit(Struct, frozen=True, kw_only=True):
    """One ingest. The `source` column of its parts refers to the `source` of its evidence.

    A commit with a `first` stands for all commits from that number on: their evidence and rows are in it, and they no
    longer count (see `compaction`).
    """

    version: int
    number: int
    created: str
    evidence: tuple[Kept, ...]
    parts: tuple[PartFile, ...]
    first: int = 0

    @property
    def rows(self) -> int:
        """How many rows its parts hold."""
        return sum(part.rows for part in self.parts)


def read_all(directory: Path) -> tuple[Commit, ...]:
    """Return the commits that count, in order. Raises StoreError when one cannot be read or is missing."""
    found: list[Commit] = []
    number = max((int(path.stem) for path in directory.glob("*.json") if path.stem.isdecimal()), default=0)
    while number:
        found.append(_read(directory, number))
        number = (found[-1].first or number) - 1
    return tuple(reversed(found))


def _read(directory: Path, number: int) -> Commit:
    path = place(directory, number)
    try:
        commit = msgspec.json.decode(path.read_bytes(), type=Commit)
    except FileNotFoundError:
        raise StoreError(f"commit {number} of the store is missing", "restore .afterbell/commits from a copy") from None
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise StoreError(
            f"commit {path.name} of the store cannot be read: {error}",
            "the evidence is intact: move .afterbell/commits and .afterbell/shards away and ingest again",
        ) from None
    if commit.version > VERSION:
        raise StoreError(f"commit {path.name} of the store was written by a newer afterbell", "update this one")
    if commit.number != number or not 0 <= commit.first <= number:
        raise StoreError(f"commit {path.name} of the store is another one's", "restore .afterbell/commits from a copy")
    return commit


def next_number(history: Sequence[Commit]) -> int:
    """Return the number of the commit after these."""
    return history[-1].number + 1 if history else 1


def place(directory: Path, number: int) -> Path:
    """Return where a commit lies."""
    return directory / f"{number:06d}.json"


def sweep(directory: Path, history: Sequence[Commit]) -> None:
    """Remove the files of commits that no longer count, and what dead writers left."""
    counting = {commit.number for commit in history}
    for path in directory.glob("*.json"):
        if path.stem.isdecimal() and int(path.stem) not in counting:
            files.remove(path)
    files.sweep_temporaries(directory)


def write(directory: Path, commit: Commit) -> None:
    """Make a commit count, under the store's lock: durable when this returns. Raises when the number is taken."""
    files.make_dirs(directory)
    data: Any = msgspec.json.encode(commit)
    files.write_once(place(directory, commit.number), data + b"\n", alone=True)
