"""Every rule of price language reads its examples and leaves its counterexamples; guards hold; any text is taken."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.reading.price_language import FAMILIES, RULES, read
from afterbell.reading.price_language_words import PriceRule

_OPEN = re.compile(r"(?<!\\)[*+](?![^\[]*\])|\{\d*,\}")


def _ids(text: str) -> set[str]:
    return {leak.rule.id for leak in read(text)}


def _decides(text: str) -> bool:
    leaks = read(text)
    medium = {(leak.rule.id, leak.words.lower()) for leak in leaks if leak.rule.severity == "medium"}
    return any(leak.rule.severity == "high" for leak in leaks) or len(medium) >= 2


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_reads_its_examples(rule: PriceRule) -> None:
    assert len(rule.examples) >= 3
    assert len(rule.counterexamples) >= 3
    assert rule.family in FAMILIES
    family = {id_: rule.family for id_ in ()}
    assert not family
    missed = [text for text in rule.examples if not any(leak.rule.family == rule.family for leak in read(text))]
    assert not missed
    assert any(rule.id in _ids(text) for text in rule.examples)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_leaves_its_counterexamples(rule: PriceRule) -> None:
    wrong = [text for text in rule.counterexamples if rule.id in _ids(text)]
    assert not wrong
    if rule.severity == "high":
        assert not [text for text in rule.counterexamples if _decides(text)]
