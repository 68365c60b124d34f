"""nofx's records: the one model call of a cycle. What it decided travels as `trading.*`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afterbell.formats.chat import speak
from afterbell.formats.content import state_of
from afterbell.formats.items import Readout
from afterbell.formats.messages import as_text
from afterbell.model.calls import LlmCall, Source
from afterbell.model.vocabulary import ContentState, SpanKind

if TYPE_CHECKING:
    from afterbell.formats.chat import Spoken
    from afterbell.model.trace import LogRecord, Span

NAME = "nofx"
RANK = 23

_P = "nofx."
_OUTPUTS = ("raw_response", "cot_trace", "decision_json")


def speaks(span: Span) -> bool:
    """Tell whether the span came from a decision record."""
    return any(key.startswith(_P) for key in span.attributes)


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read the call, or the cycle itself."""
    if f"{_P}cycle_number" in span.attributes:
        return Readout(kind=SpanKind.AGENT, agent_name="nofx trader")
    if span.name != "model call":
        return Readout()
    system, asked = _said(span, "system_prompt", "system"), _said(span, "input_prompt", "user")
    # The raw answer holds reasoning and decision; where it was not kept, they stand for it.
    answered = _said(span, "raw_response", "assistant") or [
        found for key in _OUTPUTS[1:] for found in _said(span, key, "assistant")
    ]
    legs = {"system": system, "input": asked, "output": answered}
    states = {
        leg: state_of(message for message, _ref in said) if said else ContentState.NOT_CAPTURED
        for leg, said in legs.items()
    }
    refs = {leg: tuple(ref for _message, ref in said) for leg, said in legs.items()}
    call = LlmCall(
        call_id=span.span_id, span_id=span.span_id, started_ns=span.start_ns, ended_ns=span.end_ns,
        system=refs["system"], input=refs["input"], output=refs["output"],
        states={**states, "tools": ContentState.NOT_CAPTURED},
    )  # fmt: skip
    return Readout(
        kind=SpanKind.LLM, call=call, messages=tuple(message for said in legs.values() for message, _ref in said)
    )


def _said(span: Span, key: str, role: str) -> list[Spoken]:
    name = _P + key
    text = as_text(span.attributes.get(name))
    return speak(text, role, lambda path: Source(trace_id=span.trace_id, span_id=span.span_id, field=name + path))
