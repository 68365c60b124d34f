"""Two filings of one period in one run, the later linked to the earlier by `restatement_of`, and whose value was used.

Figures are matched by the words that name them in both documents. It needs no company facts and asks for no decision:
the restating document was there when the model wrote. It judges only documents that a run retrieved.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from afterbell.model.calls import Document
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import ContentState
from afterbell.reading.company_accounts import concepts
from afterbell.reading.company_accounts.changes import ROUNDING
from afterbell.reading.company_accounts.used import Sized, Spoken, holds
from afterbell.reading.quantities import labels, scales, text
from afterbell.reading.quantities.claims import Claimed
from afterbell.reading.quantities.quantity import Kind, Quantity
from afterbell.reading.times import read, to_ns

RESTATES = "restatement_of"
_BACK = 160
_MOST, _MOST_CLAIMS = 1000, 500


class Pair(Struct, frozen=True, kw_only=True):
    """A claim that holds the earlier document's value, with both values; `both` = the outputs name the later too."""

    claim: Evidence
    old: Evidence
    new: Evidence
    old_name: str
    new_name: str
    both: bool = False


class Linked(Struct, frozen=True, kw_only=True):
    """The claims that rest on restated documents, and whether any pair of linked documents was compared.

    `gone` names the linked documents whose text is not there to compare.
    """

    stale: tuple[Pair, ...] = ()
    compared: bool = False
    gone: tuple[str, ...] = ()


def stale(trace: Trace, found: Sequence[tuple[Spoken, Claimed]]) -> Linked:
    """Return the claims that hold a value of a document which another, retrieved before they were made, restates."""
    by_id = {each.doc_id: each for each in trace.documents if each.doc_id}
    pairs = []
    gone: list[str] = []
    compared = False
    for later in trace.documents:
        earlier = by_id.get(str(later.metadata.get(RESTATES, "")).strip())
        if earlier is None or earlier is later:
            continue
        lost = [each for each in (earlier, later) if each.state is not ContentState.CAPTURED or not each.text]
        if lost:
            gone += [f"text of {_name(each)} ({each.state.replace('_', ' ')})" for each in lost]
            continue
        compared = True
        old, new = _figures(earlier), _figures(later)
        sized = Sized([abs(each.value) for each in old])
        for said, claimed in found[:_MOST_CLAIMS]:
            if later.started_ns and said.at_ns and later.started_ns > said.at_ns and not _before(later, said):
                continue
            pair = _pair(
                said, claimed, (earlier, [old[place] for place in sized.held(claimed.figure)]), (later, new), found
            )
            if pair is not None:
                pairs.append(pair)
    return Linked(stale=tuple(pairs), compared=compared, gone=tuple(dict.fromkeys(gone)))


def _before(document: Document, said: Spoken) -> bool:
    published = to_ns(document.published_at) if read(document.published_at) else None
    return published is not None and published < said.at_ns and document.started_ns <= said.at_ns


def _figures(document: Document) -> list[Quantity]:
    units = document.metadata.get("units")
    scale = scales.units_scale(units) if isinstance(units, str) else None
    figures = text.read(document.text, scale=scale)
    return [each for each in figures if each.kind not in {Kind.PERCENT, Kind.TIME}][:_MOST]


def _pair(
    said: Spoken, claimed: Claimed, earlier: tuple[Document, list[Quantity]], later: tuple[Document, list[Quantity]],
    found: Sequence[tuple[Spoken, Claimed]],
) -> Pair | None:  # fmt: skip
    figure = claimed.figure
    words = claimed.claim.words | figure.label
    for old in earlier[1]:
        if not _about(words, old, earlier[0].text):
            continue
        fellows = [new for new in later[1] if _same(old, earlier[0].text, new, later[0].text)]
        if not fellows or any(holds(figure, abs(new.value)) for new in fellows):
            continue
        new = fellows[0]
        if abs(abs(new.value) - abs(old.value)) <= ROUNDING * max(abs(new.value), abs(old.value)):
            continue
        both = any(holds(other.figure, abs(new.value)) for _said, other in found)
        return Pair(
            claim=_at(said.words, figure, said.source.trace_id, said.source.span_id, said.source.field),
            old=_in(earlier[0], old), new=_in(later[0], new), old_name=_name(earlier[0]), new_name=_name(later[0]),
            both=both,
        )  # fmt: skip
    return None


def _about(words: frozenset[str], figure: Quantity, text_of: str) -> bool:
    """Tell whether a claim's words name a figure at all; a bare answer ("1,200") names nothing and may be any."""
    own = figure.label - labels.years(figure.label)
    plain = words - labels.years(words)
    return not plain or not own or bool(own & plain) or bool(_tags(figure, text_of) and not own)


def _same(old: Quantity, old_text: str, new: Quantity, new_text: str) -> bool:
    """Tell whether two figures are one fact: one concept, or mostly the same words, in the same year."""
    if old.per_share != new.per_share or (old.kind is not new.kind and Kind.PLAIN not in {old.kind, new.kind}):
        return False
    one, other = labels.years(old.label), labels.years(new.label)
    if one and other and not one & other:
        return False
    mine, theirs = _tags(old, old_text), _tags(new, new_text)
    if mine or theirs:
        return bool(mine & theirs)
    left, right = old.label - one, new.label - other
    return bool(left and right) and len(left & right) * 5 >= min(len(left), len(right)) * 3


def _tags(figure: Quantity, text_of: str) -> frozenset[str]:
    before = text_of[max(0, figure.start - _BACK) : figure.start]
    before = before[max(before.rfind("\n"), before.rfind(". ")) + 1 :]
    return _last(before)


@lru_cache(maxsize=8192)
def _last(before: str) -> frozenset[str]:
    named = concepts.in_text(before)
    return named[-1].tags if named else frozenset()


def _name(document: Document) -> str:
    return (document.title or document.doc_id)[:60]


def _in(document: Document, figure: Quantity) -> Evidence:
    source = document.source
    return _at(document.text, figure, source.trace_id, source.span_id, source.field)


def _at(words: str, figure: Quantity, trace_id: str, span_id: str, field: str) -> Evidence:
    return Evidence(trace_id=trace_id, span_id=span_id, field=field, excerpt=words[figure.start : figure.end],
                    start=figure.start, end=figure.end)  # fmt: skip
