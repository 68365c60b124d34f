"""Finds what the user points at: files, folders, globs, standard input; and cuts its bytes into blocks of lines.

Nothing is passed over in silence: what cannot be listed or is no file comes back as a source with a fault. Opening
is `opening`'s work.
"""

from __future__ import annotations

import glob
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from afterbell.disk.opening import Stream
from afterbell.errors import UsageError

BLOCK = 4 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024
STDIN = "-"
_SEAM = 64 * 1024
_FEW = 16  # lines


class Source(Struct, frozen=True, kw_only=True):
    """One thing to read: a file, or standard input when `path` is None. `name` is as the user would write it.

    `fault` says why it cannot be read when that was seen before opening it.
    """

    name: str
    path: Path | None
    size: int = 0
    fault: str = ""


class Block(Struct, frozen=True, kw_only=True):
    """Whole lines of a source; or, when `overlong`, a stretch of one line that is too long to read."""

    pieces: tuple[bytes | memoryview, ...]  # joined, its bytes: joining copies, and not every reader needs it
    first_line: int
    last: bool = False
    overlong: bool = False

    @property
    def data(self) -> bytes:
        """The bytes of the block."""
        return b"".join(self.pieces)

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        return sum(map(len, self.pieces))


def expand(patterns: Sequence[str], *leave_out: Path) -> tuple[Source, ...]:
    """Return the sources behind paths, folders and globs, each once, in a stable order.

    Hidden files and folders inside a folder and everything under `leave_out` (the store, the records) are passed over.
    Raises UsageError for a path that is not there.
    """
    found: dict[str, Source] = {}
    apart = frozenset(folder.resolve() for folder in leave_out)
    for pattern in patterns:
        if pattern == STDIN:
            found[STDIN] = Source(name=STDIN, path=None)
            continue
        paths = [Path(pattern)]
        if not _is_there(paths[0]):
            paths = [Path(each) for each in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207 - absolute patterns too
        if not paths:
            hint = "give a file, a folder, a glob in quotes, or - for standard input"
            raise UsageError(f"nothing at {pattern}", hint)
        for path in paths:
            for source in _named(path, apart):
                found.setdefault(source.name, source)
    return tuple(found.values())


def changed(path: Path) -> tuple[int, int] | None:
    """Return a file's size and the time of its last change (nanoseconds since 1970); None when it is gone."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_size, seen.st_mtime_ns


def _is_there(path: Path) -> bool:
    try:
        return path.is_symlink() or path.exists()
    except OSError:
        return True  # it cannot be looked at: the fault is told when it is listed


def _named(path: Path, leave_out: frozenset[Path]) -> Iterator[Source]:
    """Yield what a path names; a pipe that is named is read, one that lies in a folder is not."""
    try:
        if path.is_dir():
            yield from _within(path, leave_out, frozenset())
        else:
            yield Source(name=str(path), path=path, size=path.stat().st_size)
    except OSError as error:
        yield _unreadable(path, error)


def _within(folder: Path, leave_out: frozenset[Path], above: frozenset[Path]) -> Iterator[Source]:
    real = folder.resolve()
    if real in leave_out or real in above:  # a link back up is no other folder
        return
    for child in sorted(folder.iterdir()):
        if child.name.startswith("."):
            continue
        try:
            if child.is_dir():
                yield from _within(child, leave_out, above | {real})
            elif child.is_file():
                yield Source(name=str(child), path=child, size=child.stat().st_size)
            else:
                why = "a link to nothing" if child.is_symlink() else "no file: a pipe, socket or device"
                yield Source(name=str(child), path=child, fault=why)
        except OSError as error:
            yield _unreadable(child, error)


def _unreadable(path: Path, error: OSError) -> Source:
    return Source(name=str(path), path=path, fault=f"cannot be read: {error.strerror or error}")


def blocks(head: bytes, stream: Stream, size: int = BLOCK, longest: int = LONGEST_LINE) -> Iterator[Block]:
    """Cut a stream (whose first bytes were already read as `head`) into blocks; joined, they are the stream.

    Blocks hold whole lines and are about `size` long. A line of more than `longest` bytes comes as a run of blocks
    marked overlong, all with its line number.
    """
    held, line = b"", 1
    more = head + stream.read(max(size - len(head), 0))
    while more:
        cut = more.rfind(b"\n") + 1
        if cut:
            yield Block(pieces=(held, memoryview(more)[:cut]) if held else (memoryview(more)[:cut],), first_line=line)
            line += _lines_in(more)
            held = more[cut:]
        else:
            held += more
        if len(held) > longest:
            more, held = (yield from _overlong(held, stream, line, size)), b""
            line += 1
        else:
            more = b""
        more = more or stream.read(size)
    if held:
        yield Block(pieces=(held,), first_line=line, last=True)


def _overlong(held: bytes, stream: Stream, line: int, size: int) -> Generator[Block, None, bytes]:
    """Yield a line that is too long, in stretches; return what was read beyond its end."""
    while held:
        end = held.find(b"\n") + 1
        if end:
            yield Block(pieces=(held[:end],), first_line=line, overlong=True)
            return held[end:]
        more = stream.read(size)
        cut = _seam(held) if more else len(held)
        yield Block(pieces=(held[:cut],), first_line=line, overlong=True)
        held = held[cut:] + more
    return b""


def _lines_in(data: bytes) -> int:
    """Count line ends. `count` looks at byte after byte; where lines are long, leaping is five times as fast."""
    if data.count(b"\n", 0, _SEAM) > _FEW:
        return data.count(b"\n")
    found, at = 0, data.find(b"\n")
    while at >= 0:
        found, at = found + 1, data.find(b"\n", at + 1)
    return found


def _seam(held: bytes) -> int:
    """Return where to cut inside a line: after a quotation mark or space, so that no secret is cut in two."""
    return max(held.rfind(b'"', -_SEAM), held.rfind(b" ", -_SEAM)) + 1 or len(held)
