"""afterbell show: one record or one trace."""

from __future__ import annotations

from pathlib import Path

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
@click.option("--html", "target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.html",
              help="Write a trace as one HTML file, with what the questions found marked in it.")  # fmt: skip
@output.json_option
@click.pass_context
def command(ctx: click.Context, name: str, as_filed: bool, full: bool, target: Path | None, as_json: bool) -> None:
    """Show a record, or a trace as a tree with messages, tools, documents and orders; ID may be its beginning."""
    from afterbell.steps import show as step

    found = step.show(output.the_house(ctx), name)
    if target is not None:
        step.write_page(output.the_house(ctx), found, target)
        output.warn(f"written: {target}")
        return
    if as_json:
        output.emit(step.as_json(found, amended=not as_filed))
        return
    for line in step.pages(found, amended=not as_filed, full=full):
        output.say(line)
