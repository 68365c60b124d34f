"""afterbell ingest: keeps evidence and reads it into the store."""

from __future__ import annotations

import click

from afterbell.cli import output

_MOST = 40  # rows
_WIDEST = 60  # characters of a path


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--format", "format_name", default="", help="Read as this format instead of finding it by content.")
@click.option("--jobs", type=int, default=0, help="Processes to read with (default: all processors).")
@output.json_option
@click.pass_context
def command(ctx: click.Context, paths: tuple[str, ...], format_name: str, jobs: int, as_json: bool) -> int:
    """Take in files, folders, globs or standard input (-).

    The format is found by content. Prints what was kept, what was here already, and what was refused and why.
    """
    from afterbell.steps import ingest as step

    house = output.the_house(ctx, must_exist=False)
    with output.progress("ingest") as show:
        reports = []
        for report in step.ingest(house, paths, format_name=format_name, jobs=jobs, progress=show):
            reports.append(report)
            if as_json:
                output.emit(step.as_json(report))
    if not as_json:
        _tables(reports)
    return 1 if reports and all(report.outcome == "refused" for report in reports) else 0


def _tables(reports: list) -> None:  # type: ignore[type-arg]
    shown = [report for report in reports if report.outcome != "refused"]
    kept = [report for report in reports if report.outcome == "kept"]
    rows = [
        (
            _tail(report.path),
            report.outcome,
            report.format,
            report.traces,
            report.spans + report.logs,
            report.rows,
            output.size(report.size),
            report.evidence[:12],
        )
        for report in shown[:_MOST]
    ]
    columns = ("source", "outcome", "format", ">traces", ">spans and logs", ">book rows", ">size", "evidence")
    more = f"… and {len(shown) - _MOST} more sources" if len(shown) > _MOST else ""
    if rows:
        output.table("", columns, rows, more)
    refused = [(report.path, each) for report in reports for each in report.refused if not each.taken]
    if refused:
        lines = [(_tail(path), each.where, each.why) for path, each in refused[:_MOST]]
        left = sum(report.refused_count for report in reports) - len(lines)
        output.table("Refused", ("source", "where", "why"), lines, f"… and {left} more (--json)" if left > 0 else "")
    remarks = [(_tail(report.path), each.where, each.why) for report in kept for each in report.refused if each.taken]
    if remarks:
        left = f"… and {len(remarks) - _MOST} more (--json)" if len(remarks) > _MOST else ""
        output.table("Taken in, with remarks", ("source", "where", "remark"), remarks[:_MOST], left)
    secrets = {
        kind: sum(report.redacted.get(kind, 0) for report in kept) for report in kept for kind in report.redacted
    }
    if secrets:
        output.say(
            "redacted before keeping: " + ", ".join(f"{count} {kind}" for kind, count in sorted(secrets.items()))
        )
    output.say(
        f"{len(kept)} kept, {sum(report.outcome == 'repeat' for report in reports)} already here, "
        f"{sum(report.outcome == 'refused' for report in reports)} refused; "
        f"{sum(report.traces for report in kept)} traces, {sum(report.spans for report in kept)} spans, "
        f"{sum(report.rows for report in kept)} book rows"
    )


def _tail(path: str) -> str:
    """Return the end of a long path, marked as one: a cut path must not read as another."""
    return path if len(path) <= _WIDEST else f"…{path[1 - _WIDEST :]}"
