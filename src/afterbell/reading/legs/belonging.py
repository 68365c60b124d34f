"""Which trading facts of a run and its kin belong to a decision or an order: by decision, else by idea, else by symbol.

Facts are looked up, never compared one with another, so that a run of thousands of orders takes no longer for each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from msgspec import Struct

from afterbell.model.books import Fill
from afterbell.model.run import Trace
from afterbell.model.trace import trace_hex
from afterbell.model.trading import TradeEvent, TradeKind

UNFILLED: Final = frozenset({"rejected", "expired", "canceled", "done_for_day"})
FILLED: Final = frozenset({"filled", "partially_filled"})
_EXECUTED = frozenset({"trade", "filled", "partially_filled", "trade_correct"})
_DENIED = frozenset({"deny", "denied", "reject", "block"})
_KINDS = (TradeKind.RISK_CHECK, TradeKind.ORDER, TradeKind.EXECUTION_REPORT)

_Listed = Mapping[str, list[TradeEvent]]


class Belonging(Struct, frozen=True, kw_only=True):
    """What became of a decision or order.

    `denied`: some risk check's last word was deny. `unfilled`: its orders ended and none was filled. `reported`: a
    report belongs to it. `orders`: the client order ids of its orders. `filled`: for each report of a trade, whether it
    names a client order id and an order id.
    """

    denied: bool
    unfilled: bool
    reported: bool
    orders: frozenset[str]
    filled: frozenset[tuple[bool, bool]]


class Facts:
    """Checks, orders and reports of a run (`home`) and its kin, by what they belong to."""

    def __init__(self, home: Trace, runs: Iterable[Trace]) -> None:
        """Look through `runs`: the run itself and the runs of its ideas."""
        events = [event for run in runs for event in run.of_kind(*_KINDS)]
        self._by_decision = _grouped(events, lambda event: event.decision_id)
        self._every = _Pool(events, home.trace_id)
        self._undecided = _Pool([event for event in events if not event.decision_id], home.trace_id)
        self._known: dict[tuple[str, str, str], Belonging] = {}
        traded = [event for event in events if event.kind is TradeKind.EXECUTION_REPORT and is_fill(event)]
        self.traded_client_ids = frozenset(event.client_order_id for event in traded if event.client_order_id)
        self.traded_order_ids = frozenset(event.order_id for event in traded if event.order_id)

    def of(self, one: TradeEvent) -> Belonging:
        """Return what belongs to a decision or order: to its decision, else to its idea, else (at home) its symbol."""
        mark = (one.decision_id, one.idea_id, one.symbol)
        if mark not in self._known:
            pool = self._undecided if one.decision_id else self._every
            mine = [*pool.of(one.idea_id, one.symbol)]
            mine += self._by_decision.get(one.decision_id, ()) if one.decision_id else ()
            self._known[mark] = _belonging(mine)
        return self._known[mark]


class _Pool:
    """Facts by idea and by symbol; only facts of the run itself belong by symbol."""

    def __init__(self, events: list[TradeEvent], home: str) -> None:
        at_home = [event for event in events if event.source.trace_id == home]
        self._by_idea = _grouped(events, lambda event: event.idea_id)
        self._at_home = _grouped(at_home, lambda event: event.symbol)
        self._without_idea = _grouped([event for event in at_home if not event.idea_id], lambda event: event.symbol)

    def of(self, idea_id: str, symbol: str) -> list[TradeEvent]:
        by_symbol = self._without_idea if idea_id else self._at_home
        found = list(self._by_idea.get(idea_id, ())) if idea_id else []
        for name in (symbol, "") if symbol else by_symbol:
            found += by_symbol.get(name, ())
        return found


def is_fill(event: TradeEvent) -> bool:
    """Tell whether an order or a report says that something was traded."""
    if event.kind is TradeKind.ORDER:
        return event.status in FILLED
    return event.exec_type in _EXECUTED or event.status in FILLED or bool(event.quantity or event.cumulative_quantity)


def _grouped(events: Iterable[TradeEvent], key: Callable[[TradeEvent], str]) -> _Listed:
    found: dict[str, list[TradeEvent]] = defaultdict(list)
    for event in events:
        found[key(event)].append(event)
    return dict(found)


def _belonging(mine: list[TradeEvent]) -> Belonging:
    orders = [event for event in mine if event.kind is not TradeKind.RISK_CHECK]
    reports = [event for event in mine if event.kind is TradeKind.EXECUTION_REPORT]
    ended = any(event.status in UNFILLED or event.exec_type in UNFILLED for event in orders)
    return Belonging(
        denied=_denied([event for event in mine if event.kind is TradeKind.RISK_CHECK]),
        unfilled=ended and not any(is_fill(event) for event in orders),
        reported=bool(reports),
        orders=frozenset(
            event.client_order_id for event in orders if event.kind is TradeKind.ORDER and event.client_order_id
        ),
        filled=frozenset((bool(event.client_order_id), bool(event.order_id)) for event in reports if is_fill(event)),
    )


def _denied(checks: list[TradeEvent]) -> bool:
    last: dict[str, str] = {}
    for check in sorted(checks, key=lambda each: each.at_ns):
        last[str(check.attributes.get("trading.risk.check.name", ""))] = check.verdict
    return any(verdict in _DENIED for verdict in last.values())


class Fills:
    """What the book of fills tells of a run: by client order id, order id and idea, and the symbols it traded."""

    def __init__(self, fills: Iterable[Fill], home: Trace) -> None:
        """`home` is the run whose fills are told apart by its trace id."""
        listed = tuple(fills)
        self.client_ids = frozenset(fill.client_order_id for fill in listed if fill.client_order_id)
        self.order_ids = frozenset(fill.order_id for fill in listed if fill.order_id)
        self.ideas = frozenset(fill.idea_id for fill in listed if fill.idea_id)
        mine = [fill for fill in listed if fill.trace_id and trace_hex(fill.trace_id) == home.trace_id]
        self._symbols = frozenset(fill.symbol for fill in mine)

    def fit(self, orders: frozenset[str], idea_id: str, symbol: str) -> bool:
        """Tell whether a fill is of one of these orders, of this idea, or of this run and symbol."""
        if not orders.isdisjoint(self.client_ids) or idea_id in self.ideas:
            return True
        return bool(self._symbols) and (not symbol or not self._symbols.isdisjoint({symbol, ""}))
