"""afterbell similar: the records most like one record or event."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.command()
@click.argument("name", metavar="ID|EVENT")
@click.option("--most", type=click.IntRange(1, 100), default=10, show_default=True, help="How many at most.")
@output.json_option
@click.pass_context
def command(ctx: click.Context, name: str, most: int, as_json: bool) -> None:
    """List the records most like the record ID or the EVENT, and say what they have in common.

    They are compared by their words, in which modes, trigger and cause stand too; a rare word counts for more.
    """
    from afterbell.model.wording import counted
    from afterbell.steps import similar as step

    found = step.similar(output.the_house(ctx), name, most=most)
    if as_json:
        for each in step.as_json(found):
            output.emit(each)
        return
    rows = [
        (
            each.row.id, f"{each.row.created:%Y-%m-%d}", f"{each.score:.1f}", each.row.root_cause or "-",
            ", ".join((*each.modes, *(["same trigger"] if each.trigger else []), *each.words[:6])), each.row.summary,
        )
        for each in found
    ]  # fmt: skip
    output.table(
        "", ("=record", "filed", ">score", "root cause", "in common", "summary"), rows, counted(len(rows), "record")
    )
