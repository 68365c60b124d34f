"""How well the linter tells sentences that blame from those that do not, beside the linters people use for tone.

    python benchmarks/blameless.py [--misses] [--real PATH]

Judges the sentences of `_sentences.py` and `_named.py`, and the labelled sentences and real postmortems of a folder
with the project's test data (`--real`, else AFTERBELL_SHARED_DATA, else ../shared/data) when it is there. Our linter is
tried by its rules alone, and with its parser where the nlp extra is installed. Peers: a list of sixteen adjectives, the
usual home-made lint, always; proselint and alex where they are installed (`proselint` and `alex` on the PATH). A peer
finds a sentence when it says anything of it. At last the speed over one million characters. Writes docs/blameless.md
when the real sentences are there; ends with 1 when the rules miss the goals of 95 % found and 2 % false on
`_sentences.py`, or when the parser adds a fault to a sentence that does not blame.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import _named
from _sentences import BLAMING, INNOCENT
from afterbell.blameless.lint import lint_text
from afterbell.blameless.parse import Parser
from afterbell.engines.parser import parser
from afterbell.errors import MissingExtraError

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "blameless.md"
GOAL_FOUND, GOAL_FALSE = 0.95, 0.02
BLAMED = {"blame_person": "a person", "human_error_agentless": "human error"}
CLEAN = {"person_neutral": "a person, neutral", "system": "a system"}
_FIELD = {"an intention": "prevention"}
_ADJECTIVES = re.compile(
    r"\b(?:careless|negligent|sloppy|lazy|incompetent|stupid|reckless|foolish|irresponsible|inattentive|clumsy|ignorant"
    r"|thoughtless|unprofessional|hasty|dumb)(?:ly)?\b",
    re.IGNORECASE,
)
_HEAD = """# The linter, measured

Written by `make bench-blameless`. Each figure counts the sentences in which a linter finds any fault: high where a
sentence blames, zero where it does not. The sentences *written for this* stand in `benchmarks/_sentences.py` and
are not the rules' examples; 47 of the 56 that blame were found when they were first tried, and the shapes of eight
more were then added to the rules. Those of *real postmortems* carry labels; borderline ones stand apart and are in no
total.

*With --nlp* is the same linter with the parser of the `nlp` extra, which only adds faults. Its sentences stand in
`benchmarks/_named.py`, written before its rules and meant to be out of reach for rules of shape: names, nicknames,
rare verbs, the passive; and products as subjects. Of the 30 *written for the parser* that blame, the rules found 1 and
both together 17 when they were first tried; of the 30 that do not, the rules found fault with 1 and the parser with no
other. Then its rules were tuned on them, and the list of products grew. The 20 and 20 *held back* were written at the
same time and tried when the rules were done; nothing was tuned on them.

A name alone tells little. The model calls 30 to 54 in 100 first names a person, and 12 to 25 in 100 products in the
same sentences ("_ assumed that the feed was adjusted": 47 and 20). Its word for a person is therefore not used: a name
counts only before what no program is said to do, or where the sentence tells it ("who", a role beside it). So more
names are missed, and products are left alone.
"""
_HOSTILE_SIZE = 100_000
_PARSED = "with --nlp"
_HOSTILE = (
    "operator ", "the ", "the operator who was on duty who ", "we had then also simply ", " ", "\n", '"a ', "...", "a",
    "`x` ",
    "The operator did not check the dashboard. ", "the reviewer approved the change and we deployed it ", "Anna Bert ",
    "was left by mistake ", "none of the few of the ", "operator's ", "\u202e\U0001f600 someone ",
    "the desk head skimmed it and ", "skimmed ",
)  # fmt: skip
_MARKDOWN = ("postmortems_fulltext", "blameless_guides")

Found = Callable[[Sequence[tuple[str, str]]], list[bool] | None]


class Row(NamedTuple):
    """A set of sentences of one kind: how many there are, and how many each linter found."""

    source: str
    kind: str
    blames: bool
    count: int
    found: Mapping[str, int | None]


def ours(sentences: Sequence[tuple[str, str]]) -> list[bool]:
    """Tell for each (kind, sentence) whether our linter finds fault."""
    return [bool(lint_text(text, _FIELD.get(kind, ""))) for kind, text in sentences]


def parsed(sentences: Sequence[tuple[str, str]]) -> list[bool] | None:
    """Tell the same with the parser; None where the nlp extra is not installed."""
    found = the_parser()
    return found and [bool(lint_text(text, _FIELD.get(kind, ""), found)) for kind, text in sentences]


@cache
def the_parser() -> Parser | None:
    """Return the parser; None where the nlp extra is not installed."""
    try:
        return parser()
    except MissingExtraError:
        return None


def adjectives(sentences: Sequence[tuple[str, str]]) -> list[bool]:
    """Tell for each sentence whether it holds one of sixteen adjectives."""
    return [bool(_ADJECTIVES.search(text)) for _kind, text in sentences]


def proselint(sentences: Sequence[tuple[str, str]]) -> list[bool] | None:
    """Tell for each sentence whether proselint says anything; None where it is not installed."""
    if shutil.which("proselint") is None:
        return None
    with _as_files(sentences) as paths:
        command = ["proselint", "check", "--output-format", "json", *paths]
        said = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)["result"]
        hit = {Path(name.removeprefix("file://")).name for name, found in said.items() if found["diagnostics"]}
        return [Path(path).name in hit for path in paths]


def alex(sentences: Sequence[tuple[str, str]]) -> list[bool] | None:
    """Tell for each sentence whether alex warns; None where it is not installed."""
    if shutil.which("alex") is None:
        return None
    with _as_files(sentences) as paths:
        said = subprocess.run(["alex", *paths], capture_output=True, text=True, check=False).stderr
        blocks = [block.splitlines() for block in said.split("\n\n") if "warning" in block]
        hit = {Path(line).name for block in blocks for line in block if line.endswith(".md")}
        return [Path(path).name in hit for path in paths]


LINTERS: Mapping[str, Found] = {
    "afterbell": ours,
    _PARSED: parsed,
    "16 adjectives": adjectives,
    "proselint": proselint,
    "alex": alex,
}


class _as_files:  # noqa: N801 - reads as a verb
    """Write each sentence to a file of its own for the time of a `with`."""

    def __init__(self, sentences: Sequence[tuple[str, str]]) -> None:
        self._sentences = sentences
        self._folder = tempfile.TemporaryDirectory(prefix="afterbell-bench-")

    def __enter__(self) -> list[str]:
        paths = []
        for number, (_kind, text) in enumerate(self._sentences):
            path = Path(self._folder.name) / f"{number:05d}.md"
            path.write_text(text + "\n", encoding="utf-8")
            paths.append(str(path))
        return paths

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def main() -> int:
    """Judge and print; 1 when our own sentences miss a goal."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--misses", action="store_true", help="print what was missed or wrongly found")
    shared = os.environ.get("AFTERBELL_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
    parser.add_argument("--real", type=Path, default=Path(shared), help="the folder of the project's test data")
    chosen = parser.parse_args()
    own = [row for sentences, blames in ((BLAMING, True), (INNOCENT, False))
           for row in rows("written for this", sentences, blames, show=chosen.misses)]  # fmt: skip
    named = [row for sentences, blames in ((_named.BLAMING, True), (_named.INNOCENT, False))
             for row in rows("written for the parser", sentences, blames, show=chosen.misses)]  # fmt: skip
    held = [row for sentences, blames in ((_named.HELD_BLAMING, True), (_named.HELD_INNOCENT, False))
            for row in rows("held back", sentences, blames, show=chosen.misses)]  # fmt: skip
    real = [row for labels, blames in ((BLAMED, True), (CLEAN, False))
            for row in rows("real postmortems", labelled(chosen.real, labels), blames, show=chosen.misses)]  # fmt: skip
    apart = [row for labels, blames in ((BLAMED, True), (CLEAN, False)) for row in
             rows("real, borderline", labelled(chosen.real, labels, borderline=True), blames, show=False)]  # fmt: skip
    sets = {"written for this": own, "written for the parser": named, "held back": held, "real postmortems": real}
    lines = table([row for found in (*sets.values(), apart) for row in found])
    lines += ["", *(line for source, found in sets.items() for line in totals(source, found)), ""]
    for face, asked in faces().items():
        lines += [*whole_texts(chosen.real, face, asked), speed(face, asked), hostile(face, asked)]
    print("\n".join(lines))
    if real:
        PAGE.write_text(page(lines), encoding="utf-8")
    recall, false = share(own, blames=True), share(own, blames=False)
    clean = [row.found for found in sets.values() for row in found if not row.blames]
    worse = any(each[_PARSED] not in {None, each["afterbell"]} for each in clean)
    return int(recall < GOAL_FOUND or false > GOAL_FALSE or worse)


def faces() -> Mapping[str, Parser | None]:
    """Return the linter by its rules alone and, where it is installed, with its parser."""
    found = the_parser()
    return {"rules": None} | ({"rules and parser": found} if found else {})


def labelled(folder: Path, labels: Mapping[str, str], *, borderline: bool = False) -> Mapping[str, tuple[str, ...]]:
    """Return the real sentences by kind, the plain or the borderline ones; empty when they are not on this machine."""
    path = folder / "blame_sentences" / "blame_sentences.jsonl"
    if not path.is_file():
        return {}
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {kind: tuple(row["sentence"] for row in found if row["label"] == label and row["borderline"] is borderline)
            for label, kind in labels.items()}  # fmt: skip


def rows(source: str, sentences: Mapping[str, Sequence[str]], blames: bool, *, show: bool) -> Iterable[Row]:
    """Yield one row per kind of sentence."""
    for kind, texts in sentences.items():
        pairs = [(kind, text) for text in texts]
        answers = {name: linter(pairs) for name, linter in LINTERS.items()}
        counts = {name: None if found is None else sum(found) for name, found in answers.items()}
        yield Row(source, kind, blames, len(texts), counts)
        for text, found in zip(texts, answers["afterbell"] or (), strict=True):
            if show and found != blames:
                print(f"{'missed' if blames else 'wrongly found'} ({kind}): {text}")


def table(found: Sequence[Row]) -> list[str]:
    """Return the Markdown table of all rows."""
    head = ["| sentences | kind | count | " + " | ".join(LINTERS) + " |", "|---|---|--:|" + "--:|" * len(LINTERS)]
    return head + [
        f"| {row.source} | {row.kind} | {row.count} | "
        + " | ".join("-" if row.found[name] is None else str(row.found[name]) for name in LINTERS) + " |"
        for row in found
    ]  # fmt: skip


def share(found: Sequence[Row], *, blames: bool, linter: str = "afterbell") -> float:
    """Return which share of the sentences that blame (or do not) a linter found."""
    mine = [row for row in found if row.blames is blames]
    return sum(row.found[linter] or 0 for row in mine) / max(sum(row.count for row in mine), 1)


def totals(source: str, found: Sequence[Row]) -> list[str]:
    """Return a line per linter: recall, precision, false faults."""
    lines = []
    for name in LINTERS if found else ():
        if any(row.found[name] is None for row in found):
            continue
        true = sum(row.found[name] or 0 for row in found if row.blames)
        false = sum(row.found[name] or 0 for row in found if not row.blames)
        precision = f"{true / (true + false):.3f}" if true + false else "-"
        recall, wrong = share(found, blames=True, linter=name), share(found, blames=False, linter=name)
        lines.append(
            f"- {source}, {name}: recall {recall:.3f}, precision {precision}, false faults {100 * wrong:.1f} %"
        )
    return lines


def whole_texts(folder: Path, face: str, asked: Parser | None) -> list[str]:
    """Return a line per folder of real texts: faults per thousand words."""
    lines = []
    for name in _MARKDOWN:
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted((folder / name).rglob("*.md"))]
        if texts:
            words = sum(len(text.split()) for text in texts)
            faults = sum(len(lint_text(text, "", asked)) for text in texts)
            lines.append(f"- {face}, {name}: {faults} faults in {words:,} words of {len(texts)} texts, "
                         f"{1000 * faults / words:.2f} per thousand words")  # fmt: skip
    return lines


def speed(face: str, asked: Parser | None) -> str:
    """Return a line with the speed over a million characters of text in which one sentence of eight blames."""
    clean = [text for listed in INNOCENT.values() for text in listed]
    blaming = [text for listed in BLAMING.values() for text in listed]
    told = [text for number, text in enumerate(blaming) for text in (*clean[number % 7 :: 8], text)]
    paragraph = " ".join(told) + "\n\n"
    text = paragraph * (1_000_000 // len(paragraph) + 1)
    lint_text(paragraph, "", asked)  # shapes are compiled on first use
    start = time.process_time()
    lint_text(text, "", asked)
    seconds = time.process_time() - start
    words = len(text.split())
    return (
        f"- {face}, {len(text):,} characters: {seconds:.2f} s of processor time, {words / seconds:,.0f} words a second"
    )


def hostile(face: str, asked: Parser | None) -> str:
    """Return a line with the slowest of many hostile texts, and how much longer twice the text takes."""
    slowest, factor = 0.0, 0.0
    for piece in _HOSTILE:
        spent = []
        for size in (_HOSTILE_SIZE // 2, _HOSTILE_SIZE):
            start = time.process_time()
            lint_text(piece * (size // len(piece)), "", asked)
            spent.append(time.process_time() - start)
        slowest, factor = max(slowest, spent[1]), max(factor, spent[1] / spent[0])
    return (f"- {face}, {len(_HOSTILE)} hostile texts of {_HOSTILE_SIZE:,} characters: at most {slowest:.2f} s, and at "
            f"most {factor:.1f} times as long for twice the text")  # fmt: skip


def page(lines: Sequence[str]) -> str:
    """Return the page of the documentation."""
    return "\n".join([_HEAD, *lines, ""])


if __name__ == "__main__":
    sys.exit(main())
