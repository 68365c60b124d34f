"""What came in by the live door and is not in the store yet: files of whole export requests, forced before they count.

Protobuf requests stand in `.otlp` files as frames of [uint32 length, big-endian][message], JSON requests in `.jsonl`
files, one a line: both are formats that ingest reads. A file ends in `.open` while the door writes to it. What a
killed door left is cut back to its last whole request: what came after was never acknowledged.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import count
from pathlib import Path

from msgspec import Struct

from afterbell.disk import files
from afterbell.errors import DiskError, StoreError

OPEN = ".open"
REFUSED = "refused"
LARGEST_FILE = 16 * 1024 * 1024
_PREFIX = 4
_LONGEST = 1024 * 1024 * 1024
_PRIVATE_DIRECTORY = 0o700


class Encoding(StrEnum):
    """How a request is written; the value is the ending of the files that hold its kind."""

    PROTOBUF = "otlp"
    JSON = "jsonl"


class Request(Struct, frozen=True, kw_only=True):
    """One export request. `record` is what stands in a file: a frame, or a line."""

    encoding: Encoding
    record: bytes

    @property
    def digest(self) -> bytes:
        """The SHA-256 of its record, by which a request that is sent again is known."""
        return hashlib.sha256(self.record).digest()


def request(encoding: Encoding, body: bytes) -> Request:
    """Return the request with this body, unpacked. JSON has line ends between its tokens only: they become spaces."""
    if encoding is Encoding.PROTOBUF:
        return Request(encoding=encoding, record=len(body).to_bytes(_PREFIX, "big") + body)
    return Request(encoding=encoding, record=body.replace(b"\n", b" ") + b"\n")


class _File:
    """A file that requests are added to."""

    def __init__(self, path: Path, ops: files.Ops) -> None:
        self.path = path
        self.size = 0
        self._ops = ops
        with files.reported("create", path):
            self._descriptor = ops.create(path)
            ops.sync_directory(path.parent)

    def add(self, data: bytes) -> None:
        rest = memoryview(data)
        with files.reported("write to", self.path):
            while rest:
                rest = rest[self._ops.write(self._descriptor, rest) :]
            self._ops.fsync(self._descriptor)
        self.size += len(data)

    def close(self) -> None:
        """Give the file the name under which it is taken in; either name survives a power cut."""
        with files.reported("close", self.path):
            self._ops.close(self._descriptor)
            self._ops.rename(self.path, self.path.with_suffix(""))


class Inbox:
    """The only writer of one inbox. Its caller holds the door's lock; methods are called from one thread at a time."""

    def __init__(self, directory: Path, ops: files.Ops = files.PRIVATE) -> None:
        """Make the directory, which only the user may read: what is in it has its secrets still. Raises DiskError."""
        self.directory = directory
        self._ops = ops
        self._files: dict[Encoding, _File] = {}
        files.make_dirs(directory)
        with files.reported("create directory", directory):
            directory.chmod(_PRIVATE_DIRECTORY)
        self._numbers = count(1 + max((_number(name) for name in files.names(directory)), default=0))

    def recover(self) -> tuple[bytes, ...]:
        """Close what a killed door left open, and return the digests of the requests that wait. Raises DiskError."""
        found: list[bytes] = []
        for name in files.names(self.directory):
            path = self.directory / name
            if not name.removesuffix(OPEN).endswith(tuple(Encoding)):
                continue
            data = files.read(path, _LONGEST) or b""
            records = tuple(_records(data, Encoding(name.removesuffix(OPEN).rpartition(".")[2])))
            found += (hashlib.sha256(record).digest() for record in records)
            if not name.endswith(OPEN):
                continue
            whole = sum(map(len, records))
            with files.reported("mend", path):
                if not whole:
                    self._ops.unlink(path)
                    continue
                if whole < len(data):
                    os.truncate(path, whole)
                    self._ops.sync_file(path)
                self._ops.rename(path, path.with_suffix(""))
        return tuple(found)

    def add(self, requests: Sequence[Request]) -> None:
        """Add requests, all forced to the disk when this returns: one fsync for those of each encoding.

        Raises DiskError when one of them may not be; the file that failed is not written to again.
        """
        for encoding in Encoding:
            data = b"".join(each.record for each in requests if each.encoding is encoding)
            if not data:
                continue
            file = self._files.get(encoding)
            if file is not None and file.size + len(data) > LARGEST_FILE:
                self._close(encoding)
                file = None
            if file is None:
                name = f"{next(self._numbers):012d}.{encoding.value}{OPEN}"
                file = self._files[encoding] = _File(self.directory / name, self._ops)
            try:
                file.add(data)
            except DiskError:
                self._close(encoding)
                raise

    def close(self) -> None:
        """Close the files that are open, so that they can be taken in. Raises DiskError."""
        for encoding in tuple(self._files):
            self._close(encoding)

    def _close(self, encoding: Encoding) -> None:
        self._files.pop(encoding).close()

    @property
    def size(self) -> int:
        """How many bytes wait, in files open and closed."""
        return sum(size for name, (size, _at) in files.stamps(self.directory).items() if name != REFUSED)


def waiting(directory: Path, most: int = 0) -> tuple[Path, ...]:
    """Return the files that can be taken in, oldest first: all, or as many as come to `most` bytes and at least one."""
    found: list[Path] = []
    size = 0
    for name, (length, _at) in files.stamps(directory).items():
        if name.endswith(tuple(f".{encoding}" for encoding in Encoding)):
            size += length
            if found and most and size > most:
                break
            found.append(directory / name)
    return tuple(found)


def done(path: Path) -> None:
    """Forget a file whose requests are in the store. Raises DiskError."""
    files.remove(path)


def put_aside(path: Path) -> Path:
    """Keep a file that could not be taken in, in a folder of its own, and return where. Raises DiskError."""
    target = path.parent / REFUSED / path.name
    files.make_dirs(target.parent)
    if target.exists():
        raise StoreError(f"{target} is there already", "look at what is in it, and remove it")
    files.settle(path, target)
    return target


def _number(name: str) -> int:
    first = name.partition(".")[0]
    return int(first) if first.isdecimal() else 0


def _records(data: bytes, encoding: Encoding) -> Iterator[bytes]:
    """Yield the whole records at the beginning of a file."""
    at = 0
    while at < len(data):
        if encoding is Encoding.JSON:
            stop = data.find(b"\n", at) + 1
        else:
            stop = at + _PREFIX + int.from_bytes(data[at : at + _PREFIX], "big")
        if not at + _PREFIX * (encoding is Encoding.PROTOBUF) < stop <= len(data):
            return
        yield data[at:stop]
        at = stop
