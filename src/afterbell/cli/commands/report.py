"""afterbell report: what all events, records, fixes and reviews amount to, as a page to read and keep."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output


@click.command()
@click.option("-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.html",
              help="Write one HTML file that needs nothing else.")  # fmt: skip
@click.option("--scan", "scanned", is_flag=True, help="Ask the questions of every trace too: what stays unknown.")
@output.json_option
@click.pass_context
def command(ctx: click.Context, target: Path | None, scanned: bool, as_json: bool) -> None:
    """Count events, records, times to meet, fixes, agreement, what could not be judged, and the state of the log."""
    from afterbell.steps import report as step

    found = step.report(output.the_house(ctx), scanned=scanned)
    if target is not None:
        step.write(found, target)
        output.warn(f"written: {target}")
    if as_json:
        output.emit(found)
    elif target is None:
        for title, name, table in (("Events", "trigger", found.events), ("Records", "root cause", found.causes)):
            rows = [(line.name, *line.counts, line.total) for line in table.lines]
            output.table(title, (name, *(f">{column}" for column in table.columns), ">all"), rows)
        late = sum(each.overdue for each in found.due)
        output.say(
            f"{len(found.due)} due, {late} overdue; log: {found.log.verdict}. All figures: -o FILE.html or --json"
        )
