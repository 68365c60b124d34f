"""Compiled patterns in the user's cache directory: they save seconds at start and can be thrown away at any time."""

from __future__ import annotations

from contextlib import suppress

import platformdirs

from afterbell.disk import files
from afterbell.errors import DiskError

_LONGEST = 512 * 1024 * 1024


class PatternCache:
    """Keeps bytes by key in files; a failure to write or read is no failure of the work."""

    def __init__(self) -> None:
        """Name the directory; nothing is made before something is kept."""
        self._directory = platformdirs.user_cache_path("afterbell") / "patterns"

    def get(self, key: str) -> bytes | None:
        """Return what is kept under the key, or None."""
        with suppress(DiskError):
            return files.read(self._directory / key, _LONGEST)
        return None

    def put(self, key: str, data: bytes) -> None:
        """Keep the data, readable by the user alone, where that is possible."""
        with suppress(DiskError, OSError):
            files.make_dirs(self._directory)
            self._directory.chmod(0o700)
            files.replace(self._directory / key, data)
