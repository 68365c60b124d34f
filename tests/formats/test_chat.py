from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.formats.chat import speak, speak_answer, speak_request
from afterbell.model.calls import Source


def at(field):
    return Source(trace_id="t", span_id="s", field=field)


def told(found):
    return [
        (said.role, str(part.kind), part.call_id, part.name, part.text, source.field)
        for said, ref in found
        for part, source in zip(said.parts, ref.sources, strict=True)
    ]


CALL = '{"n": 3}'
SHAPES = {
    "plain text": ("hello", [("user", "text", "", "", "hello", "")]),
    "openai": (
        [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "hi"}]},
            {"role": "assistant", "content": None,
             "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "get", "arguments": CALL}}]},
            {"role": "tool", "tool_call_id": "c1", "content": "nothing"},
        ],
        [
            ("system", "text", "", "", "Be brief.", "[0].content"),
            ("user", "text", "", "", "hi", "[1].content[0].text"),
            ("assistant", "tool_call", "c1", "get", CALL, "[2].tool_calls[0].function.arguments"),
            ("tool", "tool_result", "c1", "", "nothing", "[3].content"),
        ],
    ),
    "anthropic": (
        [
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "hm", "signature": "x"},
                {"type": "tool_use", "id": "c1", "name": "get", "input": {"n": 3}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "c1", "content": [{"type": "text", "text": "nothing"}]}]},
        ],
        [
            ("assistant", "reasoning", "", "", "hm", "[0].content[0].thinking"),
            ("assistant", "tool_call", "c1", "get", '{"n":3}', "[0].content[1].input"),
            ("user", "tool_result", "c1", "", "nothing", "[1].content[0].content"),
        ],
    ),
    "responses items": (
        [
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
            {"type": "function_call", "call_id": "c1", "id": "fc", "name": "get", "arguments": CALL},
            {"type": "function_call_output", "call_id": "c1", "output": "nothing"},
        ],
        [
            ("assistant", "reasoning", "", "", "hm", "[0].summary"),
            ("assistant", "tool_call", "c1", "get", CALL, "[1].arguments"),
            ("tool", "tool_result", "c1", "", "nothing", "[2].output"),
        ],
    ),
    "langchain": (
        [[
            {"lc": 1, "type": "constructor", "id": ["SystemMessage"], "kwargs": {"content": "s", "type": "system"}},
            {"type": "human", "data": {"content": "hi", "type": "human"}},
            {"type": "ai", "data": {"content": "", "type": "ai",
                                    "tool_calls": [{"name": "get", "args": {"n": 3}, "id": "c1"}]}},
        ]],
        [
            ("system", "text", "", "", "s", "[0][0].kwargs.content"),
            ("user", "text", "", "", "hi", "[0][1].data.content"),
            ("assistant", "tool_call", "c1", "get", '{"n":3}', "[0][2].data.tool_calls[0].args"),
        ],
    ),
    "otel": (
        [{"role": "tool", "parts": [
            {"type": "tool_call_response", "id": "c1", "response": {"a": 1}},
            {"type": "blob", "mime_type": "image/png", "content": "aGk="},
            {"type": "uri", "uri": "https://example.invalid/x"},
            {"type": "server_tool_call", "id": "c2", "name": "web", "server_tool_call": {"type": "search"}},
            {"type": "new_kind", "content": "later"}]}],
        [
            ("tool", "tool_result", "c1", "", '{"a":1}', "[0].parts[0].response"),
            ("tool", "other", "", "blob", "", "[0].parts[1].content"),
            ("tool", "other", "", "uri", "https://example.invalid/x", "[0].parts[2].uri"),
            ("tool", "tool_call", "c2", "web", '{"type":"search"}', "[0].parts[3].server_tool_call"),
            ("tool", "other", "", "new_kind", "later", "[0].parts[4].content"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes(shape):
    value, expected = SHAPES[shape]
    assert told(speak(value, "user", at)) == expected


def test_equal_messages_of_two_shapes_are_one_message():
    one = speak([{"role": "user", "parts": [{"type": "text", "content": "hi"}]}], "user", at)
    two = speak([{"type": "human", "data": {"content": "hi"}}], "user", at)
    assert one[0][0] == two[0][0]


def test_request_body():
    body = {"system": [{"type": "text", "text": "s"}], "messages": [{"role": "user", "content": "hi"}]}
    assert told(speak_request(body, at)) == [
        ("system", "text", "", "", "s", ".system[0].text"),
        ("user", "text", "", "", "hi", ".messages[0].content"),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"choices": [{"message": {"role": "assistant", "content": "ok"}}]}, ".choices[0].message.content"),
        ({"role": "assistant", "content": [{"type": "text", "text": "ok"}]}, ".content[0].text"),
        ({"candidates": [{"content": {"parts": [{"text": "ok"}]}}]}, ".candidates[0].content.parts[0].text"),
        ({"generations": [[{"text": "ok"}]]}, ".generations[0][0].text"),
        ({"output": [{"type": "message", "role": "assistant", "content": "ok"}]}, ".output[0].content"),
        ("ok", ""),
    ],
)
def test_answer_bodies(body, field):
    assert told(speak_answer(body, at)) == [("assistant", "text", "", "", "ok", field)]


words = st.sampled_from(
    ["role", "content", "parts", "type", "text", "tool_calls", "function", "arguments", "data", "kwargs", "lc", "id",
     "name", "tool_use", "tool_result", "choices", "message", "messages", "user", "tool", "image", "reasoning"]
)  # fmt: skip
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)


@given(plain)
def test_nothing_breaks_it(value):
    for read in (
        lambda: speak(value, "user", at),
        lambda: speak_request(value, at),
        lambda: speak_answer(value, at),
    ):
        for said, ref in read():
            assert len(said.parts) == len(ref.sources)


def test_deep_nesting_is_kept_as_text():
    value: list = []
    for _ in range(500):
        value = [value, "x"]
    assert speak(value, "user", at)
