"""afterbell due: meetings that have not been held, and fixes that nobody has shown."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND


@click.command()
@click.option("--fail", is_flag=True, help="Exit with 1 when something is overdue.")
@click.option(
    "--ics", type=click.Path(path_type=Path), default=None, metavar="PATH",
    help="Write meetings with their agenda as iCalendar: a FILE.ics for all, or a folder for one file each.",
)  # fmt: skip
@click.option(
    "--notify", "addresses", multiple=True, metavar="ADDRESS", envvar="AFTERBELL_NOTIFY",
    help="Send what is overdue to this address (needs the 'notify' extra); may be repeated.",
)  # fmt: skip
@output.json_option
@click.pass_context
def command(ctx: click.Context, fail: bool, ics: Path | None, addresses: tuple[str, ...], as_json: bool) -> int:
    """List what is due, late ones marked: meetings 72 hours after an event, records to be completed, fixes to be shown.

    Roles come from CODEOWNERS for the module that a fix names. No name or address is written anywhere.
    """
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
                f"{each.due_by:%Y-%m-%d %H:%M}Z" if each.due_by else "-",
                "overdue" if each.overdue else "",
                ", ".join(each.roles),
                each.about,
            )
            for each in found
        ]
        late = sum(each.overdue for each in found)
        output.table("", ("=for", "what", "by", "", "roles", "about"), rows, f"{len(found)} due, {late} overdue")
    if ics is not None:
        made = step.write_calendar(found, ics)
        output.warn(f"{len(made)} calendar files in {ics}" if ics.suffix != ".ics" else f"calendar: {ics}")
    if addresses:
        sent = step.notify(found, addresses)
        output.warn(f"notified {sent} addresses" if sent else "nothing is overdue; nobody was notified")
    return FOUND if fail and any(each.overdue for each in found) else FINE
