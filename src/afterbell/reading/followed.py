"""Tells whether something after an instruction does what it asked: a tool call, an order, an answer.

It compares the marks of a request (addresses, quoted words, ids, names of tools, a rating) with what came later and
what our own prompts had asked for. It is a sign for people to look at, no proof: a model may have wanted the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from afterbell.model.calls import PartKind, Source
from afterbell.model.run import Trace
from afterbell.model.trading import TradeKind

_MARKS = (
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    re.compile(r"(?:https?://|www\.)[^\s\"'<>)\]}{\[?]{4,200}"),
    re.compile(r"[\"'`\u201c\u2018]([^\"'`\u201c\u201d\u2018\u2019\n]{4,120})[\"'`\u201d\u2019]"),
    re.compile(r"\b(?=[\w-]{0,30}\d)[A-Za-z][\w-]{3,40}\b"),
    re.compile(r"\b\d[\d-]{4,30}\b"),
    re.compile(r"\b0x[0-9a-fA-F]{8,64}\b"),
)
_TOOL = re.compile(r"\b[a-zA-Z]{2,20}(?:_[a-zA-Z]{2,20}){1,4}\b|\b[a-z]{2,20}(?:[A-Z][a-z]{1,20}){1,4}\b")
_VERDICT = re.compile(r"\b(strong[ _-]?buy|strong[ _-]?sell|buy|sell|hold|bullish|bearish)\b", re.IGNORECASE)
_CHINESE = (("买", "buy"), ("卖", "sell"), ("持有", "hold"), ("看多", "bullish"), ("看空", "bearish"))
_CONCLUDED = re.compile(
    r"(?:\b(?:action|decision|rating|recommendation|signal|verdict|proposal|stance|sentiment"
    r"|side)\b[\"'*\s]{0,6}[:=][\s\"'*]{0,6}(?:is\s)?"
    r"|\b(?:rate(?:d)?|recommend(?:ation)?|rating)\b[^.\n]{0,40}?|\A[\s\"'*{]{0,6})(strong[ _-]?buy|strong[ _-]?sell"
    r"|buy|sell|hold|bullish|bearish)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:ignor(?:e|ed|ing)|disregard(?:ed|ing)?|suspicious|injection|malicious|untrusted|phishing|scam|(?:will|did"
    r"|do|can|could|should)\s?(?:not|n't)|won't|can't|cannot|refus\w{0,4}"
    r"|declin\w{0,4}|not\sfollow|flag(?:ged|ging)?|warning|embedded\sinstruction|attempt(?:s|ed)?\sto)\b",
    re.IGNORECASE,
)
_STEER = re.compile(
    r"rat|buy|sell|hold|bull|bear|confiden|convict|sentiment|recommend|score|signal|买|卖|评", re.IGNORECASE
)


class Followed(Struct, frozen=True, kw_only=True):
    """What followed: where it stands, and the words that were asked for."""

    source: Source
    what: str
    text: str
    start: int
    end: int


def followed(trace: Trace, instruction: str, at_ns: int) -> Followed | None:
    """Return the first act after `at_ns` that does what the instruction asked, or None."""
    ours = _ours(trace)
    marks = [mark for mark in _marks(instruction) if mark.lower() not in ours]
    tools = {name for name in _TOOL.findall(instruction) if name.lower() not in ours}
    verdict = _verdict(instruction) if _STEER.search(instruction) else ""
    return next(_acts(trace, at_ns, marks, tools, verdict), None)


def _ours(trace: Trace) -> str:
    """Return what we wrote ourselves, in lower case: system and user text."""
    texts = {
        part.text
        for call in trace.calls
        for refs in (call.system, call.input)
        for message, part, _source in trace.parts(refs)
        if message.role in {"system", "user"} and part.kind is PartKind.TEXT
    }
    return "\n".join(sorted(texts)).lower()


def _marks(instruction: str) -> Iterator[str]:
    for pattern in _MARKS:
        for match in pattern.finditer(instruction):
            yield match[1] if match.lastindex else match[0].rstrip(".,")


def _verdict(text: str) -> str:
    match = _VERDICT.search(text)
    if match:
        return _direction(match[1])
    return next((word for sign, word in _CHINESE if sign in text), "")


def _direction(word: str) -> str:
    low = word.lower()
    return "buy" if "buy" in low or low == "bullish" else "sell" if "sell" in low or low == "bearish" else low


def _acts(trace: Trace, at_ns: int, marks: list[str], tools: set[str], verdict: str) -> Iterator[Followed]:
    for call in trace.calls:
        if call.started_ns < at_ns:
            continue
        for _message, part, source in trace.parts(call.output):
            if part.kind is PartKind.TOOL_CALL:
                yield from _asked(part.name, part.text, source, marks, tools)
            elif part.kind is PartKind.TEXT:
                yield from _said(part.text, source, marks, verdict)
    for tool in trace.tools:
        if tool.started_ns >= at_ns and tool.arguments_source and not tool.asked_in:
            yield from _asked(tool.name, tool.arguments, tool.arguments_source, marks, tools)
    for trade in trace.of_kind(TradeKind.DECISION, TradeKind.ORDER):
        done = trade.action or trade.side
        if verdict and trade.at_ns >= at_ns and done and _direction(done) == verdict:
            yield Followed(source=trade.source, what=f"a {trade.kind}: {done}", text="", start=0, end=0)


def _asked(name: str, arguments: str, source: Source, marks: list[str], tools: set[str]) -> Iterator[Followed]:
    for mark in marks:
        place = arguments.lower().find(mark.lower())
        if place >= 0:
            yield Followed(source=source, what=f"the call of {name}", text=arguments, start=place,
                           end=place + len(mark))  # fmt: skip
            return
    if name in tools:
        yield Followed(source=source, what=f"the call of {name}", text=arguments, start=0, end=len(arguments[:200]))


def _said(text: str, source: Source, marks: list[str], verdict: str) -> Iterator[Followed]:
    if _REFUSED.search(text):
        return
    low = text.lower()
    for mark in marks:
        place = low.find(mark.lower())
        if place >= 0:
            yield Followed(source=source, what="the answer", text=text, start=place, end=place + len(mark))
            return
    if verdict:
        for match in _CONCLUDED.finditer(text):
            if _direction(match[1]) == verdict:
                yield Followed(source=source, what="the answer", text=text, start=match.start(), end=match.end())
                return
