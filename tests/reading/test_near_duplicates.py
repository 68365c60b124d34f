"""Copies are found by address, text and shingles, in any script, and never by a digest that holds them all."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.reading.news.near_duplicates import (
    BUDGET,
    Item,
    canonical_url,
    canonical_words,
    clusters,
    containment,
    jaccard,
    places,
    probe,
    shingles,
    similar,
)

WIRE = (
    "SYNTHETIC_A said on Monday that first quarter revenue rose 12 percent from a year earlier to 340 million dollars, "
    "ahead of the guidance it gave in January, and that it had begun shipping its new sensor to two carmakers."
)
OTHER = "The central bank left its rate unchanged and said that it expects inflation to return to target next year."
THIRD = "Workers at the largest plant voted to accept a three year contract with a raise in each of the years."


def of(*bodies):
    return clusters([Item(body=body) for body in bodies])


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://www.news.example/a/story?utm_source=x&utm_medium=mail#top", "http://news.example/a/story/"),
        ("https://m.news.example/a?id=3&fbclid=abc", "https://news.example/a?gclid=1&id=3"),
        ("https://news.example/a/index.html", "https://NEWS.example:443/a"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?a=1&b=2"),
        ("https://news.example/story/amp", "https://news.example/story"),
    ],
)
def test_one_address_in_several_spellings(url, same):
    assert canonical_url(url) == canonical_url(same) != ""


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://news.example/a?id=3", "https://news.example/a?id=4"),
        ("https://news.example/A", "https://news.example/B"),
        ("https://news.example:8080/a", "https://news.example/a"),
        ("https://one.example/a", "https://two.example/a"),
    ],
)
def test_different_addresses_stay_different(url, other):
    assert canonical_url(url) != canonical_url(other)


@pytest.mark.parametrize(
    "text", ["", "not an address", "file:///etc/x", "https://", "https://[::1", "javascript:x", "https://host"]
)
def test_what_is_no_web_address_identifies_nothing(text):
    assert canonical_url(text) == ""


def test_words_lose_case_markup_addresses_and_punctuation():
    html = "<p>Shares <b>ROSE</b>&nbsp;12%</p> (https://x.example/y) — “today”"
    assert canonical_words(html) == ("shares", "rose", "12", "today")
    assert canonical_words("1,200.5 units") == ("1,200.5", "units")
    assert canonical_words("营收ABC增长") == ("营", "收", "abc", "增", "长")


def test_jaccard_and_containment_by_their_formulas():
    one, other = shingles("abcde"), shingles("abcdf")
    assert jaccard(one, other) == pytest.approx(2 / 4)
    assert jaccard(one, frozenset()) == 0
    long = shingles([str(number) for number in range(100)])
    assert containment(shingles([str(number) for number in range(10, 25)]), long) == 1
    assert containment(shingles(["1", "2", "3"]), long) == 0, "three words are contained in anything"


def test_edited_reprints_are_one_story():
    edited = WIRE.replace("said on Monday", "announced Monday").replace("had begun", "has started")
    assert of(WIRE, OTHER, edited, WIRE.upper(), THIRD) == (0, 1, 0, 0, 4)


def test_a_blurb_belongs_to_its_article():
    assert of(WIRE, WIRE[:110] + "...", OTHER) == (0, 0, 2)


def test_a_digest_joins_nothing():
    digest = f"{OTHER} {WIRE} {THIRD}"
    assert of(digest, WIRE, OTHER, THIRD) == (0, 1, 2, 3)
    assert of(digest, digest, WIRE, OTHER) == (0, 0, 2, 3)


def test_short_texts_say_nothing_by_themselves():
    assert of("10-K", "10-K", "Update", "Update") == (0, 1, 2, 3)
    assert similar(Item(title="Shares rise after results"), Item(title="Shares Rise After Results!"))
    assert not similar(Item(title="SYNTHETIC_A rises 3 percent today"), Item(title="SYNTHETIC_B falls 4 percent today"))


def test_an_equal_address_is_enough_without_texts_and_not_with_different_ones():
    url = "https://news.example/a"
    assert similar(Item(title="One headline", url=url), Item(title="Another", url=url + "?utm_source=y"))
    assert similar(Item(body=WIRE, url=url), Item(url=url))
    assert not similar(Item(body=WIRE, url=url), Item(body=OTHER, url=url)), "passages of one document"
    front = "https://news.example/"
    assert not similar(Item(title="One headline", url=front), Item(title="Another", url=front))


def test_equal_bodies_under_different_headlines_are_copies():
    assert similar(Item(title="Beat!", body=WIRE), Item(title="Quarter tops the guidance of January", body=WIRE))


def test_scripts_without_spaces():
    one = "合成甲公司周一表示第一季度营收同比增长百分之十二至三亿四千万元"
    assert of(one, one[3:], "央行本周维持利率不变并称通胀明年将回到目标水平附近") == (0, 0, 2)


def test_copies_are_found_among_many():
    chance = random.Random(5)  # noqa: S311 - no secret, only unlike texts
    words = [f"w{number}" for number in range(3000)]
    texts = [" ".join(chance.choices(words, k=120)) for _ in range(400)]
    copies = [text.replace(text.split()[60], "changed") for text in texts[:40]]
    found = clusters([Item(body=text) for text in texts + copies])
    assert found[400:] == tuple(range(40))
    assert len(set(found)) == 400


def test_many_texts_are_read_less_far():
    texts = [f"{number} " + "x " * 5000 for number in range(3)]
    assert len(canonical_words(texts[0])) < 5000
    assert len(canonical_words("a " * (BUDGET + 10), BUDGET)) == BUDGET


@given(
    st.lists(
        st.builds(Item, title=st.text(max_size=30), body=st.text(max_size=80), url=st.text(max_size=30)), max_size=8
    )
)
def test_any_text_is_taken_and_every_cluster_is_named_by_its_first(items):
    found = clusters(items)
    assert len(found) == len(items)
    assert all(group <= number and found[group] == group for number, group in enumerate(found))


def test_items_are_found_again_in_a_prompt():
    item = probe(Item(title="Shares rise after results", body=WIRE))
    text = f"1. {WIRE}\n2. {OTHER}\n3. {WIRE.upper()}\\n{WIRE}"
    assert places([item.body, item.title], text)[item.body] == 3
    assert places([item.title], "shares rise after\\nresults") == {item.title: 1}
    assert probe(Item(title="Update", body="Too short")) == probe(Item())
