"""What each model call was prompted with: name, version, recorded template, hashes, system prompt, tools, model.

One call, one `Prompt`, with the evidence that cites each recorded value. It compares nothing: `changes` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from afterbell.model.calls import ROLLUP, LlmCall, PartKind, Source
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span
from afterbell.model.vocabulary import ContentState
from afterbell.reading.ancestors import above
from afterbell.reading.json_text import parsed
from afterbell.reading.prompts.rendered import Mask

TEMPLATE_HASH, TOOLS_HASH = "trading.prompt.template_hash", "trading.prompt.tools_hash"
_TEMPLATES = ("llm.prompt_template.template", "traceloop.prompt.template", "gen_ai.prompt.template")
_VARIABLES = ("llm.prompt_template.variables", "traceloop.prompt.template_variables", "gen_ai.prompt.variables")
_VARIABLE = "gen_ai.prompt.variable."
_VERSIONS = ("gen_ai.prompt.version", "llm.prompt_template.version", "traceloop.prompt.version",
             "langfuse.observation.prompt.version")  # fmt: skip
_MODELS = ("gen_ai.response.model", "llm.response.model_name", "llm.model_name", "langfuse.observation.model.name",
           "gen_ai.request.model", "llm.request.model_name")  # fmt: skip
_TOOLS = frozenset({"gen_ai.tool.definitions", "llm.invocation_parameters", "langfuse.observation.input"})
_DEEPEST, _MOST_VALUES, _SHORTEST_VALUE, _SHORTEST_DOCUMENT = 40, 200, 2, 30
_EXCERPT = 160
_FIGURE = re.compile(r"[-+$€£¥\d.,:%/ ]{1,40}")


class Prompt(Struct, frozen=True, kw_only=True):
    """What one call was prompted with.

    `system` are the system prompt's texts with their places, `asked` the first turn of the user's. The recorded
    version, template, hashes and model are kept as the evidence that cites them. `declared` tells that the caller
    recorded what it filled in, so that all else is the template's.
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
    declared: bool = False

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
    near = [*own, *above(call.span_id, spans, _DEEPEST)]
    system = tuple((part.text, source) for _message, part, source in trace.parts(call.system) if part.text)
    asked: tuple[tuple[str, Source], ...] = ()
    for ref in call.input:
        if trace.message(ref).role == "user":
            asked = tuple((part.text, source) for _m, part, source in trace.parts((ref,))
                          if part.kind is PartKind.TEXT and part.text)  # fmt: skip
            break
    filled = tuple(dict.fromkeys(_values(own)))
    values = tuple(dict.fromkeys((*filled, *told)))[:_MOST_VALUES]
    template = _recorded(own, _TEMPLATES)
    return Prompt(
        call=call, trace_id=trace.trace_id, system=system, asked=asked, state=_state(call),
        version_proof=_stated(own, call.prompt_version), template=template[0], template_text=template[1],
        digest=_recorded(near, (TEMPLATE_HASH,))[0], tools_digest=_recorded(near, (TOOLS_HASH,))[0],
        model=_model(own, call), tool_fields=tuple(_tool_fields(own)), mask=Mask(symbols=symbols, values=values),
        declared=bool(filled),
    )  # fmt: skip


def _state(call: LlmCall) -> ContentState:
    """Return whether the prompt's own text is there: an absent system prompt was none where the turns were kept."""
    state = call.states.get("system", ContentState.NOT_CAPTURED)
    if state is ContentState.NOT_CAPTURED:
        state = ContentState.CAPTURED if call.system else call.states.get("input", ContentState.NOT_CAPTURED)
    if not call.system and state is ContentState.CAPTURED:
        return call.states.get("input", ContentState.NOT_CAPTURED)
    return state


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
            yield from _leaves(parsed(span.attributes.get(name)))
        for name, value in span.attributes.items():
            if name.startswith(_VARIABLE):
                yield from _leaves(value)


def _leaves(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, Mapping) and depth < _DEEPEST:
        for item in value.values():
            yield from _leaves(item, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for item in value:
            yield from _leaves(item, depth + 1)
    elif isinstance(value, str) and len(value) >= _SHORTEST_VALUE and not _FIGURE.fullmatch(value):
        yield value  # figures are masked wherever they stand
