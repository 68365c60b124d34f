"""Raw bytes by hash, compressed: what everything else in the store can be rebuilt from.

A file is written as a run of zstd frames (any zstd reads it as one stream), under the SHA-256 of its uncompressed
bytes. It is durable before its commit names it. Evidence is never removed here, whether a commit names it or not.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from afterbell.disk import files
from afterbell.errors import StoreError

LEVEL = 1  # measured on trace lines: within 15 % of level 3's size at twice its speed
_CHUNK = 1024 * 1024


def compress(data: bytes) -> bytes:
    """Return one zstd frame that holds `data`; frames may be written one after the other."""
    return zstandard.ZstdCompressor(level=LEVEL, write_content_size=True).compress(data)


class Writer:
    """Takes the bytes of one piece of evidence in order and files them under their hash.

    `received_*` is of the bytes as they came, `sha256` and `size` of those that are kept (without secrets).
    """

    def __init__(self, directory: Path) -> None:
        """`directory` is the evidence folder of the store."""
        self._directory = directory
        self._path = directory / f"{files.TEMPORARY_PREFIX}{secrets.token_hex(8)}"
        with files.reported("write", self._path):
            directory.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = self._path.open("xb")
        self._received = hashlib.sha256()
        self._kept: Any = None  # differs from what was received only after the first redaction
        self.received_size = 0
        self.size = 0
        self.stored_size = 0

    def add(self, received: Sequence[bytes | memoryview], kept: bytes | None, frame: bytes) -> None:
        """Add the next bytes (in pieces) and what is kept of them, compressed; `kept` is None when that is all.

        Raises DiskError.
        """
        if kept is not None and self._kept is None:
            self._kept = self._received.copy()
        for piece in received:
            self._received.update(piece)
        stays = received if kept is None else (kept,)
        if self._kept is not None:
            for piece in stays:
                self._kept.update(piece)
        self.received_size += sum(map(len, received))
        self.size += sum(map(len, stays))
        with files.reported("write", self._path):
            self._file.write(frame)
        self.stored_size += len(frame)

    @property
    def received_sha256(self) -> str:
        """The hash of the bytes as they came so far."""
        return self._received.hexdigest()

    @property
    def sha256(self) -> str:
        """The hash of the bytes that are kept so far."""
        return (self._kept or self._received).hexdigest()

    def keep(self) -> None:
        """File the evidence under its hash, durable but for its name (see `sync`). Raises DiskError."""
        with files.reported("write", self._path):
            self._file.close()
            target = place(self._directory, self.sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
        files.settle_data(self._path, target)

    def drop(self) -> None:
        """Forget what was written: it was a repeat, or the ingest stopped."""
        with suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)


def sync(directory: Path, hashes: Iterable[str]) -> None:
    """Force the names of kept evidence, and of the evidence folder in the store. Raises DiskError."""
    files.sync_names([place(directory, sha256) for sha256 in hashes], directory.parent)


def place(directory: Path, sha256: str) -> Path:
    """Return where the evidence with this hash is kept."""
    return directory / sha256[:2] / f"{sha256}.zst"


def chunks(directory: Path, sha256: str) -> Iterator[bytes]:
    """Yield the kept bytes in order. Raises StoreError when they are gone or do not match their hash at the end."""
    path = place(directory, sha256)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(
            file, read_across_frames=True
        ) as reader:  # fmt: skip
            while chunk := reader.read(_CHUNK):
                digest.update(chunk)
                yield chunk
    except FileNotFoundError:
        raise StoreError(f"evidence {sha256[:16]}… is not in the store", "ingest its source again") from None
    except zstandard.ZstdError as error:
        raise StoreError(f"evidence {sha256[:16]}… is damaged: {error}", "restore it from a copy") from None
    if digest.hexdigest() != sha256:
        raise StoreError(f"evidence {sha256[:16]}… does not match its hash", "restore it from a copy")
