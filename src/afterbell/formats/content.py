"""Tells whether content is there: captured, redacted, cut off or only referred to.

It does not read what content says. Only a whole field can be a redaction mark; the same word inside a text
is part of the text. A leg that the record shows to be empty is captured, and empty.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from afterbell.formats.messages import as_json, as_text
from afterbell.model.vocabulary import ContentState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from afterbell.model.calls import Message, MessageRef

_REDACTED = re.compile(
    r"\s*(?:__REDACTED__|\[REDACTED(?::[^\]\n]{0,8000})?\]|<REDACTED>|redacted-by-litellm)\s*\Z", re.IGNORECASE
)
_TRUNCATED = re.compile(r"(?:…|\.\.\.)\s*[\[(<]truncated[^\])>\n]{0,60}[\])>]\s*\Z", re.IGNORECASE)
# A bracket may open a plain sentence: only what began as JSON can be cut off.
_JSON_BEGIN = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:[\[{"\]]|-?\d|true|false|null))')
_LONGEST_TOKEN = 6  # an escape such as \u00e9, cut in its middle
_LONGEST_MARK = 120
_LONGEST_REDACTION = 8192  # a mask is as long as the secret it covers


def state_of_text(text: str) -> ContentState:
    """Return the state of one whole field; an empty text is captured (and empty)."""
    if len(text) < _LONGEST_REDACTION and _REDACTED.match(text):
        return ContentState.REDACTED
    if _TRUNCATED.search(text[-_LONGEST_MARK:]):
        return ContentState.TRUNCATED
    return ContentState.CAPTURED


def state_of_value(value: Any) -> ContentState:
    """Return the state of an attribute's value; a text that ends inside its JSON is truncated."""
    state = state_of_text(as_text(value))
    if state is ContentState.CAPTURED and isinstance(value, str) and value and as_json(value) is None:
        return ContentState.TRUNCATED if _JSON_BEGIN.match(value) and _ends_early(value) else state
    return state


def is_cut(text: str, error: ValueError) -> bool:
    """Tell whether a JSON text failed because it ends too early, rather than because it is wrong."""
    if not isinstance(error, json.JSONDecodeError):  # a number of thousands of digits
        return False
    if error.msg.startswith("Extra data"):
        return False
    return error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip()) - _LONGEST_TOKEN


def _ends_early(text: str) -> bool:
    """Tell whether a text is the beginning of JSON. Numbered prose ("[1] A plant opens") and JSON lines are whole."""
    try:
        json.loads(text)
    except ValueError as error:
        return is_cut(text, error)
    except RecursionError:
        pass
    return False


def state_of(messages: Iterable[Message]) -> ContentState:
    """Return the worst state of the messages' parts: a leg with one redacted message is not whole."""
    found = {state_of_text(part.text) for message in messages for part in message.parts}
    for state in (ContentState.REDACTED, ContentState.TRUNCATED):
        if state in found:
            return state
    return ContentState.CAPTURED


def absent(name: str, dropped: int, attributes: Iterable[str]) -> ContentState:
    """Return why an attribute is not there: offloaded to a reference, evicted by a limit, not captured."""
    if f"{name}_ref" in attributes or f"{name}.ref" in attributes:
        return ContentState.REF
    return ContentState.EVICTED if dropped else ContentState.NOT_CAPTURED


def known_empty(own: ContentState, asked: ContentState) -> ContentState:
    """Return the state of a leg that holds nothing: where the prompt was captured, there was nothing to keep.

    `own` is why the leg is absent, `asked` the state of the prompt.
    """
    if own is ContentState.NOT_CAPTURED and asked is ContentState.CAPTURED:
        return ContentState.CAPTURED
    return own


def output_state(
    messages: Iterable[Message], own: ContentState, asked: ContentState, *, failed: bool, billed: bool
) -> ContentState:
    """Return the state of the output leg: lost when visible tokens were billed and none of them is there."""
    said = any(part.text or part.name for message in messages for part in message.parts)
    if own is ContentState.CAPTURED and billed and not said:
        return ContentState.LOST
    return known_empty(own, asked) if failed else own


def split_system(
    spoken: Iterable[tuple[Message, MessageRef]],
) -> tuple[tuple[MessageRef, ...], tuple[MessageRef, ...]]:
    """Return the references of the leading system messages, and those of the conversation after them."""
    system: list[MessageRef] = []
    rest: list[MessageRef] = []
    for message, ref in spoken:
        (system if message.role == "system" and not rest else rest).append(ref)
    return tuple(system), tuple(rest)
