"""Content of model calls in files of its own, as OpenTelemetry's upload hook writes it beside the traces.

Messages (`_inputs`, `_outputs`), system instructions or tool definitions: a JSON list, or one element a line. A file
names no trace, so nothing is read from it here; ingest puts it where spans refer to it (see `formats.references`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from afterbell.formats import bounded, json_rows
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.references import FORMAT, content
from afterbell.model.trace import Refusal

NAME = FORMAT
TITLE = "Content of model calls that OpenTelemetry's upload hook wrote to files (read where spans refer to it)"
UNIT = Unit.STREAM
RANK = 47

LARGEST = 64 * 1024 * 1024
_BEGINS = re.compile(rb'\s{0,9}\[?\s{0,9}\{\s{0,9}"(?:role|parts|finish_reason|index|name)"')
_HINT = re.compile(r"_(?:inputs|outputs|system_instruction|tool\.definitions)\.jsonl?(?:\.gz|\.zst)?\Z")
_LIST = re.compile(rb"\s{0,9}\[?\s{0,9}\{")


def recognise(head: bytes, name: str) -> bool:
    """Tell whether messages begin here. Instructions and tools look like much else: they must be called so too."""
    keys = json_rows.keys(head)
    if _BEGINS.match(head) and {"role", "parts"} <= keys:
        return True
    typed = "type" in keys and not keys.isdisjoint({"content", "name"})
    return typed and _HINT.search(name) is not None and _LIST.match(head) is not None


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Say that the content counts where it is referred to, or why it cannot be used."""
    data = bounded.document(stream, LARGEST)
    if data is None:
        yield Refusal(where="document", why=bounded.too_long(LARGEST))
        return
    try:
        content(data)
    except ValueError as error:
        yield Refusal(where="document", why=f"no list of messages, parts or tools: {str(error)[:120]}")
    else:
        yield Refusal(where="the file", why="content of model calls: it counts where spans refer to it", taken=True)
