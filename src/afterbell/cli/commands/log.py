"""afterbell log: the records in the order of the log."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.command()
@output.json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the records in the order of the log."""
    from afterbell.steps import search as step

    output.records(step.listed(output.the_house(ctx)), as_json=as_json)
