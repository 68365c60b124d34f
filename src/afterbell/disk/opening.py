"""Opens a source as a stream of its own bytes; gzip and zstd are told by content and unpacked, Parquet becomes lines.

The OpenTelemetry Collector's file exporter packs each message for itself and writes its packed length before it
(`compression: zstd`; a feature gate of later versions packs the whole file instead). Messages of protobuf come out with
the length that they have unpacked before them, messages of JSON as lines.

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
_FRAMES_STEP = 64 * 1024
_LONGEST_MESSAGE = 64 * 1024 * 1024
_PREFIX = 4  # bytes: the length of a packed message, big-endian
_ZSTD_STEP = 1024  # one step can unpack to 256 blocks of 128 KiB; it cannot be told to stop earlier
_BUFFER = 256 * 1024
_WIDEST_WINDOW = 128 * 1024 * 1024
_GZIP_HEADER = 31  # zlib: a gzip header and the widest window
_READ_AGAIN = 1024 * 1024


class Stream:
    """The bytes of a source. `packed` says that they were compressed; `fault`, why they ended before their end."""

    def __init__(self, file: BinaryIO, path: Path | None = None) -> None:
        """Take over an open file. `path` is where it lies: a table is read from there, for it begins at its end."""
        self._ahead = _first(file, _PREFIX + len(_ZSTD))
        self._rows = tables.lines(path) if path is not None and self._ahead.startswith(tables.MAGIC) else None
        self._ahead = b"" if self._rows is not None else self._ahead
        self._unpack: _Gzip | _Zstd | _Frames | None = None
        if self._ahead.startswith(_GZIP):
            self._unpack = _Gzip()
        elif self._ahead.startswith(_ZSTD):
            self._unpack = _Zstd()
        elif self._ahead[_PREFIX:] == _ZSTD:
            self._unpack = _Frames()
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
                cut = "" if self._unpack.between else "cut off: the packed data ends before its end"
                self.fault = cut or self._unpack.damage
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


def _first(file: BinaryIO, size: int) -> bytes:
    """Return the first bytes; a pipe may hand them out one at a time."""
    found = b""
    while len(found) < size and (more := file.read(size - len(found))):
        found += more
    return found


class _Gzip:
    """Members one after the other; zeros after the last are padding."""

    step = _GZIP_STEP
    damage = ""

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
    damage = ""

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


class _Frames:
    """Messages of zstd, each after its packed length. One that is damaged costs itself only, and is told at the end."""

    step = _FRAMES_STEP

    def __init__(self) -> None:
        self._opener = zstandard.ZstdDecompressor(max_window_size=_WIDEST_WINDOW)
        self._held = bytearray()
        self._number = self._damaged = 0
        self.between = False
        self.damage = ""

    def feed(self, data: bytes, _limit: int) -> tuple[bytes, bytes]:
        """Return the first message if it is whole, and the rest of the data; what is not whole is held."""
        self._held += data
        self.between = not self._held
        if len(self._held) < _PREFIX:
            return b"", b""
        end = _PREFIX + int.from_bytes(self._held[:_PREFIX], "big")
        if end > _LONGEST_MESSAGE:
            raise zstandard.ZstdError(f"message {self._number + 1} announces {end - _PREFIX} bytes, over the limit")
        if len(self._held) < end:
            return b"", b""
        message, rest = self._message(bytes(self._held[_PREFIX:end])), bytes(self._held[end:])
        self._held.clear()
        self.between = not rest
        return message, rest

    def _message(self, packed: bytes) -> bytes:
        self._number += 1
        try:
            with self._opener.stream_reader(packed) as reader:
                message = reader.read(_LONGEST_MESSAGE + 1)
        except zstandard.ZstdError as error:
            return self._lost(str(error))
        if len(message) > _LONGEST_MESSAGE:
            return self._lost(f"longer than {_LONGEST_MESSAGE // 2**20} MiB")
        # Protobuf begins with the tag of its first field, which no JSON does.
        return message + b"\n" if message[:1] in (b"{", b"[") else len(message).to_bytes(_PREFIX, "big") + message

    def _lost(self, why: str) -> bytes:
        self._damaged += 1
        if not self.damage:
            self._first = f"message {self._number}: {why}"
        more = f" ({self._damaged} messages in all)" if self._damaged > 1 else ""
        self.damage = f"damaged: {self._first}{more}; the others are read"
        return b""
