"""Which figures of a model's output are claims about the world, and what their words ask for.

Not claims: prices the agent would trade at (stop, target, limit, entry), size, weight, leverage, horizon, the odds of
scenarios, scores, settings and thresholds of indicators, what could happen, counts up to twelve, lengths of time.
Dates, form names and list numbers never were figures (`grammar`). It does not look for sources.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from afterbell.reading.quantities import claim_words as said
from afterbell.reading.quantities import grammar, labels, text
from afterbell.reading.quantities.derivations import Step
from afterbell.reading.quantities.grounding import ALL_STEPS, Claim
from afterbell.reading.quantities.quantity import Kind, Quantity

MAX_CLAIMS = 20_000
_SMALL = 12
_SHORT = 160
_BEFORE, _AFTER, _SENTENCE = 70, 40, 200
_TAG = 220


class Claimed(Struct, frozen=True, kw_only=True):
    """A claim of an output: the figure with its words (`claim`), and the sentence or row it stands in."""

    claim: Claim
    sentence: str

    @property
    def figure(self) -> Quantity:
        """The figure as it stands in the output."""
        return self.claim.figure


def claims(output: str, question: str = "") -> tuple[Claimed, ...]:
    """Return the claims of an output in order. `question` is what was asked: a bare answer is read with its words."""
    plain = grammar.plain(output)
    found = []
    for figure in text.read(output):
        sentence = _sentence(plain, figure)
        if not _is_claim(plain, figure, sentence):
            continue
        words = figure.label
        bare = figure.row_label if len(plain) < _SHORT else words
        if question and not bare - labels.years(bare):
            words |= labels.words(question)
            sentence = f"{question} {sentence}"
        percent = figure.kind is not Kind.PERCENT and bool(said.PERCENT.search(sentence))
        every = bool(said.EVERY_YEAR.search(sentence))
        found.append(
            Claimed(
                claim=Claim(figure=figure, words=words, steps=steps(sentence), percent=percent, every=every),
                sentence=sentence,
            )
        )
        if len(found) >= MAX_CLAIMS:
            break
    return tuple(found)


@lru_cache(maxsize=64)
def steps(sentence: str) -> frozenset[Step]:
    """Return the steps of arithmetic that the words of a claim ask for; all of them when its words ask for none."""
    return frozenset(step for step, pattern in said.STEPS if pattern.search(sentence)) or ALL_STEPS


def _sentence(plain: str, figure: Quantity) -> str:
    back = plain[max(0, figure.start - _SENTENCE) : figure.start]
    on = plain[figure.end : figure.end + _SENTENCE]
    bounds = [hit.end() for hit in said.BOUND.finditer(back)]
    stop = said.BOUND.search(on)
    return (
        back[bounds[-1] if bounds else 0 :] + plain[figure.start : figure.end] + on[: stop.start() if stop else len(on)]
    )


def _clause(back: str) -> str:
    """Return the last clause with words in it of what stands before a figure in its sentence."""
    bounds = [hit.end() for hit in said.BOUND.finditer(back)]
    back = back[bounds[-1] if bounds else 0 :]
    for hit in reversed(list(said.JOINT.finditer(back))):
        if said.WORDED.search(back, hit.end()):
            return back[hit.end() :]
    return back


def _is_claim(plain: str, figure: Quantity, sentence: str) -> bool:
    """Tell whether a figure says something about the world that a source could hold."""
    if not figure.value:
        return False
    in_data = figure.groups[:1] and figure.groups[0][0] in "ro"
    whole = not figure.shown and not figure.scale
    if figure.kind is Kind.TIME and whole:
        return False
    if in_data and not figure.row_label.isdisjoint(said.OWN_KEYS):
        return False
    if (
        in_data
        and not figure.label.isdisjoint(said.ACTIONS)
        and not figure.row_label.isdisjoint(said.ORDERED)
        and figure.row_label <= said.BESIDE_ORDERED
    ):
        return False
    if (
        not in_data
        and whole
        and figure.kind in {Kind.PLAIN, Kind.COUNT, Kind.MULTIPLE}
        and abs(figure.digits) <= _SMALL
    ):
        return False
    near = plain[max(0, figure.start - _TAG) : figure.start]
    back = _clause(plain[max(0, figure.start - _BEFORE) : figure.start])
    after = plain[figure.end : figure.end + _AFTER]
    if in_data:
        after = said.BOUND.split(after, maxsplit=1)[0]
    own = next(reversed(list(said.OWN.finditer(back))), None)
    after = said.UPPER_END.sub("", after)
    if own is None and (
        said.PLAN.search(sentence) or (figure.kind is Kind.PERCENT and said.SHARES_OF_CAPITAL.search(back))
    ):
        own = said.OWN_IN_PLANS.search(back)
    if figure.kind is Kind.PERCENT and own is None and said.ODDS.search(sentence):
        own = said.CASE.search(back)
    if own is not None and not ("target" in own.group().lower() and said.OTHERS_TARGET.search(sentence)):
        return False
    if (
        said.OWN_AFTER.match(after)
        or said.MAYBE.search(back)
        or (said.COMPARED.search(near) and not said.MARKED_UP.search(near))
    ):
        return False
    return not (said.ORDERING.search(back) or (whole and said.SETTING.search(back)))
