"""The commands on the real sets, where they are at hand: what a team would run, and what must come out."""

import json
from pathlib import Path

import pytest

PLANNED, FACTOR = 40_000, 5
pytestmark = pytest.mark.shared_data


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


def totals(folder):
    """The total that each export states for its run, by trace id as written."""
    found = {}
    for path in sorted(folder.rglob("*.json")):
        run = json.loads(path.read_text()).get("trace_data")
        if run:
            found[run["id"].replace("-", "")] = run.get("total_tokens") or 0
    return found


def test_overruns_of_a_stated_target(at_desk, shared_data):
    folder = shared_data / "tradingagents_langsmith_traces"
    at_desk("init")
    Path("afterbell.toml").write_text(f"[policy]\ntokens_planned = {PLANNED}\n", encoding="utf-8")
    kept = rows(at_desk("ingest", folder, "--json"))
    stated = totals(folder)
    assert sum(row["traces"] for row in kept) == len(stated)
    events = rows(at_desk("triggers", "--json"))
    overruns = {trace for event in events if event["trigger"] == "token_overrun" for trace in event["trace_ids"]}
    assert overruns == {trace for trace, total in stated.items() if total >= FACTOR * PLANNED}
    assert overruns, "a set without an overrun would show nothing"
    scans = rows(at_desk("scan", "--all", "--json"))
    assert {scan["trace_id"] for scan in scans} == set(stated)
    for scan in scans:
        assert [answer["number"] for answer in scan["answers"]] == list(range(1, 21))
        for answer in scan["answers"]:
            assert answer["answer"] in {"yes", "no", "na", "unknown"}
            assert answer["missing"] or answer["answer"] != "unknown"
            assert answer["evidence"] or answer["answer"] != "yes"


def test_every_genuine_file_is_read_or_refused_by_name(at_desk, shared_data):
    folder = shared_data / "genuine_spans"
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in {".json", ".jsonl", ".pb", ".parquet"}
    ]
    found = {row["path"]: row for row in rows(at_desk("ingest", *files, "--json"))}
    assert len(found) == len(files)
    for row in found.values():
        assert row["spans"] + row["traces"] or row["refused"], row["path"]
        assert all(each["why"] for each in row["refused"])
    dropped = [row for path, row in found.items() if "openinference_dropped_attrs" in path and row["spans"]]
    assert dropped
    scans = rows(at_desk("scan", "--all", "--mode", "audit_amnesia", "--json"))
    figures = [scan["answers"][0]["figures"] for scan in scans if scan["answers"][0]["answer"] == "yes"]
    assert any(55 in each.values() for each in figures), "the 55 evicted attributes are named"


def test_what_a_sum_hides_is_not_answered_no(at_desk, shared_data):
    """These exports hold each agent's calls as a sum, their outputs cut: nothing can be said of what was written."""
    at_desk("init")
    at_desk("ingest", shared_data / "tradingagents_langsmith_traces")
    scans = rows(at_desk("scan", "--all", "--json"))
    for number in (2, 9, 10, 11, 15):
        answers = [scan["answers"][number - 1] for scan in scans]
        assert {answer["answer"] for answer in answers} == {"unknown"}, number
        assert all(answer["missing"] for answer in answers)
