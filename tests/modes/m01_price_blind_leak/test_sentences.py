"""Free wordings of prices, moves and positions leak; the same words about a business do not."""

import pytest
from tests.modes.m01_price_blind_leak.sentences import LEAKS, PLAIN

from afterbell.catalog.cases import traces
from afterbell.catalog.scan import ask
from afterbell.catalog.shelves import modes
from afterbell.model.casefile import CaseFile
from afterbell.model.vocabulary import Answer


def answered(sentence):
    (trace,) = traces([{
        "type": "call", "trace": "t", "id": "c", "at": "2026-01-05T09:00:00Z", "until": "2026-01-05T09:00:05Z",
        "model": "m", "stage": "research", "system": "You research SYNTHETIC_A from its filings. Answer in JSON.",
        "messages": f"Here is what we know.\n{sentence}\nWrite the thesis.", "output": "ok",
    }]).values()  # fmt: skip
    return ask(modes()[1], CaseFile(trace=trace)).answer


@pytest.mark.parametrize("sentence", LEAKS.splitlines())
def test_leaks(sentence):
    assert answered(sentence) is Answer.YES


@pytest.mark.parametrize("sentence", PLAIN.splitlines())
def test_plain(sentence):
    assert answered(sentence) is not Answer.YES
