"""Hostile text on a report's page: every string of it, read back with a real parser."""

from datetime import UTC, datetime

import msgspec

from afterbell.model.due import Due, Step
from afterbell.model.report import (
    ByMonth,
    FixRow,
    Line,
    Lost,
    ModeAgreement,
    RecordRow,
    Report,
    ReportedLog,
    ReviewRow,
    UnknownRow,
    Wait,
)  # fmt: skip
from afterbell.render import html, report_page

AT = datetime(2026, 1, 6, 9, tzinfo=UTC)
HOSTILE = "</style></title><script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7 * 7 }} \u202eabc\u2066\0\x1b[2J\u200b\ud800 &amp;"


def full(kind, **facts):
    """Make a value with the hostile text in every field that takes text."""
    given = {}
    for field in msgspec.structs.fields(kind):
        if field.type is str:
            given[field.name] = HOSTILE
        elif field.type == tuple[str, ...]:
            given[field.name] = (HOSTILE,)
        elif field.type is int:
            given[field.name] = 1
        elif field.type is bool:
            given[field.name] = True
    return kind(**{**given, **facts})


def report():
    table = ByMonth(columns=(HOSTILE,), lines=(Line(name=HOSTILE, counts=(1,), total=1),))
    log = full(ReportedLog, problems=((HOSTILE,) * 3,), lost=(full(Lost),))
    return full(
        Report, made_at=AT, log=log, events=table, causes=table, modes=table, records=(full(RecordRow, filed_at=AT),),
        waits=(full(Wait, occurred_at=AT, filed_at=AT, seconds=1),), median_seconds=1, due=(full(Due, due_by=AT, step=Step.MEETING),),
        fixes=(full(FixRow),), agreement=(full(ModeAgreement),), reviews=(full(ReviewRow),),
        unknown_records=(full(UnknownRow),), unknown_traces=(full(UnknownRow),), scanned=1,
    )  # fmt: skip


def test_hostile_text_is_shown_and_does_nothing(inert_page):
    text = report_page.page(report())
    text.encode()
    page = inert_page(text)
    for words in (
        "<script>alert(1)</script>",
        "{{ 7 * 7 }}",
        r"\u{202E}abc\u{2066}\u{0}\u{1B}[2J\u{200B}\u{D800} &amp;",
    ):
        assert page.text.count(words) > 30
    title = next(iter(page.text.split("Skip to the content")))
    assert "<img src=x onerror=alert(1)>" in title


def test_long_lists_stop_and_say_how_many_more(inert_page):
    rows = tuple(full(FixRow, record=str(number)) for number in range(report_page.MOST_ROWS + 7))
    page = inert_page(report_page.page(msgspec.structs.replace(report(), fixes=rows)))
    assert "7 more are not listed here." in page.text
    assert len(page.tables["What is known of each record's fix"]) == report_page.MOST_ROWS + 1


def test_lines_and_tabs_stay_and_moments_outside_the_calendar_are_no_fault():
    assert html.visible("a\n\tb\r") == "a\n\tb\\u{D}"
    assert html.moment(10**30) == html.moment(0) == html.moment(7) == "-"
    assert (html.duration(None), html.duration(61), html.duration(90_000), html.duration(900_000)) == (
        "not known", "1 min 1 s", "25 h 0 min", "10 d 10 h"
    )  # fmt: skip
