"""Answers for the places where people look at traces: what is written is what our own readers read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from afterbell.__main__ import main
from afterbell.catalog import intake
from afterbell.formats.items import Context
from afterbell.model.record import Record
from afterbell.model.scan import Evidence, ModeAnswer, no, unknown, yes
from afterbell.model.trace import Span
from afterbell.render.write_back import Place, lines, of_meetings, remarks

TRACE, ROOT, CALL = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "00f067aa0ba902b8"
PROOF = Evidence(trace_id=TRACE, span_id=CALL, field="gen_ai.usage.output_tokens", excerpt="9000")
ANSWERS = (
    ModeAnswer(number=1, mode="price_blind_leak", suggestion=no("Nothing was leaked.")),
    ModeAnswer(number=4, mode="token_runaway", suggestion=yes("Over the plan.", (PROOF,))),
    ModeAnswer(number=15, mode="calibration_drift", suggestion=unknown("No outcomes.", ("outcomes", "confidences"))),
)
WANTED = [
    ("", "afterbell.price_blind_leak", "no", Decimal(0), "Nothing was leaked."),
    ("", "afterbell.token_runaway", "yes", Decimal(1), "Over the plan."),
    (CALL, "afterbell.token_runaway.evidence", "yes", Decimal(1), "gen_ai.usage.output_tokens: 9000"),
    ("", "afterbell.calibration_drift", "unknown", None, "No outcomes. Missing: outcomes, confidences."),
]


def run(trace="", root="", call=""):
    spans = (
        Span(trace_id=TRACE, span_id=ROOT, trace_id_raw=trace, span_id_raw=root, name="run", start_ns=1, end_ns=9),
        Span(
            trace_id=TRACE,
            span_id=CALL,
            parent_span_id=ROOT,
            trace_id_raw=trace,
            span_id_raw=call,
            start_ns=2,
            end_ns=3,
        ),
    )
    return intake.trace_of(TRACE, spans, ())


def written(place, trace=None):
    return list(lines(trace or run(), tuple(remarks(TRACE, ANSWERS)), place, 10**18, "0.1.0"))


def read_back(found):
    items = [
        item
        for line in found
        for item in intake.envelope_named("otlp-json").read(json.dumps(line).encode(), Context(position=1))
    ]
    spans = [item for item in items if isinstance(item, Span)]
    logs = [item for item in items if not isinstance(item, Span)]
    (trace_id,) = {item.trace_id for item in items}
    return trace_id, intake.trace_of(trace_id, spans, logs).annotations


def as_rows(annotations, trace_target):
    return [
        ("" if each.target == trace_target else each.target, each.name, each.label, each.score, each.explanation)
        for each in annotations
    ]


def test_openinference_annotations_link_to_what_they_are_about():
    trace_id, annotations = read_back(written(Place.OPENINFERENCE))
    assert trace_id != TRACE
    assert sorted(as_rows(annotations, TRACE), key=str) == sorted(WANTED, key=str)
    assert {(each.annotator_kind, each.identifier) for each in annotations} == {("CODE", "afterbell")}


def test_evaluation_events_stand_in_the_trace_at_the_span():
    trace_id, annotations = read_back(written(Place.OTEL))
    assert trace_id == TRACE
    assert sorted(as_rows(annotations, ROOT), key=str) == sorted(WANTED, key=str)


def test_langfuse_scores_bear_its_own_ids_and_the_same_id_each_time():
    found = written(Place.LANGFUSE, run("trace-of-theirs", "root", "obs-1"))
    assert [(each["traceId"], each.get("observationId", ""), each["name"], each["value"]) for each in found] == [
        ("trace-of-theirs", "obs-1" if span else "", name, label) for span, name, label, _score, _why in WANTED
    ]
    assert {each["dataType"] for each in found} == {"CATEGORICAL"}
    again = written(Place.LANGFUSE, run("trace-of-theirs", "root", "obs-1"))
    assert [each["id"] for each in again] == [each["id"] for each in found]
    assert len({each["id"] for each in found}) == len(found)


def test_langsmith_feedback_is_written_only_for_its_own_runs():
    assert written(Place.LANGSMITH) == []
    ids = [f"0190f3a2-0000-7000-8000-00000000000{number}" for number in (1, 1, 2)]
    found = written(Place.LANGSMITH, run(*ids))
    assert [(each["run_id"], each["trace_id"], each["key"], each["score"], each["value"]) for each in found] == [
        (ids[2] if span else ids[1], ids[0], name, None if score is None else int(score), label)
        for span, name, label, score, _why in WANTED
    ]


def test_a_yes_speaks_of_the_spans_of_its_own_trace():
    other = Evidence(trace_id="f" * 32, span_id=CALL, field="x", excerpt="y")
    book = Evidence(trace_id=TRACE, field="equity:12:realized_pnl", excerpt="-3")
    found = tuple(remarks(TRACE, [ModeAnswer(number=4, mode="token_runaway", suggestion=yes("Over.", (other, book)))]))
    assert [(each.span_id, each.name) for each in found] == [("", "afterbell.token_runaway")]


def test_what_people_answered_is_said_beside_it_as_theirs(sound):
    shared = {name: getattr(sound, name) for name in sound.__struct_fields__ if name in Record.__struct_fields__}
    record = Record(**shared | {"trace_ids": (TRACE,)}, created=datetime(2026, 1, 6, tzinfo=UTC))
    told = tuple(of_meetings(TRACE, [record]))
    assert tuple(of_meetings("f" * 32, [record])) == ()
    assert ("afterbell.token_runaway.meeting", "yes", 1) in [(each.name, each.label, each.score) for each in told]
    _trace_id, annotations = read_back(list(lines(run(), told, Place.OPENINFERENCE, 10**18, "0.1.0")))
    assert {(each.annotator_kind, each.identifier) for each in annotations} == {("HUMAN", record.id)}
    assert {each.label for each in annotations} == {"yes", "no"}


@pytest.mark.parametrize("place", list(Place))
def test_the_command_prints_lines_for_one_trace_and_for_all(place, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        {"type": "run", "trace": "a", "id": "run", "name": "x", "at": "2026-01-05T14:00:00Z", "until": "2026-01-05T14:01:00Z"},
        {"type": "run", "trace": "b", "id": "run", "name": "x", "at": "2026-01-05T14:00:00Z", "until": "2026-01-05T14:01:00Z"},
    ]  # fmt: skip
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["ingest", "t.jsonl"]) == 0
    capsys.readouterr()
    assert main(["scan", "--all", "--for", place.value, "--mode", "token_runaway", "--jobs", "1"]) == 0
    seen = capsys.readouterr()
    found = [json.loads(line) for line in seen.out.splitlines()]
    assert len(found) == (0 if place is Place.LANGSMITH else 2)
    assert ("did not come from langsmith" in seen.err) == (place is Place.LANGSMITH)
