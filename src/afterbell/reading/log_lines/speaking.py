"""Whether the lines of a log speak of model calls, so that a run without a recorded call is not one without calls.

A line speaks of them when it names a model, an API of models, their tokens, an answer's parsing, or an agent at work.
One that says that no model was used does not. What the calls did cannot be read from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import LogRecord

_READ, _MOST_LINES = 600, 20_000  # characters of a line; lines of a log

_NAMES = (
    r"(?:gpt[ -]?\d|gpt-oss|chatgpt|o[134]-(?:mini|preview|pro)|claude|gemini[ -]?\d|gemini-|deepseek|qwen|llama-?\d"
    r"|mistral|mixtral|glm-\d|kimi|minimax|grok-?\d|command-r|doubao|ernie|hunyuan|openai|anthropic|openrouter|ollama"
    r"|litellm|langchain|langgraph|crewai|autogen)"
)
_MODEL = rf"(?:llms?|language[ -]models?|chat[ -]?models?|{_NAMES}[\w.:-]{{0,40}})"
_SPEAKS = re.compile(
    rf"(?<![\w/]){_MODEL}(?![\w/])"
    r"|\bchat[./ _]?completions?\b|/v1/(?:messages|responses|completions)\b|/api/(?:chat|generate)\b"
    r"|generatecontent\b"
    r"|\b(?:prompt|completion|reasoning)[ _]tokens?\b|\boutput[ _-]?pars(?:er|ing)|\binvalid json output\b|</?think>"
    r"|\b(?:the |primary |fallback |backup )?model(?:'s)? (?:call|output|response|answer|reply|completion|returned"
    r"|refused"
    r"|answered|replied|said|timed out|did not answer)"
    r"|\b(?:assistant|completion|agent)(?:'s)? (?:message|output|response|answer|reply|call|returned|answered"
    r"|replied|said)"
    r"|\bagents? (?:is |are )?(?:think|decid|reason|analy[sz]|answer|propos)(?:s|es|ed|ing|e)\b"
    r"|(?<![\w-])agent ?[:=] ?\w|\b\w{2,30}_agent\b|\b(?:analyst|trader|trading|research|risk|portfolio|decision"
    r"|news)[ -]agents?\b"
    r"|\bagents?\.\w{2,30} - |\[(?:reasoning|tool call|assistant|llm)\]"
    r"|\busing (?:the )?(?:specified |configured )?model ?[:=]|大(?:语言)?模型|模型(?:调用|输出|返回|回答|响应"
    r"|应答)|调用模型",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    rf"\b(?:no|without|(?:never|not) (?:us|call|ask|runn?)(?:ed|ing|e)?)(?: an?| any| the)? {_MODEL}(?!\w)"
    rf"|(?<!\w){_MODEL}(?: \w{{1,12}}){{0,2}}(?: is| are| was| were)? ?(?:[:=] ?)?(?:disabled|off\b|none\b|false\b"
    rf"|not "
    r"(?:used|configured|called|enabled|needed|required|installed)|skipped|unused)|(?:未|不)(?:使用|调用)大?模型",
    re.IGNORECASE,
)


class _Log:
    """A log's records, told apart by being the same object, so that one log is searched once for all questions."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def __hash__(self) -> int:
        return id(self.trace.logs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Log) and other.trace.logs is self.trace.logs


def speaking(trace: Trace) -> Evidence | None:
    """Return the first words of the log's lines that speak of model calls, or None."""
    return _first(_Log(trace)) if trace.logs else None


def told_by_lines(trace: Trace) -> bool:
    """Tell whether lines that speak of model calls are all that tells of a run: no call, tool, document or trade."""
    if trace.calls or trace.tools or trace.documents or trace.trades:
        return False
    return speaking(trace) is not None


@lru_cache(maxsize=2)
def _first(log: _Log) -> Evidence | None:
    return next((cited(log.trace, record, hit) for record, line in lines(log.trace)
                 if (hit := spoken(line)) is not None), None)  # fmt: skip


def spoken(line: str) -> re.Match[str] | None:
    """Return the words by which a line speaks of a model call, or None."""
    hit = _SPEAKS.search(line)
    return None if hit is None or _WITHOUT.search(line) else hit


def lines(trace: Trace) -> Iterator[tuple[LogRecord, str]]:
    """Yield the log records that have a text, with its beginning."""
    for log in trace.logs[:_MOST_LINES]:
        if isinstance(log.body, str) and log.body:
            yield log, log.body[:_READ]


def cited(trace: Trace, log: LogRecord, hit: re.Match[str]) -> Evidence:
    """Cite words of a log record's text."""
    return Evidence(trace_id=trace.trace_id, span_id=log.span_id, field=f"log:{log.event_name}.body", excerpt=hit[0],
                    start=hit.start(), end=hit.end())  # fmt: skip
