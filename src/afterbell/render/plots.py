"""Where the bars of a plot stand, in the units of its SVG. Numbers only; a template draws them."""

from __future__ import annotations

from msgspec import Struct

from afterbell.model.report import ByMonth

WIDTH, HEIGHT = 720, 220
_LEFT, _TOP, _BOTTOM = 34, 10, 24
_GAP = 0.3


class Bar(Struct, frozen=True, kw_only=True):
    """One part of a column. `series` is the place of its line, from 1."""

    x: float
    y: float
    width: float
    height: float
    series: int


class Label(Struct, frozen=True, kw_only=True):
    """A text of an axis and where it stands."""

    x: float
    y: float
    text: str


class Plot(Struct, frozen=True, kw_only=True):
    """Stacked columns by month; `ticks` are the labels of the grid lines, `empty` tells that nothing was counted."""

    bars: tuple[Bar, ...]
    columns: tuple[Label, ...]
    ticks: tuple[Label, ...]
    empty: bool


def stacked(table: ByMonth) -> Plot:
    """Return the plot of a table: a column for each of its months, its lines one on top of the other."""
    sums = [sum(line.counts[place] for line in table.lines) for place in range(len(table.columns))]
    top = max(sums, default=0)
    step = max(1, -(-top // 4))
    highest = step * -(-top // step) or 1
    height, slot = HEIGHT - _TOP - _BOTTOM, (WIDTH - _LEFT) / max(1, len(table.columns))
    bars, columns = [], []
    for place, name in enumerate(table.columns):
        x, base = _LEFT + slot * (place + _GAP / 2), float(HEIGHT - _BOTTOM)
        columns.append(Label(x=round(x + slot * (1 - _GAP) / 2, 1), y=HEIGHT - 8, text=name))
        for series, line in enumerate(table.lines, start=1):
            tall = height * line.counts[place] / highest
            base -= tall
            if tall:
                bars.append(Bar(x=round(x, 1), y=round(base, 1), width=round(slot * (1 - _GAP), 1),
                                height=round(tall, 1), series=series))  # fmt: skip
    ticks = [
        Label(x=_LEFT, y=round(HEIGHT - _BOTTOM - height * mark / highest, 1), text=str(mark))
        for mark in range(0, highest + 1, step)
    ]
    return Plot(bars=tuple(bars), columns=tuple(columns), ticks=tuple(ticks), empty=not top)
