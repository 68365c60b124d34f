"""OTLP as one JSON document over many lines, as people and pretty-printers save it; also several in a row.

The whole document is held in memory, so its size is capped; large exports belong in JSON lines.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from afterbell.formats.content import is_cut
from afterbell.formats.envelopes.otlp_json import camel, is_spread, items, looks_like_otlp
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.trace import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "otlp-json-document"
TITLE = "OpenTelemetry (OTLP) as one JSON document"
UNIT = Unit.STREAM

LARGEST = 256 * 1024 * 1024


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the text begins with an OTLP export that goes on after its first line."""
    return looks_like_otlp(head) and is_spread(head)


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the whole document, or each of several, into spans, log records and refusals."""
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        yield Refusal(where="document", why=f"larger than {LARGEST // 2**20} MiB; write it as JSON lines")
        return
    try:
        parsed = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        yield from _several(data)
        return
    yield from _document(parsed, 1)


def _several(data: bytes) -> Iterator[Item]:
    text = data.decode("utf-8-sig", "replace")
    decoder = json.JSONDecoder()
    number, start = 0, 0
    while start < len(text):
        if text[start].isspace() or text[start] == "\x1e":
            start += 1
            continue
        number += 1
        try:
            value, end = decoder.raw_decode(text, start)
        except ValueError as error:
            why = "cut off: the JSON ends early" if is_cut(text, error) else f"not JSON: {error}"
            yield Refusal(where=f"document {number}", why=why)
            return
        except RecursionError:
            yield Refusal(where=f"document {number}", why="nested too deep")
            return
        yield from _document(value, number)
        start = end


def _document(value: Any, number: int) -> Iterator[Item]:
    try:
        yield from items(camel(value), f"document {number}", number, NAME)
    except RecursionError:
        yield Refusal(where=f"document {number}", why="nested too deep")
