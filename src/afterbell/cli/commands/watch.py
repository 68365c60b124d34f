"""afterbell watch: triggers as data comes in."""

from __future__ import annotations

import sys
from datetime import timedelta
from threading import Event as Pause
from typing import TYPE_CHECKING

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND

if TYPE_CHECKING:
    from afterbell.steps.watch import Did, Watcher


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--once", is_flag=True, help="Do what there is to do and end, for a scheduled job.")
@click.option(
    "--interval", type=click.FloatRange(min=0.05), default=10, show_default=True, help="Seconds between looks."
)
@click.option(
    "--settle", type=click.FloatRange(min=0), default=5, show_default=True,
    help="Seconds for which a file must not have changed before it is taken in.",
)  # fmt: skip
@click.option(
    "--notify", "addresses", multiple=True, metavar="ADDRESS", envvar="AFTERBELL_NOTIFY",
    help="Send each new event to this address (needs the 'notify' extra); may be repeated.",
)  # fmt: skip
@click.option("--fail", is_flag=True, help="With --once: exit with 1 when there was a new event.")
@output.json_option
@click.pass_context
def command(
    ctx: click.Context, paths: tuple[str, ...], once: bool, interval: float, settle: float,
    addresses: tuple[str, ...], fail: bool, as_json: bool,
) -> int:  # fmt: skip
    """Take in what appears at PATH (files, folders, globs; none = only the store) and say each new event once.

    New events are written to postmortems/events and their evidence is pinned beside them. A kill at any moment loses
    nothing: the next start goes on where it was.
    """
    from afterbell.steps.watch import Watcher

    watcher = Watcher(output.the_house(ctx), paths, settle=timedelta(seconds=settle))
    pause = Pause()
    with watcher.alone():
        while True:
            events = _round(watcher, addresses, as_json=as_json)
            if once:
                return FOUND if fail and events else FINE
            pause.wait(interval)


def _round(watcher: Watcher, addresses: tuple[str, ...], *, as_json: bool) -> int:
    from afterbell.steps.watch import Said, notify

    events = 0
    for did in watcher.round():
        _say(did, as_json=as_json)
        if isinstance(did, Said):
            events += 1
            notify(did.event, addresses)
    return events


def _say(did: Did, *, as_json: bool) -> None:
    from afterbell.steps import ingest
    from afterbell.steps.watch import Said, TookIn

    if isinstance(did, TookIn):
        report = did.report
        if as_json:
            output.emit({"did": report.outcome, **ingest.as_json(report)})
        else:
            why = f": {report.refused[0].why}" if report.refused else ""
            output.say(f"{report.outcome} {report.path} ({report.traces} traces, {report.rows} book rows){why}")
    elif isinstance(did, Said):
        event = did.event
        if as_json:
            import msgspec

            output.emit({"did": "fired", "again": did.again, **msgspec.to_builtins(event)})
        else:
            output.say(f"event {event.event_id} {event.trigger.value}: {event.reason}")
            output.say(f"  meet by {event.due_by:%Y-%m-%d %H:%M}Z; next: afterbell draft {event.event_id}")
    else:
        output.warn(f"{did.count} files were written to a moment ago; they are taken in next time")
    sys.stdout.flush()
