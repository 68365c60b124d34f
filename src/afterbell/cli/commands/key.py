"""afterbell key: the key that signs the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from afterbell.cli import output

if TYPE_CHECKING:
    from afterbell.steps.key import MadeKey


@click.group()
def command() -> None:
    """Make or rotate the key that signs the log's heads."""


@command.command()
@output.json_option
@click.pass_context
def new(ctx: click.Context, as_json: bool) -> None:
    """Make the log's key outside the repository and print its public half, to be pinned elsewhere."""
    from afterbell.steps import key as step

    _say(step.new(output.the_house(ctx)), as_json=as_json)


@command.command()
@output.json_option
@click.pass_context
def rotate(ctx: click.Context, as_json: bool) -> None:
    """Hand the signing on to a new key by an entry that the old key signs. Readers of the old pin follow it."""
    from afterbell.steps import key as step

    _say(step.rotate(output.the_house(ctx)), as_json=as_json)


def _say(made: MadeKey, *, as_json: bool) -> None:
    if as_json:
        output.emit({"verifier": str(made.verifier), "path": str(made.path)})
        return
    output.say(str(made.verifier))
    output.say(f"the private key is in {made.path}, readable by you alone; keep a copy offline")
    output.say("pin the line above outside the repository: AFTERBELL_PIN in CI, or afterbell verify --pin")
