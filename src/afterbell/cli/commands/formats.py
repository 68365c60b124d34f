"""afterbell formats: what can be read."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.command()
@output.json_option
def command(as_json: bool) -> None:
    """List the formats that ingest finds by content."""
    from afterbell.catalog import shelves

    rows = [
        {"name": name, "title": module.TITLE, "unit": str(module.UNIT)} for name, module in shelves.envelopes().items()
    ]
    if as_json:
        for row in rows:
            output.emit(row)
        return
    output.table("", ("=format", "what it is"), [(row["name"], row["title"]) for row in rows])
