"""afterbell doctor: what today's traces can never answer."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.command()
@click.option("--jobs", type=int, default=0, help="Processes to scan with (default: all processors).")
@output.json_option
@click.pass_context
def command(ctx: click.Context, jobs: int, as_json: bool) -> None:
    """Say which of the twenty questions the traces here cannot answer, and what to record to change that."""
    from afterbell.steps import doctor as step

    found = step.doctor(output.the_house(ctx), jobs=jobs)
    if as_json:
        for each in found:
            output.emit(each)
        return
    rows = [(each.number, each.mode, f"{each.unknown} of {each.asked}", "; ".join(each.missing)) for each in found]
    never = sum(each.never for each in found)
    output.table(
        "", (">", "mode", ">unknown", "most often missing"), rows, f"{never} questions are never answered here"
    )
