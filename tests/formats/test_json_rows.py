"""Records of JSON in every layout, and what is kept of a text that is cut."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.formats import json_rows
from afterbell.formats.json_rows import Row
from afterbell.model.trace import Refusal

ROWS = [{"a": 1}, {"a": {"b": "]"}}, {"a": [3]}]
LAYOUTS = {
    "lines": "\n".join(map(json.dumps, ROWS)).encode(),
    "list": json.dumps(ROWS).encode(),
    "list over lines": b"\xef\xbb\xbf" + json.dumps(ROWS, indent=1).encode(),
    "a list, one object a line": ("[\n" + ",\n".join(map(json.dumps, ROWS)) + "\n]").encode(),
    "documents in a row": "\n".join(json.dumps(row, indent=2) for row in ROWS).encode(),
    "blank lines": b"\n\n" + b"\n\n".join(json.dumps(row).encode() for row in ROWS) + b"\n\n",
}


def read(data, *lists):
    return list(json_rows.rows(BytesIO(data), *lists))


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name):
    assert json_rows.begins(LAYOUTS[name].lstrip())
    assert [row.value for row in read(LAYOUTS[name])] == ROWS


def test_a_broken_line_leaves_the_others():
    *kept, last = read(LAYOUTS["lines"] + b'\n{"a": "cu')
    assert [row.value for row in kept] == ROWS
    assert (last.where, "ends inside this line" in last.why) == ("line 4", True)
    first, *kept = read(b'{"a": \n' + LAYOUTS["lines"])
    assert (first.where, [row.value for row in kept]) == ("line 1", ROWS)


@pytest.mark.parametrize("name", ["list", "list over lines", "documents in a row"])
def test_a_cut_text_keeps_what_is_whole(name):
    *kept, last = read(LAYOUTS[name][:-6])
    assert [row.value for row in kept] == ROWS[:2]
    assert isinstance(last, Refusal)
    assert "cut off" in last.why


def test_a_cut_document_keeps_its_lists_records():
    data = json.dumps({"trace": {"id": 1}, "rows": ROWS}, indent=1).encode()
    lost, *kept, last = read(data[:-12], "rows")
    assert "beside rows" in lost.why
    assert [row.value for row in kept] == ROWS[:2]
    assert last.where == "record 3"


@pytest.mark.parametrize("first", [b'{"a": 1}', b'{"a": '])
def test_blank_lines_before_the_first_record_have_numbers_too(first):
    rows = read(b"\n \n" + first + b'\n{"a": 2}\n')
    assert [row.where for row in rows] == ["line 3", "line 4"]


def test_keys_are_those_outside_strings():
    text = json.dumps({"note": json.dumps({"inside": 1}), "b": {"c": 1}}).encode()
    assert json_rows.keys(text) == {"note", "b", "c"}


@given(st.binary(max_size=60) | st.text('{}[]":,1a\n ', max_size=40).map(str.encode))
def test_any_bytes(data):
    assert all(isinstance(row, (Row, Refusal)) for row in read(data, "a"))
    assert json_rows.begins(data) in (True, False)
