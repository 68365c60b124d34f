"""afterbell erase: the text of an entry goes, a visible hole stays."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.command()
@click.argument("name", metavar="ID")
@click.option("--reason", required=True, help="Why the text has to go; it is filed in its place.")
@click.option("--role", default="facilitator", show_default=True, help="The role that decides it; never a name.")
@output.json_option
@click.pass_context
def command(ctx: click.Context, name: str, reason: str, role: str, as_json: bool) -> None:
    """Take the text of the sealed entry ID away. Its leaf hash stays in the log, and verify shows the hole for ever."""
    from afterbell.steps import erase as step

    done = step.erase(output.the_house(ctx), name, reason, role=role)
    if as_json:
        output.emit({"id": name, "was": done.target.where, "leaf": done.target.leaf, "erasure": done.erasure.entry.id})
        return
    output.say(f"erased {name} at {done.target.where}; the reason is entry {done.erasure.entry.id}")
    output.say("git's history and other clones still hold the text: remove it there too, if it must be gone")
