"""The store's history: one write-once file per ingest that says which evidence and which parts count.

What no commit names does not exist for a reader. So a kill at any instant leaves either the old store or the new
one, and a sweep of unnamed files is always safe.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    """One Parquet file of a table: `file` relative to the store, `bucket` the shard it belongs to."""

    table: str
    bucket: int
    file: str
    rows: int


class Commit(Struct, frozen=True, kw_only=True):
    """One ingest. The `source` column of its parts refers to the `source` of its evidence."""

    version: int
    number: int
    created: str
    evidence: tuple[Kept, ...]
    parts: tuple[PartFile, ...]


def read_all(directory: Path) -> tuple[Commit, ...]:
    """Return all commits in order. Raises StoreError when one cannot be read or a number is missing."""
    found = []
    for path in sorted(directory.glob("*.json")) if directory.is_dir() else ():
        try:
            found.append(msgspec.json.decode(path.read_bytes(), type=Commit))
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise StoreError(
                f"commit {path.name} of the store cannot be read: {error}",
                "the evidence is intact: move .afterbell/commits and .afterbell/shards away and ingest again",
            ) from None
        if found[-1].version > VERSION:
            raise StoreError(f"commit {path.name} of the store was written by a newer afterbell", "update this one")
    for number, commit in enumerate(found, start=1):
        if commit.number != number:
            raise StoreError(f"commit {number} of the store is missing", "restore .afterbell/commits from a copy")
    return tuple(found)


def write(directory: Path, commit: Commit) -> None:
    """Make a commit count: durable when this returns. Raises when the number is taken."""
    files.make_dirs(directory)
    data: Any = msgspec.json.encode(commit)
    files.write_once(directory / f"{commit.number:06d}.json", data + b"\n")
