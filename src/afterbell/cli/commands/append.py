"""afterbell append: a form becomes one more entry of the log."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND
from afterbell.model.wording import counted


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@output.json_option
@click.pass_context
def command(ctx: click.Context, file: Path, as_json: bool) -> int:
    """File a form in the log, or say every fault and write nothing. Prints the record's id once it is on the disk."""
    from afterbell.steps import append as step

    done = step.append(output.the_house(ctx), file)
    if done.stored is None or done.record is None:
        output.findings(str(file), done.findings, as_json=as_json)
        if not as_json:
            output.say(f"{counted(len(done.findings), 'fault')}; nothing was filed")
        return FOUND
    if as_json:
        output.emit(
            {
                "id": done.record.id,
                "status": done.record.status,
                "where": done.stored.where,
                "leaf": done.stored.leaf,
                "missing": [gap.message for gap in done.record.missing],
                "same_event": done.same_event,
            }
        )
        return FINE
    output.say(done.record.id)
    output.say(f"filed as {done.record.status.value} in {done.stored.where}; next, on the trunk: afterbell seal")
    for gap in done.record.missing:
        output.say(f"  still missing: {gap.message}")
    for earlier in done.same_event:
        output.say(f"  record {earlier} tells of the same event already; corrections are amendments: afterbell amend")
    return FINE
