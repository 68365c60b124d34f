"""Show: one record as filed or as amended, or one trace as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from afterbell.disk.house import House
from afterbell.errors import UsageError
from afterbell.model import lifecycle
from afterbell.model.body import body
from afterbell.model.run import Trace
from afterbell.render import markdown, trace_tree
from afterbell.steps import trace_page
from afterbell.steps.records import Filed, matching, place
from afterbell.steps.store import Store


class Shown(Struct, frozen=True, kw_only=True):
    """What an id stands for: a record or a trace."""

    record: Filed | None = None
    trace: Trace | None = None


def show(house: House, text: str) -> Shown:
    """Return the record or trace whose id begins with `text`. Raises UsageError when nothing or more than one fits."""
    records = list(matching(house, text))
    if len(records) > 1:
        raise UsageError(f"{text!r} fits {len(records)} records", "give more of the id")
    if records:
        return Shown(record=records[0])
    store = Store(house)
    try:
        trace_id = store.match(text)
    except UsageError as error:
        if error.message.startswith("no trace"):
            raise UsageError(
                f"no record and no trace {text!r} in this house", "see afterbell log, afterbell traces"
            ) from None
        raise
    return Shown(trace=store.traces([trace_id])[trace_id])


def pages(shown: Shown, *, amended: bool, full: bool = False) -> Iterator[str]:
    """Yield the lines for people."""
    if shown.trace is not None:
        yield from trace_tree.lines(shown.trace, full=full)
    if shown.record is not None:
        page = markdown.as_amended(shown.record.view) if amended else markdown.as_filed(shown.record.record)
        yield from page.split("\n")
        yield f"In the log: {place(shown.record.stored)}; leaf {shown.record.stored.leaf}"


def write_page(house: House, shown: Shown, target: Path) -> None:
    """Write the page of a trace as one HTML file. Raises UsageError for a record, DiskError for an unwritable place."""
    if shown.trace is None:
        raise UsageError("only a trace is written as a page", "afterbell export gives a record in other forms")
    trace_page.write(house, shown.trace.trace_id, target)


def as_json(shown: Shown, *, amended: bool) -> Any:
    """Return the trace with both layers, or the record's place, body and addenda."""
    if shown.record is None:
        return shown.trace
    filed = shown.record
    return {
        "id": filed.record.id,
        "where": filed.stored.where,
        "index": filed.stored.index,
        "leaf": filed.stored.leaf,
        "fix": lifecycle.fix(filed.view)[0].value,
        "record": body(filed.view.now if amended else filed.record),
        "addenda": [body(addendum) for addendum in filed.addenda],
    }
