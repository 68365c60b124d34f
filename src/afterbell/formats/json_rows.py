"""Records of JSON however they are laid out: a list, an object that holds lists, several documents in a row, or lines.

Lines are read one at a time, in bounded memory; one document is held whole, so its size is capped. Of a text that is
cut or broken the records before and after the fault are kept. It does not know what a record means.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson
from msgspec import Struct

from afterbell.formats import bounded
from afterbell.formats.content import is_cut
from afterbell.model.trace import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

LONGEST, LARGEST = bounded.LONGEST_LINE, bounded.LARGEST
_BOM = b"\xef\xbb\xbf"
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}(?:\[\s{0,99})?\{")
# A quote that a backslash precedes stands inside a string.
_KEY = re.compile(rb'(?<!\\)"([A-Za-z_$][\w.$-]{0,63})"\s{0,9}:')
_SHOWN = 120
_TOO_LARGE = f"larger than {LARGEST // 2**20} MiB; write it as JSON lines"


class Row(Struct, frozen=True, kw_only=True):
    """One record and where it stands (`line 3`, `record 7`)."""

    where: str
    value: Any


def begins(head: bytes) -> bool:
    """Tell whether an object, or a list of objects, begins here."""
    return _BEGINS.match(head) is not None


@lru_cache(maxsize=2)
def keys(head: bytes) -> AbstractSet[str]:
    """Return the keys in the beginning of a JSON text, at any depth, in order; words inside strings are none.

    Every envelope looks at the same beginning in turn, or at its first line, so each is searched once.
    """
    return dict.fromkeys(found.decode("ascii", "replace") for found in _KEY.findall(head)).keys()


def parsed(data: bytes) -> Any:
    """Return the JSON in `data`; NaN and lone surrogates are taken too. Raises ValueError or RecursionError."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return json.loads(data.decode("utf-8-sig", "replace"))


def rows(stream: BinaryIO, *lists: str) -> Iterator[Row | Refusal]:
    """Yield the records of a source, lists opened; `lists` name the keys whose list a cut document is searched for."""
    first = stream.readline(LARGEST + 1).removeprefix(_BOM)
    at = 1
    while first and not first.strip():
        first = stream.readline(LARGEST + 1)
        at += 1
    if len(first) > LARGEST:
        yield Refusal(where="document", why=_TOO_LARGE)
        return
    try:
        value = parsed(first)
    except (ValueError, RecursionError):
        yield from _document(first, at, stream, lists)
        return
    number = 0
    for number, each in enumerate(_opened(value), 1):
        yield Row(where=f"line {at}" if each is value else f"record {number}", value=each)
    yield from _lines(bounded.lines(stream, LONGEST), at + 1)


def _opened(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _lines(lines: Iterator[tuple[bytes, bool]], first: int) -> Iterator[Row | Refusal]:
    for number, (line, whole) in enumerate(lines, first):
        if not whole:
            yield Refusal(where=f"line {number}", why=bounded.too_long(LONGEST))
            continue
        if not line.strip():
            continue
        try:
            value = parsed(line)
        except RecursionError:
            yield Refusal(where=f"line {number}", why="nested too deep")
        except ValueError as error:
            cut = "" if line.endswith(b"\n") else " (the file ends inside this line)"
            yield Refusal(where=f"line {number}", why=f"not JSON: {str(error)[:_SHOWN]}{cut}")
        else:
            for each in _opened(value):
                yield Row(where=f"line {number}", value=each)


def _document(first: bytes, at: int, stream: BinaryIO, lists: tuple[str, ...]) -> Iterator[Row | Refusal]:
    """Yield the records of what begins with a line that is no JSON by itself; `at` is that line's number."""
    data = first + stream.read(LARGEST + 1 - len(first))
    if len(data) > LARGEST:
        yield Refusal(where="document", why=_TOO_LARGE)
        return
    try:
        whole = parsed(data)
    except RecursionError:
        yield Refusal(where="document", why="nested too deep")
    except ValueError:
        lines = data.splitlines(keepends=True)
        following = next((line for line in lines[1:] if line.strip()), b"")
        if first.startswith(b"{") and following.startswith(b"{"):
            yield from _lines(((line, True) for line in lines), at)
        else:
            yield from _salvaged(data.decode("utf-8", "replace"), lists)
    else:
        for number, each in enumerate(_opened(whole), 1):
            yield Row(where=f"record {number}" if isinstance(whole, list) else "document", value=each)


def _salvaged(text: str, lists: tuple[str, ...]) -> Iterator[Row | Refusal]:
    """Yield what can be told apart of a text that is no whole JSON: documents in a row, or the elements of a list."""
    listed = next((hit for key in lists if (hit := re.search(rf'"{key}"\s{{0,9}}:\s{{0,9}}\[', text))), None)
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] == "[":
        start, word = start + 1, "record"
    elif listed:
        yield Refusal(where="document", why=f"cut or broken: what stands beside {listed[0].split(chr(34))[1]} is lost")
        start, word = listed.end(), "record"
    else:
        word = "document"
    decoder, number = json.JSONDecoder(), 0
    while start < len(text):
        if text[start] in " \t\r\n\x1e" or (word == "record" and text[start] == ","):
            start += 1
            continue
        if word == "record" and text[start] == "]":
            return
        number += 1
        try:
            value, start = decoder.raw_decode(text, start)
        except RecursionError:
            yield Refusal(where=f"{word} {number}", why="nested too deep; nothing after it was read")
            return
        except ValueError as error:
            why = "cut off: the JSON ends early" if is_cut(text, error) else f"not JSON: {error}"
            yield Refusal(where=f"{word} {number}", why=f"{why}; nothing after it was read")
            return
        for each in _opened(value) if word == "document" else [value]:
            yield Row(where=f"{word} {number}", value=each)
