"""The structure that a call's answer should have, and how an answer departs from it.

The structure is the declared one (response format, submit tool, the decision's output schema), else what the other
answers to the same prompt have in common. An answer that only calls tools on its way is no answer yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from afterbell.model.calls import LlmCall, PartKind, Source
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import ContentState
from afterbell.reading.answers.schemas import DeclaredSchema
from afterbell.reading.answers.shapes import ANY, CUT_REASONS, Output, Shape, faults, of_samples, of_schema, read
from afterbell.reading.json_text import parsed
from afterbell.reading.prompts.tool_schemas import definitions

_EXCERPT = 160


class Structure(Struct, frozen=True, kw_only=True):
    """What an answer should look like. `prose` = plain text; `tool` = the tool through which it must come."""

    shape: Shape = ANY
    prose: bool = False
    tool: str = ""
    declared: bool = False


class Answer(Struct, frozen=True, kw_only=True):
    """What a call answered: its text, its tool calls (name, arguments), and a piece to cite."""

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    state: ContentState = ContentState.CAPTURED
    proof: Evidence | None = None


def answer(trace: Trace, call: LlmCall) -> Answer:
    """Return what a call answered; `state` says whether the record holds it."""
    texts, asked = [], []
    proof: Evidence | None = None
    for _message, part, source in trace.parts(call.output):
        if part.kind is PartKind.TEXT and part.text:
            texts.append(part.text)
        elif part.kind is PartKind.TOOL_CALL:
            asked.append((part.name, part.text))
        if proof is None and part.text and part.kind in {PartKind.TEXT, PartKind.TOOL_CALL}:
            proof = _cited(source, part.text)
    state = call.states.get("output", ContentState.CAPTURED if call.output else ContentState.NOT_CAPTURED)
    cut = any(reason.lower() in CUT_REASONS for reason in call.finish_reasons)
    if cut and state is ContentState.TRUNCATED:
        state = ContentState.CAPTURED
    return Answer(text="\n".join(texts), calls=tuple(asked), cut=cut, state=state, proof=proof)


def _cited(source: Source, text: str) -> Evidence:
    excerpt = text[:_EXCERPT]
    return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=excerpt,
                    end=len(excerpt))  # fmt: skip


def structure(declared: DeclaredSchema | None, samples: Sequence[Answer]) -> Structure | None:
    """Return the structure to hold answers against: the declared one, else what samples share; None without either.

    A schema that declares an object and no more is filled in from the samples.
    """
    read_samples = [read(each.text, cut=each.cut) for each in samples if each.text]
    values = [each.value for each in read_samples if each.structured]
    if declared is not None and not declared.unreadable:
        shape = of_schema(declared.schema)
        if shape.keys or shape.items or shape.either or not values:
            return Structure(shape=shape, tool=declared.tool, declared=True)
    if values and 2 * len(values) > len(read_samples):
        return Structure(shape=of_samples(values))
    if read_samples:
        return Structure(prose=True)
    tools = [(name, value) for each in samples for name, text in each.calls if (value := parsed(text)) is not None]
    if tools:
        name = tools[-1][0]
        return Structure(shape=of_samples([value for other, value in tools if other == name]), tool=name)
    return None


def departures(call: LlmCall, given: Answer, wanted: Structure) -> tuple[str, ...] | None:
    """Return how an answer departs from the structure, empty when it fits, None when it is no answer yet.

    Arguments of tools called on the way are held against the tools' own parameters.
    """
    mine = [text for name, text in given.calls if name == wanted.tool] if wanted.tool else []
    if mine:
        return tuple(fault for text in mine for fault in _arguments(text, wanted.shape))
    if given.calls:
        wrong = tuple(_of_tools(call, given))
        return wrong or None
    out = read(given.text, cut=given.cut)
    if wanted.prose:
        return (
            () if out.kind == "prose" and not given.cut else (f"the output is {_named(out, given)} instead of prose",)
        )
    if not out.structured:
        through = f" instead of a call of {wanted.tool}" if wanted.tool else ""
        return (f"the output is {_named(out, given)}{through}",)
    return faults(out.value, wanted.shape)


def _named(out: Output, given: Answer) -> str:
    if given.cut and not out.structured:
        return "cut off by the length limit"
    return "JSON" if out.kind == "json" else out.kind


def _of_tools(call: LlmCall, given: Answer) -> Iterator[str]:
    tools: Mapping[str, Any] = definitions(call.tool_definitions) or {}
    for name, text in given.calls:
        if name in tools:
            for fault in _arguments(text, of_schema(tools[name]["parameters"])):
                yield f"{name}: {fault}"


def _arguments(text: str, shape: Shape) -> tuple[str, ...]:
    if not text.strip():
        return faults({}, shape)
    value = parsed(text)
    return ("the arguments do not parse",) if value is None else faults(value, shape)
