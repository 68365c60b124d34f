"""How a span ended badly: the error's class, its words and the HTTP status behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from afterbell.formats.messages import as_text
from afterbell.formats.usage import tokens
from afterbell.model.trace import STATUS_ERROR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from afterbell.model.trace import Span

UNNAMED = "_OTHER"
_STATUS_KEYS = ("http.response.status_code", "http.status_code")
_CODE = re.compile(r"[1-5]\d\d\Z")
_IN_TEXT = re.compile(r"\b(?:error code|status(?:[ _]code)?|http(?:/\d(?:\.\d)?)?)[:=\s]+([45]\d\d)\b", re.IGNORECASE)


def failure(span: Span, facts: Mapping[str, Any], logged: Iterable[Mapping[str, Any]] = ()) -> tuple[str, str]:
    """Return class (or code) and message of the error that ended the span; both empty when it ended well.

    `facts` are the span's attributes, `logged` those of exception log records. An exception event on a span
    that is not in error was handled and is none. A failure without a class is `_OTHER`, OpenTelemetry's word.
    """
    told = list(logged)
    kind = as_text(facts.get("error.type"))
    if not (kind or told or span.status_code == STATUS_ERROR):
        return "", ""
    raised = [event.attributes for event in span.events if event.name == "exception"]
    last = (told or raised or [{}])[-1]
    said = span.status_message or as_text(facts.get("error.message")) or as_text(last.get("exception.message"))
    return kind or as_text(last.get("exception.type")) or UNNAMED, said


def http_status(facts: Mapping[str, Any], kind: str, said: str) -> int | None:
    """Return the HTTP status that a span states: an attribute, the error's class, or the error's words."""
    for name in _STATUS_KEYS:
        stated = tokens(facts.get(name))
        if stated:
            return stated
    if _CODE.match(kind):
        return int(kind)
    hit = _IN_TEXT.search(said) if kind else None
    return int(hit[1]) if hit else None
