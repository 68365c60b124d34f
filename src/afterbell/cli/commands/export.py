"""afterbell export: the log in other forms."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from afterbell.cli import output
from afterbell.errors import UsageError

_FORMS = ("jsonl", "seed", "markdown", "pdf", "tiles")


@click.command()
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option("--jsonl", "form", flag_value="jsonl", help="Every entry, one canonical JSON line each.")
@click.option("--seed", "form", flag_value="seed", help="The specification's log.jsonl and amendments.jsonl.")
@click.option("--markdown", "form", flag_value="markdown", help="One page for each record, as amended.")
@click.option("--pdf", "form", flag_value="pdf", help="One PDF for each record, as amended (needs the 'pdf' extra).")
@click.option("--tiles", "form", flag_value="tiles", help="C2SP tlog-tiles, for static hosting and others' checks.")
@click.option("--proof", "record", default=None, metavar="ID", help="The offline proof (.tlog-proof) of one record.")
@click.pass_context
def command(ctx: click.Context, directory: Path | None, form: str | None, record: str | None) -> None:
    """Write the log into a new DIRECTORY, or the proof of one record to standard output. Nothing is written over."""
    from afterbell.steps import export as step

    house = output.the_house(ctx)
    if record is not None:
        sys.stdout.buffer.write(step.proof(house, record))
        return
    if form is None or directory is None:
        raise UsageError("say which form and where to", f"afterbell export --{' | --'.join(_FORMS)} DIRECTORY")
    done = step.export(house, form, directory)
    output.say(f"{done.files} files in {done.directory}")
