"""What each model call was prompted with: name, version, recorded template, hashes, system prompt, tools, model.

One call, one `Prompt`. Two prompts are compared like with like: by template hash, by version, by the template as it was
recorded, else by their texts with rendered variables masked. A comparison that cannot be made says what is missing.
It does not say which prompts belong together across runs; the modes do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

import orjson
from msgspec import Struct

from afterbell.model.calls import LlmCall, PartKind, Source
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span
from afterbell.model.vocabulary import ContentState
from afterbell.reading.rendered import Mask, Token, begins_alike, difference, likeness, masked, words

ROLLUP: Final = "rollup"
ALIKE: Final = 0.5  # from this Jaccard index of their words on, two texts are two versions of one prompt
TEMPLATE_HASH, TOOLS_HASH = "trading.prompt.template_hash", "trading.prompt.tools_hash"
_TEMPLATES = ("llm.prompt_template.template", "traceloop.prompt.template", "gen_ai.prompt.template")
_VARIABLES = ("llm.prompt_template.variables", "traceloop.prompt.template_variables", "gen_ai.prompt.variables")
_VERSIONS = ("gen_ai.prompt.version", "llm.prompt_template.version", "traceloop.prompt.version",
             "langfuse.observation.prompt.version")  # fmt: skip
_MODELS = ("gen_ai.response.model", "llm.response.model_name", "llm.model_name", "langfuse.observation.model.name",
           "gen_ai.request.model", "llm.request.model_name")  # fmt: skip
_TOOLS = frozenset({"gen_ai.tool.definitions", "llm.invocation_parameters", "langfuse.observation.input"})
_GONE = frozenset({ContentState.REDACTED, ContentState.TRUNCATED, ContentState.EVICTED, ContentState.REF,
                   ContentState.LOST})  # fmt: skip
_DEEPEST, _MOST_VALUES, _SHORTEST_VALUE, _SHORTEST_DOCUMENT = 40, 200, 2, 30
_EXCERPT = 160
_ROLE = re.compile(r"\bYou are (?:an? |the |our )?((?:[\w'-]{1,30} ){0,6}?[\w'-]{1,30})"
                   r"(?=[.,;:!\n(]|$| (?:for|that|who|at|in|of|with|on|tasked|responsible|whose|working|and|to)\b)",
                   re.IGNORECASE)  # fmt: skip
_ORDERS = re.compile(
    r"(?:please |then |you (?:must|should|may|can) )?(?:not |never |always |only |do not |don't )*"
    r"(?:return|reply|respond|answer|output|provide|give|write|include|use|analy[sz]e|decide|consider|rate|choose|make"
    r"|must|never|always|do|don't|only|avoid|ensure|keep|state|list|explain|think|act|be|you)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?。！？\n]{1,2000}(?:[.!?](?!\d)|[。！？]|\n|\Z)|[^\n]{1,2000}")
_EDITED, _LONG_SENTENCE, _MOST_SENTENCES = 0.7, 8, 60  # likeness and length from which a sentence is one edited


class Prompt(Struct, frozen=True, kw_only=True):
    """What one call was prompted with.

    `system` are the system prompt's texts with their places, `asked` the first turn of the user's. The recorded
    version, template, hashes and model are kept as the evidence that cites them.
    """

    call: LlmCall
    trace_id: str
    system: tuple[tuple[str, Source], ...] = ()
    asked: tuple[tuple[str, Source], ...] = ()
    state: ContentState = ContentState.NOT_CAPTURED
    version_proof: Evidence | None = None
    template: Evidence | None = None
    template_text: str = ""
    digest: Evidence | None = None
    tools_digest: Evidence | None = None
    model: Evidence | None = None
    tool_fields: tuple[tuple[str, str], ...] = ()
    mask: Mask = Mask()

    @property
    def name(self) -> str:
        """The prompt's name as the caller recorded it, or empty."""
        return self.call.prompt_name

    @property
    def agent(self) -> str:
        """The agent that called, or empty."""
        return self.call.agent_name

    @property
    def version(self) -> str:
        """The prompt's version as the caller recorded it, or empty."""
        return self.call.prompt_version

    @property
    def text(self) -> str:
        """The system prompt, else the first turn of the user."""
        return "\n".join(text for text, _source in self.system or self.asked)

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two prompts the same without looking closer."""
        digest = self.digest.excerpt if self.digest else ""
        # Equal redaction marks are not equal texts.
        own = "" if self.state is ContentState.CAPTURED else f"{self.trace_id}:{self.call.span_id}"
        return (self.name, self.agent, self.version, digest, self.template_text, self.state, self.text, own)


class Outcome(StrEnum):
    """How two prompts compare."""

    SAME = "same"
    CHANGED = "changed"
    UNDECIDED = "undecided"


class Compared(Struct, frozen=True, kw_only=True):
    """The outcome, what changed in words, where it shows in both, and what is missing when it cannot be told."""

    outcome: Outcome
    what: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


SAME = Compared(outcome=Outcome.SAME)


def prompts(trace: Trace) -> tuple[Prompt, ...]:
    """Return the prompt of every model call of a trace, in order of start; roll-ups are no calls."""
    spans = {span.span_id: span for span in trace.spans}
    symbols = _symbols(trace)
    told = tuple(dict.fromkeys(_documents(trace)))[:_MOST_VALUES]
    return tuple(_prompt(trace, call, spans, symbols, told) for call in trace.calls if call.operation != ROLLUP)


def _symbols(trace: Trace) -> frozenset[str]:
    named = {trade.symbol for trade in trace.trades}
    named |= {str(span.attributes.get("trading.symbol", "")) for span in trace.spans}
    return frozenset(each for each in named if each)


def _documents(trace: Trace) -> Iterator[str]:
    for text in (*(each.text for each in trace.documents), *(each.result for each in trace.tools)):
        if len(text) >= _SHORTEST_DOCUMENT:
            yield text


def _prompt(
    trace: Trace, call: LlmCall, spans: Mapping[str, Span], symbols: frozenset[str], told: tuple[str, ...]
) -> Prompt:
    own = [spans[each] for each in (call.span_id, *call.duplicates) if each in spans]
    near = own + list(_above(call.span_id, spans))
    system = tuple((part.text, source) for _message, part, source in trace.parts(call.system) if part.text)
    asked: tuple[tuple[str, Source], ...] = ()
    for ref in call.input:
        if trace.message(ref).role == "user":
            asked = tuple((part.text, source) for _m, part, source in trace.parts((ref,))
                          if part.kind is PartKind.TEXT and part.text)  # fmt: skip
            break
    values = tuple(dict.fromkeys((*_values(own), *told)))[:_MOST_VALUES]
    template = _recorded(own, _TEMPLATES)
    return Prompt(
        call=call, trace_id=trace.trace_id, system=system, asked=asked, state=_state(call),
        version_proof=_stated(own, call.prompt_version), template=template[0], template_text=template[1],
        digest=_recorded(near, (TEMPLATE_HASH,))[0], tools_digest=_recorded(near, (TOOLS_HASH,))[0],
        model=_model(own, call), tool_fields=tuple(_tool_fields(own)), mask=Mask(symbols=symbols, values=values),
    )  # fmt: skip


def _state(call: LlmCall) -> ContentState:
    """Return whether the prompt's own text is there: an absent system prompt was none where the turns were kept."""
    state = call.states.get("system", ContentState.NOT_CAPTURED)
    if state is ContentState.NOT_CAPTURED:
        state = ContentState.CAPTURED if call.system else call.states.get("input", ContentState.NOT_CAPTURED)
    if not call.system and state is ContentState.CAPTURED:
        return call.states.get("input", ContentState.NOT_CAPTURED)
    return state


def _above(span_id: str, spans: Mapping[str, Span]) -> Iterator[Span]:
    here = spans.get(span_id)
    for _ in range(_DEEPEST):
        here = spans.get(here.parent_span_id) if here else None
        if here is None:
            return
        yield here


def _recorded(spans: Iterable[Span], names: Sequence[str]) -> tuple[Evidence | None, str]:
    """Return the first of these attributes on the spans, to cite, and its whole text."""
    for span in spans:
        for name in names:
            value = span.attributes.get(name)
            if isinstance(value, str) and value.strip():
                excerpt = value[:_EXCERPT]
                return Evidence(trace_id=span.trace_id, span_id=span.span_id, field=name, excerpt=excerpt,
                                end=len(excerpt)), value  # fmt: skip
    return None, ""


def _stated(spans: Sequence[Span], version: str) -> Evidence | None:
    return _cited_attribute(spans, version, _VERSIONS, "metadata") if version else None


def _model(spans: Sequence[Span], call: LlmCall) -> Evidence | None:
    """Cite the model that answered, else the one asked; None for a failed call: nothing answered it."""
    name = "" if call.failed else call.response_model or call.request_model
    return _cited_attribute(spans, name, _MODELS, _MODELS[0]) if name else None


def _cited_attribute(spans: Sequence[Span], value: str, names: Sequence[str], otherwise: str) -> Evidence | None:
    """Cite the attribute that holds a value; under `otherwise` where the format keeps it deeper."""
    for span in spans:
        for name in names:
            if str(span.attributes.get(name, "")) == value:
                return Evidence(trace_id=span.trace_id, span_id=span.span_id, field=name, excerpt=value, end=len(value))
    if not spans:
        return None
    return Evidence(trace_id=spans[0].trace_id, span_id=spans[0].span_id, field=otherwise, excerpt=value,
                    end=len(value))  # fmt: skip


def _tool_fields(spans: Iterable[Span]) -> Iterator[tuple[str, str]]:
    for span in spans:
        for name, value in span.attributes.items():
            if isinstance(value, str) and (name in _TOOLS or name.startswith("llm.tools.")):
                yield name, value


def _values(spans: Iterable[Span]) -> Iterator[str]:
    """Yield the values of declared variables, as a template would print them."""
    for span in spans:
        for name in _VARIABLES:
            yield from _leaves(_parsed(span.attributes.get(name)))


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def _leaves(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, Mapping) and depth < _DEEPEST:
        for item in value.values():
            yield from _leaves(item, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for item in value:
            yield from _leaves(item, depth + 1)
    elif value is not None and not isinstance(value, bool) and len(str(value)) >= _SHORTEST_VALUE:
        yield str(value)


@lru_cache(maxsize=64)
def _masked(text: str, symbols: frozenset[str], values: tuple[str, ...]) -> tuple[Token, ...]:
    return masked(text, Mask(symbols=symbols, values=tuple(value for value in values if value != text)))


def tokens(prompt: Prompt, symbols: frozenset[str] = frozenset()) -> tuple[Token, ...]:
    """Return the prompt's text as it is compared: what a template fills in masked, symbols of other runs too."""
    return _masked(prompt.text, prompt.mask.symbols | symbols, prompt.mask.values)


def compare(one: Prompt, other: Prompt, *, versions: bool = True) -> Compared:
    """Compare two prompts of one role. With `versions`, a differing version is a change even if no text was kept."""
    if one.digest and other.digest:
        if _hex(one.digest.excerpt) != _hex(other.digest.excerpt):
            return _told("the template hash differs", one.digest, other.digest)
        return SAME
    if versions and one.version and other.version and one.version != other.version:
        return _told(f"the version was {one.version} and is {other.version}", one.version_proof, other.version_proof)
    found = _by_template(one, other)
    if found is not None and (found.outcome is not Outcome.SAME or _covers(one) or _covers(other)):
        return found
    texts = _by_text(one, other)
    if texts.outcome is Outcome.UNDECIDED:
        same = found is not None or (versions and one.version and one.version == other.version and not _visible(texts))
        return SAME if same else texts
    return texts


def _visible(found: Compared) -> bool:
    """Tell whether an undecided comparison has seen texts that differ."""
    return bool(found.evidence)


def _hex(digest: str) -> str:
    return digest.strip().lower().removeprefix("sha256:")


def _told(what: str, *proofs: Evidence | None) -> Compared:
    return Compared(outcome=Outcome.CHANGED, what=what, evidence=tuple(each for each in proofs if each is not None))


def _by_template(one: Prompt, other: Prompt) -> Compared | None:
    """Compare recorded templates word by word, figures too; None where one has none."""
    if one.template is None or other.template is None:
        return None
    first, second = words(one.template_text), words(other.template_text)
    if [each.said for each in first] == [each.said for each in second]:
        return SAME
    place = next(
        (at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a.said != b.said),
        min(len(first), len(second)) - 1,
    )
    proofs = [_within(proof, text, tokens_[max(0, min(place, len(tokens_) - 1) - 3)].start if tokens_ else 0)
              for proof, text, tokens_ in ((one.template, one.template_text, first),
                                           (other.template, other.template_text, second))]  # fmt: skip
    return _told("the recorded template differs", *proofs)


def _within(proof: Evidence, text: str, start: int) -> Evidence:
    end = min(len(text), start + _EXCERPT)
    return Evidence(trace_id=proof.trace_id, span_id=proof.span_id, field=proof.field, excerpt=text[start:end],
                    start=start, end=end)  # fmt: skip


def _covers(prompt: Prompt) -> bool:
    """Tell whether the recorded template is that of the system prompt, so that its rendering need not be read."""
    if not prompt.system:
        return True
    said = {each.said for each in words(prompt.template_text) if len(each.said) > 1}
    rendered = {each.said for each in words(prompt.text)}
    return len(said & rendered) >= ALIKE * len(said)


def _by_text(one: Prompt, other: Prompt) -> Compared:
    symbols = one.mask.symbols | other.mask.symbols
    first, second = tokens(one, symbols), tokens(other, symbols)
    if one.state in _GONE or other.state in _GONE:
        cut = {one.state, other.state} <= {ContentState.CAPTURED, ContentState.TRUNCATED}
        if cut and one.system and other.system and not begins_alike(first, second):
            return _changed(one, other, first, second)
    if one.state is not ContentState.CAPTURED or other.state is not ContentState.CAPTURED:
        return Compared(outcome=Outcome.UNDECIDED, missing=tuple(dict.fromkeys(_lost((one, other)))))
    if one.system and other.system:
        return _changed(one, other, first, second)
    if one.system or other.system:
        having = one if one.system else other
        return _told("one run has a system prompt and the other has none", _whole(having))
    return _by_orders(one, other, first, second)


def _lost(both: Sequence[Prompt]) -> Iterator[str]:
    for prompt in both:
        if prompt.state is not ContentState.CAPTURED:
            yield f"prompt text or template hash of call {prompt.call.span_id} ({prompt.state})"


def _changed(one: Prompt, other: Prompt, first: Sequence[Token], second: Sequence[Token]) -> Compared:
    change = difference(first, second)
    if change is None:
        return SAME
    left, right = _cite(one, *change.one), _cite(other, *change.other)
    return _told("the system prompt differs" if one.system else "the prompt's instructions differ", left, right)


def _cite(prompt: Prompt, start: int, end: int) -> Evidence | None:
    """Cite a stretch of the prompt's text in the part in which it begins."""
    place = 0
    for text, source in prompt.system or prompt.asked:
        if start <= place + len(text):
            begin, stop = max(0, start - place), min(len(text), max(end - place, start - place))
            return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field,
                            excerpt=text[begin:stop], start=begin, end=stop)  # fmt: skip
        place += len(text) + 1
    return None


def _whole(prompt: Prompt) -> Evidence | None:
    return _cite(prompt, 0, _EXCERPT)


def _by_orders(one: Prompt, other: Prompt, first: Sequence[Token], second: Sequence[Token]) -> Compared:
    """Compare the user's turns, where no system prompt is.

    A sentence that tells the model what to do, or that was edited, is of the template; the rest is what the turn is
    about, and may differ.
    """
    if difference(first, second) is None:
        return SAME
    symbols = one.mask.symbols | other.mask.symbols
    left, right = _sentences(one, symbols), _sentences(other, symbols)
    shared = {_said(each) for each in left} & {_said(each) for each in right}
    lost, gained = ([each for each in side if _said(each) not in shared][:_MOST_SENTENCES] for side in (left, right))
    edited = next(((a, b) for a in lost for b in gained if _is_edit(a, b)), None)
    if edited is not None:
        return _told("the prompt's wording differs", _cite(one, *edited[0].span), _cite(other, *edited[1].span))
    ordered = [any(each.orders for each in side) for side in (left, right)]
    if not all(ordered) or likeness(first, second) < ALIKE:
        if all(ordered) and not any(each.orders for each in (*lost, *gained)):
            return SAME
        lacking = f"template or {TEMPLATE_HASH} of prompts without a system prompt"
        return Compared(outcome=Outcome.UNDECIDED, missing=(lacking,),
                        evidence=tuple(each for each in (_whole(one), _whole(other)) if each))  # fmt: skip
    changed = [(prompt, each) for prompt, side in ((one, lost), (other, gained)) for each in side if each.orders]
    if not changed:
        return SAME
    return _told("the prompt's instructions differ", *(_cite(prompt, *each.span) for prompt, each in changed[:2]))


class _Sentence(Struct, frozen=True, kw_only=True):
    """One sentence as compared, its place, and whether it tells the model what to do."""

    tokens: tuple[Token, ...]
    span: tuple[int, int]
    orders: bool


def _sentences(prompt: Prompt, symbols: frozenset[str]) -> list[_Sentence]:
    mask = Mask(symbols=prompt.mask.symbols | symbols, values=prompt.mask.values)
    found = []
    for hit in _SENTENCE.finditer(prompt.text):
        orders = _ORDERS.match(hit[0].lstrip(" \t-*•0123456789.)")) is not None
        tokens_ = masked(hit[0], mask)
        if tokens_:
            found.append(_Sentence(tokens=tokens_, span=hit.span(), orders=orders))
    return found


def _said(sentence: _Sentence) -> tuple[str, ...]:
    return tuple(token.said for token in sentence.tokens)


def _is_edit(one: _Sentence, other: _Sentence) -> bool:
    long = min(len(one.tokens), len(other.tokens)) >= _LONG_SENTENCE
    return long and likeness(one.tokens, other.tokens) >= _EDITED and difference(one.tokens, other.tokens) is not None


def role_of(prompt: Prompt) -> str:
    """Return the role that a system prompt gives the model, its last word: `You are a cautious analyst.` -> analyst."""
    hit = _ROLE.search(prompt.text[:2000])
    return hit[1].split()[-1].lower() if hit else ""


def nearness(one: Prompt, other: Prompt) -> float:
    """Return how alike two prompts read, 0 to 1, whatever was filled in."""
    symbols = one.mask.symbols | other.mask.symbols
    return likeness(tokens(one, symbols), tokens(other, symbols))


def alike(one: Prompt, other: Prompt) -> bool:
    """Tell whether two unnamed prompts read like two versions of one."""
    return nearness(one, other) >= ALIKE
