"""Fields of an object that was written with Python's `repr`: `content='...' tool_calls=[...] id='run-1'`.

Only literals are read, by Python's own parser for them; nothing is ever evaluated. What is no literal stays text.
"""

from __future__ import annotations

import ast
import re
from typing import Any

_KEY = re.compile(r"\s{0,9}([A-Za-z_]\w{0,63})=")
_TOKEN = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|['"]|[\[({]|[\])}]|\s""", re.DOTALL)


class ReprError(ValueError):
    """A text that is no such list of fields, or the beginning of one only."""


def fields(text: str) -> dict[str, Any]:
    """Return the fields in order. Raises ReprError that says at which character the text is wrong or cut."""
    found: dict[str, Any] = {}
    place = 0
    while place < len(text.rstrip()):
        key = _KEY.match(text, place)
        if key is None:
            raise ReprError(f"no field at character {place + 1}")
        end = _end(text, key.end())
        found[key[1]] = _value(text[key.end() : end])
        place = end
    return found


def _end(text: str, start: int) -> int:
    """Return where the value that begins at `start` ends: at the first space outside quotes and brackets."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        word = token[0]
        if word in {"'", '"'}:
            raise ReprError(f"cut off: a text that begins at character {token.start() + 1} does not end")
        if word in "[({":
            depth += 1
        elif word in "])}":
            depth -= 1
        elif word.isspace() and depth <= 0:
            return token.start()
    if depth > 0:
        raise ReprError("cut off: a bracket does not close")
    return len(text)


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text
