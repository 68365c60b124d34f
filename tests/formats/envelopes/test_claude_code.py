"""Claude Code's sessions: an answer over several lines is one call, its usage counted once."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

from afterbell.catalog import intake
from afterbell.formats.envelopes import claude_code
from afterbell.formats.items import Context
from afterbell.model.trace import Refusal, Span

LINES = (Path(__file__).parents[1] / "golden" / "claude_code.jsonl").read_bytes().splitlines(keepends=True)


def read(lines):
    return list(claude_code.read(BytesIO(b"".join(lines)), Context()))


def trace(items):
    spans = [item for item in items if isinstance(item, Span)]
    return intake.trace_of(spans[0].trace_id, spans, [])


def test_lines_of_one_answer_are_one_call_with_its_last_usage():
    calls = trace(read(LINES)).calls
    assert [(call.response_id, call.usage.total) for call in calls] == [
        ("msg_1", 10334), ("msg_2", 10264), ("msg_3", 10249), ("e1", None)
    ]  # fmt: skip


def test_a_failed_request_says_so_and_has_no_answer():
    (failed,) = [call for call in trace(read(LINES)).calls if call.failed]
    assert (failed.http_status, failed.output, failed.request_model) == (529, (), "")


def test_side_chains_are_conversations_of_their_own():
    found = trace(read(LINES))
    side = next(call for call in found.calls if call.response_id == "msg_3")
    assert [message.text for message, _part, _source in found.parts(side.input)] == ["Count the files."]
    assert side.agent_name == "a1"


def test_what_is_cut_or_no_turn_is_refused_and_the_rest_kept():
    bad = [b'{"type": "user", "sessionId": "x"}\n', b"7\n"]
    items = read([*LINES[:9], *bad, LINES[9][:80]])
    assert [item.where for item in items if isinstance(item, Refusal)] == ["line 10", "line 11", "line 12"]
    assert len(trace(items).calls) == 2


def test_times_and_session():
    root = next(item for item in read(LINES) if isinstance(item, Span) and not item.parent_span_id)
    assert root.end_ns - root.start_ns == 13 * 10**9
    assert root.attributes["claude_code.gitBranch"] == "main"
    assert intake.envelope_of(b"".join(LINES), json.dumps("x")) is claude_code
