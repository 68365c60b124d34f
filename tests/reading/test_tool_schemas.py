"""Tool definitions in the shapes of several APIs, and where two differ."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.reading.prompts.tool_schemas import canonical, definitions, first_difference, where_different

SCHEMA = {"type": "object", "properties": {"days": {"type": "integer"}}, "required": ["days"]}
WANTED = {"quote": {"description": "A quote.", "parameters": canonical(SCHEMA)}}


@pytest.mark.parametrize(
    "value",
    [
        [{"type": "function", "function": {"name": "quote", "description": "A  quote.", "parameters": SCHEMA}}],
        [{"name": "quote", "description": "A quote.", "input_schema": SCHEMA}],
        [{"type": "function", "name": "quote", "description": "A quote.", "inputSchema": SCHEMA}],
        [{"functionDeclarations": [{"name": "quote", "description": "A quote.", "parameters": SCHEMA}]}],
        {"tools": [{"name": "quote", "description": "A quote.", "parameters": orjson.dumps(SCHEMA).decode()}]},
        [orjson.dumps({"name": "quote", "description": "A quote.", "parameters": SCHEMA}).decode()],
    ],
)
def test_one_tool_in_many_shapes(value):
    assert definitions(orjson.dumps(value).decode()) == WANTED


def test_what_is_no_definition():
    assert definitions("") == {}
    assert definitions('[{"name": "quo') is None


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ({"a": 1}, {"a": 1.0}, ""),
        ({"required": ["a", "b"]}, {"required": ["b", "a"]}, ""),
        ({"properties": {"a": {"type": "string"}}}, {"properties": {"a": {"type": "number"}}}, "properties.a.type was"),
        ({"enum": ["x"]}, {"enum": ["x", "y"]}, "enum gained 'y'"),
        ({"a": 1, "b": 2}, {"a": 1}, "b is gone"),
        ({}, {"required": ["a"]}, "required is new"),
    ],
)
def test_the_first_difference_names_its_path(one, other, words):
    assert first_difference(canonical(one), canonical(other)).startswith(words)
    assert bool(first_difference(canonical(one), canonical(other))) is bool(words)


def test_the_keys_lead_to_the_first_difference():
    wider = {**SCHEMA, "properties": {"days": {"type": "integer", "maximum": 90}}}
    assert where_different(canonical(SCHEMA), canonical(wider)) == ("properties", "days", "maximum")
    assert where_different(canonical(SCHEMA), canonical(SCHEMA)) == ()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    )
)
def test_any_json_is_read_and_equals_itself(value):
    assert definitions(orjson.dumps(value).decode()) is not None
    assert first_difference(canonical(value), canonical(value)) == ""
    assert canonical(canonical(value)) == canonical(value)
