"""Rows of the books that lie beside traces: money, prices, events, forecasts, costs, gateways.

Blank = not stated (None or ""). Decimals are decimals, times UTC. `evidence` and `row` say where a row stands, so that
a figure can be cited.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from afterbell.model.vocabulary import Book


class Fill(Struct, frozen=True, kw_only=True):
    """One execution. `realized_pnl` is net of commissions when the source states it."""

    transact_time: datetime
    account_id: str = ""
    strategy_id: str = ""
    symbol: str = ""
    side: str = ""
    last_quantity: Decimal | None = None
    last_price: Decimal | None = None
    commission: Decimal | None = None
    realized_pnl: Decimal | None = None
    currency: str = ""
    client_order_id: str = ""
    order_id: str = ""
    exec_id: str = ""
    position_effect: str = ""
    idea_id: str = ""
    trace_id: str = ""
    evidence: str = ""
    row: int = 0


class EquityRow(Struct, frozen=True, kw_only=True):
    """One session of one account. Figures in `currency`; `exchange` is a MIC or CRYPTO (UTC days)."""

    session_date: date
    account_id: str = ""
    strategy_id: str = ""
    exchange: str = ""
    currency: str = ""
    deployed_capital: Decimal | None = None
    realized_pnl: Decimal | None = None
    equity_open: Decimal | None = None
    equity_close: Decimal | None = None
    net_flows: Decimal | None = None
    evidence: str = ""
    row: int = 0


class Flow(Struct, frozen=True, kw_only=True):
    """Money put in or taken out: not a profit, not a loss. `kind` is deposit or withdrawal, `amount` positive."""

    at: datetime
    account_id: str = ""
    kind: str = ""
    amount: Decimal = Decimal(0)
    currency: str = ""
    evidence: str = ""
    row: int = 0


class PositionRow(Struct, frozen=True, kw_only=True):
    """What an account held after a step: quantity per symbol and cash, at a local stamp of its market.

    `at` is the source's own text (a date, or a date and time in the market's zone), which orders rows of a day;
    `session_date` is the day it belongs to; `sequence` orders rows of one stamp.
    """

    session_date: date
    at: str = ""
    sequence: int = 0
    account_id: str = ""
    exchange: str = ""
    cash: Decimal | None = None
    positions: Mapping[str, Decimal] = {}
    action: str = ""
    symbol: str = ""
    quantity: Decimal | None = None
    evidence: str = ""
    row: int = 0


class PriceBar(Struct, frozen=True, kw_only=True):
    """One bar. `at` is the bar's END as the source writes it; `session_date` the market's day."""

    session_date: date
    symbol: str
    at: str = ""
    interval: str = ""
    exchange: str = ""
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    close: Decimal | None = None
    currency: str = ""
    evidence: str = ""
    row: int = 0


class Report(Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """One value of a fact as one filing reports it, for a period (`start` empty for an instant).

    `accepted` is the moment the filing became public, where stated; `fiscal` the year and period (2024FY, 2024Q3) that
    a filing gave to the period's end as its own; `row` the fact's number in its source.
    """

    start: str = ""
    end: str = ""
    value: Decimal
    filed: str = ""
    accepted: str = ""
    form: str = ""
    filing: str = ""
    fiscal: str = ""
    row: int = 0


class CompanyFact(Struct, frozen=True, kw_only=True):
    """One concept of one registrant in one unit: every value it was reported with, in order of filing.

    A filing that repeats the value before it for the same period is left out: it changes nothing. `cik` has ten digits.
    """

    cik: str
    entity: str = ""
    taxonomy: str = ""
    concept: str = ""
    unit: str = ""
    reports: tuple[Report, ...] = ()
    evidence: str = ""
    row: int = 0


class CalendarEvent(Struct, frozen=True, kw_only=True):
    """One dated event that moves prices. `at` is RFC 3339 with an offset, or a bare date when the time is not known.

    `kind` is earnings or macro; an empty `symbol` means that it concerns every symbol.
    """

    at: str
    symbol: str = ""
    kind: str = ""
    title: str = ""
    country: str = ""
    evidence: str = ""
    row: int = 0


class DiaryRow(Struct, frozen=True, kw_only=True):
    """One entry of the research diary. `status` is accepted, rejected, skipped, paper, hold, or a word as written."""

    idea_id: str = ""
    trace_id: str = ""
    symbol: str = ""
    status: str = ""
    reason: str = ""
    decided_at: datetime | None = None
    written_at: datetime | None = None
    outcome_at: datetime | None = None
    evidence: str = ""
    row: int = 0


class Review(Struct, frozen=True, kw_only=True):
    """What a reviewer who saw only what the model saw would have done with a trade: approve, decline or resize.

    `quantity` is the reviewer's, `model_quantity` the model's; blank `answer` = asked and not answered yet.
    """

    review_id: str = ""
    trace_id: str = ""
    decision_id: str = ""
    idea_id: str = ""
    reviewer_role: str = ""
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    outcome_shown_at: datetime | None = None
    answer: str = ""
    action: str = ""
    quantity: Decimal | None = None
    model_quantity: Decimal | None = None
    note: str = ""
    evidence: str = ""
    row: int = 0


class Calibrator(Struct, frozen=True, kw_only=True):
    """One version of what turns scores into probabilities: when it was trained, for which model, on how many pairs."""

    trained_at: datetime
    calibrator_version: str = ""
    model: str = ""
    method: str = ""
    pairs: int | None = None
    evidence: str = ""
    row: int = 0


class Forecast(Struct, frozen=True, kw_only=True):
    """One stated probability (0 to 1) and what came: `outcome` is 1 or 0, None while it is open."""

    probability: Decimal
    forecast_id: str = ""
    made_at: datetime | None = None
    symbol: str = ""
    model: str = ""
    calibrator_version: str = ""
    outcome: int | None = None
    resolved_at: datetime | None = None
    evidence: str = ""
    row: int = 0


class ModelPrice(Struct, frozen=True, kw_only=True):
    """What a model costs from a moment on, in `currency` per million tokens; None = that kind has no stated price."""

    model: str
    effective_from: datetime
    provider: str = ""
    currency: str = ""
    input_per_mtok: Decimal | None = None
    output_per_mtok: Decimal | None = None
    cache_read_per_mtok: Decimal | None = None
    cache_write_5m_per_mtok: Decimal | None = None
    cache_write_1h_per_mtok: Decimal | None = None
    evidence: str = ""
    row: int = 0


class CostRow(Struct, frozen=True, kw_only=True):
    """What was charged to a trace for tokens of one kind.

    `token_type` is input (without cached tokens), output, cache_read, cache_write_5m or cache_write_1h; cache_write
    where the lifetime is not stated; else the word as written.
    """

    token_type: str
    at: datetime | None = None
    trace_id: str = ""
    span_id: str = ""
    model: str = ""
    cache_key: str = ""
    tokens: int | None = None
    unit_price_per_mtok: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    evidence: str = ""
    row: int = 0


class Bill(Struct, frozen=True, kw_only=True):
    """What a provider billed for a period, its end not included; blank `model` or `token_type` = all of them."""

    period_start: datetime
    period_end: datetime
    amount: Decimal
    provider: str = ""
    model: str = ""
    token_type: str = ""
    tokens: int | None = None
    currency: str = ""
    evidence: str = ""
    row: int = 0


class GatewayRow(Struct, frozen=True, kw_only=True):
    """One request as the gateway before the providers saw it, or one attempt of it.

    `model_group` is the model asked for, `model` the one that the gateway turned to; `status` is success, failure or
    the word as written; `error_code` (429) and `error_class` (RateLimitError) are those of a failure.
    """

    request_id: str = ""
    trace_id: str = ""
    start_time: datetime | None = None
    model_group: str = ""
    model: str = ""
    provider: str = ""
    status: str = ""
    error_code: str = ""
    error_class: str = ""
    evidence: str = ""
    row: int = 0


BookRow = (
    Fill | EquityRow | Flow | PositionRow | PriceBar | CompanyFact | CalendarEvent | DiaryRow | Review
    | Calibrator | Forecast | ModelPrice | CostRow | Bill | GatewayRow
)  # fmt: skip

ROW_TYPES: Mapping[Book, type[BookRow]] = {
    Book.FILLS: Fill,
    Book.EQUITY: EquityRow,
    Book.FLOWS: Flow,
    Book.POSITIONS: PositionRow,
    Book.PRICES: PriceBar,
    Book.FACTS: CompanyFact,
    Book.EVENTS: CalendarEvent,
    Book.DIARY: DiaryRow,
    Book.REVIEWS: Review,
    Book.CALIBRATORS: Calibrator,
    Book.FORECASTS: Forecast,
    Book.MODEL_PRICES: ModelPrice,
    Book.COST_LEDGER: CostRow,
    Book.BILLING: Bill,
    Book.GATEWAY: GatewayRow,
}


def book_of(row: BookRow) -> Book:
    """Return which book a row belongs to."""
    return next(book for book, kind in ROW_TYPES.items() if isinstance(row, kind))


class Books(Struct, frozen=True, kw_only=True):
    """The books of one house, each in the order of its rows."""

    fills: tuple[Fill, ...] = ()
    equity: tuple[EquityRow, ...] = ()
    flows: tuple[Flow, ...] = ()
    positions: tuple[PositionRow, ...] = ()
    prices: tuple[PriceBar, ...] = ()
    facts: tuple[CompanyFact, ...] = ()
    events: tuple[CalendarEvent, ...] = ()
    diary: tuple[DiaryRow, ...] = ()
    reviews: tuple[Review, ...] = ()
    calibrators: tuple[Calibrator, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    model_prices: tuple[ModelPrice, ...] = ()
    cost_ledger: tuple[CostRow, ...] = ()
    billing: tuple[Bill, ...] = ()
    gateway: tuple[GatewayRow, ...] = ()
