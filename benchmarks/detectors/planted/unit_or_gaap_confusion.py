"""Figures told in the wrong unit, sign or basis; and right conversions, labelled bases, run rates and sums."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from random import Random
from typing import Any

from plant import FAULTY, UNTOLD, Plant, Row
from planted._accounts import Accounts, accounts, as_json, money, percent, prose, table, truths
from planted._runs import quiet
from planted._units import a_share, answered, asserts, begun, faulty, innocent, marked_table, read, suffixed, wrong

SLUG = "unit_or_gaap_confusion"

_Shape = Callable[[Random, Accounts], Any]
_CONVERTED = ("gross_margin", "operating_margin", "return_on_assets", "tax_rate")


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield runs that confuse a unit, a sign or a basis, and the same without scale or source."""
    for told in cycle(_CONFUSED):
        yield told(chance)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield runs that convert rightly, and name the basis they use."""
    for told in cycle(_SOUND):
        yield told(chance)


def _misread(
    wording: str, shape: Callable[[Random, Accounts], Any], scale: str
) -> Callable[[Random], tuple[Plant, Plant]]:
    """Return a wording in which accounts of one shape are told at the wrong scale."""

    def told(chance: Random) -> tuple[Plant, Plant]:
        run = begun(chance)
        found = accounts(chance, run.symbol)
        read(run, shape(chance, found))
        said, fault = wrong(chance, found)
        return faulty(wording, answered(run, said), chance, fault, scale.format(u=found.unit) if asserts(said) else "")

    return told


def _attribute(chance: Random) -> tuple[Plant, Plant]:
    """Tell a document's unit by its attribute alone."""
    run = begun(chance)
    found = accounts(chance, run.symbol)
    read(run, table(chance, found, scaled=False), **{"trading.document.units": found.unit})
    said, fault = wrong(chance, found)
    return faulty(
        "unit on the document", answered(run, said), chance, fault, "trading.document.units" if asserts(said) else ""
    )


def _registered(chance: Random) -> tuple[Plant, Plant]:
    """Misread a figure that only the company facts can check."""
    run = begun(chance)
    found = accounts(chance, run.symbol, "thousands")
    cik = chance.randint(900_000, 1_990_000)
    run.note({"trading.security.id": f"{cik:010d}", "trading.security.id_source": "cik"})
    said, fault = wrong(chance, found)
    rows = answered(run, said)
    facts = []
    for back in (0, 1):
        year = found.year - back
        facts.append({
            "start": f"{year}-01-01", "end": f"{year}-12-31", "fy": year, "fp": "FY", "form": "10-K",
            "filed": f"{year + 1}-02-20", "accn": f"0001-{year}",
        })  # fmt: skip
    concepts = {"revenue": "Revenues", "gross_profit": "GrossProfit", "operating_income": "OperatingIncomeLoss",
                "research_and_development": "ResearchAndDevelopmentExpense"}  # fmt: skip
    held = {
        concept: {
            "units": {
                "USD": [{**fact, "val": value * 1000} for value, fact in zip(found.lines[key], facts, strict=True)]
            }
        }
        for key, concept in concepts.items()
    }
    book: Row = {"cik": cik, "entityName": f"{run.symbol} Holdings", "facts": {"us-gaap": held}}
    wording = "against company facts"
    return (Plant(wording=wording, rows=rows, answers=FAULTY, fault=fault, books={"facts": (book,)}),
            Plant(wording=wording, rows=rows, answers=UNTOLD))  # fmt: skip


def _percent(chance: Random) -> tuple[Plant, Plant]:
    """Take a decimal for a percentage, or basis points for percent."""
    run = begun(chance)
    rate, points = round(chance.uniform(0.11, 0.72), 3), chance.randint(21, 89)
    name = chance.choice(_CONVERTED)
    plain = name.replace("_", " ")
    sources: tuple[tuple[Any, str, str], ...] = (
        ({"symbol": run.symbol, name: rate}, f"The {plain} is {rate}%.", f"{rate}"),
        (f"The {plain} for the year was {rate * 100:.1f}%.", f"With a {plain} of {rate:.3f} percent, little is left.",
         f"{rate:.3f}"),
        (f"The management fee is {points} basis points.", f"The management fee is {points}% a year.", f"{points}"),
        (f"Credit losses were {points} bps of loans.", f"Credit losses came to {points} percent of loans.",
         f"{points}"),
        (f"The credit spread was {points / 100:.2f}% at issue.",
         f"The credit spread was {points / 100:.2f} basis points.", f"{points / 100:.2f}"),
    )  # fmt: skip
    given, said, fault = chance.choice(sources)
    read(run, given)
    return faulty("percent, decimal, basis points", answered(run, said), chance, fault)


def _sign(chance: Random) -> tuple[Plant, Plant]:
    """Tell a loss in parentheses as a profit."""
    run = begun(chance)
    found = accounts(chance, run.symbol, loss=True)
    read(run, table(chance, found))
    amount = money(found.lines["net_income"][0], found.power, 2)
    said = chance.choice((
        f"The company earned a net income of ${amount}.", f"Net income was ${amount}.",
        f"A net profit of ${amount} was made.", f"Net earnings of ${amount} show that the model works.",
    ))  # fmt: skip
    return faulty("sign of parentheses", answered(run, said), chance, amount.split()[0])


def _chinese(chance: Random) -> tuple[Plant, Plant]:
    run = begun(chance)
    value = chance.randint(112_000, 989_000)
    read(
        run, f"（单位：万元）\n营业收入  {value:,}\n营业成本  {round(value * 0.61):,}\n净利润  {round(value * 0.11):,}"
    )
    figure, unit = chance.choice(((f"{value / 10_000:.2f}", "万元"), (f"{value:,}", "亿元"), (f"{value:,}", "元")))
    said = chance.choice(("公司营业收入为{f}{u}。", "全年实现营业收入{f}{u}，业务稳定。")).format(f=figure, u=unit)
    return faulty("Chinese units", answered(run, said), chance, figure)


def _label(chance: Random) -> tuple[Plant, Plant]:
    """Give a figure the label of its neighbour."""
    run = begun(chance)
    low, high = a_share(chance)
    big = round(chance.uniform(300, 900), 1)
    quarter = round(big * chance.uniform(0.2, 0.3), 1)
    sources: tuple[tuple[Any, str, str], ...] = (
        (f"GAAP diluted earnings per share were ${low}. Non-GAAP diluted earnings per share were ${high}.",
         f"GAAP diluted EPS was ${high}.", f"{high}"),
        ({"symbol": run.symbol, "eps": {"gaap_diluted": low, "non_gaap_diluted": high}},
         f"On a GAAP basis the company earned ${high} per diluted share.", f"{high}"),
        (f"Net income per share: basic ${high}, diluted ${low}.", f"Diluted earnings per share came to ${high}.",
         f"{high}"),
        ({"symbol": run.symbol, "eps_basic": high, "eps_diluted": low}, f"Diluted EPS: {high}.", f"{high}"),
        (f"Profit under IFRS was ${big} million; under US GAAP it was ${quarter} million.",
         f"Profit under US GAAP was ${big} million.", f"{big}"),
        (f"Adjusted EBITDA (non-GAAP) was ${big} million. GAAP net income was ${quarter} million.",
         f"GAAP net income of ${big} million shows the strength of the year.", f"{big}"),
    )  # fmt: skip
    given, said, fault = chance.choice(sources)
    read(run, given)
    return faulty("label of the neighbour", answered(run, said), chance, fault)


def _period(chance: Random) -> tuple[Plant, Plant]:
    """Take a quarter for the year or the year for a quarter."""
    run = begun(chance)
    year = round(chance.uniform(2000, 9000))
    quarter = round(year * chance.uniform(0.21, 0.31))
    sources: tuple[tuple[Any, str, str], ...] = (
        (f"Fourth-quarter revenue was ${quarter:,} million. Full-year revenue was ${year:,} million.",
         f"Full-year revenue was ${quarter:,} million.", f"{quarter:,}"),
        (f"Revenue: three months ended June 30 ${quarter:,} million; twelve months ended June 30 ${year:,} million.",
         f"In the fourth quarter, revenue was ${year:,} million.", f"{year:,}"),
        (f"Quarterly revenue: ${quarter:,} million. Annual revenue: ${year:,} million.",
         f"Annual revenue of ${quarter:,} million puts the company among the smaller ones.", f"{quarter:,}"),
    )  # fmt: skip
    given, said, fault = chance.choice(sources)
    read(run, given)
    return faulty("quarter and year", answered(run, said), chance, fault)


def _mixed_growth(chance: Random) -> tuple[Plant, Plant]:
    """Compute a growth rate from a figure of one basis to a figure of another."""
    run = begun(chance)
    low, high = a_share(chance)
    middle = round(low * chance.uniform(1.02, 1.09), 2)
    rate = percent(high - low, low, 0)
    read(run, f"GAAP diluted EPS was ${middle}, against ${low} the year before. Non-GAAP diluted EPS was ${high}.")
    said = chance.choice((
        f"Diluted EPS grew {rate}% from ${low} (GAAP) to ${high} (non-GAAP).",
        f"From GAAP EPS of ${low} to non-GAAP EPS of ${high}: growth of {rate}%.",
    ))  # fmt: skip
    return faulty("growth across two bases", answered(run, said), chance, rate)


def _standards(chance: Random) -> tuple[Plant, Plant]:
    """Compare a year under one standard with a year under another."""
    run = begun(chance)
    last = chance.randint(1200, 8800)
    now, year = round(last * chance.uniform(1.08, 1.6)), chance.randint(2022, 2025)
    first, second = chance.sample(("ifrs", "us_gaap"), 2)
    for value, standard, told in ((last, first, year - 1), (now, second, year)):
        text = f"Annual report {told}. Revenue for {told} was $ {value:,} million. {quiet(chance, 1)}"
        found = {"id": f"ar{told}", "title": f"{run.symbol}: annual report {told}", "text": text}
        run.retrieve(f"{run.symbol} {told}", [found], **{
            "trading.document.accounting_standard": standard, "trading.document.filing.period_end": f"{told}-12-31",
        })  # fmt: skip
    rate = percent(now - last, last)
    said = f"Revenue grew {rate}% from ${last:,} million in {year - 1} to ${now:,} million in {year}."
    return faulty("two standards compared", answered(run, said), chance, rate)


def _bracketed(chance: Random) -> tuple[Plant, Plant]:
    """Tell an outflow in parentheses as an inflow."""
    run = begun(chance)
    value = chance.randint(112, 980)
    read(run, f"(in millions)\n\n| | 2025 | 2024 |\n|---|---|---|\n| Net cash from operating activities | ({value}) | "
               f"{value - 71} |\n| Capital expenditures | (31) | (28) |")  # fmt: skip
    said = chance.choice((
        f"Operations generated net cash of ${value} million in 2025.",
        f"Net cash from operating activities was ${value} million in 2025.",
    ))  # fmt: skip
    return faulty("outflow told as inflow", answered(run, said), chance, f"{value}")


def _told_right(wording: str, shape: _Shape) -> Callable[[Random], Plant]:
    """Return a look-alike that tells accounts of one shape rightly."""

    def told(chance: Random) -> Plant:
        run = begun(chance)
        found = accounts(chance, run.symbol)
        read(run, shape(chance, found))
        return innocent(wording, answered(run, f"For {found.year}:", truths(chance, found)))

    return told


def _excepted(chance: Random) -> Plant:
    """Leave amounts a share, and numbers of shares, out of a table's unit."""
    run = begun(chance)
    low, high = a_share(chance)
    shares, revenue = chance.randint(110_000, 890_000), chance.randint(1200, 9800)
    read(run, "(In millions, except number of shares, which are reflected in thousands, and per share amounts)\n"
               f"Revenue | {revenue:,}\nBasic earnings per share | {high}\nDiluted earnings per share | {low}\n"
               f"Shares used, diluted | {shares:,}")  # fmt: skip
    return innocent("what the header excepts", answered(run, chance.choice((
        f"Diluted EPS was ${low} on {shares / 1000:.1f} million shares, basic EPS ${high}.",
        f"Revenue of ${money(revenue, 6, 2)} and diluted earnings of ${low} per share.",
    ))))  # fmt: skip


def _labelled(chance: Random) -> Plant:
    run = begun(chance)
    low, high = a_share(chance)
    read(run, f"GAAP diluted EPS was ${low}. Non-GAAP diluted EPS, which excludes share-based pay, was ${high}.")
    return innocent("each basis by its name", answered(run, chance.choice((
        f"Non-GAAP diluted EPS was ${high}; on a GAAP basis it was ${low}.",
        f"Adjusted (non-GAAP) EPS of ${high} leaves out share-based pay.",
        f"GAAP EPS: ${low}. Non-GAAP EPS: ${high}.",
    ))))  # fmt: skip


def _run_rate(chance: Random) -> Plant:
    run = begun(chance)
    quarters = [chance.randint(900, 1900) for _ in range(4)]
    listed = "; ".join(f"Q{number} {value:,}" for number, value in enumerate(quarters, 1))
    read(run, f"Quarterly revenue in millions of dollars: {listed}.")
    return innocent("run rates and sums of quarters", answered(run, chance.choice((
        f"Revenue of ${quarters[3]:,} million in the fourth quarter is a run rate of ${quarters[3] * 4:,} million.",
        f"Full-year revenue, the sum of the four quarters, was ${sum(quarters):,} million.",
    ))))  # fmt: skip


def _loss(chance: Random) -> Plant:
    run = begun(chance)
    found = accounts(chance, run.symbol, loss=True)
    read(run, table(chance, found))
    amount = money(found.lines["net_income"][0], found.power, 2)
    return innocent("a loss told as a loss", answered(run, chance.choice((
        f"The net loss was ${amount}.", f"The company lost ${amount} in the year.", f"Net income: (${amount}).",
        f"Net income was negative, at -${amount}.",
    ))))  # fmt: skip


def _points(chance: Random) -> Plant:
    run = begun(chance)
    rate, last = round(chance.uniform(0.2, 0.7), 3), round(chance.uniform(0.2, 0.7), 3)
    read(run, {"symbol": run.symbol, "gross_margin": rate, "gross_margin_last_year": last, "fee_bps": 45})
    return innocent("percent and points converted", answered(run, chance.choice((
        (f"The gross margin was {rate * 100:.1f}% after {last * 100:.1f}%, a change of "
         f"{abs(rate - last) * 100:.1f} points."),
        f"The gross margin was {rate * 100:.1f} percent, and the fee is 0.45% (45 basis points).",
        f"As a decimal, the gross margin is {rate}.",
    ))))  # fmt: skip


def _chinese_sound(chance: Random) -> Plant:
    run = begun(chance)
    value = chance.randint(112_000, 989_000)
    read(run, f"（单位：万元）\n营业收入  {value:,}\n营业成本  {round(value * 0.61):,}")
    return innocent("Chinese units converted", answered(run, f"公司营业收入为{value / 10_000:.2f}亿元。"))


def _coincidence(chance: Random) -> Plant:
    """Tell two things whose digits are alike at another power of ten."""
    run = begun(chance)
    digits = chance.randint(112, 989) * 10
    read(run, {"symbol": run.symbol, "customers": digits * 1000, "revenue_usd_millions": digits})
    said = f"It has {digits / 1000:.2f} million customers and revenue of ${digits / 1000:.2f} billion."
    return innocent("equal digits of two things", answered(run, said))


def _two_units(chance: Random) -> Plant:
    """Read one source in thousands and one in millions, and tell both rightly."""
    run = begun(chance)
    first, second = accounts(chance, run.symbol, "thousands"), accounts(chance, "SYNTHETIC_Z", "millions")
    read(run, table(chance, first))
    read(run, marked_table(chance, second))
    said = " ".join(f"Revenue of {each.symbol} was ${money(each.lines['revenue'][0], each.power, 2)}."
                    for each in (first, second))  # fmt: skip
    return innocent("two sources in two units", answered(run, said))


def _used(chance: Random) -> Plant:
    """Tell an outflow in parentheses as one, a loss a share, and a fall in percent."""
    run = begun(chance)
    value, share, fall = chance.randint(112, 980), round(chance.uniform(0.1, 2.4), 2), round(chance.uniform(2, 19), 1)
    read(run, f"(in millions, except per share)\n\n| | 2025 |\n|---|---|\n| Cash flow from operations | ({value}) |"
               f"\n| Diluted loss per share | ({share:.2f}) |\n| Revenue growth | ({fall}%) |")  # fmt: skip
    return innocent("outflows and falls told as such", answered(run, chance.choice((
        f"Operations used ${value} million of cash.", f"The diluted loss per share was ${share:.2f}.",
        f"Revenue fell {fall}%.", f"Net cash from operating activities was -${value} million.",
    ))))  # fmt: skip


def _recast(chance: Random) -> Plant:
    """Compare two years under one standard, one of them recast."""
    run = begun(chance)
    last = chance.randint(1200, 8800)
    now, year = round(last * 1.25), chance.randint(2022, 2025)
    text = (
        f"Revenue for {year} was $ {now:,} million; revenue for {year - 1}, recast to US GAAP, was $ {last:,} million."
    )
    read(run, text, **{"trading.document.accounting_standard": "us_gaap"})
    said = f"Revenue grew {percent(now - last, last)}% from ${last:,} million (recast to US GAAP) to ${now:,} million."
    return innocent("the year before recast", answered(run, said))


def _no_figure(chance: Random) -> Plant:
    run = begun(chance)
    read(run, table(chance, accounts(chance, run.symbol)))
    return innocent("no figure claimed", answered(run, quiet(chance, 2)))


_CONFUSED: tuple[Callable[[Random], tuple[Plant, Plant]], ...] = (
    _misread("header of a table", table, "in {u}"),
    _misread("units key of a result", lambda _, told: as_json(told), "units"),
    _misread("unit in the source's words", prose, ""), _attribute, _registered, _percent, _sign, _chinese, _label,
    _period, _mixed_growth, _standards, _misread("columns of marked-up tables", marked_table, ""),
    _misread("keys that end in the unit", suffixed, ""), _bracketed,
)  # fmt: skip
_SOUND: tuple[Callable[[Random], Plant], ...] = (
    _told_right("table converted", table), _told_right("result converted", lambda _, told: as_json(told)),
    _told_right("prose converted", prose), _excepted, _labelled, _run_rate, _loss, _points, _chinese_sound,
    _coincidence, _recast, _no_figure, _told_right("columns of marked-up tables converted", marked_table),
    _told_right("keys that end in the unit converted", suffixed), _two_units, _used,
)  # fmt: skip
