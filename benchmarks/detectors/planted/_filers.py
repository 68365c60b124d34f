"""Registrants with a value that a later filing changed, and desks that used one: for the planter of restatements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from msgspec import Struct, structs

from plant import FAULTY, UNTOLD, Plant, Row
from planted._runs import TASKS, Run, gone, quiet, stroll

GAAP = {
    "Revenues": "revenue",
    "RevenueFromContractWithCustomerExcludingAssessedTax": "revenue",
    "NetIncomeLoss": "net income",
    "GrossProfit": "gross profit",
    "OperatingIncomeLoss": "operating income",
    "ResearchAndDevelopmentExpense": "research and development expense",
    "Assets": "total assets",
    "InventoryNet": "inventory",
    "StockholdersEquity": "stockholders' equity",
}
IFRS = {
    "Revenue": "revenue",
    "ProfitLoss": "profit for the year",
    "Assets": "total assets",
    "Inventories": "inventories",
}
INSTANTS = {"Assets", "InventoryNet", "StockholdersEquity", "Inventories"}
ENDS = ((12, 31), (6, 30), (9, 30))
TOLD = (
    "{N} for fiscal {y} was ${a}.",
    "In fiscal {y} the company reported {n} of ${a}.",
    "The base of the model is {n} of ${a} in FY{y}.",
    "| {N}, fiscal year {y} | ${a} |",
    "{N} came in at ${a} for the year ended {e}.",
)


class Filer(Struct, frozen=True, kw_only=True):
    """A registrant, one concept of it, and what two filings said of one period: `old`, then `new`."""

    symbol: str
    cik: int
    taxonomy: str
    concept: str
    words: str
    year: int
    end: date
    old: int | float
    new: int | float
    first: date
    later: date
    form: str
    unit: str = "USD"

    def fact(self, value: Any, filed: date, form: str, **more: Any) -> Mapping[str, Any]:
        """Return one reported value of the period."""
        begins = {} if self.concept in INSTANTS else {"start": (self.end - timedelta(days=364)).isoformat()}
        return {**begins, "end": self.end.isoformat(), "val": value, "accn": f"{self.cik:010d}-{filed:%y-%m%d}",
                "fy": self.year, "fp": "FY", "form": form, "filed": filed.isoformat(), **more}  # fmt: skip

    def facts(self) -> Sequence[Mapping[str, Any]]:
        """Return what both filings said."""
        return (self.fact(self.old, self.first, self.form), self.fact(self.new, self.later, self.form + "/A"))

    def book(self, facts: Sequence[Mapping[str, Any]] = (), **others: Sequence[Mapping[str, Any]]) -> Row:
        """Return the company facts; `others` are further concepts."""
        told = {self.concept: {"units": {self.unit: list(facts or self.facts())}}}
        told |= {name: {"units": {"shares" if "Share" in name else "USD": list(each)}} for name, each in others.items()}
        return {"cik": self.cik, "entityName": f"{self.symbol} Holdings Inc.", "facts": {self.taxonomy: told}}

    def quarter(self) -> Sequence[Mapping[str, Any]]:
        """Return another concept that no filing changed, as facts have many."""
        return (
            self.fact(self.cik * 1009, self.first, self.form),
            self.fact(self.cik * 1009, self.later, self.form + "/A"),
        )


def filer(chance: Random, symbol: str, *, ifrs: bool = False) -> Filer:
    taxonomy, known, form = ("ifrs-full", IFRS, "20-F") if ifrs else ("us-gaap", GAAP, "10-K")
    concept = chance.choice(sorted(known))
    year = chance.randint(2019, 2023)
    end = date(year, *chance.choice(ENDS))
    old = chance.randint(1_100_000, 98_000_000) * 1000
    first = end + timedelta(days=chance.randint(38, 75))
    return Filer(
        symbol=symbol, cik=chance.randint(900_000, 1_990_000), taxonomy=taxonomy, concept=concept, words=known[concept],
        year=year, end=end, old=old, new=round(old * chance.choice((0.71, 0.88, 0.93, 1.06, 1.19)) / 1000) * 1000,
        first=first, later=first + timedelta(days=chance.randint(60, 380)), form=form,
    )  # fmt: skip


def a_share(told: Filer, old: float, new: float) -> Filer:
    """Return a filer with its earnings a share as the concept."""
    return structs.replace(told, taxonomy="us-gaap", concept="EarningsPerShareDiluted", words="diluted EPS",
                           unit="USD/shares", old=old, new=new, form="10-K")  # fmt: skip


def plain(told: Filer, concept: str, words: str, **more: Any) -> Filer:
    return structs.replace(told, taxonomy="us-gaap", form="10-K", concept=concept, words=words, **more)


def money(chance: Random, value: float) -> str:
    """Return an amount of dollars in four digits or more."""
    billions = f"{value / 1e9:.3f} billion"
    return chance.choice((f"{value / 1e6:,.1f} million", f"{value / 1e6:,.0f} million", billions, f"{value:,.0f}"))


class Desk:
    """A run that reads about a registrant, says something, and decides on a day."""

    def __init__(self, chance: Random, *, ifrs: bool = False, days: int = 0) -> None:
        self.chance = chance
        self.run = Run(chance)
        self.filer = filer(chance, self.run.symbol, ifrs=ifrs)
        wait = timedelta(days=days or chance.randint(3, 200))
        self.run.at = datetime.combine(self.filer.later + wait, time(chance.randint(13, 19)), UTC)
        self.issuer = chance.choice(("run", "argument", "result", "name"))

    def named(self) -> dict[str, Any]:
        """Return how the tool is told which registrant: by number or by symbol."""
        return {"cik": f"{self.filer.cik:010d}"} if self.issuer == "argument" else {"symbol": self.filer.symbol}

    def start(self) -> None:
        run = self.run
        run.note({"at": run.at.isoformat()})
        if self.issuer == "run":
            run.note({"trading.security.id": f"{self.filer.cik:010d}", "trading.security.id_source": "cik"})
        run.enter("research")
        run.user(self.chance.choice(TASKS).format(s=run.symbol))
        stroll(run, 2)

    def read(self, value: Any) -> None:
        told = {"cik": self.filer.cik} if self.issuer == "result" else {}
        key = self.filer.words.replace(" ", "_").replace("'", "")
        result = {**told, "symbol": self.filer.symbol, "fiscal_year": self.filer.year,
                  "period_end": self.filer.end.isoformat(), key: value}  # fmt: skip
        self.run.tool(self.chance.choice(("get_financials", "get_fundamentals")), self.named(), result)

    def say(self, amount: str) -> str:
        told = self.filer
        text = self.chance.choice(TOLD)
        return text.format(N=told.words.capitalize(), n=told.words, y=told.year, a=amount, e=f"{told.end:%B %d, %Y}")

    def finish(self, said: str, **decided: Any) -> tuple[Row, ...]:
        found = [quiet(self.chance, 1), quiet(self.chance, 1)]
        found.insert(self.chance.randint(0, 2), said)
        self.run.answer(("\n\n" if said[0] == "|" else self.chance.choice((" ", "\n\n"))).join(found))
        self.run.enter("decision", "You decide what to trade, from the note of research.")
        self.run.user(f"Note: {quiet(self.chance, 1)} Decide.")
        self.run.answer({"action": "hold", "why": "the business is sound"})
        self.run.decide("hold", confidence=0.6, **decided)
        return self.run.rows()

    def pair(self, wording: str, rows: tuple[Row, ...], amount: str) -> tuple[Plant, Plant]:
        """Return the plant and a twin that lacks one thing without which nothing can be told."""
        book = self.filer.book(Liabilities=self.filer.quarter())
        told, books = self.chance.choice(_LACKS)(self, rows, book)
        fault = amount.partition(" ")[0]
        return (Plant(wording=wording, rows=rows, answers=FAULTY, fault=fault, books={"facts": (book,)}),
                Plant(wording=wording, rows=told, answers=UNTOLD, books={"facts": books} if books else {}))  # fmt: skip


_Lack = Callable[[Desk, tuple[Row, ...], Row], tuple[tuple[Row, ...], tuple[Row, ...]]]


def _no_book(_desk: Desk, rows: tuple[Row, ...], _book: Row) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    return rows, ()


def _other_registrant(desk: Desk, rows: tuple[Row, ...], book: Row) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    return rows, ({**book, "cik": desk.filer.cik + 11, "entityName": "SYNTHETIC_Z Holdings Inc."},)


def _no_concept(desk: Desk, rows: tuple[Row, ...], _book: Row) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    return rows, (structs.replace(desk.filer, concept="Liabilities").book(desk.filer.quarter()),)


def _no_dates(desk: Desk, rows: tuple[Row, ...], _book: Row) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Leave out when anything was filed."""
    return rows, (desk.filer.book([{**fact, "filed": ""} for fact in desk.filer.facts()]),)


def _same_day(desk: Desk, rows: tuple[Row, ...], _book: Row) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """File the change on the day of the decision, at an hour that is not told."""
    first, last = desk.filer.facts()
    return rows, (desk.filer.book([first, {**last, "filed": desk.run.at.date().isoformat()}]),)


def _no_decision(_desk: Desk, rows: tuple[Row, ...], book: Row) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    made = [row for row in rows if row["type"] == "decision"]
    parents = {row["id"]: row["parent"] for row in made}
    kept = [
        {**row, "parent": parents.get(row.get("parent", ""), row.get("parent", ""))} for row in rows if row not in made
    ]
    return tuple({key: value for key, value in row.items() if value or key != "parent"} for row in kept), (book,)


def _backtest(_desk: Desk, rows: tuple[Row, ...], book: Row) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    told = [{**row, "mode": "backtest"} if row["type"] == "run" else row for row in rows]
    return tuple({key: value for key, value in row.items() if key != "data_asof"} for row in told), (book,)


def _no_content(desk: Desk, rows: tuple[Row, ...], book: Row) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    return gone(rows, desk.chance, ("prompts", "results", "documents", "outputs")), (book,)


_LACKS: tuple[_Lack, ...] = (
    _no_book, _other_registrant, _no_concept, _no_dates, _same_day, _no_decision, _backtest, _no_content,
)  # fmt: skip
