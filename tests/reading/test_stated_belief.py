"""What a step says it believes, and the percentages that are no belief."""

from decimal import Decimal

import pytest

from afterbell.reading.loops.belief import belief, probability


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"posterior": 0.62, "action": "buy"}', "0.62"),
        ('```json\n{"analysis": {"probability": 62}}\n```', "0.62"),
        ('Step done. {"confidence": 0.9, "posterior": 0.4}', "0.4"),
        ("The posterior is now 0.71.", "0.71"),
        ("Prior probability 0.55; posterior 0.60.", "0.60"),
        ("Belief updated from 0.58 to 0.61.", "0.61"),
        ("My posterior: .55 -> .61", "0.61"),
        ("Revenue rose 12 percent. I am 62 percent confident that it holds.", "0.62"),
        ("We move from 58 percent to 64 percent.", "0.64"),
        ("With the filing read, 64 percent that the thesis holds.", "0.64"),
        ("That moves me to 38 percent on the thesis.", "0.38"),
        ("The filing takes my view from 41% to 55%.", "0.55"),
        ("Confidence: 62", "0.62"),
        ("62 percent", "0.62"),
        ("后验概率为0.62", "0.62"),
    ],
)
def test_a_probability(text, value):
    found = belief(text)
    assert found.probability == Decimal(value)
    start, end = found.probability_at
    assert text[start:end].strip()


@pytest.mark.parametrize(
    "text",
    [
        "Margins rose 12 percent from a year ago.",
        "The contract moves us into a market that grows 12 percent. It takes our costs up.",
        "confidence: 7/10",
        "Confidence: 8",
        "Confidence grew in 12 sources.",
        "Finding 3.",
        '{"margin": 0.41, "growth": "12%"}',
        '{"probability": "high"}',
        '{"posterior": 1e999}',
        "",
    ],
)
def test_no_probability(text):
    assert belief(text).probability is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("FINAL TRANSACTION PROPOSAL: **HOLD**", "hold"),
        ("Recommendation: Strong Buy", "buy"),
        ("I lean bullish on the name.", "buy"),
        ("Leaning: hold. After the call: Leaning: sell.", "sell"),
        ('{"action": "SELL", "confidence": 0.8}', "sell"),
        ('{"leaning": "long"}', "buy"),
        ("hold", "hold"),
        ("结论：买入", "buy"),
        ("They sell sensors to carmakers and hold two patents.", ""),
    ],
)
def test_a_leaning(text, word):
    found = belief(text)
    assert found.leaning == word
    assert (found.leaning_at[1] > found.leaning_at[0]) == bool(word)


@pytest.mark.parametrize("value", [True, None, [], "nan", "Infinity", -0.1, 101, 7, "x"])
def test_what_is_no_probability(value):
    assert probability(value) is None
