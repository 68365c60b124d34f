"""A long output is read to its end, beside the worked examples."""

from afterbell.catalog import cases
from afterbell.model.case import Case
from afterbell.model.vocabulary import Answer
from afterbell.modes.m12_restatement_blindness import mode
from afterbell.modes.m12_restatement_blindness.cases import CASES


def test_the_last_of_many_figures_is_judged_like_the_first():
    first = CASES[0]
    parts = " ".join(f"Part {number} of the plan has revenue of ${number + 20} million." for number in range(700))
    rows = tuple({**row, "output": f"{parts} {row['output']}"} if row["type"] == "call" else row for row in first.given)
    case = Case(name=first.name, answer=first.answer, teaches="", given=rows, books=first.books)
    said = mode.detect(cases.casefile(case, mode.SLUG))
    assert said.answer is Answer.YES
    assert said.evidence[0].excerpt == "$1.2 billion"
