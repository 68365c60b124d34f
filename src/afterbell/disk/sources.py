"""Finds and opens what the user points at: files, folders, globs, standard input; gzip and zstd opened by content."""

from __future__ import annotations

import glob
import gzip
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

import zstandard
from msgspec import Struct

from afterbell.errors import UsageError

BLOCK = 8 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024
STDIN = "-"
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class Source(Struct, frozen=True, kw_only=True):
    """One thing to read: a file, or standard input when `path` is None. `name` is as the user would write it."""

    name: str
    path: Path | None
    size: int = 0


class Block(Struct, frozen=True, kw_only=True):
    """Whole lines of a source. `overlong` says the block is the beginning of a line that is too long to read."""

    data: bytes
    first_line: int
    last: bool = False
    overlong: bool = False


def expand(patterns: Sequence[str], leave_out: Path) -> tuple[Source, ...]:
    """Return the sources behind paths, folders and globs, each once, in a stable order.

    Hidden files and folders and everything under `leave_out` (the store) are passed over. Raises UsageError for
    a path that is not there.
    """
    found: dict[str, Source] = {}
    for pattern in patterns:
        if pattern == STDIN:
            found[STDIN] = Source(name=STDIN, path=None)
            continue
        path = Path(pattern)
        paths = [path] if path.exists() else [Path(each) for each in sorted(glob.glob(pattern, recursive=True))]
        if not paths:
            raise UsageError(
                f"nothing at {pattern}", "give a file, a folder, a glob in quotes, or - for standard input"
            )
        for each in paths:
            for file in _files(each, leave_out):
                found.setdefault(str(file), Source(name=str(file), path=file, size=file.stat().st_size))
    return tuple(found.values())


def _files(path: Path, leave_out: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir() and path.resolve() != leave_out.resolve():
        for child in sorted(path.iterdir()):
            if not child.name.startswith("."):
                yield from _files(child, leave_out)


def is_compressed(source: Source) -> bool:
    """Tell whether a file starts like gzip or zstd."""
    if source.path is None:
        return False
    with source.path.open("rb") as file:
        head = file.read(4)
    return head.startswith((_GZIP, _ZSTD))


def open_plain(source: Source) -> BinaryIO:
    """Open a source for reading its decompressed bytes. Bad compressed data raises OSError or EOFError on reading."""
    if source.path is None:
        return sys.stdin.buffer
    file = source.path.open("rb")
    head = file.read(4)
    file.seek(0)
    if head.startswith(_GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=file))
    if head == _ZSTD:
        return cast("BinaryIO", zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True))
    return file


def read_head(stream: BinaryIO, size: int) -> bytes:
    """Read up to `size` bytes, fewer only at the end."""
    pieces, have = [], 0
    while have < size and (piece := stream.read(size - have)):
        pieces.append(piece)
        have += len(piece)
    return b"".join(pieces)


def blocks(head: bytes, stream: BinaryIO, size: int = BLOCK, longest: int = LONGEST_LINE) -> Iterator[Block]:
    """Cut a stream (whose first bytes were already read as `head`) into blocks of whole lines.

    A line of more than `longest` bytes comes as its beginning, marked overlong; the rest of it is passed over.
    """
    held, line = head, 1
    while True:
        more = read_head(stream, size)
        held += more
        cut = held.rfind(b"\n") + 1 if more else len(held)
        if cut:
            yield Block(data=held[:cut], first_line=line, last=not more)
            line += held.count(b"\n", 0, cut)
            held = held[cut:]
        elif len(held) > longest:
            yield Block(data=held[:1024], first_line=line, overlong=True)
            held, line = _past_line(stream, size), line + 1
        if not more:
            return


def _past_line(stream: BinaryIO, size: int) -> bytes:
    """Read past the end of the present line and return what was read beyond it."""
    while piece := stream.read(size):
        end = piece.find(b"\n")
        if end >= 0:
            return piece[end + 1 :]
    return b""
