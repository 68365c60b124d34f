"""Where items are read, what counts as one appearance, and what an output must say, beside the worked examples."""

import orjson
import pytest

from afterbell.catalog.cases import traces
from afterbell.model.casefile import CaseFile
from afterbell.model.vocabulary import Answer
from afterbell.modes.m14_dedup_failure import mode

STORY = "SYNTHETIC_A said on Monday that first quarter revenue rose 12 percent to 340 million dollars, above guidance."
OTHERS = (
    "The central bank left its rate unchanged and expects inflation to return to target next year, it said.",
    "Workers at the largest plant voted to accept a three year contract with a raise in each of the years.",
)


def document(text, site, **more):
    return {"title": f"From {site} of today", "content": text, "url": f"https://{site}.example/a", **more}


COPIES = [document(STORY, site) for site in ("one", "two", "three", "four")]


def row(kind, number, /, **more):
    return {"type": kind, "trace": "t", "id": f"{kind}{number}", "at": f"2026-01-05T14:{number:02d}:00Z",
            "until": f"2026-01-05T14:{number:02d}:30Z", **more}  # fmt: skip


def asked(*rows, **knobs):
    return mode.detect(CaseFile(trace=next(iter(traces(rows).values())), knobs=knobs))


def test_a_retriever_under_its_tool_counts_once():
    result = orjson.dumps(COPIES[:1] + [document(text, "x") for text in OTHERS]).decode()
    tool = row("tool", 1, name="search_news", call_id="c1", arguments={}, result=result)
    inner = row("retrieval", 1, parent="tool1", documents=orjson.loads(result))
    wrapped = row("retrieval", 1, id="outer", documents=orjson.loads(result))
    assert asked(tool, inner).figures["items"] == 3
    assert asked(wrapped, {**inner, "parent": "outer"}).figures["items"] == 3


def test_evidence_shows_the_copies_side_by_side():
    said = asked(row("retrieval", 1, documents=COPIES))
    assert said.answer is Answer.YES
    assert {proof.excerpt for proof in said.evidence} == {STORY[:160]}
    assert [proof.field for proof in said.evidence] == [
        f"gen_ai.retrieval.documents[{number}].content" for number in range(4)
    ]
    assert said.figures["stories"] == [{"story": "From one of today", "copies": 4}]


def test_evidence_in_a_tool_result_is_a_piece_of_it():
    result = orjson.dumps({"articles": COPIES}).decode()
    said = asked(row("tool", 1, name="search_news", call_id="c", arguments={}, result=result))
    assert said.answer is Answer.YES
    assert all(result[proof.start : proof.end] == proof.excerpt != "" for proof in said.evidence)


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        ("These are copies of one wire story, counted once.", Answer.NO),
        ("I treat the four articles as a single source.", Answer.NO),
        ("Duplicates were removed before weighing the news.", Answer.NO),
        ("The reports were deduplicated first.", Answer.NO),
        ("Since each article repeats the report, this is one independent source and not several.", Answer.NO),
        ("After removing duplicates, one story is left.", Answer.NO),
        ("The articles are not independent: each reprints the agency's note.", Answer.NO),
        ("Only one of these reports is original; the rest are syndicated.", Answer.NO),
        ("All four articles trace back to one press release.", Answer.NO),
        ("The number of distinct sources is one.", Answer.NO),
        ("The four reports could not be deduplicated.", Answer.YES),
        ("By every report this is one source of growth and not several.", Answer.YES),
        ("The report says that sales were not independent of the weather.", Answer.YES),
        ("The number of sources that agree is four.", Answer.YES),
        ("The news is out; the rest are rumours.", Answer.YES),
        ("SYNTHETIC_A is considered as one of the best of the sources.", Answer.YES),
        ("Four independent reports confirm the beat.", Answer.YES),
        ("The stock was counted out once by the market.", Answer.YES),
    ],
)
def test_what_an_output_must_say(output, answer):
    prompt = "\n".join(each["content"] for each in COPIES)
    assert asked(row("retrieval", 1, documents=COPIES), row("call", 2, messages=prompt, output=output)).answer is answer


def test_copies_in_the_prompt_are_copies():
    four = "\n\n".join(each["content"] for each in COPIES)
    assert (
        asked(row("retrieval", 1, documents=COPIES), row("call", 2, messages=four, output="Buy.")).answer is Answer.YES
    )
    once = asked(row("retrieval", 1, documents=COPIES), row("call", 2, messages=STORY, output="Buy."))
    assert (once.answer, once.figures["in_prompt"]) == (Answer.NO, 1)


def test_a_prompt_that_was_not_kept_clears_nothing():
    call = row("call", 2, model="m")
    assert asked(row("retrieval", 1, documents=COPIES), call).answer is Answer.YES


def test_each_analyst_reads_the_story_once_in_its_own_prompt():
    pasted = "\n\n".join(f"### {each['title']} (source: Wire)\n\n{each['content']}" for each in
                         (COPIES[0], document(OTHERS[0], "x"), document(OTHERS[1], "y")))  # fmt: skip
    calls = [row("call", number, messages=f"Analyst {number}.\n\n{pasted}", output="Ok.") for number in range(1, 6)]
    said = asked(*calls)
    assert (said.answer, said.figures["items"]) == (Answer.NO, 3)


def test_missing_documents_decide_only_when_they_could():
    blind = [{"id": f"d{number}", "score": 0.5} for number in range(4)]
    rest = [document(text, f"s{number}") for number, text in enumerate((STORY, *OTHERS))]
    assert asked(row("retrieval", 1, documents=[*COPIES, *COPIES, *COPIES, *blind])).answer is Answer.YES
    said = asked(row("retrieval", 1, documents=[*rest, *blind]))
    assert said.answer is Answer.UNKNOWN
    assert said.missing == ("text, headline or address of 4 retrieved documents",)
    assert asked(row("retrieval", 1, documents=[*rest, *blind[:1]])).answer is Answer.NO


def test_a_search_that_found_nothing_and_one_that_kept_nothing():
    assert asked(row("retrieval", 1, documents=[]), row("call", 2, messages="Go.")).answer is Answer.NA
    silent = row("span", 1, name="retriever", kind="retriever")
    assert asked(silent, row("call", 2, messages="Go.")).answer is Answer.UNKNOWN


def test_the_knobs_move_the_lines():
    rows = (row("retrieval", 1, documents=[*COPIES[:2], document(OTHERS[0], "x")]),)
    assert asked(*rows).answer is Answer.NO
    assert asked(*rows, limit=1.2).answer is Answer.YES
    assert asked(*rows, copies=2).answer is Answer.YES


def test_exact_repeats_can_be_switched_off():
    stories = [document(f"Story {number} {text}", f"s{number}") for number, text in enumerate((STORY, *OTHERS) * 2)]
    unlike = [
        "Shipping costs on the northern route fell for a fourth week as new vessels entered service there.",
        "A court dismissed the claim of a former supplier against the maker of sensors for want of evidence.",
        "Copper stocks in warehouses rose to the highest since March while demand from builders stayed weak.",
    ]
    more = [document(text, f"u{number}") for number, text in enumerate(unlike)]
    first = [*stories[:3], *more]
    rows = (row("retrieval", 1, documents=first), row("retrieval", 2, documents=first[:5]))
    assert asked(*rows).answer is Answer.YES
    assert asked(*rows, repeats=0).answer is Answer.NO
    prompt = "\n\n".join(each["content"] for each in [*first, *first[:5]])
    assert asked(*rows, row("call", 3, messages=prompt, output="Ok.")).answer is Answer.YES, "the prompt holds them too"


@pytest.mark.parametrize(
    ("result", "items"),
    [
        (orjson.dumps([f"Headline number {number} of the day" for number in range(3)]).decode(), 3),
        ("- SYNTHETIC_A raises its outlook again\n- SYNTHETIC_A raises its outlook again\n- Rates stay as they are", 3),
        (f"{STORY}\n---\n{STORY}\n---\n{OTHERS[0]}", 3),
        (STORY + " " + OTHERS[0], 1),
    ],
)
def test_what_a_news_tool_prints_in_plain_text(result, items):
    said = asked(row("tool", 1, name="get_news", call_id="c", arguments={}, result=result))
    assert said.figures["items"] == items
    assert asked(row("tool", 1, name="get_quote", call_id="c", arguments={}, result=result)).answer is Answer.NA


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("get_news", True),
        ("getNewsArticles", True),
        ("web_search", True),
        ("fetch_filing", True),
        ("get_price_history", False),
        ("research_notes", False),
        ("give_feedback", False),
        ("compress_prompt", False),
    ],
)
def test_only_a_tool_for_documents_is_missed_when_its_result_is(name, reads):
    said = asked(row("tool", 1, name=name, call_id="c", arguments={}), row("call", 2, messages="Go."))
    assert said.answer is (Answer.UNKNOWN if reads else Answer.NA)


def test_equal_notices_that_nothing_was_found_are_no_copies():
    notice = "No news articles were found for the symbol SYNTHETIC_A in the period that you asked for, please try another one."
    rows = [
        row("tool", number, name="get_news", call_id=f"c{number}", arguments={}, result=notice) for number in range(4)
    ]
    assert asked(*rows).answer is Answer.NA


def test_one_page_fetched_again_is_no_second_witness():
    text = f"{STORY} {OTHERS[0]}"
    rows = [
        row("tool", number, name="get_filing", call_id=f"c{number}", arguments={}, result=text) for number in range(6)
    ]
    assert asked(*rows).answer is Answer.NO
    listed = orjson.dumps([COPIES[0], document(OTHERS[0], "x")]).decode()
    rows = [
        row("tool", number, name="search", call_id=f"c{number}", arguments={}, result=listed) for number in range(6)
    ]
    assert asked(*rows).answer is Answer.YES


def test_a_result_that_returns_as_a_message_without_id_is_read_once():
    listed = orjson.dumps([COPIES[0], document(OTHERS[0], "x")]).decode()
    step = row("tool", 1, name="search", arguments={"q": "x"}, result=listed)
    call = row("call", 2, messages=[{"role": "tool", "content": listed}], output="Ok.")
    assert asked(step, call).figures["items"] == 2
    assert asked(call).figures["items"] == 2, "and it is read where the message is all there is"


@pytest.mark.parametrize("field", ["content", "title"])
def test_masked_documents_are_no_stories_of_their_own(field):
    masked = [{"id": f"d{number}", field: "[REDACTED]"} for number in range(4)]
    assert asked(row("retrieval", 1, documents=masked), row("call", 2, model="m")).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ({"model": "m"}, Answer.UNKNOWN),
        ({"model": "m", "messages": "[REDACTED]", "output": "Hold."}, Answer.UNKNOWN),
        ({"model": "m", "messages": "How is the weather?", "output": "Fine."}, Answer.NA),
        ({"model": "m", "messages": "How is the weather?"}, Answer.NA),
    ],
)
def test_a_run_without_documents_is_judged_by_its_prompts(call, answer):
    assert asked(row("call", 1, **call)).answer is answer
