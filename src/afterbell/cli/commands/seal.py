"""afterbell seal: pending entries move into the log."""

from __future__ import annotations

import click

from afterbell.cli import output
from afterbell.model.wording import counted


@click.command()
@output.json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Move all pending entries into the log under a new head. Refuses a log that does not verify."""
    from afterbell.steps import seal as step

    done = step.seal(output.the_house(ctx))
    if as_json:
        output.emit({"origin": done.origin, "size": done.head.size, "root": done.head.root, "added": done.added})
        return
    holds = counted(done.head.size, "entry")
    output.say(f"{done.added} sealed; {done.origin} now holds {holds}, root {done.head.root}")
