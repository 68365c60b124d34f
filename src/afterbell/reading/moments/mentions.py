"""Whether a thesis or plan speaks of an event that is still to come: its earnings release, a macro print.

A sentence counts when it names the kind of event and says that it lies ahead, is a risk, or falls on the event's date.
A past release, or growing earnings, are no mention. It judges no plan.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

_SENTENCE = re.compile(r"[^.!?;\n。！？；]{1,600}(?:\.(?=\d)[^.!?;\n。！？；]{0,300}){0,4}")
_EARNINGS = re.compile(
    r"\b(?:earnings|results|quarterly (?:report|numbers)|q[1-4](?: fy ?\d{2,4})? (?:report|print|release|numbers)"
    r"|report(?:s|ing)? (?:date|day|on|after|before|tonight|tomorrow|next|q[1-4])|eps (?:print|release))\b"
    r"|财报|业绩|季报|年报",
    re.IGNORECASE,
)
_MACRO: Mapping[str, str] = {
    "cpi": r"\bcpi\b|\binflation\b|consumer price", "ppi": r"\bppi\b|producer price", "pce": r"\bpce\b",
    "inflation": r"\binflation\b|\bcpi\b", "gdp": r"\bgdp\b|growth figure", "fomc": r"\bfomc\b|\bfed\b|rate decision",
    "fed": r"\bfomc\b|\bfed\b|rate decision",
    "rate": r"rate decision|\bfomc\b|\bfed\b|\becb\b|\bboe\b|\bboj\b|central bank",
    "payroll": r"payrolls?\b|\bnfp\b|jobs (?:report|data|print)|employment report",
    "nonfarm": r"payrolls?\b|\bnfp\b|jobs report",
    "jobs": r"payrolls?\b|\bnfp\b|jobs (?:report|data|print)",
    "employment": r"payrolls?\b|\bnfp\b|employment|jobs report",
    "unemployment": r"unemployment|jobs report|payrolls?\b", "pmi": r"\bpmi\b", "ism": r"\bism\b|\bpmi\b",
    "ecb": r"\becb\b", "boe": r"\bboe\b|bank of england", "boj": r"\bboj\b|bank of japan", "retail": r"retail sales",
}  # fmt: skip
_ANY_MACRO = re.compile(r"\bmacro (?:data|print|event|release|calendar)", re.IGNORECASE)
_AHEAD = re.compile(
    r"\b(?:upcoming|coming|next|ahead of|before|prior to|into|through|over|until|due|scheduled|expected|will report"
    r"|will release|reports? (?:on|after|before|tonight|tomorrow)|pending|tonight|tomorrow"
    r""
    r"|after (?:the )?(?:close|bell)|this week|risk|event|gap|hedge|blackout|avoid|exit|flat)\b"
    r"|将|即将|下周|之前|前|公布|发布|风险",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:last|previous|prior quarter|past|reported|beat|missed|topped|already|came in|were|was|rose|fell|grew"
    r"|after its|following (?:its|the)|post-?earnings|since)\b|上季|去年|已公布|已发布",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:upcoming|coming|next|will|due|scheduled|ahead of|tonight|tomorrow|exit before)\b|将|下周", re.IGNORECASE
)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip


def mention(text: str, kind: str, title: str, day: date) -> tuple[int, int] | None:
    """Return where a text speaks of this coming event, as start and end of the sentence, or None.

    `kind` is earnings or macro, `title` names a macro event, `day` is the event's date.
    """
    named, dated = _terms(kind, title), _dates(day)
    for hit in _SENTENCE.finditer(text[:200_000]):
        said = hit[0]
        if not named.search(said):
            continue
        if dated.search(said) or (_AHEAD.search(said) and not _only_past(said)):
            start = hit.start() + len(said) - len(said.lstrip())
            return start, hit.start() + len(said.rstrip())
    return None


def _only_past(said: str) -> bool:
    """Tell whether a sentence tells of what has happened rather than of what is to come."""
    if _PAST.search(said) is None:
        return False
    return _STRONG.search(said) is None


def _terms(kind: str, title: str) -> re.Pattern[str]:
    if kind == "earnings":
        return _EARNINGS
    words = re.findall(r"[a-z]{2,20}", title[:200].lower())
    found = [_MACRO[key] for word in words for key in (word, word.removesuffix("s")) if key in _MACRO]
    found += [rf"\b{re.escape(title.strip()[:60])}\b"] if title.strip() else []
    return re.compile("|".join(dict.fromkeys(found)), re.IGNORECASE) if found else _ANY_MACRO


def _dates(day: date) -> re.Pattern[str]:
    month = _MONTHS[day.month - 1]
    name = rf"(?:{month}|{month[:3]}\.?)"
    return re.compile(
        rf"{day.isoformat()}|{name}\s{{1,2}}{day.day}(?!\d)|(?<!\d){day.day}(?:st|nd|rd|th)?\s{{1,2}}{name}"
        rf"|{day.month}月{day.day}日",
        re.IGNORECASE,
    )
