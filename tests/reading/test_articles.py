"""Articles come out of lists, fields, headings and numbered entries; rows, reports and titles of people do not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.reading.news.articles import MAX_ARTICLES, articles

BODY = "Revenue rose 12 percent and the company kept its outlook for the year."
ENTRY = {"title": "SYNTHETIC_A beats", "url": "https://one.example/a", "content": BODY, "source": "Newswire"}


def titles(text):
    return [article.title for article in articles(text)]


@pytest.mark.parametrize(
    "value",
    [
        [ENTRY],
        {"articles": [ENTRY], "total": 1},
        {"data": {"feed": [ENTRY]}},
        [{"content": {"title": ENTRY["title"], "summary": BODY, "canonicalUrl": {"url": ENTRY["url"]}}}],
        [{"type": "text", "text": json.dumps([ENTRY]) + " " * 200}],
    ],
)
def test_lists_in_their_usual_wrappings(value):
    (article,) = articles(json.dumps(value))
    assert (article.title, article.text, article.url) == (ENTRY["title"], BODY, ENTRY["url"])


def test_offsets_point_to_the_headline_as_written():
    text = json.dumps([{**ENTRY, "title": f"Headline “{number}” é"} for number in range(3)])
    for article in articles(text):
        assert json.loads(f'"{text[article.start : article.end]}"') == article.title
    blocks = "### First (source: A)\n\nbody\n\n### Second (source: B)\n\nbody"
    assert [blocks[each.start : each.end] for each in articles(blocks)] == ["First", "Second"]


def test_a_list_as_python_prints_it():
    assert titles(str([ENTRY, {**ENTRY, "title": "It's the second one"}])) == [
        "SYNTHETIC_A beats",
        "It's the second one",
    ]


def test_a_list_that_was_cut_off():
    text = json.dumps([ENTRY, {**ENTRY, "title": "Second", "url": "https://one.example/b"}])[:-30]
    assert titles(text) == ["SYNTHETIC_A beats", "Second"]


def test_blocks_of_fields_in_either_order():
    first = f"Title: One\nSource: Newswire\nDate: 2026-01-05\nURL: https://a.example/1\nContent: {BODY}\nmore text"
    second = f"URL: https://a.example/2\nTitle: Two\nDescription: short\nPublish Time: unknown\nContent: {BODY}"
    assert titles(f"# Collected\n\n### Article 1\n{first}\n\n### Article 2\n{first.replace('One', 'Uno')}") == [
        "One",
        "Uno",
    ]
    found = articles(f"{second}\n\n\n{second.replace('Two', 'Zwei')}")
    assert [each.title for each in found] == ["Two", "Zwei"]
    assert found[0].text == BODY, "the content replaces its own description"


def test_headed_and_numbered_entries():
    headed = "## SYNTHETIC_A News, from 2026-01-01 to 2026-01-05:\n\n### One thing\nText.\n\n### Another thing\nText."
    assert titles(headed) == ["One thing", "Another thing"]
    numbered = "1. **[First story](https://a.example/1)** text\n2. [Second story](https://a.example/2)\n3. Third (source: Wire)"
    assert titles(numbered) == ["First story", "Second story", "Third"]
    assert articles(numbered)[0].url == "https://a.example/1"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"date": "2026-01-05", "open": 1, "close": 2}] * 5),
        json.dumps([{"name": "A", "title": "Director", "date": "2026-01-05", "shares": 10}] * 5),
        json.dumps({"name": "get_news", "description": "Fetches the latest news of a company by its symbol."}),
        "# Report\n\n### Financial performance\nRevenue rose.\n\n### Outlook\nStable.",
        "1. Revenue rose by twelve percent in the quarter\n2. Margins were stable in all segments",
        "Date,Open,High\n2026-01-05,1,2",
        "",
        "[",
        "{}",
    ],
)
def test_what_holds_no_article(text):
    assert articles(text) == ()


def test_documents_in_a_prompt_in_tags_and_as_json():
    tagged = f"Context:\n<documents>\n<document id='1'>\n{BODY}\n</document>\n<document id='2'>{BODY}</document>\n</documents>"
    found = articles(tagged)
    assert [each.text for each in found] == [BODY, BODY]
    assert all(tagged[each.start : each.end] == BODY for each in found)
    assert titles(f"Read these:\n{json.dumps([ENTRY, {**ENTRY, 'title': 'Second', 'url': 'https://a.example/2'}])}\nThen judge.") == [
        "SYNTHETIC_A beats", "Second",
    ]  # fmt: skip
    assert articles('Answer as {"title": "..."} and nothing else.') == ()


def test_items_of_a_feed_have_headline_text_and_address():
    feed = (
        "<rss><channel><title>All news</title>"
        f"<item><title>A &amp; B merge</title><link>https://one.example/a</link><description>{BODY}</description></item>"
        f"<item><title><![CDATA[ Closed ]]></title><pubDate>2026-01-05</pubDate><content>{BODY}</content></item>"
        "</channel></rss>"
    )
    first, second = articles(feed)
    assert (first.title, first.text, first.url) == ("A & B merge", BODY, "https://one.example/a")
    assert (second.title, second.published, feed[second.start : second.end]) == ("Closed", "2026-01-05", "Closed")


def test_a_numbered_entry_with_its_outlet_and_date_in_brackets():
    text = f"1. **A beats** (Harbour Daily, 2026-01-05)\n   {BODY}\n2. B misses (Wire | 2026-01-06)\n   {BODY}"
    assert [(each.title, each.published, each.text) for each in articles(text)] == [
        ("A beats", "2026-01-05", BODY), ("B misses", "2026-01-06", BODY),
    ]  # fmt: skip


def test_hostile_texts_stay_bounded():
    assert articles("[" * 100_000) == ()
    assert articles("{'a':" * 50_000) == ()
    assert len(articles("Title: x\nURL: https://a.example/1\n" * (MAX_ARTICLES + 10))) == MAX_ARTICLES


@given(st.text(max_size=300) | st.recursive(
    st.none() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["title", "url", "content", "source", "date", "x"]), inner, max_size=4), max_leaves=12).map(json.dumps))  # fmt: skip
def test_any_text_is_taken(text):
    for article in articles(text):
        assert 0 <= article.start <= article.end <= len(text)
