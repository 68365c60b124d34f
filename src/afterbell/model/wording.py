"""How counts, lists and lengths of time are told to people."""

from __future__ import annotations

from collections.abc import Sequence

_MINUTE, _HOUR, _DAY = 60, 60, 24  # seconds, minutes, hours


def counted(number: int, word: str, plural: str = "") -> str:
    """Return a number with its word: "1 entry", "1,204 entries"; `plural` where it is not the word and an s."""
    several = plural or (f"{word[:-1]}ies" if word.endswith("y") else f"{word}s")
    return f"{number:,} {word if number == 1 else several}"


def first_of(names: Sequence[str], most: int = 3) -> str:
    """Return the first names, each whole, and how many there are beside: "a; b; c and 4 more"."""
    told = "; ".join(names[:most])
    return f"{told} and {len(names) - most:,} more" if len(names) > most else told


def since(nanoseconds: int) -> str:
    """Return a length of time in two units at most: `1.25 s`, `3 min 20 s`, `2 h 5 min`.

    Nothing of a run is shorter than a microsecond: sources without a clock count their steps in nanoseconds.
    """
    sign, ns = ("-" if nanoseconds < 0 else ""), abs(nanoseconds)
    seconds = ns / 10**9
    if ns < 10**6:
        return f"{sign}{ns / 10**3:.3g} µs" if ns >= 10**3 else "0 s"
    if seconds < 1:
        return f"{sign}{ns / 10**6:.3g} ms"
    if seconds < _MINUTE:
        return f"{sign}{seconds:.4g} s"
    minutes, rest = divmod(round(seconds), _MINUTE)
    if minutes < _HOUR:
        return f"{sign}{minutes} min {rest} s" if rest else f"{sign}{minutes} min"
    hours, minutes = divmod(minutes, _HOUR)
    if hours < 2 * _DAY:
        return f"{sign}{hours} h {minutes} min" if minutes else f"{sign}{hours} h"
    return f"{sign}{hours // _DAY} d {hours % _DAY} h"
