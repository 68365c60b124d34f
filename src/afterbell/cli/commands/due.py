"""afterbell due: meetings that have not been held."""

from __future__ import annotations

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND


@click.command()
@click.option("--fail", is_flag=True, help="Exit with 1 when something is overdue.")
@output.json_option
@click.pass_context
def command(ctx: click.Context, fail: bool, as_json: bool) -> int:
    """List meetings due within 72 hours of their event and incomplete records due to be completed, late ones marked."""
    from afterbell.steps import due as step

    found = step.list_due(output.the_house(ctx))
    if as_json:
        for each in found:
            output.emit(each)
    else:
        rows = [
            (
                each.subject,
                each.step.value,
                f"{each.due_by:%Y-%m-%d %H:%M}Z",
                "overdue" if each.overdue else "",
                each.about,
            )
            for each in found
        ]
        late = sum(each.overdue for each in found)
        output.table("", ("=for", "what", "by", "", "about"), rows, f"{len(found)} due, {late} overdue")
    return FOUND if fail and any(each.overdue for each in found) else FINE
