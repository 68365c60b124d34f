"""Drawdown: accounts that lost more than a session's or five sessions' limit, and accounts that only seem to have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from plant import FAULTY, INNOCENT, UNTOLD, Plant
from planted._desk import Clock, Made, hexes, symbol

SLUG = "drawdown"

_FIVE = 5
_SATURDAY = 5


class Account:
    """An account in the making: its sessions as rows of the equity book, and what else lies beside them."""

    def __init__(self, chance: Random, exchange: str = "XNYS") -> None:
        self.chance, self.exchange = chance, exchange
        self.name = f"ACC-{hexes(chance, 4)}"
        self.capital = Decimal(chance.randrange(20, 4000) * 1000)
        self.equity: list[Made] = []
        self.fills: list[Made] = []
        self.flows: list[Made] = []
        self.policy: dict[str, Any] = {}
        self.day = date(2025, 2, 3) + timedelta(days=7 * chance.randrange(60))
        if chance.choice((True, False)):
            self.quiet(chance.randrange(1, 4))

    def part(self, percent: str | float) -> Decimal:
        """Return a percentage of the deployed capital, to the cent."""
        return (self.capital * Decimal(str(percent)) / 100).quantize(Decimal("0.01"))

    def drawn(self, low: float, high: float) -> Decimal:
        """Return an amount between two percentages of the deployed capital."""
        return self.part(self.chance.randrange(int(low * 1000), int(high * 1000)) / 1000)

    def session(self, result: Decimal | None = None, **facts: Any) -> Made:
        """Add the next session, with a realised result where one is given."""
        row: Made = {"session_date": self.day.isoformat(), "account_id": self.name, "exchange": self.exchange,
                     "currency": "USD", "deployed_capital": str(self.capital)}  # fmt: skip
        if result is not None:
            row["realized_pnl"] = str(result)
        self.equity.append(row | facts)
        self.day += timedelta(days=1)
        while self.exchange != "CRYPTO" and self.day.weekday() >= _SATURDAY:
            self.day += timedelta(days=1)
        return self.equity[-1]

    def quiet(self, count: int) -> None:
        """Add sessions that lose little or win."""
        for _ in range(count):
            self.session(self.drawn(-0.2, 0.9))

    def fill(self, row: Mapping[str, Any], side: str, price: Decimal, **facts: Any) -> None:
        """Add a fill within a session."""
        at = f"{row['session_date']}T{14 + len(self.fills) % 5}:{self.chance.randrange(10, 59)}:00Z"
        self.fills.append({
            "transact_time": at, "account_id": self.name, "symbol": "SYNTHETIC_A", "side": side, "last_quantity": "100",
            "last_price": str(price), "currency": "USD", "exec_id": f"EX-{hexes(self.chance, 8)}"} | facts)  # fmt: skip

    def books(self) -> dict[str, tuple[Made, ...]]:
        """Return the books that hold anything."""
        found = {"equity": self.equity, "fills": self.fills, "flows": self.flows}
        return {name: tuple(rows) for name, rows in found.items() if rows}


# ---- faults: each returns what the event must show ------------------------------------------------------------------


def _session(account: Account) -> str:
    row = account.session(-account.drawn(1.01, 6))
    account.quiet(account.chance.randrange(0, 3))
    return str(row["realized_pnl"])


def _barely(account: Account) -> str:
    row = account.session(-account.part(1) - Decimal("0.01"))
    return str(row["realized_pnl"])


def _five(account: Account) -> str:
    """Let five sessions in a row lose, none of them too much."""
    for _ in range(_FIVE):
        row = account.session(-account.drawn(0.62, 0.99))
    return str(row["realized_pnl"])


def _five_with_pause(account: Account) -> str:
    """Let one of the five sessions have no trade: it counts as a session."""
    pause = account.chance.randrange(1, 4)
    for number in range(_FIVE):
        row = account.session(Decimal(0) if number == pause else -account.drawn(0.8, 0.99))
    return str(row["realized_pnl"])


def _by_fills(account: Account) -> str:
    """State the result on closing fills alone."""
    row = account.session()
    loss = account.drawn(1.05, 5)
    parts = [loss / 2, loss - loss / 2]
    for part in parts:
        account.fill(row, "sell", Decimal(50), realized_pnl=str(-part), position_effect="close")
    return f"session:{row['session_date']}"


def _average_cost(account: Account) -> str:
    """State prices alone: the entry, and an exit that much lower."""
    row = account.session()
    entry = Decimal(account.chance.randrange(60, 400))
    account.capital = entry * 100
    row["deployed_capital"] = str(account.capital)
    account.fill(row, "buy", entry, position_effect="open")
    drop = account.chance.randrange(11, 80)
    account.fill(row, "sell", entry * (1000 - drop) / 1000, position_effect="close")
    return f"session:{row['session_date']}"


def _commissions(account: Account) -> str:
    """Let commissions carry a loss over the limit that prices alone stay under."""
    row = account.session()
    entry = Decimal(account.chance.randrange(60, 400))
    account.capital = entry * 100
    row["deployed_capital"] = str(account.capital)
    account.fill(row, "buy", entry, position_effect="open", commission=str(account.part("0.15")))
    account.fill(row, "sell", entry * Decimal("0.992"), position_effect="close", commission=str(account.part("0.15")))
    return f"session:{row['session_date']}"


def _marked(account: Account) -> str:
    """Have no realised figure at all: equity from one session to the next, with its flows stated."""
    account.equity.clear()
    value = account.capital
    loss = account.drawn(1.05, 5)
    for change in (account.drawn(0.1, 0.6), account.drawn(0.1, 0.6), -loss):
        row = account.session(equity_open=str(value), equity_close=str(value + change), net_flows="0")
        value += change
    return f"session:{row['session_date']}"


def _marked_with_deposit(account: Account) -> str:
    """Hide a loss behind a deposit, which is no profit."""
    account.equity.clear()
    loss, deposit = account.drawn(1.2, 4), account.drawn(5, 9)
    row = account.session(equity_open=str(account.capital), equity_close=str(account.capital - loss + deposit),
                          net_flows=str(deposit))  # fmt: skip
    return f"session:{row['session_date']}"


def _weekend(account: Account) -> str:
    """Lose on a market that has no weekend, over five days that hold one."""
    account.equity.clear()
    account.exchange = "CRYPTO"
    account.day += timedelta(days=(4 - account.day.weekday()) % 7)
    for _ in range(_FIVE):
        row = account.session(-account.drawn(0.62, 0.99))
    return str(row["realized_pnl"])


def _strict(account: Account) -> str:
    account.policy = {"drawdown_session_pct": 0.5}
    row = account.session(-account.drawn(0.52, 0.95))
    return str(row["realized_pnl"])


_FAULTS: Sequence[tuple[str, Callable[[Account], str]]] = (
    ("a session's loss in the equity book", _session),
    ("a cent over the limit", _barely),
    ("five sessions in a row", _five),
    ("five sessions, one without trades", _five_with_pause),
    ("the result stands on closing fills", _by_fills),
    ("entry and exit prices alone", _average_cost),
    ("commissions carry it over", _commissions),
    ("marked to market, flows stated", _marked),
    ("a deposit hides the loss", _marked_with_deposit),
    ("five days across a weekend, round the clock", _weekend),
    ("a policy with a smaller limit", _strict),
)


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield accounts that lost too much, each with the account whose deployed capital or result is not stated."""
    while True:
        for wording, fault in _FAULTS:
            account = Account(chance)
            shown = fault(account)
            rows = _scenery(chance, account)
            yield (
                Plant(wording=wording, rows=rows, answers=FAULTY, fault=shown, books=account.books(),
                      policy=account.policy),
                Plant(wording=wording, rows=rows, answers=UNTOLD, books=_untold(account), policy=account.policy),
            )  # fmt: skip


def _scenery(chance: Random, account: Account) -> tuple[Made, ...]:
    """Return a run of the account's agent, which the trigger may name and does not need."""
    clock = Clock(chance)
    return ({"type": "run", "trace": hexes(chance), "id": "run", "name": "desk", "account": account.name,
             "symbol": symbol(chance), "at": clock(), "until": clock()},)  # fmt: skip


def _untold(account: Account) -> dict[str, tuple[Made, ...]]:
    """Return the books without what a percentage needs: nowhere is deployed capital, or equity to stand for it."""
    gone = {"deployed_capital", "equity_open", "equity_close"}
    found = dict(account.books())
    found["equity"] = tuple({key: value for key, value in row.items() if key not in gone} for row in account.equity)
    return found


# ---- look-alikes -----------------------------------------------------------------------------------------------------


def _small(account: Account) -> None:
    for _ in range(account.chance.randrange(1, 5)):
        account.session(-account.drawn(0.05, 0.55))


def _at_line(account: Account) -> None:
    account.session(-account.part(1))


def _five_at_line(account: Account) -> None:
    """Lose exactly three percent over five sessions."""
    account.equity.clear()
    for _ in range(_FIVE):
        account.session(-account.part("0.6"))


def _won_back(account: Account) -> None:
    """Win between losses that together would be too much."""
    account.equity.clear()
    for number in range(_FIVE + 1):
        account.session(account.drawn(0.5, 0.9) if number % 2 else -account.drawn(0.7, 0.99))


def _withdrawn(account: Account) -> None:
    """Take money out, which is no loss."""
    account.equity.clear()
    taken = account.drawn(5, 20)
    account.session(equity_open=str(account.capital), equity_close=str(account.capital - taken), net_flows=str(-taken))


def _unrealised(account: Account) -> None:
    """Let equity sink on paper while the realised result, which wins, is small."""
    sunk = account.drawn(2, 6)
    account.session(-account.drawn(0.05, 0.4), equity_open=str(account.capital), net_flows="0",
                    equity_close=str(account.capital - sunk))  # fmt: skip


def _two_accounts(account: Account) -> None:
    """Let two accounts lose what would be too much for one."""
    account.session(-account.drawn(0.6, 0.95))
    first, account.name = account.name, f"ACC-{hexes(account.chance, 5)}"
    account.day = date.fromisoformat(account.equity[-1]["session_date"])
    account.session(-account.drawn(0.6, 0.95))
    account.name = first


def _loose(account: Account) -> None:
    account.policy = {"drawdown_session_pct": 4, "drawdown_rolling_pct": 9}
    account.session(-account.drawn(1.2, 3.8))


def _gains(account: Account) -> None:
    for _ in range(account.chance.randrange(1, 5)):
        account.session(account.drawn(1.1, 6))


def _closed_higher(account: Account) -> None:
    row = account.session()
    entry = Decimal(account.chance.randrange(60, 400))
    account.fill(row, "buy", entry, position_effect="open")
    account.fill(row, "sell", entry * (1000 + account.chance.randrange(1, 90)) / 1000, position_effect="close")


_ALIKE: Sequence[tuple[str, Callable[[Account], None]]] = (
    ("small losses", _small),
    ("a loss of exactly the limit", _at_line),
    ("five sessions at exactly the limit", _five_at_line),
    ("losses won back between", _won_back),
    ("a withdrawal", _withdrawn),
    ("a loss on paper beside a small realised one", _unrealised),
    ("two accounts that lose half each", _two_accounts),
    ("a policy with larger limits", _loose),
    ("gains", _gains),
    ("an exit above its entry", _closed_higher),
)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield accounts that stayed within both limits."""
    while True:
        for wording, change in _ALIKE:
            account = Account(chance)
            change(account)
            rows = _scenery(chance, account)
            yield Plant(wording=wording, rows=rows, answers=INNOCENT, books=account.books(), policy=account.policy)
