"""afterbell traces: what is in the house."""

from __future__ import annotations

import click

from afterbell.cli import output
from afterbell.model.wording import counted


@click.command()
@output.json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the traces in order of their start."""
    from afterbell.steps.store import Store

    rows = Store(output.the_house(ctx)).rows()
    if as_json:
        for row in rows:
            output.emit(row)
        return
    output.table(
        "",
        ("trace", "started", "name", ">spans", ">errors", "format"),
        [
            (row.trace_id, output.moment(row.started_ns), row.name[:40], row.spans, row.errors or "", row.format)
            for row in rows
        ],
        counted(len(rows), "trace") if rows else "nothing here yet: afterbell ingest PATH",
    )
