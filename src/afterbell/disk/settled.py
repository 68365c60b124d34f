"""That a log's directories have their names on the disk: told by a mark inside, so that it is forced only once.

The mark names the directories by their inodes: in a copy or after a move it does not fit, a directory that was made
anew has none, and git does not keep it. It need not be durable; what is torn does not fit either.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from afterbell.disk import files
from afterbell.errors import DiskError

MARK = ".settled"


def settle(inner: Path, ops: files.Ops = files.OPS) -> None:
    """Make a directory and its parent, and force both names to the disk unless the mark says so. Raises DiskError."""
    told = _identity(inner)
    if told and files.read(inner / MARK, len(told) + 1, ops) == told:
        return
    for path in (inner.parent, inner):
        files.make_dirs(path, ops)
    told = _identity(inner)
    if told:
        with suppress(DiskError):
            files.leave(inner / MARK, told, ops)


def _identity(inner: Path) -> bytes:
    """Return what tells these directories from others; nothing where they are not there or have no inodes."""
    try:
        seen = [path.stat() for path in (inner.parent.parent, inner.parent, inner)]
    except OSError:
        return b""
    if not all(each.st_ino for each in seen):
        return b""
    return " ".join(f"{each.st_dev}:{each.st_ino}" for each in seen).encode() + b"\n"
