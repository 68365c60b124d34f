"""The rules of the seven fields as data: what each asks for, why, and what to write instead.

One table feeds the linter, `explain` and the documentation. Sentence shape (blame) is judged in `blameless`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from afterbell.model.fault import Fault

SUMMARY_WORDS = 40
SUMMARY_SENTENCES = 2
TIMELINE_ROWS = (5, 20)
FACTORS = (3, 5)
REFERENCES = (3, 6)
ROLES = 3
RECONVENE_DAYS = 7
BODY_BYTES = 64_000  # an entry of the log holds 65,535 bytes; the rest is its envelope

ROLE_NOUNS = frozenset(
    re.findall(
        r"\S+",
        """operator owner reviewer facilitator engineer developer on-call oncall trader analyst quant researcher
        manager lead officer maintainer administrator responder commander scribe auditor architect sre dba cto
        ciso coo cro risk compliance security operations desk observer support head author approver""",
    )
)

DETECTORS = (
    r"metric|alert|alarm|test|gate|monitor|check|limit|detector|assert|validat|canary|dashboard|pager"
    r"|paging|probe|threshold|watchdog|circuit.breaker|kill.switch|ceiling|guard|counter"
    r"|budget|reconcil|lint|scan|audit|diff|ci job"
)


class Rule(Struct, frozen=True, kw_only=True):
    """Why a rule is there and how its fault is mended; `missing` marks a hole, allowed when incomplete."""

    why: str
    rewrite: str
    missing: bool = False


def _hole(why: str, rewrite: str) -> Rule:
    return Rule(why=why, rewrite=rewrite, missing=True)


def _wrong(why: str, rewrite: str) -> Rule:
    return Rule(why=why, rewrite=rewrite)


_COUNTS = "A short list is read and acted on; a long one hides what matters."
_TRACE = "Every claim must lead a reader to the log that shows it."
_LOOP = "References close the loop between what happened, what was changed and who reviewed it."

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "summary.missing": _hole(
            "The summary is what a search shows first.", "Say in one or two sentences what happened."
        ),
        "summary.words": _wrong(
            "At most 40 words are read at a glance.", "Keep what happened, when, and the measured loss."
        ),
        "summary.sentences": _wrong(
            "One or two sentences state the event; more begin to tell a story.",
            "Move the rest to the timeline or to the contributing factors.",
        ),
        "timeline.few": _hole(
            "Fewer than five rows do not show how idea became outcome.",
            "Add rows: idea, decision, order, fill, signal, halt, notice.",
        ),
        "timeline.many": _wrong(
            "More than twenty rows are a log, not a timeline.", "Keep the moments that changed the outcome."
        ),
        "timeline.time_missing": _hole(
            "A row without a time cannot be ordered.", "Write the time as 2026-01-05T14:02:00Z."
        ),
        "timeline.utc": _wrong(
            "Times of several zones cannot be compared by eye.", "Convert the time to UTC and end it with Z."
        ),
        "timeline.order": _wrong("Rows are read as cause before effect.", "Put the rows in order of time."),
        "timeline.stage_missing": _hole(
            "The stage says where in idea, decision, execution, outcome the row stands.",
            "Write idea, decision, execution or outcome.",
        ),
        "timeline.event_missing": _hole("A time alone says nothing.", "Say what happened at this moment."),
        "timeline.trace_missing": _hole(_TRACE, "Write the trace id of the run that shows this row."),
        "timeline.trace_form": _wrong(_TRACE, "Write one trace id without spaces."),
        "root_cause.missing": _hole(
            "One label of five makes a year of records countable.",
            "Pick cost, correctness, compliance, security or operational.",
        ),
        "contributing_factors.few": _hole(
            "One factor is a verdict; three to five show how the failure became possible.",
            "Ask which other control would have stopped it.",
        ),
        "contributing_factors.many": _wrong(_COUNTS, "Join factors that the same change would remove."),
        "contributing_factors.empty": _hole("An empty bullet is not a condition.", "Name the system condition."),
        "contributing_factors.uncovered": _hole(
            "Every yes of the scan is part of the explanation.",
            "Cite the mode in the factor that explains it; one factor may cite several.",
        ),
        "contributing_factors.unknown_mode": _wrong(
            "A citation that leads nowhere cannot be counted.", "Cite a mode of the checklist by its slug."
        ),
        "contributing_factors.not_yes": _wrong(
            "A factor may cite only what the scan found.",
            "Answer the question with yes, or drop the citation.",
        ),
        "fix.missing": _hole(
            "Without a fix, or the decision against one, the record ends open.",
            "Name the code, config or prompt change; or write: no change, documented and deferred.",
        ),
        "fix.paragraph": _wrong(
            "One paragraph names one change.", "Move further changes to tickets in the references."
        ),
        "fix.commit_missing": _hole(
            "A fix that nobody can look up is a claim.", "Write the SHA of the commit that holds it."
        ),
        "fix.commit_form": _wrong("A commit is named by 7 to 40 hexadecimal digits.", "Copy the SHA from git log."),
        "fix.commit_unknown": _wrong(
            "A SHA that the repository does not hold proves nothing.",
            "Check the SHA, or fetch the branch that holds it.",
        ),
        "fix.contradiction": _wrong(
            "A fix is either a change or the decision to defer one.",
            "Say 'no change, documented and deferred' only when nothing was changed.",
        ),
        "fix.words": _wrong(
            "The decision against a change is stated in fixed words so that it can be found.",
            "Write: no change, documented and deferred.",
        ),
        "fix.ticket_missing": _hole(
            "A deferred control needs a place where it waits.", "Write the link of the ticket."
        ),
        "fix.ticket_form": _wrong(
            "A ticket is a link or a tracker's id.", "Write an https:// link, ABC-123 or owner/repo#12."
        ),
        "prevention.missing": _hole(
            "Prevention is the forward-looking half of the fix.",
            "Name the metric, alert, test or gate that would show the next one earlier.",
        ),
        "prevention.paragraph": _wrong(
            "One paragraph names how the next one is detected.", "Keep the detector, drop the rest."
        ),
        "prevention.detector": _wrong(
            "Detection works on a bad day; an intention does not.",
            "Name a detector: a metric, alert, test, gate, monitor, check or limit.",
        ),
        "references.few": _hole(_LOOP, "Give at least three: a trace id, the commit or ticket, the pull request."),
        "references.many": _wrong(_COUNTS, "Keep six; put the others behind the ticket."),
        "references.trace_missing": _hole(_TRACE, "Add the trace id that generated the decision."),
        "references.change_missing": _hole(_LOOP, "Add the commit SHA or the ticket of the fix."),
        "references.pr_missing": _hole(_LOOP, "Add the link of the pull request that reviewed the fix."),
        "references.form": _wrong(
            "A reference must be followable.",
            "Write a trace id, a SHA, an https:// link, ABC-123 or owner/repo#12.",
        ),
        "references.twice": _wrong("The same reference twice is one reference.", "Remove one of them."),
        "references.fix": _wrong(
            "The fix and the references must name the same change.",
            "Add the fix's commit (or its ticket, when nothing was changed) to the references.",
        ),
        "id.missing": _wrong("A record is found and amended by its id.", "Keep the id of the form."),
        "event.differs": _wrong(
            "The event at the head and the measured event must be the same.",
            "Restore the event id and trigger of the draft.",
        ),
        "answers.missing": _hole("Every postmortem begins with the whole scan.", "Answer yes, no, na or unknown."),
        "answers.unknown_mode": _wrong(
            "An answer to a question that is not on the checklist cannot be counted.",
            "Remove the row, or install the mode it names.",
        ),
        "answers.twice": _wrong("One question has one answer.", "Keep one of the rows."),
        "answers.unknown_note": _hole("Unknown is never a quiet no.", "Say in the note which evidence is missing."),
        "verdict.missing": _hole(
            "A trigger is not a verdict; the meeting gives one.",
            "Write: control failed, or: system behaved as designed.",
        ),
        "roles.missing": _hole(
            "The record says which roles were present.", "Write roles, for example: system operator."
        ),
        "roles.many": _wrong("Three people decide in thirty minutes; five do not.", "Name at most three roles."),
        "roles.name": _wrong(
            "A record names roles, never people.", "Write the role in lower case, for example: code owner."
        ),
        "evidence.form": _wrong("Evidence is named by its SHA-256.", "Write 64 lower-case hexadecimal digits."),
        "reconvene_by.missing": _wrong(
            "An incomplete record without a date stays incomplete.",
            "Name a reconvene date within seven days.",
        ),
        "reconvene_by.late": _wrong("After a week nobody recalls what is missing.", "Name a date within seven days."),
        "text.unwritable": _wrong("The log's canonical form holds no such character.", "Remove the character."),
        "record.size": _wrong(
            "One entry of the log holds at most 65,535 bytes.", "Shorten excerpts; evidence is kept by hash."
        ),
        "addendum.parent": _wrong("An addendum is keyed to one parent.", "Use the id of the record it corrects."),
        "addendum.empty": _wrong(
            "An addendum must say or change something.", "Write a note, or the new text of one field."
        ),
        "addendum.field": _wrong("An addendum stands at the field it corrects.", "Name one of the seven fields."),
        "addendum.form": _wrong(
            "A replacement must read as the field it replaces.", "Write it in the form of the record's body."
        ),
        "addendum.completion": _wrong(
            "Only an incomplete record can be completed, once, by a complete one of the same id.",
            "Amend a field instead.",
        ),
        "addendum.date": _wrong("An addendum cannot be older than its parent.", "Check the clock of the machine."),
    }
)


def fault(rule: str, message: str, *, field: str = "", start: int = 0, end: int = 0) -> Fault:
    """Return the fault of one rule; the field defaults to the rule's own."""
    told = RULES[rule]
    return Fault(
        field=field or rule.partition(".")[0],
        rule=rule,
        message=message,
        why=told.why,
        rewrite=told.rewrite,
        start=start,
        end=end,
        missing=told.missing,
    )
