"""What a rule of blameless language is: a pattern, why, the question behind the rewrite, and examples on both sides."""

from __future__ import annotations

import re

from msgspec import Struct

ANYWHERE: frozenset[str] = frozenset()


class Rule(Struct, frozen=True, kw_only=True):
    """One rule. `fields` restricts it to fields of the record; empty means everywhere.

    With `required` true the fault is that the pattern is absent from the whole text.
    """

    id: str
    pattern: re.Pattern[str]
    why: str
    ask: str
    match: tuple[str, ...]
    miss: tuple[str, ...]
    fields: frozenset[str] = ANYWHERE
    required: bool = False


def shape(*alternatives: str) -> re.Pattern[str]:
    """Return one pattern of several sentence shapes, blind to case."""
    return re.compile("|".join(f"(?:{item})" for item in alternatives), re.IGNORECASE | re.MULTILINE)
