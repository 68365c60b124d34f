"""How commands speak: JSON lines for programs, tables for people, progress on stderr when it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from afterbell.model.wording import counted

if TYPE_CHECKING:
    from afterbell.disk.house import House
    from afterbell.model.fault import Fault
    from afterbell.query.records import Row
    from afterbell.steps.lint import Finding

_THOUSAND = 1000
_ALIKE = 3

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of tables.")

_COLOURS = {
    "yes": "bold red",
    "no": "green",
    "na": "dim",
    "unknown": "yellow",
    "ok": "green",
    "tampered": "bold red",
    "kept": "green",
    "repeat": "dim",
    "refused": "yellow",
    "cannot_judge": "yellow",
    "stale": "yellow",
}


def the_house(ctx: click.Context, *, must_exist: bool = True) -> House:
    """Return the house a command works in."""
    from afterbell.disk import house as houses

    chosen: Path | None = ctx.obj
    found = houses.House(chosen) if chosen else houses.find(Path.cwd())
    return houses.require(found) if must_exist else found


def emit(value: Any) -> None:
    """Print one JSON object on a line of its own: decimals as strings, times RFC 3339."""
    import msgspec

    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def say(text: str = "") -> None:
    """Print a line for people; hostile control characters are spelled out."""
    click.echo(inert(text))


def warn(text: str) -> None:
    """Print a line on stderr."""
    click.echo(inert(text), err=True)


def inert(text: str) -> str:
    """Return text that cannot move a cursor, ring a bell or turn the reading direction of a terminal."""
    return "".join(
        char if char in "\n\t" or (char.isprintable() and char not in _TURNING) else f"\\u{ord(char):04x}"
        for char in text
    )


_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], note: str = "") -> None:
    """Print a table; words with a meaning (yes, tampered) are coloured on a terminal.

    A column named ">x" is set to the right, one named "=x" (ids to copy) is never broken.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for column in columns:
        right, whole = column.startswith(">"), column.startswith("=")
        made.add_column(column.lstrip(">="), justify="right" if right else "left", overflow="fold", no_wrap=whole)
    for row in rows:
        made.add_row(*(Text(inert(str(cell)), style=_COLOURS.get(str(cell), "")) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False, soft_wrap=False)
    console.print(made)
    if note:
        console.print(Text(inert(note), style="dim"))


def moment(ns: int) -> str:
    """Return nanoseconds since the epoch as a time in UTC, or a dash."""
    return datetime.fromtimestamp(ns / 1e9, UTC).strftime("%Y-%m-%d %H:%M:%SZ") if ns else "-"


def size(count: int) -> str:
    """Return a number of bytes in a unit people read."""
    number = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if number < _THOUSAND or unit == "GB":
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= _THOUSAND
    return ""


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on stderr while work is under way; silent when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _name, _done, _size: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn(what),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=None)

        def show(name: str, done: int, whole: int) -> None:
            bar.update(task, description=inert(name[-48:]), completed=done, total=whole or None)

        yield show


def findings(path: str, found: Sequence[Finding], *, as_json: bool) -> None:
    """Print the faults of a form: where, what, and what to write instead. Many of one kind are shown as one."""
    from itertools import groupby

    from afterbell.steps.lint import as_json as shape

    if as_json:
        for each in found:
            emit(shape(path, each))
        return
    for _rule, group in groupby(found, key=lambda each: each.fault.rule):
        alike = list(group)
        first = alike[0]
        more = f" (and {len(alike) - 1} more like it)" if len(alike) > _ALIKE else ""
        for each in alike[:1] if more else alike:
            say(f"{path}:{each.line}:{each.column}: {each.fault.rule}: {each.fault.message}{more}")
        say(f"    {first.fault.rewrite}")


def for_hosts(found: Mapping[str, Sequence[Finding]], form: str) -> None:
    """Print findings as SARIF, or as the lines that a GitHub job turns into annotations."""
    from afterbell import __version__
    from afterbell.render import sarif

    places = [
        sarif.Place(path=path, fault=each.fault, start=each.start, end=each.end, line=each.line, column=each.column)
        for path, findings_ in found.items()
        for each in findings_
    ]
    if form == "sarif":
        emit(sarif.sarif(places, __version__))
        return
    for place in places:
        say(sarif.annotation(place))


def faults(found: Sequence[Fault], *, as_json: bool) -> None:
    """Print faults that stand in no file."""
    for fault in found:
        if as_json:
            emit(fault)
        else:
            say(f"{fault.rule}: {fault.message}. {fault.rewrite}")
    if found and not as_json:
        say("nothing was filed")


def records(rows: Sequence[Row], *, as_json: bool) -> None:
    """Print records, one a line."""
    if as_json:
        for row in rows:
            emit(row)
        return
    columns = ("=record", "filed", "status", "root cause", "trigger", "modes", "summary")
    cells = [
        (
            row.id,
            f"{row.created:%Y-%m-%d}",
            row.status,
            row.root_cause or "-",
            row.trigger or "-",
            ", ".join(row.modes),
            row.summary,
        )
        for row in rows
    ]
    table("", columns, cells, counted(len(rows), "record"))
