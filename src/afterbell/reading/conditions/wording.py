"""Reads a condition in English words into its forms: "4h close below 111671", "valid until 1 March or RSI under 40".

A clause is a price only when nothing but the instrument and words for its price stand around the level: "gross margin
below 37 percent" and "closes below the 50-EMA" are none. What is not understood is kept as its words, never guessed.
Reasons after a comma ("..., confirming a breakdown") and what to do then ("then close the position") are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from msgspec import structs

from afterbell.reading.conditions import words
from afterbell.reading.conditions.forms import Clause, Condition, Deadline, Happening, Indicator, Price, Side, Unread
from afterbell.reading.conditions.intervals import DAY, NUMBERS, seconds, written
from afterbell.reading.times import read as read_stamp

_MOST_CLAUSES = 12


def parse(text: str) -> Condition:
    """Return the condition that these words state. Any text is accepted; what is not understood is `Unread`."""
    plain = words.SPACES.sub(" ", text[: words.LONGEST].translate(words.DASHES)).strip().rstrip(".! ")
    if not plain:
        return Condition(text=text)
    if len(text) > words.LONGEST or words.UNLESS.search(plain):
        return Condition(text=text, ways=((Unread(text=plain),),))
    for pattern, instead in words.JOINED:
        plain = pattern.sub(instead, plain)
    plain = words.STOPS.sub("price touches ", plain)
    plain = words.THEN.sub("", words.LEAD.sub("", plain, count=1))
    plain = words.REASON.sub("", plain).strip(" ,.;-")
    ways: list[tuple[Clause, ...]] = []
    for stated in words.OR.split(words.PAIR.sub(r"\1", plain)):
        way = tuple(clause for part in words.AND.split(stated) if part.strip() for clause in _clauses(part))
        if way and ways and words.BARE.match(stated.strip()):
            ways[-1], way = _shared(ways[-1], way)
        ways += [way] if way else []
    return Condition(text=text, ways=tuple(found for way in ways[:_MOST_CLAUSES] for found in _spread(way)))


def _spread(way: tuple[Clause, ...]) -> Iterator[tuple[Clause, ...]]:
    """Yield a way; the two sides of a range are two ways."""
    sides = [clause for clause in way if isinstance(clause, Price)]
    if len(sides) == 2 and len(way) == 2 and sides[0].side is Side.BELOW and sides[1].side is Side.ABOVE and (  # noqa: PLR2004 - two sides
        sides[0].level is not None and sides[1].level is not None and sides[0].level < sides[1].level
    ) and not sides[1].symbol:  # fmt: skip
        yield from ((sides[0],), (sides[1],))
    else:
        yield way


def _shared(way: tuple[Clause, ...], bare: tuple[Clause, ...]) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    """Give two price clauses the words they share: "closes below 95 or above 120 on a daily basis"."""
    one, other = way[-1], bare[0]
    if not isinstance(one, Price) or not isinstance(other, Price):
        return way, bare
    both = {"close": one.close or other.close, "interval": one.interval or other.interval,
            "symbol": one.symbol or other.symbol, "times": max(one.times, other.times)}  # fmt: skip
    return (*way[:-1], structs.replace(one, **both)), (structs.replace(other, **both), *bare[1:])


def _clauses(part: str) -> tuple[Clause, ...]:
    """Return what one clause states: one form, or both sides of a range."""
    part = words.LEAD.sub("", part.strip(" ,.;"), count=1).strip(" ,.;")
    bare = words.SPACES.sub(" ", words.BRACKETS.sub(" ", part)).strip()
    if not bare:
        return ()
    between = words.RANGE.search(bare)
    if between is not None:
        low, high = sorted((_level(between[1], between[2]), _level(between[3], between[4])))
        outer = [_price(bare, between, side, level) for side, level in ((Side.BELOW, low), (Side.ABOVE, high))]
        if all(isinstance(each, Price) for each in outer):
            return tuple(outer)
    return (_timed(bare) or _crossed(bare) or _named(bare) or Unread(text=part),)


def _timed(bare: str) -> Clause | None:
    held = words.HELD.search(bare)
    if held is not None:
        number = NUMBERS.get(held[1].lower()) or int(held[1])
        return Deadline(after=timedelta(seconds=number * seconds(held[2].lower().replace("calendar ", ""))))
    if words.EARNINGS.match(bare):
        return Happening(kind="earnings")
    macro = words.MACRO.match(bare)
    if macro is not None:
        return Happening(kind="macro", words=(macro[1].lower(),))
    until = words.UNTIL.search(bare)
    stamp = next((group for group in until.groups() if group), "") if until else ""
    stamp = re.sub(r"\A(?:the\s)?(?:end of\s|close of\s|close on\s)?", "", stamp.strip(" :,"))
    if until is not None and not words.NEGATED.search(bare[: until.start()]) and read_stamp(stamp) is not None:
        return Deadline(at=stamp)
    return None


def _crossed(bare: str) -> Clause | None:
    percent = words.PERCENT.search(bare)
    if percent is not None:
        return _from_entry(bare, percent)
    hits = [(pattern.search(bare), side, reached) for pattern, side, reached in words.DIRECTIONS]
    found = [(hit, side, reached) for hit, side, reached in hits if hit is not None]
    if not found:
        return None
    hit, side, reached = min(found, key=lambda each: each[0].start())
    return _price(bare, hit, side, _level(hit[1], hit[2]), reached=reached)


def _from_entry(bare: str, hit: re.Match[str]) -> Clause | None:
    before = bare[: hit.start()]
    down = hit[2].lower() in {"below", "under", "beneath", "against", "off"} or re.search(
        words.FALLS + r"|\bloses?\b|\bdown\b", before, re.IGNORECASE
    )
    up = hit[2].lower() in {"above", "over"} or re.search(words.RISES + r"|\bup\b", before, re.IGNORECASE)
    if bool(down) == bool(up) or hit[2].lower() == "against":
        return None
    size = Decimal(hit[1])
    return _price(bare, hit, Side.BELOW if down else Side.ABOVE, None, percent=-size if down else size)


def _price(
    bare: str, hit: re.Match[str], side: Side, level: Decimal | None, *, percent: Decimal | None = None,
    reached: bool = False,
) -> Clause:  # fmt: skip
    """Return the price clause around a level, or what makes it none: an indicator, a duration, other words."""
    rest = f"{bare[: hit.start()]} {_words_of(hit)} {bare[hit.end() :]}"
    other = _named(rest)
    if other is not None:
        return other
    if words.LASTING.search(rest) or words.NEGATED.search(rest) or words.MONTHLY.search(rest):
        return Unread(text=bare)
    interval, rest = _interval(rest)
    run, rest = _run(words.SPACES.sub(" ", rest))
    if not interval and run > 1 and words.SESSIONS.search(rest):
        interval = written(DAY)
    left = [word.strip(",.:'\"") for word in words.PLAIN_WORDS.sub(" ", rest).split()]
    names = [word for word in left if word and word not in {"-", "$", "'s", "/", "~", "%", "+"}]
    if len(names) > 1 or any(not words.SYMBOL.fullmatch(word.removesuffix("'s")) for word in names):
        return Unread(text=bare)
    close = bool(words.CLOSES.search(rest) or interval) or run > 1
    return Price(
        side=side, level=level, percent=percent, close=close, interval=interval, times=run,
        reached=reached or bool(words.REACHED.search(bare)),
        symbol=names[0].removesuffix("'s") if names else "",
    )  # fmt: skip


def _words_of(hit: re.Match[str]) -> str:
    """Return the words of a hit without its figures and without what tells its direction."""
    return words.FIGURES.sub(" ", words.TOLD.sub(" ", hit[0]))


def _interval(rest: str) -> tuple[str, str]:
    """Return the bar's length that the words state and the words without it."""
    for hit in words.INTERVAL.finditer(rest):
        length = seconds((hit[1] or hit[2] or hit[3]).replace("hrs", "h").replace("mins", "m"))
        around = rest[max(0, hit.start() - 5) : hit.start()].lower()
        if length and not around.endswith(("for ", "in ", "after ")):
            closing = "close" if (hit[2] or "").lower() in {"end-of-day", "eod"} else ""
            return written(length), f"{rest[: hit.start()]} {closing} {rest[hit.end() :]}"
    return "", rest


def _run(rest: str) -> tuple[int, str]:
    hit = words.RUN.search(rest)
    if hit is None:
        return 1, rest
    word = next(group for group in hit.groups() if group).lower()
    number = 2 if word == "twice" else NUMBERS.get(word) or int(word)
    return max(number, 1), f"{rest[: hit.start()]} close {rest[hit.end() :]}"


def _named(bare: str) -> Clause | None:
    """Return the first indicator that the words name."""
    hits = [(hit.start(), name) for name, pattern in words.INDICATORS if (hit := pattern.search(bare))]
    return Indicator(name=min(hits)[1]) if hits else None


def _level(digits: str, scale: str | None) -> Decimal:
    number = Decimal(digits.replace(",", ""))
    if not scale:
        return number
    return number * (1000 if scale.lower() == "k" else 1_000_000)
