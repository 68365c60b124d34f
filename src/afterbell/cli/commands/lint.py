"""afterbell lint: every fault of a form or text at once."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from afterbell.cli import output
from afterbell.errors import FINE, FOUND, UsageError
from afterbell.model.wording import counted


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--stdin", "name", default=None, metavar="NAME", help="Read standard input, shown as NAME (editors).")
@click.option(
    "--nlp", is_flag=True, help="Parse what the rules leave open too (the nlp extra); or set it in the policy."
)
@click.option("--format", "form", type=click.Choice(["text", "sarif", "github"]), default="text", show_default=True)
@output.json_option
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], name: str | None, nlp: bool, form: str, as_json: bool) -> int:
    """Check forms by all rules, and any other text by the rules of blameless language. Exits with 1 on a fault."""
    from afterbell.steps import lint as step

    if bool(files) == (name is not None):
        raise UsageError("name files, or --stdin NAME", "afterbell lint postmortems/drafts/*.md")
    house = output.the_house(ctx, must_exist=False)
    texts = {str(path): step.read(path) for path in files} if name is None else {name: sys.stdin.read()}
    parser = step.parser_of(house, asked=nlp)
    found = {path: step.findings(house, text, parser) for path, text in texts.items()}
    if form != "text":
        output.for_hosts(found, form)
    else:
        for path, findings in found.items():
            output.findings(path, findings, as_json=as_json)
    count = sum(len(findings) for findings in found.values())
    if form == "text" and not as_json:
        output.say(counted(count, "fault") if count else "no fault")
    return FOUND if count else FINE
