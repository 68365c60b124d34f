"""JSON that attributes hold as text: emitters write the same structure either way."""

from __future__ import annotations

from typing import Any

import orjson


def parsed(value: Any) -> Any:
    """Return the structure that a text writes as JSON, None for a text that is none; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
