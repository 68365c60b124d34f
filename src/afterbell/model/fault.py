"""A `Fault` in content: where it stands, which rule it breaks, why there is such a rule, what to write instead.

Faults are values, returned all at once, never raised. This room says what a fault looks like, not what is one.
"""

from __future__ import annotations

from msgspec import Struct


class Fault(Struct, frozen=True, kw_only=True):
    """One broken rule at one place.

    `field` is one of the seven, or a path below it with rows counted from 1 ("timeline.3.trace_id"), or a name
    beside the seven ("roles", "answers.7"). `start` and `end` are character offsets within that field's text.
    `missing` tells a hole, which an incomplete record may have, from what is wrong, which no record may have.
    """

    field: str
    rule: str
    message: str
    why: str
    rewrite: str
    start: int = 0
    end: int = 0
    missing: bool = False

    @property
    def root(self) -> str:
        """The field without its row: "timeline" for "timeline.3.trace_id"."""
        return self.field.partition(".")[0]
