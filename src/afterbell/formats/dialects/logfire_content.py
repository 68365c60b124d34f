"""Content under names that only Logfire and Pydantic AI use, beside or instead of the GenAI attributes.

`events`: one attribute with the per-message events as a JSON list, each with its `event.name`. Where no event is a
choice (OpenAI's responses), the answer is what the assistant says last. `request_data` and `response_data`: what was
sent to a provider's API and what came back, a stream's text as `combined_chunk_content`. Not a dialect;
`genai` asks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from afterbell.formats.chat import speak
from afterbell.formats.dialects import genai_legacy
from afterbell.formats.messages import as_json, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from afterbell.formats.chat import Spoken
    from afterbell.model.calls import Source

_EVENTS, _SENT, _GIVEN = "events", "request_data", "response_data"
_NAME, _UNKNOWN = "event.name", "gen_ai.unknown"
_STREAMED = "combined_chunk_content"
_ASKED = ("messages", "input", "prompt", "contents")
_SYSTEM = ("system", "instructions")
_SAID = ("message", "text", "output")


def content(
    attributes: Mapping[str, Any], at: Callable[[str], Source]
) -> tuple[list[Spoken], list[Spoken], tuple[str, ...]]:
    """Return the prompt's and the answer's messages, and the finish reasons; nothing where the names are others'."""
    listed = as_json(attributes.get(_EVENTS))
    if isinstance(listed, list):
        prompt, answer, reasons = genai_legacy.told(_events(listed), at)
        if not answer:
            prompt, answer = _parted(prompt)
        return prompt, answer, reasons
    sent, given = as_object(attributes.get(_SENT)), as_object(attributes.get(_GIVEN))
    prompt = [
        spoken
        for names, role in ((_SYSTEM, "system"), (_ASKED, "user"))
        for spoken in _first(sent, names, role, _SENT, at)
    ]
    reason = given.get("finish_reason")
    return prompt, _first(given, (*_SAID, _STREAMED), "assistant", _GIVEN, at), (as_text(reason),) if reason else ()


def _events(listed: list[Any]) -> Iterator[tuple[str, Any, str]]:
    for number, event in enumerate(listed):
        if not isinstance(event, Mapping):
            continue
        value = {key: inner for key, inner in event.items() if key != _NAME}
        name = as_text(event.get(_NAME))
        if name == _UNKNOWN:
            yield "gen_ai.assistant.message", {"role": event.get("role"), "content": as_text(event.get("data"))}, ""
        elif name:
            yield name, value, f"{_EVENTS}[{number}]"


def _parted(spoken: list[Spoken]) -> tuple[list[Spoken], list[Spoken]]:
    """Part a conversation before what the assistant says last; one that has no other voice is a prompt."""
    cut = len(spoken)
    while cut and spoken[cut - 1][0].role == "assistant":
        cut -= 1
    return (spoken[:cut], spoken[cut:]) if cut else (spoken, [])


def _first(
    held: Mapping[str, Any], names: tuple[str, ...], role: str, above: str, at: Callable[[str], Source]
) -> list[Spoken]:  # fmt: skip
    name = next((name for name in names if held.get(name) not in (None, "", [], {})), "")
    return speak(held[name], role, lambda path: at(f"{above}.{name}{path}")) if name else []
