"""afterbell draft: the form for the meeting."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output
from afterbell.model.wording import counted


@click.command()
@click.argument("subject", metavar="TRACE|EVENT")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Where to write the form (default: postmortems/drafts/ID.md).",
)
@output.json_option
@click.pass_context
def command(ctx: click.Context, subject: str, out: Path | None, as_json: bool) -> None:
    """Write the Markdown form for an event or a trace, with everything filled in that the machine knows."""
    from afterbell.steps import draft as step

    made = step.draft(output.the_house(ctx), subject, out)
    if as_json:
        output.emit(
            {
                "id": made.draft.id,
                "file": str(made.path),
                "event_id": made.draft.event_id,
                "trace_ids": made.draft.trace_ids,
                "rows": len(made.draft.timeline),
            }
        )
        return
    yes = sum(answer.suggestion.answer.value == "yes" for answer in made.draft.suggestions)
    output.say(str(made.path))
    output.say(
        f"{counted(len(made.draft.timeline), 'timeline row')}, {yes} yes in the scan, "
        f"{counted(len(made.draft.references), 'reference')}"
    )
    if made.left_out:
        output.say(f"{made.left_out} more traces of the event are named but were not read")
    output.say(f"next: fill in every [fill in], then: afterbell lint {made.path}")
