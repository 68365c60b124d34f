"""LiteLLM's rows: spans where content was kept, rows of the gateway's book always, and never a call twice."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest

from afterbell.catalog import intake
from afterbell.formats.envelopes import books, litellm_logs
from afterbell.formats.items import Context
from afterbell.model.books import GatewayRow
from afterbell.model.trace import Refusal, Span

ROWS = [
    json.loads(line) for line in (Path(__file__).parents[1] / "golden" / "litellm_logs.jsonl").read_text().splitlines()
]
BARE = [{key: value for key, value in row.items() if key not in {"messages", "response"}} for row in ROWS]


def read(rows):
    return list(litellm_logs.read(BytesIO("\n".join(map(json.dumps, rows)).encode()), Context()))


def spend_log(row):
    """The same request as the proxy's table holds it."""
    renamed = {"id": "request_id", "trace_id": "session_id", "response_cost": "spend"}
    return {renamed.get(key, key): value for key, value in row.items()} | {
        "startTime": "2026-01-05T14:00:11.500000Z", "endTime": "2026-01-05T14:00:14Z", "api_key": "hash",
        "messages": json.dumps(row["messages"]), "response": json.dumps(row["response"]), "cache_hit": "False",
    }  # fmt: skip


def test_rows_without_content_are_the_books_alone():
    lines = "\n".join(map(json.dumps, BARE)).encode()
    assert intake.envelope_of(lines, "x") is books
    assert intake.envelope_of(json.dumps(ROWS[0]).encode(), "x") is litellm_logs
    spend = {**spend_log(ROWS[0]), "messages": "{}", "response": "{}", "proxy_server_request": "{}"}
    assert intake.envelope_of(json.dumps(spend).encode(), "x") is books


def test_a_list_is_no_book_and_is_read_here():
    data = json.dumps(BARE, indent=1).encode()
    assert intake.envelope_of(data, "x") is litellm_logs
    items = list(litellm_logs.read(BytesIO(data), Context()))
    assert [type(item) for item in items] == [GatewayRow] * 4


def test_every_row_is_a_row_of_the_book_too():
    booked = [item for item in read(ROWS) if isinstance(item, GatewayRow)]
    same = [
        item
        for item in books.read(BytesIO("\n".join(map(json.dumps, BARE)).encode()), Context())
        if isinstance(item, GatewayRow)
    ]
    assert booked == same
    assert booked[1].error_code == "429"


def test_the_proxys_table_says_what_the_payload_says():
    (_row, one) = read([ROWS[0]])
    (_row, other) = read([spend_log(ROWS[0])])
    (call,) = intake.trace_of(one.trace_id, [one], []).calls
    (same,) = intake.trace_of(other.trace_id, [other], []).calls
    assert (same.usage, same.cost, same.request_model, same.response_model, same.finish_reasons) == (
        call.usage, call.cost, call.request_model, call.response_model, call.finish_reasons,
    )  # fmt: skip
    assert (one.trace_id, one.start_ns, one.end_ns) == (other.trace_id, other.start_ns, other.end_ns)


def test_the_clients_own_span_of_a_request_is_the_same_call():
    spans = [item for item in read(ROWS) if isinstance(item, Span)]
    first = spans[0]
    own = Span(
        trace_id=first.trace_id, span_id="00000000000000aa", name="chat", start_ns=first.start_ns - 1,
        end_ns=first.end_ns + 1,
        attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": "desk-large",
                    "gen_ai.response.id": "chatcmpl-1", "gen_ai.usage.input_tokens": 1412,
                    "gen_ai.usage.output_tokens": 187},
    )  # fmt: skip
    alone, joined = (intake.trace_of(first.trace_id, found, []) for found in (spans, [*spans, own]))
    assert len(joined.calls) == len(alone.calls)
    assert sum(call.usage.total or 0 for call in joined.calls) == sum(call.usage.total or 0 for call in alone.calls)


def test_an_attempt_and_its_repeat_under_one_id_are_two():
    repeat = {**ROWS[1], "startTime": ROWS[1]["startTime"] + 1}
    assert len({item.span_id for item in read([ROWS[1], repeat]) if isinstance(item, Span)}) == 2


@pytest.mark.parametrize("row", [7, {}, {"call_type": "completion"}, {"id": "x"}])
def test_what_is_no_row_is_refused(row):
    assert [type(item) for item in read([row])] == [Refusal]
