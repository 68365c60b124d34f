"""Doctor: scans every trace and says which questions cannot be answered from what is recorded, and what is missing."""

from __future__ import annotations

from afterbell.disk.house import House
from afterbell.query.doctor import Blind, examine
from afterbell.steps.scan import scan_all


def doctor(house: House, *, jobs: int = 0) -> tuple[Blind, ...]:
    """Return the questions that stay unknown for some or all traces, the blindest first."""
    return examine(each.answers for shard in scan_all(house, jobs=jobs) for each in shard)
