"""What a witness cosigned last, one checkpoint file for each log, in a directory of the witness's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from afterbell.disk import files
from afterbell.log import checkpoint as checkpoints
from afterbell.log.checkpoint import Checkpoint, Head


class Witnessed:
    """The heads in one directory. Check and persist under `locked`, so that two requests never both win."""

    def __init__(self, directory: Path) -> None:
        """Make the directory if it is not there."""
        self._directory = directory
        files.make_dirs(directory)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the witness's lock."""
        with FileLock(self._directory / "witness.lock", timeout=60):
            yield

    def heads(self) -> dict[str, Head]:
        """Return the last cosigned head of each log by its origin. Raises LogError for a damaged one."""
        found = {}
        for name in files.names(self._directory):
            if name.endswith(".ckpt"):
                read = checkpoints.parse(files.read(self._directory / name, checkpoints.MAX_BYTES) or b"")
                found[read.origin] = read.head
        return found

    def remember(self, checkpoint: Checkpoint) -> None:
        """Persist a head, durable when this returns, in the place of the log's last one."""
        digest = hashlib.sha256(checkpoint.origin.encode()).hexdigest()[:24]
        files.replace(self._directory / f"{digest}.ckpt", checkpoints.encode(checkpoint))
