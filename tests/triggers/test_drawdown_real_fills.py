"""Realised losses of real fills, compared with what plain SQL sums over the same trades."""

from __future__ import annotations

import json
import os
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from afterbell.disk import house as houses
from afterbell.steps import ingest, trigger
from afterbell.steps.store import Store

HERE = Path(__file__).resolve().parents[2].parent / "shared" / "data"
FOLDER = Path(os.environ.get("AFTERBELL_SHARED_DATA", HERE)) / "nof1_alpha_arena"
STAKE = Decimal(10_000)  # dollars, with which each model began

# Sessions are UTC days. Capital of a day: the stake and what was realised on the days before it.
DAYS = """
    WITH days AS (SELECT model, date(exit_time, 'unixepoch') AS day, sum(pnl) AS pnl FROM trades GROUP BY model, day)
    SELECT model, day, pnl, ? + coalesce(sum(pnl) OVER (PARTITION BY model ORDER BY day
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS capital FROM days ORDER BY model, day
"""


@pytest.fixture
def trades():
    found = sorted(FOLDER.glob("trades.*.jsonl"))
    if not found:
        pytest.skip("the real trades are not on this machine")
    return found


def days(paths):
    """Return (model, day, realised, capital) of each day on which a model closed a position."""
    rows = [json.loads(line) for path in paths for line in path.read_text().splitlines()]
    with sqlite3.connect(":memory:") as kept:
        kept.execute("CREATE TABLE trades (model TEXT, exit_time REAL, pnl REAL)")
        facts = [(row["model_id"], row["exit_time"], row["realized_net_pnl"]) for row in rows]
        kept.executemany("INSERT INTO trades VALUES (?, ?, ?)", facts)
        return kept.execute(DAYS, (float(STAKE),)).fetchall()


@pytest.mark.shared_data
def test_days_that_lost_more_than_one_percent(trades, tmp_path):
    expected = days(trades)
    book = tmp_path / "equity.csv"
    lines = [f"{day},{model},CRYPTO,USD,{capital:.8f}" for model, day, _pnl, capital in expected]
    book.write_text("session_date,account_id,exchange,currency,deployed_capital\n" + "\n".join(lines) + "\n")
    house = houses.fresh(tmp_path / "house")
    reports = list(ingest.ingest(house, [*map(str, trades), str(book)], jobs=1))
    assert [report.outcome for report in reports] == ["kept"] * len(reports)
    fired = [event for event in trigger.fire(Store(house)).events if event.trigger == "drawdown"]
    by_session = {event.subject for event in fired if event.limit == "1.0"}
    assert by_session == {
        f"account:{model} session:{day}" for model, day, pnl, capital in expected if 100 * pnl / capital < -1
    }
    assert by_session
