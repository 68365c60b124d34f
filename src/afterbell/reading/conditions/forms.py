"""The forms of a condition: a price that is crossed, a moment, an event, an indicator, or words that were not read.

Values only. `wording` reads them from a text, `fulfilled` holds them against prices and calendars.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class Side(StrEnum):
    """On which side of a level the price must come to be; `either` when the words only say that it is touched."""

    BELOW = "below"
    ABOVE = "above"
    EITHER = "either"


class Price(Struct, frozen=True, kw_only=True):
    """A price beyond a level.

    `level` is in the instrument's currency; where it is None, `percent` says how far from the entry price the level
    lies (-8 = 8 percent below). `close`: a bar must close there, else a trade there is enough. `interval` is an ISO
    8601 duration, empty when not stated. `times`: so many bars in a row. `reached`: the level itself counts.
    `symbol` is the instrument the words name, empty for the thesis's own.
    """

    side: Side
    level: Decimal | None = None
    percent: Decimal | None = None
    close: bool = False
    interval: str = ""
    times: int = 1
    reached: bool = False
    symbol: str = ""


class Deadline(Struct, frozen=True, kw_only=True):
    """A moment from which the thesis no longer holds: a stamp as written, or so long after the entry."""

    at: str = ""
    after: timedelta | None = None


class Happening(Struct, frozen=True, kw_only=True):
    """A scheduled event at which the thesis ends: earnings of the instrument, or a macro print (its words)."""

    kind: str
    words: tuple[str, ...] = ()


class Indicator(Struct, frozen=True, kw_only=True):
    """A figure that is not in a prices book: an indicator of technical analysis, volume, funding, open interest."""

    name: str


class Unread(Struct, frozen=True, kw_only=True):
    """Words of which no rule is known."""

    text: str


Clause = Price | Deadline | Happening | Indicator | Unread


class Condition(Struct, frozen=True, kw_only=True):
    """A condition as read: any of `ways` is enough, and of a way all clauses must hold."""

    text: str
    ways: tuple[tuple[Clause, ...], ...] = ()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in the order of the words."""
        return tuple(clause for way in self.ways for clause in way)

    @property
    def checkable(self) -> bool:
        """Whether at least one way needs nothing but prices and calendars."""
        return any(all(isinstance(each, (Price, Deadline, Happening)) for each in way) for way in self.ways)
