"""The pages that a code host shows without the tool: one for each record as amended, and an index.

They are derived from the log and prove nothing; the log is what counts, and each page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from afterbell.model.amendment import Amended
from afterbell.render import inert, markdown
from afterbell.render.form import table

INDEX = "index.md"
_NOTE = "This page is made from the log by `afterbell seal`. What counts is the log: run `afterbell verify`."


def pages(views: Iterable[Amended]) -> Mapping[str, str]:
    """Return every page by its file name: `<date>-<id>.md` for each record, and the index, the newest first."""
    found = {}
    rows = []
    for view in views:
        name = f"{view.filed.created:%Y-%m-%d}-{view.filed.id}.md"
        found[name] = f"{markdown.as_amended(view)}\n---\n\n{_NOTE}\n"
        now = view.now
        rows.append(
            (
                f"{view.filed.created:%Y-%m-%d}",
                f"[{view.filed.id}]({name})",
                now.status.value,
                now.root_cause.value if now.root_cause else "",
                now.trigger.value if now.trigger else "",
                inert.line(now.summary, also="|"),
            )
        )
    columns = ("filed", "record", "status", "root cause", "trigger", "summary")
    found[INDEX] = f"# Postmortems\n\n{table(columns, reversed(rows))}\n\n{_NOTE}\n"
    return found
