"""Answers of a model that failed the parser or validator, as a log tells them, and what then stood in for them.

The lines are read in order. A fault of an answer stays open until a line says that a later try parsed. What stands in
while it is open: a default, a stub, or the faulty answer taken as it was. It was accepted when a line says that the run
ended well or that the decision was kept, sent or executed, and refused when a line says the contrary later. A fault in
a setting, a file or the data of a provider is no answer's, and a default of a setting stands in for none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import itemgetter

from msgspec import Struct

from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import LogRecord
from afterbell.reading.log_lines.endings import ACCEPTED, REFUSED
from afterbell.reading.log_lines.faults import DATA, FAULT, MENDED, OF_MODEL, SETTING, SUPPOSED, WHO
from afterbell.reading.log_lines.speaking import cited, lines, spoken
from afterbell.reading.log_lines.stand_ins import STOOD_IN

_End = tuple[int, Evidence]  # the number of a line, and its words that say how the run ended
_NEAR = 3  # lines around a bare parser's error in which the model is named
_MOST_OPEN = 50  # faults that are held open at once


class Replaced(Struct, frozen=True, kw_only=True):
    """A faulty answer and what stood in for it: where the log says so, and whether that was accepted or refused."""

    fault: Evidence
    stood_in: Evidence
    accepted: Evidence | None = None
    refused: Evidence | None = None


class _Open(Struct, kw_only=True):
    """A fault that no later try has mended yet, and who made it."""

    place: int
    proof: Evidence
    who: str


def replaced(trace: Trace) -> tuple[Replaced, ...]:
    """Return the answers of models that a default, a stub or their own faulty text stood in for."""
    rows = list(lines(trace))
    faults: list[_Open] = []
    found: list[tuple[_Open, int, Evidence]] = []
    kept: list[_End] = []
    lost: list[_End] = []
    for place, (log, line) in enumerate(rows):
        fault = _fault(rows, place)
        if fault is None and not faults and not found:
            continue
        if fault is not None:
            faults = [*faults[-_MOST_OPEN:], _Open(place=place, proof=cited(trace, log, fault), who=_who(line))]
        elif faults and MENDED.search(line):
            who = _who(line)
            faults = [each for each in faults if who and each.who and each.who != who]
        stood = STOOD_IN.search(line) if faults else None
        open_now = [
            each for each in faults if stood and (each.place < place or not fault or fault.start() < stood.start())
        ]
        if stood is not None and open_now:
            found.append((open_now[-1], place, cited(trace, log, stood)))
            faults = []
        if (hit := REFUSED.search(line)) is not None:
            lost.append((place, cited(trace, log, hit)))
        elif (hit := ACCEPTED.search(line)) is not None:
            kept.append((place, cited(trace, log, hit)))
    return tuple(_ended(fault, at, stood, kept, lost) for fault, at, stood in found)


def _fault(rows: list[tuple[LogRecord, str]], place: int) -> re.Match[str] | None:
    """Return the words of a line that say that a model's answer failed the parser or validator."""
    line = rows[place][1]
    hit = FAULT.search(line)
    if hit is None or SETTING.search(line) or SUPPOSED.search(line[: hit.start()]):
        return None
    if spoken(line):
        return hit
    if DATA.search(line):
        return None
    near = (text for _log, text in rows[max(0, place - _NEAR) : place + _NEAR + 1])
    return hit if OF_MODEL.search(line) or any(spoken(text) for text in near) else None


def _who(line: str) -> str:
    hit = WHO.search(line)
    return hit[0].lower() if hit else ""


def _ended(fault: _Open, at: int, stood: Evidence, kept: list[_End], lost: list[_End]) -> Replaced:
    """Say how it ended: a log may show the default only after it was kept, so all lines from the fault on count."""
    refused = _first(lost, at)
    accepted = _first(kept, fault.place if refused is None else max(fault.place, refused[0] + 1))
    return Replaced(fault=fault.proof, stood_in=stood, accepted=accepted[1] if accepted else None,
                    refused=refused[1] if refused and not accepted else None)  # fmt: skip


def _first(ends: list[_End], place: int) -> _End | None:
    """Return the first of some lines in order that stands at a place or after it."""
    found = bisect_left(ends, place, key=itemgetter(0))
    return ends[found] if found < len(ends) else None
