"""Parquet files as JSON lines, an object per row, so that books and traces in Parquet take the way of those in text.

Instants are written in UTC, decimals and floating-point numbers with all their digits. Nested columns become JSON
values, a map an object. Byte columns are read as UTF-8, which they hold where a writer did not mark its texts (older
ClickHouse does not); where they hold anything else, those are written in hexadecimal. A file is read through DuckDB,
row group by row group; memory does not grow with its size. What a column means is not its business.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb

from afterbell.disk.shards import connect

MAGIC: Final = b"PAR1"
_BATCH = 64  # rows
_MEGABYTES = 384
# DuckDB takes 2,048 rows at a time, and rows that hold whole conversations may not fit: then fewer are asked for.
_STEPS = (0, 1024, 256, 64, 16, 4, 1)


class TableError(Exception):
    """A file that cannot be read as Parquet; its text is the reason."""


def lines(path: Path) -> Iterator[bytes]:
    """Yield the rows of a Parquet file as JSON lines, in their order, some dozens at a time. Raises TableError."""
    done, tries, as_text = 0, 0, True
    try:
        with connect(_MEGABYTES) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            while True:
                step, before = _STEPS[tries], done
                try:
                    for rows in _rows(connection, path, done, step, as_text):
                        done += len(rows)
                        yield "".join(f"{row[0]}\n" for row in rows).encode()
                except duckdb.OutOfMemoryException:
                    tries += 1
                    if tries == len(_STEPS):
                        raise
                except duckdb.InvalidInputException:
                    if not as_text:
                        raise
                    as_text = False
                else:
                    if not step or done == before:
                        return
    except duckdb.Error as error:
        raise TableError(str(error).partition("\n")[0][:200]) from error


def _rows(
    connection: duckdb.DuckDBPyConnection, path: Path, first: int, step: int, as_text: bool
) -> Iterator[list[tuple[str]]]:  # fmt: skip
    """Yield rows from number `first` on, as JSON: `step` of them at most, or all for 0."""
    columns, source, where, values = "*", "read_parquet(?, binary_as_string = ?)", "", [str(path), as_text]
    if first or step:
        columns, source = "* EXCLUDE (file_row_number)", f"{source[:-1]}, file_row_number = true)"
        where, values = " WHERE file_row_number >= ?", [*values, first]
    if step:
        where, values = f"{where} AND file_row_number < ?", [*values, first + step]
    inner = f"SELECT {columns} FROM {source}{where}"  # noqa: S608 - of constants
    # A column hides a table of its name: this is one that no column has.
    whole = f'SELECT to_json("row of the file")::VARCHAR FROM ({inner}) AS "row of the file"'  # noqa: S608 - of constants
    found = connection.execute(whole, values)
    while rows := found.fetchmany(_BATCH):
        yield rows
