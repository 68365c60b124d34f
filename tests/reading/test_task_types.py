"""What a call was asked to do, from its prompt."""

import pytest

from afterbell.catalog.cases import traces
from afterbell.reading.tasks.types import DEMANDING, task_of, task_word


def told(user, system="", **more):
    row = {"type": "call", "trace": "t", "id": "c", "model": "m", "messages": user, "output": "x", **more}
    row |= {"system": system} if system else {}
    trace = next(iter(traces([row]).values()))
    return trace, task_of(trace, trace.calls[0], {span.span_id: span for span in trace.spans})


@pytest.mark.parametrize(
    ("kind", "user", "system"),
    [
        ("extraction", "Extract all tickers mentioned in this article: ...", ""),
        ("extraction", "Read the article below and extract the company names.", ""),
        ("extraction", "ITEM 2.02 Results of operations", "You extract fields from filings and return JSON."),
        ("extraction", "Extract the segment revenue from the table.", "You are a research analyst."),
        ("summary", "Summarize the following earnings call transcript in 3 bullet points.", ""),
        ("summary", "The plant opened in May.", "You are a news summarizer."),
        ("summary", "Give me a one-sentence summary of the 8-K below.", ""),
        ("classification", "Please classify this headline into one of: earnings, macro.", ""),
        ("classification", "Determine whether the article is about SYNTHETIC_A.", ""),
        ("classification", "Classify the headline. Think step by step. Consider only the facts.", ""),
        ("sentiment", "Headline: plant opens\nSentiment (positive/negative/neutral):", ""),
        ("sentiment", "What is the sentiment of this headline? Answer positive, negative or neutral.", ""),
        ("sentiment", "plant opens", "Task: headline sentiment classification. Output one word."),
        ("extraction", "The plant opened.", "You pull figures out of company reports and return them as JSON."),
        ("extraction", "List every place name and every amount of money in this passage.", ""),
        ("extraction", "Which companies are named here?", ""),
        ("extraction", "Give the revenue, the region and the period as JSON.", ""),
        ("extraction", "Fill in this form from the text.", ""),
        ("extraction", "The invoice.", "You read invoices and return supplier, date and total."),
        ("summary", "Boil this down to two sentences.", ""),
        ("summary", "In at most 50 words, what does this article say?", ""),
        ("summary", "Rewrite the text below as a single sentence.", ""),
        ("classification", "The plant opened.", "You assign exactly one category to a news item."),
        ("classification", "Sort the following item into one of the buckets: deal, hiring, other.", ""),
        ("classification", "Does this article concern SYNTHETIC_A?", ""),
        ("classification", "Is this a press release or an opinion piece?", ""),
        ("classification", "The plant opened.", "You decide which of five topics a story belongs to."),
        ("sentiment", "Is the tone of this article positive, negative or neutral?", ""),
        ("sentiment", "On a scale from -5 to 5, how upbeat is this article?", ""),
        ("sentiment", "Positive, negative or neutral?", ""),
        ("classification", "请对以下新闻进行分类", ""),
        ("summary", "总结这份财报", ""),
        ("sentiment", "判断以下标题的情感倾向", ""),
    ],
)
def test_simple_work(kind, user, system):
    trace, task = told(user, system)
    assert (task.kind, task.simple) == (kind, True)
    place = task.evidence
    assert place.excerpt in user or place.excerpt in system
    assert trace.span(place.span_id) is not None


@pytest.mark.parametrize(
    ("user", "system"),
    [
        ("Should we buy SYNTHETIC_A? Weigh the evidence.", ""),
        ("Value SYNTHETIC_A with a cash flow model.", ""),
        ("Summarize the news and recommend a trade.", ""),
        ("Build a thesis for SYNTHETIC_A and summarize it.", ""),
        ("Analyse SYNTHETIC_A. Decide whether the thesis holds.", "Summarise your reasoning in five points."),
        ("Context follows.", "You are a trader. Respond with BUY, SELL or HOLD."),
        ("SYNTHETIC_A", "You are a portfolio manager."),
        ("Which questions must be answered before we can form a thesis?", "You plan research."),
        ("How large should the position be?", "You size positions."),
        ("Lay out bull, base and bear cases.", ""),
        ("Is SYNTHETIC_A cheap or dear?", ""),
        ("Read the filings and give your recommendation. Decide alone.", ""),
        ("请分析该公司的基本面并给出交易建议", ""),
    ],
)
def test_work_that_asks_for_judgement(user, system):
    assert told(user, system)[1].kind == DEMANDING


@pytest.mark.parametrize(
    "user",
    [
        "hello",
        "SYNTHETIC_A",
        "分析师说公司很好",
        "Is this a buy or a sell?",
        "Give the trade and the stop as JSON.",
        "Read the news and return the decision.",
        "The results were positive and the outlook was negative.",
    ],
)
def test_what_nobody_can_tell(user):
    assert told(user)[1].kind == ""


def test_the_material_gives_no_orders():
    news = "Research firm X said so. Trade deficits widen. " * 20 + "Analyze this! " + "Shares were flat. " * 60
    assert told(news, "Summarise what you are given.")[1].kind == "summary"
    assert told(f"Summarise the article.\n\n{news}")[1].kind == "summary"


def test_a_stated_type_beats_the_prompt_and_stands_above():
    assert told("Summarise this.", task="valuation")[1].kind == "valuation"
    assert told("Decide.", task="Sentiment Analysis")[1].simple
    assert task_word(" Summarization ") == "summary"
