"""Reads lines and whole documents of a stream up to a limit, so that memory does not grow with what a source holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

LONGEST_LINE = 64 * 1024 * 1024
LARGEST = 256 * 1024 * 1024
_STEP = 1024 * 1024


def lines(stream: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[tuple[bytes, bool]]:
    """Yield every line with its newline, and True; of one longer than `longest` bytes its beginning, and False."""
    while line := stream.readline(longest):
        whole, last = True, line
        while len(line) == longest and not last.endswith(b"\n") and (last := stream.readline(_STEP)):
            whole = False
        yield line, whole


def document(stream: BinaryIO, largest: int = LARGEST) -> bytes | None:
    """Return all bytes of a stream, None when there are more than `largest`."""
    data = stream.read(largest + 1)
    return data if len(data) <= largest else None


def too_long(limit: int) -> str:
    """Say of a line or a document of more than `limit` bytes why it is not read."""
    return f"longer than {limit // 2**20} MiB: kept as evidence, not read"
