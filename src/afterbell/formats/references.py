"""Content of model calls that was written to files of its own: what refers to it, and which file an address means.

OpenTelemetry's upload hook writes `<uuid>_inputs.json` and its like (a JSON list, or one element a line with its
`index`) and leaves the address on the span or its log record: `gen_ai.input.messages_ref`; others write
`gen_ai.input.messages.ref`. An address is never opened. It is compared with the names of files that were handed in, by
its last part and then by as many parts before that as are equal; an address that fits two files alike means none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from afterbell.formats.json_rows import parsed
from afterbell.formats.messages import as_text

FORMAT: Final = "genai-uploads"
EVENT: Final = "gen_ai.uploaded"
NAMES = ("gen_ai.system_instructions", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.tool.definitions")
SUFFIXES = ("_ref", ".ref")
_KEYS = tuple((name + suffix, name) for name in NAMES for suffix in SUFFIXES)
_PARTS = re.compile(r"[/\\]+")
_INDEX = "index"


class Reference(Struct, frozen=True, kw_only=True):
    """`attribute` names what is elsewhere, `key` the attribute that says where, `address` is that place as written."""

    attribute: str
    key: str
    address: str


def references(attributes: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield what these attributes keep elsewhere; what stands there too is not elsewhere."""
    for key, name in _KEYS:
        address = attributes.get(key)
        if isinstance(address, str) and address and name not in attributes:
            yield Reference(attribute=name, key=key, address=address)


class Index:
    """The names of files that were handed in, by their last part."""

    def __init__(self, names: Iterable[str]) -> None:
        self._named: dict[str, list[tuple[str, ...]]] = {}
        self._whole: dict[tuple[str, ...], str] = {}
        for name in names:
            parts = _parts(name)
            if parts and parts not in self._whole:
                self._named.setdefault(parts[-1], []).append(parts)
                self._whole[parts] = name

    def find(self, address: str) -> str:
        """Return the one file that this address means, or an empty text."""
        wanted = _parts(address)
        found = self._named.get(wanted[-1], []) if wanted else []
        ranked = sorted(((_alike(wanted, parts), parts) for parts in found), reverse=True)
        if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
            return ""
        return self._whole[ranked[0][1]]


def _parts(address: str) -> tuple[str, ...]:
    return tuple(part for part in _PARTS.split(address) if part not in {"", "."})


def _alike(wanted: tuple[str, ...], parts: tuple[str, ...]) -> int:
    count = 0
    for one, other in zip(reversed(wanted), reversed(parts), strict=False):
        if one != other:
            break
        count += 1
    return count


def _whole(data: bytes) -> Any:
    try:
        return parsed(data)
    except ValueError:
        return [parsed(line) for line in data.splitlines() if line.strip()]


def content(data: bytes) -> str:
    """Return the list that a file holds, as JSON text. Raises ValueError when it holds none."""
    try:
        whole = _whole(data)
    except RecursionError:
        raise ValueError("nested too deep") from None
    listed = whole if isinstance(whole, list) else [whole]
    if not listed or not all(isinstance(each, dict) for each in listed):
        raise ValueError("no list of objects")
    if all(isinstance(each.get(_INDEX), int) for each in listed):
        listed = sorted(listed, key=lambda each: each[_INDEX])
        listed = [{key: value for key, value in each.items() if key != _INDEX} for each in listed]
    return as_text(listed)
