"""afterbell rebase: when two branches both sealed."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.command()
@click.argument("trunk")
@output.json_option
@click.pass_context
def command(ctx: click.Context, trunk: str, as_json: bool) -> None:
    """Take the log of commit TRUNK and let this branch's own entries wait to be sealed again.

    For a merge that conflicts because both sides sealed. Then: git add postmortems, and seal on the trunk.
    """
    from afterbell.steps import rebase as step

    done = step.rebase(output.the_house(ctx), trunk)
    if as_json:
        output.emit(done)
        return
    output.say(f"the trunk's {done.size} entries stand; {len(done.waiting)} of ours wait to be sealed again")
    for name in done.waiting:
        output.say(f"  {name}")
