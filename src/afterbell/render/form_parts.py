"""What the form is made of: headings in the template's order, the help below each, columns, and the form's own rules.

The writer (`form`) and the reader (`form_reader`) share it, so neither can drift from the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from afterbell.model.rules import Rule
from afterbell.model.scan import Suggestion
from afterbell.model.vocabulary import Answer

TITLE = "# Postmortem"
EMPTY = "[fill in]"
EMPTY_CELL = "[ ]"
OPENING = (
    "Comments like this one are help: they do not become part of the record. Replace every [fill in].\n"
    "A backslash keeps a character as text; \\u{202E} stands for one that cannot be seen."
)
FRONT = ("id", "status", "reconvene_by", "event", "trigger", "trace_ids", "verdict", "roles")
TIMELINE_COLUMNS = ("time (UTC)", "stage", "event", "trace_id")
SCAN_COLUMNS = ("number", "mode", "machine", "people", "note")


class Section(Struct, frozen=True, kw_only=True):
    """One heading of the form, the record's name for it, and its help."""

    heading: str
    field: str
    help: str


SECTIONS = (
    Section(
        heading="Summary",
        field="summary",
        help="One or two sentences, at most 40 words: what happened, when (UTC), the measured loss. No attribution.",
    ),
    Section(
        heading="Timeline",
        field="timeline",
        help="5 to 20 rows in order of time, in UTC. Stage: idea, decision, execution or outcome.\n"
        "Every row carries the trace id that shows it.",
    ),
    Section(
        heading="Root cause",
        field="root_cause",
        help="Exactly one of: cost, correctness, compliance, security, operational. Others become factors.",
    ),
    Section(
        heading="Contributing factors",
        field="contributing_factors",
        help="3 to 5 bullets. Each names a system condition that a ticket can change, then cites the modes it\n"
        "explains, for example: - No ceiling on research steps [token_runaway]. Every yes below is cited.",
    ),
    Section(
        heading="Fix implemented",
        field="fix",
        help="One paragraph naming the code, config or prompt change, then its commit. If nothing was changed, write:\n"
        "no change, documented and deferred; set change to no and give the ticket.",
    ),
    Section(
        heading="Prevention",
        field="prevention",
        help="One paragraph naming the detector: which metric, alert, test, gate, monitor, check or limit would show\n"
        "a similar failure earlier?",
    ),
    Section(
        heading="References",
        field="references",
        help="3 to 6 bullets: trace, commit, pr, ticket, for example - trace: 4bf92f3577b34da6a3ce929d0e0e4736",
    ),
    Section(
        heading="Scan",
        field="answers",
        help="The checklist. Leave the first three columns; write yes, no, na or unknown under people.\n"
        "An unknown says in its note which evidence is missing.",
    ),
    Section(
        heading="Machine part",
        field="machine",
        help="Written by the scan and filed with the record. Leave it as it is.",
    ),
)


def lack(suggestion: Suggestion | None) -> str:
    """Return the note that stands ready beside a question the machine could not answer: what was missing."""
    if suggestion is None or suggestion.answer is not Answer.UNKNOWN or not suggestion.missing:
        return ""
    return f"missing: {', '.join(suggestion.missing)}"


_KEEP = "What the form cannot place would be lost."

FORM_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "form.front": Rule(
            why="The head of the form is read by machines.", rewrite="One known key: value on each line."
        ),
        "form.heading": Rule(why=_KEEP, rewrite="Move the text below one of the form's headings."),
        "form.twice": Rule(why="Two texts for one place cannot both be filed.", rewrite="Join them into one."),
        "form.order": Rule(why="Records are read side by side.", rewrite="Restore the order of the template."),
        "form.stray": Rule(why=_KEEP, rewrite="Move this text into a field."),
        "form.comment": Rule(why="An open comment hides all that follows.", rewrite="Close the comment with -->."),
        "form.table": Rule(why=_KEEP, rewrite="Keep the header row and one cell for each column."),
        "form.value": Rule(
            why="Closed vocabularies make records countable.", rewrite="Write one of the allowed words."
        ),
        "form.time": Rule(why="Times must be comparable.", rewrite="Write the time as 2026-01-05T14:02:00Z."),
        "form.machine": Rule(why="The scan is evidence.", rewrite="Restore this part from the draft that was made."),
    }
)
