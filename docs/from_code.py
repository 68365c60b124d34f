"""Fills pages from the code: a line `<!-- from code: NAME -->` becomes what the function NAME below returns.

The text is the same that `afterbell explain` prints. A mode, trigger, rule, format or command that is added appears
here by itself; nothing is listed by hand.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click
import msgspec

from afterbell.blameless.parsed_rules import PARSED_RULES
from afterbell.blameless.rules import RULES as LANGUAGE_RULES
from afterbell.catalog import shelves
from afterbell.cli import afterbell as cli
from afterbell.model.checklist import CHECKLIST
from afterbell.model.rules import RULES as FIELD_RULES

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

PLACE = re.compile(r"^<!-- from code: ([a-z]+) -->$", re.MULTILINE)
_HEADING = re.compile(rf"(?:#+ *)?({'|'.join(map(re.escape, shelves.HEADINGS))})(?:[.:] *(.*))?")


def checklist() -> str:
    """Return the questions as a table, the ones that only people answer too."""
    built = shelves.modes()
    lines = ["| | mode | question | since |", "|--:|---|---|---|"]
    rows = [*CHECKLIST, *((mode.number, mode.slug) for mode in built.values() if mode.number > len(CHECKLIST))]
    for number, slug in rows:
        mode = built.get(number)
        link = f"[{slug}](#mode-{number})" if mode else slug
        asked = (_cell(mode.question), mode.since) if mode else ("people answer; no detector in this version yet", "")
        lines.append(f"| {number} | {link} | {' | '.join(asked)} |")
    return "\n".join(lines)


def modes() -> str:
    """Return a section for each mode on the shelf."""
    return "\n\n".join(_mode(mode) for mode in shelves.modes().values())


def _mode(mode: shelves.Mode) -> str:
    parts = [f"(mode-{mode.number})=\n## {mode.number}. {mode.slug}", f"**{mode.question}**", _page(mode.page)]
    needs = ", ".join(need.value for need in mode.needs) or "nothing: it can always be answered"
    parts.append(f"### What it needs\n\n{needs[0].upper()}{needs[1:]}.")
    if mode.knobs:
        rows = [f"| `{name}` | `{_shown(value)}` |" for name, value in mode.knobs.items()]
        table = "\n".join(["| knob | default |", "|---|---|", *rows])
        parts.append(f"### Knobs\n\nSet under `[policy.mode.{mode.slug}]` in `afterbell.toml`.\n\n{table}")
    parts.append("### Examples")
    parts += [_case(case.answer.value, case) for case in mode.cases]
    return "\n\n".join(parts)


def triggers() -> str:
    """Return a section for each trigger on the shelf."""
    parts = []
    for trigger in shelves.triggers().values():
        parts += [f"## {trigger.name}", f"**{trigger.title}**", _page(trigger.page), "### Examples"]
        for case in trigger.cases:
            fires = ", ".join(f"{subject}: {measured}" for subject, measured in case.fires)
            parts.append(_case(f"fires ({_cell(fires)})" if fires else "quiet", case))
    return "\n\n".join(parts) or "No trigger stands on the shelf."


def _case(answer: str, case: Any) -> str:
    books = [f"{name}: {_row(row)}" for name, rows in case.books.items() for row in rows]
    policy = [f"policy: {_row(case.policy)}"] if case.policy else []
    given = "\n".join([*map(_row, case.given), *books, *policy])
    return f"**{answer}**: {_sentence(case.name)} {_sentence(case.teaches)}\n\n{_fence(given)}"


def fields() -> str:
    """Return the rules of the seven fields as tables, one per field."""
    groups: dict[str, list[str]] = {}
    for name, rule in FIELD_RULES.items():
        kind = "hole" if rule.missing else "fault"
        row = f"| `{name}` | {kind} | {_cell(rule.why)} | {_cell(rule.rewrite)} |"
        groups.setdefault(name.partition(".")[0], []).append(row)
    head = "| rule | is a | why | what to do |\n|---|---|---|---|\n"
    return "\n\n".join(f"### {group}\n\n{head}" + "\n".join(rows) for group, rows in groups.items())


def language() -> str:
    """Return the rules of blameless language with their examples on both sides."""
    parts = []
    for rule in (*LANGUAGE_RULES, *PARSED_RULES):
        where = f"Only in: {', '.join(sorted(rule.fields))}." if rule.fields else "In every text that people write."
        where += " Only with `--nlp`." if rule in PARSED_RULES else ""
        parts += [f"### {rule.id}", f"{rule.why} {rule.ask}", where]
        parts.append(_list("A fault:", rule.match))
        parts.append(_list("Fine:", rule.miss))
    return "\n\n".join(part for part in parts if part)


def _list(title: str, texts: tuple[str, ...]) -> str:
    return title + "\n\n" + "\n".join(f"- {_inline(text)}" for text in texts) if texts else ""


def envelopes() -> str:
    """Return a section for each envelope: how telemetry and books are wrapped."""
    return "\n\n".join(
        f"### {module.NAME}\n\n**{module.TITLE}**\n\n{_prose(module.__doc__)}"
        for module in shelves.envelopes().values()
    )


def dialects() -> str:
    """Return a section for each dialect: what the words of a convention mean."""
    return "\n\n".join(f"### {module.NAME}\n\n{_prose(module.__doc__)}" for module in shelves.dialects())


def commands() -> str:
    """Return a section for each command: usage, what it does, arguments and options."""
    context = click.Context(cli, info_name="afterbell")
    parts = [_command(cli, context, "## afterbell")]
    for path, command, inner in _walk(cli, context):
        parts.append(_command(command, inner, f"## afterbell {path}"))
    return "\n\n".join(parts)


def _walk(
    group: click.Group, context: click.Context, path: str = ""
) -> Iterator[tuple[str, click.Command, click.Context]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        yield f"{path}{name}", command, inner
        if isinstance(command, click.Group):
            yield from _walk(command, inner, f"{path}{name} ")


def _command(command: click.Command, context: click.Context, heading: str) -> str:
    text = "\n\n".join(_prose(part) for part in (command.help or "").split("\n\n"))
    rows = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and "--help" not in record[0]:
            rows.append(f"| {_code(record[0])} | {_cell(record[1])} |")
    table = "\n".join(["| option | |", "|---|---|", *rows]) if rows else ""
    usage = command.get_usage(context).removeprefix("Usage: ")
    return "\n\n".join(part for part in (heading, f"```text\n{' '.join(usage.split())}\n```", text, table) if part)


PAGES: Mapping[str, Callable[[], str]] = {
    function.__name__: function
    for function in (checklist, modes, triggers, fields, language, envelopes, dialects, commands)
}


# ---- text -----------------------------------------------------------------------------------------------------------


def _page(page: str) -> str:
    """Return a docstring as Markdown: its headings become headings, what is indented under them their text."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in page.splitlines():
        found = _HEADING.fullmatch(line.strip())
        if found:
            parts.append((f"### {found[1]}\n\n", [found[2] or ""]))
        elif not re.fullmatch(r"\s*[-=~]{3,}\s*", line):
            parts[-1][1].append(line)
    return "\n\n".join(heading + _prose("\n".join(lines)) for heading, lines in parts).strip()


def _prose(text: str | None) -> str:
    """Return a text without its indentation and with what it means literally kept literal."""
    return "\n".join(_tame(line) for line in inspect.cleandoc("\n" + (text or "").strip("\n")).splitlines())


def _tame(line: str) -> str:
    """Keep what a docstring means literally from being read as Markdown: tags, and names with underscores or stars."""
    pieces = re.split(r"(`[^`]*`)", line)
    pieces[::2] = [re.sub(r"([<>\[\]]|(?<=\w)[*_]|(?<=[.\w])\*)", r"\\\1", piece) for piece in pieces[::2]]
    return "".join(pieces)


def _sentence(text: str) -> str:
    plain = _tame(text.strip())
    return plain if not plain or plain.endswith((".", "!", "?")) else f"{plain}."


def _cell(text: str) -> str:
    return _tame(" ".join(text.split())).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def _inline(text: str) -> str:
    ticks = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{ticks}{pad}{' '.join(text.split())}{pad}{ticks}"


def _row(row: Any) -> str:
    return _readable(json.dumps(msgspec.to_builtins(row), ensure_ascii=False))


def _shown(value: Any) -> str:
    return _readable(json.dumps(msgspec.to_builtins(value), ensure_ascii=False))


def _readable(text: str) -> str:
    """Spell out characters that do not show or turn the reading direction: examples hold hidden text on purpose."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def _fence(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text or '(nothing)'}\n{fence}"


# ---- sphinx ---------------------------------------------------------------------------------------------------------


def fill(source: str) -> str:
    """Return a page with every place in it filled. Raises KeyError for a name that no function here has."""
    return PLACE.sub(lambda found: PAGES[found[1]](), source)


def _fill_page(_app: Sphinx, _page_name: str, source: list[str]) -> None:
    source[0] = fill(source[0])


def _made_pages(
    _app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    return [name for name in env.found_docs if PLACE.search(env.doc2path(name).read_text(encoding="utf-8"))]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", _fill_page)
    app.connect("env-get-outdated", _made_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
