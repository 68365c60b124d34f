"""What this machine remembers of a log: the last head that held and how far it could be judged then.

It lies in the user's state directory, outside the repository: only so can a roll-back of the whole repository, or a
rewrite by the holder of the key, be seen.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import platformdirs
from msgspec import Struct

from afterbell.disk import files
from afterbell.errors import LogError

_LONGEST = 2_000_000


class Memory(Struct, frozen=True, kw_only=True):
    """A head as its checkpoint's text with signatures, the level that held, and when (RFC 3339)."""

    origin: str
    checkpoint: str
    level: str
    at: str


def recall(origin: str, root: Path) -> Memory | None:
    """Return what is remembered of a log, None when nothing is. Raises LogError when it cannot be read."""
    path = _path(origin, root)
    data = files.read(path, _LONGEST)
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=Memory)
    except (msgspec.DecodeError, msgspec.ValidationError):
        raise LogError(f"the remembered head in {path} cannot be read", "compare the log with another clone") from None


def remember(memory: Memory, root: Path) -> None:
    """Remember a head in the place of the one before."""
    path = _path(memory.origin, root)
    files.make_dirs(path.parent)
    files.replace(path, msgspec.json.encode(memory) + b"\n")


def keep_evidence(origin: str, root: Path, at: str, heads: dict[str, bytes]) -> Path:
    """Keep both heads of a log that was tampered with, and return the folder."""
    folder = _path(origin, root).with_suffix(".evidence") / at.replace(":", "")
    files.make_dirs(folder)
    for name, data in heads.items():
        files.replace(folder / name, data)
    return folder


def _path(origin: str, root: Path) -> Path:
    """Name a log's file by a digest; a local name says nothing to others, so its folder counts too."""
    name = f"{origin}\n{root.resolve()}" if origin.startswith("localhost/") else origin
    digest = hashlib.sha256(name.encode()).hexdigest()[:24]
    return platformdirs.user_state_path("afterbell") / "heads" / f"{digest}.json"
