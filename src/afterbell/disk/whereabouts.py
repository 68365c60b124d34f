"""In which segments an id may stand: so that adding an entry need not read the whole log.

Derived from the log, kept in the user's cache directory, and thrown away at any time. It holds for one head and
names a segment for every place where the bytes `"id":"..."` or `"event_id":"..."` stand, so it may name one too many
and none too few; what really stands there is read from the log. Lines that no head counts are not in it.

The file: a magic line; the head (size, 8 bytes, and root); 256 counts (4 bytes each) of the rows whose first byte is at
most 0, 1, ... 255; and the rows in order, 8 bytes of the SHA-256 of the bytes above and 4 of the segment's number. To
look something up takes the counts and one 256th of the rows.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import platformdirs
from msgspec import Struct

from afterbell.disk import files
from afterbell.errors import DiskError
from afterbell.log import lines
from afterbell.log.checkpoint import EMPTY_HEAD, Head

_MAGIC = b"afterbell ids 2\n"
_SIZE, _ROOT = 8, 32
_START = len(_MAGIC) + _SIZE + _ROOT
_COUNTS = struct.Struct(">256I")
_HEADER = _START + _COUNTS.size
_KEY, _NUMBER = 8, 4
_ROW = _KEY + _NUMBER
_LONGEST = 1024 * 1024 * 1024
_KNOWN = re.compile(rb'"(?:event_)?id":"[^"\\]{1,200}"')


def covers(needle: bytes) -> bool:
    """Tell whether these bytes are of the kind that is remembered."""
    return _KNOWN.fullmatch(needle) is not None


class Whereabouts(Struct, frozen=True, kw_only=True):
    """What stands in the first `head.size` lines: rows of a key and the number of a segment, in order."""

    head: Head = EMPTY_HEAD
    rows: bytes = b""

    @property
    def next_segment(self) -> int:
        """The number of the first segment that may have grown since."""
        return self.head.size // lines.LINES_PER_SEGMENT

    def grown(self, head: Head, segments: Iterable[tuple[int, bytes]]) -> Whereabouts:
        """Return what holds for a later head of the same log; `segments` are those from `next_segment` on."""
        kept = [row for row in _split(self.rows) if int.from_bytes(row[_KEY:], "big") < self.next_segment]
        for number, data in segments:
            place = number.to_bytes(_NUMBER, "big")
            kept += [_key(found) + place for found in set(_KNOWN.findall(data))]
        return Whereabouts(head=head, rows=b"".join(sorted(kept)))


class Kept:
    """What is kept of one log in the user's cache directory; that it cannot be read or written stops nobody."""

    def __init__(self, directory: Path) -> None:
        """Name the file after the log's directory; nothing is touched."""
        self._directory = directory

    @cached_property
    def path(self) -> Path:
        """Where it lies."""
        return platformdirs.user_cache_path("afterbell") / "ids" / files.digest_of(self._directory)

    def get(self) -> Whereabouts:
        """Return what was kept last, the empty log's when there is nothing."""
        data = None
        with suppress(DiskError):
            data = files.read(self.path, _LONGEST)
        head = _head(data or b"")
        if data is None or head is None or _counts(data)[-1] * _ROW != len(data) - _HEADER:
            return Whereabouts()
        return Whereabouts(head=head, rows=data[_HEADER:])

    def put(self, found: Whereabouts) -> None:
        """Keep it, whole or not at all."""
        head = found.head.size.to_bytes(_SIZE, "big") + bytes.fromhex(found.head.root)
        firsts = Counter(found.rows[::_ROW])
        counts = _COUNTS.pack(*accumulate(firsts[byte] for byte in range(256)))
        with suppress(DiskError):
            path = self.path
            files.make_dirs(path.parent)
            files.replace(path, _MAGIC + head + counts + found.rows)

    def segments(self, needle: bytes, head: Head) -> tuple[int, ...] | None:
        """Return the numbers of the segments in which these bytes may stand, None if nothing is kept for the head."""
        key = _key(needle)
        with suppress(DiskError), files.opened(self.path) as stream:
            start = stream.read(_HEADER)
            if _head(start) != head:
                return None
            counts = (0, *_counts(start))
            first, last = counts[key[0] : key[0] + 2]
            stream.seek(_HEADER + first * _ROW)
            rows = stream.read((last - first) * _ROW)
            return tuple(dict.fromkeys(_numbers(rows, key))) if len(rows) == (last - first) * _ROW else None
        return None


def _head(data: bytes) -> Head | None:
    """Return the head of which a file speaks, None for another kind of file or a torn one."""
    if not data.startswith(_MAGIC) or len(data) < _HEADER:
        return None
    size, root = data[len(_MAGIC) : _START - _ROOT], data[_START - _ROOT : _START]
    return Head(size=int.from_bytes(size, "big"), root=root.hex())


def _counts(data: bytes) -> tuple[int, ...]:
    return _COUNTS.unpack_from(data, _START)


def _numbers(rows: bytes, key: bytes) -> Iterator[int]:
    at = rows.find(key)
    while at >= 0:
        if at % _ROW == 0:
            yield int.from_bytes(rows[at + _KEY : at + _ROW], "big")
        at = rows.find(key, at + 1)


def _key(needle: bytes) -> bytes:
    return hashlib.sha256(needle).digest()[:_KEY]


def _split(rows: bytes) -> Iterator[bytes]:
    return (rows[at : at + _ROW] for at in range(0, len(rows), _ROW))
