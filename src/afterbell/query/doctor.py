"""Which of the questions the traces at hand can never answer, and what to record to change that. Counts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from afterbell.model.scan import ModeAnswer
from afterbell.model.vocabulary import Answer

_SHOWN = 3


class Blind(Struct, frozen=True, kw_only=True):
    """One question: how many traces it could not be answered for, of how many, and what was most often missing."""

    number: int
    mode: str
    unknown: int
    asked: int
    missing: tuple[str, ...]

    @property
    def never(self) -> bool:
        """Whether no trace at all could be answered."""
        return self.unknown == self.asked


def examine(scans: Iterable[Iterable[ModeAnswer]]) -> tuple[Blind, ...]:
    """Return every question that was unknown for some trace, the blindest first."""
    asked: Counter[tuple[int, str]] = Counter()
    unknown: Counter[tuple[int, str]] = Counter()
    lacks: dict[tuple[int, str], Counter[str]] = {}
    for answers in scans:
        for answer in answers:
            key = (answer.number, answer.mode)
            asked[key] += 1
            if answer.suggestion.answer is Answer.UNKNOWN:
                unknown[key] += 1
                lacks.setdefault(key, Counter()).update(set(answer.suggestion.missing))
    found = [
        Blind(
            number=number,
            mode=mode,
            unknown=count,
            asked=asked[number, mode],
            missing=tuple(lack for lack, _times in lacks[number, mode].most_common(_SHOWN)),
        )
        for (number, mode), count in unknown.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.unknown / each.asked, each.number)))
