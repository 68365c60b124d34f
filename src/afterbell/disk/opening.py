"""Opens a source as a stream of its own bytes; gzip and zstd are told by content and unpacked, Parquet becomes lines.

A packed file that is cut or damaged gives what came before, and says so in `fault`: what was written until the crash
is often what a postmortem is about. Memory is bounded whatever the bytes unpack to.
"""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

import zstandard

from afterbell.disk import tables

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_GZIP_STEP = 64 * 1024
_ZSTD_STEP = 1024  # one step can unpack to 256 blocks of 128 KiB; it cannot be told to stop earlier
_BUFFER = 256 * 1024
_WIDEST_WINDOW = 128 * 1024 * 1024
_GZIP_HEADER = 31  # zlib: a gzip header and the widest window
_READ_AGAIN = 1024 * 1024


class Stream:
    """The bytes of a source. `packed` says that they were compressed; `fault`, why they ended before their end."""

    def __init__(self, file: BinaryIO, path: Path | None = None) -> None:
        """Take over an open file. `path` is where it lies: a table is read from there, for it begins at its end."""
        self._ahead = file.read(len(_ZSTD))
        self._rows = tables.lines(path) if path is not None and self._ahead == tables.MAGIC else None
        self._ahead = b"" if self._rows is not None else self._ahead
        self._unpack: _Gzip | _Zstd | None = None
        if self._ahead.startswith(_GZIP):
            self._unpack = _Gzip()
        elif self._ahead == _ZSTD:
            self._unpack = _Zstd()
        self._input, self._ahead = (self._ahead, b"") if self._unpack else (b"", self._ahead)
        self.packed = self._unpack is not None or self._rows is not None
        raw = self._unpack is not None and isinstance(file, io.RawIOBase)
        self._file = cast("BinaryIO", io.BufferedReader(file, _BUFFER)) if raw else file
        self.fault = ""

    def read(self, size: int) -> bytes:
        """Return `size` bytes, fewer only at the end. Raises OSError when a file that is not packed cannot be read."""
        pieces, have = [self._ahead[:size]], min(size, len(self._ahead))
        self._ahead = self._ahead[size:]
        while have < size and (piece := self._next(size - have)):
            pieces.append(piece[: size - have])
            self._ahead = piece[size - have :]
            have += len(pieces[-1])
        return b"".join(pieces)

    def _next(self, limit: int) -> bytes:
        if self._rows is not None:
            return self._row(self._rows)
        if self._unpack is None:
            return self._file.read(limit)
        while not self.fault:
            try:
                more = self._input or self._file.read(self._unpack.step)
                piece, self._input = self._unpack.feed(more, limit)
            except (zlib.error, zstandard.ZstdError, OSError) as error:
                self.fault = f"damaged: {error}"
                return b""
            if piece:
                return piece
            if not more:
                self.fault = "" if self._unpack.between else "cut off: the packed data ends before its end"
                return b""
        return b""

    def _row(self, rows: Iterator[bytes]) -> bytes:
        try:
            return next(rows, b"") if not self.fault else b""
        except tables.TableError as error:
            self.fault = f"damaged: {error}"
            return b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not sys.stdin.buffer:
            self._file.close()


def open_stream(path: Path | None) -> Stream:
    """Open a file, or standard input for None. Raises OSError."""
    return Stream(sys.stdin.buffer if path is None else cast("BinaryIO", path.open("rb", buffering=0)), path)


def bytes_of(stream: Stream) -> Iterator[bytes]:
    """Yield all bytes of a stream."""
    while piece := stream.read(_READ_AGAIN):
        yield piece


class _Gzip:
    """Members one after the other; zeros after the last are padding."""

    step = _GZIP_STEP

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP_HEADER)
        self.between = False

    def feed(self, data: bytes, limit: int) -> tuple[bytes, bytes]:
        """Return what `data` unpacks to, at most `limit` bytes, and the rest of it."""
        if self.between:
            data = data.lstrip(b"\0")
            if not data:
                return b"", b""
            self._member, self.between = zlib.decompressobj(_GZIP_HEADER), False
        piece = self._member.decompress(data, limit)
        self.between = self._member.eof
        return piece, self._member.unused_data if self.between else self._member.unconsumed_tail


class _Zstd:
    """Frames one after the other."""

    step = _ZSTD_STEP

    def __init__(self) -> None:
        self._opener = zstandard.ZstdDecompressor(max_window_size=_WIDEST_WINDOW)
        self._frame = self._opener.decompressobj()
        self.between = False

    def feed(self, data: bytes, _limit: int) -> tuple[bytes, bytes]:
        """Return what `data` unpacks to and the rest of it."""
        if not data:
            return b"", b""
        if self.between:
            self._frame, self.between = self._opener.decompressobj(), False
        piece = self._frame.decompress(data)
        self.between = self._frame.eof
        return piece, self._frame.unused_data if self.between else b""
