"""Rules of price language read their examples and leave their counterexamples; guards hold; any text is taken."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.reading.price_language import FAMILIES, RULES, matches, read
from afterbell.reading.price_language.words import WEIGHTS, PriceRule

SYMBOLS = ("SYNTHETIC_A", "SYNTHETIC_B")


def _decides(text: str) -> bool:
    leaks = read(text, SYMBOLS)
    medium = {(leak.rule.id, leak.words.lower()) for leak in leaks if leak.rule.severity == "medium"}
    return any(leak.rule.severity == "high" for leak in leaks) or len(medium) >= 2


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_reads_its_examples_and_leaves_its_counterexamples(rule: PriceRule) -> None:
    assert len(rule.examples) >= 3
    assert len(rule.counterexamples) >= 3
    assert [text for text in rule.examples if rule.id not in {leak.rule.id for leak in matches(text)}] == []
    assert [text for text in rule.counterexamples if rule.id in {leak.rule.id for leak in matches(text)}] == []
    if rule.severity == "high":
        assert [text for text in rule.counterexamples if _decides(text)] == []


def test_rules_are_data_of_the_four_families_with_bounded_patterns() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.family in FAMILIES
        assert rule.weight == WEIGHTS[rule.severity]
        bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "x", rule.pattern)
        assert not re.search(r"[*+]|\{\d*,\}", bare), rule.id


@pytest.mark.parametrize(
    "text",
    [
        "Ignore that the stock is down 5% today.",
        "Do not let the 12% drop in the shares since Monday colour your view.",
        "At $41.20, is the stock cheap?",
        "SYNTHETIC_A fell 4% on Tuesday.",
        "With SYNTHETIC_A at 41.20, size the upside.",
        "The company sells pumps for $1,299 and its stock trades at $41.20.",
        "Revenue rose 12% while the shares fell 4%.",
        "Don't worry, our long position is small.",
        '{"data": {"quote": {"symbol": "SYNTHETIC_A", "price": {"value": 41.2}}}}',
        '{"bids": [[41.18,300]], "asks": [[41.22,200]]}',
        "{'NVDA': 3, 'CASH': 1200.0}",
        "Ticker | Price | Change\nSYNTHETIC_A | 41.20 | -1.3%",
        '{"symbol": "SYNB", "ohlcv": {"open": "58.35", "high": "You can not get the current high price"}}',
        'Do not guess: {"symbol": "SYNTHETIC_A", "price": 41.2}',
        "The shares, bought in May, fell 5% on weak guidance and a 3% cut in revenue.",
        "该股从45元跌到41元。",
        "营收增长 12%，股价却下跌 4%。",
        "你现在做多 SYNTHETIC_A。",
        "The stock broke through resistance and looks overbought.",
    ],
)
def test_what_tells_a_price_is_read(text: str) -> None:
    assert _decides(text)


@pytest.mark.parametrize(
    "text",
    [
        "Never use words such as 'up 5%' or 'trading at $120'.",
        "The following phrases are banned:\n- up 5% today\n- trading at $41.20\n- our position",
        'Any statement like "RSI 71" means the note is rejected.',
        "You will not be shown any price data, P&L or position state.",
        "Tools: get_quote(symbol) returns the price; get_position(symbol) returns our current position.",
        "Nothing here tells you whether we are long, short or flat.",
        "Current price: {price}\nPosition: [withheld]",
        "If the stock falls 10%, the risk stage acts.",
        "Volumes fell 2% while prices rose 4%, steel prices fell 8% and the tax rate was 21.4%.",
        "Diluted EPS was $2.31, book value $45.10 per share, par value $0.001, a dividend of $0.25 per share.",
        "We repurchased 3 million shares at an average price of $38.20.",
        "Our position as the only supplier in Europe is strong; we have 40 open positions in engineering.",
        "Copper trades at $9,800 a tonne and freight averaged $3,200 per container.",
        "Shares outstanding fell 3%; stock-based compensation rose 9%.",
        '{"sku": "X100", "list_price": 1299, "price": 1199}',
        "请勿提及股价、涨跌幅或我们的持仓。",
        "公司产品均价下降4%至812元，市场份额提高到19%。",
        "The price of the X100 rose 4% to $1,299; product prices rose 5%.",
        "A final dividend of 3.45 cents per share is equivalent to 2.70 pence per share.",
        "The risk engine compares the thesis with the current price and our position later.",
        "Insiders hold 12% of the shares; the CEO holds 300 shares of record.",
        "涨跌停限制为10%，油价下跌6%至81美元每桶。",
        "Sentiment is bullish.",
        "The stock rallied.",
    ],
)
def test_what_tells_none_is_left(text: str) -> None:
    assert not _decides(text)


def test_a_name_of_a_ticker_counts_only_when_it_is_known_or_stands_as_subject() -> None:
    assert read("Our view of lumen: LUMEN gained 4%.", ("LUMEN",))
    assert not read("EBITDA gained 4%.")
    assert not read("LUMEN's revenue gained 4%.", ("LUMEN",))


def test_a_leak_behind_a_mass_of_clean_figures_is_found() -> None:
    text = "Revenue rose 12% in the region. " * 2000 + "The stock is down 5% today."
    assert [leak.words for leak in read(text)] == ["down 5%"]


def test_a_leak_across_the_border_of_two_blocks_is_found_once() -> None:
    for pad in range((1 << 14) - 30, (1 << 14) + 5, 5):
        text = "x" * (pad - 1) + " The stock trades at $41.20 now."
        assert sum("41.20" in leak.words for leak in read(text)) == 1


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=80), st.sampled_from([rule.examples[0] for rule in RULES]), st.text(max_size=80))
def test_any_text_is_taken_and_words_stand_where_they_are_said_to(before: str, example: str, after: str) -> None:
    text = before + example + after
    for leak in read(text):
        assert text[leak.start : leak.end] == leak.words
        assert leak.words
