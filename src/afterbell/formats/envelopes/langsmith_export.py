"""A LangSmith trace as one JSON document, with what the exporter found out about it.

`trace_data` holds the root run with its `child_runs`; beside it stand `metadata`, `analysis` and `trace_summary`.
Runs become spans as they stand. Nothing is summed or judged here; the exporter's own findings are kept on the root
span under `langsmith.export.`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

from afterbell.formats import bounded, langsmith_run
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.json_rows import parsed
from afterbell.formats.messages import as_text
from afterbell.model.trace import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "langsmith-export"
TITLE = "LangSmith trace exported as one JSON document"
UNIT = Unit.STREAM
RANK = 40

_TRACE = "trace_data"
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}\{")
_RUN = re.compile(rb'"trace_data"\s{0,9}:\s{0,9}\{')
# The exporter's analysis may be longer than the beginning that is looked at.
_ANALYSIS = re.compile(rb'"analysis"\s{0,9}:\s{0,9}\{\s{0,99}"trace_id"')
_FINDINGS = (b'"performance_metrics"', b'"run_types"', b'"token_analysis"')


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether an object begins that holds a run under `trace_data`, or the exporter's analysis of one."""
    if not _BEGINS.match(head):
        return False
    if _RUN.search(head):
        return any(key in head for key in (b'"run_type"', b'"child_runs"', b'"start_time"'))
    return _ANALYSIS.search(head) is not None and any(key in head for key in _FINDINGS)


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the whole document into one span per run, or a refusal that says what is wrong with it."""
    data = bounded.document(stream)
    if data is None:
        yield Refusal(where="document", why=bounded.too_long(bounded.LARGEST))
        return
    try:
        whole = parsed(data)
    except (ValueError, RecursionError) as error:
        yield Refusal(where="document", why=f"not JSON, or cut off: {error}")
        return
    run = whole.get(_TRACE) if isinstance(whole, dict) else None
    if not isinstance(run, dict):
        yield Refusal(where=_TRACE, why="no run under this key")
        return
    around = {f"{langsmith_run.PREFIX}export.{key}": as_text(value) for key, value in whole.items() if key != _TRACE}
    yield from spans(run, around | _compared(whole))


def _compared(whole: dict[str, Any]) -> dict[str, Any]:
    """Return the exporter's comparison with its target as an attribute of its own, so that it can be cited."""
    value: Any = whole
    for key in langsmith_run.COMPARED.removeprefix(f"{langsmith_run.PREFIX}export.").split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return {} if value is None else {langsmith_run.COMPARED: value}


def spans(run: dict[str, Any], around: dict[str, Any]) -> Iterator[Item]:
    """Yield the spans of a run and of all runs nested in it, parents first; `around` goes to the first."""
    trace = as_text(run.get("trace_id")) or as_text(run.get("id")) or "run"
    waiting: list[tuple[Any, str, str]] = [(run, "", trace)]
    position = 0
    while waiting:
        each, parent, spare = waiting.pop()
        position += 1
        if not isinstance(each, dict):
            yield Refusal(where=f"run {position}", why="the run is not an object")
            continue
        span = langsmith_run.span_of(
            each, name=NAME, position=position, trace=trace, parent=parent, spare_id=spare, more=around
        )
        yield span
        around = {}
        nested = langsmith_run.children(each)
        waiting += [(child, span.span_id_raw, f"{span.span_id_raw}/{number}") for number, child in enumerate(nested)][
            ::-1
        ]
