"""Whether a text is a redaction mark as a whole: such words inside a document are part of it."""

from __future__ import annotations

import re

_MASK = re.compile(r"\s{0,9}(?:__REDACTED__|\[REDACTED(?::[^\]\n]{0,8000})?\]|<REDACTED>)\s{0,9}\Z", re.IGNORECASE)


def is_mask(text: str) -> bool:
    """Tell whether nothing but a redaction mark stands in a text."""
    return _MASK.match(text) is not None
