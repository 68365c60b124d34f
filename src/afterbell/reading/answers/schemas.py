"""The output schemas that a run declares: on its decision, in a call's response format, as a submit tool's parameters.

A schema is read as it stands, with the name and version recorded beside it and the field it stands in. Whether an
output keeps to it is `shapes`' work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import orjson
from msgspec import Struct

from afterbell.model.calls import ROLLUP, LlmCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span
from afterbell.model.vocabulary import Stage
from afterbell.reading.ancestors import above
from afterbell.reading.json_text import parsed
from afterbell.reading.prompts.tool_schemas import canonical, definitions

SCHEMA, NAME, VERSION = (f"trading.decision.output_schema.{key}" for key in ("json", "name", "version"))
_FORMATS = ("response_format", "responseFormat", "response_schema", "responseSchema", "output_format", "json_schema",
            "response_json_schema", "responseJsonSchema", "output_schema")  # fmt: skip
_AROUND = ("text", "generation_config", "generationConfig", "extra_body", "config", "model_kwargs", "output_config")
_WITHIN = ("json_schema", "jsonSchema", "schema", "format")
_KEYWORDS = frozenset({"properties", "$ref", "anyOf", "oneOf", "allOf", "items", "enum", "additionalProperties"})
_SUBMIT = re.compile(r"(?:^|_)(?:submit|final|finish)(?:_|$)|(?:^|_)(?:decision|answer|response|output|result)s?$",
                     re.IGNORECASE)  # fmt: skip
_FIELDS = ("gen_ai.request.response_format", "gen_ai.openai.request.response_format", "llm.invocation_parameters",
           "langfuse.observation.model.parameters", "gen_ai.tool.definitions")  # fmt: skip
_DECIDING = frozenset({Stage.DECISION, Stage.EXECUTION})
_DEEPEST, _EXCERPT = 6, 160


class DeclaredSchema(Struct, frozen=True, kw_only=True, dict=True):
    """One declared output schema.

    `tool` names the submit tool whose arguments must keep to it; `text` is the whole field it stands in, `unreadable`
    that the field does not parse (cut, redacted).
    """

    trace_id: str
    span_id: str
    schema: Any = None
    name: str = ""
    role: str = ""
    version: str = ""
    version_proof: Evidence | None = None
    tool: str = ""
    field: str = ""
    text: str = ""
    at_ns: int = 0
    unreadable: bool = False

    @property
    def label(self) -> str:
        """The schema's name, else the prompt or agent that answers by it."""
        return self.name or self.role

    @cached_property
    def key(self) -> bytes:
        """The schema with key order, white space and unordered lists evened."""
        return orjson.dumps(canonical(self.schema), option=orjson.OPT_SORT_KEYS)

    def cite(self, near: str = "") -> Evidence:
        """Cite the field from the first mention of a key on."""
        start = max(0, self.text.find(f'"{near}"')) if near else 0
        end = min(len(self.text), start + _EXCERPT)
        return Evidence(trace_id=self.trace_id, span_id=self.span_id, field=self.field, excerpt=self.text[start:end],
                        start=start, end=end)  # fmt: skip


def declared(trace: Trace) -> tuple[DeclaredSchema, ...]:
    """Return every output schema that the run declares, in order of time."""
    found = [*on_spans(trace)]
    spans = {span.span_id: span for span in trace.spans}
    for call in trace.calls:
        if call.operation != ROLLUP:
            of_call = of(trace, call, spans)
            found += [of_call] if of_call else []
    return tuple(sorted(found, key=lambda each: each.at_ns))


def on_spans(trace: Trace) -> Iterator[DeclaredSchema]:
    """Yield the output schemas that spans state as they are, in order of start."""
    for span in trace.spans:
        text = span.attributes.get(SCHEMA)
        if text is None:
            continue
        raw = text if isinstance(text, str) else ""
        schema = parsed(text)
        version, proof = _version((span,))
        yield DeclaredSchema(
            trace_id=trace.trace_id, span_id=span.span_id, schema=schema, name=str(span.attributes.get(NAME, "")),
            version=version, version_proof=proof, field=SCHEMA, text=raw, at_ns=span.start_ns,
            unreadable=not isinstance(schema, Mapping),
        )  # fmt: skip


def of(trace: Trace, call: LlmCall, spans: Mapping[str, Span]) -> DeclaredSchema | None:
    """Return the schema that a call's own request declares: its response format, else its submit tool."""
    schema, name = _response_format(call.parameters)
    tool = ""
    if schema is None:
        tool, schema = submit_tool(call)
    if schema is None:
        return None
    own = [spans[each] for each in (call.span_id, *call.duplicates) if each in spans]
    version, proof = _version([*own, *above(call.span_id, spans, _DEEPEST)])
    if not version:
        version, proof = _decided(trace, call, name)
    field, text = _field(own, "parameters" if tool else "properties")
    return DeclaredSchema(
        trace_id=trace.trace_id, span_id=call.span_id, schema=schema, name=name or tool,
        role=call.prompt_name or call.agent_name, version=version, tool=tool,
        version_proof=proof, field=field, text=text, at_ns=call.started_ns,
    )  # fmt: skip


def submit_tool(call: LlmCall) -> tuple[str, Any]:
    """Return the tool through which a call must give its answer, and its parameters: the forced or the named one."""
    tools = definitions(call.tool_definitions) or {}
    choice = parsed(call.parameters.get("tool_choice", call.parameters.get("toolChoice")))
    inner = choice.get("function", choice) if isinstance(choice, Mapping) else {}
    forced = inner.get("name") if isinstance(inner, Mapping) else None
    named = [forced] if forced in tools else [name for name in tools if _SUBMIT.search(name)]
    if len(named) != 1 or named[0] is None:
        return "", None
    return str(named[0]), tools[named[0]]["parameters"]


def _response_format(parameters: Mapping[str, Any]) -> tuple[Any, str]:
    for key in _FORMATS:
        if parameters.get(key) is not None:
            found = _schema(parsed(parameters[key]))
            if found[0] is not None:
                return found
    for key in _AROUND:
        inner = parsed(parameters.get(key))
        if isinstance(inner, Mapping):
            found = _response_format({**inner, **({"response_format": inner["format"]} if "format" in inner else {})})
            if found[0] is not None:
                return found
    kind = parameters.get("output_type", parameters.get("type"))
    return ({"type": "object"}, "") if kind == "json" else (None, "")


def _schema(value: Any, name: str = "", depth: int = 0) -> tuple[Any, str]:
    """Return the JSON Schema in a response format, and its name; `json_object` declares an object and no more."""
    if not isinstance(value, Mapping) or depth > _DEEPEST:
        return None, ""
    name = str(value.get("name") or name)
    for key in _WITHIN:
        inner = parsed(value.get(key))
        if isinstance(inner, Mapping):
            return _schema(inner, name, depth + 1)
    if value.get("type") in {"json_object", "json"}:
        return {"type": "object"}, name
    kinds = value.get("type")
    known = isinstance(kinds, (str, list)) and kinds not in ("text", "json_schema")
    return (value, name) if known or not _KEYWORDS.isdisjoint(value) else (None, "")


def _version(spans: Iterable[Span]) -> tuple[str, Evidence | None]:
    for span in spans:
        value = span.attributes.get(VERSION)
        if value not in (None, ""):
            text = str(value)
            return text, Evidence(trace_id=span.trace_id, span_id=span.span_id, field=VERSION, excerpt=text,
                                  end=len(text))  # fmt: skip
    return "", None


def _decided(trace: Trace, call: LlmCall, name: str) -> tuple[str, Evidence | None]:
    """Return the version that the run's decision states for the schema of this name, or of its one deciding call."""
    for span in trace.spans:
        stated = str(span.attributes.get(NAME, ""))
        mine = stated == name if name and stated else call.stage in _DECIDING or len(trace.calls) == 1
        if VERSION in span.attributes and mine:
            return _version((span,))
    return "", None


def _field(spans: Sequence[Span], word: str) -> tuple[str, str]:
    """Return the attribute in which the schema stands, and its text."""
    for span in spans:
        for name, value in span.attributes.items():
            of_tools = name.startswith("llm.tools.") or name == _FIELDS[-1]
            if isinstance(value, str) and (name in _FIELDS or of_tools) and f'"{word}"' in value:
                return name, value
    return _FIELDS[0], ""
