"""Where a GenAI call's content may stand: on the span, in its log records, on its events."""

from __future__ import annotations

import orjson

from afterbell.formats.dialects import genai
from afterbell.model.trace import Span, SpanEvent
from afterbell.model.vocabulary import ContentState

ASKED = orjson.dumps([{"role": "user", "parts": [{"type": "text", "content": "What changed?"}]}]).decode()
SAID = orjson.dumps([{"role": "assistant", "parts": [{"type": "text", "content": "Little."}]}]).decode()


def test_content_on_an_event_of_the_span_is_captured_and_cited_there():
    content = {"gen_ai.input.messages": ASKED, "gen_ai.output.messages": SAID}
    span = Span(
        trace_id="0" * 32, span_id="1" * 16, name="chat m", start_ns=1, end_ns=2,
        attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.usage.output_tokens": 3},
        events=(SpanEvent(name="log"), SpanEvent(name="gen_ai.client.inference.operation.details", attributes=content)),
    )  # fmt: skip
    found = genai.read(span, ())
    assert {message.text for message in found.messages} == {"What changed?", "Little."}
    assert {found.call.states[leg] for leg in ("input", "output")} == {ContentState.CAPTURED}
    (said,) = found.call.output
    assert said.sources[0].field == "events[1].gen_ai.output.messages[0].parts[0].content"
