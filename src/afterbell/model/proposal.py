"""What a run proposed to trade: its decisions, or its orders where it states none. What became of it is not here.

A decision to hold or to skip proposes nothing; one whose action is not stated may have proposed anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from afterbell.model.trading import TradeEvent, TradeKind

_NO_TRADE = frozenset({"hold", "skip", "none", "wait", "no_trade", "pass"})


def proposals(trades: Iterable[TradeEvent]) -> tuple[TradeEvent, ...]:
    """Return the decisions among a run's trading facts that are or may be trades, else its orders, in order of time.

    A quantity of zero is no trade. One without a time cannot be told from what came after it and is left out.
    """
    facts = tuple(trades)
    found = [each for each in facts if each.kind is TradeKind.DECISION]
    if found:
        found = [each for each in found if each.action not in _NO_TRADE]
    else:
        found = [each for each in facts if each.kind is TradeKind.ORDER]
    return tuple(sorted((each for each in found if each.at_ns and each.quantity != 0), key=lambda each: each.at_ns))


def action_of(trade: TradeEvent) -> str:
    """Return what was to be done in a word (buy, sell, close), or an empty text where it is not stated."""
    return trade.action if trade.kind is TradeKind.DECISION else trade.side
