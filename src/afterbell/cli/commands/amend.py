"""afterbell amend: a dated addendum to a filed record."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND, UsageError
from afterbell.model.record import FIELDS


@click.command()
@click.argument("name", metavar="ID")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--note", default=None, help="The text of the addendum.")
@click.option(
    "--field", type=click.Choice(FIELDS), default=None, help="The field it corrects (default: the whole record)."
)
@click.option("--role", default="facilitator", show_default=True, help="The role that writes it; never a name.")
@output.json_option
@click.pass_context
def command(
    ctx: click.Context, name: str, file: Path | None, note: str | None, field: str | None, role: str, as_json: bool
) -> int:
    """Add a dated addendum (--note TEXT, or a text FILE) to the record ID. The record itself never changes."""
    from afterbell.steps import amend as step
    from afterbell.steps import lint

    if (note is None) == (file is None):
        raise UsageError("give --note TEXT or a FILE", "the record itself is never changed")
    text = note if note is not None else lint.read(file) if file else ""
    done = step.amend(output.the_house(ctx), name, text, field=field, role=role)
    if done.stored is None:
        output.faults(done.faults, as_json=as_json)
        return FOUND
    if as_json:
        output.emit(
            {
                "id": done.addendum.id,
                "parent_id": done.addendum.parent_id,
                "field": field,
                "where": done.stored.where,
                "leaf": done.stored.leaf,
            }
        )
        return FINE
    output.say(done.addendum.id)
    output.say(f"amends {done.addendum.parent_id}{f' at {field}' if field else ''} in {done.stored.where}")
    return FINE
