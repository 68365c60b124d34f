"""Worked examples of the thinking token tax."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_HEADLINE = "SYNTHETIC_A names a new finance chief as of March."


def _call(number: int, reasoning: int | None, **more: Any) -> Row:
    counted = {"input": 400, "output": 900}
    if reasoning is not None:
        counted["reasoning"] = reasoning
    return {"type": "call", "trace": "t", "id": f"c{number}", "at": f"2026-01-05T14:{number:02d}:01Z",
            "until": f"2026-01-05T14:{number:02d}:09Z", "model": "model-r", "messages": _HEADLINE, "output": "neutral",
            "tokens": counted, **more}  # fmt: skip


CASES = (
    Case(
        name="a stated classification",
        answer=Answer.YES,
        teaches="The type of the task stands on the call; 700 tokens of thought went into one label.",
        given=(_call(1, 700, task="classification"),),
        excerpt="700",
        figures={"reasoning_tokens": 700, "limit": 256},
    ),
    Case(
        name="told from the prompt",
        answer=Answer.YES,
        teaches="Nobody stated a type, but the order in the prompt is to classify a headline.",
        given=(
            _call(1, 300, system="You are a helpful assistant.",
                  messages=f"Classify the headline as positive, negative or neutral.\n\nHeadline: {_HEADLINE}"),
        ),
        excerpt="Classify the headline",
    ),
    Case(
        name="many small sums",
        answer=Answer.YES,
        teaches="No call is dear; eight headlines at 32 tokens make 256, the limit exactly.",
        given=tuple(_call(number, 32, task="sentiment") for number in range(1, 9)),
        figures={"reasoning_tokens": 256, "simple_calls": 8},
    ),
    Case(
        name="one report is enough",
        answer=Answer.YES,
        teaches="A call that reports nothing can only add to what another one reports.",
        given=(_call(1, 4000, task="extraction"), _call(2, None, task="extraction")),
        excerpt="4000",
    ),
    Case(
        name="the span above states the task",
        answer=Answer.YES,
        teaches="The type stands on the agent's span and holds for the calls below it.",
        given=(
            {"type": "span", "trace": "t", "id": "agent", "name": "summarise filings", "kind": "agent",
             "at": "2026-01-05T14:00:00Z", "until": "2026-01-05T14:20:00Z", "trading.task.type": "Summarization"},
            _call(1, 512, parent="agent"),
        ),
        figures={"by_task": {"summary": 512}},
    ),
    Case(
        name="two spans of one call",
        answer=Answer.NO,
        teaches="The SDK's own span repeats the figure of the call around it; 200 is counted once.",
        given=(
            _call(1, 200, task="classification", response_id="r-1"),
            _call(1, 200, task="classification", response_id="r-1", id="c1-sdk", parent="c1"),
        ),
        figures={"reasoning_tokens": 200},
    ),
    Case(
        name="thinking about a valuation",
        answer=Answer.NO,
        teaches="A task that needs judgement may think.",
        given=(_call(1, 9000, task="valuation"), _call(2, 0, task="extraction")),
    ),
    Case(
        name="a research prompt that ends in a summary",
        answer=Answer.NO,
        teaches="The order is to analyse; the summary at its end is how to hand it in.",
        given=(
            _call(1, 5000, messages="Analyse the competitive position of SYNTHETIC_A. Decide whether the thesis still"
                                    " holds. Summarise your reasoning in five points."),
        ),
    ),
    Case(
        name="zero reported",
        answer=Answer.NO,
        teaches="A reported zero is an answer.",
        given=(_call(1, 0, task="summary"), _call(2, 0, messages=_HEADLINE)),
        figures={"reasoning_tokens": 0},
    ),
    Case(
        name="just below the limit",
        answer=Answer.NO,
        teaches="255 tokens are under the limit of 256.",
        given=(_call(1, 255, task="sentiment"),),
    ),
    Case(
        name="too little to matter whatever the task",
        answer=Answer.NO,
        teaches="Nobody can tell the task, but all reasoning together is below the limit.",
        given=(_call(1, 40), _call(2, 60, task="summary")),
    ),
    Case(
        name="no model call",
        answer=Answer.NA,
        teaches="Where no model was called none has thought.",
        given=({"type": "run", "trace": "t", "id": "run", "at": "2026-01-05T14:00:00Z",
                "until": "2026-01-05T14:01:00Z"},),
    ),
    Case(
        name="not reported",
        answer=Answer.UNKNOWN,
        teaches="A missing figure is not zero.",
        given=(_call(1, None, task="classification"), _call(2, 10, task="classification")),
    ),
    Case(
        name="task not tellable",
        answer=Answer.UNKNOWN,
        teaches="Reasoning was spent, and nothing says on what.",
        given=(_call(1, 3000),),
    ),
    Case(
        name="a failed call reports nothing and misses nothing",
        answer=Answer.NO,
        teaches="A call that failed has no usage; its retry reports zero.",
        given=(
            {**{key: value for key, value in _call(1, None, task="summary").items() if key not in {"tokens", "output"}},
             "error": {"type": "TimeoutError", "message": "timed out"}},
            _call(2, 0, task="summary"),
        ),
    ),
)  # fmt: skip
