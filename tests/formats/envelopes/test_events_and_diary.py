"""The books of dated events and of the research diary, and the two other forms in which events come."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.formats.envelopes import books, ics_calendar, sec_submission
from afterbell.formats.items import Context
from afterbell.model.books import CalendarEvent, DiaryRow, Flow
from afterbell.model.trace import Refusal, trace_hex


def read(envelope, text: str, name: str = "any.txt"):
    items = list(envelope.read(BytesIO(text.encode()), Context(name=name)))
    rows = [each for each in items if not isinstance(each, Refusal)]
    return rows, [each.why for each in items if isinstance(each, Refusal)]


def test_events_hold_instants_and_bare_dates():
    rows, said = read(
        books,
        "at,symbol,kind,title,country\n2026-01-28T16:05:00-05:00,SYNTHETIC_A,Earnings,Q4,US\n"
        "2026-02-06,,macro,Payrolls,US\n2026-02-06T08:30:00,,macro,Payrolls,US\n2026-02-07,S,dividend,x,US\n",
    )
    assert [(type(row), row.at, row.symbol, row.kind) for row in rows] == [
        (CalendarEvent, "2026-01-28T16:05:00-05:00", "SYNTHETIC_A", "earnings"),
        (CalendarEvent, "2026-02-06", "", "macro"),
    ]
    assert "at has no offset" in said[0]
    assert "neither earnings nor macro" in said[1]


def test_flows_are_still_flows():
    rows, _ = read(books, "at,account_id,kind,amount,currency\n2026-01-05T10:00:00Z,A,deposit,10,USD\n")
    assert isinstance(rows[0], Flow)


def test_diary_rows_with_aliases():
    rows, said = read(
        books,
        '{"idea":"IDEA-1","trace":"desk-1","ticker":"SYNTHETIC_A","decision":"Skip","why":"no edge",'
        '"decided_at":"2026-01-05T15:00:00+01:00","written_at":""}\n{"idea":"IDEA-2","decision":"[REDACTED]",'
        '"decided_at":"2026-01-05T15:00:00Z"}\n',
        "diary.jsonl",
    )
    assert rows[0] == DiaryRow(idea_id="IDEA-1", trace_id=trace_hex("desk-1"), symbol="SYNTHETIC_A", status="skipped",
                               reason="no edge", decided_at=datetime(2026, 1, 5, 14, tzinfo=UTC), row=1)  # fmt: skip
    assert rows[1].status == "[redacted]"
    assert any("idea read as idea_id" in each for each in said)


ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
    "BEGIN:VEVENT\r\nDTSTART:20260128T210500Z\r\nSUMMARY:SYNTHETIC_A Q4 earnings\\, call\r\n  at six\r\n"
    "CATEGORIES:EARNINGS\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nDTSTART;TZID=America/New_York:20260206T083000\r\nSUMMARY:Nonfarm payrolls\r\n"
    "CATEGORIES:US,MACRO\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nDTSTART;TZID=Mars/Base:20260207T083000\r\nSUMMARY:Results of Example (NYSE: SYNTHB)\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260208\r\nSUMMARY:Lunch\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nDTSTART:2026\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n"
)


def test_icalendar_events():
    rows, said = read(ics_calendar, ICS)
    assert [(row.at, row.symbol, row.kind, row.row) for row in rows] == [
        ("2026-01-28T21:05:00+00:00", "SYNTHETIC_A", "earnings", 1),
        ("2026-02-06T08:30:00-05:00", "", "macro", 2),
        ("2026-02-07", "SYNTHB", "earnings", 3),
    ]
    assert rows[0].title == "SYNTHETIC_A Q4 earnings, call at six"
    assert ["Mars" in said[0], "Lunch" in said[1], "DTSTART" in said[2], "ends inside" in said[3]] == [True] * 4
    assert ics_calendar.recognise(ICS.encode(), "")


SUBMISSION = """<SEC-DOCUMENT>0.txt : 20260128
<SEC-HEADER>0.hdr.sgml : 20260128
<ACCEPTANCE-DATETIME>{at}
CONFORMED SUBMISSION TYPE:\t{form}
ITEM INFORMATION:\t\t{item}
\t\tCOMPANY CONFORMED NAME:\t\t\tSYNTHETIC A INC
</SEC-HEADER>
<DOCUMENT>
<TYPE>8-K
<ix:nonNumeric contextRef="c" name="{tag}" id="f"><b>SYNA</b></ix:nonNumeric>
"""
RESULTS = "Results of Operations and Financial Condition"


@pytest.mark.parametrize(
    ("facts", "rows", "why"),
    [
        ({}, [("2026-01-28T16:05:12-05:00", "SYNA")], ""),
        ({"at": "20260728160512"}, [("2026-07-28T16:05:12-04:00", "SYNA")], ""),
        ({"form": "10-K"}, [], "only 8-K"),
        ({"item": "Other Events"}, [], "no item 2.02"),
        ({"at": "20261328160512"}, [], "ACCEPTANCE-DATETIME"),
        ({"tag": "dei:Other"}, [], "no trading symbol"),
    ],
)
def test_an_8k_is_an_earnings_event_at_new_york_time(facts, rows, why):
    text = SUBMISSION.format(
        **{"at": "20260128160512", "form": "8-K", "item": RESULTS, "tag": "dei:TradingSymbol"} | facts
    )
    found, said = read(sec_submission, text)
    assert [(row.at, row.symbol) for row in found] == rows
    assert not why or why in said[0]
    assert sec_submission.recognise(text.encode(), "")


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_nothing_raises(data):
    for envelope, start in (
        (ics_calendar, b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:"),
        (sec_submission, b"<SEC-HEADER>"),
    ):
        envelope.recognise(data, "x")
        list(envelope.read(BytesIO(start + data), Context(name="x")))
