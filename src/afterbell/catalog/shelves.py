"""Loads the shelves and holds each item to its contract. Everything is loaded once per process, on first use."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any

from msgspec import Struct

from afterbell.errors import CatalogError
from afterbell.model.case import Case, TriggerCase
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.checklist import CHECKLIST
from afterbell.model.docket import Docket
from afterbell.model.event import Event
from afterbell.model.scan import Suggestion
from afterbell.model.vocabulary import Answer

HEADINGS = ("What it asks", "Why it matters", "How it looks", "What would prevent it")
_YES_CASES, _CLEAN_CASES, _UNKNOWN_CASES = 2, 2, 1


class Mode(Struct, frozen=True, kw_only=True):
    """One failure mode as it stands on the shelf."""

    number: int
    slug: str
    question: str
    since: str
    needs: tuple[Need, ...]
    knobs: Mapping[str, Any]
    page: str
    detect: Callable[[CaseFile], Suggestion]
    cases: tuple[Case, ...]


class Trigger(Struct, frozen=True, kw_only=True):
    """One trigger as it stands on the shelf. `notes` says what could not be judged and why.

    `gather`, of a trigger that reads texts, returns the little it needs of one trace (a frozen value of bounded size,
    or None for nothing); the docket carries it, so that whole traces need not be held.
    """

    name: str
    title: str
    page: str
    fire: Callable[[Docket], tuple[Event, ...]]
    notes: Callable[[Docket], tuple[str, ...]]
    cases: tuple[TriggerCase, ...]
    gather: Callable[[CaseFile], Any] | None = None


def _modules(package: str) -> Iterator[str]:
    shelf = importlib.import_module(package)
    for found in pkgutil.iter_modules(shelf.__path__):
        yield f"{package}.{found.name}"


def _load(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise CatalogError(f"{name} does not import: {error}", "reinstall it, or take it off the shelf") from error


def _need(module: ModuleType, *names: str) -> None:
    lacking = [name for name in names if not hasattr(module, name)]
    if lacking:
        raise CatalogError(f"{module.__name__} lacks {', '.join(lacking)}", "see CONTRIBUTING.md for its contract")


@cache
def modes() -> Mapping[int, Mode]:
    """Return the modes by number: ours and those of entry point group `afterbell.modes`, held to the same checks."""
    names = list(_modules("afterbell.modes"))
    names += [point.value for point in entry_points(group="afterbell.modes")]
    found: dict[int, Mode] = {}
    for name in names:
        mode = _mode(_load(f"{name}.mode"), _load(f"{name}.cases"))
        if mode.number in found:
            raise CatalogError(f"two modes have number {mode.number}: {found[mode.number].slug}, {mode.slug}")
        found[mode.number] = mode
    return dict(sorted(found.items()))


def _mode(module: ModuleType, cases: ModuleType) -> Mode:
    _need(module, "NUMBER", "SLUG", "QUESTION", "SINCE", "NEEDS", "KNOBS", "detect")
    _need(cases, "CASES")
    page = inspect.getdoc(module) or ""
    for heading in HEADINGS:
        if heading not in page:
            raise CatalogError(f"{module.__name__}: the docstring has no heading {heading!r}")
    folder = module.__name__.split(".")[-2]
    if folder.removeprefix("m") != f"{module.NUMBER:02d}_{module.SLUG}":
        raise CatalogError(f"{module.__name__}: folder and NUMBER/SLUG differ", f"m{module.NUMBER:02d}_{module.SLUG}")
    if (module.NUMBER, module.SLUG) not in CHECKLIST and len(CHECKLIST) >= module.NUMBER:
        raise CatalogError(f"{module.__name__}: question {module.NUMBER} is not called {module.SLUG!r}")
    _enough(module.__name__, [case.answer for case in cases.CASES])
    return Mode(
        number=module.NUMBER, slug=module.SLUG, question=module.QUESTION, since=module.SINCE, needs=module.NEEDS,
        knobs=module.KNOBS, page=page, detect=module.detect, cases=cases.CASES,
    )  # fmt: skip


def _enough(name: str, answers: list[Answer]) -> None:
    counts = (
        (answers.count(Answer.YES), _YES_CASES, "yes"),
        (answers.count(Answer.NO) + answers.count(Answer.NA), _CLEAN_CASES, "no or na"),
        (answers.count(Answer.UNKNOWN), _UNKNOWN_CASES, "unknown"),
    )
    for have, least, word in counts:
        if have < least:
            raise CatalogError(f"{name}: {have} cases answer {word}, at least {least} are needed")


@cache
def triggers() -> Mapping[str, Trigger]:
    """Return the triggers by name."""
    found = {}
    for name in _modules("afterbell.triggers"):
        module, cases = _load(f"{name}.trigger"), _load(f"{name}.cases")
        _need(module, "NAME", "TITLE", "fire", "notes")
        found[module.NAME] = Trigger(
            name=module.NAME, title=module.TITLE, page=inspect.getdoc(module) or "", fire=module.fire,
            notes=module.notes, cases=cases.CASES, gather=getattr(module, "gather", None),
        )  # fmt: skip
    return found


@cache
def envelopes() -> Mapping[str, Any]:
    """Return the envelope modules by NAME, the most particular first (RANK where stated, else 50)."""
    shelf = [_load(name) for name in _modules("afterbell.formats.envelopes")]
    found = [module for module in shelf if hasattr(module, "recognise")]
    for module in found:
        _need(module, "NAME", "TITLE", "UNIT", "recognise", "read")
    return {
        module.NAME: module for module in sorted(found, key=lambda module: (getattr(module, "RANK", 50), module.NAME))
    }


@cache
def dialects() -> tuple[Any, ...]:
    """Return the dialect modules, lowest RANK first."""
    shelf = [_load(name) for name in _modules("afterbell.formats.dialects")]
    found = [module for module in shelf if hasattr(module, "speaks")]
    for module in found:
        _need(module, "NAME", "RANK", "speaks", "read")
    return tuple(sorted(found, key=lambda module: module.RANK))


def knobs() -> Mapping[str, Mapping[str, Any]]:
    """Return each mode's KNOBS by slug: what `[policy.mode.SLUG]` may hold."""
    return {mode.slug: mode.knobs for mode in modes().values()}
