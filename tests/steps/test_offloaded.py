"""Content in files of its own: joined whichever came first, named where it is not there, and never looked for."""

from __future__ import annotations

import json

import pytest

from afterbell.disk import commits, evidence
from afterbell.disk.house import House
from afterbell.formats.references import EVENT, Index, content
from afterbell.model.vocabulary import ContentState
from afterbell.steps import ingest
from afterbell.steps.store import Store

TRACE = f"{7:032x}"
ASKED = [{"role": "user", "parts": [{"type": "text", "content": "How is SYNTHETIC_A?"}]}]
SAID = [{"role": "assistant", "parts": [{"type": "text", "content": "It grows."}], "finish_reason": "stop"}]
SYSTEM = [{"type": "text", "content": "Be brief."}]
TOOLS = [{"type": "function", "name": "get_news", "description": "News", "parameters": {}}]
BASE = "s3://bucket/a/rather/long/prefix/so/that/the/address/is/kept/apart/from/the/row/as/long/texts/are/uploads/"


@pytest.fixture
def house(tmp_path):
    (tmp_path / "house").mkdir()
    return House(tmp_path / "house")


@pytest.fixture
def put(tmp_path):
    def write(name, value, *, lines=False):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [{**row, "index": number} for number, row in enumerate(value)][::-1] if lines else None
        path.write_text("".join(json.dumps(row) + "\n" for row in rows) if rows else json.dumps(value) + "\n")
        return str(path)

    return write


def span(number=1, base=BASE, suffix="_ref", **more):
    told = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m-1", f"gen_ai.input.messages{suffix}": f"{base}u1_inputs.json",
            f"gen_ai.output.messages{suffix}": f"{base}u1_outputs.json", **more}  # fmt: skip
    facts = [{"key": key, "value": {"stringValue": value}} for key, value in told.items()]
    row = {"traceId": TRACE, "spanId": f"{number:016x}", "name": "chat", "startTimeUnixNano": str(10**18 + number),
           "endTimeUnixNano": str(10**18 + number + 5), "attributes": facts}  # fmt: skip
    return {"resourceSpans": [{"scopeSpans": [{"spans": [row]}]}]}


def take(house, *paths):
    return list(ingest.ingest(house, paths, jobs=1))


def said(house):
    trace = Store(house).trace(TRACE)
    return [
        [part.text for _m, part, _s in trace.parts((*call.system, *call.input, *call.output))] for call in trace.calls
    ]


WHOLE = [["How is SYNTHETIC_A?", "It grows."]]


@pytest.mark.parametrize("suffix", ["_ref", ".ref"])
def test_together(house, put, suffix):
    spans = put("spans.jsonl", span(suffix=suffix))
    reports = take(house, spans, put("u/u1_inputs.json", ASKED), put("u/u1_outputs.json", SAID))
    assert [(report.outcome, report.spans, report.logs, report.refused_count) for report in reports] == [
        ("kept", 1, 0, 0), ("kept", 0, 1, 0), ("kept", 0, 1, 0),
    ]  # fmt: skip
    assert not ingest.as_json(reports[0])["remarks"]
    assert said(house) == WHOLE
    (log, _other) = Store(house).trace(TRACE).logs
    assert (log.event_name, log.evidence) == (EVENT, reports[1].evidence)


def test_files_first_then_traces_and_the_other_way_round(house, put):
    take(house, put("u1_inputs.json", ASKED))
    (report,) = take(house, put("spans.jsonl", span()))
    (remark,) = ingest.as_json(report)["remarks"]
    assert remark["why"] == f"1 texts stand in files that were not handed in: {BASE}u1_outputs.json"
    assert said(house) == [WHOLE[0][:1]]
    take(house, put("u1_outputs.json", SAID))
    assert said(house) == WHOLE
    before = len(commits.read_all(house.commits))
    take(house, put("u1_outputs.json", SAID))  # again: nothing is joined twice
    assert len(commits.read_all(house.commits)) == before
    assert len(Store(house).trace(TRACE).logs) == 2


def test_without_the_files_each_leg_says_that_it_is_elsewhere(house, put):
    (report,) = take(house, put("spans.jsonl", span()))
    (remark,) = ingest.as_json(report)["remarks"]
    assert remark["why"].startswith("2 texts stand in files that were not handed in: s3://")
    (call,) = Store(house).trace(TRACE).calls
    assert {call.states[leg] for leg in ("input", "output")} == {ContentState.REF}


def test_instructions_and_tools_and_elements_by_line(house, put):
    more = {
        "gen_ai.system_instructions_ref": f"{BASE}ab_system_instruction.jsonl",
        "gen_ai.tool.definitions_ref": f"{BASE}cd_tool.definitions.json",
    }
    paths = [put("ab_system_instruction.jsonl", SYSTEM * 2, lines=True), put("cd_tool.definitions.json", TOOLS)]
    take(house, put("a.jsonl", span(**more)), put("b.jsonl", span(2, **more)), *paths)
    calls = Store(house).trace(TRACE).calls
    assert [text for call in calls for text in ("get_news" in call.tool_definitions, len(call.system))] == [True, 1] * 2


def test_an_address_is_never_opened(house, put, tmp_path):
    """What lies outside of what was handed in stays there, however the address is spelled."""
    outside = tmp_path / "secret" / "u1_inputs.json"
    outside.parent.mkdir()
    outside.write_text(json.dumps(ASKED))
    bases = (f"{outside.parent}/", f"file://{outside.parent}/", f"{tmp_path}/in/../secret/", "../secret/", "/dev/", "")
    paths = [put(f"{number}.jsonl", span(number + 1, base)) for number, base in enumerate(bases)]
    reports = take(house, *paths, put("other_inputs.json", ASKED))
    assert all("2 texts stand in files" in ingest.as_json(report)["remarks"][0]["why"] for report in reports[:-1])
    assert not any(said(house))


def test_a_name_that_fits_two_files_alike_means_none():
    index = Index(["in/a/u_inputs.json", "in/b/u_inputs.json", "in/c/v_inputs.json"])
    assert index.find("s3://x/b/u_inputs.json") == "in/b/u_inputs.json"
    assert index.find("s3://x/u_inputs.json") == ""
    assert index.find("v_inputs.json") == "in/c/v_inputs.json"
    assert index.find("C:\\logs\\c\\v_inputs.json") == "in/c/v_inputs.json"
    assert {index.find(address) for address in ("", "/", "..", "in/c", "w_inputs.json")} == {""}


@pytest.mark.parametrize("data", [b'[{"role": "user", "pa', b"[1]", b"[]", b'{"role": 1}\nx', b"[" * 100_000])
def test_a_file_that_holds_no_list_is_refused_and_gives_nothing(house, put, tmp_path, data):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        content(data)
    cut = tmp_path / "u1_inputs.json"
    cut.write_bytes(b'[{"role": "user", "parts": [{"type": "te')
    spans, file = take(house, put("spans.jsonl", span()), str(cut))
    assert (file.format, file.refused_count) == ("genai-uploads", 1)
    assert "u1_inputs.json" in ingest.as_json(spans)["remarks"][0]["why"]


def test_a_file_whose_evidence_is_gone_is_missing_and_stops_nothing(house, put):
    (file,) = take(house, put("u1_inputs.json", ASKED))
    evidence.place(house.evidence, file.evidence).unlink()
    (report,) = take(house, put("spans.jsonl", span()))
    assert report.outcome == ingest.KEPT
    assert ingest.as_json(report)["remarks"][0]["why"].startswith("2 texts stand in files")


def test_log_records_refer_too(house, put):
    record = {"traceId": TRACE, "spanId": f"{1:016x}", "eventName": "gen_ai.client.inference.operation.details", "timeUnixNano": "5",
              "attributes": [{"key": "gen_ai.input.messages_ref", "value": {"stringValue": "u1_inputs.json"}}]}  # fmt: skip
    logs = {"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}
    bare = span()
    bare["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"] = bare["resourceSpans"][0]["scopeSpans"][0][
        "spans"
    ][0]["attributes"][:2]
    take(house, put("spans.jsonl", bare), put("logs.jsonl", logs), put("u1_inputs.json", ASKED))
    assert said(house) == [["How is SYNTHETIC_A?"]]
