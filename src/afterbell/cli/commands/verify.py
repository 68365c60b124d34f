"""afterbell verify: was anything changed, and how far could that be judged."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.command()
@click.option(
    "--level",
    type=click.Choice(["0", "1", "2", "3", "4", "5"]),
    default="1",
    show_default=True,
    help="The level that must hold: 0 structure, 1 integrity, 2 authorship, 3 memory, 4 witnesses, 5 time.",
)
@output.json_option
@click.pass_context
def command(ctx: click.Context, level: str, as_json: bool) -> int:
    """Say whether anything in the log was edited, deleted, reordered or cut.

    Exits with 0 when the level holds, 1 when the log was tampered with, 2 when that cannot be judged, 3 when entries
    wait to be sealed.
    """
    from afterbell.log.verdict import Level
    from afterbell.steps import verify as step

    verdict = step.verify(output.the_house(ctx), Level(f"L{level}"))
    if as_json:
        output.emit(step.as_json(verdict))
        return verdict.exit_code
    reached = verdict.level.value if verdict.level else "none"
    output.table(
        "",
        ("verdict", "level", "wanted", ">entries", ">pending", "root"),
        [(verdict.verdict.value, reached, verdict.wanted.value, verdict.entries, verdict.pending, verdict.root)],
    )
    for problem in verdict.problems:
        output.say(f"{problem.code.value}  {problem.where}  {problem.message}")
    return verdict.exit_code
