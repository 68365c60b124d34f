"""afterbell stamp: a time stamp over the present head."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.command()
@click.argument("url")
@output.json_option
@click.pass_context
def command(ctx: click.Context, url: str, as_json: bool) -> None:
    """Have the present head stamped by the RFC 3161 authority at URL (needs the 'tsa' extra)."""
    from afterbell.steps import stamp as step

    done = step.stamp(output.the_house(ctx), url)
    if as_json:
        output.emit({"at": done.at, "path": str(done.path)})
        return
    output.say(f"the authority states {done.at:%Y-%m-%dT%H:%M:%SZ}; its answer is {done.path}")
