"""Whether a thesis or plan speaks of an event that is still to come: its earnings release, a macro print.

A sentence counts when it names the kind of event and says that it lies ahead, is a risk, or falls on the event's date.
A past release, or growing earnings, are no mention. It judges no plan.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_ELSEWHERE = (
    "Januar|janvier|enero", "Februar|février|febrero", "März|Maerz|mars|marzo", "avril|abril", "Mai|mayo",
    "Juni|juin|junio", "Juli|juillet|julio", "août|agosto", "septembre|septiembre",
    "Oktober|octobre|octubre", "novembre|noviembre", "Dezember|décembre|diciembre",
)  # fmt: skip
# A point within a number, after an ordinal ("12. März") or a month's short name ("Mar. 12") ends no sentence.
_SENTENCE = re.compile(
    r"[^.!?;\n。！？；]{1,600}(?:\.(?:(?=\d)|(?<=[A-Z][a-z][a-z]\.)(?= \d)|(?<=\d\.)(?= (?:"
    + "|".join((*_MONTHS, *_ELSEWHERE))
    + r")))[^.!?;\n。！？；]{0,300}){0,4}"
)
_EARNINGS = re.compile(
    r"\b(?:earnings|results|print|q[1-4](?: fy ?\d{2,4})? (?:report|release|numbers|figures|call|update)"
    r"|(?:quarterly|half-?year|interim|annual|full-year|the|into|through|over|before) (?:report|numbers|figures)"
    r"|guidance|trading (?:update|statement)|eps (?:print|release)"
    r"|report(?:s|ing)? (?:date|day|on|after|before|tonight|tomorrow|next|q[1-4])"
    r"|(?:company|firm|issuer|management|it|they) (?:reports?|publish(?:es)?)(?! to\b| in (?:two|three|four|\d)))\b"
    r"|\b(?:quartals|halbjahres|jahres|gesch(?:ä|ae)fts)(?:zahlen|ergebnis(?:se|sen)?|bericht(?:s|es)?)\b"
    r"|\bzahlen (?:zum|f(?:ü|ue)r das) (?:\w{1,20} )?(?:quartal|halbjahr|gesch(?:ä|ae)ftsjahr)"
    r"|\br[ée]sultats (?:trimestriels|semestriels|annuels)\b|\bresultados (?:trimestrales|semestrales|anuales)\b"
    r"|财报|业绩|季报|年报|決算",
    re.IGNORECASE,
)
# What a company earns, or what a test finds, is no release.
_NO_RELEASE = re.compile(
    r"\bearnings['\u2019]?[ -](?:growth|quality|power|yield|multiples?|model|estimates?|per|base|streams?)\b"
    r"|\bearnings[ -](?:revisions?|momentum)\b"
    r"|\b(?:times|multiple of|price (?:to|over)|year['\u2019]?s) (?:[\w'\u2019]{1,20} ){0,4}earnings\b"
    r"|\b(?:back-?test|test|search|tool|query|trial|lab|survey|review|screen(?:ing)?) results\b"
    r"|\bresults from\b|\bresults in (?:an?|the|lower|higher|more|less|fewer)\b"
    r"|\bresults of (?:the |a |this )?(?:back-?test|test|search|trial|survey|review|screen)\b",
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
    r"\b(?:upcoming|coming|next|ahead of|before|prior to|into|through|over|across|until|due|scheduled|expected"
    r"|will report|will release|reports? (?:on|after|before|tonight|tomorrow)|pending|tonight|tomorrow"
    r"|after (?:the )?(?:close|bell)|this week|risk|event|gap|hedge|blackout|avoid|exit|flat|stay out"
    r"|(?:mon|tues|wednes|thurs|fri)day|vor (?:den|dem|der)|davor|bis zu[rm]?|anstehend\w{0,3}|kommend\w{0,3}"
    r"|steh(?:t|en) an|abwarten|avant|à venir|prochain\w{0,3}|antes de|pr[óo]xim\w{0,3})\b"
    r"|将|即将|下周|之前|前|公布|发布|风险",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:last|previous|prior quarter|past|reported|beat|missed|topped|already|came in|were|was|rose|fell|grew"
    r"|after its|following (?:its|the)|post-?earnings|since|letzt\w{1,3}|vergangen\w{0,3}|vorig\w{1,3}|derniers?"
    r"|pasad\w{1,3}|[úu]ltim\w{1,3})\b|上季|去年|已公布|已发布",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:upcoming|coming|next|will|due|scheduled|ahead of|tonight|tomorrow|exit before"
    r"|anstehend\w{0,3}|kommend\w{0,3}|à venir|prochain\w{0,3}|pr[óo]xim\w{0,3})\b|将|下周",
    re.IGNORECASE,
)


def mention(text: str, kind: str, title: str, day: date) -> tuple[int, int] | None:
    """Return where a text speaks of this coming event, as start and end of the sentence, or None.

    `kind` is earnings or macro, `title` names a macro event, `day` is the event's date.
    """
    named, dated = _terms(kind, title), _dates(day)
    for hit in _SENTENCE.finditer(text[:200_000]):
        said = hit[0]
        if not named.search(_NO_RELEASE.sub(" ", said)):
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
    name = rf"(?:{month}|{month[:3]}\.?|{_ELSEWHERE[day.month - 1]})"
    one, other = rf"0?{day.day}", rf"0?{day.month}"
    return re.compile(
        rf"{day.isoformat()}|{name}\s{{1,2}}{day.day}(?!\d)"
        rf"|(?<!\d){day.day}(?:st|nd|rd|th|\.)?\s{{1,2}}(?:of |de )?{name}"
        rf"|(?<!\d){one}[./-]{other}[./-](?:{day.year}|{day.year % 100})(?!\d)"
        rf"|(?<!\d){other}/{one}/(?:{day.year}|{day.year % 100})(?!\d)"
        rf"|{day.month}月{day.day}日",
        re.IGNORECASE,
    )
