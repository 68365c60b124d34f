"""Writes `reading/moments/sessions_data`: the trading sessions of exchanges, from exchange-calendars.

Run it once a year, in an environment of its own, and look at the difference before it is committed:

    python -m venv /tmp/sessions && /tmp/sessions/bin/pip install exchange-calendars
    /tmp/sessions/bin/python scripts/make_sessions.py

The package itself does not depend on exchange-calendars. Where a calendar is not published to the end of the last year,
the table ends where the calendar does.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import exchange_calendars
import pandas as pd

FIRST, LAST = date(2015, 1, 1), date(2027, 12, 31)
EXCHANGES = (
    "XNYS", "XTSE", "XLON", "XETR", "XPAR", "XAMS", "XSWX", "XMIL", "XMAD", "XSTO", "XTKS", "XHKG", "XSHG",
    "XKRX", "XTAI", "XBOM", "XSES", "XASX",
)  # fmt: skip
TARGET = Path(__file__).parents[1] / "src" / "afterbell" / "reading" / "moments" / "sessions_data" / "__init__.py"
WIDTH = 116
AHEAD, KEPT = 30, 20
WEEKDAYS = 5

HEAD = '''"""Trading sessions of exchanges, as data: zone, range, usual hours, days closed, days of other hours.

Made by `scripts/make_sessions.py` from exchange-calendars {version} (Apache-2.0); do not edit. Times are
local. `sessions` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, str] = {{
'''

Hours = tuple[tuple[time, time], ...]


def hours_of(row: pd.Series, zone: ZoneInfo) -> Hours:
    """Return the local stretches of one session: one, or two around a lunch break."""

    def local(moment: pd.Timestamp) -> time:
        return moment.tz_convert(zone).time().replace(second=0, microsecond=0)

    if pd.isna(row["break_start"]):
        return ((local(row["open"]), local(row["close"])),)
    return (local(row["open"]), local(row["break_start"])), (local(row["break_end"]), local(row["close"]))


def written(hours: Hours) -> str:
    """Return stretches as the table writes them: 0930-1130+1300-1500."""
    return "+".join(f"{begin:%H%M}-{end:%H%M}" for begin, end in hours)


def table(exchange: str) -> list[str]:
    """Return the lines of one exchange: zone, range, regular hours by date, days closed, days of other hours."""
    calendar = exchange_calendars.get_calendar(exchange, start=FIRST.isoformat(), end=until(exchange).isoformat())
    zone = ZoneInfo(str(calendar.tz))
    days = {stamp.date(): hours_of(row, zone) for stamp, row in calendar.schedule.iterrows()}
    regular = eras(days)
    closed: dict[int, list[str]] = {}
    other: dict[int, list[str]] = {}
    day = FIRST
    while day <= until(exchange):
        usual = next(hours for begin, hours in reversed(regular) if begin <= day)
        hours = days.get(day)
        if hours is None and day.isoweekday() <= WEEKDAYS:
            closed.setdefault(day.year, []).append(f"{day:%m%d}")
        if hours is not None and (hours != usual or day.isoweekday() > WEEKDAYS):
            other.setdefault(day.year, []).append(f"{day:%m%d}={written(hours)}")
        day += timedelta(days=1)
    lines = [f"zone {zone.key}", f"range {FIRST} {until(exchange)}"]
    lines += [f"hours {begin} {written(hours)}" for begin, hours in regular]
    for word, years in (("closed", closed), ("other", other)):
        for year, found in years.items():
            line = f"{word} {year}"
            for each in found:
                if len(line) + 1 + len(each) > WIDTH:
                    lines.append(line)
                    line = f"{word} {year}"
                line += f" {each}"
            lines.append(line)
    return lines


def eras(days: dict[date, Hours]) -> list[tuple[date, Hours]]:
    """Return since when which hours were the usual ones: a change that KEPT of the next AHEAD sessions keep."""
    found: list[tuple[date, Hours]] = []
    listed = sorted(days)
    for place, day in enumerate(listed):
        ahead = [days[each] for each in listed[place : place + AHEAD]]
        common, count = Counter(ahead).most_common(1)[0]
        new = not found or common != found[-1][1]
        if new and days[day] == common and count >= KEPT:
            found.append((FIRST if not found else day, common))
    return found


def until(exchange: str) -> date:
    """Return the last day that the exchange's calendar is known for."""
    factories = exchange_calendars.calendar_utils.global_calendar_dispatcher._calendar_factories  # noqa: SLF001 - no public way
    bound = factories[exchange].bound_max()
    return LAST if bound is None else min(LAST, bound.date())


def main() -> None:
    """Write the module."""
    parts = [HEAD.format(version=exchange_calendars.__version__)]
    for exchange in EXCHANGES:
        body = "\n".join(table(exchange))
        parts.append(f'    "{exchange}": """\\\n{body}\n""",\n')
    TARGET.write_text("".join(parts) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
