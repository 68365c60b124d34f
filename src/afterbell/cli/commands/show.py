"""afterbell show: one record or one trace."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.command()
@click.argument("name", metavar="ID")
@click.option(
    "--as-filed/--as-amended",
    "as_filed",
    default=False,
    help="A record as it was filed, or with its addenda (default).",
)
@click.option("--full", is_flag=True, help="Do not cut long texts of a trace.")
@output.json_option
@click.pass_context
def command(ctx: click.Context, name: str, as_filed: bool, full: bool, as_json: bool) -> None:
    """Show a record, or a trace as a tree with messages, tools, documents and orders; ID may be its beginning."""
    from afterbell.steps import show as step

    found = step.show(output.the_house(ctx), name)
    if as_json:
        output.emit(step.as_json(found, amended=not as_filed))
        return
    for line in step.pages(found, amended=not as_filed, full=full):
        output.say(line)
