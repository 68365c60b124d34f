"""The lock between the writers of one log: a file that is never removed, unlocked by the kernel when its holder dies.

Where the system has no `flock`, the lock is filelock's; both exclude each other where both are to be had.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if sys.platform == "win32":
    from filelock import FileLock, Timeout
else:
    import fcntl
    import os

if TYPE_CHECKING:
    from pathlib import Path

_FIRST_WAIT, _LONGEST_WAIT = 0.001, 0.05

if sys.platform == "win32":

    class Lock:
        """A lock on one file."""

        def __init__(self, path: Path, seconds: float) -> None:
            self._lock = FileLock(path, timeout=seconds)

        def acquire(self) -> None:
            """Wait for the lock. Raises TimeoutError after `seconds`, OSError where it cannot be had."""
            try:
                self._lock.acquire()
            except Timeout:
                raise TimeoutError from None

        def release(self) -> None:
            """Give the lock back, if it is held."""
            self._lock.release()

else:
    _OPEN = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    _ALL_MODES = 0o666  # the user's umask takes away from it

    class Lock:
        """A lock on one file. Two of one process exclude each other as those of two processes do."""

        def __init__(self, path: Path, seconds: float) -> None:
            self._path, self._seconds = path, seconds
            self._descriptor: int | None = None

        def acquire(self) -> None:
            """Wait for the lock. Raises TimeoutError after `seconds`, OSError where it cannot be had."""
            until, wait = time.monotonic() + self._seconds, _FIRST_WAIT
            while not self._taken():
                if time.monotonic() >= until:
                    raise TimeoutError
                time.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)

        def release(self) -> None:
            """Give the lock back, if it is held; also where a child of this process has the file open."""
            if self._descriptor is not None:
                descriptor, self._descriptor = self._descriptor, None
                fcntl.flock(descriptor, fcntl.LOCK_UN)
                os.close(descriptor)

        def _taken(self) -> bool:
            descriptor = os.open(self._path, _OPEN, _ALL_MODES)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Whoever removed the file meanwhile (`git clean`) left us a lock that nobody else would find.
                if os.path.samestat(os.fstat(descriptor), self._path.stat()):
                    self._descriptor, descriptor = descriptor, -1
                    return True
            except (BlockingIOError, FileNotFoundError):
                pass
            finally:
                if descriptor >= 0:
                    os.close(descriptor)
            return False
