"""afterbell stats: the records counted by cause, trigger, mode and month."""

from __future__ import annotations

import click

from afterbell.cli import output

_MONTHS = 6  # what a terminal has room for; --json has all


@click.command()
@output.json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Count the records by root cause, by trigger and by mode (people's yes), in the month of filing."""
    from afterbell.model.wording import counted
    from afterbell.steps import stats as step

    found = step.stats(output.the_house(ctx))
    if as_json:
        for each in step.as_json(found):
            output.emit(each)
        return
    for by, table in step.tables(found):
        rows = [
            (
                line.name,
                line.total,
                sum(line.counts[:-_MONTHS]) or "",
                *(count or "" for count in line.counts[-_MONTHS:]),
            )
            for line in table.lines
        ]
        columns = (f"={by.replace('_', ' ')}", ">all", ">before", *(f">{each}" for each in table.columns[-_MONTHS:]))
        output.table("", columns, rows)
    output.say(f"{counted(found.records, 'record')}, {found.incomplete} incomplete")
