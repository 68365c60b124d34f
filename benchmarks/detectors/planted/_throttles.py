"""Ways in which a limit shows, what it leaves, and the rows of a gateway; for planters about providers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from planted._desk import hexes
from planted._shift import Made, Shift

Throttle = Callable[[Shift, Made], str]  # adds the throttled attempt of a call with these facts; returns its sign

TASKS = (
    ("You are the analyst of a small desk.", "Form a thesis on {c} ({t}) from what follows.\n\n{s}"),
    ("You check theses against filings.", "Which claims about {t} hold?\n{s}"),
    ("You decide on trades. Answer with an action and two lines of reasons.", "{c}:\n{s}\nWhat do you do in {t}?"),
    ("", "Read the notes on {c} and say what follows for the margin.\n\n{s}"),
)
TIERS = {"house-model-9": 3, "house-model-4": 1, "house-model-8": 3}
_MESSAGES = ("Error code: 429 - rate limit reached for requests", "Too many requests, please try again later",
             "The service is temporarily overloaded", "Quota exceeded for requests per minute")  # fmt: skip
_SIGNS = {"http.response.status_code", "error", "events", "http.request.resend_count", "trading.llm.fallback.reason",
          "trading.llm.fallback.from_model", "trading.llm.fallback.to_model", "trading.prompt.truncated",
          "reason"}  # fmt: skip


class Found(Struct, kw_only=True):
    """What a fault left: its text and the gateway's rows."""

    fault: str = ""
    gateway: tuple[Made, ...] = ()


def status(shift: Shift, facts: Made) -> str:
    """Add a failed attempt; only the status says why."""
    code = shift.chance.choice((429, 503, 529))
    shift.failed("APIStatusError", "The request failed.", **facts, **{"http.response.status_code": code})
    return str(code)


def error_type(shift: Shift, facts: Made) -> str:
    """Add a failed attempt; the class of the error says why."""
    kind = shift.chance.choice(("RateLimitError", "openai.RateLimitError", "anthropic.OverloadedError",
                                "ResourceExhausted", "google.api_core.exceptions.ResourceExhausted",
                                "insufficient_quota"))  # fmt: skip
    shift.failed(kind, shift.chance.choice(_MESSAGES), **facts)
    return kind


def http_child(shift: Shift, facts: Made) -> str:
    """Add a failed attempt; an HTTP span below it holds the status."""
    code = shift.chance.choice((429, 429, 503, 529))
    made = shift.failed("APIConnectionError", "The request failed.", **facts)
    shift.row("span", f"http-{shift.count}", parent=made["id"], **{"http.response.status_code": code,
              "http.request.method": "POST", "url.path": "/v1/chat/completions"})["name"] = "POST"  # fmt: skip
    return str(code)


def exception_event(shift: Shift, facts: Made) -> str:
    """Add a failed attempt; an event of its span names the exception."""
    kind = shift.chance.choice(("RateLimitError", "litellm.exceptions.RateLimitError", "OverloadedError"))
    said = {"exception.type": kind, "exception.message": shift.chance.choice(_MESSAGES)}
    made = shift.failed("error", "model call failed", **facts)
    made["events"] = [{"name": "exception", "at": made["until"], **said}]
    return kind


WAYS: tuple[Throttle, ...] = (status, error_type, http_child, exception_event)


def task(shift: Shift, stories: int = 1) -> Made:
    """Return what a call is asked, about this many stories."""
    system, user = shift.chance.choice(TASKS)
    text = "\n\n".join(shift.story() for _ in range(stories))
    facts: Made = {"messages": user.format(c=shift.company, t=shift.ticker, s=text)}
    return facts | ({"system": system} if system else {})


def earlier(shift: Shift) -> None:
    """Add, half the time, a step before that went well, of which nothing more is recorded."""
    if shift.chance.random() < 0.5:
        shift.call(**task(shift), output=shift.story(2))
        shift.around(0, 2)


def trade(shift: Shift, action: str = "buy") -> None:
    """Decide, and order what was decided."""
    shift.decided(action)
    if action in {"buy", "sell"}:
        shift.ordered(action)


def gateway_row(shift: Shift, call: Made, *, model: str, code: str = "", name: str = "") -> Made:
    """Return what the gateway logged of an attempt of this call at a model; a code = it failed with that."""
    made: dict[str, Any] = {
        "request_id": hexes(shift.chance, 20) if code else call["response_id"], "trace_id": shift.trace,
        "startTime": call["at"], "model_group": call["model"], "model": model,
        "custom_llm_provider": name or shift.provider, "status": "failure" if code else "success",
    }  # fmt: skip
    if code:
        error = {"429": "RateLimitError", "503": "ServiceUnavailableError", "529": "InternalServerError"}
        made["error_information"] = {"error_code": code, "error_class": error.get(code, "APIError")}
    return made


def unsigned(rows: tuple[Made, ...]) -> tuple[Made, ...]:
    """Return the rows without any sign of what failed."""
    return tuple(
        {key: value for key, value in row.items() if key not in _SIGNS and "skip" not in key}
        for row in rows
        if not row["id" if "id" in row else "span"].startswith("http-")
    )
