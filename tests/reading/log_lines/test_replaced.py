"""What logs say of answers that failed the parser: replaced by a default that was accepted, refused, or mended."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reading.log_lines import wordings

from afterbell.catalog.intake import trace_of
from afterbell.formats.envelopes import text_log
from afterbell.formats.items import Context
from afterbell.model.trace import LogRecord, Span
from afterbell.reading.log_lines.replaced import Replaced, replaced
from afterbell.reading.log_lines.speaking import speaking

ACCEPTED = {
    "logger names": """\
2026-02-03 09:30:09 - agents.decider - ERROR - attempt 1 of 3: no JSON: Expecting value: line 1 column 1 (char 0)
2026-02-03 09:30:14 - agents.decider - ERROR - attempt 3 of 3: no JSON
2026-02-03 09:30:14 - agents.decider - INFO - Default decision: hold
2026-02-03 09:30:14 - store - INFO - run saved, status COMPLETED
""",
    "pydantic": """\
INFO asking gpt-5 for a decision on SYNTHETIC_A
ERROR 2 validation errors for PortfolioDecision
quantity
  Input should be a valid integer
WARNING falling back to neutral for SYNTHETIC_A
INFO decision stored: SYNTHETIC_A neutral 0
""",
    "langchain": """\
WARNING LLM retry 1/2 failed
ERROR OutputParserException: Could not parse LLM output: `I would rather wait.`
INFO analyst_agent: returning default signal
INFO cycle finished
""",
    "shown after it was kept": """\
WARNING: model output is not valid JSON, giving up after 3 tries
INFO: order submitted for SYNTHETIC_B
INFO: report follows
INFO: reasoning = Default action, no answer of the model
""",
    "taken as it was": """\
INFO: POST https://llm.example.org/v1/chat/completions 200
ERROR: response of the model does not match the schema (action missing)
WARNING: proceeding anyway with partial answer
INFO: order placed: buy 10 SYNTHETIC_A
""",
    "filled holes": """\
INFO: fallback model claude-small answered
WARNING: decision failed schema validation: missing required keys stop, target
INFO: missing keys set to 0
INFO: result: success
""",
    "chinese": """\
INFO 调用大模型 第 3 次
ERROR 模型输出解析失败
INFO 使用默认决策: 持有
INFO 会话已完成
""",
    "a try of another agent": """\
ERROR news_agent: failed to parse the answer of the LLM
INFO risk_agent: attempt 2 parsed
INFO news_agent: using default signal
INFO status=done
""",
    "prose instead of json": """\
INFO trader: completion received (412 tokens)
ERROR trader: reply was not JSON: "The stock looks fine to me, so I would wait."
INFO trader: treated as HOLD
INFO trader: decision recorded
""",
    "a stub": """\
DEBUG deepseek-chat answered in 2.1 s
ERROR could not decode the completion: Unterminated string
WARNING substituted a placeholder for the completion
INFO pipeline completed in 14 s
""",
}  # fmt: skip

OTHERWISE = {
    "mended": """\
ERROR LLM attempt 1: invalid json output
INFO LLM attempt 2: parsed successfully
INFO Default decision window is 5 minutes
INFO order submitted
""",
    "mended, then a default of a setting": """\
WARNING model answer was not valid JSON, asking again
INFO retry gave a valid answer
INFO using default timeout 30 s
INFO status: COMPLETED
""",
    "setting": """\
ERROR failed to parse config.yaml: missing key llm.model
INFO using default model gpt-5
INFO run completed
""",
    "default of a setting": """\
ERROR LLM output could not be parsed
INFO using default value 30 for timeout
ERROR run stopped
""",
    "price data": """\
INFO calling the LLM
ERROR quote feed: JSONDecodeError: Expecting value in response
INFO falling back to previous close
INFO order placed
""",
    "broker": """\
INFO the model answered: buy
ERROR could not parse the broker response: Expecting value: line 1 column 1 (char 0)
INFO using cached positions
INFO status: COMPLETED
""",
    "refused": """\
ERROR completion failed schema validation
WARNING default decision hold not accepted: run aborted
INFO no order was sent
""",
    "refused later": """\
ERROR could not parse LLM output
INFO using default signal
ERROR risk gate: decision rejected, a default is no answer
INFO status: FAILED
""",
    "nothing told": """\
ERROR could not parse LLM output
INFO using default signal
""",
    "default without a fault": """\
INFO gpt-5 answered: hold
INFO Default decision horizon: 5 days
INFO status: COMPLETED
""",
    "reasoned hold": """\
INFO model answered {"action": "hold"}
INFO validation passed
INFO decision saved
""",
    "fault without a default": """\
ERROR LLM output is not valid JSON
ERROR giving up
INFO status: FAILED
""",
    "a fallback that parsed": """\
ERROR primary model failed: 529 overloaded
INFO falling back to fallback model claude-small
INFO schema ok
INFO order placed
""",
}  # fmt: skip


def told(text: str) -> tuple[Replaced, ...]:
    items = list(text_log.read(BytesIO(text.encode()), Context(name="run.log")))
    spans = [item for item in items if isinstance(item, Span)]
    logs = [item for item in items if isinstance(item, LogRecord)]
    trace = trace_of(spans[0].trace_id, spans, logs)
    bodies = {f"log:{log.event_name}.body": log.body for log in logs}
    found = replaced(trace)
    for each in found:
        for proof in (each.fault, each.stood_in, each.accepted, each.refused):
            assert proof is None or bodies[proof.field][proof.start : proof.end] == proof.excerpt != ""
    return found


@pytest.mark.parametrize("text", [*ACCEPTED.values(), *wordings.ACCEPTED])
def test_a_default_that_was_accepted(text: str) -> None:
    assert any(each.accepted for each in told(text))


@pytest.mark.parametrize("text", [*OTHERWISE.values(), *wordings.OTHERWISE])
def test_no_default_was_accepted(text: str) -> None:
    assert not any(each.accepted for each in told(text))


@pytest.mark.parametrize("name", ["refused", "refused later"])
def test_refused(name: str) -> None:
    assert [each.refused is not None for each in told(OTHERWISE[name])] == [True]


@pytest.mark.parametrize(("line", "speaks"), [
    ("INFO HTTP Request: POST https://llm.example.org/v1/chat/completions", True),
    ("INFO prompt_tokens=812 completion_tokens=90", True), ("INFO Agent: news | Signal: bearish", True),
    ("10:42:48 [Reasoning] the margin grew", True), ("Error in LLM call after 3 attempts", True),
    ("INFO model gpt-5-mini answered", True), ("INFO 调用大模型", True), ("INFO trader_agent decided: hold", True),
    ("INFO Uvicorn running on port 8000", False), ("INFO LLM disabled, rules only", False),
    ("INFO GET /flows/ HTTP/1.1 200 OK", False), ("INFO user-agent: browser", False),
    ("WARNING no LLM was used in this run", False), ("INFO new model year of SYNTHETIC_A cars", False),
    ("INFO datadog agent started", False),
])  # fmt: skip
def test_speaking(line: str, speaks: bool) -> None:
    items = list(text_log.read(BytesIO(f"{line}\n".encode()), Context(name="run.log")))
    logs = [item for item in items if isinstance(item, LogRecord)]
    assert (speaking(trace_of(logs[0].trace_id, [], logs)) is not None) is speaks


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    if text.strip():
        items = list(text_log.read(BytesIO(text.encode("utf-8", "replace")), Context(name="x.log")))
        spans = [item for item in items if isinstance(item, Span)]
        if spans:
            replaced(trace_of(spans[0].trace_id, spans, [item for item in items if isinstance(item, LogRecord)]))
