"""afterbell explain: the page of a mode, a trigger or a rule."""

from __future__ import annotations

import click

from afterbell.cli import output


@click.command()
@click.argument("name", required=False)
@output.json_option
def command(name: str | None, as_json: bool) -> None:
    """Show the page of a mode (slug or number), a trigger or a lint rule; without a name, what there is."""
    from afterbell.steps import explain as step

    if name is None:
        rows = step.contents()
        if as_json:
            for row in rows:
                output.emit(row)
        else:
            output.table("", ("name", "kind", "about"), [(row["name"], row["kind"], row["about"]) for row in rows])
        return
    page = step.page(name)
    if as_json:
        output.emit(page)
        return
    output.say(page["title"])
    output.say()
    output.say(page["page"])
    for case in page["cases"]:
        output.say(f"  {case['answer']:>8}  {case['name']}: {case['teaches']}")
