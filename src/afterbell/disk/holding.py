"""The locks in a house's store: files, each held by one process at a time and given back by the kernel when it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from afterbell.errors import AfterbellError


@contextmanager
def held(path: Path, busy: AfterbellError, *, seconds: float = 0) -> Iterator[None]:
    """Hold a lock, or wait for it so long. Raises `busy` when another still has it then."""
    lock = FileLock(path, timeout=seconds)
    try:
        lock.acquire()
    except Timeout:
        raise busy from None
    try:
        yield
    finally:
        lock.release()
