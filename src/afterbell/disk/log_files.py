"""The files of a log, read: lines become entries, and an id is found without reading them all.

Nothing here writes to the log; `journal` does. What is right or wrong with a log is judged in `afterbell.log`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from afterbell.disk import files
from afterbell.disk.whereabouts import Kept, Whereabouts, covers
from afterbell.errors import CanonError, LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import entry as entries
from afterbell.log import lines, special, tiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from afterbell.log.checkpoint import Head
    from afterbell.log.entry import Entry

VERIFY = "run `afterbell verify`; `git log -p` over this directory shows who changed what"


class Stored(Struct, frozen=True, kw_only=True):
    """An entry in its place: `index` (None while pending), leaf hash (64 hex digits), file and line."""

    entry: Entry
    index: int | None
    leaf: str
    where: str


class LogFiles:
    """The files of a log in one directory. Making the handle touches nothing."""

    def __init__(self, directory: Path, ops: files.Ops = files.OPS) -> None:
        """Keep the directory; none of it need be there."""
        self._ops = ops
        self._pending, self._log, self._heads = directory / "pending", directory / "log", directory / "heads"
        self._kept = Kept(directory)

    def names(self, directory: Path) -> tuple[str, ...]:
        """Return the names in a directory, sorted, without hidden ones."""
        return files.names(directory, self._ops)

    def read(self, path: Path, limit: int) -> bytes | None:
        """Return a file's bytes, None when it is not there."""
        # One byte over the limit is enough for the judge to see that a file is too long.
        return files.read(path, limit + 1, self._ops)

    def pending(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and bytes of every pending file."""
        return self._all(self._pending, self.names(self._pending), lines.MAX_PENDING_BYTES)

    def segments(self, first: str = "") -> Iterator[tuple[str, bytes]]:
        """Yield name and bytes of every file of `log/`, in order, from the one called `first` on."""
        start = (len(first), first)
        found = sorted(each for name in self.names(self._log) if (each := (len(name), name)) >= start)
        return self._all(self._log, (name for _, name in found), lines.MAX_SEGMENT_BYTES)

    def heads(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and bytes of every kept head."""
        found = (name for name in self.names(self._heads) if name.endswith(".ckpt"))
        return self._all(self._heads, found, checkpoints.MAX_BYTES)

    def leaves(self) -> Iterator[bytes]:
        """Yield the leaf hash (32 bytes) of every sealed line, erased or not."""
        for _name, data in self.segments():
            for line, _ in lines.split(data):
                yield special.leaf_of(line)

    def bundles(self) -> Iterator[tuple[str, bytes]]:
        """Yield (path, bytes) of the entry bundles of C2SP tlog-tiles; one with an erased entry is left out."""
        for index, (_name, data) in enumerate(self.segments()):
            sealed = [line for line, _ in lines.split(data)]
            if all(special.erased_leaf(line) is None for line in sealed):
                yield tiles.bundle(sealed, index)

    def sealed(self, needle: bytes = b"") -> Iterator[Stored]:
        """Yield the sealed entries whose line holds `needle`; only those lines are parsed."""
        index = 0
        for name, data in self.segments():
            yield from _holding(needle, name, data, index)
            index += data.count(b"\n")

    def since(self, size: int) -> Iterator[Stored]:
        """Yield the sealed entries from index `size` on."""
        first = size // lines.LINES_PER_SEGMENT
        for name, data in self.segments(lines.segment_name(first)):
            for stored in _holding(b"", name, data, lines.LINES_PER_SEGMENT * first):
                if stored.index is not None and stored.index >= size:
                    yield stored
            first += 1

    def find(self, name: str, head: Head | None) -> tuple[Stored | None, bool]:
        """Return the sealed entry with this id, and whether there was one that was erased.

        `head` is the newest head.
        """
        erased = False
        for stored in self.holding(f'"id":"{name}"'.encode(), head):
            if stored.entry.id == name:
                return stored, False
            erased = erased or name in erased_by(stored.entry)
        return None, erased

    def holding(self, needle: bytes, head: Head | None) -> Iterator[Stored]:
        """Yield the sealed entries whose line holds `needle`, in order.

        `head` is the newest head; of an id or event only the segments are read that may hold it.
        """
        where = self._where(needle, head)
        if where is None:
            yield from self.sealed(needle)
            return
        for number in where:
            for _, data in self._numbered(number, lines.LINES_PER_SEGMENT * number + 1):
                yield from _holding(needle, lines.segment_name(number), data, lines.LINES_PER_SEGMENT * number)

    def _where(self, needle: bytes, head: Head | None) -> tuple[int, ...] | None:
        """Return the numbers of the segments that may hold `needle`, None when every one must be read.

        What is known of an earlier head of this log is learned anew for this one. Lines that no head counts are those
        of a seal that was interrupted: they are pending too. A log of one segment is read as quickly as an index of it.
        """
        if head is None or head.size <= lines.LINES_PER_SEGMENT or not covers(needle):
            return None
        where = self._kept.segments(needle, head)
        if where is None:
            known = self._kept.get()
            earlier = known if self.had(known.head) else Whereabouts()
            self._kept.put(earlier.grown(head, self._numbered(earlier.next_segment, head.size)))
            where = self._kept.segments(needle, head)
        return where

    def stored_pending(self, name: str, data: bytes) -> Stored:
        """Return the entry of a pending file. Raises LogError for a damaged one."""
        return _stored(data.removesuffix(b"\n"), f"pending/{name}", None)

    def had(self, head: Head) -> bool:
        """Tell whether this log had a head, and so still begins with its lines."""
        data = self.read(self._heads / f"{head.size}.ckpt", checkpoints.MAX_BYTES)
        with suppress(LogError):
            return data is not None and checkpoints.parse(data).head == head
        return False

    def _numbered(self, first: int, size: int) -> Iterator[tuple[int, bytes]]:
        """Yield number and bytes of the segments from `first` on that hold the first `size` lines."""
        for number in range(first, -(-size // lines.LINES_PER_SEGMENT)):
            yield number, self.read(self._log / lines.segment_name(number), lines.MAX_SEGMENT_BYTES) or b""

    def _all(self, directory: Path, found: Iterable[str], limit: int) -> Iterator[tuple[str, bytes]]:
        """Yield names and bytes; a file that a writer removed since it was listed is passed over."""
        for name in found:
            data = self.read(directory / name, limit)
            if data is not None:
                yield name, data
                del data  # before the next is read: two at once would be given back to the system, and asked for anew


def erased_by(entry: Entry) -> tuple[str, ...]:
    """Return the id that an entry erases, in a tuple; empty for one that erases nothing."""
    gone = special.erasure(entry)
    return () if gone is None else (gone.id,)


def _holding(needle: bytes, name: str, data: bytes, first: int) -> Iterator[Stored]:
    """Yield the entries of a segment whose line holds `needle`; `first` is the index of its first line."""
    for number, (line, _) in enumerate(lines.split(data), start=1) if needle in data else ():
        if needle in line and special.erased_leaf(line) is None:
            yield _stored(line, f"log/{name}:{number}", first + number - 1)


def _stored(line: bytes, where: str, index: int | None) -> Stored:
    try:
        entry = entries.parse(line)
    except (LogError, CanonError) as error:
        raise LogError(f"{where}: {error.message}", VERIFY) from None
    return Stored(entry=entry, index=index, leaf=entries.leaf_hex(line), where=where)
