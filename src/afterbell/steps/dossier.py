"""The dossier of a record: all that its page shows, read from log, store and git. Verify is not asked here."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from afterbell import canon
from afterbell.catalog import shelves
from afterbell.disk.house import House
from afterbell.model import lifecycle
from afterbell.model.checklist import CHECKLIST
from afterbell.model.fix_check import FixCheck
from afterbell.model.record import Addendum, Record
from afterbell.model.scan import PersonAnswer, Suggestion, beside
from afterbell.query.similarity import Similar
from afterbell.steps import resolve, similar
from afterbell.steps.records import Filed, Standing, find, standing
from afterbell.steps.resolve import Unresolved

SIMILAR = 5


class Question(Struct, frozen=True, kw_only=True):
    """One of the twenty: what the machine suggested beside what people answered; no `text` for an unknown mode."""

    number: int
    mode: str
    text: str
    machine: Suggestion | None
    people: PersonAnswer | None


class Dossier(Struct, frozen=True, kw_only=True):
    """A record and what is known of it. `shown` is the record as asked for: as filed, or as it reads now.

    `lacking` is what it cites and this house cannot show.
    """

    filed: Filed
    shown: Record
    amended: bool
    questions: tuple[Question, ...]
    standing: Standing
    fix: lifecycle.FixState
    check: FixCheck | None
    lacking: tuple[Unresolved, ...]
    similar: tuple[Similar, ...]

    @property
    def addenda(self) -> tuple[Addendum, ...]:
        """Every addendum, in the order of the log."""
        return self.filed.addenda


def dossier(house: House, record_id: str, *, amended: bool = True) -> Dossier:
    """Return the dossier of a record by its id or the beginning of it. Raises UsageError when there is none."""
    filed = find(house, record_id)
    view = filed.view
    state, check = lifecycle.fix(view)
    shown = view.now if amended else view.filed
    return Dossier(
        filed=filed, shown=shown, amended=amended, questions=tuple(_questions(shown)),
        standing=standing(house, filed.stored), fix=state, check=check, lacking=resolve.lacking(house, filed),
        similar=similar.nearest(house, similar.of_record(filed), most=SIMILAR),
    )  # fmt: skip


def body(house: House, record_id: str) -> tuple[str, bytes]:
    """Return id and body of a record as it was filed: the canonical JSON that its leaf hash covers, in its entry."""
    stored = find(house, record_id).stored
    return stored.entry.id, canon.dumps(stored.entry.body)


def _questions(record: Record) -> Iterator[Question]:
    texts = {mode.slug: mode.question for mode in shelves.modes().values()}
    checklist = CHECKLIST if record.suggestions or record.answers else ()
    for number, mode, machine, people in beside(record.suggestions, record.answers, checklist):
        yield Question(number=number, mode=mode, text=texts.get(mode, ""), machine=machine, people=people)
