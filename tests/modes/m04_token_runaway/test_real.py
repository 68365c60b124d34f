"""On real traces with a token target that their own tool states: yes on those above twice the target, and no others."""

import json
from io import BytesIO

import pytest

from afterbell.catalog.intake import trace_of
from afterbell.formats.envelopes import langsmith_export
from afterbell.formats.items import Context
from afterbell.model.casefile import CaseFile
from afterbell.model.policy import Limits, Policy
from afterbell.model.trace import Span
from afterbell.model.vocabulary import Answer
from afterbell.modes.m04_token_runaway import mode

pytestmark = pytest.mark.shared_data


def test_the_traces_above_twice_their_target(shared_data):
    folder = shared_data / "tradingagents_langsmith_traces"
    rows = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()]
    told = {}
    for row in rows:
        items = langsmith_export.read(
            BytesIO((folder / row["file"]).read_bytes()), Context(name=row["file"], position=1)
        )
        spans = [item for item in items if isinstance(item, Span)]
        policy = Policy(limits=Limits(tokens_planned=row["target_tokens"]))
        told[row["file"]] = mode.detect(CaseFile(trace=trace_of(spans[0].trace_id, spans, ()), policy=policy)).answer
    assert told == {row["file"]: Answer.YES if row["over_2x"] else Answer.NO for row in rows}
