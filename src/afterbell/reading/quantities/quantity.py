"""A figure as it stands in a text: digits, scale, unit, and where. It reads no texts; `grammar` and `tables` do."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from msgspec import Struct


class Kind(StrEnum):
    """What a figure counts. Percent holds percentage points and basis points too; plain = the text does not say."""

    MONEY = "money"
    PERCENT = "percent"
    MULTIPLE = "multiple"
    COUNT = "count"
    TIME = "time"
    PLAIN = "plain"


class Quantity(Struct, frozen=True, kw_only=True, dict=True):
    """One figure. `digits` is signed and as written; times ten to the power of `scale` it is the figure's value.

    `shown` is the number of decimals written. `scale_from` says who states the scale: "word" beside the number,
    "header" of row, column, table or document, "text" for prose that says no scale and means ones, or "" for nobody (a
    cell or a value without header; then `scale` is 0). Basis points have scale -2 and
    are percent. `label` are the words that name the figure (row, column, keys, clause), `row_label` those of its row
    alone. `groups` name what it stands together with in its text: a row (r), a column (c), a sentence (s), a paragraph
    (p), an object (o). `start` and `end` are offsets in the text as it is written.
    """

    start: int
    end: int
    digits: Decimal
    shown: int = 0
    scale: int = 0
    scale_from: str = ""
    kind: Kind = Kind.PLAIN
    currency: str = ""
    per_share: bool = False
    bracketed: bool = False
    signed: bool = False
    hedge: str = ""
    label: frozenset[str] = frozenset()
    row_label: frozenset[str] = frozenset()
    groups: tuple[str, ...] = ()
    basis: frozenset[str] = frozenset()

    @cached_property
    def value(self) -> Decimal:
        """The figure in units, or in percent."""
        return self.digits.scaleb(self.scale)

    @cached_property
    def half_step(self) -> Decimal:
        """Half of the last shown digit: what rounding to that digit may hide."""
        return Decimal(5).scaleb(self.scale - self.shown - 1)

    @cached_property
    def significant(self) -> int:
        """How many digits say something: leading zeros and the trailing zeros of a whole number do not."""
        plain = str(abs(self.digits)).replace(".", "").lstrip("0")
        return len(plain if self.shown else plain.rstrip("0"))
