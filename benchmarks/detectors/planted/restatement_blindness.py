"""Values that a later filing had changed before the decision; and right, rounded, split or not yet changed ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from random import Random

from msgspec import structs

from plant import FAULTY, INNOCENT, UNTOLD, Plant, Row
from planted._filers import INSTANTS, Desk, a_share, money, plain
from planted._runs import Run, chanced, gone, quiet, stroll

SLUG = "restatement_blindness"


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield runs that rest on a value that was no longer right, and the same without what tells so."""
    for told in cycle(_STALE):
        yield told(chance)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield runs that rest on what was right at the decision."""
    for told in cycle(_RIGHT):
        yield told(chance)


def _prose(chance: Random) -> tuple[Plant, Plant]:
    desk = Desk(chance)
    desk.start()
    desk.read(desk.filer.old)
    amount = money(chance, desk.filer.old)
    return desk.pair("told in prose", desk.finish(desk.say(amount)), amount)


def _foreign(chance: Random) -> tuple[Plant, Plant]:
    desk = Desk(chance, ifrs=True)
    desk.start()
    desk.read(desk.filer.old)
    amount = money(chance, desk.filer.old)
    return desk.pair("filer under IFRS", desk.finish(desk.say(amount)), amount)


def _as_of(chance: Random) -> tuple[Plant, Plant]:
    """State the moment whose data the decision rests on."""
    desk = Desk(chance, days=40)
    desk.start()
    desk.read(desk.filer.old)
    amount = money(chance, desk.filer.old)
    asof = datetime.combine(desk.filer.later + timedelta(days=chance.randint(2, 30)), time(20), UTC)
    rows = desk.finish(desk.say(amount), data_asof=asof.isoformat())
    desk.run.at = asof
    return desk.pair("decision with data_asof", rows, amount)


def _object(chance: Random) -> tuple[Plant, Plant]:
    """Answer in JSON, with the year and the concept as keys."""
    desk = Desk(chance)
    desk.start()
    desk.read(desk.filer.old)
    key = desk.filer.words.replace(" ", "_").replace("'", "")
    value = desk.filer.old
    shape = chance.choice((
        {"symbol": desk.filer.symbol, "fiscal_year": desk.filer.year, key: value, "view": "stable"},
        {"financials": [{"fiscal_year": desk.filer.year, "period_end": desk.filer.end.isoformat(), key: value}]},
    ))  # fmt: skip
    desk.run.answer(shape)
    return desk.pair("field of a JSON answer", desk.finish("The note stands above."), str(value))


def _rows_told(chance: Random) -> tuple[Plant, Plant]:
    """Put the value into a table with a header for its unit."""
    desk = Desk(chance)
    desk.start()
    desk.read(desk.filer.old)
    told = f"{desk.filer.old / 1e6:,.1f}"
    lines = (f"(in millions of dollars)\n\n| | Fiscal {desk.filer.year} |\n|---|---|\n"
             f"| {desk.filer.words.capitalize()} | {told} |\n")  # fmt: skip
    return desk.pair("cell of a table", desk.finish(f"Summary:\n\n{lines}\n"), told)


def _accepted(chance: Random) -> tuple[Plant, Plant]:
    """Have the change accepted some hours before the decision."""
    desk = Desk(chance)
    desk.start()
    desk.read(desk.filer.old)
    amount = money(chance, desk.filer.old)
    rows = desk.finish(desk.say(amount))
    first, last = desk.filer.facts()
    when = desk.run.at - timedelta(hours=chance.randint(2, 9))
    book = desk.filer.book([first, {**last, "filed": when.date().isoformat(), "accepted": when.isoformat()}])
    late = desk.filer.book([first, {**last, "filed": when.date().isoformat()}])
    wording, fault = "accepted hours before", amount.partition(" ")[0]
    return (Plant(wording=wording, rows=rows, answers=FAULTY, fault=fault, books={"facts": (book,)}),
            Plant(wording=wording, rows=rows, answers=UNTOLD, books={"facts": (late,)}))  # fmt: skip


def _share(chance: Random) -> tuple[Plant, Plant]:
    """Use earnings a share that were restated together with net income."""
    desk = Desk(chance)
    old = round(chance.uniform(0.8, 6), 2)
    desk.filer = a_share(desk.filer, old, round(old * chance.choice((0.8, 0.9, 1.1)), 2))
    desk.start()
    desk.read(old)
    text = chance.choice(
        ("Diluted EPS for fiscal {y} was ${a}.", "In fiscal {y}, diluted earnings per share were ${a}.")
    )
    return desk.pair("earnings a share", desk.finish(text.format(y=desk.filer.year, a=old)), f"{old}")


def _documents(desk: Desk, used: float, said: str) -> tuple[Row, ...]:
    """Let the run retrieve a filing and the one that restates it, and say something."""
    told, run = desk.filer, desk.run
    desk.start()
    for name, value, form in (("orig", told.old, told.form), ("amended", told.new, told.form + "/A")):
        text = (f"Form {form}. {told.words.capitalize()} for fiscal {told.year} was ${value / 1e6:,.1f} million. "
                f"{quiet(desk.chance, 1)}")  # fmt: skip
        found = {"id": f"{name}-{told.cik}", "title": f"{run.symbol} {form} for {told.year}", "text": text}
        again = {"trading.document.restatement_of": f"orig-{told.cik}"} if name == "amended" else {}
        run.retrieve(f"{run.symbol} {form}", [found], **{
            "trading.document.filing.form": form, "trading.document.filing.period_end": told.end.isoformat(),
            "trading.document.published_at": f"{told.first if name == 'orig' else told.later}T21:05:00Z", **again,
        })  # fmt: skip
    return desk.finish(said.format(n=told.words, N=told.words.capitalize(), y=told.year, a=f"{used / 1e6:,.1f} million",
                                   o=f"{told.old / 1e6:,.1f} million"))  # fmt: skip


def _linked(chance: Random) -> tuple[Plant, Plant]:
    desk = Desk(chance)
    rows = _documents(desk, desk.filer.old, "{N} for fiscal {y} was ${a}.")
    fault = f"{desk.filer.old / 1e6:,.1f}"
    return (Plant(wording="two linked filings", rows=rows, answers=FAULTY, fault=fault),
            Plant(wording="two linked filings", answers=UNTOLD,
                  rows=gone(rows, chance, ("prompts", "documents", "results"))))  # fmt: skip


def _loss(chance: Random) -> tuple[Plant, Plant]:
    desk = Desk(chance)
    old, new = (-chance.randint(90, 900) * 1_000_000 for _ in range(2))
    desk.filer = plain(desk.filer, "NetIncomeLoss", "net loss", old=old, new=round(new * 1.4))
    desk.start()
    desk.read(old)
    amount = f"{-old / 1e6:,.1f} million"
    text = chance.choice(("The net loss for fiscal {y} was ${a}.", "It lost money in FY{y}: a net loss of ${a}."))
    return desk.pair("a loss", desk.finish(text.format(y=desk.filer.year, a=amount)), amount)


def _quarterly(chance: Random) -> tuple[Plant, Plant]:
    """Restate one quarter."""
    desk = Desk(chance)
    number = chance.randint(1, 3)
    end = date(desk.filer.year, number * 3, (31, 30, 30)[number - 1])
    desk.filer = plain(desk.filer, "Revenues", "revenue", end=end)
    begin = {"start": date(end.year, end.month - 2, 1).isoformat(), "fp": f"Q{number}"}
    desk.start()
    desk.read(desk.filer.old)
    amount = f"{desk.filer.old / 1e6:,.1f} million"
    name = ("first", "second", "third")[number - 1]
    rows = desk.finish(chance.choice((
        f"In the {name} quarter of {end.year}, revenue was ${amount}.", f"Revenue in Q{number} {end.year}: ${amount}.",
        f"Revenue for the three months ended {end:%B %d, %Y} was ${amount}.",
    )))  # fmt: skip
    book = desk.filer.book([{**fact, **begin, "form": "10-Q"} for fact in desk.filer.facts()])
    wording, fault = "a quarter", amount.partition(" ")[0]
    return (Plant(wording=wording, rows=rows, answers=FAULTY, fault=fault, books={"facts": (book,)}),
            Plant(wording=wording, rows=rows, answers=UNTOLD))  # fmt: skip


def _original(chance: Random) -> tuple[Plant, Plant]:
    """Name both values and rely on the first."""
    desk = Desk(chance)
    desk.start()
    desk.read(desk.filer.old)
    amount, new = (f"{value / 1e6:,.1f} million" for value in (desk.filer.old, desk.filer.new))
    said = chance.choice((
        "{n} for fiscal {y} was restated to ${w}; the note keeps the originally reported ${o}.",
        "Although an amendment puts {n} for fiscal {y} at ${w}, we use the original ${o}.",
    )).format(n=desk.filer.words, y=desk.filer.year, o=amount, w=new)  # fmt: skip
    return desk.pair("both named, the first relied on", desk.finish(said), amount)


def _reason(chance: Random) -> tuple[Plant, Plant]:
    """Put the value into the reason of the decision alone."""
    desk = Desk(chance)
    desk.start()
    desk.read(desk.filer.old)
    amount = money(chance, desk.filer.old)
    rows = desk.finish("The business is sound.", reason=desk.say(amount).strip("| "))
    wording, fault = "reason of the decision", amount.partition(" ")[0]
    book = desk.filer.book()
    return (Plant(wording=wording, rows=rows, answers=FAULTY, fault=fault, books={"facts": (book,)}),
            Plant(wording=wording, rows=rows, answers=UNTOLD))  # fmt: skip


def _middle(chance: Random) -> tuple[Plant, Plant]:
    """Use the second of three values."""
    desk = Desk(chance)
    desk.start()
    told = desk.filer
    middle = round(told.old * 0.95 / 1000) * 1000
    desk.read(middle)
    amount = f"{middle / 1e6:,.1f} million"
    rows = desk.finish(desk.say(amount))
    first, last = told.facts()
    between = told.fact(middle, told.first + timedelta(days=30), told.form + "/A")
    wording, fault = "changed twice", amount.partition(" ")[0]
    return (Plant(wording=wording, rows=rows, answers=FAULTY, fault=fault,
                  books={"facts": (told.book([first, between, last]),)}),
            Plant(wording=wording, rows=rows, answers=UNTOLD))  # fmt: skip


def _innocent(wording: str, desk: Desk, rows: tuple[Row, ...], *books: Row) -> Plant:
    return Plant(wording=wording, rows=rows, answers=INNOCENT, books={"facts": books or (desk.filer.book(),)})


def _restated(chance: Random) -> Plant:
    desk = Desk(chance, ifrs=chanced(chance, 0.3))
    desk.start()
    desk.read(desk.filer.new)
    return _innocent("the latest value", desk, desk.finish(desk.say(money(chance, desk.filer.new))))


def _rounding(chance: Random) -> Plant:
    desk = Desk(chance)
    desk.filer = structs.replace(desk.filer, new=round(desk.filer.old * chance.uniform(0.9962, 1.0038)))
    desk.start()
    desk.read(desk.filer.old)
    return _innocent("rounding only", desk, desk.finish(desk.say(money(chance, desk.filer.old))))


def _split(chance: Random) -> Plant:
    """Move earnings a share and the number of shares inversely, net income staying."""
    desk = Desk(chance)
    old, factor, net = round(chance.uniform(4, 18), 2), chance.choice((2, 4, 10)), chance.randint(200, 900) * 1_000_000
    shares = round(net / old)
    desk.filer = a_share(desk.filer, old, round(old / factor, 2))
    told = desk.filer
    book = told.book(
        WeightedAverageNumberOfDilutedSharesOutstanding=(
            told.fact(shares, told.first, told.form), told.fact(shares * factor, told.later, told.form)),
        NetIncomeLoss=(told.fact(net, told.first, told.form), told.fact(net, told.later, told.form)),
    )  # fmt: skip
    desk.start()
    desk.read(old)
    return _innocent("a share split", desk, desk.finish(f"Diluted EPS for fiscal {told.year} was ${old}."), book)


def _not_yet(chance: Random) -> Plant:
    """Decide before the change was filed."""
    desk = Desk(chance)
    desk.run.at = datetime.combine(desk.filer.later - timedelta(days=chance.randint(2, 40)), time(15), UTC)
    desk.start()
    desk.read(desk.filer.old)
    return _innocent("changed after the decision", desk, desk.finish(desk.say(money(chance, desk.filer.old))))


def _both(chance: Random) -> Plant:
    desk = Desk(chance)
    desk.start()
    desk.read(desk.filer.old)
    desk.read(desk.filer.new)
    old, new = (f"${value / 1e6:,.1f} million" for value in (desk.filer.old, desk.filer.new))
    said = chance.choice((
        "{n} for fiscal {y}, first reported as {o}, was restated to {w}; the note uses {w}.",
        "The amended filing corrects {n} for fiscal {y} from {o} to {w}. We rely on the restated figure.",
        "{n} for fiscal {y} was {w} (as restated; originally {o}).",
    )).format(n=desk.filer.words, y=desk.filer.year, o=old, w=new)  # fmt: skip
    return _innocent("both named, the restated used", desk, desk.finish(said))


def _other_year(chance: Random) -> Plant:
    """Use a year that no filing changed, while another was changed."""
    desk = Desk(chance)
    told = desk.filer
    year = {"fy": told.year + 1, "end": told.end.replace(year=told.year + 1).isoformat()}
    begins = {} if told.concept in INSTANTS else {"start": (told.end + timedelta(days=1)).isoformat()}
    value = round(told.old * 1.31 / 1000) * 1000
    last = {**told.fact(value, told.later, told.form), **year, **begins}
    desk.filer = structs.replace(told, year=told.year + 1, end=told.end.replace(year=told.year + 1))
    desk.start()
    desk.read(value)
    rows = desk.finish(desk.say(money(chance, value)))
    return _innocent("another year", desk, rows, told.book([*told.facts(), last]))


def _linked_right(chance: Random) -> Plant:
    desk = Desk(chance)
    text = chance.choice(("{N} for fiscal {y} was ${a}.", "{N} for fiscal {y} was restated from ${o} to ${a}."))
    return _innocent("linked filings, the amended used", desk, _documents(desk, desk.filer.new, text))


def _second_look(chance: Random) -> Plant:
    """Be given the first value by one tool and the right one by the next, and use that."""
    desk = Desk(chance)
    desk.start()
    desk.read(desk.filer.old)
    desk.read(desk.filer.new)
    return _innocent("a second source read", desk, desk.finish(desk.say(money(chance, desk.filer.new))))


def _later_that_day(chance: Random) -> Plant:
    """Decide hours before the change was accepted."""
    desk = Desk(chance)
    desk.start()
    desk.read(desk.filer.old)
    rows = desk.finish(desk.say(money(chance, desk.filer.old)))
    first, last = desk.filer.facts()
    when = desk.run.at + timedelta(hours=chance.randint(1, 4))
    book = desk.filer.book([first, {**last, "filed": when.date().isoformat(), "accepted": when.isoformat()}])
    return _innocent("accepted hours after", desk, rows, book)


def _other_length(chance: Random) -> Plant:
    """Use the year, which stands, while its last quarter was restated."""
    desk = Desk(chance)
    told = desk.filer = plain(desk.filer, "Revenues", "revenue")
    desk.start()
    desk.read(told.old)
    quarter = {"start": (told.end - timedelta(days=91)).isoformat(), "fp": "Q4"}
    book = told.book([
        told.fact(told.old, told.first, "10-K"), told.fact(round(told.old / 4), told.first, "10-K", **quarter),
        told.fact(round(told.old / 5), told.later, "10-K/A", **quarter), told.fact(told.old, told.later, "10-K/A"),
    ])  # fmt: skip
    return _innocent("another length of time", desk, desk.finish(desk.say(money(chance, told.old))), book)


def _other_concept(chance: Random) -> Plant:
    """Use a figure of another concept, while the one that was restated is not used."""
    desk = Desk(chance)
    told = desk.filer = plain(desk.filer, "Liabilities", "total liabilities")
    value = told.old
    book = plain(told, "GrossProfit", "gross profit").book(Liabilities=[told.fact(value, told.first, "10-K")])
    del book["facts"]["us-gaap"]["Liabilities"]["units"]["USD"][0]["start"]
    desk.start()
    desk.read(value)
    return _innocent("another concept", desk, desk.finish(desk.say(money(chance, value))), book)


def _coin(chance: Random) -> Plant:
    """Trade a coin, which has no issuer that files."""
    run = Run(chance, symbol="SYNTHETIC_COIN-USD")
    run.note({"exchange": "CRYPTO", "trading.security.type": "crypto"})
    run.enter("research")
    run.user("What do the release notes of the protocol say?")
    stroll(run, 2)
    run.answer(f"The protocol moved to another consensus rule. {quiet(chance, 2)}")
    run.decide("hold")
    return Plant(wording="a coin without an issuer", rows=run.rows(), answers=INNOCENT)


_STALE: tuple[Callable[[Random], tuple[Plant, Plant]], ...] = (
    _prose, _foreign, _as_of, _object, _rows_told, _accepted, _share, _linked, _loss, _quarterly, _original, _reason,
    _middle,
)  # fmt: skip
_RIGHT: tuple[Callable[[Random], Plant], ...] = (
    _restated, _rounding, _split, _not_yet, _both, _other_year, _linked_right, _second_look, _later_that_day,
    _other_length, _other_concept, _coin,
)  # fmt: skip
