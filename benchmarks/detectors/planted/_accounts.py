"""Accounts of made companies, the ways a source shows them, and true sentences about them: for planters of figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from math import log10
from random import Random
from typing import Any

from msgspec import Struct

from planted._runs import chanced, quiet

LABELS = {
    "revenue": "Revenue",
    "cost_of_revenue": "Cost of revenue",
    "gross_profit": "Gross profit",
    "research_and_development": "Research and development",
    "operating_income": "Operating income",
    "net_income": "Net income",
}
POWERS = {"ones": 0, "thousands": 3, "millions": 6, "billions": 9}
WORDS = {3: "thousand", 6: "million", 9: "billion", 12: "trillion"}
_ENOUGH = 2000  # tries for a figure that nothing explains; one in a few will do


class Accounts(Struct, frozen=True, kw_only=True):
    """Two years of a company's accounts: whole numbers in `unit`, this year's first. A loss is negative."""

    symbol: str
    unit: str
    year: int
    lines: Mapping[str, tuple[int, int]]

    @property
    def power(self) -> int:
        """The power of ten of the unit."""
        return POWERS[self.unit]

    def values(self) -> list[int]:
        return [value for pair in self.lines.values() for value in pair]


def accounts(chance: Random, symbol: str, unit: str = "", *, loss: bool = False) -> Accounts:
    """Return accounts that add up."""
    unit = unit or chance.choice(("thousands", "millions"))
    before = chance.randint(1_100, 9_700) * (1 if unit == "millions" else 1000) + chance.randint(1, 99)
    found = [_year(chance, round(before * chance.uniform(0.8, 1.35)), loss=loss), _year(chance, before)]
    lines = {key: (found[0][key], found[1][key]) for key in LABELS}
    return Accounts(symbol=symbol, unit=unit, year=chance.randint(2021, 2025), lines=lines)


def _year(chance: Random, revenue: int, *, loss: bool = False) -> Mapping[str, int]:
    gross = round(revenue * chance.uniform(0.31, 0.66))
    research = round(revenue * chance.uniform(0.06, 0.14))
    operating = gross - research - round(revenue * chance.uniform(0.04, 0.12))
    net = -round(revenue * chance.uniform(0.03, 0.2)) if loss else round(operating * chance.uniform(0.62, 0.84))
    return {"revenue": revenue, "cost_of_revenue": revenue - gross, "gross_profit": gross,
            "research_and_development": research, "operating_income": operating, "net_income": net}  # fmt: skip


def shown(value: int) -> str:
    return f"({-value:,})" if value < 0 else f"{value:,}"


def table(chance: Random, told: Accounts, *, scaled: bool = True) -> str:
    """Return the accounts as a table, with or without a header that states the unit."""
    head = f"Years {told.year} and {told.year - 1}"
    if scaled:
        head = chance.choice((
            f"(in {told.unit})", f"Amounts in {told.unit} of dollars", f"(Dollars in {told.unit})",
            f"Consolidated statements, in {told.unit}",
        ))  # fmt: skip
    names = ["", str(told.year), str(told.year - 1)]
    rows = [[LABELS[key], *(shown(value) for value in pair)] for key, pair in told.lines.items()]
    if chanced(chance):
        lines = [" | ".join(names), " | ".join(["---"] * 3), *(" | ".join(row) for row in rows)]
        return head + "\n\n" + "\n".join(f"| {line} |" for line in lines)
    return "\n".join([head, *(f"{row[0]:<28}{row[1]:>14}{row[2]:>14}" for row in [names, *rows])])


def as_json(told: Accounts) -> Mapping[str, Any]:
    """Return the accounts as a tool does, with its key for the unit."""
    years = [
        {"fiscal_year": told.year - back, **{key: pair[back] for key, pair in told.lines.items()}} for back in (0, 1)
    ]
    return {"symbol": told.symbol, "units": told.unit, "statements": years}


def prose(chance: Random, told: Accounts) -> str:
    """Return the accounts as sentences, in the words of their unit."""
    word = told.unit.removesuffix("s")
    lines = [
        f"{LABELS[key]} was ${shown(now)} {word}, compared with ${shown(before)} {word} the year before."
        for key, (now, before) in told.lines.items()
    ]
    return " ".join(lines) + " " + quiet(chance, 2)


def source(chance: Random, told: Accounts) -> Any:
    """Return the accounts in one of the shapes."""
    shapes = (lambda: table(chance, told), lambda: as_json(told), lambda: prose(chance, told))
    return chance.choice(shapes)()


def money(value: float, power: int, digits: int = 1) -> str:
    """Return an amount in units of 10^power with the word that suits its size: 4.2 billion."""
    size = min(max(int(log10(abs(value) * 10**power)) // 3 * 3, 3), 12)
    return f"{abs(value) * 10.0 ** (power - size):.{digits}f} {WORDS[size]}"


def percent(part: float, whole: float, digits: int = 1) -> str:
    return f"{part / whole * 100:.{digits}f}"


def truths(chance: Random, told: Accounts, most: int = 4) -> list[str]:
    """Return a few true sentences: figures as given, rounded, and in one step from two of them."""
    revenue, last = told.lines["revenue"]
    gross, gross_last = told.lines["gross_profit"]
    research = told.lines["research_and_development"][0]
    operating, operating_last = told.lines["operating_income"]
    rose = "rose" if revenue >= last else "fell"
    more = "more" if gross >= gross_last else "less"
    found = [
        f"Revenue was ${money(revenue, told.power, 2)}.",
        f"Revenue {rose} {percent(abs(revenue - last), last)}% to ${money(revenue, told.power, 2)}.",
        f"The gross margin came to {percent(gross, revenue)} percent, after {percent(gross_last, last)} percent.",
        f"Research and development took {percent(research, revenue)}% of revenue.",
        f"Gross profit was ${money(abs(gross - gross_last), told.power, 1)} {more} than the year before.",
        f"Operating income of ${money(operating, told.power, 1)} gives a margin of {percent(operating, revenue)}%.",
        f"Over two years operating income averaged ${money((operating + operating_last) / 2, told.power, 2)}.",
    ]
    return chance.sample(found, chance.randint(1, most))


def strange_amount(chance: Random, values: Iterable[int]) -> int:
    """Return four digits that none of the values, and no sum, difference or mean of two, begins with."""
    known = [abs(value) for value in values if value]
    pairs = list(combinations(known, 2))
    reached = [*known, *(a + b for a, b in pairs), *(abs(a - b) for a, b in pairs if a != b)]
    starts = [_start(each) for each in (*reached, *((a + b) / 2 for a, b in pairs))]
    for _ in range(_ENOUGH):
        found = chance.randint(1012, 9897)
        if found % 10 and all(abs(found / start - 1) > 0.003 for start in starts):
            return found
    raise ValueError("every amount can be explained")


def strange_percent(chance: Random, values: Iterable[int]) -> float:
    """Return a percentage of one digit after the point that no ratio or growth of two of the values comes near."""
    known = [abs(value) for value in values if value]
    ratios = [a / b * 100 for a in known for b in known]
    for _ in range(_ENOUGH):
        found = round(chance.uniform(11, 94), 1)
        near = (abs(found - each) for ratio in ratios for each in (ratio, ratio - 100, 100 - ratio))
        if found % 1 and min(near) > 0.09:
            return found
    raise ValueError("every percentage can be explained")


def _start(value: float) -> float:
    return float(value / 10 ** (int(log10(value)) - 3))
