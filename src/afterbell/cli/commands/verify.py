"""afterbell verify: was anything changed, and how far could that be judged."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output
from afterbell.errors import FOUND

_LEVELS = ("0", "1", "2", "3", "4", "5")


@click.command()
@click.option("--pin", "pins", multiple=True, metavar="VKEY", help="A public key that must have signed the head.")
@click.option("--since", type=click.Path(path_type=Path), help="A checkpoint file that the log must have grown out of.")
@click.option("--policy", type=click.Path(path_type=Path), help="A witness policy (C2SP tlog-policy) kept elsewhere.")
@click.option(
    "--authority", type=click.Path(path_type=Path), help="A time-stamping authority's root certificates (PEM)."
)
@click.option(
    "--level", type=click.Choice(_LEVELS), default=None, help="The level that must hold (default: as far as possible)."
)
@output.json_option
@click.pass_context
def command(
    ctx: click.Context,
    pins: tuple[str, ...],
    since: Path | None,
    policy: Path | None,
    authority: Path | None,
    level: str | None,
    as_json: bool,
) -> int:
    """Say whether anything in the log was edited, deleted, reordered, cut, rolled back or rewritten.

    Levels: 0 structure, 1 integrity, 2 authorship (a pinned key), 3 memory (a head remembered elsewhere), 4 witnesses,
    5 time. Exits with 0 when the level holds, 1 when the log or evidence pinned beside it was tampered with, 2 when
    that cannot be judged, 3 when entries wait to be sealed.
    """
    from afterbell.log.verdict import Level, Ruling
    from afterbell.steps import resolve
    from afterbell.steps import verify as step

    wanted = Level(f"L{level}") if level else None
    given = step.Given(pins=pins, since=since, policy=policy, authority=authority, level=wanted)
    house = output.the_house(ctx)
    done = step.verify(house, given)
    verdict = done.verdict
    missing = resolve.unresolved(house) if verdict.verdict in {Ruling.OK, Ruling.STALE} else ()
    code = FOUND if any(lost.changed for lost in missing) else verdict.exit_code
    if as_json:
        output.emit(step.as_json(done) | {"unresolved": missing})
        return code
    reached = verdict.level.value if verdict.level else "none"
    output.table(
        "",
        ("verdict", "level", "wanted", ">entries", ">pending", "root"),
        [(verdict.verdict.value, reached, verdict.wanted.value, verdict.entries, verdict.pending, verdict.root)],
    )
    for problem in verdict.problems:
        output.say(f"{problem.code.value}  {problem.where}  {problem.message}")
    for each in done.compared:
        output.say(f"compared with {each}")
    for lost in missing:
        who = (
            f"record {lost.record} cites {lost.kind} {lost.name}, which" if lost.record else f"{lost.kind} {lost.name}"
        )
        output.say(f"{'CHANGED' if lost.changed else 'warning'}: {who} {lost.message}")
    if done.kept:
        output.say(f"both heads are kept in {done.kept}")
    return code
