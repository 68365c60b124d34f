"""TAT-QA: gold answers that a table and its text support, and the same answers with a digit or the scale changed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from afterbell.model.vocabulary import Answer
from real import Figure
from real._asking import ask_rows, at_least

_GOAL = 0.97
_TELLING_DIGITS = 3  # a change of a digit in a short number often makes another number of the table
_THOUSAND = Decimal(1000)
_SCALED = {"thousand", "million", "billion"}


def measure(folder: Path) -> Iterator[Figure]:
    """Yield how many gold answers are grounded, and how many changed ones are caught."""
    chance = random.Random(7)  # noqa: S311 - a reproducible choice of digits
    grounded, digits, scales = [], [], []
    for body, question, value in _golds(folder):
        grounded.append(_said("numeric_fabrication", body, question, value) is Answer.NO)
        other = _other_digit(value, chance)
        if len(str(value).strip("-0.").replace(".", "")) > _TELLING_DIGITS:
            digits.append(_said("numeric_fabrication", body, question, other) is Answer.YES)
        if question["scale"] in _SCALED:
            wrong = value * _THOUSAND
            scales.append(any(_said(slug, body, question, wrong) is Answer.YES
                              for slug in ("unit_or_gaap_confusion", "numeric_fabrication")))  # fmt: skip
    for asked, right in (
        ("numeric_fabrication: no on derived gold answers", grounded),
        ("numeric_fabrication: yes where a digit was changed", digits),
        ("unit_or_gaap_confusion or numeric_fabrication: yes where the answer is a thousand times too large", scales),
    ):
        yield at_least(asked, _GOAL, sum(right), len(right), folder.name)


def _golds(folder: Path) -> Iterator[tuple[str, Mapping[str, Any], Decimal]]:
    """Yield context, question and answer where the answer is one step from the table: no products, no chains."""
    for context in json.loads((folder / "tatqa_dataset_dev.json").read_text("utf-8")):
        table = "\n".join("| " + " | ".join(cells) + " |" for cells in context["table"]["table"])
        body = table + "\n\n" + "\n\n".join(each["text"] for each in context["paragraphs"])
        for question in context["questions"]:
            value = Decimal(str(question["answer"])) if question["answer_type"] == "arithmetic" else None
            if value and question["derivation"].count("(") <= 1 and "*" not in question["derivation"]:
                yield body, question, value


def _other_digit(value: Decimal, chance: random.Random) -> Decimal:
    digits = str(value)
    place = chance.choice([at for at, each in enumerate(digits) if each.isdigit()])
    other = chance.choice([each for each in "123456789" if each != digits[place]])
    return Decimal(digits[:place] + other + digits[place + 1 :])


def _said(slug: str, body: str, question: Mapping[str, Any], value: Decimal) -> Answer:
    unit = {"percent": "%", "": ""}.get(question["scale"], f" {question['scale']}")
    return ask_rows(
        slug,
        {"type": "retrieval", "documents": [{"id": "d", "title": "Report", "content": body}]},
        {"type": "call", "model": "m", "messages": question["question"], "output": f"{value:,f}{unit}"},
    ).answer
