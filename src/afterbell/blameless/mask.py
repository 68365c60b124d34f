"""Hides what is not the author's own sentence: quotations, code, links. Length and line breaks stay."""

from __future__ import annotations

import re

_FOREIGN = re.compile(
    r"```.{0,20000}?(?:```|\Z)"
    r"|`[^`\n]{1,400}`"
    r'|"[^"\n]{1,400}"'
    r"|\u201c[^\u201d\n]{1,400}\u201d"
    r"|\u00ab[^\u00bb\n]{1,400}\u00bb"
    r"|^[ \t]{0,3}>[^\n]*"
    r"|\bhttps?://[^\s)>\]]{1,2000}",
    re.DOTALL | re.MULTILINE,
)
_FILL = "\u00b7"


def masked(text: str) -> str:
    """Return `text` with quoted text, code and URLs covered, character for character."""
    return _FOREIGN.sub(lambda match: re.sub(r"[^\n]", _FILL, match[0]), text)
