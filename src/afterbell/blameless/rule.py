"""What a rule of blameless language is: a shape, why, the question behind the rewrite, and examples on both sides."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

ANYWHERE: frozenset[str] = frozenset()


class Rule(Struct, frozen=True, kw_only=True):
    """One rule. `shape` is a regular expression, blind to case; `fields` restricts it, empty means everywhere.

    With `required` true the fault is that the shape is absent from the whole text.
    """

    id: str
    shape: str
    why: str
    ask: str
    match: tuple[str, ...]
    miss: tuple[str, ...]
    fields: frozenset[str] = ANYWHERE
    required: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """The shape, compiled when it is first needed: a command that lints nothing does not wait for it."""
        return _compiled(self.shape)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE | re.MULTILINE)


def any_of(*alternatives: str) -> str:
    """Return one shape that several sentence shapes fit."""
    return "|".join(f"(?:{item})" for item in alternatives)
