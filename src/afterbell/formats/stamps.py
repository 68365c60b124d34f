"""Times as the sources of traces state them: a text or a number, read as one instant."""

from __future__ import annotations

from typing import Any

from afterbell.formats.otlp_values import whole
from afterbell.reading.times import to_ns


def stamp(value: Any) -> int:
    """Return a time as nanoseconds since 1970 UTC; 0 where there is none or it cannot be read.

    A time without a zone is taken as UTC.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return 0
    text = str(value).strip()
    return whole(to_ns(text) or to_ns(f"{text}Z"))
