"""The finder finds what the shapes match, no more and no less, without trying them at every letter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.blameless.finder import Subjects, find
from afterbell.blameless.rules import RULES

EXAMPLES = [text for rule in RULES for text in (*rule.match, *rule.miss)]
WORDS = st.sampled_from(sorted({word for text in EXAMPLES for word in text.split()}))
TEXTS = st.lists(WORDS | st.sampled_from([". ", ", ", "\n\n", "the", "operator", "who", "Nobody"]), max_size=40)


def whole(rule, text):
    """Return where a rule's shapes begin when each is tried at every letter."""
    return {match.start() for each in rule.patterns for match in each.finditer(text)}


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_on_the_examples_of_every_rule(rule):
    for text in (*EXAMPLES, "\n".join(EXAMPLES), " ".join(EXAMPLES).replace(". ", ", and ")):
        found = list(find(rule, Subjects(text)))
        assert whole(rule, text) <= {match.start() for match in found}
        for match in found:  # each stands there also for who reads the whole text
            assert match.re.match(text, match.start()).span() == match.span()


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_on_any_order_of_their_words(words):
    text = " ".join(words)
    for rule in RULES:
        assert {match.start() for match in find(rule, Subjects(text))} >= whole(rule, text)
