"""Puts spans with OpenTelemetry's GenAI names into OpenInference's: flattened messages, documents, tools, tokens.

What OpenInference has no word for keeps its name, as spans of both conventions do in the wild.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import structs

from afterbell.formats.messages import as_json, as_text
from afterbell.model.trace import LogRecord, Span, SpanEvent

_TOKENS = {
    "gen_ai.usage.input_tokens": "llm.token_count.prompt",
    "gen_ai.usage.output_tokens": "llm.token_count.completion",
    "gen_ai.usage.cache_read.input_tokens": "llm.token_count.prompt_details.cache_read",
    "gen_ai.usage.cache_write.input_tokens": "llm.token_count.prompt_details.cache_write",
    "gen_ai.usage.reasoning.output_tokens": "llm.token_count.completion_details.reasoning",
}
_AGENT = {"gen_ai.agent.name": "agent.name"}
_RENAMED = {
    **_AGENT,
    "gen_ai.provider.name": "llm.provider",
    "gen_ai.prompt.name": "prompt.id",
    "gen_ai.prompt.version": "llm.prompt_template.version",
    "gen_ai.tool.name": "tool.name",
    "gen_ai.tool.call.id": "tool.id",
    "gen_ai.tool.call.arguments": "input.value",
    "gen_ai.tool.call.result": "output.value",
    "gen_ai.retrieval.query.text": "input.value",
}
_BUILT = {"gen_ai.operation.name", "gen_ai.system_instructions", "gen_ai.input.messages", "gen_ai.output.messages",
          "gen_ai.tool.definitions", "gen_ai.response.finish_reasons", "gen_ai.request.model", "gen_ai.response.model",
          "gen_ai.retrieval.documents", *_TOKENS}  # fmt: skip
_KINDS = {"chat": "LLM", "execute_tool": "TOOL", "retrieval": "RETRIEVER"}
_REQUEST = "gen_ai.request."
_TEXTS = ("content", "text", "page_content", "pageContent", "body", "summary", "snippet")
_DOCUMENT = {"id": "id", "score": "score", "url": "url"}


def told(spans: Iterable[Span], logs: Iterable[LogRecord]) -> tuple[list[Span], list[LogRecord]]:
    """Return the spans in OpenInference's words, with the log records of spans as their events and attributes.

    Raises ValueError for content that is no JSON any more: the convention flattens messages before they are cut.
    """
    found = [_span(span) for span in spans]
    places = {(span.trace_id, span.span_id): number for number, span in enumerate(found)}
    left = []
    for log in logs:
        number = places.get((log.trace_id, log.span_id))
        if number is None:
            left.append(log)
            continue
        span = found[number]
        if log.event_name == "trading.budget":
            found[number] = structs.replace(span, attributes={**log.attributes, **span.attributes})
        else:
            event = SpanEvent(name=log.event_name, time_ns=log.time_ns, attributes=log.attributes)
            found[number] = structs.replace(span, events=(*span.events, event))
    return found, left


def _span(span: Span) -> Span:
    facts = span.attributes
    operation = str(facts.get("gen_ai.operation.name", ""))
    kind = _KINDS.get(operation)
    if kind is None:
        made = {_AGENT.get(key, key): value for key, value in facts.items()}
        if not operation and not span.name.startswith("trading."):
            made.setdefault("openinference.span.kind", "CHAIN")
        return structs.replace(span, attributes=made)
    made = {"openinference.span.kind": kind}
    made |= {name: facts[key] for key, name in _RENAMED.items() if key in facts}
    made |= _llm(facts) if kind == "LLM" else _retrieved(facts)
    answered = {"gen_ai.response.id"} if "output.value" in made else set()
    known = {*_BUILT, *_RENAMED, *answered}
    made |= {key: value for key, value in facts.items() if key not in known and not key.startswith(_REQUEST)}
    events = span.events
    if span.status_code and "error.type" in made:
        raised = {"exception.type": made.pop("error.type"), "exception.message": span.status_message}
        events = (*events, SpanEvent(name="exception", time_ns=span.end_ns, attributes=raised))
    return structs.replace(span, attributes=made, events=events)


def _llm(facts: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    asked = {key.removeprefix(_REQUEST): value for key, value in facts.items() if key.startswith(_REQUEST)}
    if asked:
        found["llm.invocation_parameters"] = as_text(asked)
    answered = facts.get("gen_ai.response.model")
    if answered:
        found |= {"llm.model_name": answered, "llm.response.model_name": answered}
    found |= {name: facts[key] for key, name in _TOKENS.items() if key in facts}
    parts = [found.get(f"llm.token_count.{part}") for part in ("prompt", "completion")]
    if None not in parts:
        found["llm.token_count.total"] = sum(parts)
    reasons = facts.get("gen_ai.response.finish_reasons")
    if reasons:
        found["llm.finish_reason"] = reasons[0]
    for number, tool in enumerate(_parsed(facts, "gen_ai.tool.definitions")):
        found[f"llm.tools.{number}.tool.json_schema"] = as_text(tool)
    said = _parsed(facts, "gen_ai.output.messages")
    if said and "gen_ai.response.id" in facts:
        found["output.value"] = as_text({
            "id": facts["gen_ai.response.id"], "object": "chat.completion", "model": answered or "",
            "choices": [{"index": number, "message": dict(_message(each))} for number, each in enumerate(said)],
        })  # fmt: skip
        found["output.mime_type"] = "application/json"
    return found | dict(_messages(facts))


def _parsed(facts: Mapping[str, Any], key: str) -> Sequence[Any]:
    if key not in facts:
        return ()
    value = as_json(facts[key])
    if not isinstance(value, list):
        raise ValueError(f"{key} is no list that can be flattened")  # noqa: TRY004 - the value is wrong, not a type
    return value


def _messages(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    system = _parsed(facts, "gen_ai.system_instructions")
    asked = [{"role": "system", "parts": system}] if system else []
    asked += _parsed(facts, "gen_ai.input.messages")
    for prefix, spoken in (("llm.input_messages", asked), ("llm.output_messages",
                                                            _parsed(facts, "gen_ai.output.messages"))):  # fmt: skip
        for number, said in enumerate(_single(spoken)):
            for key, value in _message(said):
                yield f"{prefix}.{number}.message.{key}", value


def _single(spoken: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the messages; a message of several tool results becomes one for each."""
    for said in spoken:
        results = [part for part in said["parts"] if part.get("type") == "tool_call_response"]
        yield from ({**said, "parts": [part]} for part in results)
        if len(results) < len(said["parts"]) or not results:
            yield {**said, "parts": [part for part in said["parts"] if part not in results]}


def _message(said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "role", said["role"]
    texts = [part for part in said["parts"] if part.get("type") in {"text", "reasoning"}]
    calls = [part for part in said["parts"] if part.get("type") == "tool_call"]
    for part in said["parts"]:
        if part.get("type") == "tool_call_response":
            yield "tool_call_id", part.get("id", "")
            yield "content", as_text(part.get("response", part.get("result")))
        elif part not in texts and part not in calls:
            raise ValueError(f"a part of type {part.get('type')} has no place in a flattened message")
    if len(texts) == 1 and texts[0]["type"] == "text":
        yield "content", texts[0]["content"]
    else:
        for number, part in enumerate(texts):
            yield f"contents.{number}.message_content.type", part["type"]
            yield f"contents.{number}.message_content.text", part["content"]
    for number, part in enumerate(calls):
        at = f"tool_calls.{number}.tool_call"
        yield f"{at}.id", part.get("id", "")
        yield f"{at}.function.name", part.get("name", "")
        yield f"{at}.function.arguments", as_text(part.get("arguments", ""))


def _retrieved(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the documents of a retriever; a tool has none, and what it was given and gave has a name already."""
    if "gen_ai.retrieval.documents" not in facts:
        return {}
    documents = _parsed(facts, "gen_ai.retrieval.documents")
    if not documents:
        return {"output.value": "[]"}
    found: dict[str, Any] = {}
    for number, document in enumerate(documents):
        at = f"retrieval.documents.{number}.document."
        text = next((key for key in _TEXTS if document.get(key) not in (None, "")), "")
        if text:
            found[f"{at}content"] = document[text]
        found |= {at + name: document[key] for key, name in _DOCUMENT.items() if key in document}
        inner = document.get("metadata")
        rest = {key: value for key, value in document.items() if key not in {text, "metadata", *_DOCUMENT}}
        beside = {**(inner if isinstance(inner, Mapping) else {}), **rest}
        if beside:
            found[f"{at}metadata"] = as_text(beside)
    return found
