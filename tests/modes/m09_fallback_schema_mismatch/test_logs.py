"""A plain log is judged by its lines: never inapplicable while it speaks of models."""

from io import BytesIO

import pytest

from afterbell.catalog import shelves
from afterbell.catalog.intake import trace_of
from afterbell.catalog.scan import ask, scan
from afterbell.formats.envelopes import text_log
from afterbell.formats.items import Context
from afterbell.model.casefile import CaseFile
from afterbell.model.trace import LogRecord, Span
from afterbell.model.vocabulary import Answer

FAULT = "ERROR LLM output is no JSON\n"
STAND_IN = "WARNING using the default signal\n"


def case_of(log: str) -> CaseFile:
    items = list(text_log.read(BytesIO(log.encode()), Context(name="run.log")))
    spans = [item for item in items if isinstance(item, Span)]
    return CaseFile(trace=trace_of(spans[0].trace_id, spans, [item for item in items if isinstance(item, LogRecord)]))


@pytest.mark.parametrize(("log", "answer"), [
    (f"{FAULT}{STAND_IN}INFO order placed\n", Answer.YES), (f"{FAULT}{STAND_IN}INFO more\n", Answer.UNKNOWN),
    (f"{FAULT}{STAND_IN}ERROR order rejected\n", Answer.NO), (f"{FAULT}INFO attempt 2 parsed\n", Answer.UNKNOWN),
    ("INFO asking the LLM\nINFO decision saved\n", Answer.UNKNOWN), ("INFO server started\nINFO done\n", Answer.NA),
])  # fmt: skip
def test_a_log(log: str, answer: Answer) -> None:
    said = ask(shelves.modes()[9], case_of(log))
    assert said.answer is answer
    assert bool(said.missing) is (answer is Answer.UNKNOWN)
    assert bool(said.evidence) is (answer is not Answer.NA)


def test_no_question_is_inapplicable_where_only_a_log_tells_of_models() -> None:
    said = {each.mode: each.suggestion.answer for each in scan(case_of("INFO asking the LLM\nINFO decision saved\n"))}
    assert said.pop("audit_amnesia") is Answer.YES
    assert set(said.values()) == {Answer.UNKNOWN}


def test_a_log_without_models_leaves_the_questions_inapplicable() -> None:
    assert {each.suggestion.answer for each in scan(case_of("INFO server started\nINFO done\n"))} == {Answer.NA}
