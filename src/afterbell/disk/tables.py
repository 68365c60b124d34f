"""Parquet files as JSON lines, an object per row, so that books in Parquet take the way of books in text.

Instants are written in UTC, decimals and floating-point numbers with all their digits. Nested columns become JSON
values. A file is read through DuckDB in batches; memory does not grow with its size. What a column means is not its
business.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb

from afterbell.disk.shards import connect

MAGIC: Final = b"PAR1"
_BATCH = 4096
_MEGABYTES = 256


class TableError(Exception):
    """A file that cannot be read as Parquet; its text is the reason."""


def lines(path: Path) -> Iterator[bytes]:
    """Yield the rows of a Parquet file as JSON lines, in their order, some thousand at a time. Raises TableError."""
    try:
        with connect(_MEGABYTES) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            found = connection.execute("SELECT to_json(t)::VARCHAR FROM read_parquet(?) AS t", [str(path)])
            while rows := found.fetchmany(_BATCH):
                yield "".join(f"{row[0]}\n" for row in rows).encode()
    except duckdb.Error as error:
        raise TableError(str(error).partition("\n")[0][:200]) from error
