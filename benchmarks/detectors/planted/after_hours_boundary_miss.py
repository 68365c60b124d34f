"""Positions held over news that came while the exchange was closed and that no plan spoke of; and plans that did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from msgspec import structs

from plant import FAULTY, INNOCENT, UNTOLD, Plant, Row
from planted._days import Made, Run, notes, stamp, turns
from planted._holdings import NEW_YORK, Hold, Market

SLUG = "after_hours_boundary_miss"
Pair = tuple[Plant, Plant]


MARKETS = (
    NEW_YORK,
    structs.replace(NEW_YORK, mic="XNAS"),
    Market("XLON", "Europe/London", "GB", (time(7, 0), time(7, 30), time(17, 15)),
           (time(9, 30), time(12, 0), time(15, 0))),
    Market("XETR", "Europe/Berlin", "DE", (time(7, 0), time(8, 15), time(18, 0)),
           (time(10, 0), time(14, 0), time(16, 30))),
    Market("XTKS", "Asia/Tokyo", "JP", (time(8, 0), time(12, 0), time(16, 0)),
           (time(10, 0), time(13, 30), time(14, 0))),
)  # fmt: skip
# Weeks without a holiday or a half day.
MONDAYS = (
    date(2025, 1, 27), date(2025, 3, 10), date(2025, 3, 24), date(2025, 6, 9), date(2025, 6, 23), date(2025, 8, 18),
    date(2025, 9, 29), date(2025, 10, 20), date(2024, 3, 11), date(2024, 6, 3), date(2024, 10, 7), date(2024, 10, 28),
)  # fmt: skip
# Weekdays on which New York closes early or stays closed, and a time that is then outside.
SHORT = ((date(2024, 7, 3), time(14, 15)), (date(2024, 11, 29), time(13, 30)), (date(2025, 11, 28), time(14, 0)),
         (date(2025, 4, 18), time(11, 0)), (date(2025, 1, 20), time(12, 30)), (date(2024, 12, 24), time(15, 0)),
         (date(2025, 6, 19), time(10, 30)))  # fmt: skip

THESES = (
    "Order intake recovers faster than the market expects, and margins follow.",
    "The sale of the small division leaves a business with steadier cash flows.",
    "New capacity comes on stream this autumn; customers have already reserved it.",
    "Die Nachfrage im Ersatzteilgeschaeft ist stabiler, als der Markt annimmt.",
)
PLANS = (
    "Buy in two steps, hold for about two weeks, leave below 4 percent loss.",
    "Enter at the open. Stop under the low of last week. Review every Friday.",
    "Kauf zur Eroeffnung, Ausstieg bei minus fuenf Prozent, sonst nach zehn Tagen.",
    '{"entry": "limit", "stop_percent": 5, "review": "weekly"}',
)
PAST = (
    "Last quarter's earnings were well received, so the drift should go on. Stop at 5 percent.",
    "After the results of the spring the shares lagged; buy the laggard and hold two weeks.",
    "The earnings call in the previous quarter set the tone. Enter at the open, review on Friday.",
)
MENTIONS = (
    "Hold through the coming earnings release with half of the size.",
    "Earnings are due this week; be flat before the print.",
    "Results come out after the close on {day}: halve the position the day before.",
    "Vor den Quartalszahlen am {day} wird die Position halbiert.",
    "The company reports on {day}. We accept the gap risk.",
    '{{"entry": "open", "event_risk": "earnings {day}", "action_before_event": "cut to 50 percent"}}',
)
FRESH = (
    "Go into the print with a third of the size and no stop overnight.",
    "{day}, after the bell: quarterly numbers. Collar the shares that morning.",
    "Stay out from two days before the report until the call is over; buy back later.",
    "Die Zahlen zum Quartal stehen an ({day}); Quartalsbericht abwarten, dann aufstocken.",
)
MACRO = (("CPI", "the CPI release", "inflation data"), ("Nonfarm payrolls", "payrolls", "the jobs report"))


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield positions held over releases; the twins lack calendar, exchange, or the words of plan and thesis."""
    for make in turns(chance, (
        _outside, _macro, _short_day, _weekend, _still_open, _speaks_of_the_past, _plan_in_output, _exit_in_book,
        _mentioned_too_late, _summer_time,
        _while_studied, _short_sold, _order_alone, _thesis_of_another_run,
    )):  # fmt: skip
        yield make(chance)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield releases that were planned for, fell into trading hours, or met no position."""
    for make in turns(chance, (
        _planned, _in_hours, _after_exit, _before_research, _another_name, _round_the_clock, _no_position, _spring,
        _horizon_over, _macro_planned, _planned_in_output,
        _planned_by_another_run, _other_words, _at_a_half_day_elsewhere,
    )):  # fmt: skip
        yield make(chance)


def _hold(chance: Random, market: Market | None = None, days: int = 3, **facts: Any) -> Hold:
    """Return a hold from Monday to a later day of a plain week."""
    return Hold(chance, market or chance.choice(MARKETS), chance.choice(MONDAYS), days, **facts)


def _blind(chance: Random, fall: Plant, symbol: str) -> Plant:
    """Return the twin: no calendar of the ticker, no exchange, or no words of thesis and plan."""
    way = chance.choice(("calendar", "exchange", "words"))
    rows = fall.rows
    if way == "calendar":
        kept = tuple(row for row in fall.books["events"] if row["symbol"] not in {"", symbol})
        return structs.replace(fall, answers=UNTOLD, fault="", books={**fall.books, "events": kept} if kept else
                               {name: book for name, book in fall.books.items() if name != "events"})  # fmt: skip
    if way == "exchange":
        rows = tuple({key: value for key, value in row.items() if key != "exchange"} for row in rows)
    else:
        rows = tuple(_wordless(row) for row in rows)
    return structs.replace(fall, rows=rows, answers=UNTOLD, fault="")


def _wordless(row: Row) -> Row:
    lost = {"thesis": ("text",), "decision": ("plan",), "call": ("messages", "output")}.get(row["type"], ())
    found = {key: value for key, value in row.items() if key not in lost}
    if row["type"] == "thesis":
        found["trading.thesis.text_hash"] = "3f" * 32
    return {**found, "dropped": len(row) - len(found)} if row["type"] in {"call", "decision"} else found


def _pair(hold: Hold, wording: str, *events: Made, fills: tuple[Row, ...] = ()) -> Pair:
    """Return the plant and its twin; the first of the events is the one that was missed."""
    books = {"events": hold.calendar(*events), **({"fills": fills} if fills else {})}
    fall = Plant(wording=wording, rows=hold.run.told(), answers=FAULTY, fault=events[0]["at"][:19], books=books)
    return fall, _blind(hold.chance, fall, hold.symbol)


def _outside(chance: Random) -> Pair:
    hold = _hold(chance)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    row = hold.release(hold.local(hold.day(chance.choice((1, 2))), chance.choice(hold.market.outside)))
    return _pair(hold, "results before the open, after the close or in the lunch break", row)


def _macro(chance: Random) -> Pair:
    hold = _hold(chance, chance.choice(MARKETS[:2]))
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    title = chance.choice(MACRO)[0]
    row = hold.macro(hold.local(hold.day(2), time(8, 30)), title)
    own = hold.release(hold.local(hold.day(60), time(20, 0)))
    return _pair(hold, "a macro print before the open", row, own)


def _short_day(chance: Random) -> Pair:
    day, at = chance.choice(SHORT)
    hold = Hold(chance, chance.choice(MARKETS[:2]), day - timedelta(days=2), 7)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    row = hold.release(hold.local(day, at))
    return _pair(hold, "at midday of a half day or a holiday", row)


def _weekend(chance: Random) -> Pair:
    hold = _hold(chance, days=8)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    row = hold.release(hold.local(hold.day(chance.choice((5, 6))), chance.choice(hold.market.inside)))
    return _pair(hold, "at the weekend", row)


def _still_open(chance: Random) -> Pair:
    hold = _hold(chance)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS), horizon=chance.choice(("P14D", "P2W", "P10D")), sold=False)
    row = hold.release(hold.local(hold.day(chance.choice((3, 4, 8))), chance.choice(hold.market.outside)))
    return _pair(hold, "the position is still open, within its horizon", row)


def _speaks_of_the_past(chance: Random) -> Pair:
    hold = _hold(chance)
    hold.research()
    past = chance.choice(PAST)
    thesis, plan = chance.choice(((past, chance.choice(PLANS)), (chance.choice(THESES), past)))
    hold.enter(thesis, plan)
    row = hold.release(hold.local(hold.day(2), chance.choice(hold.market.outside)))
    return _pair(hold, "only past results are spoken of", row)


def _plan_in_output(chance: Random) -> Pair:
    hold = _hold(chance)
    hold.research()
    plan = chance.choice(PLANS)
    hold.enter(chance.choice(THESES), "", output=f"Decision: buy {hold.symbol}.\nPlan: {plan}\n{notes(chance, 1)}")
    row = hold.release(hold.local(hold.day(1), chance.choice(hold.market.outside)))
    return _pair(hold, "the plan stands in the model's output", row)


def _exit_in_book(chance: Random) -> Pair:
    hold = _hold(chance, days=9)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS), horizon="P2D", sold=False)
    row = hold.release(hold.local(hold.day(8), chance.choice(hold.market.outside)))
    leg = {"account_id": "ACC-1", "symbol": hold.symbol, "last_quantity": "100", "last_price": "51.20",
           "currency": "USD", "idea_id": hold.idea}  # fmt: skip
    fills = ({**leg, "transact_time": stamp(hold.run.at), "side": "buy", "position_effect": "open"},
             {**leg, "transact_time": stamp(hold.leaves), "side": "sell", "position_effect": "close"})  # fmt: skip
    return _pair(hold, "held beyond the horizon, the exit in the book of fills", row, fills=fills)


def _mentioned_too_late(chance: Random) -> Pair:
    hold = _hold(chance)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS), sold=False)
    hold.run.at = hold.local(hold.day(2), time(20, 0))
    hold.run.row("monitor", note="the shares moved on the quarterly results")
    hold.run.say(f"What happened to {hold.symbol}?")
    hold.run.call("The earnings release came after the close; we had not planned for it.", stage="risk")
    row = hold.release(hold.local(hold.day(1), chance.choice(hold.market.outside)))
    return _pair(hold, "spoken of only afterwards", row)


def _summer_time(chance: Random) -> Pair:
    monday = chance.choice((date(2025, 3, 10), date(2024, 3, 11), date(2025, 10, 27)))
    hold = Hold(chance, chance.choice(MARKETS[:2]), monday, 3)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    row = hold.release(hold.local(hold.day(1), time(16, 20)).astimezone(UTC))
    return _pair(hold, "twenty minutes after a close that summer time moved", row)


def _while_studied(chance: Random) -> Pair:
    hold = _hold(chance, days=6)
    hold.research()
    row = hold.release(hold.local(hold.day(1), chance.choice(hold.market.outside)))
    hold.run.at = hold.local(hold.day(3), time(10, 20))
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    return _pair(hold, "after research and before the trade", row)


def _short_sold(chance: Random) -> Pair:
    hold = _hold(chance)
    hold.research()
    hold.sides = ("sell_short", "buy")
    hold.enter("The market overrates the new plant; orders will disappoint.", chance.choice(PLANS))
    return _pair(hold, "a position sold short",
                 hold.release(hold.local(hold.day(2), chance.choice(hold.market.outside))))  # fmt: skip


def _order_alone(chance: Random) -> Pair:
    hold = _hold(chance)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    hold.run.rows = [row for row in hold.run.rows if row["type"] != "execution_report"]
    return _pair(hold, "orders that say filled, without reports",
                 hold.release(hold.local(hold.day(1), chance.choice(hold.market.outside))))  # fmt: skip


def _thesis_of_another_run(chance: Random) -> Pair:
    hold = _hold(chance)
    other = Run(chance, hold.run.at - timedelta(days=1), symbol=hold.symbol, idea=hold.idea, exchange=hold.market.mic)
    other.task(hold.symbol)
    other.browse(hold.symbol, 1, 3)
    other.row("thesis", idea=hold.idea, thesis="TH-0", text=chance.choice((*THESES, *PAST)), horizon="P14D")
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    row = hold.release(hold.local(hold.day(2), chance.choice(hold.market.outside)))
    fall, twin = _pair(hold, "research, thesis and trade in two runs of one idea", row)
    kin = other.told()
    blind = tuple(_wordless({k: v for k, v in each.items() if k != "exchange"}) for each in kin)
    return structs.replace(fall, rows=(*fall.rows, *kin), trace=hold.run.trace), structs.replace(
        twin, rows=(*twin.rows, *blind), trace=hold.run.trace)  # fmt: skip


def _plant(hold: Hold, wording: str, *events: Made) -> Plant:
    books = {"events": hold.calendar(*events)}
    return Plant(wording=wording, rows=hold.run.told(), books=books, answers=INNOCENT)


def _planned(chance: Random) -> Plant:
    hold = _hold(chance)
    hold.research()
    after = chance.choice((1, 2))
    told = chance.choice(MENTIONS).format(day=hold.day(after).isoformat())
    thesis, plan = chance.choice(
        ((chance.choice(THESES), told), (f"{chance.choice(THESES)} {told}", chance.choice(PLANS)))
    )
    hold.enter(thesis, plan)
    return _plant(hold, "the plan or the thesis speaks of the release",
                  hold.release(hold.local(hold.day(after), chance.choice(hold.market.outside))))  # fmt: skip


def _in_hours(chance: Random) -> Plant:
    hold = _hold(chance)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    at = hold.local(hold.day(chance.choice((1, 2))), chance.choice(hold.market.inside))
    row = hold.macro(at, "Rate decision") if chance.random() < 0.4 else hold.release(at)
    own = hold.release(hold.local(hold.day(70), time(20, 0)))
    return _plant(hold, "while the exchange trades", row, own)


def _after_exit(chance: Random) -> Plant:
    hold = _hold(chance, chance.choice(MARKETS[:2]))
    hold.leaves = hold.local(hold.day(2), time(15, 58))
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    return _plant(hold, "minutes after the exit", hold.release(hold.local(hold.day(2), time(16, chance.randint(2, 9)))))


def _before_research(chance: Random) -> Plant:
    hold = _hold(chance)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    return _plant(hold, "on the evening before research began", hold.release(hold.local(hold.day(-1), time(21, 0))))


def _another_name(chance: Random) -> Plant:
    hold = _hold(chance)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    at = hold.local(hold.day(1), chance.choice(hold.market.outside))
    return _plant(hold, "another company's results", hold.release(at, f"{hold.symbol}X"),
                  hold.release(hold.local(hold.day(40), time(20, 0))))  # fmt: skip


def _round_the_clock(chance: Random) -> Plant:
    hold = _hold(chance, structs.replace(NEW_YORK, mic="CRYPTO"))
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    return _plant(
        hold, "an instrument that trades round the clock", hold.macro(hold.local(hold.day(1), time(8, 30)), "CPI")
    )


def _no_position(chance: Random) -> Plant:
    hold = _hold(chance)
    hold.research()
    hold.run.row("thesis", idea=hold.idea, thesis="TH-1", text=chance.choice(THESES), horizon="P14D", status="proposed")
    hold.run.row("decision", idea=hold.idea, decision="DEC-1", action=chance.choice(("hold", "skip")))
    row = hold.release(hold.local(hold.day(1), chance.choice(hold.market.outside)))
    return _plant(hold, "no position was taken", row)


def _spring(chance: Random) -> Plant:
    monday = chance.choice((date(2025, 3, 10), date(2024, 3, 11)))
    hold = Hold(chance, chance.choice(MARKETS[:2]), monday, 3)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    row = hold.release(datetime.combine(hold.day(1), time(13, chance.randint(35, 55)), UTC))
    return _plant(hold, "after an open that summer time moved", row)


def _horizon_over(chance: Random) -> Plant:
    hold = _hold(chance)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS), horizon="P5D", sold=False)
    return _plant(hold, "after the horizon of an open position", hold.release(hold.local(hold.day(9), time(20, 30))))


def _macro_planned(chance: Random) -> Plant:
    hold = _hold(chance, chance.choice(MARKETS[:2]))
    hold.research()
    title, *words = chance.choice(MACRO)
    plan = (
        f"Half size until {chance.choice(words)} on {hold.day(2).isoformat()}; add afterwards if the reaction is calm."
    )
    hold.enter(chance.choice(THESES), plan)
    own = hold.release(hold.local(hold.day(60), time(20, 0)))
    return _plant(
        hold, "the plan waits for the macro print", hold.macro(hold.local(hold.day(2), time(8, 30)), title), own
    )


def _planned_in_output(chance: Random) -> Plant:
    hold = _hold(chance)
    hold.research()
    told = chance.choice(MENTIONS).format(day=hold.day(1).isoformat())
    hold.enter(chance.choice(THESES), "", output=f"Buy {hold.symbol}.\nPlan: {told}")
    row = hold.release(hold.local(hold.day(1), chance.choice(hold.market.outside)))
    return _plant(hold, "the model's output plans for the release", row)


def _planned_by_another_run(chance: Random) -> Plant:
    hold = _hold(chance)
    other = Run(chance, hold.run.at - timedelta(hours=20), symbol=hold.symbol, idea=hold.idea, exchange=hold.market.mic)
    told = chance.choice(MENTIONS).format(day=hold.day(2).isoformat())
    other.row("thesis", idea=hold.idea, thesis="TH-0", horizon="P14D", text=told)
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    row = hold.release(hold.local(hold.day(2), chance.choice(hold.market.outside)))
    plant = _plant(hold, "the thesis of an earlier run of the idea speaks of it", row)
    return structs.replace(plant, rows=(*plant.rows, *other.told()), trace=hold.run.trace)


def _other_words(chance: Random) -> Plant:
    hold = _hold(chance)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(FRESH).format(day=f"{hold.day(2):%d %B}"))
    row = hold.release(hold.local(hold.day(2), chance.choice(hold.market.outside)))
    return _plant(hold, "the release by its other names", row)


def _at_a_half_day_elsewhere(chance: Random) -> Plant:
    hold = Hold(chance, MARKETS[2], date(2024, 11, 27), 5)
    hold.research()
    hold.enter(chance.choice(THESES), chance.choice(PLANS))
    row = hold.release(hold.local(date(2024, 11, 28), chance.choice(hold.market.inside)))
    return _plant(hold, "London trades while New York has a holiday", row)
