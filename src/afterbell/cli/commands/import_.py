"""afterbell import: the specification's two files become entries."""

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
    """Take in log.jsonl and amendments.jsonl as the specification's module writes them; nothing protected them before.

    What is here already changes nothing. Exits with 1 when a line was refused.
    """
    from afterbell.steps import import_seed as step

    house = output.the_house(ctx, must_exist=False)
    refused = 0
    for path in files:
        done = step.take_in(house, path)
        refused += len(done.refused)
        if as_json:
            output.emit(
                {
                    "path": str(path),
                    "records": done.records,
                    "addenda": done.addenda,
                    "known": done.known,
                    "refused": done.refused,
                }
            )
            continue
        output.say(f"{path}: {done.records} records, {done.addenda} addenda, {done.known} here already")
        for each in done.refused:
            output.say(f"refused  {each.where}  {each.why}")
    return FOUND if refused else FINE
