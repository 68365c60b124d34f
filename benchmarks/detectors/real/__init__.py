"""Detectors on real sets: one module a set, found by its folder's name. The sets are not part of this project.

A module has `measure(folder) -> Iterator[Figure]`. A set whose folder is not there is left out, and said to be.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct


class Figure(Struct, frozen=True, kw_only=True):
    """One goal on one set and what came out. `met` is None where a figure is reported and no goal is set."""

    set: str
    asked: str
    goal: str
    found: str
    met: bool | None = None


class Set(Struct, frozen=True, kw_only=True):
    """One set of real data on this machine."""

    name: str
    folder: Path


def sets(folder: Path) -> Iterator[Set]:
    """Yield the sets below `folder` that a module here can measure."""
    yield from (Set(name=name, folder=folder / name) for name in _names() if (folder / name).is_dir())


def absent(folder: Path) -> list[str]:
    """Return the sets that could be measured and are not there."""
    return [name for name in _names() if not (folder / name).is_dir()]


def _names() -> list[str]:
    return [found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_")]


def measure(one: Set) -> tuple[Figure, ...]:
    """Return every figure of one set."""
    return tuple(importlib.import_module(f"real.{one.name}").measure(one.folder))
