"""What a model call was asked to do: simple work (extraction, summary, classification, sentiment) or something else.

A stated `trading.task.type` on the call or the nearest span above it holds; else the instructions in the prompt tell,
in English or Chinese. Quoted material is no instruction: only sentences that order something are read. It does not
judge whether thinking was worth it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from afterbell.model.calls import LlmCall, PartKind, Source
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import ContentState

TASK_TYPE: Final = "trading.task.type"
EXTRACTION, SUMMARY, CLASSIFICATION, SENTIMENT = "extraction", "summary", "classification", "sentiment"
SIMPLE: Final = frozenset({EXTRACTION, SUMMARY, CLASSIFICATION, SENTIMENT})
DEMANDING: Final = "demanding"
"""The prompt asks for judgement: research, valuation, planning, a decision."""

_DEEPEST = 40
_HEAD, _TAIL = 2000, 1200  # an instruction stands before or after the material it is about
_ALIASES = (
    (re.compile(r"\A(?:extract\w{0,6}|(?:entity|information|data)[ _-]extraction|ner|parsing)\Z"), EXTRACTION),
    (re.compile(r"\A(?:summar\w{0,9}|(?:text|news|document)[ _-]summar\w{0,9})\Z"), SUMMARY),
    (re.compile(r"\A(?:classif\w{0,8}|(?:text|news|topic)[ _-]classification|categori[sz]ation|labell?ing|tagging)\Z"),
     CLASSIFICATION),
    (re.compile(r"\Asentiment(?:[ _-](?:analysis|classification|scoring|score))?\Z"), SENTIMENT),
)  # fmt: skip
_LEAD = (
    r"(?:\d{1,2}[.)] {0,2})?(?:please,? |kindly |then,? |now,? |first,? |next,? |finally,? "
    r"|(?:your|the) (?:task|job|goal|role|only task) is (?:only )?to |you (?:(?:must|should|will|are to|need to) )?|i want you to "
    r"|can you |could you |task: ?|instructions?: ?|only |just ){0,3}"
)
_THING = (
    r"(?:text|article|headline|news|story|stories|post|posts|tweets?|transcript|filing|document|message|comment|passage"
    r"|report|call|sentence|paragraph|email|item|release|note|headlines|articles|documents|following|above|below|it|each)"
)
_VERBS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\A{_LEAD}(?:{words})", re.IGNORECASE))
    for kind, words in (
        (
            SENTIMENT,
            r"(?:analy[sz]e|rate|score|classify|determine|assess|judge|label|detect|identify|give|return|state|tell"
            r"|output|report|evaluate|predict|what is|what's)(?: me)?(?: [\w']{1,20}){0,5} sentiment\b"
            r"|sentiment (?:analysis|classification|score|label)\b"
            r"|(?:answer|reply|respond|return|output|say|choose|pick)\b[^.\n]{0,60}?\b(?:positive|bullish)\b[^.\n]{0,20}?"
            r"\b(?:negative|bearish)\b",
        ),
        (
            CLASSIFICATION,
            r"classify\b|categori[sz]e\b|label (?:the|this|each|every|these)\b|tag (?:the|this|each|every|these)\b"
            r"|assign (?:a|an|one|the)(?: [\w-]{1,20}){0,3} (?:label|category|class|topic|tag|sector)\b"
            rf"|(?:decide|determine|say|tell|state|check|answer|judge)(?: me)? (?:whether|if) (?:the|this|each|an?)"
            rf"(?: [\w-]{{1,20}}){{0,2}} {_THING}\b(?: [\w-]{{1,20}}){{0,3}} (?:is|are|mentions?|concerns?|names?|relates?)\b"
            rf"|is (?:the|this|the following)(?: [\w-]{{1,20}}){{0,2}} {_THING} (?:positive|negative|relevant|about|good|bad)\b"
            r"|which (?:category|sector|topic|class|label)\b|route (?:the|this|each) (?:message|ticket|request|query)\b",
        ),
        (
            SUMMARY,
            r"summari[sz]e\b|condense\b|shorten\b|tl;?dr\b"
            r"|(?:give|write|provide|produce|return|create|prepare|make)(?: me)? (?:an? |the |one |two |three )?"
            r"(?:[\w-]{1,20} ){0,4}(?:summary|summaries|digest|synopsis|abstract)\b",
        ),
        (
            EXTRACTION,
            r"extract\b|pull (?:out )?(?:the|all|every)\b|parse\b|copy (?:out )?(?:the|all|every)\b"
            r"|(?:list|find|identify|return|give|get|locate|read)(?: me)? (?:all |every |the |each |any ){0,2}"
            r"(?:[\w-]{1,20} ){0,3}(?:entities|entity|names|tickers?|symbols?|dates?|figures|numbers|amounts|fields|values"
            r"|companies|mentions|keywords|line items|table cells|eps|revenue figure)\b"
            r"|convert (?:the|this|each)(?: [\w-]{1,20}){1,4} (?:to|into) (?:json|csv|a table)\b",
        ),
    )
)
_CHINESE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (SENTIMENT, re.compile(r"(?:判断|分析|识别|评估|给出)[^。！？\n]{0,20}(?:情感|情绪)(?:倾向|极性|分类|得分|分数)?|情感分类")),
    (CLASSIFICATION, re.compile(r"(?:进行|归入|做)[^。！？\n]{0,12}(?:分类|归类)|(?:对|将|把)[^。！？\n]{0,30}(?:分类|归类)")),
    (SUMMARY, re.compile(r"(?:请|用[^。！？\n]{1,12})?(?:总结|概括|写[^。！？\n]{0,10}摘要|生成[^。！？\n]{0,10}摘要)")),
    (EXTRACTION, re.compile(r"(?:提取|抽取|摘录)")),
)  # fmt: skip
_NAMED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (SENTIMENT, re.compile(r"sentiment[ _-]?(?:classif|scor|label|tag)|(?:classif|scor|label)\w{0,4}[ _-]?sentiment", re.I)),
    (CLASSIFICATION, re.compile(r"classif(?:y|ier|ication)|categori[sz]|\btagg(?:er|ing)|labell?er|\brouter\b", re.I)),
    (SUMMARY, re.compile(r"summari[sz]|summary|digest", re.I)),
    (EXTRACTION, re.compile(r"extract|parser\b|\bner\b", re.I)),
)  # fmt: skip
_ROLE = re.compile(
    r"\byou are (?:an? |the )?(?:[\w-]{1,20} ){0,4}"
    r"(?P<simple>(?P<summary>summari[sz]er)|(?P<classification>classifier|tagger|labell?er)"
    r"|(?P<extraction>extractor|extraction (?:engine|assistant|system|model|tool)|parser)"
    r"|(?P<sentiment>sentiment (?:classifier|scorer|analy[sz]er|model)))\b",
    re.IGNORECASE,
)
_OBJECT = r"(?:the|this|that|these|those|our|your|its|an?|all|each|every|whether|if|how|what|which|[A-Z]{2,10}(?![a-z]))"
# Words that are nouns too open a sentence of the material as well; an object tells the order from the news.
_JUDGES = (
    r"(?:(?i:analy[sz]e|investigate|evaluate|assess|predict|decide|recommend|develop|propose|compare|weigh|argue"
    r"|challenge|criti[qc]ue|devise|allocate|optimi[sz]e|rebalance|derive|solve|advise|conclude)\b"
    r"|(?i:research|value|estimate|forecast|plan|design|debate|review|judge|build|size|trade|rank|price|model|buy|sell"
    rf"|hold|choose|determine|select|form|make|write|update) {_OBJECT}\b)"
)
_DEMANDS = re.compile(
    rf"\A(?i:{_LEAD}){_JUDGES}|\A(?i:should (?:we|i)|what should|how (?:would|should) (?:we|i|you)|what is your"
    r" (?:view|recommendation|decision)|(?:answer|reply|respond|return|output|say)\b[^.\n]{0,60}?\bbuy\b[^.\n]{0,20}?"
    r"\b(?:sell|hold)\b)"
)
_ALSO = re.compile(rf"(?i:(?:\band|\bthen|[,;:]) (?:then |also )?){_JUDGES}")
_CHINESE_DEMANDS = re.compile(r"分析|研究|评估|预测|决策|决定|建议|制定|推荐|交易")
_DEMANDING_ROLE = re.compile(
    r"\byou are (?:an? |the |our )?(?:[\w-]{1,20} ){0,5}(?:analyst|trader|manager|strategist|researcher|advis[oe]r"
    r"|planner|economist|investor|agent|reviewer|quant)\b",
    re.IGNORECASE,
)
_MARKS = " \t\r\n*#>-•\"'`("
_SENTENCE = re.compile(r"[^.!?\n。！？]{1,600}(?:[.!?](?!\d)|[\n。！？]|\Z)?")


class Task(Struct, frozen=True, kw_only=True):
    """What a call was asked to do: `kind` is one of SIMPLE, a stated type, DEMANDING, or empty where nobody can tell."""

    kind: str = ""
    evidence: Evidence | None = None
    stated: bool = False

    @property
    def simple(self) -> bool:
        """Whether the task needs no extended thinking."""
        return self.kind in SIMPLE


def task_of(trace: Trace, call: LlmCall) -> Task:
    """Return what a call was asked to do, with the attribute or the words that say so."""
    stated = _stated(trace, call)
    if stated is not None:
        return stated
    if call.states.get("input") is ContentState.TRUNCATED and not call.input:
        return Task()
    return _by_orders(trace, call) or _by_name(call) or Task()


def _stated(trace: Trace, call: LlmCall) -> Task | None:
    spans = {span.span_id: span for span in trace.spans}
    own = [spans[each] for each in (call.span_id, *call.duplicates) if each in spans]
    here = spans.get(call.span_id)
    for _ in range(_DEEPEST):
        here = spans.get(here.parent_span_id) if here else None
        if here is None:
            break
        own.append(here)
    for span in own:
        value = span.attributes.get(TASK_TYPE)
        if isinstance(value, str) and value.strip():
            proof = Evidence(trace_id=trace.trace_id, span_id=span.span_id, field=TASK_TYPE, excerpt=value,
                             end=len(value))  # fmt: skip
            return Task(kind=task_word(value), evidence=proof, stated=True)
    return Task(kind=task_word(call.task_type), stated=True) if call.task_type else None


def task_word(said: str) -> str:
    """Return a stated task type in the contract's words: `Summarization` -> `summary`."""
    word = said.strip().lower()
    return next((kind for pattern, kind in _ALIASES if pattern.match(word)), word)


def _by_name(call: LlmCall) -> Task | None:
    if not call.prompt_name:
        return None
    kind = next((kind for kind, pattern in _NAMED if pattern.search(call.prompt_name)), "")
    return Task(kind=kind) if kind else None


def _by_orders(trace: Trace, call: LlmCall) -> Task | None:
    """Read the sentences that order something; one that asks for judgement makes the whole task demanding."""
    simple = role = None
    demanding: Task | None = None
    for text, source in _instructions(trace, call):
        for start, end in _ends(len(text)):
            for hit in _SENTENCE.finditer(text, start, end):
                said = hit[0].lstrip(_MARKS)
                at = hit.end() - len(said)
                found = _order(said)
                if found == DEMANDING:
                    demanding = demanding or Task(kind=DEMANDING, evidence=_cited(source, said, at))
                elif found:
                    simple = simple or Task(kind=found, evidence=_cited(source, said, at))
        worker = _ROLE.search(text[:_HEAD])
        if worker is not None:
            kind = next(name for name in SIMPLE if worker[name])
            role = role or Task(kind=kind, evidence=_cited(source, worker[0], worker.start()))
    if demanding is None and simple is None and role is None:
        texts = (text[:_HEAD] for text, _source in _instructions(trace, call))
        return Task(kind=DEMANDING) if any(_DEMANDING_ROLE.search(text) for text in texts) else None
    return demanding or simple or role


def _order(said: str) -> str:
    for kind, verb in _VERBS:
        hit = verb.match(said)
        if hit is not None:
            return DEMANDING if _ALSO.search(said, hit.end()) else kind
    if _DEMANDS.match(said):
        return DEMANDING
    for kind, verb in _CHINESE:
        hit = verb.search(said)
        if hit is not None:
            return DEMANDING if _CHINESE_DEMANDS.search(said, hit.end()) else kind
    return DEMANDING if _CHINESE_DEMANDS.search(said) else ""


def _ends(length: int) -> Iterator[tuple[int, int]]:
    if length <= _HEAD + _TAIL:
        yield 0, length
        return
    yield 0, _HEAD
    yield length - _TAIL, length


def _instructions(trace: Trace, call: LlmCall) -> Iterator[tuple[str, Source]]:
    """Yield the system prompt and the last turn of the user's, from which the model was to answer."""
    for _message, part, source in trace.parts(call.system):
        yield part.text, source
    turns = [ref for ref in call.input if trace.message(ref).role in {"user", "human", "system", "developer"}]
    for ref in turns[-2:]:
        for _message, part, source in trace.parts((ref,)):
            if part.kind is PartKind.TEXT:
                yield part.text, source


def _cited(source: Source, said: str, at: int) -> Evidence:
    excerpt = said.rstrip()[:160]
    return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=excerpt, start=at,
                    end=at + len(excerpt))  # fmt: skip
