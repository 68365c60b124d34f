"""Lines and documents have a limit, and no envelope asks a stream for more."""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path

import pytest

from afterbell.catalog import intake, shelves
from afterbell.disk import opening
from afterbell.formats import bounded, json_rows
from afterbell.formats.envelopes import (
    aitrader_steps,
    books,
    ics_calendar,
    langfuse_csv,
    sec_submission,
    text_log,
    tradingagents_log,
)
from afterbell.formats.items import Context, Unit
from afterbell.model.trace import LogRecord, Refusal

GOLDEN = Path(__file__).parent / "golden"
STREAMS = [name for name, envelope in shelves.envelopes().items() if envelope.UNIT is Unit.STREAM]
MOST = 256 * 1024 * 1024 + 1


class Counted(BytesIO):
    """A stream that may be asked for so many bytes at a time, and never for a line or a rest of any length."""

    def read(self, size=-1):
        assert 0 <= size <= MOST
        return super().read(size)

    def readline(self, size=-1):
        assert 0 <= size <= MOST
        return super().readline(size)

    def __next__(self):
        raise AssertionError("a line of any length")


def refusals(items):
    return [(item.where, item.why) for item in items if isinstance(item, Refusal)]


def test_a_line_too_long_gives_its_beginning_and_the_next_one_is_whole():
    stream = BytesIO(b"short\n" + b"x" * 25 + b"\nexactly9!" + b"\n" + b"0123456789")
    found = list(bounded.lines(stream, 10))
    assert found == [(b"short\n", True), (b"x" * 10, False), (b"exactly9!\n", True), (b"0123456789", True)]
    assert list(bounded.lines(BytesIO(b"y" * 11), 10)) == [(b"y" * 10, False)]


def test_a_document_too_large_is_none():
    assert bounded.document(BytesIO(b"12345"), 5) == b"12345"
    assert bounded.document(BytesIO(b"123456"), 5) is None


@pytest.mark.parametrize("name", STREAMS)
def test_no_envelope_asks_for_a_line_or_a_rest_of_any_length(name):
    envelope = shelves.envelopes()[name]
    for data in (b"", b"a\n" * 3, b"x" * 5000, b'{"a":1}\n{"a":2}\n', b'[{"a":\n1}]', b"id,type,name\n1,2,3\n"):
        list(envelope.read(Counted(data), Context(name="x")))


@pytest.mark.parametrize("path", [each for each in GOLDEN.iterdir() if ".expected." not in each.name], ids=str)
def test_no_envelope_asks_for_more_on_its_own_sources(path):
    with opening.open_stream(path) as stream:
        data = b"".join(opening.bytes_of(stream))
    envelope = intake.envelope_of(data[: intake.HEAD], path.name)
    if envelope.UNIT is Unit.STREAM:
        list(envelope.read(Counted(data), Context(name=path.name)))


def test_json_lines_too_long_are_refused_by_number(monkeypatch):
    monkeypatch.setattr(json_rows, "LONGEST", 40)
    monkeypatch.setattr(json_rows, "LARGEST", 60)
    rows = list(json_rows.rows(BytesIO(b'{"a":1}\n{"a":"' + b"x" * 500 + b'"}\n{"a":3}\n')))
    assert [row.where for row in rows] == ["line 1", "line 2", "line 3"]
    assert "kept as evidence, not read" in rows[1].why


@pytest.mark.parametrize("data", [b'{"a":"' + b"x" * 500, b'{"a":\n"' + b"x" * 500, b'{"a":\n' + b"1,\n" * 500])
def test_a_json_document_too_large_is_refused_once(monkeypatch, data):
    monkeypatch.setattr(json_rows, "LARGEST", 60)
    stream = BytesIO(data)
    (refusal,) = json_rows.rows(stream)
    assert "larger than" in refusal.why
    assert stream.tell() <= 61 + 1


def test_of_a_text_logs_endless_line_the_beginning_is_read(monkeypatch):
    monkeypatch.setattr(text_log, "_BEGINNING", 5000)
    data = b"2026-02-03 09:30:01 INFO a\n2026-02-03 09:30:02 INFO " + b"x" * 90_000 + b"\n2026-02-03 09:30:03 INFO c\n"
    logs = [item for item in text_log.read(Counted(data), Context(name="x.log")) if isinstance(item, LogRecord)]
    assert [(log.event_name, len(log.body)) for log in logs] == [("line 1", 26), ("line 2", 4000), ("line 3", 26)]


@pytest.mark.parametrize(
    "row", [b'1,"' + b"x" * 900 + b'",n\n', b"1," + b"," * 900 + b"\n", b'1,"' + b"x\n" * 350 + b'"\n"\n']
)
def test_a_table_gives_a_row_too_long_up_and_reads_on(monkeypatch, row):
    monkeypatch.setattr(langfuse_csv, "LONGEST_LINE", 300)
    monkeypatch.setattr(langfuse_csv, "LONGEST_ROW", 600)
    before = csv.field_size_limit()
    good = b"o1,t1,GENERATION,ask,2026-01-05T12:00:00Z\n"
    reading = langfuse_csv.read(Counted(b"id,trace_id,type,name,start_time\n" + good + row + good), Context())
    first = next(reading)
    assert csv.field_size_limit() == before
    items = [first, *reading]
    assert any("longer than" in why for _where, why in refusals(items))
    assert [item.name for item in items if not isinstance(item, Refusal)] == ["ask", "ask"]


def test_a_row_of_a_book_over_many_lines_has_a_limit(monkeypatch):
    monkeypatch.setattr(books, "LONGEST_ROW", 400)
    head = b"at,account_id,kind,amount,currency\n"
    data = head + b'"x\n",' * 300 + b"\n2026-01-05T10:00:00Z,A,deposit,10,USD\n"
    items = list(books.read(Counted(data), Context(name="flows.csv")))
    assert any("a row of more than 400 characters" in why for _where, why in refusals(items))


def test_a_step_log_has_a_limit(monkeypatch):
    monkeypatch.setattr(bounded, "LARGEST", 200)
    line = b'{"signature":"m","new_messages":[{"role":"user","content":"' + b"x" * 90 + b'"}]}\n'
    items = list(aitrader_steps.read(Counted(line * 3), Context(name="x")))
    assert [where for where, _why in refusals(items)] == ["line 2", "line 3"]


def test_a_submission_is_read_as_far_as_its_cover():
    stream = Counted(b"<SEC-DOCUMENT>\n<SEC-HEADER>\n<TYPE>10-K\n" + b"x" * (5 * 1024 * 1024))
    assert "only 8-K filings" in refusals(sec_submission.read(stream, Context()))[0][1]
    assert stream.tell() <= 4 * 1024 * 1024


def test_an_endless_line_of_a_message_log_is_told_of_once_and_the_next_keeps_its_number(monkeypatch):
    monkeypatch.setattr(tradingagents_log, "_LONGEST", 400)
    head = b"09:30:00 [System] Selected ticker: SYNTHETIC_A\n"
    long = b"09:30:01 [Reasoning] " + b"09:30:01 [Reasoning] x" * 90 + b"\n"
    items = list(tradingagents_log.read(Counted(head + long + b"nothing\n"), Context(name="message_tool.log")))
    told = [(where, why.partition(":")[0]) for where, why in refusals(items) if where != "times"]
    assert [where for where, _why in told] == ["line 2", "line 3"]
    assert told[0][1].startswith("longer than")


def test_the_rest_of_an_endless_line_of_a_calendar_is_dropped(monkeypatch):
    monkeypatch.setattr(ics_calendar, "_LONGEST", 100)
    long = b"X-NOTE:" + b"x" * 93 + b"BEGIN:VEVENT\n"
    items = list(ics_calendar.read(Counted(b"BEGIN:VCALENDAR\n" + long + b"END:VCALENDAR\n"), Context(name="x.ics")))
    assert items == []
