"""Whether the tools and the answering models of one role are the same before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import orjson

from afterbell.model.scan import Evidence
from afterbell.reading.model_names import is_snapshot, same_model
from afterbell.reading.prompts.calls import Prompt
from afterbell.reading.prompts.changes import GONE, SAME, Compared, Outcome, plain_hash
from afterbell.reading.prompts.roles import Role
from afterbell.reading.prompts.tool_schemas import definitions, first_difference, where_different

TOOL_FIELDS: Final = "gen_ai.tool.definitions"
_BEYOND, _LONGEST = 160, 480  # characters shown from a difference on, and at most from the tool's name on


def tools(role: Role) -> Compared:
    """Compare the tool definitions of a role: by hash, else tool by tool as parsed JSON."""
    digests = [{plain_hash(each.tools_digest): each.tools_digest for each in side if each.tools_digest}
               for side in (role.early_calls, role.late_calls)]  # fmt: skip
    if all(digests):
        if digests[0].keys() & digests[1].keys():
            return SAME
        return Compared(outcome=Outcome.CHANGED, what="the hash of the tool definitions differs",
                        evidence=tuple(next(iter(each.values())) for each in digests))  # fmt: skip
    early, late = _listed(role.early_calls), _listed(role.late_calls)
    lost = tuple(dict.fromkeys(_lost((*role.early_calls, *role.late_calls))))
    if early and late:
        changed = _first_change(early, late)
        if changed is not None:
            return changed
    elif early or late:
        side = "execution" if early else "research"
        lost = lost or (f"tool definitions of the {side} run",)
    return Compared(outcome=Outcome.UNDECIDED, missing=lost) if lost else SAME


_Tools = dict[str, dict[bytes, tuple[Any, Prompt]]]


def _listed(calls: Sequence[Prompt]) -> _Tools:
    """Return every definition of every tool that a side gave its model: by name, then by canonical form."""
    found: _Tools = {}
    for each in calls:
        for name, tool in (definitions(each.call.tool_definitions) or {}).items():
            found.setdefault(name, {})[orjson.dumps(tool)] = (tool, each)
    return found


def _lost(calls: Iterable[Prompt]) -> Iterator[str]:
    for each in calls:
        state = each.call.states.get("tools")
        unreadable = each.call.tool_definitions and definitions(each.call.tool_definitions) is None
        if state in GONE or unreadable:
            yield f"tool definitions or trading.prompt.tools_hash of call {each.call.span_id} ({state or 'cut'})"


def _first_change(early: _Tools, late: _Tools) -> Compared | None:
    for name in sorted({*early, *late}):
        if name not in late or name not in early:
            (_tool, prompt), *_rest = (early.get(name) or late[name]).values()
            word = "is gone" if name in early else "is new"
            other = next(iter(next(iter((late if name in early else early).values())).values()))[1]
            return _told(f"tool {name} {word}", _cited(prompt, name), _cited(other, ""))
        if not early[name].keys() & late[name].keys():
            (one, first), (other_tool, second) = next(iter(early[name].values())), next(iter(late[name].values()))
            what = first_difference(one, other_tool, name)
            keys = where_different(one, other_tool)
            return _told(f"tool {what}", _cited(first, name, keys), _cited(second, name, keys))
    return None


def _told(what: str, *proofs: Evidence) -> Compared:
    return Compared(outcome=Outcome.CHANGED, what=what, evidence=proofs)


def _cited(prompt: Prompt, name: str, keys: Sequence[str] = ()) -> Evidence:
    """Cite the definitions from the tool's name to what the keys lead to; from there on where the two are far apart.

    An empty excerpt names the place where definitions should stand that are kept deeper.
    """
    quoted = f'"{name}"' if name else ""
    field, text = next(((field, text) for field, text in prompt.tool_fields if quoted in text), (TOOL_FIELDS, ""))
    start = at = text.find(quoted) if text else 0
    for key in keys:
        found = text.find(f'"{key}"', at)
        at = found if found >= 0 else at
    end = min(len(text), at + _BEYOND)
    start = start if end - start <= _LONGEST else at
    return Evidence(trace_id=prompt.trace_id, span_id=prompt.call.span_id, field=field, excerpt=text[start:end],
                    start=start, end=end)  # fmt: skip


def models(role: Role) -> Compared:
    """Compare the models that answered a role's calls; what was asked for stands in where no answer names one.

    An alias that was asked for and not answered by name leaves the comparison open: who answers to it may change.
    """
    early, late = _named(role.early_calls), _named(role.late_calls)
    for name, proof in late.items():
        if early and not any(same_model(name, other) for other in early):
            other = next(iter(early))
            return _told(f"the model was {other} and is {name}", early[other], proof)
    lost = tuple(dict.fromkeys(_unanswered((*role.early_calls, *role.late_calls))))
    return Compared(outcome=Outcome.UNDECIDED, missing=lost) if lost else SAME


def _unanswered(calls: Iterable[Prompt]) -> Iterator[str]:
    for each in calls:
        call = each.call
        if not call.failed and not call.response_model and not is_snapshot(call.request_model):
            yield f"the model that answered call {call.span_id} (gen_ai.response.model)"


def _named(calls: Iterable[Prompt]) -> dict[str, Evidence]:
    found: dict[str, Evidence] = {}
    for each in calls:
        if each.model is not None:
            found.setdefault(each.model.excerpt, each.model)
    return found
