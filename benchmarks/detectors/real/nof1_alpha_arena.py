"""Alpha Arena: prompts of live trading models with prices and positions in every cycle, and the plans they keep to."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from afterbell.catalog import cases, shelves
from afterbell.model.case import TriggerCase
from afterbell.model.vocabulary import Answer
from afterbell.reading.conditions import wording
from afterbell.reading.conditions.forms import Unread
from real import Figure
from real._asking import ask_rows, at_least

_HELD = re.compile(r"\{'symbol': [^\n]*\}")
_COIN = re.compile(r"### ALL (\w+) DATA\s*\n+current_price = ([\d.]+)")
_LEVEL = re.compile(r"below ([\d.]+)")
_BAR = timedelta(minutes=3)

Rows = list[dict[str, Any]]


def measure(folder: Path) -> Iterator[Figure]:
    """Yield price leaks, conditions that are understood, and positions held against their thesis, real and made."""
    name = folder.name
    models: list[Rows] = []
    for path in sorted(folder.glob("conversations.*.jsonl")):
        rows = {row["timestamp"]: row for row in map(json.loads, path.read_text("utf-8").splitlines())}
        models.append([rows[stamp] for stamp in sorted(rows)])
    leaks = [_leak(row) for rows in models for row in rows]
    yield at_least("price_blind_leak: yes on every prompt", 1.0, sum(leaks), len(leaks), name)
    answers = [answer for rows in models for row in rows for answer in _answers(row).values()]
    texts = {answer["invalidation_condition"] for answer in answers if answer.get("invalidation_condition")}
    read = [_understood(text) for text in texts]
    yield at_least("thesis_not_exited: conditions in prose are understood", 1.0, sum(read), len(read), name)
    quiet, caught = [], []
    for rows in models:
        theses, prices = _told(rows, {})
        ideas = {row["idea"] for row in theses}
        fired = _fired(theses, prices)
        quiet += [idea not in fired for idea in ideas]
        for row in (each for each in theses if each["type"] == "thesis"):
            level = _LEVEL.search(row["invalidation_condition"])
            if level and row["idea"] in ideas:
                ideas.discard(row["idea"])
                shift = {row["symbol"]: Decimal(level[1]) * Decimal("0.99")}
                length = "PT4H" if row["invalidation_condition"].startswith("4h") else "PT3M"
                moved = [bar | {"interval": length} for bar in _told(rows, shift)[1]]
                caught.append(row["idea"] in _fired(theses, moved))
    for asked, right in (
        ("thesis_not_exited: silent on positions whose condition never came true", quiet),
        ("thesis_not_exited: fires when the price is shifted below the level", caught),
    ):
        yield at_least(asked, 1.0, sum(right), len(right), name)


def _answers(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the model answered for each coin; a few answers are no object."""
    return {coin: each for coin, each in row["llm_response"].items() if isinstance(each, dict)}


def _leak(row: Mapping[str, Any]) -> bool:
    """Tell whether a prompt is called a leak: one call that researches and decides counts as research."""
    call = {"type": "call", "model": row["model_id"], "messages": row["user_prompt"],
            "output": json.dumps(row["llm_response"])}  # fmt: skip
    return ask_rows("price_blind_leak", call).answer is Answer.YES


def _understood(text: str) -> bool:
    ways = wording.parse(text).ways
    return bool(ways) and not any(isinstance(clause, Unread) for way in ways for clause in way)


def _fired(theses: Sequence[Mapping[str, Any]], prices: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the ideas whose thesis fired."""
    case = TriggerCase(name="arena", teaches="", fires=(), given=tuple(theses), books={"prices": tuple(prices)})
    events = shelves.triggers()["thesis_not_exited"].fire(cases.docket(case))
    ideas = {row["idea"] for row in theses}
    return {idea for idea in ideas for event in events if event.subject.endswith(idea)}


def _told(rows: Rows, shift: Mapping[str, Decimal]) -> tuple[Rows, Rows]:
    """Return theses and positions as rows, and the coins' prices as bars; `shift` sets a coin's later half."""
    theses: Rows = []
    closes: dict[str, dict[datetime, Decimal]] = {}
    for number, row in enumerate(rows):
        at = datetime.fromtimestamp(row["timestamp"], UTC)
        held = {each["symbol"]: each for each in map(ast.literal_eval, _HELD.findall(row["user_prompt"]))}
        for coin, answer in _answers(row).items():
            if coin in held:
                common = {"trace": f"{row['model_id']}/{row['cycle_id']}", "at": at.isoformat(), "symbol": coin,
                          "idea": f"{row['model_id']}:{coin}", "exchange": "CRYPTO",
                          "account": row["model_id"]}  # fmt: skip
                theses.append({"type": "thesis", "id": f"{number}{coin}", **common,
                               "invalidation_condition": answer["invalidation_condition"]})  # fmt: skip
                theses.append({"type": "position_snapshot", **common, "quantity": str(held[coin]["quantity"])})
        end = at.replace(second=0, microsecond=0)
        end -= timedelta(minutes=end.minute % 3)
        for coin, figure in _COIN.findall(row["user_prompt"]):
            closes.setdefault(coin, {}).setdefault(end, Decimal(figure))
    return theses, [bar for coin, path in closes.items() for bar in _bars(coin, path, shift.get(coin))]


def _bars(coin: str, path: Mapping[datetime, Decimal], shifted: Decimal | None) -> Iterator[dict[str, Any]]:
    end, last = min(path), path[min(path)]
    middle = end + (max(path) - end) / 2
    while end <= max(path):
        last = path.get(end, last)
        figure = str(shifted if shifted is not None and end >= middle else last)
        yield {"at": end.isoformat(), "symbol": coin, "interval": "PT3M", "exchange": "CRYPTO", "high": figure,
               "low": figure, "close": figure}  # fmt: skip
        end += _BAR
