"""afterbell init: makes a house."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output


@click.command()
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False))
@output.json_option
@click.pass_context
def command(ctx: click.Context, directory: Path | None, as_json: bool) -> None:
    """Make a house here (or in DIRECTORY): policy file, postmortems folder, CI snippet. Safe to run twice."""
    from afterbell.disk.house import House
    from afterbell.steps import init as step

    house = House((directory or ctx.obj or Path.cwd()).resolve())
    done = step.init(house)
    if as_json:
        output.emit(
            {
                "house": str(house.root),
                "made": [str(path) for path in done.made],
                "kept": [str(path) for path in done.kept],
            }
        )
        return
    for path in done.made:
        output.say(f"made  {path.relative_to(house.root)}")
    for path in done.kept:
        output.say(f"kept  {path.relative_to(house.root)} (was there)")
    output.say("next: afterbell ingest PATH, then afterbell triggers")
