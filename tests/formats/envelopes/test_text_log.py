"""Plain text logs become records of one trace, in order; other texts are left alone."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.catalog.facts import Gatherer
from afterbell.catalog.intake import envelope_of, trace_of
from afterbell.formats.envelopes import text_log
from afterbell.formats.items import Context
from afterbell.model.books import Books
from afterbell.model.docket import Docket
from afterbell.model.policy import Policy
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.triggers.provider_cascade import trigger

LOG = b"""2026-02-03 09:30:01,120 - data.feed - INFO - Fetching fundamentals of SYNTHETIC_A from provider one
2026-02-03 09:30:01,420 - data.feed - WARNING - provider one answered 429 Too Many Requests, trying provider two
2026-02-03 09:30:02,007 - data.feed - WARNING - provider two: HTTP 503 service unavailable, trying provider three
2026-02-03 09:30:05,300 - data.feed - WARNING - price deviates 8.7 percent between providers (threshold 2.0 percent)
2026-02-03 09:30:09,511 - agents.decider - ERROR - attempt 1 of 3: no JSON: Expecting value: line 1 column 1 (char 0)
Traceback (most recent call last):
  File "decider.py", line 88, in parse
\x1b[31m2026-02-03 09:30:14,011 - agents.decider - ERROR - attempt 3 of 3: no JSON\x1b[0m
2026-02-03 09:30:14,012 - agents.decider - INFO - Default decision: hold
2026-02-03 09:30:14,012 - store - INFO - run saved, status COMPLETED
"""


def read(data: bytes, name: str = "runs/latest_run.log") -> tuple[list[LogRecord], list[Span], list[Refusal]]:
    items = list(text_log.read(BytesIO(data), Context(name=name)))
    return tuple([item for item in items if isinstance(item, kind)] for kind in (LogRecord, Span, Refusal))


def test_lines_become_records_in_order() -> None:
    records, (span,), (remark,) = read(LOG)
    assert len(records) == 10
    assert all(one.time_ns < other.time_ns for one, other in pairwise(records))
    assert [each.severity for each in records[3:7]] == ["WARNING", "ERROR", "ERROR", "ERROR"]
    assert records[7].body.startswith("2026-02-03 09:30:14,011")
    assert {each.trace_id for each in records} == {span.trace_id}
    assert span.name == "latest_run.log"
    assert (span.start_ns, span.end_ns) == (records[0].time_ns, records[-1].time_ns)
    assert remark.taken
    assert "UTC" in remark.why
    assert not read(LOG.replace(b",420", b"Z").replace(b" - data", b"Z - data"))[0][0].body.endswith("Z")


def test_a_log_that_has_grown_is_the_same_trace() -> None:
    more = LOG * 30
    assert read(more)[1][0].trace_id == read(more + b"2026-02-03 10:00:00 INFO more\n", "elsewhere.log")[1][0].trace_id
    assert read(LOG)[1][0].trace_id != read(b"2026-02-03 10:00:00 INFO other\n")[1][0].trace_id


def test_zones_are_kept() -> None:
    records, _spans, refusals = read(b"2026-02-03T09:30:01+01:00 INFO a\n2026-02-03T08:30:02Z INFO b\n")
    assert not refusals
    assert records[1].time_ns - records[0].time_ns == 10**9


@pytest.mark.parametrize(("data", "name"), [
    (LOG, "x"), (LOG.replace(b"2026-02-03 09:30:", b""), "x"),
    (b"INFO:     started\nINFO:     done\nERROR:    broke\n", "x"),
    (b"[2026-02-03T09:30:01Z] a\n[2026-02-03T09:30:02Z] b\n[2026-02-03T09:30:03Z] c\n", "x"),
    (b"just text\n", "run.log"),
])  # fmt: skip
def test_recognised(data: bytes, name: str) -> None:
    assert envelope_of(data, name) is text_log


@pytest.mark.parametrize(("data", "name"), [
    (b"just text\nof three\nlines\n", "notes.txt"), (b'{"type": "run", "trace": "t"}\n', "run.log"), (b"", "x.log"),
    (b"a,b\n1,2\n", "x.csv"), (b"\x00\x01" * 99, "x.log"), (b"# Title\n\nINFO about\n\ntext\n\nmore\n", "x.md"),
    (b'[{"a": 1}]', "x.log"),
])  # fmt: skip
def test_left_alone(data: bytes, name: str) -> None:
    assert envelope_of(data, name) is not text_log


@given(st.binary(max_size=300))
def test_any_bytes_are_accepted(data: bytes) -> None:
    text_log.recognise(data, "x.log")
    list(text_log.read(BytesIO(data), Context(name="x.log")))


def test_limits_that_led_to_a_default_are_a_cascade() -> None:
    records, spans, _remarks = read(LOG)
    facts = Gatherer(Policy(), Books()).facts(trace_of(spans[0].trace_id, spans, records))
    (event,) = trigger.fire(Docket(runs=(facts,)))
    assert event.measured == "1"
    assert [(each.field, each.excerpt) for each in event.evidence] == [
        ("log:line 2.body", "Too Many Requests"), ("log:line 9.body", "Default decision"),
    ]  # fmt: skip
    calm = LOG.replace(b"429 Too Many Requests", b"").replace(b"HTTP 503 service unavailable", b"")
    records, spans, _remarks = read(calm)
    quiet = Docket(runs=(Gatherer(Policy(), Books()).facts(trace_of(spans[0].trace_id, spans, records)),))
    assert not trigger.fire(quiet)
    assert "unknown" in trigger.notes(quiet)[0]


def test_lines_before_the_first_stamp_stand_just_before_it() -> None:
    records, (span,), _remarks = read(b"banner\nmore\n" + LOG)
    assert span.start_ns == records[0].time_ns == records[2].time_ns - 2
    assert [each.event_name for each in records[:3]] == ["line 1", "line 2", "line 3"]
    assert all(one.time_ns < other.time_ns for one, other in pairwise(records))


def test_many_lines_without_a_stamp_are_not_held_back() -> None:
    records, (span,), _remarks = read(b"plain\n" * 10_050 + LOG)
    assert len(records) == 10_060
    assert span.start_ns == 1


def test_a_carriage_return_ends_no_line():
    bar = "INFO loading\r 10%\r 100%\nINFO loaded\n"
    logs = [item for item in text_log.read(BytesIO((bar * 100).encode()), Context(name="run.log"))
            if isinstance(item, LogRecord)]  # fmt: skip
    assert [log.event_name for log in logs] == [f"line {number}" for number in range(1, 201)]
