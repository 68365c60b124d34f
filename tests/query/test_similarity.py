"""Which words of a text tell, and what two records have in common."""

from datetime import UTC, datetime

import pytest

from afterbell.query import similarity
from afterbell.query.records import Row

FILED = datetime(2026, 1, 6, tzinfo=UTC)


def row(**facts):
    base = {"id": "a", "created": FILED, "status": "complete", "root_cause": "cost", "summary": "", "trigger": "drawdown",
            "modes": ("token_runaway",), "trace_ids": ()}  # fmt: skip
    return Row(**{**base, **facts})


def test_a_rare_word_tells_more_than_a_common_one_and_one_said_twice_more_than_once():
    counts = {"retriever": 2, "position": 90, "cable": 2}
    found = similarity.telling("retriever cable cable position the", counts, 100, itself=True)
    assert list(found) == ["cable", "retriever", "position"]
    assert found["cable"] > found["retriever"] > found["position"] > 0


def test_what_no_other_record_holds_finds_nothing():
    assert similarity.telling("cable", {"cable": 1}, 100, itself=True) == {}
    assert list(similarity.telling("cable", {"cable": 1}, 100, itself=False)) == ["cable"]
    assert similarity.telling("", {}, 0, itself=False) == {}


def test_words_are_spelled_as_the_index_spells_them():
    assert similarity.words("Größe ÉTÉ token_runaway 2026 a\0b x1") == {"große": 1, "ete": 1, "token_runaway": 1}


@pytest.mark.parametrize(
    ("theirs", "modes", "trigger", "cause"),
    [
        (row(), ("token_runaway",), True, True),
        (row(modes=("prompt_drift",), trigger="token_overrun", root_cause="security"), (), False, False),
        (row(trigger=None, root_cause=None, modes=()), (), False, False),
    ],
)
def test_what_two_have_in_common_is_said(theirs, modes, trigger, cause):
    terms = {"cable": 2.0, "torn": 1.0, "drawdown": 0.5}
    found = similarity.similar(terms, theirs, "a torn cable, drawdown", subject=row(), trigger="drawdown")
    assert (found.modes, found.trigger, found.cause) == (modes, trigger, cause)
    assert ("drawdown" in found.words) == (theirs.trigger != "drawdown")
    assert found.score == pytest.approx(3.5)
    of_event = similarity.similar(terms, theirs, "nothing", subject=None, trigger="drawdown")
    assert (of_event.modes, of_event.cause, of_event.score, of_event.words) == ((), False, 0, ())


def test_it_takes_only_so_many_words():
    text = " ".join(f"word{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(100))
    counts = dict.fromkeys(similarity.words(text), 2)
    assert len(similarity.telling(text, counts, 100, itself=True)) == similarity.MOST_TERMS
