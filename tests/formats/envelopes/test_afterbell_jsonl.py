"""Our own JSON lines: each line is one span, one log record or one refusal that says why, whatever it holds."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.catalog import intake
from afterbell.formats.envelopes import afterbell_jsonl
from afterbell.formats.items import Context
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.model.vocabulary import ContentState

CALL = {"type": "call", "trace": "t", "id": "a", "at": "2026-01-05T14:00:00Z", "until": "2026-01-05T14:00:05Z",
        "model": "gpt-5"}  # fmt: skip


def read(row, position=1):
    line = row if isinstance(row, bytes) else json.dumps(row).encode()
    (item,) = afterbell_jsonl.read(line, Context(position=position))
    return item


def call(**more):
    span = read({**CALL, **more})
    (found,) = intake.trace_of(span.trace_id, [span], []).calls
    return found


def test_recognised_by_the_first_row():
    line = json.dumps(CALL).encode()
    for head in (line, line + b"\n", b"\xef\xbb\xbf" + line, json.dumps({"trace": "t", "type": "run"}).encode()):
        assert afterbell_jsonl.recognise(head, "x")
    long = json.dumps({**CALL, "output": "x" * 90_000}).encode()
    assert afterbell_jsonl.recognise(long[:65536], "x")
    for head in (
        b"",
        b"[]",
        b'{"type": "call"}',
        b'{"type": [], "trace": "t"}',
        b'{"type": "GENERATION", "trace": "t"}',
    ):
        assert not afterbell_jsonl.recognise(head, "x")


def test_a_byte_order_mark_belongs_to_the_first_line_only():
    line = b"\xef\xbb\xbf" + json.dumps(CALL).encode()
    assert isinstance(read(line), Span)
    assert isinstance(read(line, position=2), Refusal)


def test_the_last_line_may_be_cut_off():
    (found,) = afterbell_jsonl.read(b'{"type": "ca', Context(position=7, last=True))
    assert (found.where, "ends inside this line" in found.why) == ("line 7", True)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"at": "2026-01-05T14:00:00"}, "'at'"),
        ({"at": "9999-01-01T00:00:00Z"}, "2262"),
        ({"until": 2**63}, "'until'"),
        ({"at": -1}, "'at'"),
        ({"trace": ""}, "trace"),
        ({"type": ["call"]}, "unknown type"),
        ({"type": "calls"}, "unknown type"),
        ({"idea": {"id": 1}}, "'idea'"),
        ({"tokens": {"input": -5}}, "tokens"),
        ({"tokens": {"inputs": 5}}, "tokens"),
        ({"dropped": True}, "dropped"),
        ({"messages": [7]}, "message"),
        ({"attributes": []}, "attributes"),
        ({"events": {}}, "events"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(more, word):
    found = read({**CALL, **more})
    assert isinstance(found, Refusal)
    assert word in found.why


def test_a_key_without_a_value_states_nothing():
    found = read({**CALL, "until": None, "parent": None, "output": None, "error": None, "idea": None})
    assert (found.end_ns, found.parent_span_id, found.status_code) == (0, "", 0)
    assert call(output=None).states["output"] is ContentState.NOT_CAPTURED


def test_a_retrieval_without_documents_does_not_say_that_none_were_found():
    row = {"type": "retrieval", "trace": "t", "id": "r", "at": "2026-01-05T14:00:00Z"}
    assert "gen_ai.retrieval.documents" not in read(row).attributes
    assert read({**row, "documents": []}).attributes["gen_ai.retrieval.documents"] == "[]"


def test_ids_may_be_whole_numbers():
    assert read({**CALL, "idea": 12}).attributes["trading.idea.id"] == "12"


def test_keys_that_nobody_knows_are_kept():
    assert read({**CALL, "desk": {"n": 1}}).attributes["afterbell.desk"] == {"n": 1}
    order = {"type": "order", "trace": "t", "venue": "XNYS"}
    assert read(order).attributes["trading.order.venue"] == "XNYS"


def test_rows_without_an_id_are_told_apart():
    spans = [read({"type": "span", "trace": "t", "id": ""}, position) for position in (1, 2)]
    assert all(span.span_id for span in spans)
    assert spans[0].span_id != spans[1].span_id


def test_messages_in_every_form_keep_their_words():
    row = {
        "messages": [
            "How is the margin?",
            {"role": "assistant", "content": None, "tool_calls": [{"id": "c", "name": "f", "arguments": {"a": 1}}]},
            {"role": "tool", "tool_call_id": "c", "content": {"margin": 0.39}},
            {"role": "user", "content": {"free": "form"}},
            {"role": "user", "parts": [{"type": "text", "content": "Ready."}]},
            {"role": "assistant", "content": "Yes.", "tool_calls": None},
        ],
    }
    span = read({**CALL, **row})
    trace = intake.trace_of(span.trace_id, [span], [])
    told = [(message.role, part.text) for message, part, _source in trace.parts(trace.calls[0].input)]
    assert told == [
        ("user", "How is the margin?"),
        ("assistant", '{"a":1}'),
        ("tool", '{"margin":0.39}'),
        ("user", '{"free":"form"}'),
        ("user", "Ready."),
        ("assistant", "Yes."),
    ]


def test_structures_nested_too_deep_to_write_are_kept_as_text():
    deep = b"[" * 400 + b"]" * 400
    row = orjson.dumps({**CALL, "type": "tool", "name": "f"})[:-1] + b', "result": ' + deep + b"}"
    assert read(row).attributes["gen_ai.tool.call.result"].startswith("[[[")


_NAMES = sorted({*afterbell_jsonl._FRAME, *afterbell_jsonl._IDS, *set().union(*afterbell_jsonl._KEYS.values()),
                 "action", "x.y", "content", "role", "tool_calls", "parts"} - {"type", "trace"})  # fmt: skip
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6) | st.sampled_from(["2026-01-05T14:00:00Z", "user", "tool"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
_rows = st.builds(
    lambda kind, trace, rest: {"type": kind, "trace": trace, **rest},
    st.sampled_from(sorted(afterbell_jsonl._TYPES)) | _json, st.just("t") | _json,
    st.dictionaries(st.sampled_from(_NAMES), _json, max_size=6),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(_rows)
def test_every_row_gives_exactly_one_item(row):
    line = orjson.dumps(row)
    assert afterbell_jsonl.recognise(line, "") in (True, False)
    item = read(line)
    if isinstance(item, Refusal):
        assert item.why
    else:
        spans, logs = ([item], []) if isinstance(item, Span) else ([], [item])
        assert isinstance(item, Span | LogRecord)
        intake.trace_of(item.trace_id, spans, logs)


@given(st.binary(max_size=60).filter(lambda data: b"\n" not in data))
def test_every_line_gives_at_most_one_item(line):
    assert afterbell_jsonl.recognise(line, "") in (True, False)
    items = list(afterbell_jsonl.read(line, Context(position=1)))
    assert len(items) == bool(line.strip())
