"""Thesis not exited: bets that were kept when what they rested on had gone, and bets that were closed in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random

from plant import FAULTY, INNOCENT, UNTOLD, Plant
from planted._bets import Bet
from planted._days import stamp
from planted._desk import Made, hexes, symbol

SLUG = "thesis_not_exited"

_CLOSES = (
    "If the price closes {b} {l} on a {i} candle",
    "{i} close {b} {l}",
    "{i} candle close {b} {l}, which would confirm that buyers are gone",
    "Invalidated on a {i} close {b} {l}",
    "The idea is wrong once {s} closes {b} {l} on the {i} chart",
    "exit if {s} settles {b} {l} on a {i} closing basis",
    "A {i} close {b} ${l} would invalidate the setup",
    "Close the position when a {i} bar finishes {b} {l}",
)
_TRADES_BELOW = ("{s} breaks below {l}, confirming that demand has faded", "Cut if the price trades under {l}",
                 "Loss of {l} support", "Stop being long if {s} drops below {l}", "{s} < {l}")  # fmt: skip
_TRADES_ABOVE = ("{s} breaks above {l}, confirming that sellers are gone", "Cut if the price trades over {l}",
                 "If {s} reclaims {l}", "Cover when {s} rises above {l}", "{s} > {l}")  # fmt: skip
_NOT_BOOKED = ("4h RSI falls back under 45", "MACD histogram turns negative", "price slips under its 20-period EMA",
               "funding rate flips sign", "volume dries up")  # fmt: skip
_UNTIL = ("valid until {d}", "Expires on {d}", "This idea is only good until {d}", "valid through {d}",
          "Close if still open after {d}")  # fmt: skip
_EARNINGS = ("Exit before the next earnings release", "before earnings", "Close ahead of the Q3 earnings report",
             "until the company reports earnings", "valid until the Q1 earnings call")  # fmt: skip
_HELD = ("held longer than {h} hours", "time stop: {h} hours", "Exit if the trade is open for more than {h} hours",
         "maximum holding period of {h} hours")  # fmt: skip


def _said(bet: Bet, wordings: Sequence[str]) -> str:
    level = bet.show(bet.level)
    if bet.level > 1000 and bet.chance.random() < 0.5:
        level = f"{bet.level:,.{bet.digits}f}"
    return bet.chance.choice(wordings).format(b=bet.beyond, l=level, i=bet.bar, s=bet.symbol)


def _enter(bet: Bet) -> None:
    bet.fill(bet.entry, bet.quantity)


def _leave(bet: Bet, bars: float) -> None:
    if bet.chance.random() < 0.7:
        bet.fill(bet.at(bars), bet.quantity, closes=True)


def _broken(bet: Bet) -> tuple[int, int]:
    """Return how many bars there are and which of them breaks."""
    length = bet.chance.randrange(8, 30)
    return length, bet.chance.randrange(2, length - 4)


# ---- faults: each returns what the evidence must show ---------------------------------------------------------------


def _closed_beyond(bet: Bet) -> str:
    length, number = _broken(bet)
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length, (number,)))
    _enter(bet)
    _leave(bet, length - 1.5)
    return bet.bars[number]["close"]


def _traded_beyond(bet: Bet) -> str:
    length, number = _broken(bet)
    bet.hold(_said(bet, _TRADES_ABOVE if bet.short else _TRADES_BELOW))
    bet.path(bet.walk(length), wicks=(number,))
    _enter(bet)
    _leave(bet, length - 1.5)
    return bet.bars[number]["high" if bet.short else "low"]


def _in_a_row(bet: Bet) -> str:
    length, number = _broken(bet)
    lone = bet.chance.choice([each for each in range(length - 3) if abs(each - number) > 2] or [number])
    bet.hold(f"two consecutive {bet.bar} closes {bet.beyond} {bet.show(bet.level)}")
    bet.path(bet.walk(length, (lone, number, number + 1)))
    _enter(bet)
    _leave(bet, length - 1)
    return bet.bars[number + 1]["close"]


def _share_of_entry(bet: Bet) -> str:
    length, number = _broken(bet)
    verb, word = ("rises", "above") if bet.short else ("falls", "below")
    bet.hold(bet.chance.choice((f"price {verb} 4% {word} entry", f"{verb} more than 4 percent {word} the entry price")))
    bet.path(bet.walk(length, (number,)))
    _enter(bet)
    _leave(bet, length - 1.5)
    return bet.bars[number]["close"]


def _or_what_is_not_booked(bet: Bet) -> str:
    length, number = _broken(bet)
    both = [_said(bet, _CLOSES[:2]), bet.chance.choice(_NOT_BOOKED)]
    if bet.chance.random() < 0.5:
        both.reverse()
    bet.hold(" or ".join(both))
    bet.path(bet.walk(length, (number,)))
    _enter(bet)
    _leave(bet, length - 1.5)
    return bet.bars[number]["close"]


def _of_finer_bars(bet: Bet) -> str:
    """Let the book have three-minute bars where the condition is on fifteen or sixty minutes."""
    bet.minutes = bet.chance.choice((15, 60))
    bet.entry = bet.start + timedelta(minutes=bet.minutes)
    whole, number = 6, bet.chance.randrange(1, 4)
    each = bet.minutes // 3
    closes = bet.walk(whole * each)
    for place in bet.chance.sample(range(each - 1), min(3, each - 1)):
        closes[number * each + place] = bet.side(-0.01)
    closes[(number + 1) * each - 1] = bet.side(-0.012)
    bet.hold(_said(bet, _CLOSES))
    bet.path(closes, minutes=3)
    _enter(bet)
    _leave(bet, whole - 1.2)
    return bet.bars[(number + 1) * each - 1]["close"]


def _event(bet: Bet) -> str:
    bet.hold()
    ended = bet.at(bet.chance.randrange(3, 20))
    named = bet.chance.choice(({"thesis": bet.thesis}, {}))
    bet.rows.append({"type": "thesis_invalidated", "trace": bet.trace, "span": "run", "at": stamp(ended),
                     "idea": bet.idea, "status": "invalidated"} | named)  # fmt: skip
    _enter(bet)
    _leave(bet, 24)
    return "invalidated"


def _status(bet: Bet) -> str:
    """Let a later run restate the thesis as invalidated."""
    bet.hold()
    moment = stamp(bet.at(bet.chance.randrange(3, 20)))
    later = hexes(bet.chance)
    bet.hold(trace=later, parent="", at=moment, until=moment, status="invalidated")
    _enter(bet)
    _leave(bet, 24)
    return "invalidated"


def _date(bet: Bet) -> str:
    moment = bet.at(bet.chance.randrange(3, 20))
    condition = bet.chance.choice(_UNTIL).format(d=bet.chance.choice((
        stamp(moment), moment.strftime("%Y-%m-%d %H:%M UTC"), moment.isoformat())))  # fmt: skip
    bet.hold(condition)
    _enter(bet)
    bet.fill(bet.at(26), bet.quantity, closes=True)
    return condition


def _time_stop(bet: Bet) -> str:
    hours = bet.chance.randrange(2, 40)
    condition = bet.chance.choice(_HELD).format(h=hours)
    bet.hold(condition)
    _enter(bet)
    bet.fill(bet.entry + timedelta(hours=hours, minutes=bet.chance.randrange(1, 300)), bet.quantity, closes=True)
    return condition


def _earnings(bet: Bet) -> str:
    moment = bet.at(bet.chance.randrange(4, 20))
    bet.hold(bet.chance.choice(_EARNINGS))
    bet.events = [{"at": moment.isoformat(), "symbol": bet.symbol, "kind": "earnings"},
                  {"at": bet.at(2).isoformat(), "symbol": symbol(bet.chance) + "X", "kind": "earnings"}]  # fmt: skip
    bet.chance.shuffle(bet.events)
    _enter(bet)
    _leave(bet, 26)
    if len(bet.fills) == 1:
        bet.fill(bet.at(30), bet.quantity, closes=True)
    return moment.isoformat()


def _part_kept(bet: Bet) -> str:
    length, number = _broken(bet)
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length, (number,)))
    _enter(bet)
    bet.fill(bet.at(number - 0.5), bet.quantity - 1, closes=True)
    if bet.chance.random() < 0.5:
        bet.fill(bet.at(length - 1.5), 1, closes=True)
    return bet.bars[number]["close"]


def _in_the_traces(bet: Bet) -> str:
    """Let the executions stand in the traces, of the run itself and of an execution run."""
    length, number = _broken(bet)
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length, (number,)))
    bet.report(bet.entry, bet.quantity)
    execution = hexes(bet.chance)
    bet.rows.append({"type": "run", "trace": execution, "id": "run", "at": stamp(bet.at(length - 2)),
                     "until": stamp(bet.at(length - 1))})  # fmt: skip
    bet.report(bet.at(length - 1.5), bet.quantity, closes=True, trace=execution)
    return bet.bars[number]["close"]


def _seen_open(bet: Bet) -> str:
    length, number = _broken(bet)
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length, (number,)))
    bet.snapshot(bet.at(0.5), bet.quantity)
    bet.snapshot(bet.at(length - 1), bet.quantity)
    return bet.bars[number]["close"]


_FAULTS: Sequence[tuple[str, Callable[[Bet], str], str]] = (
    ("closed beyond a level on a stated bar", _closed_beyond, "prices"),
    ("traded beyond a level", _traded_beyond, "prices"),
    ("two bars in a row", _in_a_row, "prices"),
    ("a share of the entry price", _share_of_entry, "prices"),
    ("one of two, the other not in any book", _or_what_is_not_booked, "prices"),
    ("a longer bar out of finer ones", _of_finer_bars, "prices"),
    ("an event says so", _event, ""),
    ("a later run restates it as invalidated", _status, ""),
    ("a date", _date, ""),
    ("a time stop", _time_stop, ""),
    ("held into earnings", _earnings, "events"),
    ("a part was kept", _part_kept, "prices"),
    ("executions in the traces", _in_the_traces, "prices"),
    ("snapshots alone", _seen_open, "prices"),
)


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield bets that outlived their thesis, each with a twin without prices, or without any trace of a position."""
    while True:
        for wording, fault, needs in _FAULTS:
            bet = Bet(chance)
            shown = fault(bet)
            yield (
                Plant(wording=wording, rows=tuple(bet.rows), answers=FAULTY, fault=shown, books=bet.books()),
                _twin(bet, wording, needs),
            )


def _twin(bet: Bet, wording: str, needs: str) -> Plant:
    books = bet.books()
    rows = tuple(bet.rows)
    if needs and bet.chance.random() < 0.5:
        books.pop(needs)
    else:
        books.pop("fills", None)
        rows = tuple(row for row in rows if row["type"] not in {"execution_report", "position_snapshot"})
    return Plant(wording=wording, rows=rows, answers=UNTOLD, books=books)


# ---- look-alikes ----------------------------------------------------------------------------------------------------


def _wick(bet: Bet) -> None:
    length, number = _broken(bet)
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length), wicks=(number, number + 1))
    _enter(bet)
    bet.fill(bet.at(length), bet.quantity, closes=True)


def _same_instant(bet: Bet) -> None:
    length, number = _broken(bet)
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length, (number,)))
    _enter(bet)
    bet.fill(bet.ends(number), bet.quantity, closes=True)


def _left_before(bet: Bet) -> None:
    length, number = _broken(bet)
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length, range(number, length)))
    _enter(bet)
    bet.fill(bet.ends(number) - timedelta(seconds=1), bet.quantity, closes=True)


def _in_parts(bet: Bet) -> None:
    length, number = _broken(bet)
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length, (number,)))
    _enter(bet)
    bet.fill(bet.at(number - 1), bet.quantity - 1, closes=True)
    bet.fill(bet.at(number), 1, closes=True, idea_id="")


def _other_idea(bet: Bet) -> None:
    """Let another idea on the same instrument be invalidated while its own position is closed."""
    length = 12
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length))
    _enter(bet)
    bet.fill(bet.at(length), bet.quantity, closes=True)
    other = f"IDEA-{hexes(bet.chance, 6)}"
    bet.hold("", idea=other, thesis=f"TH-{hexes(bet.chance, 4)}")
    bet.fill(bet.at(1), 5, idea_id=other)
    bet.fill(bet.at(3), 5, closes=True, idea_id=other)
    bet.rows.append({"type": "thesis_invalidated", "trace": bet.trace, "span": "run", "at": stamp(bet.at(5)),
                     "idea": other, "status": "invalidated"})  # fmt: skip


def _in_grace(bet: Bet) -> None:
    length, number = _broken(bet)
    bet.hold(_said(bet, _CLOSES), strategy="patient")
    bet.path(bet.walk(length, (number,)))
    _enter(bet)
    bet.fill(bet.at(number + 2.5), bet.quantity, closes=True)
    bet.policy = {"strategy": {"patient": {"thesis_grace": f"PT{4 * bet.minutes}M"}}}


def _before_entry(bet: Bet) -> None:
    """Break the level before the position was opened, and never again."""
    length = 14
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length, (0, 1)))
    bet.entry = bet.ends(1)
    _enter(bet)
    bet.fill(bet.ends(length - 1), bet.quantity, closes=True)


def _another_instrument(bet: Bet) -> None:
    length = 12
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length))
    bet.path(bet.walk(length, (3, 4, 5)), symbol=f"{bet.symbol}X")
    _enter(bet)
    bet.fill(bet.at(length), bet.quantity, closes=True)


def _skipped(bet: Bet) -> None:
    length, number = _broken(bet)
    bet.hold(_said(bet, _CLOSES))
    bet.path(bet.walk(length, (number,)))
    bet.rows.append({"type": "decision", "trace": bet.trace, "id": "decision", "parent": "run",
                     "at": stamp(bet.start), "until": stamp(bet.start), "idea": bet.idea,
                     "action": bet.chance.choice(("skip", "hold"))})  # fmt: skip


def _once_of_two(bet: Bet) -> None:
    length, number = _broken(bet)
    bet.hold(f"two consecutive {bet.bar} closes {bet.beyond} {bet.show(bet.level)}")
    bet.path(bet.walk(length, (number, number + 2)))
    _enter(bet)
    bet.fill(bet.at(length), bet.quantity, closes=True)


def _in_time(bet: Bet) -> None:
    moment = bet.at(20)
    bet.hold(bet.chance.choice(_UNTIL).format(d=stamp(moment)))
    _enter(bet)
    bet.fill(moment - timedelta(seconds=bet.chance.randrange(0, 4000)), bet.quantity, closes=True)


def _before_earnings(bet: Bet) -> None:
    bet.hold(bet.chance.choice(_EARNINGS))
    bet.events = [{"at": bet.at(20).isoformat(), "symbol": bet.symbol, "kind": "earnings"},
                  {"at": bet.at(3).isoformat(), "symbol": f"{bet.symbol}X", "kind": "earnings"},
                  {"at": bet.at(4).isoformat(), "symbol": "", "kind": "macro", "title": "GDP"}]  # fmt: skip
    _enter(bet)
    bet.fill(bet.at(18), bet.quantity, closes=True)


def _closed_inside(bet: Bet) -> None:
    """Let finer bars close beyond the level within the longer bar that the condition is on."""
    bet.minutes = 60
    bet.entry = bet.start + timedelta(minutes=60)
    closes = bet.walk(100)
    for place in (25, 31, 47):
        closes[place] = bet.side(-0.01)
    bet.hold(_said(bet, _CLOSES))
    bet.path(closes, minutes=3)
    _enter(bet)
    bet.fill(bet.at(5), bet.quantity, closes=True)


_ALIKE: Sequence[tuple[str, Callable[[Bet], None]]] = (
    ("a wick beyond the level", _wick),
    ("closed when the bar closed", _same_instant),
    ("closed a second before", _left_before),
    ("closed in parts before", _in_parts),
    ("another idea was invalidated", _other_idea),
    ("within the grace period", _in_grace),
    ("broken before the entry", _before_entry),
    ("another instrument broke", _another_instrument),
    ("an idea that was not traded", _skipped),
    ("once where twice is asked", _once_of_two),
    ("closed before its date", _in_time),
    ("closed before earnings", _before_earnings),
    ("finer bars within the bar", _closed_inside),
)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield bets that were closed in time, or whose thesis held."""
    while True:
        for wording, change in _ALIKE:
            bet = Bet(chance)
            change(bet)
            rows: tuple[Made, ...] = tuple(bet.rows)
            yield Plant(wording=wording, rows=rows, answers=INNOCENT, books=bet.books(), policy=bet.policy)
