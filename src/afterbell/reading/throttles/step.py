"""The step that a throttle struck, and what can follow it: values that `retried` and `stand_ins` share."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from afterbell.model.calls import LlmCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span
from afterbell.reading.ancestors import upwards
from afterbell.reading.throttles.notices import OUT, THROTTLED
from afterbell.reading.throttles.same_step import Asked, asked, same_step
from afterbell.reading.throttles.throttling import model_calls

_DEEPEST, _NEXT = 100, 200  # spans upwards; later calls among which a retry would stand


class Effect(StrEnum):
    """What followed a throttle."""

    WEAKER = "weaker model"
    SHORTER = "shorter prompt"
    SKIPPED = "skipped validation"
    DEFAULT = "default action"
    RECOVERED = "recovered"
    UNTOLD = "untold"
    NOTHING = "nothing"


class Followed(Struct, frozen=True, kw_only=True):
    """One effect in words, where it shows, and what is missing where it cannot be told."""

    effect: Effect
    told: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: str = ""


class StepFacts:
    """A trace with its spans by id, each call's question, and what stands above what."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.spans = {span.span_id: span for span in trace.spans}
        self.calls = sorted(model_calls(trace), key=lambda call: call.started_ns)
        self._asked: dict[str, Asked] = {}

    def asked(self, call: LlmCall) -> Asked:
        """Return what a call was asked, read once."""
        if call.span_id not in self._asked:
            self._asked[call.span_id] = asked(self.trace, call, self.spans)
        return self._asked[call.span_id]

    def above(self, span_id: str) -> Iterator[Span]:
        """Yield a span and those above it."""
        return upwards(span_id, self.spans, _DEEPEST)

    def ended(self, span_id: str, default: int) -> int:
        """Return when a span ended (nanoseconds), the default where there is no such span."""
        span = self.spans.get(span_id)
        return (span.end_ns or span.start_ns) if span else default

    def later(self, call: LlmCall, at_ns: int) -> Iterator[LlmCall]:
        """Yield the calls after a moment that do the same step as this one."""
        mine, place = self.asked(call), self.calls.index(call)
        for other in self.calls[place + 1 : place + 1 + _NEXT]:
            if other.started_ns >= at_ns and same_step(call, mine, other, self.asked(other)):
                yield other


def shown(value: object) -> str:
    """Return an attribute's value as its format writes it, so that it can be cited: a truth value is `true`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def lost(call: LlmCall) -> bool:
    """Tell whether a call brought no answer: it failed, or the last status it states is a throttle or an outage."""
    return call.failed or call.http_status in THROTTLED | OUT


def answered_by(call: LlmCall) -> str:
    """Return the model that answered, else the one that was asked."""
    return call.response_model or call.request_model
