"""afterbell guard: refuses a change that does more to the log than add to it."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND


@click.command()
@click.argument("base")
@click.argument("head")
@click.option("--folder", default="", help="The log's path in the repository (default: postmortems below the house).")
@output.json_option
@click.pass_context
def command(ctx: click.Context, base: str, head: str, folder: str, as_json: bool) -> int:
    """Judge the change from commit BASE to HEAD: whole lines added, entries sealed or erased with a reason, no more.

    For a pre-receive hook or a CI job on a pull request. Exits with 1 when the change may not be taken.
    """
    from afterbell.steps import guard as step

    problems = step.guard(ctx.obj or Path.cwd(), base, head, folder)
    for problem in problems:
        if as_json:
            output.emit(problem)
        else:
            output.say(f"{problem.code.value}  {problem.where}  {problem.message}")
    if not as_json:
        output.say(f"{len(problems)} problems: this change may not be taken" if problems else "the log only grew")
    return FOUND if problems else FINE
