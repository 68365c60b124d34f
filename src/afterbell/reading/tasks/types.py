"""What a model call was asked to do: simple work (extraction, summary, classification, sentiment) or something else.

A stated `trading.task.type` on the call or the nearest span above it holds; else the orders in the prompt tell, in
English or Chinese. It does not judge whether thinking was worth it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from msgspec import Struct

from afterbell.model.calls import LlmCall, MessageRef, PartKind, Source
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span
from afterbell.reading.ancestors import above
from afterbell.reading.tasks import words as task_words

TASK_TYPE: Final = "trading.task.type"
SIMPLE: Final = frozenset({task_words.EXTRACTION, task_words.SUMMARY, task_words.CLASSIFICATION, task_words.SENTIMENT})
DEMANDING: Final = "demanding"
"""The prompt asks for judgement: research, valuation, planning, a decision."""

_DEEPEST, _EXCERPT = 40, 160
_HEAD, _TAIL = 2000, 1200  # an order stands before or after the material it is about
_NEAR = 300  # characters from a simple order, or from the end, within which a second order is still ours
_MARKS = " \t\r\n*#>-•\"'`("
_SENTENCE = re.compile(r"[^.!?\n。！？]{1,600}(?:[.!?](?!\d)|[\n。！？]|\Z)?")


class Task(Struct, frozen=True, kw_only=True):
    """What a call was asked to do: `kind` is one of SIMPLE, a stated type, DEMANDING, or empty if nobody can tell."""

    kind: str = ""
    evidence: Evidence | None = None

    @property
    def simple(self) -> bool:
        """Whether the task needs no extended thinking."""
        return self.kind in SIMPLE


class _Order(Struct, frozen=True, kw_only=True):
    """An order in a text and where it stands."""

    kind: str
    start: int
    said: str


def task_of(trace: Trace, call: LlmCall, spans: Mapping[str, Span]) -> Task:
    """Return what a call was asked to do, and the attribute or words that say so; `spans` are the trace's by id."""
    return _stated(call, spans) or _ordered(trace, call) or _named(call) or Task()


def task_word(said: str) -> str:
    """Return a stated task type in the contract's words: `Summarization` -> `summary`."""
    word = said.strip().lower()
    return next((kind for kind, pattern in task_words.STATED if pattern.match(word)), word)


def _stated(call: LlmCall, spans: Mapping[str, Span]) -> Task | None:
    own = [spans[each] for each in (call.span_id, *call.duplicates) if each in spans]
    for span in (*own, *above(call.span_id, spans, _DEEPEST)):
        value = span.attributes.get(TASK_TYPE)
        if isinstance(value, str) and value.strip():
            proof = Evidence(trace_id=span.trace_id, span_id=span.span_id, field=TASK_TYPE, excerpt=value,
                             end=len(value))  # fmt: skip
            return Task(kind=task_word(value), evidence=proof)
    return Task(kind=task_word(call.task_type)) if call.task_type else None


def _named(call: LlmCall) -> Task | None:
    kind = next((kind for kind, pattern in task_words.NAMES if pattern.search(call.prompt_name)), "")
    return Task(kind=kind) if kind else None


def _ordered(trace: Trace, call: LlmCall) -> Task | None:
    """Read the system prompt's orders and then the user's; where the system orders simple work, the rest is material.

    An order of the user's that asks for judgement still counts where the user's turn begins with it.
    """
    system = list(_texts(trace, call.system))
    turns = [ref for ref in call.input if trace.message(ref).role in {"user", "human", "system", "developer"}]
    user = list(_texts(trace, tuple(turns[-2:])))
    first = _told(system)
    begun = next((_order(text) for text, _source in user[-1:]), "")
    if first is not None and (first.kind == DEMANDING or begun != DEMANDING):
        second = _told(user) if first.kind == DEMANDING else None
        return second if second is not None and second.simple else first
    return _told(user) or first or _role(system + user)


def _told(texts: list[tuple[str, Source]]) -> Task | None:
    """Return the task that texts order: demanding if any order asks for judgement, else the first simple one."""
    found: Task | None = None
    for text, source in texts:
        simple: _Order | None = None
        for order in _orders(text):
            if order.kind == DEMANDING:
                far = simple is not None and order.start - simple.start > _NEAR < len(text) - order.start
                if not far:
                    return Task(kind=DEMANDING, evidence=_cited(source, order.said, order.start))
            elif simple is None:
                simple = order
        if simple is not None and found is None:
            found = Task(kind=simple.kind, evidence=_cited(source, simple.said, simple.start))
    return found or _worker(texts)


def _worker(texts: list[tuple[str, Source]]) -> Task | None:
    for text, source in texts:
        hit = task_words.WORKER.search(text[:_HEAD])
        if hit is not None:
            kind = next(name for name in sorted(SIMPLE) if hit[name])
            return Task(kind=kind, evidence=_cited(source, hit[0], hit.start()))
    return None


def _role(texts: list[tuple[str, Source]]) -> Task | None:
    return Task(kind=DEMANDING) if any(task_words.JUDGE.search(text[:_HEAD]) for text, _source in texts) else None


def _orders(text: str) -> Iterator[_Order]:
    for start, end in _stretches(len(text)):
        for kind, at, said in _ordered_in(text[start:end]):
            yield _Order(kind=kind, start=start + at, said=said)


@lru_cache(maxsize=1024)
def _ordered_in(stretch: str) -> tuple[tuple[str, int, str], ...]:
    """Return the orders of a stretch: kind, place, words. The same prompts are read for every call of a run."""
    found = []
    for hit in _SENTENCE.finditer(stretch):
        said = hit[0].lstrip(_MARKS)
        kind = _order(said)
        if kind:
            found.append((kind, hit.end() - len(said), said))
    return tuple(found)


def _order(said: str) -> str:
    """Return what a sentence orders, or an empty text."""
    said = said.lstrip(_MARKS)
    for kind, pattern in task_words.ORDERS:
        hit = pattern.match(said)
        if hit is not None:
            return DEMANDING if task_words.ALSO.search(said, hit.end()) else kind
    if task_words.DEMANDS.match(said):
        return DEMANDING
    for kind, pattern in (*task_words.TITLES, *task_words.CHINESE):
        hit = pattern.match(said)
        if hit is not None:
            return DEMANDING if task_words.CHINESE_DEMANDS.search(said, hit.end()) else kind
    return DEMANDING if task_words.CHINESE_ORDER.match(said) else ""


def _stretches(length: int) -> Iterator[tuple[int, int]]:
    if length <= _HEAD + _TAIL:
        yield 0, length
        return
    yield 0, _HEAD
    yield length - _TAIL, length


def _texts(trace: Trace, refs: tuple[MessageRef, ...]) -> Iterator[tuple[str, Source]]:
    for _message, part, source in trace.parts(refs):
        if part.kind is PartKind.TEXT and part.text.strip():
            yield part.text, source


def _cited(source: Source, said: str, at: int) -> Evidence:
    excerpt = said.rstrip()[:_EXCERPT]
    return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=excerpt, start=at,
                    end=at + len(excerpt))  # fmt: skip
