"""The report of a made house, of an empty one and of a spoiled one: read with a real HTML parser."""

import json
from pathlib import Path

import pytest

from afterbell.steps.demo import story


@pytest.fixture
def made(inert_page):
    """Write a report and read it back."""

    def write(at_desk, *more):
        at_desk("report", "-o", "out/report.html", *more)
        return inert_page(Path("out/report.html").read_text(encoding="utf-8"))

    return write


@pytest.fixture
def told(at_desk):
    """The house of the demo: five events, three records."""
    list(story.tell(Path("house")))
    return lambda *arguments, code=0: at_desk("--house", "house", *arguments, code=code)


def test_an_empty_house_has_a_whole_report(at_desk, made):
    at_desk("init")
    page = made(at_desk, "--scan")
    for words in ("Nothing is due.", "No record holds answers yet.", "No blind review has been answered.", "not known"):
        assert words in page.text
    assert "cannot judge" in page.text
    assert page.tables["Events by trigger, in the month of what happened"][1][0] == "drawdown"


def test_the_figures_of_a_house(told, made):
    page = made(told, "--scan")
    heads, *rows = page.tables["Events by trigger, in the month of what happened"]
    assert heads[-2:] == ["2026-01", "all"]
    assert {row[0]: row[-1] for row in rows}["drawdown"] == "2"
    causes = page.tables["Records by root cause, in the month of filing, as they read now"]
    assert {row[0]: row[-1] for row in causes[1:]} == {
        "cost": "1", "correctness": "1", "security": "1", "compliance": "0", "operational": "0"
    }  # fmt: skip
    assert len(page.tables["From event to record, the longest first"]) == 4
    assert {row[2] for row in page.tables["What is known of each record's fix"][1:]} <= {
        "claimed, not shown",
        "deferred",
    }
    assert page.tables["Questions that could not be answered for a trace"][1:]
    assert "Verdict ok" in page.text
    ids = [each["id"] for _tag, each in page.tags if "id" in each]
    assert len(ids) == len(set(ids))
    assert {each["href"][1:] for _tag, each in page.tags if "href" in each} <= set(ids)


def test_the_same_house_gives_the_same_page(told, made):
    made(told)
    first = Path("out/report.html").read_bytes()
    made(told)
    assert Path("out/report.html").read_bytes() == first


def test_a_report_for_programs_and_for_a_terminal(told):
    found = json.loads(told("report", "--json"))
    assert (found["log"]["verdict"], len(found["records"]), found["scanned"]) == ("ok", 3, None)
    assert [each["seconds"] is None for each in found["waits"]] == [False, False, True]  # filed before the overrun
    assert found["median_seconds"] == sum(each["seconds"] or 0 for each in found["waits"]) // 2
    assert "log: ok" in told("report")


def test_a_log_that_cannot_be_read_is_said_and_the_page_still_stands(told, made):
    segment = Path("house/postmortems/log/000000.jsonl")
    segment.write_bytes(segment.read_bytes().replace(b'"type"', b'"tpye"', 1))
    page = made(told)
    assert "The log or its evidence does not hold." in page.text
    assert "Verdict tampered" in page.text
    assert page.tables["Events by trigger, in the month of what happened"]


def test_changed_evidence_is_on_the_page(told, made):
    segment = Path("house/postmortems/log/000000.jsonl")
    segment.write_bytes(segment.read_bytes().replace(b"1.4 percent", b"0.4 percent"))
    assert "does not hold" in made(told).text
