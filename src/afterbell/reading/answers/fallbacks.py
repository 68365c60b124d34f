"""Where a run fell back from one model to another: stated, seen in the answer, after an error, or at a gateway.

Another model on another prompt is no fallback, and neither is a retry on the same model. What the fallback answered,
and whether that was good enough, is for the modes to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from afterbell.model.books import GatewayRow
from afterbell.model.calls import ROLLUP, LlmCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span
from afterbell.reading.model_names import plain_name, same_model
from afterbell.reading.throttles.gateway import Attempt, cell, of_call
from afterbell.reading.throttles.model_tiers import KNOWN, grade

PREFIX: Final = "trading.llm.fallback."
_FROM, _TO = f"{PREFIX}from_model", f"{PREFIX}to_model"
_MODELS = ("gen_ai.response.model", "llm.response.model_name", "llm.model_name", "gen_ai.request.model")
_ANY_MODEL = frozenset({"auto", "default", "router", "best"})
_DEEPEST = 40


class Fallback(Struct, frozen=True, kw_only=True):
    """One fallback: the call that another model answered, the model it stands in for, and what shows it.

    `call` is None where a fallback is recorded whose call is not.
    """

    call: LlmCall | None
    primary: str = ""
    model: str = ""
    how: str = ""
    evidence: tuple[Evidence, ...] = ()


def fallbacks(trace: Trace, gateway: Sequence[Attempt] = ()) -> tuple[Fallback, ...]:
    """Return the fallbacks of a trace in order of time, each answering call once.

    `gateway` holds the attempts of the trace's calls that a gateway logged.
    """
    calls = [call for call in trace.calls if call.operation != ROLLUP]
    spans = {span.span_id: span for span in trace.spans}
    found: dict[str, Fallback] = {}
    for each in (*_recorded(trace, calls, spans), *_answered(trace, calls, spans), *_after_errors(trace, calls, spans),
                 *_at_gateway(trace, calls, gateway)):  # fmt: skip
        found.setdefault(each.call.span_id if each.call else f"?{each.primary}>{each.model}", each)
    return tuple(sorted(found.values(), key=lambda each: each.call.started_ns if each.call else 0))


def _recorded(trace: Trace, calls: list[LlmCall], spans: Mapping[str, Span]) -> Iterator[Fallback]:
    for span in trace.spans:
        places = [("", span.attributes)]
        places += [(f"events[{number}].", event.attributes) for number, event in enumerate(span.events)]
        for field, facts in places:
            told = [(key, value) for key, value in facts.items() if key.startswith(PREFIX)]
            if told:
                call = _its_call(span, str(facts.get(_TO, "")), calls, spans)
                proof = tuple(_cited(trace, span.span_id, field + key, value) for key, value in told)
                yield Fallback(
                    call=call, primary=str(facts.get(_FROM, "") or (call.request_model if call else "")),
                    model=str(facts.get(_TO, "") or (_model(call) if call else "")), how="recorded", evidence=proof,
                )  # fmt: skip


def _its_call(span: Span, to_model: str, calls: list[LlmCall], spans: Mapping[str, Span]) -> LlmCall | None:
    """Return the call that answered: on the span, below it, else the next one by the model fallen back to."""
    own = [call for call in calls if span.span_id in (call.span_id, *call.duplicates) and not call.failed]
    below = [call for call in calls if span.span_id in _above(call.span_id, spans) and not call.failed]
    after = [call for call in calls if call.started_ns >= span.start_ns and not call.failed]
    for group in (own, below, after):
        fitting = [call for call in group if to_model and same_model(_model(call), to_model)]
        if fitting:
            return fitting[0]
    if own:
        return own[0]
    return below[-1] if below else (after[0] if after and not to_model else None)


def _answered(trace: Trace, calls: list[LlmCall], spans: Mapping[str, Span]) -> Iterator[Fallback]:
    for call in calls:
        asked, answered = call.request_model, call.response_model
        if asked and answered and not call.failed and not _same(asked, answered):
            yield Fallback(call=call, primary=asked, model=answered, how="answered by another model than asked",
                           evidence=_models(trace, call, spans))  # fmt: skip


def _same(asked: str, answered: str) -> bool:
    """Tell whether the asked name means the answering model: also a deployment called after it, or any model at all."""
    plain = plain_name(asked)
    return same_model(asked, answered) or plain in _ANY_MODEL or plain.endswith(plain_name(answered))


def _after_errors(trace: Trace, calls: list[LlmCall], spans: Mapping[str, Span]) -> Iterator[Fallback]:
    """Yield calls that repeat the prompt of a failed call on another model."""
    failed: dict[str, LlmCall] = {}
    for call in calls:
        if not call.failed and not failed:
            continue
        key = _asked(trace, call)
        if not key:
            continue
        before = failed.get(key)
        if call.failed:
            failed.setdefault(key, call)
        elif before is not None:
            del failed[key]
            names = (before.request_model or before.response_model, _model(call))
            if all(names) and not same_model(*names):
                yield Fallback(call=call, primary=names[0], model=names[1], how="same prompt after an error",
                               evidence=(*_error(trace, before, spans), *_models(trace, call, spans)))  # fmt: skip


def _at_gateway(trace: Trace, calls: list[LlmCall], gateway: Sequence[Attempt]) -> Iterator[Fallback]:
    """Yield calls that the gateway got an answer to from another model than it was asked for, or tried before.

    A name that no maker gives a model is the gateway's own name for a group; only what it tried tells a fallback then.
    """
    for call in calls:
        mine = of_call(call, gateway)
        good = next((each.row for each in reversed(mine) if not each.failed and each.row.model), None)
        if good is None or call.failed:
            continue
        tried = next((each.row for each in mine if each.failed and each.row.model and _elsewhere(each.row, good)), None)
        asked = good.model_group
        own = bool(asked) and grade(asked).family in KNOWN and not _same(asked, good.model)
        if tried is not None:
            yield Fallback(call=call, primary=tried.model, model=good.model, how="another model tried at the gateway",
                           evidence=(cell(trace, tried, "model"), cell(trace, good, "model")))  # fmt: skip
        elif own:
            yield Fallback(call=call, primary=asked, model=good.model, how="answered by another model than asked",
                           evidence=(cell(trace, good, "model_group"), cell(trace, good, "model")))  # fmt: skip


def _elsewhere(one: GatewayRow, other: GatewayRow) -> bool:
    """Tell whether two attempts were made at different models."""
    return not same_model(one.model, other.model)


def _asked(trace: Trace, call: LlmCall) -> str:
    """Return a call's whole prompt as text, whichever message its system part stands in."""
    refs = (*call.system, *call.input)
    return "\n".join(" ".join(trace.message(ref).text.split()) for ref in refs)


def _model(call: LlmCall) -> str:
    return call.response_model or call.request_model


def _error(trace: Trace, call: LlmCall, spans: Mapping[str, Span]) -> tuple[Evidence, ...]:
    """Cite the error of a call where its span says it: an attribute, the exception of an event, or the status."""
    span = spans.get(call.span_id)
    if span is None:
        return ()
    places = [("error.type", span.attributes)]
    places += [(f"events[{number}].exception.type", {f"events[{number}].exception.type": event.attributes.get(
        "exception.type")}) for number, event in enumerate(span.events)]  # fmt: skip
    for field, facts in places:
        if facts.get(field):
            return (_cited(trace, span.span_id, field, facts[field]),)
    return (_cited(trace, span.span_id, "status.message", span.status_message),) if span.status_message else ()


def _models(trace: Trace, call: LlmCall, spans: Mapping[str, Span]) -> tuple[Evidence, ...]:
    for span_id in (call.span_id, *call.duplicates):
        for name in _MODELS:
            if span_id in spans and str(spans[span_id].attributes.get(name, "")) == _model(call):
                return (_cited(trace, span_id, name, _model(call)),)
    return ()


def _cited(trace: Trace, span_id: str, field: str, value: Any) -> Evidence:
    excerpt = str(value)[:160]
    return Evidence(trace_id=trace.trace_id, span_id=span_id, field=field, excerpt=excerpt, end=len(excerpt))


def _above(span_id: str, spans: Mapping[str, Span]) -> set[str]:
    found: set[str] = set()
    here = spans.get(span_id)
    while here and here.parent_span_id and here.parent_span_id not in found and len(found) < _DEEPEST:
        found.add(here.parent_span_id)
        here = spans.get(here.parent_span_id)
    return found
