"""The token of a house's live door: in the user's configuration directory, readable by the user alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import platformdirs

from afterbell.disk import files
from afterbell.errors import StoreError

_LONGEST = 4096


def place(root: Path) -> Path:
    """Return where the token of the house in this directory lies, or would lie."""
    return platformdirs.user_config_path("afterbell") / "door" / files.digest_of(root)


def token(root: Path, make: Callable[[], str]) -> str:
    """Return the house's token; the first time, what `make` returns is kept. Raises DiskError or StoreError."""
    path = place(root)
    files.make_dirs(path.parent)
    with suppress(files.ExistsError):
        files.write_once(path, make().encode() + b"\n", files.PRIVATE)
    kept = (files.read(path, _LONGEST) or b"").decode("utf-8", "replace").strip()
    if not kept:
        raise StoreError(f"no token in {path}", "remove the file; the next start makes a new one")
    return kept
