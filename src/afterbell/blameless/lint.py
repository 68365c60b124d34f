"""Text in, faults out: which rules apply to a field, where they match, and what control to name instead.

Pure and without a model; a parser may be handed in, which only adds faults in sentences that the rules leave open.
Quoted text, code and links are not judged. The form of the fields is judged in `model`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from afterbell.blameless.controls import control_behind
from afterbell.blameless.finder import Subjects, find
from afterbell.blameless.mask import masked
from afterbell.blameless.parse import Parser
from afterbell.blameless.parsed import find as find_parsed
from afterbell.blameless.parsed_rules import ParsedRule
from afterbell.blameless.rule import Rule
from afterbell.blameless.rules import rules_for
from afterbell.model.fault import Fault
from afterbell.model.record import Content

_CLAUSE_END = re.compile(r"[.;!?\n](?:\s|$)|$")
_PREVENTING = re.compile(
    r"\b(?:prevent|avoid|reduc|eliminat|mitigat|toler|protect|guard|impact of|risk of|room for)\w{0,6}\b"
    r"[^.;!?\n]{0,40}$",
    re.IGNORECASE,
)
_LEAD = " \t\r\n.,;:!?|(*-"

_PERSON = "puts the cause in a person"
_SAYS = {
    "blame.personified": "gives a machine a character",
    "blame.intention": "is an intention, not a detector",
    "summary.judgement": "is a judgement",
}
"""What the matched words do wrong, by rule; every other rule says `_PERSON`."""


def lint_text(text: str, field: str = "", parser: Parser | None = None) -> tuple[Fault, ...]:
    """Return the faults of one text, in order of place; `field` is its path in the record, "" for any prose.

    What a rule requires is asked of a row ("contributing_factors.1"), not of a note that stands at the whole field.
    Where two rules match overlapping words, the one that begins first speaks, then the one that is listed first.
    """
    shown = masked(text)
    subjects = Subjects(shown)
    found = [(match, rule) for rule in rules_for(field) if not rule.required for match in _matches(rule, subjects)]
    found.sort(key=lambda pair: pair[0].start())
    faults: list[Fault] = []
    spoken = 0
    for match, rule in found:
        if match.start() >= spoken:
            start = match.start() + len(match[0]) - len(match[0].lstrip(_LEAD))
            faults.append(_said(rule, text, field, start, match.start() + len(match[0].rstrip())))
            spoken = _clause(text, match.end())
    parsed = find_parsed(shown, [fault.start for fault in faults], parser) if parser else ()
    if not faults and text.strip() and "." in field:
        faults = [_absent(rule, text, field) for rule in rules_for(field) if rule.required and not _holds(rule, text)]
    faults += [_said(each.rule, text, field, each.start, each.end) for each in parsed]
    return tuple(sorted(faults, key=lambda fault: fault.start))


def lint(content: Content, parser: Parser | None = None) -> tuple[Fault, ...]:
    """Return the faults of every text that people write in a draft or record, in the order of the fields."""
    return tuple(fault for field, text in _texts(content) for fault in lint_text(text, field, parser))


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    yield "summary", content.summary
    for number, row in enumerate(content.timeline, 1):
        yield f"timeline.{number}.event", row.event
    for number, factor in enumerate(content.contributing_factors, 1):
        yield f"contributing_factors.{number}", factor.text
    yield "fix", content.fix.paragraph
    yield "prevention", content.prevention
    for answer in content.answers:
        yield f"answers.{answer.number}", answer.note


def _matches(rule: Rule, subjects: Subjects) -> Iterator[re.Match[str]]:
    shown = subjects.text
    for match in find(rule, subjects):
        if rule.id != "blame.human_error" or not _PREVENTING.search(shown, max(0, match.start() - 60), match.start()):
            yield match


def _clause(text: str, place: int) -> int:
    end = _CLAUSE_END.search(text, place)
    return end.start() if end else len(text)


def _holds(rule: Rule, text: str) -> bool:
    return any(each.search(text) for each in rule.patterns)


def _said(rule: Rule | ParsedRule, text: str, field: str, start: int, end: int) -> Fault:
    said = " ".join(text[start:end].split())
    control = control_behind(text[start : _clause(text, end)])
    rewrite = f"Name the control: {control}. {rule.ask}" if control else rule.ask
    message = f"{said[:80]!r} {_SAYS.get(rule.id, _PERSON)}"
    return Fault(field=field, rule=rule.id, message=message, why=rule.why, rewrite=rewrite, start=start, end=end)


def _absent(rule: Rule, text: str, field: str) -> Fault:
    message = "no part of the system is named"
    return Fault(field=field, rule=rule.id, message=message, why=rule.why, rewrite=rule.ask, end=len(text))
