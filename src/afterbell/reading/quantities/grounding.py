"""Tells whether the sources hold a claimed figure: directly, or by one step over figures that belong together.

A claim is held when a source figure of a fitting kind rounds to the digits it shows. Derivations are one step (a+b,
a-b, a/b, a/b-1, mean, share, sum of neighbours) over operands of one kind out of one row, column, sentence,
paragraph or object, of which the claim's words name at least one when they name any. No products, no annualising,
no chains: a free search grounds almost anything. The same digits at another power of ten are found too and marked
with that power.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from afterbell.reading.quantities.derivations import Step, Wanted
from afterbell.reading.quantities.pool import Pool
from afterbell.reading.quantities.quantity import Kind, Quantity
from afterbell.reading.quantities.relations import PERCENTS, Asked, Search

_AMOUNTS = frozenset({Kind.MONEY, Kind.PLAIN, Kind.COUNT, Kind.TIME})
_FIT = {
    Kind.MONEY: frozenset({Kind.MONEY, Kind.PLAIN}),
    Kind.COUNT: frozenset({Kind.COUNT, Kind.PLAIN}),
    Kind.TIME: frozenset({Kind.TIME, Kind.PLAIN}),
    Kind.PERCENT: frozenset({Kind.PERCENT, Kind.PLAIN}),
    Kind.MULTIPLE: frozenset({Kind.MULTIPLE, Kind.PLAIN}),
    Kind.PLAIN: frozenset(Kind),
}
_THOUSANDS = (3, -3, 6, -6, 9, -9)
_MYRIADS = (4, -4, 8, -8)
_HUNDREDS = (2, -2)
_SURE, _LIKELY = 4, 2
_FRACTIONS = frozenset({Kind.PLAIN, Kind.MULTIPLE})
_QUOTIENTS = frozenset({Step.RATIO, Step.GROWTH})
_LARGE, _WHOLE = 1000, 10
ALL_STEPS = frozenset(Step)


class Claim(Struct, frozen=True, kw_only=True):
    """A claimed figure with the words that name it and the steps that its words ask for.

    `percent` says that its sentence speaks of a percentage although the figure has no sign, `every` that it
    speaks of every year from the first it names to the last.
    """

    figure: Quantity
    words: frozenset[str] = frozenset()
    steps: frozenset[Step] = ALL_STEPS
    percent: bool = False
    every: bool = False


class Grounding(Struct, frozen=True, kw_only=True):
    """Where a claim comes from. `places` are figures of the pool; none = ungrounded.

    `shift` is the power of ten by which the claim is larger than what the source says (0 = as the source says);
    `step` is None for a figure that stands in a source as it is. `unscaled` says that the digits are the source's and
    that nobody states the source's scale.
    """

    places: tuple[int, ...] = ()
    step: Step | None = None
    shift: int = 0
    unscaled: bool = False

    @property
    def held(self) -> bool:
        """Whether any source holds the digits."""
        return bool(self.places)


NONE = Grounding()


def ground(pool: Pool, claim: Claim, *, beside: tuple[int, ...] = (), derive: bool = True) -> Grounding:
    """Return the best ground of a claim: as it is, off by a power of ten under its own name, one step, then the rest.

    `beside` are places of the figures that ground its neighbours: what a claim compares often stands beside it. Without
    `derive` only figures that stand in a source are looked at.
    """
    named, touched = pool.named(claim.words)
    near = _Near(named=named, touched=touched, beside=beside)
    found = _direct(pool, claim, near) or _unscaled(pool, claim, near)
    if found is not None:
        return found
    moved = _moved(pool, claim, near)
    digits = claim.figure.significant
    sure = named if digits < _LIKELY else touched
    if moved is not None and not sure.isdisjoint(moved.places):
        return moved
    found = (_derived(pool, claim, near, 0) or _derived_unscaled(pool, claim, near)) if derive else None
    if found is not None:
        return found
    if moved is not None and digits >= _SURE:
        return moved
    for shift in _shifts_of_steps(claim.figure) if derive and named else ():
        found = _derived(pool, claim, near, shift)
        if found is not None:
            return found
    return NONE


def _shifts_of_steps(figure: Quantity) -> tuple[int, ...]:
    """Return the powers of ten at which a derived result is looked for: those that the claim says enough for.

    A claim without scale and currency may repeat a table's digits without its header: it is smaller than the source.
    """
    if figure.kind is Kind.PERCENT:
        return ()
    if _says_scale(figure):
        return _shifts(figure) if figure.significant >= _LIKELY else ()
    return (-3, -6) if figure.kind is Kind.PLAIN and abs(figure.value) >= _WHOLE else ()


def _says_scale(figure: Quantity) -> bool:
    return figure.scale_from in {"word", "header"} or (bool(figure.currency) and abs(figure.value) >= _LARGE)


def slack(figure: Quantity) -> tuple[float, float]:
    """Return how far below and above its value a figure may stand for: half of the last digit shown, more when hedged.

    A hedge ("over", "nearly") reaches to the last digit that is not zero; a round whole number to half a percent.
    """
    size, half = abs(float(figure.value)), float(figure.half_step)
    zeros = 0 if figure.shown else len(str(abs(figure.digits))) - figure.significant
    unit = 2 * half * 10**zeros
    if figure.hedge == "over":
        return half, max(half, unit)
    if figure.hedge == "under":
        return max(half, unit), half
    if figure.hedge == "about":
        wide = max(half, unit / 2, size * 0.02)
        return wide, wide
    if zeros > 1:
        half = max(half, min(unit / 2, size * 0.005))
    return half, half


class _Near(Struct, frozen=True, kw_only=True):
    """The figures that a claim's words name outright, those they touch, and those that ground its neighbours."""

    named: frozenset[int]
    touched: frozenset[int]
    beside: tuple[int, ...]


def _direct(pool: Pool, claim: Claim, near: _Near) -> Grounding | None:
    figure = claim.figure
    size = abs(float(figure.value))
    below, above = slack(figure)
    above = max(above, 2 * float(figure.half_step)) if figure.shown else above
    best: tuple[int, int] | None = None
    most = 4 * bool(near.named) + 2 * bool(near.touched) + 1
    for factor, kinds in _readings(figure):
        for place in pool.sized((size - below) * factor * (1 - 1e-9), (size + above) * factor * (1 + 1e-9)):
            if best is not None and best[0] >= most:
                break  # none could rank higher: a long list of equal figures is not looked through for each claim
            touched = place in near.touched
            if best is not None and best[0] >= (place in near.named) * 4 + touched * 2 + 1:
                continue
            other = pool.held[place].figure
            if other.kind not in kinds or not _same_money(figure, other):
                continue
            if figure.kind is Kind.PERCENT and other.kind is Kind.PLAIN and not touched and figure.significant < _SURE:
                continue
            if near.named and not touched and figure.significant <= _LIKELY:
                continue  # two digits stand anywhere: where the words name other figures, they do not mean this one
            if (
                float(abs(other.value)) * (1 - 1e-12) > (size + below) * factor
                and other.shown <= figure.shown
                and not figure.hedge
            ):
                continue
            rank = (place in near.named) * 4 + touched * 2 + ((other.value < 0) == (figure.value < 0))
            if best is None or rank > best[0]:
                best = (rank, place)
        if best is not None:
            return Grounding(places=(best[1],))
    return None


def _unscaled(pool: Pool, claim: Claim, near: _Near) -> Grounding | None:
    """Find the claim's digits as they are written in a source that states no scale, where the claim states one."""
    figure = claim.figure
    if not figure.scale or figure.kind is Kind.PERCENT:
        return None
    size, half = abs(float(figure.digits)), float(figure.half_step.scaleb(-figure.scale))
    found = [
        place
        for place in pool.sized((size - half) * (1 - 1e-9), (size + half) * (1 + 1e-9))
        if not pool.held[place].figure.scale_from and pool.held[place].figure.kind in _FIT[figure.kind]
    ]
    best = max(found, key=lambda place: (place in near.named, place in near.touched), default=None)
    return None if best is None else Grounding(places=(best,), unscaled=True)


def _readings(figure: Quantity) -> Iterator[tuple[float, frozenset[Kind]]]:
    """Yield how a source may write the figure: as it is, a percentage as a fraction and the reverse."""
    yield 1.0, _FIT[figure.kind]
    if figure.kind is Kind.PERCENT:
        yield 0.01, frozenset({Kind.PLAIN, Kind.MULTIPLE})
    elif figure.kind in {Kind.PLAIN, Kind.MULTIPLE}:
        yield 100.0, frozenset({Kind.PERCENT})


def _same_money(one: Quantity, other: Quantity) -> bool:
    return not one.currency or not other.currency or one.currency in other.currency or other.currency in one.currency


def _shifts(figure: Quantity, other: Quantity | None = None) -> tuple[int, ...]:
    if figure.kind is Kind.PERCENT:
        return _HUNDREDS
    if figure.kind not in _AMOUNTS or figure.per_share:
        return ()
    chinese = {4, 8} & {figure.scale, other.scale if other else 0}
    return _THOUSANDS + _MYRIADS if chinese else _THOUSANDS


def _moved(pool: Pool, claim: Claim, near: _Near) -> Grounding | None:
    figure = claim.figure
    size, half = abs(float(figure.value)), float(figure.half_step)
    best: tuple[int, Grounding] | None = None
    kinds = frozenset({Kind.PERCENT}) if figure.kind is Kind.PERCENT else _FIT[figure.kind] & _AMOUNTS
    shifts = _HUNDREDS if figure.kind is Kind.PERCENT else (*_THOUSANDS, *_MYRIADS) if _shifts(figure) else ()
    for shift in shifts:
        factor = 10.0**-shift
        for place in pool.sized((size - half) * factor * (1 - 1e-9), (size + half) * factor * (1 + 1e-9)):
            rank = (place in near.named) * 2 + (place in near.touched)
            if best is not None and rank <= best[0]:
                continue
            other = pool.held[place].figure
            fits = other.kind in kinds and not other.per_share and _same_money(figure, other)
            if fits and shift in _shifts(figure, other):
                best = rank, Grounding(places=(place,), shift=shift, unscaled=not other.scale_from)
    return None if best is None else best[1]


def _derived_unscaled(pool: Pool, claim: Claim, near: _Near) -> Grounding | None:
    figure = claim.figure
    if not figure.scale or figure.kind is Kind.PERCENT or (figure.significant <= _LIKELY and not near.named):
        return None
    return _derived(pool, claim, near, figure.scale, unscaled=True)


def _derived(pool: Pool, claim: Claim, near: _Near, shift: int, *, unscaled: bool = False) -> Grounding | None:
    wanted = tuple(_wanted(claim, shift))
    if not wanted:
        return None
    growing = Step.DIFFERENCE in claim.steps or not claim.steps & _QUOTIENTS
    asked = Asked(
        words=claim.words, steps=claim.steps | ({Step.GROWTH} if growing else set()), named=near.named,
        touched=near.touched, digits=0 if shift and not unscaled else claim.figure.significant, every=claim.every,
        unscaled=unscaled,
    )  # fmt: skip
    search = Search(pool, wanted, asked)
    found = search.found(near.beside)
    if found is None:
        return None
    held = [pool.held[place].figure for place in found.operands]
    if shift < 0 and not _says_scale(claim.figure) and not all(each.scale == -shift for each in held):
        return None
    unstated = unscaled or (shift != 0 and not any(each.scale_from for each in held))
    return Grounding(places=found.operands, step=found.step, shift=0 if unscaled else shift, unscaled=unstated)


def _wanted(claim: Claim, shift: int) -> Iterator[tuple[Wanted, frozenset[Kind]]]:
    """Yield the results to look for and the kinds of operands that can give each."""
    figure = claim.figure
    size, half = abs(float(figure.value)), max(slack(figure))
    if shift:
        size, half = size * 10.0**-shift, float(figure.half_step) * 10.0**-shift
    linear = {Step.DIFFERENCE, Step.MEAN, Step.SUM} & claim.steps
    if not linear or linear == {Step.SUM}:
        linear = {Step.DIFFERENCE, Step.SUM}  # a total may be what is left of a larger one
    quotient = {Step.RATIO, Step.GROWTH} & claim.steps
    percent = figure.kind is Kind.PERCENT
    if percent or claim.percent:
        for step in sorted(_QUOTIENTS if quotient != {Step.GROWTH} else quotient):
            yield Wanted(step=step, size=size / 100, slack=half / 100), frozenset(Kind)
        if Step.DIFFERENCE in linear and not shift:
            yield Wanted(step=Step.DIFFERENCE, size=size / 100, slack=half / 100), _FRACTIONS
    for step in sorted(linear):
        kinds = PERCENTS if percent else _FIT[figure.kind]
        yield Wanted(step=step, size=size, slack=half), kinds
    if not shift and figure.kind in {Kind.PLAIN, Kind.MULTIPLE}:
        for step in sorted(quotient):
            if step is Step.RATIO or Step.RATIO not in claim.steps:
                yield Wanted(step=step, size=size, slack=half), frozenset(Kind)
