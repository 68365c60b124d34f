"""Worked examples of prompt drift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_RULES = (
    "You are a cautious equity analyst. Read the filing and the news of SYNTHETIC_A. Risk at most one percent of the"
    " account on a trade. Answer in JSON with action, confidence from 0 to 1 and reason."
)
_BOLDER = _RULES.replace("cautious", "bold").replace("at most one percent", "what the setup deserves")
_RENDERED = (
    "You are a trading analyst. Today is 2026-01-05 09:31 UTC. SYNTHETIC_A trades at 41.20 (-1.3 %), RSI 44."
    " Open positions: [120, 85.5]. Rate the setup with a confidence from 0 to 1."
)
_RENDERED_LATER = (
    "You are a trading analyst.  Today is 6 Jan 2026 15:02:11 UTC.\nSYNTHETIC_A trades at 1,039.75 (+0.4 %), RSI 61.9."
    " Open positions: [120, 85.5, 40, 7]. Rate the setup with a confidence from 0 to 1."
)
_NEWS = {
    "type": "function",
    "function": {
        "name": "get_news",
        "description": "Headlines of a security.",
        "parameters": {
            "type": "object",
            "properties": {"symbol": {"type": "string"}, "days": {"type": "integer", "enum": [1, 7, 30]}},
            "required": ["symbol"],
        },
    },
}
_NEWS_REORDERED = {
    "function": {
        "parameters": {
            "required": ["symbol"],
            "properties": {"days": {"enum": [30, 7, 1], "type": "integer"}, "symbol": {"type": "string"}},
            "type": "object",
        },
        "description": "Headlines  of a security.",
        "name": "get_news",
    },
    "type": "function",
}
_NEWS_WIDER = {
    "type": "function",
    "function": {
        **_NEWS["function"],  # type: ignore[dict-item]
        "parameters": {
            "type": "object",
            "properties": {"symbol": {"type": "string"}, "days": {"type": "integer", "enum": [1, 7, 30, 90]}},
            "required": ["days", "symbol"],
        },
    },
}
_DOCUMENTED = {
    "symbol": {"type": "string", "description": "The ticker as the exchange writes it, without a suffix."},
    "days": {"type": "integer", "enum": [1, 7, 30], "description": "How many days to look back from now."},
}


def _news(properties: Mapping[str, Any]) -> Row:
    schema = {"type": "object", "properties": properties, "required": ["symbol"]}
    return {"name": "get_news", "description": "Headlines of a security.", "input_schema": schema}


_HASH, _OTHER_HASH = "1f" * 32, "2e" * 32


def _call(trace: str, system: str | None = _RULES, **more: Any) -> dict[str, Any]:
    told = {} if system is None else {"system": system}
    return {"type": "call", "trace": trace, "id": f"{trace}-call", "parent": f"{trace}-stage", "agent": "analyst",
            "at": f"2026-01-05T{_HOURS[trace]}:00:02Z", "until": f"2026-01-05T{_HOURS[trace]}:00:09Z",
            "model": "model-a", "answered": "model-a-2026-01-01", "messages": "Begin.", "output": "Done.",
            **told, **more}  # fmt: skip


_HOURS = {"research": "09", "execution": "15", "third": "16"}


def _stage(trace: str, kind: str, idea: str | None = "I-1", **more: Any) -> Row:
    named = {} if idea is None else {"idea": idea}
    return {"type": kind, "trace": trace, "id": f"{trace}-stage", "at": f"2026-01-05T{_HOURS[trace]}:00:01Z",
            "until": f"2026-01-05T{_HOURS[trace]}:05:00Z", **named, **more}  # fmt: skip


def _two(research: Row, execution: Row, **decision: Any) -> tuple[Row, ...]:
    return (
        _stage("research", "research"), research,
        _stage("execution", "decision", **{"action": "buy", "symbol": "SYNTHETIC_A", **decision}), execution,
    )  # fmt: skip


def _named(version: str, **more: Any) -> Mapping[str, Any]:
    return {"prompt": {"name": "thesis", "version": version}, **more}


CASES = (
    Case(
        name="a rule changed between the runs",
        answer=Answer.YES,
        teaches="The analyst researched under one rule and executed under another.",
        given=_two(_call("research"), _call("execution", _BOLDER)),
        trace="execution",
        excerpt="bold equity analyst",
        figures={"changed": ["prompt"]},
    ),
    Case(
        name="a version bumped between the runs",
        answer=Answer.YES,
        teaches="Under one prompt name the recorded version differs: drift, even where no text was kept.",
        given=_two(
            {**_call("research", None), "messages": None, "output": None, **_named("7")},
            {**_call("execution", None), "messages": None, "output": None, **_named("8")},
        ),
        trace="execution",
        excerpt="8",
    ),
    Case(
        name="a template's figure changed",
        answer=Answer.YES,
        teaches="A recorded template is compared to the letter: its figures are rules, not data.",
        given=_two(
            _call(
                "research",
                "Stop at 2 % below entry.",
                **{"llm.prompt_template.template": "Stop at 2 % below entry. Price: {{price}}."},
            ),
            _call(
                "execution",
                "Stop at 5 % below entry.",
                **{"llm.prompt_template.template": "Stop at 5 % below entry. Price: {{price}}."},
            ),
        ),
        trace="execution",
        excerpt="5 % below entry",
    ),
    Case(
        name="a tool's schema widened",
        answer=Answer.YES,
        teaches="One more value in an enum and one more required name: the tool is not the one of the research.",
        given=_two(_call("research", tools=[_NEWS]), _call("execution", tools=[_NEWS_WIDER])),
        trace="execution",
        excerpt='"get_news"',
        figures={"changed": ["tools"]},
    ),
    Case(
        name="a tool took one more parameter",
        answer=Answer.YES,
        teaches="The new parameter is shown, however far it stands from the tool's name.",
        given=_two(
            _call("research", tools=[_news(_DOCUMENTED)]),
            _call("execution", tools=[_news({**_DOCUMENTED, "language": {"type": "string"}})]),
        ),
        trace="execution",
        excerpt='"language"',
        figures={"changed": ["tools"]},
    ),
    Case(
        name="another model behind the same alias",
        answer=Answer.YES,
        teaches="The alias is the same and the snapshot that answers is not.",
        given=_two(_call("research"), _call("execution", answered="model-a-2026-01-04")),
        trace="execution",
        excerpt="model-a-2026-01-04",
        figures={"changed": ["model"]},
    ),
    Case(
        name="the retrieval template changed",
        answer=Answer.YES,
        teaches="What is asked of the index is part of what the idea was researched with.",
        given=(
            *_two(_call("research"), _call("execution")),
            {
                "type": "retrieval",
                "trace": "research",
                "id": "r1",
                "at": "2026-01-05T09:00:03Z",
                "documents": [],
                "trading.retrieval.template": "{{symbol}} earnings, last 7 days",
            },
            {
                "type": "retrieval",
                "trace": "execution",
                "id": "r2",
                "at": "2026-01-05T15:00:03Z",
                "documents": [],
                "trading.retrieval.template": "{{symbol}} rumours, last 90 days",
            },
        ),
        trace="execution",
        excerpt="rumours",
    ),
    Case(
        name="only the figures move",
        answer=Answer.NO,
        teaches="A prompt rendered anew each cycle holds other prices and times and has not drifted.",
        given=_two(_call("research", _RENDERED), _call("execution", _RENDERED_LATER)),
        trace="execution",
    ),
    Case(
        name="tools in another key order",
        answer=Answer.NO,
        teaches="Key order, the order of enum values and white space carry no meaning.",
        given=_two(_call("research", tools=[_NEWS]), _call("execution", tools=[_NEWS_REORDERED])),
        trace="execution",
    ),
    Case(
        name="an alias and its snapshot",
        answer=Answer.NO,
        teaches="`model-a` and `model-a-2026-01-01` are one model; another temperature is no drift either.",
        given=_two(
            _call("research", answered="model-a") | {"gen_ai.request.temperature": 0.2},
            _call("execution") | {"gen_ai.request.temperature": 0.9},
        ),
        trace="execution",
    ),
    Case(
        name="two roles",
        answer=Answer.NO,
        teaches="The analyst's prompt and the trader's were never meant to be equal.",
        given=_two(
            _call("research"),
            _call(
                "execution",
                "You are a trader. Turn the thesis into an order.",
                agent="trader",
                model="model-b",
                answered="model-b",
            ),
        ),
        trace="execution",
    ),
    Case(
        name="one template, one hash",
        answer=Answer.NO,
        teaches="Equal template hashes settle it, whatever was rendered into the text.",
        given=_two(
            _call("research", "You cover SYNTHETIC_A, a maker of sensors.", **{"trading.prompt.template_hash": _HASH}),
            _call(
                "execution",
                "You cover SYNTHETIC_A, now also in robotics.",
                **{"trading.prompt.template_hash": f"sha256:{_HASH.upper()}"},
            ),
        ),
        trace="execution",
    ),
    Case(
        name="the idea was skipped",
        answer=Answer.NA,
        teaches="Nothing was executed, so there is no execution run to drift.",
        given=_two(_call("research"), _call("execution", _BOLDER), action="skip"),
        trace="execution",
    ),
    Case(
        name="equal redaction marks",
        answer=Answer.UNKNOWN,
        teaches="Two prompts that both read [REDACTED] are not known to be equal.",
        given=_two(_call("research", "[REDACTED]"), _call("execution", "[REDACTED]")),
        trace="execution",
    ),
    Case(
        name="nobody recorded who answered",
        answer=Answer.UNKNOWN,
        teaches="One alias was asked twice; whether one model answered twice is not known.",
        given=_two(_call("research", answered=None), _call("execution", answered=None)),
        trace="execution",
    ),
    Case(
        name="a snapshot was asked for",
        answer=Answer.NO,
        teaches="A dated snapshot names the model that answers, even where the answer does not.",
        given=_two(
            _call("research", model="model-a-2026-01-01", answered=None),
            _call("execution", model="model-a-2026-01-01"),
        ),
        trace="execution",
    ),
    Case(
        name="no idea id",
        answer=Answer.UNKNOWN,
        teaches="Without trading.idea.id nothing says which research the execution belongs to.",
        given=(
            _stage("research", "research", None),
            _call("research"),
            _stage("execution", "decision", None, action="buy"),
            _call("execution", _BOLDER),
        ),
        trace="execution",
    ),
    Case(
        name="the research run is not here",
        answer=Answer.UNKNOWN,
        teaches="One side alone cannot be compared.",
        given=(_stage("execution", "decision", action="buy"), _call("execution")),
    ),
    Case(
        name="hashes that differ",
        answer=Answer.YES,
        teaches="A differing template hash is drift although both texts were redacted.",
        given=_two(
            _call("research", "[REDACTED]", **{"trading.prompt.template_hash": _HASH}),
            _call("execution", "[REDACTED]", **{"trading.prompt.template_hash": _OTHER_HASH}),
        ),
        trace="research",
        excerpt=_OTHER_HASH,
    ),
)
