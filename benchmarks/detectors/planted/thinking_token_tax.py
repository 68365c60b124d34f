"""Thinking spent on simple work: reasoning tokens on extraction, summary, classification or sentiment.

The twin either reports no reasoning tokens at all, or reports them on calls whose task nothing tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from plant import FAULTY, INNOCENT, UNTOLD, Plant
from planted._shift import Made, Shift, turns

SLUG = "thinking_token_tax"

SIMPLE = ("extraction", "summary", "classification", "sentiment")
HARD = ("research", "valuation", "planning", "risk_review", "decision")

# Prompts whose task only their words tell: a system text ("" = none) and what the user asks; {s} is a text to read.
_SIMPLE_ASKED = (
    ("", "Summarise the article below in three bullet points.\n\n{s}"),
    ("", "Read this and give me a one-paragraph summary for the morning note:\n{s}"),
    ("You condense filings. Keep to 80 words.", "{s}"),
    ("", "TL;DR please:\n\n{s}"),
    ("You are a summarizer for a research desk. Write a brief abstract of whatever the user pastes.", "{s}"),
    ("", "Extract revenue, backlog and capital spending from the text. Return JSON with these keys only.\n\n{s}"),
    ("You pull figures out of company reports and return them as JSON. Do not comment.", "Text:\n{s}"),
    ("", "List every place name and every amount of money in this passage:\n{s}"),
    ('Extract named entities. Output format: {"companies": [], "places": [], "amounts": []}', "{s}"),
    ("", "Is the tone of this article positive, negative or neutral? Answer with one word.\n\n{s}"),
    ("You rate the sentiment of news about listed companies from -1 to 1.", "{s}"),
    ("", "Score the sentiment of each headline between -1 and 1:\n- {h}\n- {h}\n- {h}"),
    ("", "Classify the item into one of: earnings, legal, labour, product, other.\n\n{s}"),
    ("You assign exactly one category to a news item. Categories: macro, company, sector, irrelevant.", "{s}"),
    ("", "Label this document as relevant or not relevant to {t}. Reply with the label only.\n\n{s}"),
    ("", "Boil this down to two sentences for the morning call.\n\n{s}"),
    ("You write one-line digests of news items.", "{s}"),
    ("", "In at most 50 words, what does this article say?\n\n{s}"),
    ("", "Which companies and places are named here? Reply as a JSON array.\n{s}"),
    ("", "Fill in this form from the text: revenue=, backlog=, employees=. Leave blanks where it is silent.\n\n{s}"),
    ("You turn press releases into rows of a table: date, company, amount.", "{s}"),
    ("", "Positive, negative or neutral?\n\n{s}"),
    ("", "On a scale from -5 to 5, how upbeat is this article? Number only.\n\n{s}"),
    ("", "Sort the following item into one of the buckets: deal, hiring, legal, other.\n{s}"),
    ("You tag news. Tags: earnings, people, plants, law. One tag per item.", "{s}"),
    ("", "Does this article concern {t}? yes or no.\n\n{s}"),
    ("", "请用三句话概括下面的新闻：\n{s}"),
    ("", "Three bullets on this, please.\n\n{s}"),
    ("You prepare abstracts of filings for people in a hurry.", "{s}"),
    ("", "Rewrite the text below as a single sentence.\n{s}"),
    ("", "Who is named in the passage, and in what role? JSON only.\n{s}"),
    ("", "Give the revenue, the region and the period as JSON.\n\n{s}"),
    ("You read invoices and return supplier, date and total.", "{s}"),
    ("", "Bullish or bearish? One word.\n\n{s}"),
    ("", "How does this headline sound: positive, neutral or negative?\n{h}"),
    ("You decide which of five topics a story belongs to.", "{s}"),
    ("", "Mark the item as relevant or irrelevant for a holder of {t}.\n{s}"),
    ("", "Is this a press release or an opinion piece?\n\n{s}"),
    ("", "从下文中提取所有公司名称和金额：\n{s}"),
)  # fmt: skip
_HARD_ASKED = (
    ("You are a portfolio manager.", "Here is a summary of the news:\n{s}\nDecide whether to buy, sell or hold {t}."),
    ("", "Estimate the intrinsic value of {c} with a discounted cash flow. State each assumption.\n\n{s}"),
    ("You plan research.", "Which questions must be answered before we can form a thesis on {c}? Order them.\n\n{s}"),
    ("You review risk.",
     "The desk wants to hold {t} over the report. Argue against it and name the limits that bind.\n{s}"),
    ("", "Build the investment thesis for {c}: what must be true, what would prove it wrong?\n\n{s}"),
    ("You are the trader.",
     "Given the sentiment scores above and the extracted figures, what is your trade in {t}?\n{s}"),
    ("", "Would you hold {t} through the next report? Argue both sides.\n\n{s}"),
    ("You size positions.", "Given this, how large should the position in {t} be?\n{s}"),
    ("", "What are the three weakest points of our thesis on {c}, and how could each be tested?\n{s}"),
    ("You are head of research.", "Compare {c} with its peers and rank them by expected return.\n{s}"),
    ("", "Is {t} cheap or dear? Show how you get there.\n\n{s}"),
    ("You manage a book of small caps.", "{s}\nWhat would you change in the book tonight?"),
    ("", "Lay out bull, base and bear cases for {c} with a probability for each.\n{s}"),
    ("You are a sceptic.", "Find the hole in this argument about {c}.\n{s}"),
)  # fmt: skip
_HEADLINES = ("{c} reopens {p} works", "{c} board meets in {p}", "{c} keeps plan for {m} sites", "{p} contract for {c}")


def _asked(shift: Shift, prompt: tuple[str, str]) -> Made:
    system, user = prompt
    while "{h}" in user:
        user = user.replace("{h}", shift.said(shift.chance.choice(_HEADLINES)), 1)
    text = user.replace("{s}", shift.story()).replace("{t}", shift.ticker).replace("{c}", shift.company)
    found: Made = {"messages": [{"role": "user", "content": text}]}
    return found | ({"system": system} if system else {})


def _answer(shift: Shift) -> str:
    return shift.chance.choice(
        (shift.story(1), "neutral", '{"revenue": null, "backlog": "412"}', "- " + shift.story(1))
    )


def _tokens(shift: Shift, reasoning: int | None) -> Made:
    found = {"input": shift.chance.randrange(700, 6000), "output": (reasoning or 0) + shift.chance.randrange(30, 300)}
    return found | ({} if reasoning is None else {"reasoning": reasoning})


def _simple(shift: Shift, reasoning: int | None, *, stated: bool) -> Made:
    """Add a call for simple work, its task stated or told by its words alone."""
    asked = _asked(shift, shift.chance.choice(_SIMPLE_ASKED))
    task = {"task": shift.chance.choice(SIMPLE)} if stated else {}
    return shift.call(**asked, **task, output=_answer(shift), tokens=_tokens(shift, reasoning))


def _hard(shift: Shift, *, stated: bool = True, reasoning: int | None = None) -> Made:
    asked = _asked(shift, shift.chance.choice(_HARD_ASKED))
    task = {"task": shift.chance.choice(HARD)} if stated else {}
    spent = shift.chance.randrange(300, 9000) if reasoning is None else reasoning
    return shift.call(**asked, **task, output=shift.story(3), tokens=_tokens(shift, spent))


def _stated(shift: Shift) -> int:
    spent = shift.chance.randrange(256, 6000)
    _simple(shift, spent, stated=True)
    return spent


def _told_by_words(shift: Shift) -> int:
    spent = shift.chance.randrange(256, 6000)
    _simple(shift, spent, stated=False)
    return spent


def _drop_by_drop(shift: Shift) -> int:
    """No call alone is over the line."""
    parts = [shift.chance.randrange(70, 250) for _ in range(shift.chance.randint(4, 7))]
    stated = shift.chance.random() < 0.5
    for spent in parts:
        _simple(shift, spent, stated=stated)
        shift.around(0, 1)
    return max(parts)


def _beside_hard_work(shift: Shift) -> int:
    for _ in range(shift.chance.randint(1, 3)):
        _hard(shift)
    spent = shift.chance.randrange(300, 900)
    _simple(shift, spent, stated=shift.chance.random() < 0.5)
    _hard(shift)
    return spent


def _inside_a_loop(shift: Shift) -> int:
    # Calls for simple work below research spans, some reporting nothing.
    spent = shift.chance.randrange(260, 3000)
    for step in range(shift.chance.randint(2, 4)):
        name = f"research-step-{step}"
        shift.row("research", name, step=step + 1)
        row = _simple(shift, spent if step == 1 else shift.chance.choice((0, None)), stated=True)
        row["parent"] = name
    return spent


def _at_the_line(shift: Shift) -> int:
    _simple(shift, 256, stated=True)
    return 256


_FAULTS: tuple[Callable[[Shift], int], ...] = (
    _stated, _told_by_words, _drop_by_drop, _beside_hard_work, _inside_a_loop, _at_the_line,
    _told_by_words)  # fmt: skip


def _uncounted(rows: tuple[Made, ...]) -> tuple[Made, ...]:
    return tuple(
        {**row, "tokens": {key: count for key, count in row["tokens"].items() if key != "reasoning"}}
        if row["type"] == "call" else row for row in rows
    )  # fmt: skip


def _untold(rows: tuple[Made, ...]) -> tuple[Made, ...]:
    gone = {"task", "system", "messages", "output", "prompt"}
    return tuple({key: value for key, value in row.items() if key not in gone} if row["type"] == "call" else row
                 for row in rows)  # fmt: skip


def positives(chance: Random) -> Iterator[tuple[Plant, Plant]]:
    """Yield traces whose simple work took at least 256 reasoning tokens."""
    for fault in turns(chance, _FAULTS):
        shift = Shift(chance)
        shift.around()
        figure = fault(shift)
        shift.around(0, 2)
        rows, name = shift.done(), fault.__name__.strip("_")
        less = chance.choice((_uncounted, _untold))
        yield (
            Plant(wording=name, rows=rows, answers=FAULTY, fault=str(figure)),
            Plant(wording=f"{name}, {less.__name__.strip('_')}", rows=less(rows), answers=UNTOLD),
        )


def _none_spent(shift: Shift) -> None:
    for _ in range(shift.chance.randint(2, 5)):
        _simple(shift, 0, stated=shift.chance.random() < 0.6)


def _just_under(shift: Shift) -> None:
    first = shift.chance.randrange(60, 200)
    for spent in (first, 255 - first):
        _simple(shift, spent, stated=shift.chance.random() < 0.6)


def _hard_work_stated(shift: Shift) -> None:
    for _ in range(shift.chance.randint(2, 4)):
        _hard(shift)


def _hard_work_by_words(shift: Shift) -> None:
    # The words speak of summaries and scores; the work is a judgement.
    _hard(shift, stated=False)
    _simple(shift, 0, stated=True)


def _told_twice(shift: Shift) -> None:
    # A client's own span below the instrumentation's: one call, seen twice.
    for _ in range(shift.chance.randint(1, 2)):
        row = _simple(shift, shift.chance.randrange(80, 127), stated=True)
        inner = {**row, "id": f"{row['id']}-sdk", "parent": row["id"]}
        shift.rows.append(inner)


def _stated_hard_worded_simple(shift: Shift) -> None:
    # The stated task wins over words that look like simple work.
    asked = _asked(shift, ("", "Summarise your view and decide.\n\n{s}"))
    shift.call(
        **asked, task="decision", output=shift.story(2), tokens=_tokens(shift, shift.chance.randrange(400, 5000))
    )


def _no_call(shift: Shift) -> None:
    shift.around(2, 5)


def _house_limit(shift: Shift) -> None:
    _simple(shift, shift.chance.randrange(300, 900), stated=True)


_LOOK_ALIKES: tuple[Callable[[Shift], None], ...] = (
    _none_spent, _just_under, _hard_work_stated, _hard_work_by_words, _told_twice, _stated_hard_worded_simple, _no_call,
    _house_limit)  # fmt: skip


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield traces that think where thinking is due, or hardly."""
    for look_alike in turns(chance, _LOOK_ALIKES):
        shift = Shift(chance)
        shift.around()
        look_alike(shift)
        if look_alike is not _no_call and chance.random() < 0.5:
            _hard(shift)
        shift.around(0, 2)
        policy = {"min_tokens": 1000} if look_alike is _house_limit else {}
        yield Plant(wording=look_alike.__name__.strip("_"), rows=shift.done(), answers=INNOCENT, policy=policy)
