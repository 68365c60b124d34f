"""afterbell demo: the whole flow on bundled traces."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output


@click.command()
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False))
@output.json_option
def command(directory: Path | None, as_json: bool) -> None:
    """Run the whole flow in DIRECTORY (default: a temporary one) and end with a tampering that verify catches."""
    from afterbell.steps.demo import story

    for number, chapter in enumerate(story.tell(directory), start=1):
        if as_json:
            output.emit(chapter)
            continue
        output.say(f"\n{number}. {chapter.title}")
        if chapter.command:
            output.say(f"   $ {chapter.command}")
        if chapter.columns:
            output.table("", chapter.columns, chapter.rows)
        for line in chapter.lines:
            output.say(f"   {line}")
        if chapter.result:
            output.say(f"   {chapter.result}")
    if not as_json:
        output.say(
            "\nThe flow ended in a verified record and a caught tampering. Next: afterbell init in your own repository."
        )
