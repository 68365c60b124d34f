"""Plants faults and look-alikes of one detector, asks it, and counts what it answered, wording by wording.

A trigger is asked like a mode: an event is a yes, a note that says unknown an unknown, silence a no.
"""

from __future__ import annotations

import importlib
import pkgutil
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from random import Random
from time import perf_counter
from types import ModuleType
from typing import Any

import orjson
from msgspec import Struct, structs

import planted
from _proof import holds
from afterbell.catalog import cases, scan, shelves
from afterbell.model.case import Case, TriggerCase
from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import Answer
from dress import CorpusError, dressed, read
from plant import FAULTY, FORMS, UNTOLD, Plant

GOAL, TRIGGER_GOAL = 0.97, 0.98
FEWEST_WORDINGS = 5
_AWAY = " (not there)"
POSITIVE, TWIN, NEGATIVE = "positive", "twin", "negative"


class Work(Struct, frozen=True, kw_only=True):
    """One detector to judge: `count` positives and negatives; wordings are counted over at least `look` plants.

    All other modes are asked about the first `crossed` negatives.
    """

    slug: str
    count: int
    seed: int
    look: int = 100
    crossed: int = 20


class Asked(Struct, frozen=True, kw_only=True):
    """One plant and the answer. `proven` (of a fault found): an excerpt shows it, and all stand where they say."""

    side: str
    wording: str
    form: str
    answer: Answer
    reason: str
    right: bool
    fault: str = ""
    proven: bool | None = None
    shown: tuple[str, ...] = ()
    number: int = 0


class Row(Struct, frozen=True, kw_only=True):
    """All that was asked of one detector."""

    slug: str
    trigger: bool = False
    asked: tuple[Asked, ...] = ()
    faults: tuple[str, ...] = ()
    crossed: Mapping[str, int] = {}
    crossings: int = 0
    seconds: float = 0.0

    def of(self, side: str, form: str = "") -> list[Asked]:
        """Return what was asked of one side (and in one format)."""
        return [each for each in self.asked if each.side == side and form in {"", each.form}]

    def answered(self, side: str, answer: Answer) -> int:
        """How often this side was given this answer."""
        return sum(each.answer is answer for each in self.of(side))

    @property
    def precision(self) -> float:
        """Of all that was called faulty, how much was."""
        hits, cries = self.answered(POSITIVE, Answer.YES), self.answered(NEGATIVE, Answer.YES)
        return hits / (hits + cries) if hits + cries else 0.0

    @property
    def recall(self) -> float:
        """Of all that was faulty, how much was called so."""
        return share(self.answered(POSITIVE, Answer.YES), len(self.of(POSITIVE)))

    @property
    def proven(self) -> float:
        """Of all faults found, how many were shown where they stand."""
        found = [each for each in self.of(POSITIVE) if each.proven is not None]
        return share(sum(bool(each.proven) for each in found), len(found))

    def unknown(self, side: str) -> float:
        """How much of one side was answered unknown."""
        return share(self.answered(side, Answer.UNKNOWN), len(self.of(side)))

    @property
    def misses(self) -> list[Asked]:
        """What was answered otherwise than the plant allows, or shown in the wrong place."""
        return [each for each in self.asked if not each.right or each.proven is False]

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        goal = TRIGGER_GOAL if self.trigger else GOAL
        twins = self.of(TWIN)
        return not self.faults and min(self.precision, self.recall) >= goal and (not twins or self.unknown(TWIN) == 1)


class Judged(Struct, frozen=True, kw_only=True):
    """What a detector said of a plant."""

    answer: Answer
    reason: str
    evidence: tuple[Evidence, ...]
    figures: tuple[str, ...]
    case: CaseFile
    runs: Mapping[str, Trace]


def share(part: int, whole: int) -> float:
    """Return the part of a whole; all of nothing."""
    return part / whole if whole else 1.0


def slugs() -> list[str]:
    """Return what has a planter, modes in the order of the checklist, then triggers."""
    order = {name: number for number, name in enumerate(_modes())}
    found = [each.name for each in pkgutil.iter_modules(planted.__path__) if not each.name.startswith("_")]
    return sorted(found, key=lambda name: (order.get(name, len(order)), name))


def bare() -> list[str]:
    """Return the modes and triggers without a planter: nothing is known of how good they are."""
    known = slugs()
    return [name for name in (*_modes(), *shelves.triggers()) if name not in known]


def planter(slug: str) -> ModuleType:
    """Return the planter of a detector."""
    return importlib.import_module(f"planted.{slug}")


def judge(work: Work) -> Row:
    """Ask one detector about so many positives, twins and negatives, and all others about some of the negatives."""
    started = perf_counter()
    if work.slug not in _modes() and work.slug not in shelves.triggers():
        return Row(slug=work.slug, faults=("no mode and no trigger has this name",))
    asked: list[Asked] = []
    faults: list[str] = []
    crossed, crossings = Counter[str](), 0
    try:
        field = planter(work.slug)
        faults += _interface(work, field)
        for number, (side, plant, form) in enumerate(_dealt(field, work)):
            said = _ask(work.slug, plant, form)
            asked.append(_seen(said, side, plant, form, number))
            if side == NEGATIVE and crossings < work.crossed and work.slug in _modes():
                crossings += 1
                crossed.update(_others(work.slug, said.case))
    except CorpusError as error:
        faults.append(str(error))
    except Exception:  # noqa: BLE001 - a broken planter is reported, and the others are judged
        faults.append(f"the planter failed: {traceback.format_exc(limit=-2).strip()}")
    return Row(
        slug=work.slug, trigger=work.slug not in _modes(), asked=tuple(asked), faults=tuple(faults),
        crossed=dict(crossed), crossings=crossings, seconds=perf_counter() - started,
    )  # fmt: skip


def empty() -> list[str]:
    """Return the modes that answer yes to a trace with nothing in it; there must be none."""
    nothing = CaseFile(trace=Trace(trace_id="0" * 32))
    return [slug for slug, mode in _modes().items() if scan.ask(mode, nothing).answer is Answer.YES]


def _modes() -> Mapping[str, shelves.Mode]:
    return {mode.slug: mode for mode in shelves.modes().values()}


def _streams(field: ModuleType, seed: int) -> tuple[Iterator[tuple[Plant, Plant | None]], Iterator[Plant]]:
    """Return both streams of a planter, each with a chance of its own: one must not shift the other."""
    return field.positives(Random(f"{seed} positives")), field.negatives(Random(f"{seed} negatives"))  # noqa: S311


def _dealt(field: ModuleType, work: Work) -> Iterator[tuple[str, Plant, str]]:
    """Yield side, plant and form, so that every wording of a side meets every form it allows in turn."""
    turns: Counter[tuple[str, str]] = Counter()
    positives, negatives = _streams(field, work.seed)
    for plant, twin in islice(positives, work.count):
        form = _form(plant, turns, POSITIVE)
        yield POSITIVE, plant, form
        if twin is not None:
            turns[TWIN, twin.wording] += form in twin.forms
            yield TWIN, twin, form if form in twin.forms else _form(twin, turns, TWIN)
    for plant in islice(negatives, work.count):
        yield NEGATIVE, plant, _form(plant, turns, NEGATIVE)


def _form(plant: Plant, turns: Counter[tuple[str, str]], side: str) -> str:
    turn = turns[side, plant.wording]
    turns[side, plant.wording] += 1
    return plant.forms[turn % len(plant.forms)]


def _ask(slug: str, plant: Plant, form: str) -> Judged:
    try:
        runs = read(dressed(plant.rows, form)) if plant.rows else {}
    except CorpusError as error:
        raise CorpusError(f"{plant.wording}: {error}") from error
    answer = next(iter(plant.answers))
    given = Case(name=plant.wording, answer=answer, teaches="", given=plant.rows, trace=plant.trace,
                 books=plant.books, policy=plant.policy)  # fmt: skip
    if slug not in _modes():
        return _watch(slug, plant, runs)
    case = cases.seen(given, slug, runs)
    said = scan.ask(_modes()[slug], case)
    return Judged(answer=said.answer, reason=said.reason, evidence=said.evidence, figures=(), case=case, runs=runs)


def _watch(slug: str, plant: Plant, runs: Mapping[str, Trace]) -> Judged:
    """Return what a trigger makes of a plant."""
    trigger = shelves.triggers()[slug]
    docket = cases.watched(
        TriggerCase(name=plant.wording, teaches="", fires=(), books=plant.books, policy=plant.policy), runs
    )
    events = trigger.fire(docket)
    silent = [note for note in trigger.notes(docket) if "unknown" in note]
    answer = Answer.YES if events else Answer.UNKNOWN if silent else Answer.NO
    return Judged(
        answer=answer, reason=" ".join([*(event.reason for event in events), *silent]),
        evidence=tuple(proof for event in events for proof in event.evidence),
        figures=tuple(text for event in events for text in (event.subject, event.measured)),
        case=CaseFile(trace=Trace(trace_id="0" * 32), books=docket.books, policy=docket.policy), runs=runs,
    )  # fmt: skip


def _seen(said: Judged, side: str, plant: Plant, form: str, number: int) -> Asked:
    proven, places = None, [_place(proof, said) for proof in said.evidence]
    if side == POSITIVE and said.answer is Answer.YES:
        shown = [text for proof in said.evidence for text in (proof.excerpt, proof.span_id)] + list(said.figures)
        proven = any(plant.fault in text for text in shown) and not any(_AWAY in text for text in places)
    return Asked(
        side=side, wording=plant.wording, form=form, answer=said.answer, reason=said.reason, number=number,
        right=said.answer in plant.answers, fault=plant.fault, proven=proven,
        shown=(*places, *said.figures),
    )  # fmt: skip


def _place(proof: Evidence, said: Judged) -> str:
    mark = "" if holds(proof, said.runs, said.case.books) else _AWAY
    return f"{proof.field}{mark}: {proof.excerpt}"


def _others(slug: str, case: CaseFile) -> Iterable[str]:
    """Return which other modes say yes to this case."""
    return [name for name, mode in _modes().items() if name != slug and scan.ask(mode, case).answer is Answer.YES]


def _interface(work: Work, field: ModuleType) -> Iterator[str]:
    """Yield what is wrong with a planter itself."""
    if getattr(field, "SLUG", "") != work.slug:
        yield f"SLUG is not {work.slug!r}"
    positives, negatives = _streams(field, work.seed)
    pairs = list(islice(positives, max(work.count, work.look)))
    innocent = list(islice(negatives, max(work.count, work.look)))
    faulty = [plant for plant, _twin in pairs]
    twins = [twin for _plant, twin in pairs if twin is not None]
    for name, plants in (("positives", faulty), ("negatives", innocent)):
        if len(plants) < max(work.count, work.look):
            yield f"the {name} end after {len(plants)}"
        wordings = {plant.wording for plant in plants}
        if len(wordings) < FEWEST_WORDINGS:
            yield f"{len(wordings)} wordings among {len(plants)} {name}, at least {FEWEST_WORDINGS} are needed"
        repeats = len(plants) - len({_content(plant) for plant in plants})
        if repeats:
            yield f"{repeats} of {len(plants)} {name} are the same as another"
    yield from _answers(faulty, twins, innocent)
    again, _rest = _streams(field, work.seed)
    if _content(next(again)[0]) != _content(faulty[0]):
        yield "the same seed makes another corpus"


def _answers(faulty: Sequence[Plant], twins: Sequence[Plant], innocent: Sequence[Plant]) -> Iterator[str]:
    if any(plant.answers != FAULTY or not plant.fault for plant in faulty):
        yield "a positive has other answers than FAULTY, or names no fault"
    if any(plant.answers != UNTOLD for plant in twins):
        yield "a twin has other answers than UNTOLD"
    if any(Answer.YES in plant.answers for plant in innocent):
        yield "a negative allows a yes"
    if any(not plant.forms or not set(plant.forms) <= set(FORMS) for plant in (*faulty, *twins, *innocent)):
        yield "a plant has no form, or one that is not known"


def _content(plant: Plant) -> bytes:
    value: Any = structs.asdict(plant)
    return orjson.dumps([value[key] for key in ("rows", "trace", "books", "policy")], option=orjson.OPT_SORT_KEYS)
