"""Which pages were written last, for which head, and what of them the index says: so that a seal writes what changed.

Derived, kept in the user's cache directory, and thrown away at any time. A page counts as untouched while it has the
size and the time of change that it had when it was written.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec
import platformdirs
from msgspec import Struct

from afterbell.disk import files
from afterbell.errors import DiskError
from afterbell.log.checkpoint import Head

_LONGEST = 1024 * 1024 * 1024


class Laid(Struct, frozen=True, kw_only=True):
    """One page: its record's id, its file's name, its row in the index, and its stamp (size, ns since 1970)."""

    id: str
    name: str
    row: tuple[str, ...]
    stamp: tuple[int, int] | None = None


class LastPages(Struct, frozen=True, kw_only=True):
    """The pages of a log in its order, the head they were made for, and the version that made them."""

    version: str
    head: Head
    pages: tuple[Laid, ...]


def recall(directory: Path) -> LastPages | None:
    """Return what was written last in a directory, None when that is not known."""
    with suppress(DiskError, msgspec.DecodeError):
        data = files.read(_path(directory), _LONGEST)
        return None if data is None else msgspec.json.decode(data, type=LastPages)
    return None


def remember(directory: Path, last: LastPages) -> None:
    """Keep what was written; that it cannot be kept stops nobody."""
    path = _path(directory)
    with suppress(DiskError):
        files.make_dirs(path.parent)
        files.replace(path, msgspec.json.encode(last))


def _path(directory: Path) -> Path:
    return platformdirs.user_cache_path("afterbell") / "pages" / files.digest_of(directory)
