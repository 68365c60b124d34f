"""Spans that real clients and instrumentations wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from real import Figure
from real._asking import ingested


def measure(folder: Path) -> Iterator[Figure]:
    """Yield how many files are read whole."""
    yield ingested(folder, "*.jsonl", "*.json", "*.pb")
