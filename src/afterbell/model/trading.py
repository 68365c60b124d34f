"""Trading facts in a trace, in FIX terms: ideas, theses, decisions, orders, execution reports, snapshots, budgets.

Prices and quantities are decimals, times nanoseconds since the Unix epoch. Numeric FIX codes are mapped to words.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct

from afterbell.model.calls import Source


class TradeKind(StrEnum):
    """What a trading fact is about."""

    IDEA = "idea"
    RESEARCH = "research"
    THESIS = "thesis"
    THESIS_INVALIDATED = "thesis_invalidated"
    DECISION = "decision"
    RISK_CHECK = "risk_check"
    VALIDATION = "validation"
    ORDER = "order"
    EXECUTION_REPORT = "execution_report"
    POSITION_SNAPSHOT = "position_snapshot"
    ACCOUNT_SNAPSHOT = "account_snapshot"
    MONITOR = "monitor"


class TradeEvent(Struct, frozen=True, kw_only=True):
    """One trading fact. `attributes` keeps every `trading.*` key as emitted; the fields are the ones all share."""

    kind: TradeKind
    at_ns: int = 0
    idea_id: str = ""
    decision_id: str = ""
    thesis_id: str = ""
    strategy_id: str = ""
    account_id: str = ""
    mode: str = ""
    symbol: str = ""
    exchange: str = ""
    currency: str = ""
    action: str = ""
    client_order_id: str = ""
    order_id: str = ""
    exec_id: str = ""
    exec_type: str = ""
    side: str = ""
    status: str = ""
    position_effect: str = ""
    verdict: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    cumulative_quantity: Decimal | None = None
    leaves_quantity: Decimal | None = None
    average_price: Decimal | None = None
    commission: Decimal | None = None
    realized_pnl: Decimal | None = None
    text: str = ""
    source: Source
    attributes: Mapping[str, Any] = {}

    @property
    def said(self) -> str:
        """The fact in one line: `order buy 2 SYNTHETIC_A at 62.50 status filled`."""
        facts = (
            ("", self.action or self.side or self.exec_type),
            ("", f"{self.quantity:f}" if self.quantity is not None else ""),
            ("", self.symbol),
            ("at ", f"{self.price:f}" if self.price is not None else ""),
            ("status ", self.status),
            ("verdict ", self.verdict),
            ("idea ", self.idea_id),
        )
        return f"{self.kind.value} " + " ".join(label + value for label, value in facts if value)


class BudgetScope(StrEnum):
    """What a stated plan covers: all traces of the idea, this trace, or one agent's subtree."""

    IDEA = "idea"
    TRACE = "trace"
    SUBTREE = "subtree"


class Budget(Struct, frozen=True, kw_only=True):
    """A stated plan or cap. `tokens_planned` is a plan, `tokens_max` a hard cap."""

    scope: BudgetScope
    span_id: str
    idea_id: str = ""
    tokens_planned: int | None = None
    tokens_max: int | None = None
    cost_planned: Decimal | None = None
    steps_max: int | None = None
    source: Source
