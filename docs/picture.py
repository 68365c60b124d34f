"""Draws `docs/images/demo.svg`: what `afterbell demo` prints, as a picture that needs no font or file from elsewhere.

Run by `make picture`. The lines are the program's own; the chapters that do not fit are left out.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

HERE = Path(__file__).parent
TARGET = HERE / "images" / "demo.svg"
WIDTH = 120
SHOWN = ("triggers", "scan", "lint", "verify")
# The day after the demo's events, so that the times by which to meet lie ahead.
NOW = "2026-01-06T09:00:00Z"

FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<title>What afterbell demo prints</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def printed() -> str:
    """Return what the demo prints to a terminal, colours included. Raises CalledProcessError when it fails."""
    settings = {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "AFTERBELL_NOW": NOW, "TERM": "xterm-256color"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(  # noqa: S603 - our own program, with no input from anywhere
            [sys.executable, "-m", "afterbell", "demo", str(Path(folder) / "demo")],
            env={**os.environ, **settings}, stdout=subprocess.PIPE, check=True, text=True,
        )  # fmt: skip
    return done.stdout.replace(folder + "/", "")


def chapters(text: str) -> list[str]:
    """Return the lines of the chapters whose command is in SHOWN; a chapter begins with its number."""
    found = re.split(r"^(?=\d{1,2}\. )", text, flags=re.MULTILINE)[1:]
    wanted = re.compile(rf"^   \$ afterbell (?:{'|'.join(SHOWN)})\b", re.MULTILINE)
    kept = [chapter for chapter in found if wanted.search(chapter)]
    return re.sub(r"\n\s*\n(?=\s*\n)", "\n", "".join(kept)).strip().splitlines()


def main() -> None:
    """Run the demo and write the picture."""
    console = Console(record=True, width=WIDTH, file=Path(os.devnull).open("w"), force_terminal=True)  # noqa: SIM115
    console.print(Text("$ make demo", style="bold"))
    for line in chapters(printed()):
        console.print(Text.from_ansi(line), overflow="ellipsis", no_wrap=True, crop=True)
    TARGET.parent.mkdir(exist_ok=True)
    svg = console.export_svg(title="afterbell demo", theme=MONOKAI, code_format=FRAME, unique_id="demo")
    TARGET.write_text(svg, encoding="utf-8")
    sys.stdout.write(f"{TARGET.relative_to(HERE.parent)}: {len(svg)} bytes\n")


if __name__ == "__main__":
    main()
