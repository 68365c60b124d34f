"""afterbell check-fix: claimed becomes shown, or not."""

from __future__ import annotations

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND, USAGE


@click.command()
@click.argument("record", metavar="ID")
@click.option("--mode", "names", multiple=True, help="Ask this mode or trigger (default: the record's yes answers).")
@click.option(
    "--case", multiple=True, metavar="PATH", help="Scan this replay through the fixed agents instead; may be repeated."
)
@click.option("--role", default="", help="The role that checks, never a name (default: the owner by CODEOWNERS).")
@click.option("--dry-run", is_flag=True, help="Only say what is found; add nothing to the log.")
@output.json_option
@click.pass_context
def command(
    ctx: click.Context, record: str, names: tuple[str, ...], case: tuple[str, ...], role: str, dry_run: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Scan the frozen evidence of the record ID anew, or a regression case, for what its fix was to mend.

    Exits with 0 when nothing fires any more, 1 when something still does, 2 when it cannot be told. What changes what
    is known of the fix is added to the record as an addendum.
    """
    from afterbell.model.fix_check import Outcome
    from afterbell.steps import check_fix as step

    done = step.check(output.the_house(ctx), record, names=names, case=case, role=role, keep=not dry_run)
    if done.faults:
        output.faults(done.faults, as_json=as_json)
        return FOUND
    check = done.check
    if as_json:
        output.emit(
            {
                "id": done.record_id,
                "outcome": check.outcome.value,
                "fix": done.after.value,
                "asked": check.asked,
                "evidence": check.evidence,
                "case": check.case,
                "addendum": done.addendum.id if done.addendum else None,
            }
        )
    else:
        rows = [(each.name, each.trace_id or "-", each.answer, each.reason) for each in check.asked]
        output.table("", ("asked", "=trace", "answer", "reason"), rows, f"fix: {done.after.value}")
        if check.outcome is Outcome.FIRES and not case:
            output.warn("a run that is over stays as it was: where the agents were fixed, give its replay with --case")
        if done.addendum is not None:
            output.say(f"addendum {done.addendum.id} at fix of {done.record_id}")
    return {Outcome.SHOWN: FINE, Outcome.FIRES: FOUND, Outcome.UNKNOWN: USAGE}[check.outcome]
