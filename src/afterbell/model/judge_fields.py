"""Judges the seven fields, each by its rules of form: how many, how long, and what must be there.

Nothing beside the seven is judged here, and no language. Limits: the template of the specification.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise

from afterbell.model.fault import Fault
from afterbell.model.record import Content, Factor, Reference, ReferenceKind, TimelineRow
from afterbell.model.rules import (
    DETECTORS,
    FACTORS,
    REFERENCES,
    SUMMARY_SENTENCES,
    SUMMARY_WORDS,
    TIMELINE_ROWS,
    fault,
)
from afterbell.model.vocabulary import Answer
from afterbell.model.wording import counted

SHA = re.compile(r"[0-9a-fA-F]{7,40}")
LINK = re.compile(r"https?://[^\s/]+(?:/\S*)?|[A-Z][A-Z0-9_]{0,15}-\d{1,9}|(?:[\w.-]{1,80}/[\w.-]{1,80})?[#!]\d{1,9}")
TRACE_ID = re.compile(r"\S{1,200}")
NO_CHANGE = re.compile(r"no (?:code )?change[;,:]? documented and deferred", re.IGNORECASE)
_DETECTOR = re.compile(rf"(?<![a-z])(?:{DETECTORS})", re.IGNORECASE)
_WORD = re.compile(r"\S*\w\S*")
_SENTENCE_END = re.compile(r"(?<![\s.][A-Za-z])(?<!e\.g)(?<!i\.e)(?<!vs)[.!?][\"')\]]{0,2}\s{1,9}(?=[\"'(\[]?[A-Z0-9])")
_PARAGRAPHS = re.compile(r"\n[ \t\r]*\n\s*(?=\S)")


def summary(draft: Content) -> Iterator[Fault]:
    """One or two sentences, at most 40 words."""
    text = draft.summary
    if not text.strip():
        yield fault("summary.missing", "the summary is empty")
        return
    words = list(_WORD.finditer(text))
    if len(words) > SUMMARY_WORDS:
        message = f"the summary has {len(words)} words; the limit is {SUMMARY_WORDS}"
        yield fault("summary.words", message, start=words[SUMMARY_WORDS].start(), end=len(text))
    ends = list(_SENTENCE_END.finditer(text.rstrip()))
    if len(ends) >= SUMMARY_SENTENCES:
        message = f"the summary has {len(ends) + 1} sentences; the limit is {SUMMARY_SENTENCES}"
        yield fault("summary.sentences", message, start=ends[SUMMARY_SENTENCES - 1].end(), end=len(text))


def timeline(draft: Content) -> Iterator[Fault]:
    """Five to twenty rows in order, in UTC, each with its stage and trace."""
    few, many = TIMELINE_ROWS
    rows = draft.timeline
    if len(rows) < few:
        yield fault("timeline.few", f"the timeline has {counted(len(rows), 'row')}; at least {few} are needed")
    if len(rows) > many:
        yield fault("timeline.many", f"the timeline has {len(rows)} rows; the limit is {many}")
    for number, row in enumerate(rows, 1):
        yield from _row(number, row)
    placed = [(number, row.at) for number, row in enumerate(rows, 1) if row.at is not None and row.at.tzinfo]
    for (_, before), (number, after) in pairwise(placed):
        if after < before:
            yield fault("timeline.order", f"row {number} is earlier than the row above", field=f"timeline.{number}.at")


def _row(number: int, row: TimelineRow) -> Iterator[Fault]:
    path = f"timeline.{number}"
    if row.at is None:
        yield fault("timeline.time_missing", f"row {number} has no time", field=f"{path}.at")
    elif row.at.utcoffset() != timedelta(0):
        yield fault("timeline.utc", f"row {number} is not in UTC", field=f"{path}.at", end=len(row.at.isoformat()))
    if row.stage is None:
        yield fault("timeline.stage_missing", f"row {number} has no stage", field=f"{path}.stage")
    if not row.event.strip():
        yield fault("timeline.event_missing", f"row {number} does not say what happened", field=f"{path}.event")
    if not row.trace_id.strip():
        yield fault("timeline.trace_missing", f"row {number} has no trace id", field=f"{path}.trace_id")
    elif not TRACE_ID.fullmatch(row.trace_id):
        message = f"row {number}: {row.trace_id[:40]!r} is not a trace id"
        yield fault("timeline.trace_form", message, field=f"{path}.trace_id", end=len(row.trace_id))


def root_cause(draft: Content) -> Iterator[Fault]:
    """Exactly one of the five labels."""
    if draft.root_cause is None:
        yield fault("root_cause.missing", "no root cause is chosen")


def contributing_factors(draft: Content, known_modes: Sequence[str]) -> Iterator[Fault]:
    """Three to five conditions that together cite every yes of the scan."""
    few, many = FACTORS
    factors = draft.contributing_factors
    if len(factors) < few:
        yield fault("contributing_factors.few", f"{counted(len(factors), 'factor')}; at least {few} are needed")
    if len(factors) > many:
        yield fault("contributing_factors.many", f"{len(factors)} factors; the limit is {many}")
    said = {row.mode: row.answer for row in draft.answers}
    for number, factor in enumerate(factors, 1):
        yield from _factor(number, factor, said, known_modes)
    cited = {mode for factor in factors for mode in factor.modes}
    for row in draft.answers:
        if row.answer is Answer.YES and row.mode not in cited:
            message = f"question {row.number} ({row.mode}) is answered yes but no factor cites it"
            yield fault("contributing_factors.uncovered", message)


def _factor(number: int, factor: Factor, said: Mapping[str, Answer], known_modes: Sequence[str]) -> Iterator[Fault]:
    path = f"contributing_factors.{number}"
    if not factor.text.strip():
        yield fault("contributing_factors.empty", f"factor {number} is empty", field=path)
    for mode in factor.modes:
        if mode not in known_modes and mode not in said:
            message = f"factor {number} cites {mode!r}, which is not on the checklist"
            yield fault("contributing_factors.unknown_mode", message, field=path)
        elif said.get(mode, Answer.YES) is not Answer.YES:
            message = f"factor {number} cites {mode}, which is not answered yes"
            yield fault("contributing_factors.not_yes", message, field=path)


def _one_paragraph(text: str, rule: str) -> Iterator[Fault]:
    if second := _PARAGRAPHS.search(text.strip()):
        lead = len(text) - len(text.lstrip())
        yield fault(rule, "more than one paragraph", start=lead + second.end(), end=len(text.rstrip()))


def fix(draft: Content, commits: Mapping[str, bool]) -> Iterator[Fault]:
    """One paragraph with a commit, or the decision to defer with a ticket."""
    done = draft.fix
    length = len(done.paragraph)
    if not done.paragraph.strip():
        yield fault("fix.missing", "the fix is empty")
    yield from _one_paragraph(done.paragraph, "fix.paragraph")
    deferred = NO_CHANGE.search(done.paragraph)
    if done.changed and deferred:
        message = "the paragraph defers the change but the fix is marked as changed"
        yield fault("fix.contradiction", message, start=deferred.start(), end=deferred.end())
    if not done.changed and done.commit_sha:
        message = "nothing was changed, yet a commit is named"
        yield fault("fix.contradiction", message, field="fix.commit_sha", end=len(done.commit_sha))
    if not done.changed and done.paragraph.strip() and not deferred:
        yield fault("fix.words", "nothing was changed, and the paragraph does not say so", end=length)
    if done.changed and not done.commit_sha and not deferred:
        yield fault("fix.commit_missing", "the fix names no commit", field="fix.commit_sha")
    if not done.changed and not done.ticket:
        yield fault("fix.ticket_missing", "the deferred change has no ticket", field="fix.ticket")
    if done.ticket and not LINK.fullmatch(done.ticket):
        message = f"{done.ticket[:60]!r} is not a ticket link"
        yield fault("fix.ticket_form", message, field="fix.ticket", end=len(done.ticket))
    if done.commit_sha and not SHA.fullmatch(done.commit_sha):
        message = f"{done.commit_sha[:60]!r} is not a commit SHA"
        yield fault("fix.commit_form", message, field="fix.commit_sha", end=len(done.commit_sha))
    elif done.commit_sha and commits.get(done.commit_sha) is False:
        message = f"the repository does not hold commit {done.commit_sha}"
        yield fault("fix.commit_unknown", message, field="fix.commit_sha", end=len(done.commit_sha))


def prevention(draft: Content) -> Iterator[Fault]:
    """One paragraph that names a detector."""
    text = draft.prevention
    if not text.strip():
        yield fault("prevention.missing", "the prevention is empty")
        return
    yield from _one_paragraph(text, "prevention.paragraph")
    if not _DETECTOR.search(text):
        yield fault("prevention.detector", "the prevention names no detector", end=len(text))


_FORMS: Mapping[ReferenceKind, re.Pattern[str]] = {
    ReferenceKind.TRACE: TRACE_ID,
    ReferenceKind.COMMIT: re.compile(rf"{SHA.pattern}|https?://\S+/[0-9a-fA-F]{{7,40}}"),
    ReferenceKind.PR: LINK,
    ReferenceKind.TICKET: LINK,
}


def references(draft: Content) -> Iterator[Fault]:
    """Three to six links: a trace, the change, its review."""
    few, many = REFERENCES
    given = draft.references
    if len(given) < few:
        yield fault("references.few", f"{counted(len(given), 'reference')}; at least {few} are needed")
    if len(given) > many:
        yield fault("references.many", f"{len(given)} references; the limit is {many}")
    seen: set[Reference] = set()
    for number, reference in enumerate(given, 1):
        path = f"references.{number}"
        if not _FORMS[reference.kind].fullmatch(reference.value):
            message = f"{reference.value[:60]!r} does not read as a {reference.kind.value}"
            yield fault("references.form", message, field=path, end=len(reference.value))
        if reference in seen:
            yield fault("references.twice", f"reference {number} is given twice", field=path, end=len(reference.value))
        seen.add(reference)
    kinds = {reference.kind for reference in given}
    if ReferenceKind.TRACE not in kinds:
        yield fault("references.trace_missing", "no reference is a trace id")
    if not kinds & {ReferenceKind.COMMIT, ReferenceKind.TICKET}:
        yield fault("references.change_missing", "no reference is a commit or a ticket")
    if draft.fix.changed and ReferenceKind.PR not in kinds:
        yield fault("references.pr_missing", "no reference is a pull request")
    yield from _same_change(draft, given)


def _same_change(draft: Content, references: Sequence[Reference]) -> Iterator[Fault]:
    """Ask that the fix's commit, or a deferred one's ticket, is among the references."""
    fix = draft.fix
    commits = [ref.value.rpartition("/")[2].lower() for ref in references if ref.kind is ReferenceKind.COMMIT]
    if fix.changed and fix.commit_sha and commits:
        sha = fix.commit_sha.lower()
        if not any(sha.startswith(commit) or commit.startswith(sha) for commit in commits):
            yield fault("references.fix", f"no commit reference is the fix's {fix.commit_sha}")
    tickets = [ref.value for ref in references if ref.kind is ReferenceKind.TICKET]
    if not fix.changed and fix.ticket and tickets and fix.ticket not in tickets:
        yield fault("references.fix", f"no ticket reference is the fix's {fix.ticket}")
