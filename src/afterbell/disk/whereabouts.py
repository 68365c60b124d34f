"""In which segments an id may stand: so that adding an entry need not read the whole log.

Derived from the log, kept in the user's cache directory, and thrown away at any time. It holds for one head and
names a segment for every place where the bytes `"id":"..."` stand, so it may name one too many and none too few; what
really stands there is read from the log. Lines that no head counts are not in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import platformdirs
from msgspec import Struct

from afterbell.disk import files
from afterbell.errors import DiskError
from afterbell.log import lines
from afterbell.log.checkpoint import EMPTY_HEAD, Head

_MAGIC = b"afterbell ids 1\n"
_SIZE, _ROOT = 8, 32
_HEADER = len(_MAGIC) + _SIZE + _ROOT
_KEY, _NUMBER = 8, 4
_ROW = _KEY + _NUMBER
_LONGEST = 1024 * 1024 * 1024
_ID = re.compile(rb'"id":"([A-Za-z0-9._-]{1,100})"')


class Whereabouts(Struct, frozen=True, kw_only=True):
    """The ids of the first `head.size` lines: rows of 8 bytes of an id's SHA-256 and the segment's number, 4 bytes."""

    head: Head = EMPTY_HEAD
    rows: bytes = b""

    def segments(self, name: str) -> Iterator[int]:
        """Yield the numbers of the segments in which this id may stand; a number may come twice."""
        key = _key(name.encode())
        at = self.rows.find(key)
        while at >= 0:
            if at % _ROW == 0:
                yield int.from_bytes(self.rows[at + _KEY : at + _ROW], "big")
            at = self.rows.find(key, at + 1)

    @property
    def next_segment(self) -> int:
        """The number of the first segment that may have grown since."""
        return self.head.size // lines.LINES_PER_SEGMENT

    def grown(self, head: Head, segments: Iterable[tuple[int, bytes]]) -> Whereabouts:
        """Return what holds for a later head of the same log; `segments` are those from `next_segment` on."""
        kept = [row for row in _split(self.rows) if int.from_bytes(row[_KEY:], "big") < self.next_segment]
        for number, data in segments:
            place = number.to_bytes(_NUMBER, "big")
            kept += [_key(name) + place for name in _ID.findall(data)]
        return Whereabouts(head=head, rows=b"".join(kept))


class Kept:
    """What is kept of one log in the user's cache directory; that it cannot be read or written stops nobody."""

    def __init__(self, directory: Path) -> None:
        """Name the file after the log's directory; nothing is touched."""
        digest = hashlib.sha256(str(directory.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:24]
        self._path = platformdirs.user_cache_path("afterbell") / "ids" / digest

    def get(self) -> Whereabouts:
        """Return what was kept last, the empty log's when there is nothing."""
        data = None
        with suppress(DiskError):
            data = files.read(self._path, _LONGEST)
        if data is None or not data.startswith(_MAGIC) or (len(data) - _HEADER) % _ROW:
            return Whereabouts()
        size, root, rows = data[len(_MAGIC) : _HEADER - _ROOT], data[_HEADER - _ROOT : _HEADER], data[_HEADER:]
        return Whereabouts(head=Head(size=int.from_bytes(size, "big"), root=root.hex()), rows=rows)

    def put(self, found: Whereabouts) -> None:
        """Keep it, whole or not at all."""
        head = found.head.size.to_bytes(_SIZE, "big") + bytes.fromhex(found.head.root)
        with suppress(DiskError):
            files.make_dirs(self._path.parent)
            files.replace(self._path, _MAGIC + head + found.rows)


def _key(name: bytes) -> bytes:
    return hashlib.sha256(name).digest()[:_KEY]


def _split(rows: bytes) -> Iterator[bytes]:
    return (rows[at : at + _ROW] for at in range(0, len(rows), _ROW))
