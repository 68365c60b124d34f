"""The pages that a code host shows without the tool: one for each record as amended, and an index.

They are derived from the log and prove nothing; the log is what counts, and each page says so.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from afterbell.model.amendment import Amended
from afterbell.render import inert, markdown
from afterbell.render.form import table

INDEX = "index.md"
_NOTE = "This page is made from the log by `afterbell seal`. What counts is the log: run `afterbell verify`."
_COLUMNS = ("filed", "record", "status", "root cause", "trigger", "summary")


class Page(Struct, frozen=True, kw_only=True):
    """A record's page: its file's name, `<date>-<id>.md`, its text, and the record's row in the index."""

    name: str
    text: str
    row: tuple[str, ...]


def page(view: Amended) -> Page:
    """Return the page of a record."""
    name = f"{view.filed.created:%Y-%m-%d}-{view.filed.id}.md"
    now = view.now
    row = (
        f"{view.filed.created:%Y-%m-%d}",
        f"[{view.filed.id}]({name})",
        now.status.value,
        now.root_cause.value if now.root_cause else "",
        now.trigger.value if now.trigger else "",
        inert.line(now.summary, also="|"),
    )
    return Page(name=name, text=f"{markdown.as_amended(view)}\n---\n\n{_NOTE}\n", row=row)


def index(rows: Iterable[tuple[str, ...]]) -> str:
    """Return the index of the records whose rows come in the order of the log: the newest first."""
    return f"# Postmortems\n\n{table(_COLUMNS, reversed(list(rows)))}\n\n{_NOTE}\n"
