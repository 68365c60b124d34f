"""Worked examples of a provider cascade: limits and outages, what followed them, good retries, what hides."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Row, TriggerCase

_TRACE = "4ef7651916cd43dd8448eb211c80320a"
_SUBJECT = f"trace:{_TRACE}"
_TASK = ("Judge whether SYNTHETIC_A can hold its margin. Weigh input costs, the order book, the two new plants and what"
         " management said on the last call about prices in the second half.")  # fmt: skip
_LIMIT = {"type": "RateLimitError", "message": "Error code: 429 - Rate limit reached for requests per minute"}
_DOWN = {"type": "APIConnectionError", "message": "Connection error."}


def _row(kind: str, minute: int, **more: Any) -> Row:
    return {"type": kind, "trace": _TRACE, "id": f"{kind}-{minute}", "at": f"2026-01-05T14:{minute:02d}:00Z",
            "until": f"2026-01-05T14:{minute:02d}:20Z", **more}  # fmt: skip


def _call(minute: int, model: str, /, **more: Any) -> Row:
    row = {"model": model, "messages": _TASK, "output": "It can.", **more}
    return _row(
        "call", minute, **{key: value for key, value in row.items() if not ("error" in row and key == "output")}
    )


CASES = (
    TriggerCase(
        name="the limit led to the small model",
        teaches="After a 429 the same prompt was answered by a lower tier.",
        fires=((_SUBJECT, "1"),),
        given=(_call(1, "gpt-5", error=_LIMIT), _call(2, "gpt-5-mini")),
    ),
    TriggerCase(
        name="an outage led to the small model",
        teaches="A lost connection is no throttle, and no less a cascade.",
        fires=((_SUBJECT, "1"),),
        given=(_call(1, "claude-opus-4-1", error=_DOWN), _call(2, "claude-haiku-4-5")),
    ),
    TriggerCase(
        name="a server error and a short prompt",
        teaches="After a 502 the same model was asked with a third of the words.",
        fires=((_SUBJECT, "1"),),
        given=(_call(1, "gpt-5", error="bad gateway", **{"http.response.status_code": 502}),
               _call(2, "gpt-5", messages="Judge whether SYNTHETIC_A can hold its margin.")),
    ),
    TriggerCase(
        name="the check was skipped",
        teaches="The event says that validation was skipped because the provider was down.",
        fires=((_SUBJECT, "1"),),
        given=(_call(1, "gpt-5", **{"http.response.status_code": 200}),
               _row("span", 2, name="validation", events=[
                   {"name": "trading.validation_skipped", "at": "2026-01-05T14:02:01Z",
                    "trading.validation.skip_reason": "provider outage"}])),
    ),
    TriggerCase(
        name="the default after every call failed",
        teaches="Each call of the decision failed, and a hold was recorded as if it had been reasoned.",
        fires=((_SUBJECT, "1"),),
        given=(_row("decision", 1, until="2026-01-05T14:09:00Z", decision="D-1", action="hold"),
               _call(2, "gpt-5", error=_DOWN, parent="decision-1"),
               _call(3, "gpt-5", error=_LIMIT, parent="decision-1")),
    ),
    TriggerCase(
        name="a good retry",
        teaches="The same model answered the same prompt a minute later.",
        fires=(),
        given=(_call(1, "gpt-5", error=_LIMIT), _call(2, "gpt-5")),
    ),
    TriggerCase(
        name="a stronger model",
        teaches="The fallback is no weaker.",
        fires=(),
        given=(_call(1, "gpt-5-mini", error=_DOWN), _call(2, "gpt-5")),
    ),
    TriggerCase(
        name="a bad request",
        teaches="A 400 is neither an outage nor a limit; that the small model was asked next is another matter.",
        fires=(),
        given=(_call(1, "gpt-5", error={"type": "BadRequestError", "message": "Error code: 400 - invalid schema"}),
               _call(2, "gpt-5-mini", **{"http.response.status_code": 200})),
    ),
    TriggerCase(
        name="nothing tells of retries",
        teaches="The calls went well, as far as the spans show; a client that retries hides a 429: unknown.",
        fires=(),
        given=(_call(1, "gpt-5"), _call(2, "gpt-5-mini", messages="Write the summary.")),
    ),
    TriggerCase(
        name="which is the weaker",
        teaches="Two names that tell nothing: unknown until [policy.model_tiers] ranks them.",
        fires=(),
        given=(_call(1, "model-a", error=_DOWN), _call(2, "model-b")),
    ),
    TriggerCase(
        name="ranked by the policy",
        teaches="[policy.model_tiers] says that model-b is the weaker.",
        fires=((_SUBJECT, "1"),),
        given=(_call(1, "model-a", error=_DOWN), _call(2, "model-b")),
        policy={"model_tiers": {"model-a": 2, "model-b": 1}},
    ),
)  # fmt: skip
