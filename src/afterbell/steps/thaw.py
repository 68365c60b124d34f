"""Thaw: a house made of the frozen evidence of one incident, as it was kept, under today's policy and detectors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from afterbell.disk import house as houses
from afterbell.disk.frozen import Frozen, FrozenFiles
from afterbell.disk.house import House
from afterbell.steps import ingest


@contextmanager
def thawed(house: House, frozen: Frozen) -> Iterator[House]:
    """Lend a house with the evidence of a list ingested anew; it is removed afterwards.

    Raises StoreError when a piece is gone or was changed.
    """
    pinned = FrozenFiles(house.frozen)
    with houses.scratch(house) as made:
        folder = made.root / "frozen"
        by_format: dict[str, list[str]] = {}
        for number, each in enumerate(frozen.pinned):
            target = folder / f"{number:05d}" / _inside(each.name)
            pinned.unpack(each.sha256, target)
            by_format.setdefault(each.format, []).append(str(target))
        for name, paths in by_format.items():
            list(ingest.ingest(made, paths, format_name=name, jobs=1))
        yield made


def _inside(name: str) -> Path:
    """Return a name as a path that leads nowhere else: readers take ids from the folders in it."""
    parts = [part for part in PurePosixPath(name).parts if part not in {"/", "..", "."} and not part.startswith(".")]
    return Path(*parts) if parts else Path("evidence")
