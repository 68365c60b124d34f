"""Whether and when a condition came true, by prices, the calendar of events and the clock; else what is missing.

Of a way with several clauses all must hold at once; any way is enough. A way that surely did not come true needs none
of its unread clauses. It knows nothing of positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from afterbell.model.books import CalendarEvent
from afterbell.model.scan import Evidence
from afterbell.reading.conditions.bars import Bar, Bars, Held, Window
from afterbell.reading.conditions.forms import Clause, Condition, Deadline, Happening, Indicator, Price
from afterbell.reading.moments.days import end_of, known
from afterbell.reading.times import read

_NS = 10**9
_ALIASES = {"nfp": ("nfp", "payroll"), "nonfarm payroll": ("nfp", "payroll"), "nonfarm payrolls": ("nfp", "payroll"),
            "non-farm payroll": ("nfp", "payroll"), "non-farm payrolls": ("nfp", "payroll"),
            "jobs report": ("nfp", "payroll", "jobs", "employment situation"), "fomc": ("fomc", "fed", "rate decision"),
            "rate decision": ("rate decision", "fomc", "fed"),
            "interest rate decision": ("rate decision", "fomc", "fed"),
            "cpi": ("cpi", "consumer price"), "ppi": ("ppi", "producer price"), "pce": ("pce", "personal consumption"),
            "gdp": ("gdp", "gross domestic")}  # fmt: skip


class World(Struct, frozen=True, kw_only=True):
    """What a condition is held against."""

    bars: Bars
    events: tuple[CalendarEvent, ...] = ()


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a condition.

    `at_ns` is the instant at which it came true, 0 if it did not; `said` tells how; `missing` is what would settle it
    where it cannot be told, empty for a sure no.
    """

    at_ns: int = 0
    said: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


class _Clause(Struct, frozen=True, kw_only=True):
    """One clause: the bars at whose end it held, or the instant from which on it holds (0 = never)."""

    bars: tuple[Bar, ...] = ()
    since_ns: int = 0
    priced: bool = False
    missing: str = ""
    said: str = ""
    column: str = "close"
    evidence: tuple[Evidence, ...] = ()

    @property
    def never(self) -> bool:
        """Whether the clause surely did not hold."""
        return not self.bars and not self.since_ns and not self.missing


def fulfilled(condition: Condition, symbol: str, exchange: str, window: Window, world: World) -> Outcome:
    """Return whether a condition on an instrument came true within a window, the earliest way first."""
    ways = [_way([_clause(each, symbol, exchange, window, world) for each in way]) for way in condition.ways]
    hits = sorted((way for way in ways if way.at_ns), key=lambda way: way.at_ns)
    if hits:
        return hits[0]
    missing = tuple(dict.fromkeys(each for way in ways for each in way.missing))
    return Outcome(missing=missing if ways else ("a condition in words",))


def _way(clauses: Sequence[_Clause]) -> Outcome:
    if any(clause.never for clause in clauses):
        return Outcome()
    missing = tuple(dict.fromkeys(each.missing for each in clauses if each.missing and not each.bars))
    if missing:
        return Outcome(missing=missing)
    since = max((each.since_ns for each in clauses if not each.priced), default=0)
    priced = [each for each in clauses if each.priced]
    proofs = tuple(proof for each in clauses for proof in each.evidence)
    said = " and ".join(each.said for each in clauses if not each.priced)
    if not priced:
        return Outcome(at_ns=since, said=said, evidence=proofs)
    common = set.intersection(*({bar.end_ns for bar in each.bars} for each in priced))
    ends = sorted(end for end in common if end >= since)
    if not ends:
        late = tuple(dict.fromkeys(each.missing for each in priced if each.missing))
        return Outcome(missing=late)
    shown = [(each, next(bar for bar in each.bars if bar.end_ns == ends[0])) for each in priced]
    told = [f"{each.said} ({_figure(each, bar)} at {_written(ends[0])})" for each, bar in shown]
    cells = tuple(_cell(bar, each.column) for each, bar in shown)
    return Outcome(at_ns=ends[0], said=" and ".join([*told, *([said] if said else [])]), evidence=(*cells, *proofs))


def _clause(clause: Clause, symbol: str, exchange: str, window: Window, world: World) -> _Clause:
    if isinstance(clause, Price):
        held = world.bars.held(clause, clause.symbol or symbol, window)
        return _Clause(bars=held.bars, missing=held.missing, priced=True, said=_told(clause, held), column=held.column)
    if isinstance(clause, Deadline):
        return _deadline(clause, exchange, window)
    if isinstance(clause, Happening):
        return _happening(clause, symbol, exchange, window, world.events)
    if isinstance(clause, Indicator):
        return _Clause(missing=f"{clause.name}, which no book holds")
    return _Clause(missing=f"a reading of \u201c{clause.text[:120]}\u201d")


def _told(price: Price, held: Held) -> str:
    verb = "closed" if price.close else "traded"
    bars = (
        f"{price.times} {price.interval} bars in a row "
        if price.times > 1
        else f"a {price.interval} bar " * bool(price.interval)
    )
    level = f"{price.level:f}" if price.level is not None else f"{price.percent:+f} percent of the entry price"
    place = "through" if price.side == "either" else price.side.value
    return f"{bars}{verb} {place} {level}" if held.bars else ""


def _figure(each: _Clause, bar: Bar) -> str:
    return str(getattr(bar.bar, each.column))


def _cell(bar: Bar, column: str) -> Evidence:
    text = str(getattr(bar.bar, column))
    return Evidence(trace_id="", field=f"prices:{bar.bar.row}:{column}", excerpt=text, end=len(text))


def _written(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns // _NS, UTC).isoformat().replace("+00:00", "Z")


def _deadline(clause: Deadline, exchange: str, window: Window) -> _Clause:
    if clause.after is not None:
        at = window.after_ns + int(clause.after.total_seconds()) * _NS
    else:
        stamp = read(clause.at)
        if stamp is None:
            return _Clause(missing=f"a readable date for \u201c{clause.at}\u201d")
        at = _last(stamp.first, stamp.last, exchange)
    if at > window.until_ns:
        return _Clause()
    return _Clause(since_ns=max(at, 1), said=f"its time ended at {_written(at)}")


def _last(first: int, last: int, exchange: str) -> int:
    """Return the end of what a stamp may mean: of a bare date at a known exchange, the end of its session."""
    day_long = last - first > 49 * 3600 * _NS
    if not day_long or not known(exchange):
        return last
    day = datetime.fromtimestamp(first // _NS + 14 * 3600, UTC).date()
    return int(end_of(day, exchange).timestamp()) * _NS


def _happening(
    clause: Happening, symbol: str, exchange: str, window: Window, events: Iterable[CalendarEvent]
) -> _Clause:
    mine = [each for each in events if each.kind == clause.kind and _concerns(each, clause, symbol)]
    if not mine:
        what = (
            f"{clause.words[0].upper()} in the events book"
            if clause.words
            else f"earnings of {symbol} in the events book"
        )
        return _Clause(missing=what)
    found = []
    for each in mine:
        stamp = read(each.at)
        if stamp is not None:
            found.append((_last(stamp.first, stamp.last, exchange), each))
    inside = sorted(
        ((at, each) for at, each in found if window.after_ns < at <= window.until_ns), key=lambda one: one[0]
    )
    if not inside:
        return _Clause()
    at, event = inside[0]
    text = str(event.at)
    proof = Evidence(trace_id="", field=f"events:{event.row}:at", excerpt=text, end=len(text))
    return _Clause(since_ns=at, said=f"{event.title or clause.kind} came at {_written(at)}", evidence=(proof,))


def _concerns(event: CalendarEvent, clause: Happening, symbol: str) -> bool:
    if clause.kind == "earnings":
        return event.symbol == symbol
    title = event.title.lower()
    return any(word in title for asked in clause.words for word in _ALIASES.get(asked, (asked,)))
