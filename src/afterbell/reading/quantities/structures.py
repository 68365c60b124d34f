"""Reads the figures of JSON and of printed Python structures: each with its keys, its object and its list.

It reads the characters, not the parsed value, so that every figure keeps its place; a structure that was cut off
reads as far as it goes. Lists of lists are tables. Texts within are read by the reader that is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct, structs

from afterbell.reading import views
from afterbell.reading.quantities import labels, scales, tables
from afterbell.reading.quantities.quantity import Quantity
from afterbell.reading.quantities.tables import Cell

TextReader = Callable[[str, str, str, int | None], Iterator[Quantity]]

_TOKEN = re.compile(
    r"""\s{0,1000}(?:
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<number>-?\d{1,30}(?:\.\d{1,30})?(?:[eE][-+]?\d{1,3})?(?![\w.]))
    | (?P<word>true|false|null|None|True|False|NaN|nan|-?Infinity)\b
    | (?P<call>(?:Decimal|datetime(?:\.\w{1,12}){0,2}|date|Timestamp|np\.\w{1,12})\()
    | (?P<mark>[][{}:,()]))""",
    re.VERBOSE | re.DOTALL,
)
_WHOLE_NUMBER = re.compile(r"[-+]?[$€£¥]?\s?\(?-?\d[\d,]{0,30}(?:\.\d{1,20})?\)?%?\Z")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_WHEN = re.compile(
    r"(?:[\d\-/:. TZ+]{4,32}|(?:Q[1-4]|H[12]|FY|CY)[\w\s\-/]{0,10}|\d{4}[\s\-]?(?:Q[1-4]|H[12]|FY|A|E))\Z"
)
_UNIT_KEYS: Final = frozenset(
    {"unit", "units", "scale", "multiplier", "denomination", "amounts_in", "values_in", "reported_in"}
)
_ID_KEYS = re.compile(
    r"(?:\b|_)(?:id|ids|uuid|cik|isin|cusip|figi|zip|phone|timestamp|time|date|epoch|seed|version|hash|page"
    r"|rank|index|port)\Z",
    re.IGNORECASE,
)
# Under these a number of four digits is a year; under any other key it is a figure.
_TIME_KEYS = re.compile(
    r"\A\Z|year|date|period|quarter|fiscal|found|establish|incorporat|matur|expir|as_?of|vintage|edition|version|generation"
    r"|(?:\A|[^a-z])(?:fy|yr|since|from|until|till|to|start|end|begin|time|month|day|ipo|born|built|due|class|model|name"
    r"|title|key|label|code|number|no|form)(?:[^a-z]|\Z)",
    re.IGNORECASE,
)
_SHORT = 60
_LONG = 200
_DEEPEST = 60


class _Frame(Struct):
    """An open object or list; `around` is the path of what holds it."""

    mark: str
    path: str
    around: str
    words: str
    scale: int | None
    key: str = ""
    count: int = 0
    names: list[str] = []
    found: list[Quantity] = []
    cells: list[Cell] = []
    rows: list[list[Cell]] = []
    flat: bool = True


def read(text: str, start: int, name: str, reader: TextReader, scale: int | None) -> tuple[int, list[Quantity]]:
    """Return where the structure that begins at `start` ends, and its figures with places in `text`.

    `name` marks groups, `scale` is what the surroundings state (a power of ten). `reader(text, name, about, scale)`
    reads a text within.
    """
    return _Reader(text, name, reader, scale).run(start)


class _Reader:
    """One pass over the characters with the open objects and lists on a stack."""

    def __init__(self, text: str, name: str, reader: TextReader, scale: int | None) -> None:
        self._text, self._name, self._reader = text, name, reader
        self._stack = [_Frame(mark="", path="", around="", words="", scale=scale)]
        self._inner = 0

    def run(self, start: int) -> tuple[int, list[Quantity]]:
        at = start
        while (hit := _TOKEN.match(self._text, at)) is not None:
            kind = hit.lastgroup
            at = hit.end()
            if kind == "string":
                self._string(hit.start("string") + 1, at - 1)
            elif kind == "number":
                self._scalar(hit["number"], hit.start("number"))
            elif kind == "call":
                self._open("(")
            elif kind == "mark":
                self._mark(hit["mark"])
                if len(self._stack) == 1:
                    break
        while len(self._stack) > 1:
            self._close()
        return at, self._stack[0].found

    def _mark(self, mark: str) -> None:
        if mark in "[{(":
            self._open(mark)
        elif mark in "]})" and len(self._stack) > 1:
            self._close()
        elif mark == ",":
            self._stack[-1].count += 1

    def _open(self, mark: str) -> None:
        top = self._stack[-1]
        step = top.key if top.mark == "{" else str(top.count)
        if mark != "[":
            top.flat = False
        if len(self._stack) > _DEEPEST:
            step = ""
        words = f"{top.words} {step}" if top.mark == "{" else top.words
        self._stack.append(_Frame(mark=mark, path=f"{top.path}/{step}"[-200:], around=top.path, words=words[-200:],
                                  scale=top.scale))  # fmt: skip

    def _string(self, start: int, end: int) -> None:
        top = self._stack[-1]
        content = self._text[start:end]
        if top.mark == "{" and self._text[end + 1 : end + 40].lstrip()[:1] == ":":
            top.key = content[:_SHORT]
        else:
            self._scalar(content, start, quoted=True)

    def _scalar(self, content: str, start: int, *, quoted: bool = False) -> None:
        top = self._stack[-1]
        if top.mark != "{":
            top.cells.append(Cell(content, start))
            if quoted and len(content) > _LONG:
                top.flat = False
            return
        if quoted and top.key.lower() in _UNIT_KEYS:
            stated = scales.units_scale(content)
            top.scale = top.scale if stated is None else stated
        elif (quoted and len(content) <= _SHORT and not _DIGIT.search(content)) or _WHEN.match(content):
            top.names.append(content)
        if (
            _DIGIT.search(content)
            and not (_YEAR.match(content) and _TIME_KEYS.search(top.key))
            and not (quoted and _WHEN.match(content) and not _WHOLE_NUMBER.match(content))
        ):
            top.found += self._figures(content, start, top)

    def _figures(self, content: str, start: int, frame: _Frame) -> Iterator[Quantity]:
        """Yield the figures of one value under a key."""
        label = f"{frame.words} {frame.key}"
        if _WHOLE_NUMBER.match(content) or not content.strip("-+.eE0123456789"):
            if _ID_KEYS.search(frame.key):
                return
            spaced = labels.spaced(label)
            words, basis = labels.words(label), labels.basis(spaced)
            own = scales.key_scale(labels.spaced(frame.key))
            for each in (tables.number(content, 0),) if _YEAR.match(content) else tables.whole(content):
                yield tables.named(
                    structs.replace(
                        each, start=each.start + start, end=each.end + start, row_label=words, label=words, basis=basis,
                        groups=(f"o{self._name}{frame.path}", f"c{self._name}{frame.around}:{frame.key}"),
                    ),
                    (spaced,), frame.scale if own is None else own,
                )  # fmt: skip
            return
        self._inner += 1
        read = views.unescaped(views.view(content))
        for each in self._reader(read.text, f"{self._name}.{self._inner}", label, frame.scale):
            begin, stop = read.place(each.start, each.end)
            yield structs.replace(each, start=begin + start, end=stop + start)

    def _close(self) -> None:
        frame, top = self._stack.pop(), self._stack[-1]
        table = frame.rows if len(frame.rows) > 1 and frame.flat and not frame.cells else []
        if table:
            name = f"{self._name}{frame.path}"
            frame.found += tables.read(table, name, scale=frame.scale, about=frame.words)
        else:
            for cell in [cell for row in frame.rows for cell in row] + (
                [] if self._is_row(frame, top) else frame.cells
            ):
                if _DIGIT.search(cell.text) and not _YEAR.match(cell.text):
                    frame.found += self._figures(cell.text, cell.start, frame)
            if self._is_row(frame, top):
                top.rows.append(frame.cells)
        names = labels.words(" ".join(frame.names)[:300]) if frame.names else frozenset()
        scale = frame.scale if frame.scale is not None and frame.scale != top.scale else None
        for each in frame.found:
            top.found.append(_told(each, names, scale))

    def _is_row(self, frame: _Frame, top: _Frame) -> bool:
        return frame.mark == "[" == top.mark and frame.flat and not frame.rows and bool(frame.cells)


def _told(figure: Quantity, names: frozenset[str], scale: int | None) -> Quantity:
    """Return a figure with what its object says beside it: names, dates, units."""
    if scale is not None and not figure.scale_from:
        figure = tables.named(figure, (" ".join(figure.row_label),), scale)
    if names and labels.years(figure.label):
        names -= labels.years(names)
    return structs.replace(figure, label=figure.label | names) if names else figure
