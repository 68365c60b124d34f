"""Lint: the form, the seven fields, the language, and whether the commits it names exist; all faults at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from afterbell.blameless.lint import lint as blameless
from afterbell.blameless.lint import lint_text
from afterbell.blameless.parse import Parser
from afterbell.disk import files, git
from afterbell.disk.house import House
from afterbell.engines.parser import parser
from afterbell.errors import UsageError
from afterbell.model.checklist import CHECKLIST
from afterbell.model.fault import Fault
from afterbell.model.judge import judge
from afterbell.model.policy import parses_language
from afterbell.model.record import Draft, ReferenceKind
from afterbell.render.form_reader import Form, from_markdown, position

LARGEST = 4 * 1024 * 1024
MODES = tuple(slug for _number, slug in CHECKLIST)
_FORM = "form"


class Finding(Struct, frozen=True, kw_only=True):
    """A fault in its place: `start` and `end` are character offsets in the file, `line` and `column` count from 1."""

    fault: Fault
    start: int
    end: int
    line: int
    column: int


class Checked(Struct, frozen=True, kw_only=True):
    """A form as read, and everything that is wrong with it, in the order of the file."""

    form: Form
    commits: Mapping[str, bool]
    findings: tuple[Finding, ...]


def lint(house: House, path: Path) -> Checked:
    """Check one form. Raises UsageError when the file is not there or is no text, and as `parser_of` does."""
    return check(house, read(path), parser_of(house))


def parser_of(house: House, *, asked: bool = False) -> Parser | None:
    """Return the parser where the policy or the caller asks for one: every gate of a house judges alike.

    What happens to be installed decides nothing: raises MissingExtraError when the parser is asked for and not there.
    """
    return parser() if asked or parses_language(house.policy()) else None


def read(path: Path) -> str:
    """Return the text of a form. Raises UsageError for what cannot be one."""
    if not path.is_file():
        raise UsageError(f"no file {path}", "afterbell draft EVENT writes one")
    data = files.read(path, LARGEST + 1) or b""
    if len(data) > LARGEST:
        raise UsageError(f"{path} is larger than {LARGEST // 2**20} MiB", "a form is a page or two")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start})", "save it as UTF-8") from None


def check(house: House, text: str, parser: Parser | None = None) -> Checked:
    """Check the text of a form."""
    form = from_markdown(text)
    commits = git.commits(house.root, _shas(form.draft))
    found = [_placed(fault, text, form) for fault in form.faults]
    faults = (*judge(form.draft, known_modes=MODES, commits=commits), *blameless(form.draft, parser))
    found += [_placed(fault, text, form) for fault in faults]
    return Checked(form=form, commits=commits, findings=tuple(sorted(found, key=lambda each: (each.start, each.end))))


def prose(text: str, parser: Parser | None = None) -> tuple[Finding, ...]:
    """Check the language of any text that is no form."""
    found = []
    for fault in lint_text(text, parser=parser):
        line, column = position(text, fault.start)
        found.append(Finding(fault=fault, start=fault.start, end=fault.end, line=line, column=column))
    return tuple(found)


def is_form(text: str) -> bool:
    """Tell whether a text begins like a form: a head between two lines of ---."""
    return text.removeprefix("\ufeff").lstrip().startswith("---")


def findings(house: House, text: str, parser: Parser | None = None) -> tuple[Finding, ...]:
    """Check a form by all rules, any other text by the language's alone."""
    return check(house, text, parser).findings if is_form(text) else prose(text, parser)


def _shas(draft: Draft) -> list[str]:
    named = [draft.fix.commit_sha or ""]
    return named + [each.value for each in draft.references if each.kind is ReferenceKind.COMMIT]


def _placed(fault: Fault, text: str, form: Form) -> Finding:
    """Find where in the file the fault's words stand; a fault without words of its own points at its field."""
    if fault.root == _FORM:
        start, end = fault.start, fault.end
    else:
        start, end = _nearest(fault.field, form)
        said = _words(fault, form.draft)
        at = text.find(said, start, end) if said else -1
        if at >= 0:
            start, end = at, at + len(said)
    line, column = position(text, start)
    return Finding(fault=fault, start=start, end=end, line=line, column=column)


def _nearest(field: str, form: Form) -> tuple[int, int]:
    path = field
    while path:
        if path in form.places:
            return form.places[path]
        path = path.rpartition(".")[0]
    return 0, 0


def _words(fault: Fault, draft: Draft) -> str:
    if fault.end <= fault.start:
        return ""
    value: Any = draft
    for step in fault.field.split("."):
        if step.isdigit() and fault.root == "answers":
            value = next((row.note for row in draft.answers if row.number == int(step)), "")
        elif step.isdigit() and isinstance(value, tuple):
            value = value[int(step) - 1] if 0 < int(step) <= len(value) else ""
        else:
            value = getattr(value, step, value)
    for name in ("text", "paragraph", "value"):
        value = getattr(value, name, value)
    return value[fault.start : fault.end] if isinstance(value, str) else ""


def as_json(path: str, finding: Finding) -> dict[str, Any]:
    """Return a finding in the shape that other programs rely on."""
    fault = finding.fault
    return {
        "file": path,
        "field": fault.field,
        "rule": fault.rule,
        "start": finding.start,
        "end": finding.end,
        "line": finding.line,
        "column": finding.column,
        "message": fault.message,
        "why": fault.why,
        "rewrite": fault.rewrite,
        "missing": fault.missing,
    }
