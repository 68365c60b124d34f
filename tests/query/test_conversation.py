"""A run told in steps: nothing twice, nothing lost, nothing before it was known."""

import pytest

from afterbell.catalog import shelves
from afterbell.catalog.cases import traces
from afterbell.model.trace_page import Lane
from afterbell.query.conversation import told

SECOND = 10**9
LONG = "Gross margin was 38.9 percent in fiscal 2024 and 39.1 percent in fiscal 2025."
ASK = {"content": "", "tool_calls": [{"id": "1", "name": "get_filing", "arguments": {"q": 1}}]}
RUN = (
    {"type": "run", "id": "run", "name": "desk", "at": 1, "until": 90 * SECOND},
    {"type": "call", "id": "one", "parent": "run", "at": SECOND, "until": 3 * SECOND, "model": "m", "system": "rules",
     "messages": [{"role": "user", "content": "how?"}], "output": ASK, "tokens": {"input": 820, "output": 44}},
    {"type": "tool", "id": "run-1", "parent": "run", "at": 4 * SECOND, "until": 5 * SECOND, "name": "get_filing",
     "call_id": "1", "arguments": {"q": 1}, "result": LONG},
    {"type": "call", "id": "two", "parent": "run", "at": 6 * SECOND, "until": 8 * SECOND, "model": "m",
     "system": "rules", "output": "stable",
     "messages": [{"role": "user", "content": "how?"}, {"role": "assistant", **ASK},
                  {"role": "tool", "tool_call_id": "1", "content": LONG}]},
    {"type": "order", "id": "order", "parent": "run", "at": 9 * SECOND, "until": 11 * SECOND, "side": "buy",
     "quantity": "2", "symbol": "SYNTHETIC_A", "status": "filled", "client_order_id": "CO-1"},
    {"type": "execution_report", "span": "order", "at": 10 * SECOND, "client_order_id": "CO-1", "status": "filled",
     "last_quantity": "2"},
)  # fmt: skip


def steps(*rows):
    (trace,) = traces([{"trace": "t", **row} for row in rows]).values()
    return told(trace).steps


def test_each_thing_is_told_once_where_it_became_known():
    found = steps(*RUN)
    assert [step.number for step in found] == list(range(1, 9))
    assert [(step.lane, step.at_ns // SECOND) for step in found] == [
        (Lane.PROMPTS, 1), (Lane.ANSWERS, 3), (Lane.TOOLS, 4), (Lane.TOOLS, 5), (Lane.PROMPTS, 6), (Lane.ANSWERS, 8),
        (Lane.FILLS, 10), (Lane.ORDERS, 11),
    ]  # fmt: skip
    assert dict(found[1].facts)["tokens in"] == "820"


def test_a_repeated_history_is_counted_and_a_repeated_text_is_referred_to():
    second = steps(*RUN)[4]
    assert (second.repeated, second.repeated_to) == (3, 2)
    (result,) = second.passages
    assert (result.text, result.same_as) == ("", 4)


def test_short_texts_that_are_equal_are_no_repetition():
    found = steps(
        {"type": "tool", "id": "a", "at": 1, "until": 2, "name": "x", "call_id": "1", "result": "ok"},
        {"type": "tool", "id": "b", "at": 3, "until": 4, "name": "x", "call_id": "2", "result": "ok"},
    )
    assert [step.passages[-1].text for step in found if step.heading.endswith("answers")] == ["ok", "ok"]


def test_what_failed_and_what_was_not_kept_is_said():
    failed, = (step for step in steps(
        {"type": "call", "id": "a", "at": 1, "until": 2, "model": "m", "messages": "hello",
         "error": {"type": "RateLimitError", "message": "429 too many requests"}},
    ) if step.failed)  # fmt: skip
    assert "429 too many requests" in [passage.text for passage in failed.passages]
    silent = steps({"type": "call", "id": "a", "at": 1, "until": 2, "model": "m", "messages": "hello",
                    "tokens": {"input": 1, "output": 9}})  # fmt: skip
    assert any("output not captured" in step.gone for step in silent)
    (broken,) = steps({"type": "span", "id": "a", "name": "guard", "at": 1, "until": 2, "error": "no such key"})
    assert (broken.lane, broken.failed, broken.passages[0].text) == (Lane.OTHER, True, "no such key")


def test_what_states_no_time_stands_last():
    found = steps({"type": "call", "id": "a", "model": "m", "messages": "hello", "output": "late"}, *RUN)
    assert [step.at_ns for step in found][-2:] == [0, 0]


@pytest.mark.parametrize("mode", shelves.modes().values(), ids=lambda mode: mode.slug)
def test_no_text_of_any_worked_example_is_lost(mode):
    for case in mode.cases:
        for trace in traces(case.given).values():
            found = told(trace).steps
            shown = {passage.text for step in found for passage in step.passages}
            wanted = {part.text for message in trace.messages.values() for part in message.parts}
            wanted |= {tool.result for tool in trace.tools} | {document.text for document in trace.documents}
            assert wanted - {""} <= shown, case.name
            for step in found:
                assert all(passage.same_as < step.number for passage in step.passages), case.name
