"""Lengths of bars, as people and books write them: 3m, 4-hour, daily, PT15M; canonical form ISO 8601.

It does not say where a bar begins.
"""

from __future__ import annotations

import re
from typing import Final

MINUTE: Final = 60
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
WEEK: Final = 7 * DAY
_SECONDS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}
_ISO = re.compile(r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?\Z", re.ASCII)
_SHORT = re.compile(
    r"(\d{1,6})?[ -]?(s|sec|m|min|h|hr|d|w|wk|second|minute|hour|day|week)s?(?:ly)?\Z", re.IGNORECASE | re.ASCII
)
_WORDS = {"daily": DAY, "day": DAY, "hourly": HOUR, "hour": HOUR, "weekly": WEEK, "week": WEEK, "minutely": MINUTE,
          "end-of-day": DAY, "eod": DAY}  # fmt: skip
NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "thirty": 30, "sixty": 60,
}  # fmt: skip


def seconds(text: str) -> int:
    """Return how long a bar lasts in seconds; 0 for a text that is no length, a length of months among them."""
    text = text.strip()
    iso = _ISO.match(text)
    if iso and text != "P":
        weeks, days, hours, minutes, rest = (int(group or 0) for group in iso.groups())
        return weeks * WEEK + days * DAY + hours * HOUR + minutes * MINUTE + rest
    low = text.lower()
    if low in _WORDS:
        return _WORDS[low]
    for word, number in NUMBERS.items():
        if low.startswith((f"{word}-", f"{word} ")):
            low = f"{number}{low[len(word) :]}"
            break
    short = _SHORT.match(low)
    return int(short[1] or 1) * _SECONDS[short[2][0]] if short else 0


def written(length: int) -> str:
    """Return seconds as an ISO 8601 duration in its largest whole unit (P1D, PT4H, PT3M); empty for 0."""
    if length <= 0:
        return ""
    for size, form in ((WEEK, "P{}W"), (DAY, "P{}D"), (HOUR, "PT{}H"), (MINUTE, "PT{}M")):
        if length % size == 0:
            return form.format(length // size)
    return f"PT{length}S"
