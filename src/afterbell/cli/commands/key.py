"""afterbell key: the key that signs the log."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.group()
def command() -> None:
    """Make the key that signs the log's heads."""


@command.command()
@output.json_option
@click.pass_context
def new(ctx: click.Context, as_json: bool) -> None:
    """Make the log's key outside the repository and print its public half, to be pinned elsewhere."""
    from afterbell.steps import key as step

    made = step.new(output.the_house(ctx))
    if as_json:
        output.emit({"verifier": str(made.verifier), "path": str(made.path)})
        return
    output.say(str(made.verifier))
    output.say(f"the private key is in {made.path}, readable by you alone; keep a copy offline")
    output.say("pin the line above outside the repository: AFTERBELL_PIN in CI, or afterbell verify --pin")
