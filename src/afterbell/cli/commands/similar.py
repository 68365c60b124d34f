"""afterbell similar: the records most like one record or event."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.command()
@click.argument("name", metavar="ID|EVENT")
@click.option("--most", type=click.IntRange(1, 100), default=10, show_default=True, help="How many at most.")
@click.option(
    "--by",
    type=click.Choice(["words", "meaning"]),
    default="words",
    show_default=True,
    help="What they are compared by; the meaning needs the embeddings extra.",
)
@output.json_option
@click.pass_context
def command(ctx: click.Context, name: str, most: int, by: str, as_json: bool) -> None:
    """List the records most like the record ID or the EVENT, and say what they have in common.

    They are compared by their words, in which modes, trigger and cause stand too; a rare word counts for more. By
    meaning, their summaries are compared by a sentence model, which finds some of what was told in other words.
    """
    from afterbell.model.wording import counted
    from afterbell.steps import similar as step

    how = step.By(by)
    with output.progress("summaries") as show:
        found = step.similar(
            output.the_house(ctx), name, most=most, by=how, progress=lambda done, whole: show("", done, whole)
        )
    if as_json:
        for each in step.as_json(found):
            output.emit(each)
        return
    digits = 2 if how is step.By.MEANING else 1
    rows = [
        (
            each.row.id, f"{each.row.created:%Y-%m-%d}", f"{each.score:.{digits}f}", each.row.root_cause or "-",
            ", ".join((*each.modes, *(["same trigger"] if each.trigger else []), *each.words[:6])), each.row.summary,
        )
        for each in found
    ]  # fmt: skip
    output.table(
        "", ("=record", "filed", ">score", "root cause", "in common", "summary"), rows, counted(len(rows), "record")
    )
