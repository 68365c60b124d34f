"""Verify: whether anything in the log was edited, deleted, reordered or cut, and how far that could be judged."""

from __future__ import annotations

from typing import Any

import msgspec

from afterbell.disk.house import House
from afterbell.log.verdict import Level, Verdict
from afterbell.steps.records import journal


def verify(house: House, wanted: Level = Level.L1) -> Verdict:
    """Judge the house's log as it lies on the disk; nothing is written."""
    return journal(house).verify(wanted)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict in the shape that other programs rely on."""
    shape: dict[str, Any] = msgspec.to_builtins(verdict)
    return shape
