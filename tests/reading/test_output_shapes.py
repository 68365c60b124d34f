"""The structure of outputs, from samples and from schemas."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.reading.answers.shapes import faults, of_samples, of_schema, read

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
KEYWORDS = st.sampled_from(["type", "properties", "required", "items", "enum", "anyOf", "allOf", "$ref", "const", "x"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"a": 1}', "json"),
        ('```json\n{"a": 1}\n```', "json"),
        ('"{\\"a\\": 1}"', "json"),
        ("", "empty"),
        ("Hold.", "prose"),
        ('Sure: {"a": 1}', "prose"),
        ('{"a": 1', "not parseable"),
        ('```json\n{"a": 1', "not parseable"),
        ('{"error": {"message": "x"}}', "an error body"),
        ('{"action": "buy", "error": null}', "json"),
        ("7", "json"),
    ],
)
def test_kinds_of_output(text, kind):
    assert read(text).kind == kind


def test_a_cut_answer_says_so():
    assert read('{"a": 1', cut=True).kind == "cut off"


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "integer"}, 1.5, "1"),
        ({"type": ["string", "null"]}, None, 1),
        ({"type": "string", "nullable": True}, None, 1),
        ({"enum": ["a", 1]}, 1.0, "1"),
        ({"const": "x"}, "x", "y"),
        ({"properties": {"a": {"type": "string"}}, "required": ["a"]}, {"a": "x", "b": 1}, {"b": 1}),
        ({"type": "array", "items": {"type": "number"}}, [], ["x"]),
        ({"type": "object", "additionalProperties": {"type": "number"}}, {"any": 1}, {"any": "x"}),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, None, "x"),
        ({"$defs": {"A": {"type": "number"}}, "properties": {"a": {"$ref": "#/$defs/A"}}}, {"a": 1}, {"a": "x"}),
        ({"allOf": [{"required": ["a"]}, {"properties": {"b": {"type": "number"}}}]}, {"a": 0, "b": 1}, {"b": 1}),
        ({"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}, {"a": "x"}, {"a": 1}),
    ],
)
def test_what_a_schema_declares(schema, good, bad):
    assert faults(good, of_schema(schema)) == ()
    assert faults(bad, of_schema(schema))


def test_a_schema_that_refers_to_itself_ends():
    shape = of_schema({"$defs": {"T": {"properties": {"next": {"$ref": "#/$defs/T"}}}}, "$ref": "#/$defs/T"})
    assert faults({"next": {"next": {}}}, shape) == ()
    assert faults({}, of_schema({"$ref": "#"})) == ()


def test_keys_of_every_sample_are_required():
    shape = of_samples([{"a": 1, "b": "x"}, {"a": 2}])
    assert faults({"a": 3}, shape) == ()
    assert faults({"b": "x"}, shape) == ("a is missing",)


def test_a_path_is_told():
    shape = of_samples([{"rows": [{"n": 1}]}])
    assert faults({"rows": [{"n": 1}, {"n": "x"}]}, shape) == ("rows[1].n is a text instead of a number",)


def test_a_schema_that_multiplies_is_read_all_the_same():
    own = {"$ref": "#/$defs/T"}
    tree = {"anyOf": [{"properties": {f"k{number}": own for number in range(12)}}, *[own] * 12]}
    value = leaf = {}
    for _ in range(12):
        leaf["k0"] = leaf = {}
    assert faults(value, of_schema({"$defs": {"T": tree}, **own})) == ()
    assert faults({}, of_schema({"$defs": {"T": {"allOf": [own] * 12, "required": 5}}, **own})) == ()


def test_maps_beside_lists_fit_one_shape():
    value = [[None], {"0": False}]
    assert faults(value, of_samples([value])) == ()


@given(JSON)
def test_a_value_fits_its_own_shape(value):
    assert faults(value, of_samples([value])) == ()


@given(st.dictionaries(KEYWORDS, JSON | st.dictionaries(KEYWORDS, JSON, max_size=3), max_size=4), JSON)
def test_no_schema_and_no_value_raise(schema, value):
    assert isinstance(faults(value, of_schema(schema)), tuple)
    assert read(orjson.dumps(value).decode()).kind
