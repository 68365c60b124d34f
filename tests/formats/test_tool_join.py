"""A tool call is one whatever legs of it are there: asked for, executed, fed back."""

from __future__ import annotations

from afterbell.formats.messages import message, ref
from afterbell.formats.tool_join import join
from afterbell.model.calls import LlmCall, Part, PartKind, Source, ToolCall
from afterbell.model.vocabulary import ContentState

CAPTURED, REDACTED, ABSENT = ContentState.CAPTURED, ContentState.REDACTED, ContentState.NOT_CAPTURED


class Talk:
    """Builds calls from parts, keeping the messages behind their references."""

    def __init__(self):
        self.messages = {}

    def call(self, name, start, told=(), said=()):
        return LlmCall(
            call_id=name, span_id=name, started_ns=start, ended_ns=start + 5,
            input=self._refs(name, "input", "user", told), output=self._refs(name, "output", "assistant", said),
        )  # fmt: skip

    def _refs(self, name, leg, role, parts):
        found = []
        for number, part in enumerate(parts):
            made = message(role, (part,))
            self.messages[made.sha256] = made
            found.append(ref(made, (Source(trace_id="t", span_id=name, field=f"{leg}[{number}]"),)))
        return tuple(found)

    def tools(self, calls, executed=()):
        return join(calls, executed, self.messages, lambda _span: None)


def ask(call_id="c1", name="get_quote", arguments='{"symbol": "SYNTHETIC_A"}'):
    return Part(kind=PartKind.TOOL_CALL, call_id=call_id, name=name, text=arguments)


def answer(text, call_id="c1", name=""):
    return Part(kind=PartKind.TOOL_RESULT, call_id=call_id, name=name, text=text)


def run(span, call_id="c1", name="get_quote", arguments='{"symbol":"SYNTHETIC_A"}', result="101", **more):
    state = more.pop("result_state", CAPTURED if result else ABSENT)
    source = Source(trace_id="t", span_id=span, field="result") if result else None
    return ToolCall(
        call_id=call_id, name=name, arguments=arguments, result=result, executed_in=span, result_source=source,
        result_state=state, started_ns=more.pop("start", 6), ended_ns=9, **more,
    )  # fmt: skip


def test_three_legs_are_one_call():
    talk = Talk()
    calls = [talk.call("a", 0, said=[ask()]), talk.call("b", 20, told=[ask(), answer("101")])]
    (tool,) = talk.tools(calls, [run("x")])
    assert (tool.name, tool.result, tool.executed_in) == ("get_quote", "101", "x")
    assert [source.span_id for source in tool.asked_in] == ["a", "b"]
    assert [source.field for source in tool.fed_back_in] == ["input[1]"]
    assert (tool.started_ns, tool.ended_ns, tool.workflow_step) == (6, 9, False)


def test_missing_legs_stay_empty():
    talk = Talk()
    (asked,) = talk.tools([talk.call("a", 0, said=[ask()])])
    assert (bool(asked.asked_in), asked.executed_in, asked.fed_back_in) == (True, "", ())
    (told,) = talk.tools([talk.call("b", 0, told=[answer("101")])])
    assert (told.asked_in, told.result, told.result_state) == ((), "101", CAPTURED)
    (ran,) = talk.tools([], [run("x")])
    assert (ran.asked_in, ran.workflow_step) == ((), False)


def test_several_spans_of_one_call_id_are_one_execution():
    talk = Talk()
    (tool,) = talk.tools([], [run("mcp", result=""), run("x", start=7, error_type="tool_error", is_error=True)])
    assert (tool.executed_in, tool.result, tool.is_error) == ("mcp", "101", True)


def test_a_span_without_call_id_answers_the_ask_of_its_name_and_arguments():
    talk = Talk()
    calls = [talk.call("a", 0, said=[ask("c1"), ask("c2"), ask("c3", arguments='{"symbol": "SYNTHETIC_B"}')])]
    found = talk.tools(calls, [run("x", ""), run("y", ""), run("z", ""), run("w", "", name="rebalance")])
    assert {tool.call_id: tool.executed_in for tool in found if tool.call_id} == {"c1": "x", "c2": "y", "c3": ""}
    assert [tool.executed_in for tool in found if tool.workflow_step] == ["z", "w"]


def test_an_empty_result_was_captured_and_a_redacted_or_cut_one_was_not():
    talk = Talk()
    for text, state in (("", CAPTURED), ("__REDACTED__", REDACTED), ('{"bars": [1, 2', ContentState.TRUNCATED)):
        (tool,) = talk.tools([talk.call("b", 0, told=[answer(text)])])
        assert tool.result_state is state


def test_the_result_that_is_whole_wins():
    talk = Talk()
    calls = [talk.call("b", 20, told=[answer("101")])]
    (tool,) = talk.tools(calls, [run("x", result="[REDACTED]", result_state=REDACTED)])
    assert (tool.result, tool.result_state, tool.result_source.span_id) == ("101", CAPTURED, "b")
    calls = [talk.call("b", 20, told=[answer("[REDACTED]")])]
    (tool,) = talk.tools(calls, [run("x")])
    assert (tool.result, tool.result_state, tool.result_source.span_id) == ("101", CAPTURED, "x")


def test_clients_without_call_ids():
    talk = Talk()
    calls = [
        talk.call("a", 0, said=[ask("")]),
        talk.call("b", 20, told=[ask(""), answer("101", "", "get_quote")], said=[ask("")]),
        talk.call("c", 40, told=[answer("101", "", "get_quote"), answer("101", "", "get_quote")]),
    ]
    first, second = talk.tools(calls, [run("x", ""), run("y", "", start=26)])
    assert [source.span_id for source in first.fed_back_in] == ["b", "c"]
    assert [source.span_id for source in second.fed_back_in] == ["c"]
    assert (first.executed_in, second.executed_in) == ("x", "y")
    assert (first.call_id, first.workflow_step) == ("", False)
