from __future__ import annotations

from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.logs.v1.logs_pb2 import LogsData
from opentelemetry.proto.metrics.v1.metrics_pb2 import MetricsData
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from afterbell.formats.envelopes import otlp_json, otlp_proto
from afterbell.formats.items import Context
from afterbell.model.trace import LogRecord, Refusal, Span

GOLDEN = Path(__file__).parent.parent / "golden"


def _binary_ids(value):
    """Ids as base64, as protobuf's JSON wants them: OTLP's own JSON has them in hex."""
    from base64 import b64encode

    if isinstance(value, list):
        return [_binary_ids(item) for item in value]
    if isinstance(value, dict):
        return {
            key: b64encode(bytes.fromhex(item)).decode()
            if key in {"traceId", "spanId", "parentSpanId"}
            else _binary_ids(item)
            for key, item in value.items()
        }
    return value


def messages():
    """The golden lines as protobuf messages, and what the JSON reader makes of them."""
    import json

    for path in sorted(GOLDEN.glob("*.otlp.jsonl")):
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            value = json.loads(line)
            kind = TracesData if "resourceSpans" in value else LogsData
            message = json_format.ParseDict(_binary_ids(value), kind())
            yield message.SerializeToString(), list(otlp_json.read(line, Context(position=number)))


BOTH = list(messages())
DATA = [data for data, _items in BOTH]


def read(data):
    return list(otlp_proto.read(BytesIO(data), Context()))


def bare(items):
    return [msgspec.structs.replace(item, format="", position=0) for item in items]


def _varint(number):
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def framed(order, datas):
    if order == "varint":
        return b"".join(_varint(len(data)) + data for data in datas)
    return b"".join(len(data).to_bytes(4, order) + data for data in datas)


@pytest.mark.parametrize("number", range(len(BOTH)))
def test_reads_what_the_json_reader_reads(number):
    data, expected = BOTH[number]
    assert otlp_proto.recognise(data[:65536], "")
    assert bare(read(data)) == bare(expected)


@pytest.mark.parametrize("order", ["big", "little", "varint"])
def test_frames_of_every_kind(order):
    found = read(framed(order, DATA))
    assert otlp_proto.recognise(framed(order, DATA)[:300], "")
    assert bare(found) == bare([item for _data, items in BOTH for item in items])
    assert found[-1].position == len(DATA)


def test_concatenated_messages_are_one():
    traces = [data for data, items in BOTH if isinstance(items[0], Span)]
    assert len(read(b"".join(traces))) == sum(len(items) for _data, items in BOTH if isinstance(items[0], Span))


def test_a_head_cut_inside_the_message_is_enough():
    assert otlp_proto.recognise(DATA[0][:200], "")
    assert otlp_proto.recognise(framed("big", DATA)[:200], "")


@pytest.mark.parametrize("order", ["big", "little", "varint"])
def test_a_cut_tail_keeps_the_frames_before_it(order):
    whole = framed(order, DATA[:1])
    *kept, refusal = read(whole + framed(order, DATA[1:2])[:-5])
    assert bare(kept) == bare(BOTH[0][1])
    assert (refusal.where, "cut off" in refusal.why) == (f"byte {len(whole)}", True)
    *kept, refusal = read(whole + (b"\x80" if order == "varint" else b"\x00\x01"))
    assert len(kept) == len(BOTH[0][1])
    assert refusal.where == f"byte {len(whole)}"


def test_a_cut_bare_message_keeps_the_resources_before_it():
    *kept, refusal = read(DATA[0] + DATA[0][:-7])
    assert bare(kept) == bare(BOTH[0][1])
    assert (refusal.where, "cut off" in refusal.why) == (f"byte {len(DATA[0])}", True)


def test_frames_over_the_limit_are_refused():
    *_kept, refusal = read(framed("big", DATA[:1]) + (2**28 + 1).to_bytes(4, "big") + b"x" * 10)
    assert "over the limit" in refusal.why


def test_a_broken_frame_does_not_cost_its_neighbours():
    found = read(framed("big", [DATA[0], b"\xff" * 40, DATA[1]]))
    assert [type(item) for item in found if isinstance(item, Refusal)] == [Refusal]
    assert len(found) == len(BOTH[0][1]) + len(BOTH[1][1]) + 1


def metrics(name, description=""):
    message = MetricsData()
    metric = (
        message.resource_metrics.add().scope_metrics.add().metrics.add(name=name, description=description, unit="s")
    )
    metric.sum.data_points.add(as_int=3)
    return message.SerializeToString()


@pytest.mark.parametrize("name", ["requests", "process.cpu.time", "x" * 300])
@pytest.mark.parametrize("description", ["", "eight by", "time"])
def test_metrics_between_traces_are_told_and_cost_nothing(name, description):
    """One file exporter may serve all three pipelines; a metric's name may be as long as a trace id."""
    mixed = framed("big", [metrics(name, description), *DATA, metrics(name, description)])
    assert otlp_proto.recognise(mixed[:300], "")
    first, *kept, last = read(mixed)
    assert bare(kept) == bare([item for _data, items in BOTH for item in items])
    assert {item.why for item in (first, last)} == {"metrics are not read"}
    assert first.where in {"byte 6", "byte 7"}


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\n",
        b"\n\n",
        b'{"resourceSpans": []}',
        b"a,b,c\n1,2,3\n",
        b"\x1f\x8b\x08\x00",
        b"\x00" * 64,
        b"PAR1",
    ],
)
def test_other_bytes_are_not_recognised(head):
    assert not otlp_proto.recognise(head, "")


@given(st.binary(max_size=200) | st.tuples(st.integers(0, 400), st.integers(0, 255)).map(
    lambda spot: DATA[0][: spot[0]] + bytes([spot[1]]) + DATA[0][spot[0] + 1 :]
))  # fmt: skip
def test_no_bytes_break_it(data):
    otlp_proto.recognise(data, "")
    for item in read(data):
        assert isinstance(item, (Span, LogRecord, Refusal))
