"""LangSmith runs as the SDK sends or lists them.

That is a batch `{post: [...], patch: [...]}`, a list of runs, one run, or one run a line.
A patch completes the run of its id; what it states wins. LangSmith's bulk exports are read by `langsmith_bulk`.
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

NAME = "langsmith-runs"
TITLE = "LangSmith runs: an SDK batch, a list, or one run a line"
UNIT = Unit.STREAM
RANK = 45

_BEGINS = re.compile(rb'(?:\xef\xbb\xbf)?\s{0,99}(?:\{\s{0,99}"(?:post|patch)"\s{0,9}:\s{0,9}\[|\[?\s{0,99}\{)')
_KIND = re.compile(
    rb'"run_type"\s{0,9}:\s{0,9}"(?:' + "|".join(sorted(langsmith_run.KINDS)).encode() + rb')"', re.IGNORECASE
)
_OURS = (b'"dotted_order"', b'"parent_run_id"', b'"session_name"', b'"session_id"', b'"child_runs"', b'"trace_id"')
_LISTS = ("post", "patch", "runs")


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether runs begin here: a run type of LangSmith's beside one of its ids."""
    return _BEGINS.match(head) is not None and _KIND.search(head) is not None and any(key in head for key in _OURS)


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the runs into one span each, or refusals that say what is wrong."""
    data = bounded.document(stream)
    if data is None:
        yield Refusal(where="document", why=bounded.too_long(bounded.LARGEST))
        return
    runs: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(_rows(data), 1):
        if isinstance(row, Refusal):
            yield row
        elif not isinstance(row, dict) or not (row.get("id") or row.get("run_type")):
            yield Refusal(where=f"run {number}", why="no run: an object with an id is needed")
        else:
            for run in _with_children(row):
                key = as_text(run.get("id")) or f"run {number}.{len(runs)}"
                known = runs.get(key, {})
                stated = {name: value for name, value in run.items() if value is not None or name not in known}
                runs[key] = {**known, **stated}
    for position, (key, run) in enumerate(runs.items(), 1):
        yield langsmith_run.span_of(run, name=NAME, position=position, spare_id=key)


def _rows(data: bytes) -> Iterator[Any]:
    try:
        whole = parsed(data)
    except (ValueError, RecursionError) as error:
        lines = data.split(b"\n")
        if len(lines) == 1:
            yield Refusal(where="document", why=f"not JSON, or cut off: {error}")
            return
        yield from _lines(lines)
        return
    if isinstance(whole, dict) and any(isinstance(whole.get(key), list) for key in _LISTS):
        for key in _LISTS:
            yield from whole[key] if isinstance(whole.get(key), list) else ()
    elif isinstance(whole, list):
        yield from whole
    else:
        yield whole


def _lines(lines: list[bytes]) -> Iterator[Any]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield parsed(line)
        except (ValueError, RecursionError) as error:
            yield Refusal(where=f"line {number}", why=f"not JSON, or cut off: {error}")


def _with_children(run: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a run and the runs nested in it, each with the ids that nesting states."""
    waiting = [run]
    while waiting:
        each = waiting.pop()
        yield each
        whole = each.get("trace_id") or each.get("id")
        waiting += [
            {"parent_run_id": each.get("id"), "trace_id": whole, **child}
            for child in langsmith_run.children(each)
            if isinstance(child, dict)
        ]
