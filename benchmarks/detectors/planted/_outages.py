"""Ways in which an outage shows: a server's error, a lost connection, a timeout; for planters about providers."""

from __future__ import annotations

from collections.abc import Callable

from planted._shift import Made, Shift

Outage = Callable[[Shift, Made], str]  # adds the failed attempt of a call with these facts; returns its sign

_CLASSES = ("APIConnectionError", "openai.APITimeoutError", "InternalServerError", "httpx.ConnectTimeout",
            "httpx.RemoteProtocolError", "httpcore.ReadTimeout", "ConnectionResetError",
            "anthropic.InternalServerError",
            "requests.exceptions.ConnectionError", "google.api_core.exceptions.DeadlineExceeded",
            "ServiceUnavailableError", "BadGatewayError")  # fmt: skip
_MESSAGES = (
    "Connection error.", "Request timed out.", "peer closed connection without sending complete message body",
    "Server disconnected without sending a response.", "Error code: 500 - The server had an error",
    "502 Bad Gateway", "[Errno 104] Connection reset by peer", "Error code: 504 - upstream request timeout",
    "connect: connection refused", "Max retries exceeded with url: /v1/messages",
)  # fmt: skip


def status(shift: Shift, facts: Made) -> str:
    """Add a failed attempt; only the status says why."""
    code = shift.chance.choice((500, 502, 504, 520, 522))
    shift.failed("APIStatusError", "The request failed.", **facts, **{"http.response.status_code": code})
    return str(code)


def error_type(shift: Shift, facts: Made) -> str:
    """Add a failed attempt; the class of the error says why."""
    kind = shift.chance.choice(_CLASSES)
    shift.failed(kind, "The model call failed.", **facts)
    return kind


def message(shift: Shift, facts: Made) -> str:
    """Add a failed attempt; only the message says why."""
    said = shift.chance.choice(_MESSAGES)
    shift.failed("ModelError", said, **facts)
    return said


def http_child(shift: Shift, facts: Made) -> str:
    """Add a failed attempt; an HTTP span below it holds the status."""
    code = shift.chance.choice((500, 502, 504))
    made = shift.failed("ModelError", "The request failed.", **facts)
    shift.row("span", f"http-{shift.count}", parent=made["id"], name="POST",
              **{"http.response.status_code": code, "http.request.method": "POST"})  # fmt: skip
    return str(code)


def exception_event(shift: Shift, facts: Made) -> str:
    """Add a failed attempt; an event of its span names the exception."""
    kind = shift.chance.choice(_CLASSES)
    made = shift.failed("error", "model call failed", **facts)
    made["events"] = [{"name": "exception", "at": made["until"], "exception.type": kind,
                       "exception.message": shift.chance.choice(_MESSAGES)}]  # fmt: skip
    return kind


WAYS: tuple[Outage, ...] = (status, error_type, message, http_child, exception_event)
