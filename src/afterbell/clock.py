"""The only clock. `AFTERBELL_NOW` (RFC 3339) freezes it, so that transcripts and tests repeat.

Only `steps/` may import this module; judgement never asks what time it is.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

from afterbell.errors import UsageError


def now() -> datetime:
    """Return the present moment in UTC, or the frozen one of `AFTERBELL_NOW`."""
    frozen = os.environ.get("AFTERBELL_NOW")
    if not frozen:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(frozen)
    except ValueError:
        raise UsageError(f"AFTERBELL_NOW is not a time: {frozen!r}", "write it as 2026-01-05T14:00:00Z") from None
    if moment.tzinfo is None:
        raise UsageError("AFTERBELL_NOW has no zone", "end it with Z for UTC")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise UsageError(f"AFTERBELL_NOW lies outside the calendar: {frozen!r}", "write it in UTC") from None
