"""Whether a later model call does the same step as an earlier one: a retry, a fallback, or the task cut short.

By what both state (prompt, agent, task, idea), by their texts, and where texts are gone by the span both stand under.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from afterbell.model.calls import LlmCall
from afterbell.model.run import Trace
from afterbell.model.trace import Span
from afterbell.reading.ancestors import upwards
from afterbell.reading.model_names import same_model

_WORD = re.compile(r"\w{1,60}")
_READ = 20_000
_ALIKE, _WITHIN, _LOOSELY = 0.8, 0.8, 0.5
_FEW_WORDS = 4
HALF: Final = 2  # a prompt with under half of the input is a shortened one
_KEYS = ("trading.idea.id", "trading.symbol", "trading.task.type")
_DEEPEST = 40


class Asked(Struct, frozen=True, kw_only=True):
    """What a call was asked: its turns, its words, how many characters it was given in all, and what it states."""

    turns: str
    words: frozenset[str]
    length: int
    parent: str
    stated: Mapping[str, str]


def asked(trace: Trace, call: LlmCall, spans: Mapping[str, Span]) -> Asked:
    """Return what a call was asked; `length` (characters of system prompt and turns) is 0 where nothing was kept.

    `spans` are the trace's by id.
    """
    turns = "\n".join(part.text for _m, part, _s in trace.parts(call.input))
    system = sum(len(part.text) for _m, part, _s in trace.parts(call.system))
    here = spans.get(call.span_id)
    return Asked(
        turns=turns, words=frozenset(_WORD.findall(turns[:_READ].casefold())), length=len(turns) + system,
        parent=here.parent_span_id if here else "", stated=_stated(call.span_id, spans),
    )  # fmt: skip


def same_step(one: LlmCall, first: Asked, other: LlmCall, second: Asked) -> bool:
    """Tell whether `other` does the step of `one` again, whole or cut short."""
    names = ((one.prompt_name, other.prompt_name), (one.agent_name, other.agent_name),
             *((first.stated.get(key, ""), second.stated.get(key, "")) for key in _KEYS))  # fmt: skip
    if any(mine and its and mine != its for mine, its in names):
        return False
    named = any(mine and mine == its for mine, its in names[:1])
    beside = bool(first.parent) and first.parent == second.parent
    if not first.turns or not second.turns:
        agent = bool(one.agent_name) and one.agent_name == other.agent_name
        return named or beside or agent or same_model(one.request_model, other.request_model)
    if first.turns in second.turns:
        return True  # asked again, or asked again with what has been said since
    if HALF * len(second.turns) >= len(first.turns):
        return len(first.words & second.words) >= _ALIKE * len(first.words | second.words)
    shared = len(first.words & second.words) / max(1, len(second.words))
    if named or beside:
        return shared >= _LOOSELY
    return len(second.words) >= _FEW_WORDS and shared >= _WITHIN


def shortened(first: Asked, second: Asked) -> bool:
    """Tell whether the second call was given under half of the first one's input; False where either is gone."""
    system = second.length > len(second.turns)  # where the second has no system prompt kept, the turns are compared
    before, after = (first.length, second.length) if system else (len(first.turns), len(second.turns))
    return bool(before and after) and HALF * after < before


def _stated(span_id: str, spans: Mapping[str, Span]) -> dict[str, str]:
    found: dict[str, str] = {}
    for span in upwards(span_id, spans, _DEEPEST):
        for key in _KEYS:
            value = span.attributes.get(key)
            if value and key not in found:
                found[key] = str(value)
    return found
