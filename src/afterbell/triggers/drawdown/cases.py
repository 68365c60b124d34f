"""Worked examples of a drawdown: both limits and their lines, flows, fills without a stated result, marked equity."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import TriggerCase

_TRACE = "7ef7651916cd43dd8448eb211c80321d"
_DAYS = ("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09")


def _equity(day: str, realized: str | None = None, **more: Any) -> dict[str, Any]:
    stated = {} if realized is None else {"realized_pnl": realized}
    return {"session_date": day, "account_id": "ACC-1", "exchange": "XNYS", "currency": "USD",
            "deployed_capital": "100000"} | stated | more  # fmt: skip


def _fill(at: str, side: str, quantity: str, price: str, **more: Any) -> dict[str, Any]:
    return {"transact_time": at, "account_id": "ACC-1", "symbol": "SYNTHETIC_A", "side": side, "currency": "USD",
            "last_quantity": quantity, "last_price": price} | more  # fmt: skip


def _held(at: str, cash: str, quantity: str) -> dict[str, Any]:
    return {"at": at, "account_id": "ACC-1", "cash": cash, "positions": {"SYNTHETIC_A": quantity}}


def _bar(day: str, close: str) -> dict[str, Any]:
    return {"at": f"{day}T16:00:00-05:00", "symbol": "SYNTHETIC_A", "interval": "P1D", "exchange": "XNYS",
            "open": close, "high": close, "low": close, "close": close}  # fmt: skip


def _report(clock: str, side: str, price: str) -> dict[str, Any]:
    return {"type": "execution_report", "trace": _TRACE, "at": f"2026-01-05T{clock}:00Z", "account": "ACC-1",
            "symbol": "SYNTHETIC_A", "currency": "USD", "client_order_id": f"CO-{clock}", "exec_id": f"EX-{clock}",
            "exec_type": "trade", "side": side, "status": "filled", "last_quantity": "100",
            "last_price": price}  # fmt: skip


def _subject(day: str) -> str:
    return f"account:ACC-1 session:{day}"


CASES = (
    TriggerCase(
        name="a session over the limit",
        teaches="1.4 percent of deployed capital realised as a loss in one session fires.",
        fires=((_subject(_DAYS[1]), "1.4"),),
        books={"equity": (_equity(_DAYS[0], "250"), _equity(_DAYS[1], "-1400"))},
    ),
    TriggerCase(
        name="exactly one percent",
        teaches="Strictly more: exactly 1 percent does not fire.",
        fires=(),
        books={"equity": (_equity(_DAYS[0], "-1000"), _equity(_DAYS[1], "-1000.00"))},
    ),
    TriggerCase(
        name="five small losses",
        teaches="No session passes 1 percent, but five in a row lost 3.5; sessions without trades count as sessions.",
        fires=((_subject(_DAYS[4]), "3.5"),),
        books={"equity": tuple(_equity(day, pnl) for day, pnl in
                               zip(_DAYS, ("-900", "-900", "0", "-800", "-900"), strict=True))},
    ),
    TriggerCase(
        name="four sessions are not five",
        teaches="The book begins four sessions ago: what the fifth would have been is not known.",
        fires=(),
        books={"equity": tuple(_equity(day, "-900") for day in _DAYS[:4])},
    ),
    TriggerCase(
        name="a withdrawal is not a loss",
        teaches="Equity fell by 20 percent because money was taken out; realised figures say what was lost.",
        fires=(),
        books={"equity": (_equity(_DAYS[0], "0", equity_open="100000", equity_close="80000", net_flows="-20000"),)},
    ),
    TriggerCase(
        name="an unexplained step",
        teaches="Equity fell, and neither fills nor flows nor prices say why: it is noted and fires nothing.",
        fires=(),
        books={"equity": (_equity(_DAYS[0], None, equity_open="100000", equity_close="95000"),)},
    ),
    TriggerCase(
        name="marked to market when flows are stated",
        teaches="No realised figure exists; flows are stated, so the rest of the step is a result, labelled as marked.",
        fires=((_subject(_DAYS[0]), "2"),),
        books={"equity": (_equity(_DAYS[0], None, equity_open="100000", equity_close="93000", net_flows="-5000"),)},
    ),
    TriggerCase(
        name="fills at average cost, net of commissions",
        teaches="Bought at 50 and 52, sold at 41: 10 a share on 100 shares, and the fees carry it over the line.",
        fires=((_subject(_DAYS[1]), "1.008"),),
        books={
            "equity": (_equity(_DAYS[0]), _equity(_DAYS[1])),
            "fills": (_fill("2026-01-05T15:00:00Z", "buy", "50", "50", commission="2"),
                      _fill("2026-01-05T16:00:00Z", "buy", "50", "52", commission="2"),
                      _fill("2026-01-06T20:00:00Z", "sell", "100", "41", commission="4")),
        },
    ),
    TriggerCase(
        name="a closing fill without its entry",
        teaches="What was sold was never bought in the book and no result is stated: unknown, said in a note.",
        fires=(),
        books={"equity": (_equity(_DAYS[0]),),
               "fills": (_fill("2026-01-05T15:00:00Z", "sell", "100", "10", position_effect="close"),)},
    ),
    TriggerCase(
        name="no deployed capital",
        teaches="A loss in money is no percentage: unknown without deployed_capital, said in a note.",
        fires=(),
        books={"equity": ({"session_date": _DAYS[0], "account_id": "ACC-1", "realized_pnl": "-5000"},)},
    ),
    TriggerCase(
        name="only positions and prices",
        teaches="Deployed capital is the marked equity of the session before: 10,000 fell to 9,800.",
        fires=((_subject(_DAYS[1]), "2"),),
        books={
            "positions": (_held("2026-01-05T15:00:00-05:00", "5000", "100"),
                          _held("2026-01-06T15:00:00-05:00", "5000", "100")),
            "prices": (_bar(_DAYS[0], "50"), _bar(_DAYS[1], "48")),
        },
    ),
    TriggerCase(
        name="cash left and no trade says why",
        teaches="Cash fell by 2,000 without a trade: a withdrawal or a mistake, noted, and nothing fires.",
        fires=(),
        books={
            "positions": (_held("2026-01-05T15:00:00-05:00", "5000", "100"),
                          _held("2026-01-06T15:00:00-05:00", "3000", "100")),
            "prices": (_bar(_DAYS[0], "50"), _bar(_DAYS[1], "50")),
        },
    ),
    TriggerCase(
        name="told by the traces alone",
        teaches="Execution reports are the fills, and the account's snapshot states its deployed capital.",
        fires=((_subject(_DAYS[0]), "1.5"),),
        given=(_report("15:00", "buy", "50"), _report("16:00", "sell", "35"),
               {"type": "account_snapshot", "trace": _TRACE, "at": "2026-01-05T20:00:00Z", "account": "ACC-1",
                "exchange": "XNYS", "currency": "USD", "equity": "98500", "deployed_capital": "100000"}),
    ),
    TriggerCase(
        name="a strategy with a tighter limit",
        teaches="`[policy.strategy.NAME]` overrides the limit for its strategy only.",
        fires=(("account:ACC-1 strategy:carry session:2026-01-05", "0.6"),),
        books={"equity": (_equity(_DAYS[0], "-600", strategy_id="carry"),
                          _equity(_DAYS[0], "-600", strategy_id="trend"))},
        policy={"strategy": {"carry": {"drawdown_session_pct": "0.5"}}},
    ),
)  # fmt: skip
