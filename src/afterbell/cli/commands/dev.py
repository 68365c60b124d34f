"""afterbell dev: help for those who extend it."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output


@click.group()
def command() -> None:
    """Help for those who add a mode of their own."""


@command.command("new-mode")
@click.argument("name")
@click.option("--number", type=int, default=0, help="The mode's number (default: the next free one, from 21 on).")
@click.option("--directory", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where to put it.")
def new_mode(name: str, number: int, directory: Path) -> None:
    """Write the folder of a new mode that already passes every check, with five cases to change into yours."""
    from afterbell.steps.scaffold import new_mode as step

    folder = step.new_mode(name, directory, number)
    output.say(str(folder))
    output.say('make it known in your pyproject.toml: [project.entry-points."afterbell.modes"]')
    output.say(f'  {folder.name} = "your_package.{folder.name}"')
