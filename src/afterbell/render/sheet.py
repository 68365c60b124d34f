"""A draft as the sheet of a meeting, and the sheet as a draft again, with the key at which each fault is shown.

What the machine drafted stands on the sheet as a suggestion until people accept it, change it or strike it. Rows are
kept in order of time, so nobody has to move them. It reads no disk and judges no language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar

import msgspec
from msgspec import Struct

from afterbell.model.fault import Fault
from afterbell.model.record import Draft, Factor, Fix, Reference, ReferenceKind, TimelineRow
from afterbell.model.rules import ROLES, Rule
from afterbell.model.scan import PersonAnswer, beside
from afterbell.model.sheet import AGENDA
from afterbell.model.vocabulary import Answer, RecordStatus, RootCause, RowStage, Verdict
from afterbell.model.wording import counted
from afterbell.render.form import stamp
from afterbell.render.form_fields import moment
from afterbell.render.form_parts import FORM_RULES, lack

SUGGESTED = Rule(
    why="What the machine suggests is filed when people have looked at it.",
    rewrite="Accept it, change it, or strike it.",
    missing=True,
)
SUGGESTED_RULE = "meeting.suggested"
_LISTS = {
    "row": ("timeline", "row"), "factor": ("contributing_factors", "factor"), "reference": ("references", "reference"),
}  # fmt: skip
_LATEST = datetime.max.replace(tzinfo=UTC)
_Word = TypeVar("_Word", bound=StrEnum)


class Place(Struct, frozen=True):
    """Where on the sheet a field of the draft stands; `lead` blanks before its text are not part of the draft."""

    key: str
    lead: int = 0


class Filled(Struct, frozen=True, kw_only=True):
    """A sheet read as a draft: the place of each field's path, and the faults that only a sheet can have."""

    draft: Draft
    places: Mapping[str, Place]
    faults: tuple[Fault, ...]


def sheet(draft: Draft, roles: Sequence[str] = (), checklist: Iterable[tuple[int, str]] = ()) -> dict[str, str]:
    """Return the sheet with which a meeting about a draft begins.

    `roles` are proposed where the draft names none. What stands in a form on which people have worked counts as theirs.
    """
    kept = "yes" if draft.answers or draft.summary else "suggested"
    made = {
        "summary": draft.summary,
        "root_cause": draft.root_cause.value if draft.root_cause else "",
        "fix.paragraph": draft.fix.paragraph,
        "fix.commit_sha": draft.fix.commit_sha or "",
        "fix.ticket": draft.fix.ticket or "",
        "fix.changed": "yes" if draft.fix.changed else "no",
        "prevention": draft.prevention,
        "verdict": draft.verdict.value if draft.verdict else "",
        "reconvene_by": draft.reconvene_by.isoformat() if draft.reconvene_by else "",
    }
    for number, row in enumerate(draft.timeline, 1):
        at, stage = stamp(row.at) if row.at else "", row.stage.value if row.stage else ""
        made |= _entry("row", number, kept, at=at, stage=stage, event=row.event, trace_id=row.trace_id)
    for number, factor in enumerate(draft.contributing_factors, 1):
        made |= _entry("factor", number, kept, text=factor.text)
        made |= {f"factor.{number:03d}.mode.{mode}": "yes" for mode in factor.modes}
    for number, reference in enumerate(draft.references, 1):
        made |= _entry("reference", number, kept, kind=reference.kind.value, value=reference.value)
    answers = {row.mode: row for row in draft.answers}
    for _number, mode, suggested in questions(draft, checklist):
        given = answers.get(mode)
        made[f"answer.{mode}.value"] = given.answer.value if given else ""
        made[f"answer.{mode}.note"] = given.note if given else suggested
    for number in range(1, ROLES + 1):
        named = (draft.roles or tuple(roles))[number - 1 : number]
        made[f"role.{number}.name"] = named[0] if named else ""
        made[f"role.{number}.present"] = "yes" if draft.roles and named else ""
    return made


def _entry(of: str, number: int, kept: str, **values: str) -> dict[str, str]:
    return {f"{of}.{number:03d}.{name}": value for name, value in {"kept": kept, **values}.items()}


def questions(draft: Draft, checklist: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """Yield number and slug of each question by number, and the note that stands ready where evidence was missing."""
    for number, mode, machine, _people in beside(draft.suggestions, draft.answers, checklist):
        yield number, mode, lack(machine)


def filled(draft: Draft, given: Mapping[str, str], checklist: Iterable[tuple[int, str]] = ()) -> Filled:
    """Return the draft as the sheet has it; what the machine measured and what the form's head says stay."""
    return _Reader(draft, given).read(checklist)


class _Reader:
    """One reading of a sheet."""

    def __init__(self, draft: Draft, given: Mapping[str, str]) -> None:
        self._draft, self._given = draft, given
        self._places: dict[str, Place] = {}
        self._faults: list[Fault] = []
        self._waiting: dict[str, list[int]] = {}

    def read(self, checklist: Iterable[tuple[int, str]]) -> Filled:
        """Return the whole, in the order of the fields."""
        made = msgspec.structs.replace(
            self._draft,
            summary=self._text("summary", "summary"),
            timeline=tuple(self._timeline()),
            root_cause=self._choice("root_cause", RootCause),
            contributing_factors=tuple(self._factors()),
            fix=self._fix(),
            prevention=self._text("prevention", "prevention"),
            references=tuple(self._references()),
            answers=tuple(self._answers(checklist)),
            verdict=self._choice("verdict", Verdict),
            roles=tuple(self._roles()),
            status=RecordStatus.COMPLETE,
            reconvene_by=self._date("reconvene_by"),
        )
        unseen = [_unseen(kind, numbers) for kind, numbers in self._waiting.items()]
        return Filled(draft=made, places=self._places, faults=(*self._faults, *unseen))

    def _text(self, key: str, path: str) -> str:
        text = self._given.get(key, "")
        self._places[path] = Place(key, len(text) - len(text.lstrip()))
        return text.strip()

    def _choice(self, key: str, words: type[_Word]) -> _Word | None:
        self._places.setdefault(key, Place(key))
        said = self._given.get(key, "")
        return words(said) if said else None

    def _date(self, key: str) -> date | None:
        self._places[key] = Place(key)
        try:
            return date.fromisoformat(self._given.get(key, ""))
        except ValueError:
            return None

    def _kept(self, kind: str) -> list[str]:
        """Return the ids of the entries of a list that are not struck, in the order in which they came."""
        found = {key.split(".")[1] for key in self._given if key.startswith(f"{kind}.") and key.endswith(".kept")}
        return sorted(each for each in found if self._given[f"{kind}.{each}.kept"] in ("yes", "suggested"))

    def _looked_at(self, kind: str, name: str, number: int) -> None:
        if self._given[f"{kind}.{name}.kept"] == "suggested":
            self._waiting.setdefault(kind, []).append(number)

    def _timeline(self) -> Iterator[TimelineRow]:
        dated = [(moment(self._given.get(f"row.{name}.at", "").strip()), name) for name in self._kept("row")]
        for number, (at, name) in enumerate(sorted(dated, key=_in_time), 1):
            path, key = f"timeline.{number}", f"row.{name}"
            self._places[path] = Place(f"{key}.event")
            said = self._text(f"{key}.at", f"{path}.at")
            if at is None and said:
                self._faults.append(
                    Fault(
                        field=f"{path}.at", rule="form.time", message=f"not a time: {said[:60]!r}",
                        why=FORM_RULES["form.time"].why, rewrite=FORM_RULES["form.time"].rewrite, end=len(said),
                    )
                )  # fmt: skip
            self._looked_at("row", name, number)
            self._places[f"{path}.stage"] = Place(f"{key}.stage")
            yield TimelineRow(
                at=at,
                stage=self._choice(f"{key}.stage", RowStage),
                event=self._text(f"{key}.event", f"{path}.event"),
                trace_id=self._text(f"{key}.trace_id", f"{path}.trace_id"),
            )

    def _factors(self) -> Iterator[Factor]:
        for number, name in enumerate(self._kept("factor"), 1):
            start = f"factor.{name}.mode."
            modes = [key.removeprefix(start) for key, said in self._given.items() if said and key.startswith(start)]
            self._looked_at("factor", name, number)
            text = self._text(f"factor.{name}.text", f"contributing_factors.{number}")
            yield Factor(text=text, modes=tuple(sorted(modes)))

    def _fix(self) -> Fix:
        self._places["fix.changed"] = Place("fix.changed")
        return Fix(
            paragraph=self._text("fix.paragraph", "fix"),
            commit_sha=self._text("fix.commit_sha", "fix.commit_sha") or None,
            ticket=self._text("fix.ticket", "fix.ticket") or None,
            changed=self._given.get("fix.changed", "yes") != "no",
        )

    def _references(self) -> Iterator[Reference]:
        for number, name in enumerate(self._kept("reference"), 1):
            self._looked_at("reference", name, number)
            kind = self._choice(f"reference.{name}.kind", ReferenceKind) or ReferenceKind.TRACE
            yield Reference(kind=kind, value=self._text(f"reference.{name}.value", f"references.{number}"))

    def _answers(self, checklist: Iterable[tuple[int, str]]) -> Iterator[PersonAnswer]:
        suggestions = {row.number: row.suggestion.answer for row in self._draft.suggestions}
        for number, mode, ready in questions(self._draft, checklist):
            self._places[f"answers.{number}"] = Place(f"answer.{mode}.value")
            said = self._choice(f"answer.{mode}.value", Answer)
            if said is None:
                continue
            note = self._text(f"answer.{mode}.note", f"answers.{number}")
            if said is not Answer.UNKNOWN and note == ready:
                note = ""
            yield PersonAnswer(number=number, mode=mode, answer=said, suggested=suggestions.get(number), note=note)

    def _roles(self) -> Iterator[str]:
        self._places["roles"] = Place("role.1.name")
        said = 0
        for number in range(1, ROLES + 1):
            if self._given.get(f"role.{number}.present") == "yes":
                said += 1
                yield self._text(f"role.{number}.name", f"roles.{said}")


def _unseen(kind: str, numbers: Sequence[int]) -> Fault:
    told = counted(len(numbers), _LISTS[kind][1])
    return Fault(
        field=_LISTS[kind][0], rule=SUGGESTED_RULE, why=SUGGESTED.why, rewrite=SUGGESTED.rewrite, missing=True,
        message=f"{told} suggested by the machine, and nobody has looked at: {', '.join(map(str, numbers))}",
    )  # fmt: skip


def _in_time(row: tuple[datetime | None, str]) -> tuple[datetime, str]:
    at, name = row
    if at is None:
        return _LATEST, name
    return at if at.tzinfo else at.replace(tzinfo=UTC), name


def placed(fault: Fault, places: Mapping[str, Place]) -> tuple[str, str, int, int]:
    """Return where a fault is shown: its part of the agenda, the key of the sheet ("" = the whole part), start, end."""
    path = fault.field
    while path and path not in places:
        path = path.rpartition(".")[0]
    part = fault.root if fault.root in AGENDA else AGENDA[-1]
    if not path:
        return part, "", 0, 0
    place = places[path]
    lead = place.lead if path == fault.field else 0
    return part, place.key, fault.start + lead, fault.end + lead
