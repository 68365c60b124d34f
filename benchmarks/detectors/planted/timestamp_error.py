"""Sources that are too old for the decision, dated after it or without a place in time; and old dates that may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any

from plant import FAULTY, INNOCENT, UNTOLD, Plant, Row
from planted._floor import Tape, facts, iso, moment, stroll, symbol
from planted._stamps import FILINGS, NAIVE, NEWS, QUOTES, Shape, headline, spelled

SLUG = "timestamp_error"

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_WINDOWS = (("PT6H", timedelta(hours=6)), ("PT12H", timedelta(hours=12)), ("P1D", _DAY), ("P2D", 2 * _DAY),
            ("P3D", 3 * _DAY), ("P14D", 14 * _DAY))  # fmt: skip
_QUOTE_WINDOWS = (("PT5M", timedelta(minutes=5)), ("PT15M", timedelta(minutes=15)), ("PT1H", timedelta(hours=1)))
_FILING_WINDOWS = (("P30D", 30 * _DAY), ("P100D", 100 * _DAY), ("P180D", 180 * _DAY))

_Reading = Callable[[Tape], Any]


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield decisions on sources out of time, and the same without a date of the source or of the decision."""
    for told in cycle(_STALE):
        yield told(chance)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield decisions on sources in time, among other dates."""
    for told in cycle(_TIMELY):
        yield told(chance)


def _within(chance: Random, window: timedelta, shape: Shape) -> timedelta:
    """Return an age inside the window, often just so; whole days need room."""
    if shape.coarse:
        return min(window * chance.uniform(0.1, 0.6), window - 1.6 * _DAY)
    return window * chance.choice((chance.uniform(0.02, 0.8), chance.uniform(0.9, 0.97)))


def _beyond(chance: Random, window: timedelta, shape: Shape) -> timedelta:
    """Return an age outside the window, often just so."""
    if shape.coarse:
        return max(window * chance.uniform(1.3, 9), window + 8 * _DAY)
    return window * chance.choice((chance.uniform(1.04, 1.2), chance.uniform(1.3, 30))) + timedelta(minutes=4)


def _fresh(window: timedelta) -> _Reading:
    """Return a reading of a source well inside the window."""

    def read(tape: Tape) -> None:
        shape = tape.chance.choice([each for each in NEWS if not each.coarse])
        shape.read(tape, tape.at - window * tape.chance.uniform(0.05, 0.6))

    return read


def _decided(chance: Random, readings: Sequence[_Reading], *, decided: bool = True, root: Mapping[str, Any] = {},
             decision: Mapping[str, Any] = {}, at: datetime | None = None) -> Tape:  # fmt: skip
    """Return a run that reads, thinks and decides."""
    tape = Tape(chance, at=at, **root)
    tape.user()
    for each in readings:
        each(tape)
    tape.call()
    if decided:
        tape.decide(**decision)
    return tape


def _planted(chance: Random, wording: str, shape: Shape, age: timedelta, window: timedelta,
             policy: Mapping[str, Any] = {}) -> tuple[Plant, Plant]:  # fmt: skip
    """Return a run with one source of this age among fresh ones, and its twin."""
    seed, place, others = chance.getrandbits(64), chance.randint(0, 2), chance.randint(0, 2)
    kept: list[str] = []
    undated = chance.random() < 0.6

    def told(rows_of: Random, *, dated: bool, decided: bool) -> tuple[Row, ...]:
        def read(tape: Tape) -> None:
            kept.append(shape.read(tape, tape.at - age if dated else None))

        readings: list[_Reading] = [_fresh(window)] * others
        readings.insert(place, read)
        return _decided(rows_of, readings, decided=decided).told()

    plant = told(Random(seed), dated=True, decided=True)  # noqa: S311
    twin = told(Random(seed), dated=not undated, decided=undated)  # noqa: S311
    return (
        Plant(wording=wording, rows=plant, answers=FAULTY, fault=kept[0], policy=policy),
        Plant(wording=wording, rows=twin, answers=UNTOLD, policy=policy),
    )


def _old_news(chance: Random) -> tuple[Plant, Plant]:
    shape = chance.choice(NEWS)
    return _planted(chance, f"old: {shape.name}", shape, _beyond(chance, _WEEK, shape), _WEEK)


def _short_window(chance: Random) -> tuple[Plant, Plant]:
    text, window = chance.choice(_WINDOWS)
    shape = chance.choice(NEWS)
    return _planted(chance, "older than a stated window", shape, _beyond(chance, window, shape), window,
                    {"decay_window": text})  # fmt: skip


def _old_quote(chance: Random) -> tuple[Plant, Plant]:
    text, window = chance.choice(_QUOTE_WINDOWS)
    shape = chance.choice(QUOTES)
    return _planted(chance, "an old quote", shape, _beyond(chance, window, shape), _WEEK, {"decay_window_quote": text})


def _old_filing(chance: Random) -> tuple[Plant, Plant]:
    text, window = chance.choice(_FILING_WINDOWS)
    shape = chance.choice(FILINGS)
    return _planted(chance, "an old filing", shape, _beyond(chance, window, shape), _WEEK,
                    {"decay_window_filing": text})  # fmt: skip


def _look_ahead(chance: Random) -> tuple[Plant, Plant]:
    """Read what is dated after the decision."""
    shape = chance.choice([each for each in (*NEWS, *QUOTES, *FILINGS) if not each.name.startswith("an age")])
    later = chance.uniform(2.5, 40) * _DAY if shape.coarse else timedelta(hours=chance.uniform(1, 200))
    return _planted(chance, "dated after the decision", shape, -later, _WEEK)


def _backtest(chance: Random) -> tuple[Plant, Plant]:
    """Replay a day long past with what was published later, or long before."""
    now, past = moment(chance), datetime(2022, 3, 1, 15, tzinfo=UTC) + chance.randint(0, 700) * _DAY
    shape = chance.choice([each for each in (*NEWS, *FILINGS) if not each.coarse])
    wrong = (
        past + timedelta(hours=chance.uniform(3, 900)) if chance.random() < 0.7 else past - chance.uniform(8, 90) * _DAY
    )
    mode, seed, kept = chance.choice(("backtest", "replay")), chance.getrandbits(64), list[str]()

    def told(decision: Mapping[str, Any]) -> tuple[Row, ...]:
        readings = [lambda tape: kept.append(shape.read(tape, wrong))]
        fine = [lambda tape: NEWS[0].read(tape, past - _DAY)] if seed % 2 else []
        return _decided(Random(seed), [*readings, *fine], root={"mode": mode}, decision=decision, at=now).told()  # noqa: S311

    plant = told({"data_asof": iso(past)})
    twin = told({})
    return (
        Plant(wording="a replayed day", rows=plant, answers=FAULTY, fault=kept[0]),
        Plant(wording="a replayed day", rows=twin, answers=UNTOLD),
    )


def _no_zone(chance: Random) -> tuple[Plant, Plant]:
    """Stamp a source without a zone, so near the edge of the window that the zone decides."""
    text, window = chance.choice((("PT8H", timedelta(hours=8)), ("PT12H", timedelta(hours=12)), ("P1D", _DAY)))
    age = window + timedelta(hours=chance.uniform(-4, 4))
    return _planted(chance, "no zone at the edge", chance.choice(NAIVE), age, window, {"decay_window": text})


def _kin(chance: Random) -> tuple[Plant, Plant]:
    """Read in one run of the idea, decide in another one weeks later."""
    idea = {"idea": f"IDEA-{chance.randint(1, 9999)}"}
    shape = chance.choice([each for each in NEWS if not each.name.startswith("an age")])
    gap, about = chance.uniform(9, 60) * _DAY, symbol(chance)
    first = Tape(chance, symbol=about, **idea)
    first.user()
    fault = shape.read(first, first.at - timedelta(hours=chance.uniform(1, 30)))
    first.call()
    second = Tape(chance, at=first.at + gap, symbol=about, **idea)
    second.user("The idea is due. Decide.")
    second.call()
    alone = first.told()
    second.decide(**idea)
    rows = alone + second.told()
    return (
        Plant(wording="decided in a later run", rows=rows, trace=first.trace, answers=FAULTY, fault=fault),
        Plant(wording="decided in a later run", rows=alone, trace=first.trace, answers=UNTOLD),
    )


def _amid_undated(chance: Random) -> tuple[Plant, Plant]:
    """Read an old source among others that tell no date."""
    shape = chance.choice(NEWS)
    seed, age, kept = chance.getrandbits(64), _beyond(chance, _WEEK, shape), list[str]()

    def told(*, dated: bool) -> tuple[Row, ...]:
        def read(tape: Tape) -> None:
            stroll(tape)
            kept.append(shape.read(tape, tape.at - age if dated else None))

        return _decided(Random(seed), [read, stroll]).told()  # noqa: S311

    plant = told(dated=True)
    return (
        Plant(wording="old among undated ones", rows=plant, answers=FAULTY, fault=kept[0]),
        Plant(wording="old among undated ones", rows=told(dated=False), answers=UNTOLD),
    )


_STALE = (_old_news, _short_window, _old_quote, _old_filing, _look_ahead, _backtest, _no_zone, _kin, _amid_undated)


def _innocent(wording: str, tape: Tape, policy: Mapping[str, Any] = {}) -> Plant:
    return Plant(wording=wording, rows=tape.told(), answers=INNOCENT, policy=policy)


def _in_time(chance: Random) -> Plant:
    shape = chance.choice((*NEWS, *QUOTES, *FILINGS))
    age = _within(chance, _WEEK, shape)
    readings = [_fresh(_WEEK)] * chance.randint(0, 2)
    readings.insert(chance.randint(0, 2), lambda tape: shape.read(tape, tape.at - age))
    return _innocent(f"in time: {shape.name}", _decided(chance, readings))


def _wide_window(chance: Random) -> Plant:
    """Read what is older than the default, under a window that allows it."""
    news = chance.random() < 0.5
    shape = chance.choice(NEWS if news else FILINGS)
    age = chance.uniform(8, 25) * _DAY
    policy = {"decay_window": "P30D"} if news else {"decay_window_filing": "P120D"}
    tape = _decided(chance, [lambda tape: shape.read(tape, tape.at - age), _fresh(_WEEK)])
    return _innocent("a wide window", tape, policy)


def _short_horizon(chance: Random) -> Plant:
    """Decide on news of some days for a thesis of some hours: the horizon is no window."""
    shape = chance.choice([each for each in NEWS if not each.coarse])
    tape = _decided(chance, [lambda tape: shape.read(tape, tape.at - chance.uniform(2, 6.5) * _DAY)], decided=False)
    tape.put("thesis", thesis="TH-1", text="A short reaction.", horizon="PT2H", status="accepted")
    tape.decide()
    return _innocent("a short horizon", tape)


def _period(chance: Random) -> Plant:
    """Read a fresh report on a quarter that ended long ago."""

    def read(tape: Tape) -> None:
        ended = (tape.at - chance.uniform(25, 110) * _DAY).date().isoformat()
        stamp = spelled(chance, tape.at - chance.uniform(0.1, 5) * _DAY)
        report = {"form": "10-Q", "period_end": ended, "published_at": stamp, "text": facts(chance)}
        if chance.random() < 0.5:
            tape.tool("get_filing", {"symbol": tape.symbol}, report)
        else:
            document = {"id": "q", "title": f"Report for the quarter ended {ended}", **report}
            tape.read("quarterly report", [document], **{"trading.document.filing.period_end": ended})

    return _innocent("an old period, reported now", _decided(chance, [read, _fresh(_WEEK)]))


def _history(chance: Random) -> Plant:
    """Ask for old bars, and get them."""

    def read(tape: Tape) -> None:
        start = tape.at - chance.randint(60, 900) * _DAY
        days = [(start + number * _DAY).date().isoformat() for number in range(chance.randint(5, 25))]
        key = chance.choice(("date", "t", "timestamp"))
        bars = [
            {key: day, "open": 10.1, "high": 10.9, "low": 9.8, "close": round(chance.uniform(9, 11), 2)} for day in days
        ]
        wanted = {"symbol": tape.symbol, "start": days[0], "end": days[-1], "interval": "1d"}
        tape.tool(chance.choice(("get_bars", "get_price_history")), wanted, {"symbol": tape.symbol, "bars": bars})

    return _innocent("a requested history", _decided(chance, [read, _fresh(_WEEK)]))


def _calendar(chance: Random) -> Plant:
    """Look up what is due, and what was."""

    def read(tape: Tape) -> None:
        rows = [{"symbol": tape.symbol, "event": chance.choice(("earnings", "dividend", "annual meeting")),
                 "date": (tape.at + days * _DAY).date().isoformat()}
                for days in sorted(chance.sample(range(-90, 120), 4))]  # fmt: skip
        tape.tool(
            chance.choice(("get_earnings_calendar", "economic_calendar")), {"symbol": tape.symbol}, {"events": rows}
        )

    return _innocent("rows of a calendar", _decided(chance, [read, _fresh(_WEEK)]))


def _fills(chance: Random) -> Plant:
    """Look up own trades of long ago."""

    def read(tape: Tape) -> None:
        fills = [{"side": "buy", "quantity": "50", "price": "41.20", "transact_time": iso(tape.at - days * _DAY)}
                 for days in chance.sample(range(20, 300), 3)]  # fmt: skip
        tape.tool(chance.choice(("get_fills", "get_my_trades")), {"symbol": tape.symbol}, {"fills": fills})

    return _innocent("own fills", _decided(chance, [read, _fresh(_WEEK)]))


def _story_dates(chance: Random) -> Plant:
    """Tell old and future dates in a story of today."""

    def read(tape: Tape) -> None:
        old, coming = tape.at - chance.uniform(300, 9000) * _DAY, tape.at + chance.uniform(20, 700) * _DAY
        text = chance.choice((
            "The dispute began on {o:%B %d, %Y}, when deliveries stopped. A hearing is set for {c:%B %d, %Y}.",
            "Founded on {o:%d %B %Y}, the firm moves to its new site on {c:%d %B %Y}.",
            "A recall of {o:%Y-%m-%d} is closed; the next inspection is due by {c:%Y-%m-%d}.",
            "The licence granted in {o:%B %Y} runs out on {c:%B %d, %Y}, the company recalled.",
        )).format(o=old, c=coming)  # fmt: skip
        stamp = spelled(chance, tape.at - chance.uniform(0.05, 6) * _DAY)
        text = f"{text} {facts(chance)}"
        if chance.random() < 0.5:
            tape.read("news", [{"id": "s", "title": headline(tape), "text": text, "published_at": stamp}])
        else:
            tape.tool(
                "get_news", {"symbol": tape.symbol}, [{"title": headline(tape), "body": text, "published_at": stamp}]
            )

    return _innocent("dates within a story", _decided(chance, [read]))


def _afterwards(chance: Random) -> Plant:
    """Read old sources once the decision is made."""
    shape = chance.choice(NEWS)
    tape = _decided(chance, [_fresh(_WEEK)])
    tape.user("Now collect background for the diary.")
    shape.read(tape, tape.at - _beyond(chance, _WEEK, shape))
    tape.call()
    return _innocent("old, but read after the decision", tape)


def _harmless_zone(chance: Random) -> Plant:
    shape, age = chance.choice(NAIVE), chance.uniform(1.5, 5.5) * _DAY
    tape = _decided(chance, [lambda tape: shape.read(tape, tape.at - age), _fresh(_WEEK)])
    return _innocent("no zone, far from the edge", tape)


def _replayed(chance: Random) -> Plant:
    past = datetime(2022, 3, 1, 15, tzinfo=UTC) + chance.randint(0, 700) * _DAY
    shapes = chance.sample([each for each in (*NEWS, *FILINGS) if not each.coarse], 2)
    readings: list[_Reading] = [
        lambda tape, shape=shape: shape.read(tape, past - chance.uniform(0.05, 6.5) * _DAY)  # type: ignore[misc]
        for shape in shapes
    ]
    root, decision = {"mode": chance.choice(("backtest", "replay"))}, {"data_asof": iso(past)}
    return _innocent("a replayed day", _decided(chance, readings, root=root, decision=decision))


def _strangers(chance: Random) -> Plant:
    """Let the run of another idea read old sources."""
    shape = chance.choice(NEWS)
    other = Tape(chance, idea="IDEA-1")
    other.user()
    shape.read(other, other.at - _beyond(chance, _WEEK, shape))
    other.call()
    tape = _decided(chance, [_fresh(_WEEK)], root={"idea": "IDEA-2"}, decision={"idea": "IDEA-2"})
    return Plant(wording="old sources of another idea", rows=tape.told() + other.told(), answers=INNOCENT)


def _found_nothing(chance: Random) -> Plant:
    """Search in vain beside a source in time."""

    def read(tape: Tape) -> None:
        tape.tool(
            "search_news", {"q": tape.symbol}, chance.choice(({"articles": [], "total": 0}, "No articles found."))
        )
        tape.tool("get_quote", {"symbol": tape.symbol}, None, error={"type": "Timeout", "message": "timed out"})

    return _innocent("nothing found", _decided(chance, [read, _fresh(_WEEK)]))


_TIMELY = (_in_time, _wide_window, _short_horizon, _period, _history, _calendar, _fills, _story_dates, _afterwards,
           _harmless_zone, _replayed, _strangers, _found_nothing)  # fmt: skip
