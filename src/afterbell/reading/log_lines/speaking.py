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
from afterbell.reading.log_lines.calls import SPEAKS, WITHOUT

_READ, _MOST_LINES = 600, 20_000  # characters of a line; lines of a log


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


def told_by_lines(trace: Trace) -> Evidence | None:
    """Return those words where lines are all that tells of a run; None beside any call, tool, document or trade."""
    return None if trace.calls or trace.tools or trace.documents or trace.trades else speaking(trace)


@lru_cache(maxsize=2)
def _first(log: _Log) -> Evidence | None:
    return next((cited(log.trace, record, hit) for record, line in lines(log.trace)
                 if (hit := spoken(line)) is not None), None)  # fmt: skip


@lru_cache(maxsize=16)  # each fault asks again about the lines around it
def spoken(line: str) -> re.Match[str] | None:
    """Return the words by which a line speaks of a model call, or None."""
    hit = SPEAKS.search(line)
    return None if hit is None or WITHOUT.search(line) else hit


def lines(trace: Trace) -> Iterator[tuple[LogRecord, str]]:
    """Yield the log records that have a text, with its beginning."""
    for log in trace.logs[:_MOST_LINES]:
        if isinstance(log.body, str) and log.body:
            yield log, log.body[:_READ]


def cited(trace: Trace, log: LogRecord, hit: re.Match[str]) -> Evidence:
    """Cite words of a log record's text."""
    return Evidence(trace_id=trace.trace_id, span_id=log.span_id, field=f"log:{log.event_name}.body", excerpt=hit[0],
                    start=hit.start(), end=hit.end())  # fmt: skip
