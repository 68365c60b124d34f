"""The page of a trace as one file: hostile text in every string of a trace, what is left out, what is marked."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from enum import Enum
from html.parser import HTMLParser
from threading import Event, Lock

import pytest
from msgspec import Struct, structs

from afterbell.__main__ import main
from afterbell.catalog import cases, shelves
from afterbell.catalog.scan import scan
from afterbell.disk.house import House
from afterbell.errors import StoreError, UsageError
from afterbell.model.event import event
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import LogRecord
from afterbell.model.vocabulary import SpanKind, TriggerName
from afterbell.query.trace_views import Arranged
from afterbell.steps import show, trace_page
from afterbell.steps.event_list import Events
from afterbell.steps.trace_page import Opened, TracePages

ATTACK = "</style></title></div><script>x()</script>\"'><img src=x onerror=x()>{{7*7}}\u202eab\u2066\0\x1b[2J\u200b\ud800&amp;"
PLAIN = "a" * len(ATTACK)
TRACE = "e3b98a4da31a127d4bde6e43033f66ba"
AT = datetime(2026, 1, 5, 14, tzinfo=UTC)


class Tags(HTMLParser):
    """The sequence of tags of a page, with the names of their attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, tuple(name for name, _value in attrs)))

    def handle_endtag(self, tag):
        self.found.append(f"/{tag}")


def armed(value, with_, *, whole=()):
    """Return a value with `with_` at the end of every text in it, keys too; the fields named in `whole` stay."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return value + with_
    if isinstance(value, Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        return structs.replace(value, **{
            name: each if name in whole else armed(each, with_, whole=whole) for name, each in fields.items()
        })  # fmt: skip
    if isinstance(value, dict):
        return {armed(key, with_): armed(each, with_, whole=whole) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(armed(each, with_, whole=whole) for each in value)
    return value


def page(trace, answers, with_):
    # An excerpt stays as it is: it still stands where it stood, with the attack behind it.
    fired = event(
        TriggerName.DRAWDOWN, subject="account:ACC-1", occurred_at=AT, due_hours=72, measured="1", limit="1", unit="percent",
        reason="a loss", trace_ids=(trace.trace_id,),
        evidence=tuple(Evidence(trace_id=trace.trace_id, span_id=span.span_id, field="name", excerpt=span.name)
                       for span in trace.spans[:3]),
    )  # fmt: skip
    of, events = Arranged(armed(trace, with_)), (armed(fired, with_, whole=("excerpt",)),)
    opened = Opened(of=of, events=events, event_findings=tuple(trace_page._of_events(of, events)),
                    kinds=dict.fromkeys((row.span_id for row in of.rows), SpanKind.OTHER), lock=Lock())  # fmt: skip
    rows = armed(answers, with_, whole=("excerpt",))
    return trace_page.html_of(opened, tuple(trace_page._asked(of, rows, len(opened.event_findings))))


@pytest.mark.parametrize("mode", shelves.modes().values(), ids=lambda mode: mode.slug)
def test_hostile_text_in_every_string_changes_no_tag(mode, inert_page):
    seen = cases.casefile(next(case for case in mode.cases if case.answer.value == "yes"), mode.slug)
    trace, answers = seen.trace, scan(seen)
    hostile, plain = page(trace, answers, ATTACK), page(trace, answers, PLAIN)
    hostile.encode()
    read = inert_page(hostile)
    assert read.text.count("<script>x()</script>") > 20
    assert r"{{7*7}}\u{202E}ab\u{2066}\u{0}\u{1B}[2J\u{200B}\u{D800}&amp;" in read.text
    assert Tags(hostile).found == Tags(plain).found
    ids = [attributes["id"] for _tag, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes["href"][1:] for _tag, attributes in read.tags if "href" in attributes} <= set(ids)
    assert "mark" in {tag for tag, _attributes in read.tags}


def written(tmp_path, monkeypatch, rows):
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T09:00:00Z")
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "run.jsonl"
    source.write_text("".join(json.dumps({"trace": "t", **row}) + "\n" for row in rows), encoding="utf-8")
    assert main(["init"]) == 0
    assert main(["ingest", "run.jsonl"]) == 0
    assert main(["show", "e3b98a4d", "--html", "out/run.html"]) == 0
    return (tmp_path / "out/run.html").read_text(encoding="utf-8")


def test_the_command_writes_one_file(tmp_path, monkeypatch, inert_page, capsys):
    rows = [{"type": "call", "id": "a", "at": "2026-01-05T14:00:00Z", "until": "2026-01-05T14:00:02Z", "model": "m",
             "messages": "The stock closed at 101.24.", "output": "It fell."}]  # fmt: skip
    read = inert_page(written(tmp_path, monkeypatch, rows))
    assert "written: out/run.html" in capsys.readouterr().err
    assert "closed at 101.24" in read.text
    assert "not in this file" not in read.text
    assert "mark" in {tag for tag, _attributes in read.tags}


def test_a_very_long_run_says_what_is_left_out(tmp_path, monkeypatch, inert_page):
    for name, most in (("MOST_ROWS", 30), ("MOST_STEPS", 20), ("MOST_RAW", 10)):
        monkeypatch.setattr(trace_page, name, most)
    rows = [{"type": "tool", "id": f"s{n}", "at": f"2026-01-05T14:00:{n:02d}Z", "until": "2026-01-05T15:00:00Z",
             "name": "get", "call_id": str(n), "result": f"result {n}", **({"error": "broken"} if n == 25 else {})}
            for n in range(40)]  # fmt: skip
    read = inert_page(written(tmp_path, monkeypatch, rows))
    assert "10 more spans are not in this file." in read.text
    assert "60 more steps are not in this file." in read.text
    assert "The fields of 30 spans are not in this file" in read.text
    assert "span-25" in {attributes.get("id") for _tag, attributes in read.tags}


def test_a_record_is_not_written_as_the_page_of_a_trace(tmp_path):
    with pytest.raises(UsageError, match="only a trace"):
        show.write_page(House(tmp_path), show.Shown(), tmp_path / "x.html")
    assert not (tmp_path / "x.html").exists()


def test_a_long_queue_of_questions_is_refused_and_forgotten(tmp_path, monkeypatch):
    written(tmp_path, monkeypatch, [{"type": "run", "id": "a", "name": "x", "at": 1, "until": 2}])
    monkeypatch.setattr(trace_page, "MOST_WAITING", 1)
    begun, go = Event(), Event()

    def slow(_store, _trace):
        begun.set()
        assert go.wait(60)
        return ()

    monkeypatch.setattr(trace_page, "_answers", slow)
    house = House(tmp_path)
    pages = TracePages(house, Events(house))
    opened = pages.opened(TRACE)
    other = structs.replace(opened, of=Arranged(structs.replace(opened.of.trace, trace_id="another")))
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(pages.asked, other, wait=True)
        assert begun.wait(60)
        with pytest.raises(StoreError, match="too many wait"):
            pages.asked(opened, wait=True)
        assert pages.asked(opened, wait=False) is None
        go.set()
        assert asked.result(60) == ()
    assert pages.asked(opened, wait=True) == ()


@pytest.mark.parametrize("logs", [(), (LogRecord(trace_id=TRACE, time_ns=10**18, body="it began", severity="INFO"),)])
def test_a_trace_without_spans_has_a_page(logs, inert_page):
    of = Arranged(Trace(trace_id=TRACE, logs=logs))
    opened = Opened(of=of, events=(), event_findings=(), kinds={}, lock=Lock())
    read = inert_page(trace_page.html_of(opened, ()))
    assert "A run without a name" in read.text
    assert ("it began" in read.text) == bool(logs)
