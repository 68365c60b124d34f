"""Books beside traces, as CSV with a header or as JSON lines: fills, equity, prices, events, diary, gateway and others.

Found by the names of the columns; the file's name only settles what they leave open. Read line by line, in bounded
memory. It decides nothing about money: a row is taken as it is written, or refused with its number and the reason.
Row numbers count as a spreadsheet does: the header is row 1, and a blank line has a number too.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from afterbell.formats.book_cells import RowError
from afterbell.formats.book_columns import Columns, columns_of, flat
from afterbell.formats.book_rows import row_of
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.trace import Refusal
from afterbell.model.vocabulary import Book
from afterbell.reading.exact_json import NotJsonError, loads

NAME = "books"
TITLE = "Books (fills, equity, positions, prices, events, diary, forecasts, costs, gateway) as CSV or JSON lines"
UNIT = Unit.STREAM

LONGEST_ROW = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_DELIMITERS = (",", ";", "\t", "|")
_SEP = re.compile(r"sep=(.)\s{0,4}", re.IGNORECASE)


def recognise(head: bytes, name: str) -> bool:
    """Tell whether the first line is a header, or a JSON object with the keys, of a book."""
    lines = _Lines(iter(head.splitlines(keepends=True)))
    first = next((line for line in lines if line.strip() and not _SEP.fullmatch(line)), "")
    if first.lstrip().startswith("{"):
        try:
            return _columns_of_object(loads(first), name) is not None
        except NotJsonError:
            return False
    return not lines.take_fault() and _header(first, name) is not None


def read(stream: BinaryIO, context: Context) -> Iterator[Item]:
    """Yield the rows of a book. What is refused names its row; columns read under another name come first."""
    lines = _Lines(iter(lambda: stream.readline(LONGEST_ROW), b""))
    for number, line in enumerate(lines, start=1):
        if found := _SEP.fullmatch(line):
            yield from _csv(next(lines, ""), number + 1, lines, context, found[1])
            return
        if line.lstrip().startswith("{"):
            yield from _objects(line, number, lines, context)
            return
        if line.strip():
            yield from _csv(line, number, lines, context)
            return


class _Lines:
    """Text lines of a byte stream. `ended` says whether the last one had its newline."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._first = True
        self._fault = ""
        self.ended = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = next(self._source)
        if self._first:
            raw, self._first = raw.removeprefix(_BOM), False
        self.ended = raw.endswith(b"\n")
        if not self.ended and len(raw) >= LONGEST_ROW:
            self._fault = f"longer than {LONGEST_ROW} bytes; passed over"
            while not self.ended and (more := next(self._source, b"")):
                self.ended = more.endswith(b"\n")
            return "\n"
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            self._fault = f"not UTF-8 at byte {error.start + 1} of the line"
            return raw.decode("utf-8", "replace")

    def take_fault(self) -> str:
        """Return what was wrong with a line handed out since the last time this was asked."""
        fault, self._fault = self._fault, ""
        return fault


class _Row:
    """Lines for the reader of rows; `size` counts the characters of the row under way, which may go over many lines."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.size += len(line)
        if self.size > LONGEST_ROW:
            raise csv.Error(f"a row of more than {LONGEST_ROW} characters")
        return line


def _stem(name: str) -> str:
    return re.split(r"[/\\]", name)[-1].partition(".")[0]


def _columns_of_object(value: Any, name: str) -> Columns | None:
    return columns_of(flat(value), _stem(name)) if isinstance(value, dict) else None


def _header(line: str, name: str, delimiters: tuple[str, ...] = _DELIMITERS) -> tuple[Columns, str] | None:
    """Return the columns of a header line and its delimiter: the one that makes most columns known."""
    best = None
    for delimiter in delimiters:
        try:
            cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        columns = columns_of((cell.strip() for cell in cells), _stem(name))
        if columns and (best is None or _known(columns) > _known(best[0])):
            best = columns, delimiter
    return best


def _known(columns: Columns) -> int:
    return sum(name is not None for name in columns.names)


def _remarks(columns: Columns, where: str) -> Iterator[Refusal]:
    for raw, name in columns.renamed:
        yield Refusal(where=where, why=f"column {raw[:80]} read as {name}", taken=True)
    if columns.unread:
        listed = ", ".join(raw[:40] for raw in columns.unread[:20])
        yield Refusal(where=where, why=f"no columns of {columns.book.value}, not read: {listed}", taken=True)


def _csv(line: str, number: int, lines: _Lines, context: Context, delimiter: str = "") -> Iterator[Item]:
    found = _header(line, context.name, (delimiter,) if delimiter else _DELIMITERS)
    if found is None or lines.take_fault():
        yield Refusal(where=f"row {number}", why=f"not the header of a book: {line.strip()[:80]!r}")
        return
    columns, delimiter = found
    width = len(columns.names)
    yield from _remarks(columns, f"row {number}")
    row = _Row(lines)
    rows = csv.reader(row, delimiter=delimiter, strict=True)
    while True:
        before = rows.line_num
        number += 1
        row.size = 0
        try:
            cells = next(rows, None)
            fault = lines.take_fault()
        except csv.Error as error:
            cells, fault = [], lines.take_fault() or f"not CSV: {error}"
        if cells is None:
            return
        spread = f" (lines {before + 2} to {rows.line_num + 1} of the table)" if rows.line_num > before + 1 else ""
        if fault:
            yield Refusal(where=f"row {number}", why=fault + spread)
        elif not "".join(cells).strip():
            continue
        elif len(cells) != width:
            cut = " (the file ends inside this row)" if not lines.ended and len(cells) < width else ""
            yield Refusal(where=f"row {number}", why=f"{len(cells)} cells under {width} columns{cut}{spread}")
        else:
            yield _row(columns, cells, number)


def _objects(line: str, number: int, lines: _Lines, context: Context) -> Iterator[Item]:
    keys = _Keys(context.name)
    text: str | None = line
    while text is not None:
        fault = lines.take_fault()
        if fault:
            yield Refusal(where=f"row {number}", why=fault)
        elif text.strip():
            try:
                yield from _object(loads(text), number, keys)
            except NotJsonError as error:
                cut = "" if lines.ended else " (the file ends inside this row)"
                yield Refusal(where=f"row {number}", why=f"not JSON: {error}{cut}")
        text = next(lines, None)
        number += 1


class _Keys:
    """What the key sets of the rows so far mean, and which remarks were already made."""

    def __init__(self, name: str) -> None:
        self._stem = _stem(name)
        self._known: dict[tuple[str, ...], Columns | None] = {}
        self._told: set[str] = set()
        self._book: Book | None = None

    def columns(self, keys: tuple[str, ...]) -> Columns | None:
        if keys not in self._known:
            if len(self._known) > 1000:  # noqa: PLR2004 - rows of ever new keys: memory stays bounded
                self._known.clear()
            found = self._known[keys] = columns_of(keys, self._stem, self._book)
            self._book = self._book or (found.book if found else None)
        return self._known[keys]

    def remarks(self, columns: Columns) -> Iterator[Refusal]:
        for remark in _remarks(columns, "keys"):
            if remark.why not in self._told and len(self._told) < 100:  # noqa: PLR2004 - said once, and not without end
                self._told.add(remark.why)
                yield remark


def _object(value: Any, number: int, keys: _Keys) -> Iterator[Item]:
    if not isinstance(value, dict):
        yield Refusal(where=f"row {number}", why="the line is not an object")
        return
    value = flat(value)
    columns = keys.columns(tuple(value))
    if columns is None:
        yield Refusal(where=f"row {number}", why=f"no book has these keys: {', '.join(value)[:120]}")
        return
    yield from keys.remarks(columns)
    yield _row(columns, value.values(), number)


def _row(columns: Columns, values: Any, number: int) -> Item:
    try:
        return row_of(columns, values, number)
    except RowError as error:
        return Refusal(where=f"row {number}", why=str(error))
