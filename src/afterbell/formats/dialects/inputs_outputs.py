"""What a run was given and what it gave back, where each is one value: messages, texts, and what was cut out of them.

Exporters shorten: a long text becomes `{text_preview, full_length}`, a long list `{count, sample}`. The visible part
is kept, cited where it stands, and the leg counts as truncated. Not a dialect; `langsmith`, `langfuse` and
`traceloop` ask it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from afterbell.formats import retrieved
from afterbell.formats.chat import Spoken, speak, speak_answer, speak_request
from afterbell.formats.content import absent, known_empty, output_state, split_system, state_of, state_of_value
from afterbell.formats.messages import as_json, as_text, message, ref, text_part
from afterbell.model.calls import Document, Message, MessageRef, PartKind, Source
from afterbell.model.vocabulary import ContentState

if TYPE_CHECKING:
    from collections.abc import Callable

    from afterbell.model.trace import Span

_LISTS = ("documents", "output", "results", "items", "articles", "context")
_DEEPEST = 32
_LONG_TEXT = 200
_LONGEST_PATH = 2000
_ROLES = {"human", "ai", "system", "tool", "function", "user", "assistant", "developer", "humanmessagechunk",
          "aimessagechunk"}  # fmt: skip


class Side(Struct, frozen=True, kw_only=True):
    """The inputs or outputs of a run: the value with cuts undone, where its paths really stand, and its state.

    `whole` is the text of the attribute. `raws` holds, by path, structures as they were written where something
    inside them was cut.
    """

    value: Any = None
    whole: str = ""
    raws: Mapping[str, Any] = {}
    at: Callable[[str], Source]
    state: ContentState = ContentState.NOT_CAPTURED


class Content(Struct, frozen=True, kw_only=True):
    """What a call was told and what it said, with the state of each of its four legs."""

    messages: tuple[Message, ...] = ()
    system: tuple[MessageRef, ...] = ()
    input: tuple[MessageRef, ...] = ()
    output: tuple[MessageRef, ...] = ()
    tool_definitions: str = ""
    states: dict[str, ContentState] = {}


def side(span: Span, *names: str) -> Side:
    """Return the inputs or outputs of a span, whichever of the names they stand under."""
    name = next((each for each in names if span.attributes.get(each) not in (None, "")), "")
    if not name:
        return Side(at=_source(span, names[0]), state=_why_absent(span, names[0]))
    raw = span.attributes[name]
    moved: dict[str, str] = {}
    raws: dict[str, Any] = {}
    state = state_of_value(raw)
    parsed = as_json(raw)
    value = _uncut(raw if parsed is None else parsed, "", "", moved, raws, 0)
    if moved.pop("cut", "") and state is ContentState.CAPTURED:
        state = ContentState.TRUNCATED
    return Side(value=value, whole=as_text(raw), raws=raws, at=_moved(_source(span, name), moved), state=state)


def _why_absent(span: Span, name: str) -> ContentState:
    # LangSmith stores large values apart and leaves their addresses.
    apart = as_json(span.attributes.get(f"{name}_s3_urls"))
    return ContentState.REF if apart else absent(name, span.dropped_attributes, span.attributes)


def of_model(given: Side, answered: Side, tools: Any, *, whole: bool, failed: bool, billed: bool) -> Content:
    """Return the content of a model's own run; `whole` tells that what it was invoked with was kept, tools and all."""
    asked = [] if given.state is ContentState.REDACTED else speak_request(given.value, given.at)
    said = [] if answered.state is ContentState.REDACTED else speak_answer(answered.value, answered.at)
    found = _content(asked, said, given, answered, as_text(tools), failed=failed, billed=billed)
    return (
        found if whole or tools else structs.replace(found, states={**found.states, "tools": ContentState.NOT_CAPTURED})
    )


def of_node(given: Side, answered: Side, *, failed: bool, billed: bool) -> Content:
    """Return what is visible of the calls inside a step whose model runs were not exported.

    Texts and messages of its state count as what it was told; what it returned and was not told, as what it said.
    `billed` tells that tokens were charged: then an output that holds nothing is lost.
    """
    asked = _texts(given.value, "user", given, "", 0)
    known = {found.text for found, _ref in asked}
    said = [
        (found, place) for found, place in _texts(answered.value, "assistant", answered, "", 0)
        if found.role == "assistant" and (found.text not in known or _asks(found))
    ]  # fmt: skip
    return _content(asked, said, given, answered, "", failed=failed, billed=billed and not answered.value, whole=False)


def arguments(given: Side) -> tuple[Any, str]:
    """Return what a traced function was called with, and its path: one lone value, or its keyword arguments."""
    value = given.value
    if isinstance(value, Mapping):
        if set(value) == {"args", "kwargs"} and not value["args"]:
            return value["kwargs"], ".kwargs"
        if set(value) == {"input"}:
            return value["input"], ".input"
    return value, ""


def shown(of: Side, value: Any, path: str) -> str:
    """Return the text of a value as it stands at a path: the attribute's own where the path is empty."""
    return as_text(value) if path else of.whole


def result_state(answered: Side, result: Any, *, failed: bool) -> ContentState:
    """Return the state of a tool's result; an error is what a failed tool gave back, so nothing is missing."""
    if result is None and failed:
        return ContentState.CAPTURED
    return state_of_value(result) if answered.state is ContentState.CAPTURED else answered.state


def documents(answered: Side, *, started_ns: int) -> tuple[Document, ...]:
    """Return the documents that a retriever gave back: a list, alone or under one of the usual keys."""
    value, path = answered.value, ""
    if isinstance(value, Mapping):
        key = next((name for name in _LISTS if isinstance(value.get(name), list)), "")
        value, path = (value[key], f".{key}") if key else (value, "")
    return retrieved.documents(value, lambda more: answered.at(path + more), started_ns=started_ns)


def _content(
    asked: list[Spoken], said: list[Spoken], given: Side, answered: Side, tools: str, *,
    failed: bool, billed: bool, whole: bool = True,
) -> Content:  # fmt: skip
    told = [found for found, _ref in asked]
    spoken = [found for found, _ref in said]
    in_state, out_state = _worse(given.state, told), _worse(answered.state, spoken)
    leading, rest = split_system(asked)
    absent = known_empty(ContentState.NOT_CAPTURED, in_state) if whole else ContentState.NOT_CAPTURED
    return Content(
        messages=tuple({found.sha256: found for found in (*told, *spoken)}.values()),
        system=leading, input=rest, output=tuple(place for _found, place in said), tool_definitions=tools,
        states={
            "system": in_state if leading else absent,
            "input": in_state,
            "output": output_state(spoken, out_state, in_state, failed=failed, billed=billed),
            "tools": state_of_value(tools) if tools else absent,
        },
    )  # fmt: skip


def _worse(own: ContentState, found: list[Message]) -> ContentState:
    return state_of(found) if own is ContentState.CAPTURED else own


def _source(span: Span, name: str) -> Callable[[str], Source]:
    return lambda path: Source(trace_id=span.trace_id, span_id=span.span_id, field=name + path)


def _moved(at: Callable[[str], Source], moved: Mapping[str, str]) -> Callable[[str], Source]:
    """Return `at` for paths of the uncut value: the longest known beginning of a path tells where it stands."""
    if not moved:
        return at

    def place(path: str) -> Source:
        for end in range(len(path) if len(path) < _LONGEST_PATH else -1, -1, -1):
            if path[:end] in moved and path[end : end + 1] in ("", ".", "["):
                return at(moved[path[:end]] + path[end:])
        return at(path)

    return place


def _uncut(value: Any, path: str, real: str, moved: dict[str, str], raws: dict[str, Any], depth: int) -> Any:
    """Return the value with previews and samples in place of what was cut, noting where they stand."""
    if depth > _DEEPEST or not isinstance(value, (Mapping, list)):
        return value
    before = len(moved)
    if isinstance(value, Mapping):
        preview, sample = value.get("text_preview"), value.get("sample")
        if isinstance(preview, str) and "full_length" in value:
            moved["cut"], moved[path] = "yes", f"{real}.text_preview"
            return preview
        if not isinstance(sample, list) or "count" not in value:
            found: Any = {
                key: _uncut(item, f"{path}.{key}", f"{real}.{key}", moved, raws, depth + 1)
                for key, item in value.items()
            }
            if len(moved) > before:
                raws[path] = value
            return found
        if value["count"] != len(sample):
            moved["cut"] = "yes"
        value, real = sample, f"{real}.sample"
        moved[path] = real
    found = [_uncut(item, f"{path}[{n}]", f"{real}[{n}]", moved, raws, depth + 1) for n, item in enumerate(value)]
    if len(moved) > before:
        raws[path] = value
    return found


def _is_message(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    if "lc" in value and isinstance(value.get("kwargs"), Mapping):
        return "content" in value["kwargs"]
    return "content" in value and str(value.get("role") or value.get("type")).lower() in _ROLES


def _asks(found: Message) -> bool:
    return any(part.kind is PartKind.TOOL_CALL for part in found.parts)


def _texts(value: Any, role: str, of: Side, path: str, depth: int) -> list[Spoken]:
    """Return the texts and messages in a step's state, in order; plain numbers and flags are left out."""
    if isinstance(value, str):
        return _one(value, role, of.at(path)) if value.strip() else []
    if _is_message(value) or (isinstance(value, list) and value and all(map(_is_message, value))):
        return [(found, place) for found, place in speak(value, role, lambda more: of.at(path + more)) if found.parts]
    if not isinstance(value, (Mapping, list)) or not value:
        return []
    if depth >= _DEEPEST or (depth and not _wordy(value, 0)):
        return _one(as_text(of.raws.get(path, value)), role, of.at(path))
    items = value.items() if isinstance(value, Mapping) else enumerate(value)
    steps = [(f"{path}.{key}" if isinstance(value, Mapping) else f"{path}[{key}]", item) for key, item in items]
    return [found for step, item in steps for found in _texts(item, role, of, step, depth + 1)]


def _wordy(value: Any, depth: int) -> bool:
    """Tell whether a structure holds prose or messages rather than figures."""
    if isinstance(value, str):
        return len(value) > _LONG_TEXT
    if depth >= _DEEPEST or not isinstance(value, (Mapping, list)):
        return False
    if _is_message(value):
        return True
    return any(_wordy(item, depth + 1) for item in (value.values() if isinstance(value, Mapping) else value))


def _one(text: str, role: str, source: Source) -> list[Spoken]:
    found = message(role, (text_part(text),))
    return [(found, ref(found, (source,)))]
