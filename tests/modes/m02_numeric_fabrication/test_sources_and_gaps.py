"""What counts as a source, what gaps make unknown, and the real sets, beside the worked examples."""

import json
import random
from decimal import Decimal

import pytest

from afterbell.catalog.cases import traces
from afterbell.model.casefile import CaseFile
from afterbell.model.vocabulary import Answer
from afterbell.modes.m02_numeric_fabrication import mode

FACT = "Free cash flow was $97.4 million in fiscal 2025."
CLAIM = "Free cash flow reached $97.4 million."


def row(kind, second, /, **more):
    return {"type": kind, "trace": "t", "id": f"{kind}{second}", "at": f"2026-01-05T14:00:{second:02d}Z",
            "until": f"2026-01-05T14:00:{second:02d}.5Z", "stage": "research", **more}  # fmt: skip


def call(second=20, output=CLAIM, messages="Judge the business.", **more):
    return row("call", second, model="model-a", messages=messages, output=output, **more)


def tool(second=5, **more):
    return row("tool", second, name="lookup", call_id=f"c{second}", arguments={"symbol": "SYNTHETIC_A"}, **more)


def asked(*rows, **knobs):
    return mode.detect(CaseFile(trace=next(iter(traces(rows).values())), knobs=knobs))


@pytest.mark.parametrize(
    "source",
    [
        row("retrieval", 1, documents=[{"id": "d", "title": "Report", "content": FACT}]),
        row("retrieval", 1, documents=[{"id": "d", "title": FACT, "content": "See the title."}]),
        tool(result=FACT),
        tool(result={"freeCashFlow": 97400000}),
        tool(result=[{"metric": "free cash flow", "value": "97.4", "unit": "USD millions"}]),
        call(2, "Noted.", [{"role": "system", "content": FACT}, {"role": "user", "content": "Read."}]),
        call(2, "Noted.", FACT),
        call(
            2, "Noted.", [{"role": "user", "content": "Read."}, {"role": "tool", "content": FACT, "tool_call_id": "x"}]
        ),
    ],
)
def test_each_kind_of_source_grounds(source):
    assert asked(source, call()).answer is Answer.NO


@pytest.mark.parametrize(
    "earlier",
    [
        (call(2, FACT, "What do you think?"), call()),
        (call(2, FACT, "What do you think?"), call(messages=[{"role": "user", "content": f"The analyst says:\n{FACT}\nDecide."}])),
        (call(2, FACT, "What?"), call(messages=[{"role": "user", "content": "What?"}, {"role": "assistant", "content": FACT}])),
        (call(2, FACT, "What do you think?"), tool(10, result=FACT), call()),
    ],
)  # fmt: skip
def test_what_a_model_wrote_is_no_source(earlier):
    said = asked(*earlier)
    assert said.answer is Answer.YES
    assert said.figures["ungrounded"] == 1


def test_a_source_stays_one_when_a_model_repeats_it():
    assert asked(tool(result=FACT), call(10, FACT), call(messages=FACT)).answer is Answer.NO


@pytest.mark.parametrize(
    ("gap", "word"),
    [
        (tool(), "lookup"),
        (tool(result="[REDACTED]"), "lookup"),
        (row("retrieval", 1, documents=[{"id": "d7", "title": "Report"}]), "d7"),
        (row("span", 1, name="search", **{"gen_ai.operation.name": "retrieval"}), "retrieval"),
        (row("call", 2, model="model-a", output="Noted."), "prompt"),
    ],
)
def test_a_source_that_is_gone_is_unknown(gap, word):
    said = asked(gap, call())
    assert said.answer is Answer.UNKNOWN
    assert any(word in each for each in said.missing)


@pytest.mark.parametrize("held", [tool(result=""), tool(result=[]), tool(error={"type": "Timeout", "message": "none"})])
def test_an_empty_result_or_an_error_was_captured(held):
    assert asked(held, call()).answer is Answer.YES


def test_a_gap_in_another_stage_does_not_matter():
    assert asked(tool(stage="execution"), call()).answer is Answer.YES


def test_a_gap_does_not_matter_when_every_figure_is_grounded():
    assert asked(tool(result=FACT), tool(7), call()).answer is Answer.NO


def test_each_figure_is_listed_once_with_its_nearest_source():
    said = asked(tool(result="Cash was $95.0 million."), call(10, CLAIM), call(20, f"Again: {CLAIM}"))
    assert said.figures["ungrounded"] == 1
    assert said.figures["total"] == 2
    assert said.figures["figures"][0]["nearest"] == "$95.0 million"
    assert said.evidence[0].excerpt == "$97.4 million"


def test_some_may_be_allowed():
    assert asked(tool(result="Cash was $95.0 million."), call(), allowed=1).answer is Answer.NO


@pytest.mark.shared_data
def test_gold_answers_of_tatqa_are_grounded_and_changed_digits_are_not(shared_data):
    contexts = json.loads((shared_data / "tatqa" / "tatqa_dataset_dev.json").read_text("utf-8"))
    chance = random.Random(7)  # noqa: S311 - a reproducible choice of digits
    grounded, caught, golds, changed = 0, 0, 0, 0
    for context in contexts[::5]:
        table = "\n".join("| " + " | ".join(cells) + " |" for cells in context["table"]["table"])
        body = table + "\n\n" + "\n\n".join(each["text"] for each in context["paragraphs"])
        for question in context["questions"]:
            value = Decimal(str(question["answer"])) if question["answer_type"] == "arithmetic" else None
            if not value or question["derivation"].count("(") > 1 or "*" in question["derivation"]:
                continue
            golds += 1
            grounded += _answer(body, question, value) is Answer.NO
            digits = str(value)
            place = chance.choice([at for at, each in enumerate(digits) if each.isdigit()])
            other = chance.choice([each for each in "123456789" if each != digits[place]])
            if len(digits.strip("-0.").replace(".", "")) > 3:
                changed += 1
                caught += _answer(body, question, Decimal(digits[:place] + other + digits[place + 1 :])) is Answer.YES
    assert grounded >= 0.96 * golds > 50
    assert caught >= 0.96 * changed > 30


def _answer(body, question, value):
    unit = {"percent": "%", "": ""}.get(question["scale"], f" {question['scale']}")
    return asked(
        row("retrieval", 1, documents=[{"id": "d", "title": "Report", "content": body}]),
        call(20, f"{value:,f}{unit}", question["question"]),
    ).answer
