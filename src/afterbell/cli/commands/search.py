"""afterbell search: the records that hold some words."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from afterbell.cli import output


@click.command()
@click.argument("words", nargs=-1)
@click.option("--mode", default=None, help="Only records in which people answered yes to this mode.")
@click.option("--cause", default=None, help="Only records with this root cause.")
@click.option("--trigger", default=None, help="Only records of this trigger.")
@click.option("--status", default=None, help="Only records that are complete, or incomplete.")
@click.option("--ticker", default=None, help="Only records that name this symbol.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    default=None,
    help="Only records filed from this day or moment (UTC) on.",
)
@output.json_option
@click.pass_context
def command(
    ctx: click.Context, /, words: tuple[str, ...], since: datetime | None, as_json: bool, **filters: str | None
) -> None:  # fmt: skip
    """Find records by words (all of them; word* for a beginning, quotes for a phrase) and by what they are about."""
    from afterbell.steps import search as step

    house = output.the_house(ctx)
    start = since.replace(tzinfo=UTC) if since else None
    wanted = step.Wanted(since=start, **filters)
    asked = " ".join(words).strip()
    found = step.search(house, asked, wanted) if asked else step.listed(house, wanted)
    output.records(found, as_json=as_json)
