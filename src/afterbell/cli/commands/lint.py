"""afterbell lint: every fault of a form at once."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@output.json_option
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> int:
    """Check forms: the template, the language, the commits they name. Exits with 1 when there is a fault."""
    from afterbell.steps import lint as step

    house = output.the_house(ctx, must_exist=False)
    count = 0
    for path in files:
        checked = step.lint(house, path)
        count += len(checked.findings)
        output.findings(str(path), checked.findings, as_json=as_json)
    if not as_json:
        output.say(f"{count} faults" if count else "no fault")
    return FOUND if count else FINE
