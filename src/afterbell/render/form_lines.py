"""The lines of a form with their places in the file, the notes taken while reading them, and its tables and bullets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from msgspec import Struct

from afterbell.model.fault import Fault
from afterbell.render.form_parts import FORM_RULES

_BLANK = " \t\r"
_RULE_CELL = re.compile(r":?-+:?")
_BULLET = re.compile(r"[-*+](?:\s+|$)")


class Line(Struct, frozen=True):
    """A stretch of one line without its blank ends, and where it starts in the file."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends in the file."""
        return self.start + len(self.text)


@dataclass
class Notes:
    """What a reading finds beside the values: faults, and the place of each field."""

    faults: list[Fault] = field(default_factory=list)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def fault(self, rule: str, message: str, line: Line) -> None:
        """Note one fault of the form at a stretch of the file."""
        told = FORM_RULES[rule]
        self.faults.append(
            Fault(
                field="form",
                rule=rule,
                message=message,
                why=told.why,
                rewrite=told.rewrite,
                start=line.start,
                end=line.end,
            )
        )

    def place(self, path: str, lines: Sequence[Line]) -> None:
        """Note that a field stands on these lines."""
        if lines:
            self.places[path] = (lines[0].start, lines[-1].end)


def cut(start: int, raw: str) -> Line:
    """Return a stretch of the file without blank ends."""
    body = raw.lstrip(_BLANK)
    return Line(start + len(raw) - len(body), body.rstrip(_BLANK))


def split(text: str) -> list[Line]:
    """Return the lines of a file; a byte order mark, carriage returns and blanks at the ends fall away."""
    start = 1 if text.startswith("\ufeff") else 0
    lines = []
    for raw in text[start:].split("\n"):
        lines.append(cut(start, raw))
        start += len(raw) + 1
    return lines


def uncommented(lines: Sequence[Line], notes: Notes) -> list[Line]:
    """Return the lines without comments that begin a line; an open comment is a fault."""
    kept = []
    opened: Line | None = None
    for line in lines:
        text, start = line.text, line.start
        while opened is not None or text.startswith("<!--"):
            begin = 0 if opened is not None else len("<!--")
            if opened is not None and text.startswith("<!--"):
                notes.fault("form.comment", "this comment is not closed before the next one", opened)
            opened = opened or line
            close = text.find("-->", begin)
            if close < 0:
                break
            opened = None
            rest = cut(start + close + len("-->"), text[close + len("-->") :])
            text, start = rest.text, rest.start
            if not text:
                break
        else:
            kept.append(Line(start, text))
    if opened is not None:
        notes.fault("form.comment", "this comment is never closed", opened)
    return kept


def filled(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that are not blank."""
    return [line for line in lines if line.text]


def bullets(lines: Sequence[Line], notes: Notes) -> Iterator[Line]:
    """Yield the text of each bullet; a line below a bullet continues it. Text before the first is a fault."""
    open_: Line | None = None
    for line in filled(lines):
        if match := _BULLET.match(line.text):
            if open_ is not None:
                yield open_
            open_ = Line(line.start + match.end(), line.text[match.end() :])
        elif open_ is not None:
            open_ = Line(open_.start, f"{open_.text} {line.text}")
        else:
            notes.fault("form.stray", f"text outside a bullet: {line.text[:60]!r}", line)
    if open_ is not None:
        yield open_


def rows(lines: Sequence[Line], columns: Sequence[str], notes: Notes) -> Iterator[tuple[Line, dict[str, Line]]]:
    """Yield each row of a table with its cells by column; columns may stand in another order."""
    order: list[str] | None = None
    for line in filled(lines):
        cells = _cells(line)
        if cells is None:
            notes.fault("form.stray", f"text outside the table: {line.text[:60]!r}", line)
        elif order is None:
            order = [cell.text.lower() for cell in cells]
            if sorted(order) != sorted(column.lower() for column in columns):
                notes.fault("form.table", f"the columns are not {', '.join(columns)}", line)
                order = [column.lower() for column in columns]
        elif all(_RULE_CELL.fullmatch(cell.text) for cell in cells):
            continue
        elif len(cells) != len(order):
            notes.fault("form.table", f"{len(cells)} cells where {len(order)} are expected", line)
        else:
            yield line, dict(zip(order, cells, strict=True))


def _cells(line: Line) -> list[Line] | None:
    """Return the cells between the unescaped bars of a row, None for a line that is no row."""
    if not line.text.startswith("|"):
        return None
    bars = [0]
    place = 1
    while place < len(line.text):
        if line.text[place] == "\\":
            place += 1
        elif line.text[place] == "|":
            bars.append(place)
        place += 1
    if bars[-1] != len(line.text) - 1:
        bars.append(len(line.text))
    pairs = pairwise(bars)
    return [cut(line.start + left + 1, line.text[left + 1 : right]) for left, right in pairs]
