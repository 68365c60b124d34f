"""A `Case`: a worked example of a mode or trigger. One text, three uses: test, documentation, `explain`.

`given` holds rows of afterbell's own JSON lines (see `docs/guide/own-format.md`), so that a case also shows what
to record: rows of one trace or of several. `books` holds rows of books by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from afterbell.model.vocabulary import Answer

Row = Mapping[str, Any]


class Case(Struct, frozen=True, kw_only=True):
    """One example: what was recorded, what the answer must be, and what the example teaches.

    `policy` holds keys of [policy] and the mode's own knobs side by side. `trace` names the trace under question when
    `given` holds several; default: the first row's.
    `excerpt`, when given, must be within the excerpt of one piece of the answer's evidence.
    """

    name: str
    answer: Answer
    teaches: str
    given: tuple[Row, ...]
    trace: str = ""
    books: Mapping[str, tuple[Row, ...]] = {}
    policy: Mapping[str, Any] = {}
    excerpt: str = ""
    figures: Mapping[str, Any] = {}


class TriggerCase(Struct, frozen=True, kw_only=True):
    """One example of a trigger: rows and books given, and (subject, measured) of the events that must fire."""

    name: str
    teaches: str
    fires: tuple[tuple[str, str], ...]
    given: tuple[Row, ...] = ()
    books: Mapping[str, tuple[Row, ...]] = {}
    policy: Mapping[str, Any] = {}
