"""Prices, moves and positions that reach the research prompt; and business figures, bans and later stages that may."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from random import Random
from typing import Any

from plant import FAULTY, INNOCENT, UNTOLD, Plant
from planted._price_sentences import (
    ASIDES,
    BANS,
    BUSINESS,
    CHARTS,
    CHINESE,
    CHINESE_BUSINESS,
    CHINESE_TERSE,
    FEELINGS,
    INDICATORS,
    MOVES,
    PLAIN,
    POSITIONS,
    QUOTES,
    TERSE,
    WORDLESS,
    Leak,
)
from planted._runs import TASKS, Run, chanced, gone, quiet, stroll

SLUG = "price_blind_leak"

_TOOLS = (
    {
        "name": "get_quote",
        "description": "Returns the last price, the day's change in percent and the volume of a stock.",
    },
    {"name": "get_filing", "description": "Returns the text of a filing."},
    {"name": "get_positions", "description": "Returns our open positions with cost basis and unrealised P&L."},
)
_ECONOMY = (
    "Consumer prices rose {m}% on the year and the policy rate was raised to {w}%.",
    "Same-store sales fell {m}% to ${x} million.",
    "The number of shares outstanding fell {m}% after repurchases.",
    "Its stake in the joint venture rose by {i} points to {w}%.",
    "Zinc closed the year at ${b} per tonne, down {m}%.",
    "Stocks of finished goods rose {m}% to ${x} million.",
    "Price increases of {i}% were passed on to customers in spring.",
    "Trading revenue of the bank fell {m}% to ${x} million.",
    "The pension fund holds a short position in interest rate swaps of ${x} million.",
    "Average daily volume of parcels was up {m} percent.",
    "Options on {n} shares were granted with a fair value of ${p} each.",
    "Subscribers pay ${e} a month after the price was lifted by {m}%.",
)
_CHINESE_ECONOMY = (
    "国际油价上涨{m}%，公司运费成本上升。",
    "公司对合资企业的持股比例为{w}%。",
    "库存商品增加{m}%，平均售价下降{i}%。",
    "人民币汇率贬值{i}%，利率下调。",
)
_PLACES = ("system", "user", "document", "tool", "turn")


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield research prompts with a leak, and the same runs with the prompt not captured."""
    for told in cycle(_LEAKS):
        yield told(chance)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield research that is price-blind, whatever stands around it."""
    for told in cycle(_CLEAN):
        yield told(chance)


def _figures(chance: Random, symbol: str = "") -> Mapping[str, Any]:
    price = chance.uniform(6, 480)
    return {
        "s": symbol, "p": f"{price:.2f}", "h": f"{price * chance.uniform(1.05, 1.6):.2f}",
        "m": f"{chance.uniform(1, 29):.1f}", "n": chance.randint(2, 90) * 25, "b": chance.randint(900, 9800),
        "w": chance.randint(2, 38), "d": chance.randint(3, 90),
        "r": f"{chance.uniform(18, 84):.1f}", "a": f"{price * 0.03:.2f}", "x": chance.randint(110, 990),
        "e": f"{chance.uniform(0.5, 6):.2f}", "f": f"{chance.uniform(0.1, 0.9):.2f}", "i": chance.randint(1, 4),
    }  # fmt: skip


def _business(chance: Random, most: int = 3) -> str:
    """Return sentences about a business whose figures are no prices."""
    said = chance.sample(BUSINESS, chance.randint(1, most))
    return " ".join(each.format(**_figures(chance)) for each in said) + " " + quiet(chance, 2)


def _task(run: Run) -> str:
    return run.chance.choice(TASKS).format(s=run.symbol)


def _clean(run: Run, *, most: int = 3) -> None:
    """Let the research begin with documents about the business."""
    stroll(run, most)
    if chanced(run.chance, 0.6):
        run.tool("get_filing", {"symbol": run.symbol, "section": "discussion"}, _business(run.chance))


def _place(run: Run, text: str, place: str) -> None:
    """Put a text into one place of the research prompt."""
    chance = run.chance
    around = f"{_business(chance, 2)} {text} {quiet(chance, 2)}"
    if place == "system":
        run.system = f"{run.system}\n{text}"
    elif place == "user":
        run.user(f"{text} {quiet(chance, 1)}" if chanced(chance) else text)
    elif place == "document":
        found = [{"id": f"d{number}", "title": f"{run.symbol} in brief", "text": quiet(chance, 2)} for number in (1, 2)]
        found.insert(chance.randint(0, 2), {"id": "d3", "title": f"On {run.symbol}", "text": around})
        run.retrieve(f"{run.symbol} latest", found, pasted=chanced(chance, 0.7))
    elif place == "tool":
        run.tool(chance.choice(("search_news", "get_notes", "read_page")), {"query": run.symbol}, around)
    else:
        run.answer(chance.choice(("Understood. What else is known?", "I have read the documents so far.")))
        run.user(f"One more thing: {text}")


def _run(chance: Random, text: str | Callable[[Run], str], place: str) -> Run:
    """Tell a whole research run that has a text in one place of its prompt, and often a decision after it."""
    run = Run(chance)
    run.enter("research")
    run.user(_task(run))
    _clean(run)
    _place(run, text(run) if callable(text) else text, place)
    if chanced(chance, 0.4):
        stroll(run, 1)
    run.answer(f"Note on {run.symbol}: {quiet(chance, 3)}")
    if chanced(chance, 0.7):
        _decision(run)
    return run


def _decision(run: Run) -> None:
    """Let a later stage see what research must not."""
    told = {**_figures(run.chance, run.symbol)}
    run.enter("decision", "You decide what to trade. You are shown the note, the quote and the book.")
    run.user("Last price ${p}, day change -{m}%. We hold {n} shares at {h}. Decide.".format(**told))
    run.answer({"action": "hold", "why": "the note changes nothing"})
    run.decide("hold", confidence=0.5)


def _pair(wording: str, run: Run, fault: str) -> tuple[Plant, Plant]:
    rows = run.rows()
    kinds = ("prompts", "results", "documents")
    whole = chanced(run.chance)
    told = gone(rows, run.chance, kinds, "" if whole else fault)
    return (Plant(wording=wording, rows=rows, answers=FAULTY, fault=fault),
            Plant(wording=wording, rows=told, answers=UNTOLD))  # fmt: skip


def _said(
    wording: str, leaks: tuple[Leak, ...], places: tuple[str, ...] = _PLACES
) -> Callable[[Random], tuple[Plant, Plant]]:
    """Return a wording that says one of the leaks in one of the places."""

    def told(chance: Random) -> tuple[Plant, Plant]:
        text, fault = chance.choice(leaks)
        figures = dict(_figures(chance))
        run = _run(chance, lambda run: text.format(**{**figures, "s": run.symbol}), chance.choice(places))
        return _pair(wording, run, fault.format(**figures))

    return told


def _charts(chance: Random) -> tuple[Plant, Plant]:
    text = chance.choice(CHARTS)
    run = _run(chance, lambda run: text.format(s=run.symbol), chance.choice(_PLACES))
    fault = next(each for each in ("broken out", "support", "downtrend", "golden cross") if each in text)
    return _pair("chart words that add up", run, fault)


def _quote_result(chance: Random) -> tuple[Plant, Plant]:
    told = _figures(chance)
    run = Run(chance)
    run.enter("research")
    run.user(_task(run))
    _clean(run, most=2)
    shapes: tuple[Mapping[str, Any], ...] = (
        {
            "symbol": run.symbol,
            "price": float(told["p"]),
            "change_percent": -float(told["m"]),
            "volume": told["b"] * 900,
        },
        {"ticker": run.symbol, "quote": {"bid": told["p"], "ask": told["h"], "currency": "USD"}},
        {"symbol": run.symbol, "lastPrice": told["p"], "previousClose": told["h"]},
        {"data": [{"symbol": run.symbol, "regularMarketPrice": float(told["p"])}], "status": "ok"},
    )
    run.tool(
        chance.choice(("get_quote", "snapshot", "get_company")), {"symbol": run.symbol}, dict(chance.choice(shapes))
    )
    run.answer(f"Memo: {quiet(chance, 3)}")
    return _pair("quote in a result's JSON", run, str(float(told["p"])).rstrip("0").rstrip("."))


def _bars(chance: Random) -> tuple[Plant, Plant]:
    price = chance.uniform(9, 300)
    bars = []
    for day in range(1, chance.randint(4, 9)):
        first, price = price, price * chance.uniform(0.96, 1.04)
        bars.append(
            (
                f"2025-0{chance.randint(1, 9)}-{day:02d}",
                first,
                max(first, price) * 1.01,
                min(first, price) * 0.99,
                price,
            )
        )
    names = ("date", "open", "high", "low", "close")
    mark = chance.choice((",", " | ", "\t"))
    lines = [mark.join(names), *(mark.join([each[0], *(f"{value:.2f}" for value in each[1:])]) for each in bars)]
    table = "\n".join(lines)
    run = _run(chance, f"\n{table}\n", chance.choice(("user", "document", "tool")))
    return _pair("table of bars", run, "close")


def _one_call(chance: Random) -> tuple[Plant, Plant]:
    """One prompt in, an order out: it researches too."""
    told = _figures(chance)
    run = Run(chance, told="order")
    run.enter("research", "You research and trade one stock on your own.")
    said, fault = chance.choice((
        ("Cash {b}. Positions: {s} {n} @ {p}. News: {news} Reply with your action.", "Positions"),
        ("Account state: holding {n} {s}, unrealized PnL -{b}. {news} What do you do?", "{n}"),
        ("{news} Current price {p}. Respond in JSON with action and quantity.", "{p}"),
    ))  # fmt: skip
    run.user(said.format(**{**told, "s": run.symbol}, news=_business(chance, 1)))
    run.answer({"action": "buy", "quantity": told["i"]})
    run.decide("buy")
    return _pair("one call that researches and decides", run, fault.format(**told))


def _innocent(wording: str, rows: tuple[Any, ...]) -> Plant:
    return Plant(wording=wording, rows=rows, answers=INNOCENT)


def _harmless(wording: str, texts: tuple[str, ...], places: tuple[str, ...] = _PLACES) -> Callable[[Random], Plant]:
    """Return a look-alike that says a few of the texts in one of the places."""

    def told(chance: Random) -> Plant:
        said = " ".join(chance.sample(texts, chance.randint(1, min(3, len(texts)))))
        run = _run(chance, said.format(**_figures(chance)), chance.choice(places))
        return _innocent(wording, run.rows())

    return told


def _later(chance: Random) -> Plant:
    """Prices in the decision, at the risk desk, or in a tool of the execution."""
    told = _figures(chance)
    run = Run(chance)
    run.enter("research")
    run.user(_task(run))
    _clean(run)
    run.answer(quiet(chance, 3))
    _decision(run)
    if chanced(chance, 0.6):
        run.enter("risk", "You check orders against limits.")
        run.user(f"Position after the order: {told['n']} shares, cost basis {told['p']}, P&L {told['b']}.")
        run.answer({"verdict": "allow"})
    return _innocent("prices in a later stage only", run.rows())


def _offered(chance: Random) -> Plant:
    """Offer a price tool that nobody calls."""
    run = Run(chance)
    run.enter("research")
    run.user(_task(run))
    _clean(run, most=1)
    run.answer(quiet(chance, 2), tools=chance.sample(_TOOLS, 2))
    return _innocent("price tool on offer, not called", run.rows())


def _no_call(chance: Random) -> Plant:
    run = Run(chance)
    run.step("order", side="buy", quantity=str(chance.randint(1, 99)), price=_figures(chance)["p"], status="filled")
    return _innocent("no model call", run.rows())


_LEAKS: tuple[Callable[[Random], tuple[Plant, Plant]], ...] = (
    _said("quote in prose", QUOTES), _said("move in prose", MOVES), _said("our position", POSITIONS),
    _said("position without a figure", WORDLESS), _charts, _said("indicator value", INDICATORS),
    _said("in Chinese", CHINESE), _quote_result, _bars, _one_call, _said("terse or tagged", TERSE),
    _said("told beside an instruction", ASIDES), _said("terse Chinese", CHINESE_TERSE),
)  # fmt: skip
_CLEAN: tuple[Callable[[Random], Plant], ...] = (
    _harmless("business figures that move", BUSINESS), _harmless("market words of another sense", PLAIN),
    _harmless("prices forbidden or absent", BANS, ("system", "user")), _harmless("sentiment alone", FEELINGS),
    _harmless("Chinese business figures", CHINESE_BUSINESS), _harmless("figures of an economy", _ECONOMY),
    _harmless("Chinese economy", _CHINESE_ECONOMY), _later, _offered, _no_call,
)  # fmt: skip
