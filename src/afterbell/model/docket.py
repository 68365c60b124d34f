"""The `Docket`: what the triggers look at, the facts of every run in the house and its books.

Facts are small (no message text), so that a house of many traces fits in memory; one pass over the store makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from afterbell.model.books import Books
from afterbell.model.calls import Source
from afterbell.model.policy import Policy
from afterbell.model.trading import Budget, TradeEvent


class CallFacts(Struct, frozen=True, kw_only=True):
    """One logical call in a few figures. `ancestors` are span ids from parent to root, for plans on an agent's span.

    `figure` is the text of the attribute that `source` names, to cite; empty when it is no plain attribute.
    """

    span_id: str
    ancestors: tuple[str, ...] = ()
    tokens: int | None = None
    cost: Decimal | None = None
    failed: bool = False
    source: Source | None = None
    figure: str = ""
    started_ns: int = 0


class RunFacts(Struct, frozen=True, kw_only=True):
    """One trace in a few figures.

    `trades` are its trading facts with short texts and few attributes; `trades_left_out` counts those beyond what is
    kept of one trace. `received_at` is when its evidence first came, where that is known. `gathered` holds, by trigger,
    what that trigger itself kept of the trace (see `Trigger.gather`).
    """

    trace_id: str
    started_ns: int = 0
    ended_ns: int = 0
    received_at: datetime | None = None
    name: str = ""
    idea_ids: tuple[str, ...] = ()
    strategy_ids: tuple[str, ...] = ()
    account_ids: tuple[str, ...] = ()
    calls: tuple[CallFacts, ...] = ()
    budgets: tuple[Budget, ...] = ()
    trades: tuple[TradeEvent, ...] = ()
    trades_left_out: int = 0
    gathered: Mapping[str, Any] = {}


class Docket(Struct, frozen=True, kw_only=True):
    """All runs, all books, one policy."""

    runs: tuple[RunFacts, ...] = ()
    books: Books = Books()
    policy: Policy = Policy()
