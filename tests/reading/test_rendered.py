"""A rendered prompt as its words: what is masked, what is kept, and where two texts first differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.reading.prompts.json_tokens import in_key_order
from afterbell.reading.prompts.rendered import Mask, begins_alike, difference, likeness, masked, words

NONE = Mask()


def said(text, mask=NONE):
    return [token.said for token in masked(text, mask)]


def same(one, other, mask=NONE):
    return difference(masked(one, mask), masked(other, mask)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Price $41.20 (-1.3 %).", "Price $1,039.75 (+12 %)."),
        ("rsi = 1.25e-05, macd = -0.0", "rsi = 61.9, macd = nan"),
        ("As of Monday, 5 January 2026 at 09:31 UTC", "As of 2026-02-06T15:02:11.123Z"),
        ("In Q3 2025 and FY2025", "In Q1 2026 and FY2026"),
        ("Mid prices: [1, 2, 3]", "Mid prices: [4, 5, 6, 7, 8]"),
        ("{'SYNA': 1, 'SYNB': 2}", "{'SYNB': 2}"),
        ("Buy Example Corp. (EXMP) or not", "Buy Other Holdings (OTHR) or not"),
        ("Ticker: EXMP", "Ticker: OTHR"),
        ("on $EXMP, ABC-USD and 600519.SH", "on $OTHR, XYZ-USD and 000001.SZ"),
        ("rows:\n1 | 2\n3 | 4\nend", "rows:\n5 | 6\nend"),
        ("a  b\n\nc", "a b c"),
        ('Fit {"type": "object", "required": ["a"]}.', 'Fit {"required": ["a"], "type": "object"}.'),
        (
            '{"b": {"d": "x, y", "c": [1, {"f": "g", "e": "\\"h\\""}]}, "a": {}}',
            '{"a": {}, "b": {"c": [2, {"e": "\\"h\\"", "f": "g"}], "d": "x, y"}}',
        ),
        ('{"day": {"maximum": 41.2}}', '{"day": {"maximum": 38.9}}'),
        ("Universe: SYNTHETIC_A, SYNTHETIC_B.", "Universe: SYNTHETIC_C, SYNTHETIC_DD, SYNTHETIC_E."),
    ],
)
def test_what_is_filled_in(one, other):
    assert same(one, other, Mask(symbols=frozenset({"SYNA", "SYNB"})))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Never sell.", "Always sell."),
        ("Answer BUY or SELL.", "Answer BUY or HOLD."),
        ("confidence from 0 to 1", "confidence from 0 to 100"),
        ("a score between 1 and 5", "a score between 1 and 10"),
        ("Use the filing.", "Use the filing. Use the news."),
        ('{"action": "x"}', '{"decision": "x"}'),
        ("May rates rise?", "Must rates rise?"),
        ('{"score": {"type": "number", "maximum": 1}}', '{"score": {"type": "number", "maximum": 100}}'),
        ('{"a": "x", "b": "y"}', '{"a": "y", "b": "x"}'),
        ("Labels: GOOD, POOR", "Labels: GOOD, POOR, MIXED"),
        ("Fill {symbol}, {day}.", "Fill {day}, {symbol}."),
    ],
)
def test_what_is_a_change(one, other):
    assert not same(one, other)


def test_figures_that_are_no_scale_are_masked_also_beside_a_word_for_one():
    assert same("The rating rose. From 3 to 5 shares.", "The rating rose. From 7 to 9 shares.")


def test_known_values_are_whole_words_and_the_longest_wins():
    mask = Mask(values=("up", "going up fast", "up"))
    assert said("It is going up fast or up or upper.", mask) == ["It", "is", "$v", "or", "$v", "or", "upper", "."]


def test_nothing_is_masked_in_a_template():
    assert [token.said for token in words("Stop at  2 %\n{{price}}")] == [
        "Stop",
        "at",
        "2",
        "%",
        "{",
        "{",
        "price",
        "}",
        "}",
    ]


def test_the_first_difference_is_cited_in_the_text():
    one, other = "First. Keep the stop at the low.", "First. Move the stop at the low."
    change = difference(masked(one, NONE), masked(other, NONE))
    assert "Keep" in one[slice(*change.one)]
    assert "Move" in other[slice(*change.other)]


def test_a_cut_text_begins_alike():
    whole, cut = masked("Read the filing and answer.", NONE), masked("Read the filing an", NONE)
    assert begins_alike(whole, cut)
    assert not begins_alike(whole, masked("Read the rumours an", NONE))
    assert likeness(whole, whole) == 1


@given(st.text(max_size=300), st.lists(st.text(max_size=8), max_size=4))
def test_tokens_stand_in_order_within_the_text(text, values):
    found = masked(text, Mask(values=tuple(values)))
    places = [(token.start, token.end) for token in found]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)
    assert difference(found, masked(text, Mask(values=tuple(values)))) is None


@given(st.text(alphabet="aA1 .,()\n#$", max_size=120), st.text(alphabet="aA1 .,()\n#$", max_size=120))
def test_a_difference_stands_within_both_texts(one, other):
    change = difference(masked(one, NONE), masked(other, NONE))
    if change is not None:
        assert 0 <= change.one[0] <= change.one[1] <= len(one)
        assert 0 <= change.other[0] <= change.other[1] <= len(other)


def test_a_renamed_key_is_cited_on_both_sides():
    one = 'Answer with {"rationale": "text", "verdict": "word"}.'
    other = 'Answer with {"verdict": "word", "why": "text"}.'
    change = difference(masked(one, NONE), masked(other, NONE))
    assert "rationale" in one[slice(*change.one)]
    assert "why" in other[slice(*change.other)]


@pytest.mark.parametrize("text", ['{"a": ', '{"a" "b"}', '{"a": [}', '{"a": 1, }', '{"a": "b', "{" * 200 + '"a": 1'])
def test_what_is_no_json_is_left_as_it_is(text):
    assert [token.said for token in in_key_order(words(text))] == [token.said for token in words(text)]
