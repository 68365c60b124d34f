"""search, similar, stats and export --pdf, as they are typed."""

import json
import sys

import pytest


@pytest.fixture
def house(at_desk):
    at_desk("demo", "told")
    return lambda *words: at_desk("--house", "told", *words)


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


def test_what_is_like_a_record_or_an_event_has_the_shape_of_a_search(house):
    record = rows(house("log", "--json"))[0]
    for subject in (record["id"], record["id"][:20], rows(house("triggers", "--json"))[0]["event_id"]):
        found = rows(house("similar", subject, "--json"))
        assert found
        for each in found:
            assert set(record) <= set(each)
            assert set(each["common"]) == {"modes", "trigger", "root_cause", "words"}
            assert float(each["score"]) > 0
    assert len(rows(house("similar", record["id"], "--most", "1", "--json"))) == 1
    assert "2 records" in house("similar", record["id"])


def test_the_meaning_is_compared_only_when_asked_for_and_what_it_needs_is_said_in_one_line(at_desk, house, monkeypatch):
    from afterbell.engines import embedder

    embedder.embedder.cache_clear()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    record = rows(house("log", "--json"))[0]["id"]
    assert rows(house("similar", record, "--by", "words", "--json")) == rows(house("similar", record, "--json"))
    at_desk("--house", "told", "similar", record, "--by", "meaning", code=2)
    assert "pip install 'afterbell[embeddings]'" in at_desk.text


def test_counts_are_those_of_the_log(house):
    every = rows(house("log", "--json"))
    counted = rows(house("stats", "--json"))
    assert counted[0]["total"] == len(every)
    causes = {each["name"]: each["total"] for each in counted if each["by"] == "root_cause"}
    for cause, count in causes.items():
        assert count == sum(each["root_cause"] == cause for each in every)
    assert "3 records, 0 incomplete" in house("stats")


def test_filters_are_those_that_are_named(house):
    assert len(rows(house("search", "--status", "complete", "--json"))) == 3
    assert rows(house("search", "--status", "incomplete", "--json")) == []
    assert [each["root_cause"] for each in rows(house("search", "--cause", "cost", "--ticker", "synthetic_a", "--json"))] == ["cost"]  # fmt: skip


def test_every_record_becomes_a_pdf(house, tmp_path):
    house("export", "--pdf", str(tmp_path / "paper"))
    made = sorted((tmp_path / "paper").iterdir())
    assert len(made) == 3
    assert all(each.suffix == ".pdf" and each.read_bytes().startswith(b"%PDF-") for each in made)
