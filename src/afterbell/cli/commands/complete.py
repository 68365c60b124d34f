"""afterbell complete: an incomplete record is completed by an addendum."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND


@click.command()
@click.argument("name", metavar="ID")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--role", default="facilitator", show_default=True, help="The role that writes it; never a name.")
@output.json_option
@click.pass_context
def command(ctx: click.Context, name: str, file: Path, role: str, as_json: bool) -> int:
    """Complete the incomplete record ID with the form FILE, which must be without fault. The record stays as filed."""
    from afterbell.steps import complete as step

    done = step.complete(output.the_house(ctx), name, file, role=role)
    if done.stored is None or done.addendum is None:
        output.findings(str(file), done.findings, as_json=as_json)
        output.faults(done.faults, as_json=as_json)
        return FOUND
    if as_json:
        output.emit({"id": done.addendum.id, "parent_id": done.addendum.parent_id, "where": done.stored.where})
        return FINE
    output.say(done.addendum.id)
    output.say(f"completes {done.addendum.parent_id} in {done.stored.where}")
    return FINE
