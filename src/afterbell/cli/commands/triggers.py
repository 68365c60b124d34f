"""afterbell triggers: which events deserve a postmortem."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND
from afterbell.model.wording import counted


@click.command()
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    default=None,
    help="Only events from this day or moment (UTC) on.",
)
@click.option("--fail", is_flag=True, help="Exit with 1 when an event is found.")
@click.option("--freeze/--no-freeze", default=True, help="Pin the evidence of new events (default), or only look.")
@output.json_option
@click.pass_context
def command(ctx: click.Context, since: datetime | None, fail: bool, freeze: bool, as_json: bool) -> int:
    """Say which events deserve a postmortem, by when to meet, and what could not be judged.

    The evidence of an event that was not seen before is pinned in postmortems/evidence, by hash; answers of blind
    reviews in postmortems/reviews are taken in first.
    """
    from afterbell.steps import freeze as freezing
    from afterbell.steps import review, trigger
    from afterbell.steps.store import Store

    start = since.replace(tzinfo=UTC) if since else None
    with output.progress("triggers") as show:
        house = output.the_house(ctx)
        if freeze:
            review.taken_in(house)
        fired = trigger.fire(Store(house), since=start, progress=lambda done, whole: show("", done, whole))
        frozen = freezing.freeze_new(house, fired.events) if freeze else ()
    for event in fired.events if as_json else ():
        output.emit(event)
    if not as_json:
        output.table(
            "",
            ("event", "trigger", "occurred", "meet by", ">measured", ">limit", "about"),
            [
                (
                    event.event_id,
                    event.trigger.value,
                    f"{event.occurred_at:%Y-%m-%d %H:%M}Z",
                    f"{event.due_by:%Y-%m-%d %H:%M}Z",
                    event.measured,
                    event.limit,
                    event.subject,
                )
                for event in fired.events
            ],
            counted(len(fired.events), "event") + ("; next: afterbell draft EVENT" if fired.events else ""),
        )
    if frozen:
        output.warn(f"frozen in postmortems/evidence: the evidence of {counted(len(frozen), 'new event')}")
    for note in fired.notes:
        output.warn(f"not judged: {note}")
    return FOUND if fail and fired.events else FINE
