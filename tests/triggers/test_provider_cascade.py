"""What a cascade rests on, where the worked examples do not reach, and real spans, errors and logs."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from afterbell.catalog import cases
from afterbell.catalog.facts import Gatherer
from afterbell.catalog.intake import HEAD, envelope_of, trace_of
from afterbell.formats.items import Context, Unit
from afterbell.model.books import Books
from afterbell.model.case import TriggerCase
from afterbell.model.docket import Docket
from afterbell.model.policy import Policy
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.reading.throttles.notices import named_outage, names_outage, outage_error
from afterbell.triggers.provider_cascade import trigger

TRACE = "a" * 32
TASK = "Judge whether the margin of the firm holds, by the order book, the input costs and the two new plants."


def docket(*rows: dict, **books: list) -> Docket:
    return cases.docket(TriggerCase(name="", teaches="", fires=(), given=rows,
                                    books={name: tuple(each) for name, each in books.items()}))  # fmt: skip


def call(minute: int, model: str, **more: Any) -> dict:
    facts = {"type": "call", "trace": TRACE, "id": f"c{minute}", "at": f"2026-01-05T14:{minute:02d}:00Z", "model": model,
             "until": f"2026-01-05T14:{minute:02d}:20Z", "messages": TASK, "output": "It holds."} | more  # fmt: skip
    return {key: value for key, value in facts.items() if key != "output" or "error" not in more}


@pytest.mark.parametrize("said", [
    "Connection error.", "Request timed out.", "peer closed connection without sending complete message body",
    "Server disconnected without sending a response.", "502 Bad Gateway", "ConnectionResetError", "httpx.ReadTimeout",
    "Error code: 500 - The server had an error", "InternalServerError", "DeadlineExceeded", "upstream unavailable",
    "Max retries exceeded with url", "StatusCode.UNAVAILABLE", "APIConnectionError",
])  # fmt: skip
def test_outages(said: str) -> None:
    assert named_outage(said)
    assert outage_error(None, "", said)
    assert names_outage(said)


@pytest.mark.parametrize("said", [
    "BadRequestError", "Invalid API key", "context_length_exceeded", "RateLimitError: slow down", "The model is wrong",
    "KeyError: 'price'", "the connection between rates and gold", "half-time outlook",
])  # fmt: skip
def test_other_faults(said: str) -> None:
    assert not named_outage(said)
    assert not outage_error(400, "", "Connection error.")


def test_figure_moment_and_evidence() -> None:
    down = {"type": "APIConnectionError", "message": "Connection error."}
    (event,) = trigger.fire(docket(call(1, "gpt-5", error=down), call(2, "gpt-5-mini")))
    assert (event.measured, event.limit, event.unit) == ("1", "0", "degraded steps")
    assert not event.security
    assert event.occurred_at.isoformat() == "2026-01-05T14:01:20+00:00"
    assert [(each.field, each.excerpt) for each in event.evidence] == [
        ("error.type", "APIConnectionError"), ("gen_ai.request.model", "gpt-5-mini"),
    ]  # fmt: skip
    assert "gpt-5 was not available" in event.reason


def test_a_fallback_recorded_for_an_outage() -> None:
    facts = {f"trading.llm.fallback.{key}": value for key, value in
             (("from_model", "gpt-5"), ("to_model", "gpt-5-mini"), ("reason", "provider_outage"))}  # fmt: skip
    assert trigger.fire(docket(call(1, "gpt-5", answered="gpt-5-mini", **facts)))
    assert not trigger.fire(docket(call(1, "gpt-5", answered="gpt-5-mini", **{
        **facts, "trading.llm.fallback.reason": "cost"})))  # fmt: skip


def test_rows_of_the_gateway_tell_what_the_trace_hides() -> None:
    good = call(1, "gpt-5", answered="gpt-5-mini", response_id="r2")
    tried = {"request_id": "r1", "trace_id": TRACE, "startTime": "2026-01-05T14:01:00Z", "model_group": "gpt-5",
             "model": "gpt-5", "status": "failure", "error_information": {"error_code": "500"}}  # fmt: skip
    taken = tried | {"request_id": "r2", "model": "gpt-5-mini", "status": "success", "error_information": None}
    assert "unknown" in trigger.notes(docket(good))[0]
    facts = docket(good, gateway=[tried, taken])
    assert [event.measured for event in trigger.fire(facts)] == ["1"]
    assert not trigger.notes(facts)
    assert not trigger.notes(docket(good | {"answered": "gpt-5"}, gateway=[taken | {"model": "gpt-5"}]))


def test_the_books_of_a_trace_are_its_own() -> None:
    other = {"request_id": "r9", "trace_id": "b" * 32, "startTime": "2026-01-05T14:01:00Z", "model_group": "gpt-5",
             "model": "gpt-5", "status": "failure", "error_information": {"error_code": "500"}}  # fmt: skip
    assert not trigger.fire(docket(call(1, "gpt-5"), gateway=[other]))


def test_notes_name_each_lack_once() -> None:
    rows = [call(1, "gpt-5", trace=each * 32) for each in "abcdef01"]
    (note,) = trigger.notes(docket(*rows))
    assert "and 3 more" in note
    assert not trigger.notes(docket({"type": "run", "trace": TRACE, "at": "2026-01-05T14:00:00Z"}))


def read(path: Path) -> Docket:
    """Return the docket of one file, through the readers that users' files take."""
    data = path.read_bytes()
    envelope = envelope_of(data[:HEAD], str(path))
    assert envelope is not None
    spans: dict[str, list[Span]] = {}
    logs: dict[str, list[LogRecord]] = {}
    for item in _items(envelope, data, str(path)):
        if isinstance(item, (Span, LogRecord)):
            (spans if isinstance(item, Span) else logs).setdefault(item.trace_id, []).append(item)
    gatherer = Gatherer(Policy(), Books())
    ids = dict.fromkeys([*spans, *logs])
    return Docket(runs=tuple(gatherer.facts(trace_of(each, spans.get(each, ()), logs.get(each, ()))) for each in ids))


def _items(envelope: Any, data: bytes, name: str) -> Iterator[Any]:
    if envelope.UNIT is Unit.STREAM:
        yield from envelope.read(BytesIO(data), Context(name=name))
        return
    for number, line in enumerate(data.splitlines(), start=1):
        for item in envelope.read(line, Context(name=name, position=number)):
            assert not isinstance(item, Refusal) or item.taken
            yield item


@pytest.mark.shared_data
def test_a_429_that_the_client_hid_is_unknown(shared_data: Path) -> None:
    path = shared_data / "genuine_spans" / "retry_hidden_429.jsonl"
    if not path.is_file():
        pytest.skip("the set is not on this machine")
    facts = read(path)
    hidden = {run.trace_id for run in facts.runs if not trigger.fire(Docket(runs=(run,)))}
    assert hidden
    assert not trigger.fire(facts)
    assert any(trigger.STATUSES in note for note in trigger.notes(facts))
