"""The bars of a prices book by instrument, and where a price condition holds in them.

A bar counts where it ends. "Closes below" is judged by closes alone, for a wick is no break; of bars finer than the
condition's, the last of each of its stretches closes it. Where the book's bars cannot tell, what is missing is said.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct, structs

from afterbell.model.books import PriceBar
from afterbell.reading.conditions.forms import Price, Side
from afterbell.reading.conditions.intervals import DAY, HOUR, MINUTE, WEEK, seconds, written
from afterbell.reading.moments.days import CRYPTO, end_of
from afterbell.reading.times import to_ns

_NS = 10**9
_LONGEST_PAUSE = 4 * DAY * _NS + DAY * _NS // 2  # a long weekend
_NIGHT = 8 * HOUR * _NS
_SATURDAY = 6
_HALF_HOUR = 30 * MINUTE  # exchanges open at full and half hours
_QUOTES = ("USDT", "USDC", "USD", "PERP")


class Bar(Struct, frozen=True, kw_only=True):
    """A bar with the instant of its end and its length in seconds (0 = not stated)."""

    end_ns: int
    length: int
    bar: PriceBar


class Window(Struct, frozen=True, kw_only=True):
    """From when to when a condition is looked for: after `after_ns`, up to `until_ns` included; `entry` is a price."""

    after_ns: int
    until_ns: int
    entry: Decimal | None = None


class Held(Struct, frozen=True, kw_only=True):
    """The bars at whose end a price condition held, in order; `missing` is what a no would need, empty for a no."""

    bars: tuple[Bar, ...] = ()
    column: str = "close"
    missing: str = ""


class Bars:
    """A prices book by instrument."""

    def __init__(self, rows: Iterable[PriceBar]) -> None:
        """Take the rows in; those without an instant or a figure are left out."""
        self._rows: dict[str, list[PriceBar]] = {}
        self._read: dict[str, Mapping[int, Sequence[Bar]]] = {}
        for row in rows:
            self._rows.setdefault(_plain(row.symbol), []).append(row)

    def of(self, symbol: str) -> Mapping[int, Sequence[Bar]]:
        """Return an instrument's bars by their length in seconds, each in order of time."""
        key = _plain(symbol)
        if key not in self._read:
            found: dict[int, dict[int, Bar]] = {}
            for row in self._rows.get(key, ()):
                bar = _bar(row)
                if bar is not None:
                    found.setdefault(bar.length, {})[bar.end_ns] = bar
            self._read[key] = {length: [bars[end] for end in sorted(bars)] for length, bars in found.items()}
        return self._read[key]

    def last_ns(self, symbol: str) -> int:
        """Return where an instrument's bars end, 0 without any."""
        return max((bars[-1].end_ns for bars in self.of(symbol).values() if bars), default=0)

    def held(self, price: Price, symbol: str, window: Window) -> Held:
        """Return where the condition held for an instrument within a window."""
        level = price.level
        if level is None:
            if window.entry is None or price.percent is None:
                return Held(missing="the price of the entry")
            level = window.entry * (1 + price.percent / 100)
        series = self.of(symbol)
        if not series:
            return Held(missing=f"prices of {symbol or 'the instrument'} (the prices book)")
        if not price.close:
            return _traded(series, price, level, symbol, window)
        wanted = seconds(price.interval)
        if wanted:
            return _of_length(series, wanted, price, level, symbol, window)
        return _of_any(series, price, level, symbol, window)


def _plain(symbol: str) -> str:
    """Return a symbol without its quote currency: BTC/USDT, BTC-PERP and BTC are one instrument."""
    text = symbol.upper()
    for quote in _QUOTES:
        for mark in ("/", "-", "_"):
            if text.endswith(mark + quote):
                return text[: -len(mark + quote)]
    return text


def _bar(row: PriceBar) -> Bar | None:
    if row.close is None and row.low is None and row.high is None:
        return None
    at = to_ns(row.at) if row.at else None
    length = seconds(row.interval)
    if at is None:
        if length and length < DAY:
            return None
        at = int(end_of(row.session_date, row.exchange).timestamp()) * _NS
    return Bar(end_ns=at, length=length, bar=row)


def _within(bars: Sequence[Bar], window: Window) -> Sequence[Bar]:
    first, last = (bisect_right(bars, at, key=_end) for at in (window.after_ns, window.until_ns))
    return bars[first:last]


def _end(bar: Bar) -> int:
    return bar.end_ns


def _beyond(figure: Decimal | None, side: Side, level: Decimal, *, reached: bool) -> bool:
    if figure is None:
        return False
    if side is Side.BELOW:
        return figure <= level if reached else figure < level
    return figure >= level if reached else figure > level


def _traded(series: Mapping[int, Sequence[Bar]], price: Price, level: Decimal, symbol: str, window: Window) -> Held:
    """Return the bars in which a trade beyond the level happened; of the bar around the entry only its close counts."""
    hits: dict[int, tuple[Bar, str]] = {}
    gaps = []
    for bars in series.values():
        inside = _within(bars, window)
        for bar in inside:
            column = _touches(bar, price, level, window)
            if column:
                hits.setdefault(bar.end_ns, (bar, column))
        gaps.append(_gap(inside, bars, window))
    found = [hits[end] for end in sorted(hits)]
    missing = f"prices of {symbol} {gaps[0]}" if all(gaps) else ""
    return Held(bars=tuple(bar for bar, _column in found), column=found[0][1] if found else "low", missing=missing)


def _touches(bar: Bar, price: Price, level: Decimal, window: Window) -> str:
    began = bar.end_ns - bar.length * _NS
    row = bar.bar
    whole = bool(bar.length) and began >= window.after_ns
    low = (row.low if row.low is not None else row.close, "low" if row.low is not None else "close")
    high = (row.high if row.high is not None else row.close, "high" if row.high is not None else "close")
    if not whole:
        low = high = (row.close, "close")
    if price.side is Side.EITHER:
        side = Side.BELOW if window.entry is None or level <= window.entry else Side.ABOVE
        figure, column = low if side is Side.BELOW else high
        return column if _beyond(figure, side, level, reached=True) else ""
    figure, column = low if price.side is Side.BELOW else high
    return column if _beyond(figure, price.side, level, reached=price.reached) else ""


def _of_length(
    series: Mapping[int, Sequence[Bar]], wanted: int, price: Price, level: Decimal, symbol: str, window: Window
) -> Held:  # fmt: skip
    """Return where bars of the wanted length closed beyond the level: its own bars, else finer ones put together."""
    exact = series.get(wanted)
    if exact:
        return _closed(exact, price, level, symbol, window)
    finer = sorted((length for length in series if length and length < wanted and wanted % length == 0), reverse=True)
    for length in finer:
        whole = [structs.replace(bar, length=wanted) for bar in _together(series[length], wanted)]
        if whole:
            return _closed(whole, price, level, symbol, window)
    return _of_coarser(series, wanted, price, level, symbol, window)


def _together(bars: Sequence[Bar], wanted: int) -> Sequence[Bar]:
    """Return the finer bars that close a stretch of the wanted length.

    Stretches of up to half an hour begin at full half hours everywhere; longer ones only where trading never stops,
    and days where the exchange's session ends.
    """
    around = all(bar.bar.exchange in {"", CRYPTO} for bar in bars[:1])
    if wanted % DAY == 0 and wanted < WEEK and not around:
        if wanted != DAY:
            return ()
        return [bar for bar, after in pairwise([*bars, None]) if bar and _last_of_day(bar, after)]
    if wanted > _HALF_HOUR and not around:
        return ()
    if wanted == WEEK:
        return [bar for bar in bars if (bar.end_ns // _NS - 4 * DAY) % WEEK == 0]
    return [bar for bar in bars if bar.end_ns % (wanted * _NS) == 0]


def _last_of_day(bar: Bar, after: Bar | None) -> bool:
    if after is not None and after.bar.session_date == bar.bar.session_date:
        return False
    return after is not None or bar.end_ns >= int(end_of(bar.bar.session_date, bar.bar.exchange).timestamp()) * _NS


def _of_coarser(
    series: Mapping[int, Sequence[Bar]], wanted: int, price: Price, level: Decimal, symbol: str, window: Window
) -> Held:  # fmt: skip
    """Judge by bars longer than the condition's: their closes are closes of its too; their lows may rule it out."""
    coarser = [length for length in series if length > wanted and length % wanted == 0]
    need = f"{written(wanted)} bars of {symbol}, or finer ones that make them"
    if not coarser:
        return Held(missing=need)
    bars = series[min(coarser)]
    found = _closed(bars, price, level, symbol, window)
    if found.missing:
        return found
    possible = any(_reaches(bar, price.side, level) for bar in _within(bars, window))
    if price.times > 1:
        return Held(missing=need if possible else "")
    return Held(bars=found.bars, missing=need if possible else "")


def _reaches(bar: Bar, side: Side, level: Decimal) -> bool:
    figure = bar.bar.low if side is Side.BELOW else bar.bar.high
    return figure is None or _beyond(figure, side, level, reached=True)


def _of_any(
    series: Mapping[int, Sequence[Bar]], price: Price, level: Decimal, symbol: str, window: Window
) -> Held:  # fmt: skip
    """Judge a close without a stated bar by the longest bars; if only shorter ones closed beyond, it is not known."""
    found = _closed(series[max(series)], price, level, symbol, window)
    if found.bars or found.missing:
        return found
    others = [_closed(bars, price, level, symbol, window) for length, bars in series.items() if length != max(series)]
    if any(each.bars for each in others):
        return Held(
            missing="the length of the bar that the condition means (shorter bars closed beyond, longer did not)"
        )
    return found


def _closed(bars: Sequence[Bar], price: Price, level: Decimal, symbol: str, window: Window) -> Held:
    inside = _within(bars, window)
    gap = _gap(inside, bars, window)
    return Held(
        bars=tuple(_runs(inside, price, level, window)), missing=f"prices of {symbol} {gap}" if gap else "",
    )  # fmt: skip


def _runs(bars: Sequence[Bar], price: Price, level: Decimal, window: Window) -> Iterator[Bar]:
    """Yield the bars that close beyond the level as the last of so many in a row."""
    run = 0
    side = price.side
    if side is Side.EITHER:
        side = Side.BELOW if window.entry is None or level <= window.entry else Side.ABOVE
    for bar in bars:
        run = run + 1 if _beyond(bar.bar.close, side, level, reached=price.reached) else 0
        if run >= price.times:
            yield bar


def _gap(inside: Sequence[Bar], bars: Sequence[Bar], window: Window) -> str:
    """Return which part of the window no bar covers, by the rhythm of the series; empty when all is covered."""
    if not inside:
        return "after the entry" if window.until_ns > window.after_ns else ""
    first = max(0, bisect_left(bars, inside[0].end_ns, key=_end) - 1)
    steps = _steps(bars[first : bisect_right(bars, inside[-1].end_ns, key=_end)])
    pause = _pause(bars)
    if inside[0].end_ns - window.after_ns > pause:
        return "right after the entry"
    if steps and steps[-1] > pause:
        return "without a hole"
    return "up to the exit" if window.until_ns - inside[-1].end_ns > pause else ""


def _pause(bars: Sequence[Bar]) -> int:
    """Return the longest time between two bars that is no hole: one bar, or a long weekend where trading stops."""
    steps = _steps(bars)
    usual = bars[0].length * _NS or (steps[len(steps) // 2] if steps else 0)
    return max(usual + usual // 2, _LONGEST_PAUSE if _stops(bars, steps) else 0)


def _steps(bars: Sequence[Bar]) -> list[int]:
    """Return the times from each bar to the next, the shortest first."""
    return sorted(after.end_ns - before.end_ns for before, after in pairwise(bars))


def _stops(bars: Sequence[Bar], steps: Sequence[int]) -> bool:
    """Tell whether trading stops for nights or weekends: by the exchange, else by pauses that come again."""
    exchange = bars[0].bar.exchange
    if exchange:
        return exchange != CRYPTO
    if bars[0].length >= DAY:
        return not any(bar.bar.session_date.isoweekday() == _SATURDAY for bar in bars)
    return sum(step >= _NIGHT for step in steps) > 1
