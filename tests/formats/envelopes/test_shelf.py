"""What holds for every envelope on the shelf, whoever added it: nothing leaves it, whatever the bytes are."""

from __future__ import annotations

from io import BytesIO

import pytest

from afterbell.catalog import intake, shelves
from afterbell.disk.spool import Spool, Tally
from afterbell.formats.items import Context, Unit
from afterbell.model.trace import Refusal

HOSTILE = {
    "bytes that are no UTF-8": b'{"date":"2026-01-05","positions":{"CASH":1,"\xff":2},"symbol":"\xc3"}',
    "a number beyond all decimals": b'{"cik":1,"entityName":"A","facts":{},"positions":{"CASH":1e99999999999999999999}}',
    "a number too small for any decimal": b'{"Meta Data":{"2. Symbol":"A"},"Time Series (60min)":1e-99999999999999999999}',
    "a book with a cell that is no UTF-8": b'{"at":"2026-01-05T12:00:00Z","account_id":"A","cash":1,"positions":"\xff"}',
    "a number of thousands of digits": b'{"type":"user","name":"x","id":' + b"9" * 5000 + b"}",
    "documents with such a number": b'{\n"type":"user"}\n[' + b"9" * 5000 + b"]",
    "a lone surrogate in a row of a book": b'{"request_id":"r","trace_id":"t","startTime":"2026-01-05T12:00:00Z",'
    b'"call_type":"completion","model_group":"\\ud800","model":"m","status":"failure","endTime":"","spend":1,'
    b'"api_key":"","custom_llm_provider":"p"}',
    "a state that is a list": b'{"ticker":"A","error":"e","full_result":[1]}',
    "a resource whose attributes are a number": b'{"resourceSpans":[{"resource":{"attributes":1.5},"scopeSpans":[]}]}',
    "a role that is a list": b'{"signature":"m","new_messages":[{"role":["user"],"content":"Hold."}]}',
    "a sequence beyond 64 bits": b'{"date":"2026-01-05","id":99999999999999999999,"positions":{"CASH":1}}',
}  # fmt: skip


def read(envelope, data):
    context = Context(name="data/market_x/model-a/position/position.jsonl", position=1, last=True)
    source = data if envelope.UNIT is Unit.LINE else BytesIO(data)
    return list(envelope.read(source, context))


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", sorted(shelves.envelopes()))
def test_hostile_bytes_are_read_or_refused(name, data, tmp_path):
    envelope = shelves.envelopes()[name]
    assert envelope.recognise(data, "x") in (True, False)
    items = read(envelope, data)
    assert all(item.where and item.why for item in items if isinstance(item, Refusal))
    Spool(tmp_path, 1).add((item for item in items if not isinstance(item, Refusal)), 1, Tally())


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bytes_find_an_envelope_or_none(data):
    intake.envelope_of(data, "x")
