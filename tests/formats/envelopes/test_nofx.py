"""nofx's records: a cycle with its call, its decisions and the account as it stood."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest

from afterbell.catalog import intake
from afterbell.formats.envelopes import nofx_decisions
from afterbell.formats.items import Context
from afterbell.model.trace import STATUS_ERROR, Refusal

RECORD = json.loads((Path(__file__).parents[1] / "golden" / "nofx_decisions.json").read_text())


def read(*records):
    return list(nofx_decisions.read(BytesIO("\n".join(map(json.dumps, records)).encode()), Context()))


def test_decisions_and_account():
    spans = read(RECORD)
    found = intake.trace_of(spans[0].trace_id, spans, [])
    told = [(str(trade.kind), trade.symbol, trade.action, str(trade.quantity)) for trade in found.trades]
    assert ("decision", "SYNTHETIC_A", "buy", "2") in told
    assert ("decision", "SYNTHETIC_B", "hold", "None") in told
    assert "account_snapshot" in {kind for kind, *_rest in told}
    assert {trade.account_id for trade in found.trades} == {"desk-a"}


def test_the_call_took_as_long_as_stated():
    (call,) = intake.trace_of("x", read(RECORD), []).calls
    assert call.ended_ns - call.started_ns == 4 * 10**9


def test_without_the_raw_answer_reasoning_and_decision_stand_for_it():
    (call,) = intake.trace_of("x", read({**RECORD, "raw_response": ""}), []).calls
    assert [ref.sources[0].field for ref in call.output] == ["nofx.cot_trace", "nofx.decision_json"]


def test_a_failed_cycle_says_why():
    root, *_others = read({**RECORD, "success": False, "error_message": "no answer"})
    assert (root.status_code, root.status_message) == (STATUS_ERROR, "no answer")


@pytest.mark.parametrize("record", [7, {}, {**RECORD, "timestamp": "soon"}])
def test_what_is_no_record_is_refused(record):
    first, *rest = read(record, RECORD)
    assert (type(first), len(rest)) == (Refusal, 4)
