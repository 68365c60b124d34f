"""Shapes of what lines of logs say, as data: each a pattern with lines that say it and lines close to it that do not.

The tables stand in the modules beside this one; the lines are their tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct


class Shape(Struct, frozen=True):
    """One way of saying something. Of its table no shape may match a counterexample."""

    name: str
    pattern: str
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


def any_of(shapes: Iterable[Shape]) -> re.Pattern[str]:
    """Return the pattern that matches where a shape does, whatever the case; the first of the table comes first."""
    return re.compile("|".join(shape.pattern for shape in shapes), re.IGNORECASE)
