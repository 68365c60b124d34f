"""What is refused is named: by magic bytes or keys, never by what stands inside a text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.formats.strangers import name_of

ROWS = {
    "a Claude Code session": {"type": "summary", "summary": "A look at margins", "leafUuid": "1"},
    "an Inspect evaluation log": {"status": "success", "eval": {}, "plan": {}, "results": {}, "samples": []},
    "a Jaeger trace": {"data": [{"traceID": "1", "spans": [], "processes": {}}]},
    "a JSON Schema": {"$schema": "https://json-schema.example", "type": "object"},
    "OpenTelemetry spans outside an OTLP export": [{"name": "x", "spanContext": {"traceId": "1"}, "attributes": {}}],
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_by_keys(name):
    assert name_of(json.dumps(ROWS[name]).encode()) == name
    assert name_of(b"\xef\xbb\xbf\n " + json.dumps(ROWS[name], indent=2).encode()) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"PAR1\x15\x04", "a Parquet file in a pipe (it is read from its end: give it as a file)"),
        (b"SQLite format 3\x00\x10", "an SQLite database"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"<!DOCTYPE html><html>", "an HTML page"),
    ],
)
def test_by_magic_bytes(head, name):
    assert name_of(head) == name


def test_words_inside_a_text_are_no_keys():
    row = {"note": json.dumps(ROWS["a Jaeger trace"] | {"object": "trace"}), "n": 1}
    assert name_of(json.dumps(row).encode()) == "JSON with the keys note, n"


def test_plain_words_have_no_name():
    assert name_of(b"2026-01-05 order filled") == ""
    assert name_of(b"") == ""


@given(st.binary(max_size=80))
def test_any_bytes(head):
    assert isinstance(name_of(head), str)
