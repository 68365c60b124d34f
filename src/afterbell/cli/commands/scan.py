"""afterbell scan: the twenty questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from afterbell.cli import output
from afterbell.errors import UsageError

if TYPE_CHECKING:
    from afterbell.steps.scan import TraceScan
    from afterbell.steps.write_back import WriteBack

_PROOFS = 8


@click.command()
@click.argument("trace", required=False)
@click.option("--all", "everything", is_flag=True, help="Scan every trace of the house.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    default=None,
    help="Scan the traces that started from this day or moment (UTC) on.",
)
@click.option("--mode", "only", multiple=True, help="Ask only this question (slug or number); may be repeated.")
@click.option(
    "--engine", type=click.Choice(["local"]), expose_value=False, help="Where the scan runs (local is the only one)."
)
@click.option("--jobs", type=int, default=0, help="Processes to scan with (default: all processors).")
@click.option(
    "--for", "place", type=click.Choice(["openinference", "otel", "langfuse", "langsmith"]), default=None,
    help="Print the answers as JSON lines for this place, to be sent there, instead of tables.",
)  # fmt: skip
@output.json_option
@click.pass_context
def command(
    ctx: click.Context,
    trace: str | None,
    everything: bool,
    since: datetime | None,
    only: tuple[str, ...],
    jobs: int,
    place: str | None,
    as_json: bool,
) -> None:
    """Answer the twenty questions of a trace (or of all): yes, no, na or unknown, with evidence."""
    from afterbell.render.scan import as_json as shape
    from afterbell.steps import scan as step
    from afterbell.steps import write_back
    from afterbell.steps.store import Store

    house = output.the_house(ctx)
    asked = step.slugs(only)
    if bool(trace) == (everything or since is not None):
        raise UsageError("name one trace, or give --all or --since", "afterbell traces lists them")
    back = write_back.WriteBack(house, write_back.Place(place)) if place else None
    if trace:
        store = Store(house)
        found = step.scan_trace(store, store.match(trace), asked)
        if back is not None:
            _write_back(back, (found,), place)
        elif as_json:
            output.emit(shape(found.trace_id, found.answers))
        else:
            _one(found)
        return
    since_ns = int(since.replace(tzinfo=UTC).timestamp() * 10**9) if since else 0
    counts: Counter[tuple[int, str, str]] = Counter()
    scanned = 0
    with output.progress("scan") as show:
        for shard in step.scan_all(house, asked, since_ns=since_ns, jobs=jobs):
            if back is not None:
                _write_back(back, shard, place)
            for each in shard:
                scanned += 1
                if as_json and not place:
                    output.emit(shape(each.trace_id, each.answers))
                counts.update((row.number, row.mode, row.suggestion.answer.value) for row in each.answers)
            show(f"{scanned} traces", 0, 0)
    if not as_json and not place:
        modes = sorted({(number, mode) for number, mode, _answer in counts})
        words = ("yes", "no", "na", "unknown")
        output.table(
            f"{scanned} traces",
            (">", "mode", *(f">{word}" for word in words)),
            [(number, mode, *(counts[number, mode, word] or "" for word in words)) for number, mode in modes],
        )


def _write_back(back: WriteBack, scans: Sequence[TraceScan], place: str | None) -> None:
    for trace_id, found in back.lines(scans):
        for each in found:
            output.emit(each)
        if not found:
            output.warn(f"{trace_id} did not come from {place}: it has no run id that {place} knows")


def _one(found) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a TraceScan, imported late
    rows = [(row.number, row.mode, row.suggestion.answer.value, row.suggestion.reason) for row in found.answers]
    output.table(f"trace {found.trace_id}", (">", "mode", "answer", "reason"), rows)
    for row in found.answers:
        if row.suggestion.answer.value == "yes":
            output.say(f"{row.mode}:")
            for proof in row.suggestion.evidence[:_PROOFS]:
                output.say(f"  {proof.span_id or '-'} {proof.field}: {proof.excerpt[:160]}")
            if len(row.suggestion.evidence) > _PROOFS:
                output.say(f"  … and {len(row.suggestion.evidence) - _PROOFS} more (--json)")
