"""afterbell review: whether people would approve a trade when they see only what the model saw."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND, UsageError


@click.group()
def command() -> None:
    """Review sampled trades blind: the outcome is hidden until the answer is kept."""


@command.command(name="next")
@click.option("--role", default="reviewer", show_default=True, help="The role that reviews; never a name.")
@click.option("--seed", default="", help="The seed of the draws, at the first draw (default: a random one).")
@click.option("--trace", default="", metavar="TRACE", help="Review this trade instead of drawing one.")
@output.json_option
@click.pass_context
def next_(ctx: click.Context, role: str, seed: str, trace: str, as_json: bool) -> int:
    """Show the next trade as the model saw it: messages, tools and documents, and nothing after the decision.

    Trades are drawn by turns: the first of a strategy, the largest, one by lot. A review that waits for its answer is
    shown again before another is drawn.
    """
    from afterbell.render import review as render
    from afterbell.steps import review as step

    queue = step.ask(output.the_house(ctx), role=role, seed=seed, trace=trace)
    for each in queue.gone:
        output.warn(f"review {each} waits for an answer, but its trace is not in this house")
    if queue.unstated:
        output.warn(f"not drawn: {queue.unstated} decisions that do not say what was to be done")
    if queue.page is None:
        output.warn("every trade has been asked; ingest more")
        return FINE
    if as_json:
        output.emit(render.as_json(queue.page.review_id, queue.page.stratum, queue.page.view))
        return FINE
    for line in render.lines(queue.page.view):
        output.say(line)
    output.say(f"review {queue.page.review_id} ({queue.page.stratum}); {queue.left} trades were never asked")
    output.say(f"answer: afterbell review answer {queue.page.review_id} approve|decline|resize --reason TEXT")
    return FINE


@command.command(name="answer")
@click.argument("review", metavar="REVIEW")
@click.argument("said", metavar="ANSWER", type=click.Choice(["approve", "decline", "resize"]))
@click.option("--quantity", default=None, help="What you would take instead, with resize.")
@click.option("--reason", required=True, help="Why, in a sentence about the evidence.")
@output.json_option
@click.pass_context
def answer(ctx: click.Context, review: str, said: str, quantity: str | None, reason: str, as_json: bool) -> int:
    """Keep the ANSWER to a REVIEW (its id or the beginning), then show what came of the trade.

    approve, decline, or resize with the quantity you would take. An answer is final. Declining or another size makes
    an event for a postmortem.
    """
    from afterbell.render.review import moment_of
    from afterbell.steps import review as step

    try:
        amount = None if quantity is None else Decimal(quantity)
    except InvalidOperation:
        raise UsageError(f"{quantity!r} is no quantity", "a decimal with a point: 12.5") from None
    done = step.answer(output.the_house(ctx), review, said, reason=reason, quantity=amount)
    if done.review is None:
        output.faults(done.faults, as_json=as_json)
        return FOUND
    if as_json:
        output.emit({"review": done.review, "outcome": done.outcome, "event": done.event})
        return FINE
    output.say(f"kept: {said} ({done.review.review_id}) of trace {done.review.trace_id}")
    output.table(
        "what came of it", ("time", "stage", "event"),
        [(moment_of(row.at), row.stage.value if row.stage else "", row.event) for row in done.outcome],
    )  # fmt: skip
    if done.event is not None:
        output.say(f"event {done.event.event_id}: {done.event.reason}")
        output.say(f"meet by {done.event.due_by:%Y-%m-%d %H:%M}Z; next: afterbell draft {done.event.event_id}")
    return FINE


@command.command(name="report")
@output.json_option
@click.pass_context
def report(ctx: click.Context, as_json: bool) -> None:
    """Say how often blind reviewers agreed with the model: by month, and by why the trade was drawn."""
    from afterbell.steps import review as step

    found = step.agreed(output.the_house(ctx))
    if as_json:
        for row in found.rows:
            output.emit(row)
    else:
        columns = ("month", "drawn as", ">reviews", ">approved", ">declined", ">resized", ">agreement")
        rows = [
            (row.month, row.stratum, row.answered, row.approved, row.declined, row.resized, row.agreement)
            for row in found.rows
        ]
        output.table("", columns, rows, "a share of few reviews says little")
    if found.not_counted:
        output.warn(f"not counted: {found.not_counted} that are pending, not blind or cannot be compared")
