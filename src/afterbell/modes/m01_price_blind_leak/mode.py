"""Price-blind leak: the research prompt told the model a price, a move or our position.

What it asks
    Did the prompt of the research stage hold the current price, a percentage move, or the language of a position?

Why it matters
    A model that sees the price or our position argues towards it: the thesis explains the move instead of the company,
    and the desk mistakes an echo of the market for independent support.

How it looks
    Read are the system prompt, the user's and all later turns, the retrieved documents and the results of tools, each
    of the research stage. Four families of rules, English and Chinese: quotes (price, bar, level, indicator), moves
    (a figure is of high severity, a direction or a word of charts medium), positions (what is held, cost, profit and
    loss, orders; with or without figures) and sentiment. Each different match weighs 1.0 (high), 0.5 (medium) or 0.2
    (low); score = min(1, sum / 10), in bands clean (0), light (below 0.2), caution (to 0.5), contaminated.
    Yes when one match is of high severity, or when the medium ones sum to 1.0; sentiment alone is never yes.
    `high_families` names the families whose high severity decides. No leak: figures of a business or an economy
    (revenue, EPS, dividends, book value, product prices, input costs, market share, backlog), a sentence that forbids
    prices or says that they are absent, the definition of a tool, and whatever the decision and risk stages see.
    Content that is gone (redacted, cut off, evicted, only referred to): unknown, unless what is left makes it yes.
    No model call, or none of the research stage: not applicable.

What would prevent it
    A gate before the research call that reads the assembled prompt with these rules and refuses it; quotes and
    positions joined to the thesis only after the research has been stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec import Struct

from afterbell.model.calls import ROLLUP, Document, LlmCall, PartKind, Source
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.trace import Span
from afterbell.model.vocabulary import ContentState, Stage
from afterbell.model.wording import first_of
from afterbell.reading import retrievals
from afterbell.reading.price_language import FAMILIES, Leak, read

NUMBER = 1
SLUG = "price_blind_leak"
QUESTION = "Did the research prompt hold the current price, a percentage move, or position-state language?"
SINCE = "0.1.0"
NEEDS = (Need.SPANS, Need.MODEL_CALLS)
KNOBS = {"high_families": ["quote", "move", "position"]}

SATURATION = 10  # weights that make the score 1: about ten matches of high severity
MEDIUM_LIMIT = 1.0
CAUTION, CONTAMINATED = 0.2, 0.5

_SHOWN = 12
_ARGUMENTS = 10_000  # characters; arguments are short
_ASKED_FOR = re.compile(r'"(?:symbol|ticker|coin|asset|stock)"\s{0,2}:\s{0,2}"([A-Za-z][\w.\-]{1,15})"', re.ASCII)
_TITLES = ("title", "headline", "name")


class _Text(Struct, frozen=True, kw_only=True):
    """One text that a research prompt held, and where it stands."""

    words: str
    source: Source


class _Found(Struct, frozen=True, kw_only=True):
    leak: Leak
    source: Source


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the words and their places, no, na without a research call, unknown when text is gone."""
    trace = case.trace
    calls = tuple(call for call in trace.calls if call.stage is Stage.RESEARCH)
    if not calls:
        return na("No model call of the research stage in this trace; the other stages may see prices.")
    found = _leaks(trace, calls)
    deciding = set(case.knobs.get("high_families", KNOBS["high_families"]))
    high = [each for each in found if each.leak.rule.severity == "high" and each.leak.rule.family in deciding]
    medium = [each for each in found if each.leak.rule.severity == "medium"]
    figures = _figures(found, medium)
    gone = tuple(dict.fromkeys(_gone(trace, calls)))
    if high or sum(each.leak.rule.weight for each in medium) >= MEDIUM_LIMIT:
        shown = (high or medium)[:_SHOWN]
        evidence = tuple(_evidence(each) for each in shown)
        return yes(_reason(high or medium, figures), evidence, figures, gone)
    if gone:
        reason = f"Part of what the research prompts held is gone: {first_of(gone)}."
        return unknown(reason, gone, figures, tuple(_evidence(each) for each in found[:_SHOWN]))
    reason = f"{len(calls)} research call{'s' * (len(calls) > 1)} read: no price, move or position that decides."
    return no(reason, figures, tuple(_evidence(each) for each in found[:_SHOWN]))


def _leaks(trace: Trace, calls: Sequence[LlmCall]) -> list[_Found]:
    """Return every different match: the same words by the same rule count once, wherever they are repeated."""
    symbols = _symbols(trace)
    seen: set[tuple[str, str]] = set()
    texts: set[str] = set()
    found = []
    for text in chain(_prompts(trace, calls), _tools(trace), _documents(trace)):
        if not text.words or text.words in texts:
            continue
        texts.add(text.words)
        for leak in read(text.words, symbols):
            key = (leak.rule.id, " ".join(leak.words.lower().split()))
            if key not in seen:
                seen.add(key)
                found.append(_Found(leak=leak, source=text.source))
    return found


def _prompts(trace: Trace, calls: Sequence[LlmCall]) -> Iterator[_Text]:
    for call in calls:
        for message, part, source in trace.parts((*call.system, *call.input)):
            if part.kind is not PartKind.TOOL_CALL and not (
                part.kind is PartKind.OTHER and message.role == "assistant"
            ):
                yield _Text(words=part.text, source=source)


def _tools(trace: Trace) -> Iterator[_Text]:
    for tool in trace.tools:
        if tool.stage is Stage.RESEARCH and tool.result and tool.result_source:
            yield _Text(words=tool.result, source=tool.result_source)


def _documents(trace: Trace) -> Iterator[_Text]:
    for document in trace.documents:
        if document.stage is Stage.RESEARCH:
            yield _Text(words=document.text, source=document.source)
            yield _Text(words=document.title, source=_title(document))


def _title(document: Document) -> Source:
    above, _, _ = document.source.field.rpartition(".")
    name = next((name for name in _TITLES if document.metadata.get(name) == document.title), _TITLES[0])
    return Source(trace_id=document.source.trace_id, span_id=document.source.span_id,
                  field=f"{above}.{name}" if above else document.source.field)  # fmt: skip


def _symbols(trace: Trace) -> frozenset[str]:
    """Return the tickers that the trace states outright, in upper case; single letters are too many words."""
    named = {trade.symbol for trade in trace.trades}
    named |= {str(span.attributes.get("trading.symbol", "")) for span in trace.spans}
    named |= {found[1] for tool in trace.tools for found in _ASKED_FOR.finditer(tool.arguments[:_ARGUMENTS])}
    return frozenset(symbol.upper() for symbol in named if len(symbol) > 1)


def _gone(trace: Trace, calls: Sequence[LlmCall]) -> Iterator[str]:
    """Name what the research prompts held and the trace no longer does."""
    spoken = [call for call in calls if call.operation != ROLLUP] or list(calls)
    for call in spoken:
        for leg, word in (("system", "system prompt"), ("input", "prompt")):
            state = call.states.get(leg, ContentState.NOT_CAPTURED)
            if state is not ContentState.CAPTURED and not (leg == "system" and _settled(call)):
                yield f"{word} of call {call.span_id} ({state})"
    for tool in trace.tools:
        held = tool.result or (tool.executed_in and not tool.is_error)
        if tool.stage is Stage.RESEARCH and held and tool.result_state is not ContentState.CAPTURED:
            yield f"result of tool {tool.name or tool.call_id} ({tool.result_state})"
    for document in trace.documents:
        if document.stage is Stage.RESEARCH and document.state is not ContentState.CAPTURED:
            name = document.doc_id or document.title or document.url or "without a name"
            yield f"text of document {name[:60]} ({document.state})"
    for span in retrievals.empty(trace):
        if _feeds(trace, span) is Stage.RESEARCH:
            yield f"documents of retrieval {span.span_id} ({ContentState.NOT_CAPTURED})"


def _feeds(trace: Trace, span: Span) -> Stage | None:
    """Return the stage of the call that could read first what a span brought, else of the last call."""
    calls = sorted(trace.calls, key=lambda call: call.started_ns)
    nearest = next((call for call in calls if call.started_ns >= span.start_ns), calls[-1])
    return nearest.stage


def _settled(call: LlmCall) -> bool:
    """Tell whether an absent system prompt needs no word of its own: the whole prompt is absent, and is named.

    Where the turns were kept and the state still says not captured, the format says that one stood there.
    """
    return (
        call.states.get("system", ContentState.NOT_CAPTURED) is ContentState.NOT_CAPTURED
        and call.states.get("input") is not ContentState.CAPTURED
    )


def _figures(found: Sequence[_Found], medium: Sequence[_Found]) -> dict[str, object]:
    total = sum(each.leak.rule.weight for each in found)
    score = min(1.0, total / SATURATION)
    figures: dict[str, object] = {
        "score": round(score, 2), "band": band(score),
        "medium_score": round(sum(each.leak.rule.weight for each in medium), 2),
    }  # fmt: skip
    return figures | {family: sum(each.leak.rule.family == family for each in found) for family in FAMILIES}


def band(score: float) -> str:
    """Return the band of a score: clean (0), light (below 0.2), caution (to 0.5), contaminated (above)."""
    if score <= 0:
        return "clean"
    if score < CAUTION:
        return "light"
    return "caution" if score <= CONTAMINATED else "contaminated"


def _reason(shown: Sequence[_Found], figures: dict[str, object]) -> str:
    words = " ".join(shown[0].leak.words.split())[:60]
    kinds = ", ".join(dict.fromkeys(each.leak.rule.family for each in shown))
    count = len(shown)
    return (
        f"The research prompt holds price language ({kinds}; {count} different match{'es' * (count > 1)}, "
        f"score {figures['score']}), first {words!r}."
    )


def _evidence(found: _Found) -> Evidence:
    return Evidence(
        trace_id=found.source.trace_id, span_id=found.source.span_id, field=found.source.field,
        excerpt=found.leak.words, start=found.leak.start, end=found.leak.end,
    )  # fmt: skip
