"""Packing and unpacking without the database between: what comes back is what went in."""

import json
import math
import re

import orjson
from hypothesis import given
from hypothesis import strategies as st

from afterbell.disk import packing
from afterbell.model.trace import LogRecord, Span, SpanEvent, SpanLink

JSON_COLUMNS = {name for columns in (packing.SPAN_COLUMNS, packing.LOG_COLUMNS) for name in columns
                if columns[name] == "JSON"}  # fmt: skip

any_text = st.text(st.characters(), max_size=30) | st.text(st.characters(), min_size=121, max_size=130)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(2**70), 2**70) | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
attributes = st.dictionaries(st.text(max_size=8), values, max_size=4)
moments = st.integers(0, 2**63 - 1)
hex_ids = st.text("0123456789abcdef", min_size=32, max_size=32)
plain = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
counts = st.integers(0, 2**32)
spans = st.builds(
    Span,
    trace_id=hex_ids, span_id=hex_ids, parent_span_id=plain, trace_id_raw=plain, span_id_raw=plain, name=plain,
    otel_kind=st.integers(0, 5), start_ns=moments, end_ns=moments, status_code=st.integers(0, 2),
    status_message=plain, trace_state=plain, flags=counts, resource=attributes, scope_name=plain,
    scope_version=plain, schema_url=plain, attributes=attributes,
    events=st.lists(st.builds(SpanEvent, name=plain, time_ns=moments, attributes=attributes), max_size=2).map(tuple),
    links=st.lists(st.builds(SpanLink, trace_id=hex_ids, span_id=plain, attributes=attributes), max_size=1).map(tuple),
    dropped_attributes=counts, dropped_events=counts, dropped_links=counts, format=plain, evidence=st.just("e"),
    position=st.integers(0, 2**40),
)  # fmt: skip
logs = st.builds(
    LogRecord,
    trace_id=hex_ids, span_id=plain, time_ns=moments, observed_ns=moments, severity=plain, event_name=plain,
    body=values, attributes=attributes, resource=attributes, scope_name=plain, dropped_attributes=counts,
    format=plain, evidence=st.just("e"), position=st.integers(0, 2**40),
)  # fmt: skip


def spelt(value):
    """Return a value as JSON can hold it: what the module says it does to the rest."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, dict):
        return {spelt(key): spelt(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [spelt(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return str(value)
    return value


def row_of(line, columns):
    """Return a packed line as the database gives it back: absent columns empty, JSON as text."""
    found = orjson.loads(line)
    assert set(found) <= set(columns)
    return {name: orjson.dumps(found[name]).decode() if name in JSON_COLUMNS and found.get(name) is not None
            else found.get(name) for name in columns}  # fmt: skip


def text_from(texts):
    return lambda key: orjson.loads(packing.pack_text("t", key, texts[key]))["text"]


def trip(span, recent, texts):
    own = {}
    row = row_of(packing.pack_span(span, 0, own, recent), packing.SPAN_COLUMNS)
    texts.update(own)
    return packing.unpack_span(row, "e", text_from(texts))


@given(spans)
def test_a_span_comes_back(span):
    found = trip(span, packing.Recent(), {})
    for name in ("attributes", "resource"):
        assert getattr(found, name) == spelt(getattr(span, name))
    assert [event.attributes for event in found.events] == [spelt(event.attributes) for event in span.events]
    hidden = dict.fromkeys(("attributes", "resource", "events"))
    assert {name: getattr(found, name) for name in Span.__struct_fields__ if name not in hidden | {"links": 0}} == {
        name: getattr(span, name) for name in Span.__struct_fields__ if name not in hidden | {"links": 0}
    }
    assert [link.attributes for link in found.links] == [spelt(link.attributes) for link in span.links]


@given(logs)
def test_a_log_record_comes_back(log):
    texts = {}
    row = row_of(packing.pack_log(log, 0, texts, packing.Recent()), packing.LOG_COLUMNS)
    found = packing.unpack_log(row, "e", text_from(texts))
    assert (found.body, found.attributes, found.resource) == tuple(map(spelt, (log.body, log.attributes, log.resource)))
    assert (found.trace_id, found.time_ns, found.event_name) == (log.trace_id, log.time_ns, log.event_name)


messages = st.lists(
    st.fixed_dictionaries({"role": plain, "content": st.text(st.characters(), min_size=60, max_size=80)}), min_size=1
)


@given(st.lists(messages, min_size=1, max_size=4), st.sampled_from([(",", ":"), (", ", ": "), (" ,", ":")]),
       st.booleans())  # fmt: skip
def test_histories_come_back_byte_for_byte_and_each_turn_is_kept_once(turns, separators, ascii_only):
    """Each value is the one before and more turns, as a run of chat spans has them."""
    recent, texts, history = packing.Recent(), {}, []
    for turn in turns:
        history += turn
        value = json.dumps(history, separators=separators, ensure_ascii=ascii_only)
        span = Span(trace_id="0" * 32, span_id="1", attributes={"input": value}, evidence="e")
        assert trip(span, recent, texts).attributes == {"input": spelt(value)}
    if separators[0] != " ," and ascii_only:
        assert len(texts) <= len(history)


def test_a_grown_history_is_read_only_at_its_end():
    texts, recent = {}, packing.Recent()
    long = [{"content": letter * 130} for letter in "abc"]
    for count in (1, 2, 3):
        value = json.dumps(long[:count])
        own = {}
        packing.pack_span(Span(trace_id="0" * 32, span_id="1", attributes={"input": value}), 0, own, recent)
        assert len(own) == 1
        texts |= own
    assert len(texts) == 3


def test_numbers_that_no_column_holds_are_not_stated():
    span = Span(trace_id="0" * 32, span_id="1", start_ns=2**64, end_ns=-(2**70), otel_kind=300, status_code=-999,
                flags=2**80, dropped_events=2**99, evidence="e",
                events=(SpanEvent(name="n", time_ns=2**90),))  # fmt: skip
    found = trip(span, packing.Recent(), {})
    assert (found.start_ns, found.end_ns, found.otel_kind, found.status_code, found.flags) == (0, 0, 0, 0, 0)
    assert (found.dropped_events, found.events[0].time_ns) == (0, 0)


def test_what_is_nested_too_deep_is_left_to_the_evidence():
    deep = "x"
    for _ in range(900):
        deep = [deep]
    span = Span(trace_id="0" * 32, span_id="1", attributes={"a": deep, "b": 1}, evidence="e")
    found = trip(span, packing.Recent(), {}).attributes
    assert found["b"] == 1
    assert "(nested too deep)" in str(found["a"])
