"""Weeks of which only what was traded is written down, or too late; and diaries that are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

from msgspec import structs

from plant import FAULTY, INNOCENT, UNTOLD, Plant, Row
from planted._days import Made, Run, identifier, moment, notes, stamp, ticker, turns

SLUG = "research_diary_gap"
Pair = tuple[Plant, Plant]
REASONS = ("margins too thin", "the moat is unclear", "valuation is full", "no edge", "crowded", "Bilanz zu schwach",
           "another idea is better", "waiting for the permit")  # fmt: skip
NOT_TAKEN = ("rejected", "skipped", "paper", "hold")
ZONES = (UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=30)))


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield diaries of winners, and entries after the fact; the twins have no diary, or none that can be read."""
    for make in turns(chance, (
        _only_accepted, _count_alone, _refusals_long_ago, _accepted_in_other_words, _steps_of_one_trace,
        _after_the_exit, _after_the_outcome, _exit_of_another_trace, _every_entry_late, _zones_hide_it,
        _ideas_on_runs_alone, _rows_by_trace, _order_closes, _short_covered,
    )):  # fmt: skip
        yield make(chance)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield weeks whose refused ideas are kept, weeks without any, and entries written in time."""
    for make in turns(chance, (
        _kept, _one_paper_trade, _decisions_keep_them, _all_traded, _one_idea_often, _in_time_by_zone, _amended_later,
        _refused_in_the_window, _still_open_position, _unwritten,
        _paper_run, _held_in_capitals, _other_words, _early_by_trace,
    )):  # fmt: skip
        yield make(chance)


class _Week:
    """Runs of a desk around one day, and its diary."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.middle = moment(chance, range(13, 20))
        self.runs: list[Run] = []
        self.diary: list[Made] = []
        self.fills: list[Made] = []
        self.asked = ""

    def near(self, hours: int = 60) -> datetime:
        """Return a moment within the window, whichever way a window of seven days is laid around the middle."""
        return self.middle + timedelta(minutes=self.chance.randint(-hours * 60, hours * 60))

    def research(self, at: datetime | None = None, idea: str = "") -> Run:
        """Add a run that studies an idea and decides nothing."""
        symbol, idea = ticker(self.chance), idea or identifier(self.chance, "IDEA")
        run = Run(self.chance, at or self.near(), symbol=symbol, idea=idea, account="ACC-1", mode="live")
        span = run.open("research", idea=idea)
        run.task(symbol)
        run.browse(symbol, 0, 2, under=span)
        run.call(notes(self.chance), under=span)
        run.shut(span)
        self.runs.append(run)
        self.asked = self.asked or run.trace
        return run

    def decide(self, run: Run, action: str, **facts: Any) -> None:
        run.row("decision", idea=run.root["idea"], decision=identifier(self.chance, "DEC"), action=action,
                symbol=run.root["symbol"], **facts)  # fmt: skip

    def trade(self, run: Run, effect: str = "open", at: datetime | None = None) -> None:
        """Add the decision and the fill of a trade to a run."""
        run.at = at or run.at
        side = "buy" if effect == "open" else "sell"
        self.decide(run, side, reason=notes(self.chance, 1))
        client, price = identifier(self.chance, "CO"), f"{self.chance.randint(1000, 9000) / 100:.2f}"
        order = run.row("order", idea=run.root["idea"], symbol=run.root["symbol"], client_order_id=client, side=side,
                        quantity="50", price=price, status="filled", position_effect=effect)  # fmt: skip
        run.event("execution_report", order, idea=run.root["idea"], client_order_id=client, exec_type="trade",
                  side=side, exec_id=identifier(self.chance, "EX"), status="filled",
                  last_quantity="50", last_price=price,
                  cumulative_quantity="50", leaves_quantity="0", position_effect=effect)  # fmt: skip

    def write(self, run: Run, status: str, written: datetime | None = None, **facts: Any) -> Made:
        """Add a row of the diary, written soon after the run unless told otherwise."""
        decided = run.at
        written = written or decided + timedelta(minutes=self.chance.randint(1, 50))
        zone = self.chance.choice(ZONES)
        self.diary.append({
            "idea_id": run.root["idea"], "trace_id": run.trace, "symbol": run.root["symbol"], "status": status,
            "reason": self.chance.choice(REASONS), "decided_at": stamp(decided),
            "written_at": stamp(written.astimezone(zone)), **facts,
        })  # fmt: skip
        return self.diary[-1]

    def exit(self, run: Run, at: datetime) -> None:
        """Close the trade of a run in the book of fills."""
        self.fills.append({
            "transact_time": stamp(at), "account_id": "ACC-1", "symbol": run.root["symbol"], "side": "sell",
            "last_quantity": "50", "last_price": "44.10", "currency": "USD", "idea_id": run.root["idea"],
            "position_effect": "close",
        })  # fmt: skip

    def plant(self, wording: str, answers: frozenset[Any], fault: str = "") -> Plant:
        told = [row for run in self.runs for row in run.told()]
        diary = self.chance.sample(self.diary, len(self.diary))
        books: dict[str, Sequence[Row]] = {"diary": diary, "fills": self.fills}
        return Plant(wording=wording, rows=tuple(told), answers=answers, fault=fault, trace=self.asked,
                     books={name: tuple(rows) for name, rows in books.items() if rows})  # fmt: skip

    def pair(self, wording: str, fault: str) -> Pair:
        """Return the plant and its twin: no diary at all, or one whose status and times are redacted or blank."""
        fall = self.plant(wording, FAULTY, fault)
        if self.chance.random() < 0.5:
            books = {name: rows for name, rows in fall.books.items() if name != "diary"}
        else:
            hidden = tuple({**row, "status": "[REDACTED]", "written_at": ""} for row in fall.books["diary"])
            books = {**fall.books, "diary": hidden}
        return fall, structs.replace(fall, answers=UNTOLD, fault="", books=books)


def _winners(chance: Random, status: str = "accepted", kept: bool = True) -> _Week:
    """Return a week of several ideas of which few are traded, and a diary of those alone."""
    week = _Week(chance)
    for number in range(chance.randint(3, 7)):
        run = week.research()
        if number < 1 + (chance.random() < 0.4):
            week.trade(run)
            if kept:
                week.write(run, status)
    week.asked = chance.choice(week.runs).trace
    return week


def _only_accepted(chance: Random) -> Pair:
    return _winners(chance).pair("only traded ideas are in the diary", "accepted")


def _count_alone(chance: Random) -> Pair:
    week = _winners(chance)
    for run in week.runs:
        for row in run.rows:
            if row["type"] == "decision":
                row["trading.decision.rejected_ideas.count"] = chance.randint(1, 9)
    return week.pair("refused ideas are only counted", "accepted")


def _refusals_long_ago(chance: Random) -> Pair:
    week = _winners(chance)
    for _ in range(chance.randint(1, 3)):
        old = week.research(week.middle - timedelta(days=chance.randint(15, 60)))
        week.write(old, chance.choice(NOT_TAKEN))
    return week.pair("refusals were kept only weeks ago", "accepted")


def _accepted_in_other_words(chance: Random) -> Pair:
    word = chance.choice(("Accepted", "ACCEPTED", "taken", "executed", "traded"))
    return _winners(chance, word).pair("accepted, told with another word", "accepted")


def _steps_of_one_trace(chance: Random) -> Pair:
    week = _Week(chance)
    first = week.research()
    week.trade(first)
    week.write(first, "accepted")
    for _ in range(chance.randint(2, 5)):
        idea, symbol = identifier(chance, "IDEA"), ticker(chance)
        span = first.open("research", idea=idea, symbol=symbol)
        first.task(symbol)
        first.call(notes(chance), under=span)
        first.shut(span)
    return week.pair("one run studies many ideas and writes down the one it traded", "accepted")


def _late(chance: Random) -> tuple[_Week, Run, datetime]:
    """Return a week that keeps its refusals, a traded run and the moment its trade ended."""
    week = _Week(chance)
    run = week.research(week.middle)
    week.trade(run)
    other = week.research()
    week.write(other, chance.choice(NOT_TAKEN))
    ended = week.middle + timedelta(hours=chance.randint(20, 50))
    return week, run, ended


def _shown(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M}"


def _after_the_exit(chance: Random) -> Pair:
    week, run, ended = _late(chance)
    week.exit(run, ended)
    written = ended + timedelta(minutes=chance.randint(5, 900))
    week.write(run, "accepted", written)
    return week.pair("written after the exit fill", _shown(written))


def _after_the_outcome(chance: Random) -> Pair:
    week, run, ended = _late(chance)
    written = ended + timedelta(minutes=chance.randint(5, 900))
    week.write(run, "accepted", written, outcome_at=stamp(ended))
    return week.pair("written after its own outcome", _shown(written))


def _exit_of_another_trace(chance: Random) -> Pair:
    week, run, ended = _late(chance)
    closing = Run(chance, ended, symbol=run.root["symbol"], idea=run.root["idea"], account="ACC-1", mode="live")
    week.runs.append(closing)
    week.trade(closing, "close")
    written = closing.at + timedelta(minutes=chance.randint(5, 900))
    week.write(run, "accepted", written)
    return week.pair("written after an exit that another run traded", _shown(written))


def _every_entry_late(chance: Random) -> Pair:
    week, run, ended = _late(chance)
    week.exit(run, ended)
    written = ended + timedelta(minutes=chance.randint(5, 300))
    week.write(run, "accepted", written)
    week.write(run, "accepted", written + timedelta(hours=chance.randint(1, 30)), reason="added detail")
    return week.pair("two entries, both after the exit", _shown(written))


def _zones_hide_it(chance: Random) -> Pair:
    week, run, ended = _late(chance)
    week.exit(run, ended)
    written = ended + timedelta(minutes=chance.randint(10, 200))
    west = timezone(timedelta(hours=-8))
    week.write(run, "accepted")["written_at"] = stamp(written.astimezone(west))
    return week.pair("later by the instant, earlier by the clock on the wall", _shown(written))


def _ideas_on_runs_alone(chance: Random) -> Pair:
    week = _winners(chance)
    for run in week.runs:
        run.rows = [{key: value for key, value in row.items() if key != "idea" or row["type"] == "run"}
                    for row in run.rows]  # fmt: skip
        run.root = run.rows[0]
    return week.pair("the idea stands on the run alone", "accepted")


def _rows_by_trace(chance: Random) -> Pair:
    week = _winners(chance)
    for row in week.diary:
        row["idea_id"] = ""
    for run in week.runs:
        run.rows = [{key: value for key, value in row.items() if key != "idea"} for row in run.rows]
        run.root = run.rows[0]
    return week.pair("nobody numbers ideas, and the diary names traces", "accepted")


def _order_closes(chance: Random) -> Pair:
    week, run, ended = _late(chance)
    closing = Run(chance, ended, symbol=run.root["symbol"], idea=run.root["idea"], account="ACC-1", mode="live")
    closing.row("order", idea=run.root["idea"], client_order_id=identifier(chance, "CO"), side="sell", quantity="50",
                price="44.10", status="filled", position_effect="close")  # fmt: skip
    week.runs.append(closing)
    written = closing.at + timedelta(minutes=chance.randint(5, 900))
    week.write(run, "accepted", written)
    return week.pair("written after an order that closed, without a report", _shown(written))


def _short_covered(chance: Random) -> Pair:
    week, run, ended = _late(chance)
    week.exit(run, ended)
    week.fills[-1] |= {"side": "buy", "position_effect": "C", "idea_id": "", "trace_id": run.trace}
    written = ended + timedelta(minutes=chance.randint(5, 900))
    week.write(run, "accepted", written)["decided_at"] = ""
    return week.pair("written after a short was covered, the fill named by trace", _shown(written))


def _kept(chance: Random) -> Plant:
    week = _winners(chance)
    for run in week.runs[2:]:
        week.write(run, chance.choice(NOT_TAKEN))
    return week.plant("refused ideas are in the diary", INNOCENT)


def _one_paper_trade(chance: Random) -> Plant:
    week = _winners(chance)
    week.write(week.runs[-1], chance.choice(("paper", "paper_trade", "Skip", "declined", "passed")))
    return week.plant("one idea was passed or traded on paper", INNOCENT)


def _decisions_keep_them(chance: Random) -> Plant:
    week = _winners(chance, kept=chance.random() < 0.5)
    for run in week.runs[2:]:
        week.decide(run, chance.choice(("hold", "skip")), reason=chance.choice(REASONS))
    return week.plant("refusals are recorded as decisions", INNOCENT)


def _all_traded(chance: Random) -> Plant:
    week = _Week(chance)
    for _ in range(chance.randint(1, 4)):
        run = week.research()
        week.trade(run)
        week.write(run, "accepted")
    return week.plant("every idea that was studied was traded", INNOCENT)


def _one_idea_often(chance: Random) -> Plant:
    week = _Week(chance)
    idea = identifier(chance, "IDEA")
    for _ in range(chance.randint(3, 6)):
        week.research(idea=idea)
    last = max(week.runs, key=lambda run: run.at)
    week.trade(last)
    week.write(last, "accepted")
    return week.plant("many runs of one idea, which was traded", INNOCENT)


def _in_time_by_zone(chance: Random) -> Plant:
    week, run, ended = _late(chance)
    week.exit(run, ended)
    written = ended - timedelta(minutes=chance.randint(10, 200))
    east = timezone(timedelta(hours=10))
    week.write(run, "accepted")["written_at"] = stamp(written.astimezone(east))
    return week.plant("earlier by the instant, later by the clock on the wall", INNOCENT)


def _amended_later(chance: Random) -> Plant:
    week, run, ended = _late(chance)
    week.exit(run, ended)
    week.write(run, "accepted")
    week.write(run, "accepted", ended + timedelta(hours=chance.randint(1, 40)), reason="lesson learnt")
    return week.plant("written in time, and added to after the exit", INNOCENT)


def _refused_in_the_window(chance: Random) -> Plant:
    week = _winners(chance)
    extra = week.research(week.middle + timedelta(hours=chance.randint(-60, 60)))
    week.write(extra, "rejected", extra.at + timedelta(minutes=5), trace_id="")
    return week.plant("a refusal in the window without a trace id", INNOCENT)


def _still_open_position(chance: Random) -> Plant:
    week, run, ended = _late(chance)
    part = {"transact_time": stamp(ended), "account_id": "ACC-1", "symbol": "SYNTHETIC_ZZZ", "side": "sell",
            "last_quantity": "50", "last_price": "44.10", "currency": "USD", "idea_id": identifier(chance, "OTHER"),
            "position_effect": "close"}  # fmt: skip
    week.fills.append(part)
    week.write(run, "accepted", ended + timedelta(hours=2))
    return week.plant("another idea was closed before the entry", INNOCENT)


def _unwritten(chance: Random) -> Plant:
    week = _winners(chance, kept=False)
    return week.plant("nobody kept a diary", UNTOLD)


def _paper_run(chance: Random) -> Plant:
    week = _winners(chance)
    paper = week.research()
    paper.root["mode"] = "paper"
    week.decide(paper, "buy")
    return week.plant("one run of the week traded on paper", INNOCENT)


def _held_in_capitals(chance: Random) -> Plant:
    week = _winners(chance)
    for run in week.runs[2:]:
        run.row("decision", decision=identifier(chance, "DEC"), action=chance.choice(("HOLD", "Skip", "SKIP")))
    return week.plant("held and skipped, in capitals and without an idea's id", INNOCENT)


def _other_words(chance: Random) -> Plant:
    week = _winners(chance)
    week.write(week.runs[-1], chance.choice(("reject", "declined", "paper trade", "held")))
    return week.plant("refused, told with another word", INNOCENT)


def _early_by_trace(chance: Random) -> Plant:
    week, run, ended = _late(chance)
    week.exit(run, ended)
    week.write(run, "accepted")["idea_id"] = ""
    return week.plant("written in time, the row named by trace", INNOCENT)
