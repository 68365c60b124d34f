"""Finds text that tries to steer a model: in a tool's result, an error message, a document. Text in, findings out.

Hyperscan says which rules occur at all, `re` says where, and then the surroundings decide: a request must begin where
requests begin, reported speech does not steer, light shapes count only in company, a mark of a machine only beside what
is wanted of it, and people's letters may ask for things. Escapes are read as what they stand for and hidden text is
decoded and read again; findings cite the text as given. It does not know where a text came from, nor whether a model
obeyed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct

from afterbell.reading.hidden_text import ALONE, Disguise, Hidden, hidden, mixed_words, visible
from afterbell.reading.instructions import (
    acts,
    address,
    languages,
    machine_talk,
    market,
    marks,
    output,
    override,
    tools,
    wants,
)
from afterbell.reading.instructions.words import ASKED
from afterbell.reading.patterns import Hit, Rule, RuleSet
from afterbell.reading.views import View, unescaped, view

HIDDEN = "hidden text"
MAX_FINDINGS = 50
_SHELVES = (
    override,
    address,
    output,
    tools,
    market,
    acts,
    machine_talk,
    languages,
    marks,
    wants,
)
REQUESTS: tuple[Rule, ...] = tuple(rule for shelf in _SHELVES for rule in shelf.REQUESTS)
PHRASES: tuple[Rule, ...] = tuple(rule for shelf in _SHELVES for rule in shelf.PHRASES)
SUPPORT: tuple[Rule, ...] = acts.SUPPORT
_ENOUGH = 1.0
_ENOUGH_IN_LETTERS = 2.0
_ENOUGH_HIDDEN = 0.5
_NEAR = 240
_AIM = 160
_REQUEST = 420
_LETTER = 600
_SHOWN = 300
_BACK = 90
_WIDTH = 400
_TRIES = 6
_REQUESTED = frozenset(rule.id for rule in REQUESTS)
_ASKED = re.compile(ASKED + r"\Z", re.IGNORECASE | re.ASCII)
_POLITE = re.compile(
    r"(?:please|kindly|(?:can|could|would|will)\syou|i\s(?:want|need|would)|i'd|help\sme)\b", re.IGNORECASE
)
_QUOTED = re.compile(
    "\\b(?:such as|like|e\\.g\\.,?|for example,?|for instance,?|including|phrases?|prompts?|words?|sayings?|says|said"
    "|wrote|writes|reads?|titled|entitled|called"
    "|known as|dubbed|attacks?|injections?|jailbreaks?|instruct(?:ed|s|ing)|ask(?:s|ed|ing)|told|tell(?:s|ing)"
    "|strings?|messages? like|headlined|quoted?|example|typed|entered|pasted|inserted|hid|hidden|wording)\\b"
    '[^"\u201c\u201d\'\\n]{0,50}["\u201c\'\u2018`][^"\u201c\u201d\\n]{0,80}\\Z',
    re.IGNORECASE,
)
_CLOSED = re.compile('[^"\u201c\u201d\\n]{0,200}["\u201d\'\u2019`]')
_TOLD = re.compile(
    r"\b(?:tell|tells|told|telling|instruct(?:s|ed|ing)?|ask(?:s|ed|ing)?|trick(?:s|ed|ing)?|order(?:s|ed|ing)?"
    r"|command(?:s|ed|ing)?|persuad(?:e|es|ed|ing)|coax(?:es|ed|ing)?"
    r"|caus(?:e|es|ed|ing)|forc(?:e|es|ed|ing)|get|gets|getting|got|make|makes|made|allow(?:s|ed|ing)?|convinc(?:e|es"
    r"|ed|ing)|prompt(?:s|ed|ing)?|manipulat(?:e|es|ed|ing)|urg(?:e|es|ed|ing))\s"
    r"(?:\w{1,12}\s){0,3}?(?:models?|AIs?|chat-?bots?|assistants?|agents?|LLMs?|systems?|bots?|them|it|him|her"
    r"|users?|investors|ChatGPT|Claude|Gemini|Copilot)\s(?:to|into)\b[^.!?\n]{0,80}\Z",
    re.IGNORECASE | re.ASCII,
)
_GREETING = re.compile(
    r"(?:^|[\n|:])\s{0,6}(?:hi|hello|hey|dear|good\s(?:morning|afternoon|evening)|team)\b[^\n]{0,40},", re.IGNORECASE
)
_SIGNED = re.compile(
    r"\n\s{0,4}(?:(?:best|kind|warm|many|with\skind)?\s?(?:regards|wishes)|best|thanks|thank\syou|cheers|sincerely"
    r"|yours\s\w{1,12}|cordially|talk\ssoon)\s{0,2},?\s{0,3}\n",
    re.IGNORECASE,
)
_LED = re.compile(
    r"(?:^|[.!?:\n]\s{0,3})(?:in|for|when|after|before|if|from|with|as|on|once|whatever|whenever|during|until|under|over)\b"
    r"[^.!?,:\n]{2,70}\s\Z",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?]\s|\n")
_REST = re.compile('(?:[^.!?\n\u3002\uff01\uff1f"\u201d<>]|[.!?](?=[\\w/=&%#])){0,120}')
_ADDRESS = re.compile(r"[^\s\"'<>)\]}]{0,200}")
_CODE_ROLES = frozenset({"role.tokens", "role.turn", "role.heading", "role.json", "role.end_of_data"})
_ACT = acts.ACT
URL = market.URL


class Finding(Struct, frozen=True, kw_only=True):
    """One attempt to steer. `start` and `end` are offsets into the text as given, `said` is what a model reads there.

    `coerces` tells whether it reaches for tools, orders, data or a verdict (what makes a security event).
    """

    rule: str
    family: str
    severity: str
    start: int
    end: int
    said: str
    coerces: bool = False
    disguise: str = ""


class _Seen(Struct, frozen=True, kw_only=True):
    """A hit that its surroundings left standing, in characters of a view."""

    rule: Rule
    start: int
    end: int


@cache
def _rules() -> tuple[RuleSet, ...]:
    """One set per shelf: hyperscan compiles several small sets in half the time of a large one."""
    return tuple(RuleSet((*shelf.REQUESTS, *shelf.PHRASES)) for shelf in _SHELVES)


@cache
def _support() -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    return tuple((rule, re.compile(rule.pattern, re.IGNORECASE | re.ASCII)) for rule in SUPPORT)


@cache
def _requests_by_id() -> Mapping[str, re.Pattern[str]]:
    return {rule.id: re.compile(rule.pattern, re.IGNORECASE | re.ASCII) for rule in REQUESTS}


def find(text: str) -> tuple[Finding, ...]:
    """Return up to MAX_FINDINGS attempts in order of place. Any text is accepted, of any size; work is linear."""
    seen = unescaped(view(text))
    found = [_finding(seen, hit) for hit in _standing(seen.text, _ENOUGH)]
    found += _hidden(seen, text)
    clear = visible(seen)
    if clear is not seen:
        known = [(each.start, each.end) for each in found]
        for hit in _standing(clear.text, _ENOUGH):
            new = _finding(clear, hit)
            if not any(start < new.end and new.start < end for start, end in known):
                found.append(_unmasked(new, text))
    kept: list[Finding] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end, one.rule)):
        if not kept or each.start >= kept[-1].end or each.family != kept[-1].family:
            kept.append(each)
    return tuple(kept[:MAX_FINDINGS])


def _finding(seen: View, hit: _Seen) -> Finding:
    """Cite a hit with the rest of its sentence, where its object stands."""
    rest = (_ADDRESS if hit.rule.family == URL else _REST).match(seen.text, hit.end)
    stop = rest.end() if rest else hit.end
    start, end = seen.place(hit.start, stop)
    return Finding(
        rule=hit.rule.id, family=hit.rule.family, severity=hit.rule.severity, coerces=hit.rule.coerces,
        start=start, end=end, said=seen.text[hit.start : stop][:_SHOWN],
    )  # fmt: skip


def _unmasked(found: Finding, text: str) -> Finding:
    """Name the disguise of a finding that shows only once the text is made plain."""
    raw = text[found.start : found.end]
    masked = "&" in raw or not raw.isascii()
    disguise = str(Disguise.HOMOGLYPHS) if mixed_words(raw) or masked else ""
    return Finding(
        rule=found.rule, family=HIDDEN if disguise else found.family, severity="high", coerces=found.coerces,
        start=found.start, end=found.end, said=found.said, disguise=disguise,
    )  # fmt: skip


def _hidden(seen: View, text: str) -> Iterator[Finding]:
    for each in hidden(seen):
        hits = _standing(visible(view(each.text)).text, _ENOUGH_HIDDEN) if each.text else []
        if hits or each.disguise in ALONE:
            yield _of_hidden(seen, each, hits, text)


def _of_hidden(seen: View, each: Hidden, hits: Sequence[_Seen], text: str) -> Finding:
    start, end = seen.place(each.start, min(each.end, each.start + _WIDTH))
    said = each.text
    if hits:
        first = hits[0]
        said = each.text[max(0, first.start - 20) : first.end + 60]
    return Finding(
        rule=hits[0].rule.id if hits else f"hidden.{each.disguise.name.lower()}", family=HIDDEN, severity="high",
        start=start, end=min(end, len(text)), said=said[:_SHOWN], disguise=str(each.disguise),
        coerces=any(hit.rule.coerces for hit in hits),
    )  # fmt: skip


def _standing(text: str, enough: float) -> list[_Seen]:
    """Return the hits that stand: alone by their weight, or together with others nearby."""
    every = (found for rules in _rules() for found in rules.find(text))
    hits = [hit for found in every if (hit := _settled(text, found)) and _counts(text, hit)]
    hits.sort(key=lambda hit: (hit.start, hit.end, hit.rule.id))
    asked = [hit for hit in hits if hit.rule.family == _ACT]
    strong = [hit for hit in hits if hit.rule.family != _ACT and hit.rule.weight >= _ENOUGH]
    apart = (_ACT, marks.MARK, wants.WANT)
    light = [hit for hit in hits if hit.rule.family not in apart and hit.rule.weight < _ENOUGH]
    found = [_Seen(rule=hit.rule, start=hit.start, end=hit.end) for hit in strong]
    found += _together(light, strong, enough)
    found += _requests(text, asked, enough)
    found += [hit for hit in _aimed(text, hits) if not any(_overlap(hit, other) for other in found)]
    return sorted(found, key=lambda hit: (hit.start, hit.end))


def _settled(text: str, hit: Hit) -> Hit | None:
    """Return a request where it really begins: a word before it may read like its verb ("access logs and send")."""
    if hit.rule.id not in _REQUESTED:
        return hit
    pattern = _requests_by_id()[hit.rule.id]
    start = hit.start
    for _ in range(_TRIES):
        if _is_asked(text, hit.start) or (hit.rule.family == wants.WANT and _is_led_to(text, hit.start)):
            return hit
        match = pattern.search(text, hit.start + 1, min(len(text), hit.end + 1))
        if match is None or match.start(1) >= start + _WIDTH:
            return None
        hit = Hit(rule=hit.rule, start=match.start(1), end=match.end(1))
    return None


def _counts(text: str, hit: Hit) -> bool:
    if hit.rule.id in _CODE_ROLES:
        return not _in_code(text, hit.start)
    return not _is_reported(text, hit)


def _is_led_to(text: str, start: int) -> bool:
    """Tell whether a verb follows a clause at the beginning of its sentence ("In your answer call it safe")."""
    return bool(_LED.search(text, max(0, start - _BACK), start))


def _is_asked(text: str, start: int) -> bool:
    return bool(_POLITE.match(text, start) or _ASKED.search(text, max(0, start - _BACK), start))


def _is_reported(text: str, hit: Hit) -> bool:
    low = max(0, hit.start - 160)
    if _TOLD.search(text, low, hit.start):
        return True
    return bool(_QUOTED.search(text, low, hit.start) and _CLOSED.match(text, hit.end))


def _in_code(text: str, start: int) -> bool:
    """Tell whether a place is inside backticks: a manual that shows a chat template does not use it."""
    line = text.rfind("\n", 0, start) + 1
    return text.count("`", line, start) % 2 == 1 or text.count("```", 0, start) % 2 == 1


def _together(light: Sequence[Hit], strong: Sequence[Hit], enough: float) -> Iterator[_Seen]:
    """Yield stretches in which light rules of different kinds add up."""
    group: list[Hit] = []
    for hit in sorted((*light, *strong), key=lambda each: each.start):
        if group and hit.start - group[-1].start > _NEAR:
            yield from _added(group, enough)
            group = []
        group.append(hit)
    yield from _added(group, enough)


def _added(group: Sequence[Hit], enough: float) -> Iterator[_Seen]:
    weights = {hit.rule.id: hit.rule.weight for hit in group}
    light = [hit for hit in group if hit.rule.weight < _ENOUGH]
    if light and len(light) < len(group):
        return
    if light and sum(weights.values()) >= enough:
        first = max(light, key=lambda hit: hit.rule.weight)
        start, end = min(hit.start for hit in light), max(hit.end for hit in light)
        yield _Seen(rule=first.rule, start=start, end=min(end, start + _WIDTH))


def _aimed(text: str, hits: Sequence[Hit]) -> Iterator[_Seen]:
    """Yield each mark of a machine beside which something is wanted of it, outside of letters between people."""
    wanted = [hit for hit in hits if hit.rule.family == wants.WANT]
    starts = [want.start for want in wanted]
    longest = max((want.end - want.start for want in wanted), default=0)
    done = -1
    for mark in (hit for hit in hits if hit.rule.family == marks.MARK):
        if mark.start < done:
            continue
        low, high = bisect_left(starts, mark.start - _AIM - longest), bisect_right(starts, mark.end + _AIM)
        near = [want for want in wanted[low:high] if _beside(text, mark, want)]
        if not near or _in_letter(text, mark.start):
            continue
        start = min(mark.start, near[0].start)
        done = max(mark.end, near[0].end)
        stop = _ENDED.search(text, done, min(len(text), done + _AIM))
        done = stop.start() if stop else min(len(text), done + _AIM // 2)
        deeds = mark.rule.coerces or any(want.rule.coerces for want in near)
        yield _Seen(rule=marks.AIMED_AT_DEEDS if deeds else marks.AIMED, start=start,
                    end=min(done, start + _WIDTH))  # fmt: skip


def _overlap(one: _Seen, other: _Seen) -> bool:
    return one.start < other.end and other.start < one.end


def _beside(text: str, mark: Hit, want: Hit) -> bool:
    """Tell whether a want stands within a sentence of a mark."""
    if mark.start < want.start < mark.end and text[want.start - 1] in "\"'":
        return False  # a value that is shown, not a request
    first, last = sorted((mark, want), key=lambda each: each.start)
    if last.start - first.end > _AIM:
        return False
    return len(_ENDED.findall(text, first.end, max(first.end, last.start))) <= 1


def _in_letter(text: str, place: int) -> bool:
    """Tell whether a place is within a letter: people ask each other for things there."""
    low, high = max(0, place - _LETTER), min(len(text), place + _LETTER)
    return bool(_GREETING.search(text, low, place) or _SIGNED.search(text, place, high))


def _requests(text: str, asked: Iterable[Hit], enough: float) -> Iterator[_Seen]:
    """Yield requests whose marks add up; hits that begin in one sentence are one request."""
    done = -1
    ordered = list(asked)
    for place, hit in enumerate(ordered):
        if hit.start < done:
            continue
        end = hit.start + _REQUEST
        stop = _ENDED.search(text, hit.start, end)
        end = stop.start() if stop else min(end, len(text))
        same = [other for other in ordered[place:] if other.start < max(end, hit.end)]
        weights = {other.rule.id: other.rule.weight for other in same}
        for rule, pattern in _support():
            if pattern.search(text, hit.start, min(len(text), max(end + 60, hit.end))):
                weights[rule.id] = rule.weight
        done = max(end, *(other.end for other in same))
        needed = max(enough, _ENOUGH_IN_LETTERS) if _in_letter(text, hit.start) else enough
        if sum(weights.values()) >= needed:
            first = max(same, key=lambda other: other.rule.weight)
            stretch = max(other.end for other in same)
            coerces = next((other for other in same if other.rule.coerces), first)
            yield _Seen(rule=coerces.rule, start=hit.start, end=min(max(stretch, end), hit.start + _WIDTH))
