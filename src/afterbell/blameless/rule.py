"""What a rule of blameless language is: a shape, why, the question behind the rewrite, and examples on both sides."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

ANYWHERE: frozenset[str] = frozenset()


class Rule(Struct, frozen=True, kw_only=True):
    """One rule. `shapes` are regular expressions, blind to case; each is a fault. Without `fields` it holds everywhere.

    With `required` true the fault is that every shape is absent from the whole text.
    """

    id: str
    shapes: tuple[str, ...]
    why: str
    ask: str
    match: tuple[str, ...]
    miss: tuple[str, ...]
    fields: frozenset[str] = ANYWHERE
    required: bool = False

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """The shapes, compiled when they are first needed: a command that lints nothing does not wait for them."""
        return tuple(map(compiled, self.shapes))


@cache
def compiled(source: str) -> re.Pattern[str]:
    """Return a shape as a pattern."""
    return re.compile(source, re.IGNORECASE | re.MULTILINE)


def any_of(*shapes: str) -> tuple[str, ...]:
    """Return the shapes of a rule."""
    return shapes
