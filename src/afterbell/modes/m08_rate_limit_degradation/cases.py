"""Worked examples of rate-limit degradation."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_TASK = ("Judge whether SYNTHETIC_A can hold its margin. Weigh input costs, the order book, the two new plants and what"
         " management said on the last call about prices in the second half.")  # fmt: skip
_LIMIT = {"type": "RateLimitError", "message": "Error code: 429 - Rate limit reached for requests per minute"}


def _row(kind: str, number: int, **more: Any) -> Row:
    return {"type": kind, "trace": "t", "id": f"{kind}{number}", "at": f"2026-01-05T14:{number:02d}:00Z",
            "until": f"2026-01-05T14:{number:02d}:20Z", **more}  # fmt: skip


def _call(number: int, model: str = "gpt-5", /, **more: Any) -> Row:
    return _row("call", number, **{"model": model, "messages": _TASK, "output": "It can.", **more})


def _failed(number: int, model: str = "gpt-5", /, *, error: Any = _LIMIT, **more: Any) -> Row:
    return {key: value for key, value in _call(number, model, error=error, **more).items() if key != "output"}


def _http(number: int, status: int, parent: str) -> Row:
    return _row("span", number, id=f"http{number}", name="POST", parent=parent,
                **{"http.request.method": "POST", "http.response.status_code": status})  # fmt: skip


def _attempt(second: int, request: str, model: str, *, code: str = "") -> Row:
    made = {"request_id": request, "trace_id": "t", "startTime": f"2026-01-05T14:01:{second:02d}Z",
            "model_group": "gpt-5", "model": model, "status": "failure" if code else "success"}  # fmt: skip
    return made | ({"error_information": {"error_code": code, "error_class": "RateLimitError"}} if code else {})


_ORDER = _row("order", 20, side="buy", client_order_id="o-1")
_TOOL = {"name": "get_prices", "call_id": "q-1", "arguments": {"symbol": "SYNTHETIC_A"}}

CASES = (
    Case(
        name="down to the small model",
        answer=Answer.YES,
        teaches="After a 429 the same prompt was answered by a lower tier of the family.",
        given=(_failed(1), _call(2, "gpt-5-mini")),
        excerpt="gpt-5-mini",
        figures={"effects": "weaker model"},
    ),
    Case(
        name="the policy's own tiers",
        answer=Answer.YES,
        teaches="Names that tell nothing are ranked by [policy.model_tiers]; higher is stronger.",
        given=(_failed(1, "model-a"), _call(2, "model-b")),
        policy={"model_tiers": {"model-a": 2, "model-b": 1}},
        excerpt="model-b",
    ),
    Case(
        name="a router answers with another model",
        answer=Answer.YES,
        teaches="One span: the HTTP span below it shows the 529, the response names a smaller model.",
        given=(_call(1, "claude-opus-4-1", answered="claude-haiku-4-5"), _http(1, 529, "call1")),
        excerpt="529",
    ),
    Case(
        name="a recorded fallback",
        answer=Answer.YES,
        teaches="The gateway says from what to what, and that it was the quota.",
        given=(
            _call(1, "gpt-4o", answered="gpt-4o-mini",
                  **{"trading.llm.fallback.from_model": "gpt-4o", "trading.llm.fallback.to_model": "gpt-4o-mini",
                     "trading.llm.fallback.reason": "quota"}),
        ),
        excerpt="quota",
    ),
    Case(
        name="half the prompt",
        answer=Answer.YES,
        teaches="The retry on the same model asks the same task with a third of the words.",
        given=(_failed(1), _call(2, messages="Judge whether SYNTHETIC_A can hold its margin.")),
        figures={"effects": "shorter prompt"},
    ),
    Case(
        name="no verdict before the order",
        answer=Answer.YES,
        teaches="The validation was throttled, nothing took its place, and the order went out.",
        given=(
            _call(1),
            _row("validation", 5, name="thesis check"),
            _failed(5, parent="validation5"),
            _ORDER,
        ),
        figures={"effects": "skipped validation"},
    ),
    Case(
        name="validation skipped for the limit",
        answer=Answer.YES,
        teaches="The validation says itself why it did not run.",
        given=(_call(1), _row("validation", 5, verdict="skipped", skip_reason="rate_limit"), _ORDER),
        excerpt="rate_limit",
    ),
    Case(
        name="a decision that no model made",
        answer=Answer.YES,
        teaches="Every call failed and a hold was recorded: the default decided.",
        given=(_failed(1), _failed(2), _failed(3), _row("decision", 4, action="hold")),
        excerpt="hold",
        figures={"effects": "default action"},
    ),
    Case(
        name="the data provider's limit and a default",
        answer=Answer.YES,
        teaches="The tool returned a notice instead of prices, and the output says that it is a default.",
        given=(
            _row("tool", 1, **_TOOL,
                 result={"Note": "Thank you. The API call frequency is 5 calls per minute; please go slower."}),
            _call(2, output="No prices were available; using the default decision: hold."),
            _row("decision", 3, action="hold"),
        ),
        excerpt="default decision",
    ),
    Case(
        name="a good retry",
        answer=Answer.NO,
        teaches="The same prompt on the same model (its dated snapshot) a minute later: nothing was lost.",
        given=(_failed(1), _call(2, answered="gpt-5-2025-08-07")),
        excerpt="RateLimitError",
    ),
    Case(
        name="up to a stronger model",
        answer=Answer.NO,
        teaches="A fallback to a larger model costs more and degrades nothing.",
        given=(_failed(1, "gpt-4o-mini"), _call(2, "gpt-4o")),
    ),
    Case(
        name="resent and answered",
        answer=Answer.NO,
        teaches="The client counts its resends: two, and then the same model answered.",
        given=(_call(1, **{"http.request.resend_count": 2}),),
    ),
    Case(
        name="other faults",
        answer=Answer.NO,
        teaches="A full context window and a server error lead to a smaller model; no limit did.",
        given=(
            _failed(1, error={"type": "BadRequestError", "message": "Error code: 400 - maximum context length: 8192"}),
            _call(2, "gpt-5-mini", **{"http.response.status_code": 200}),
            _failed(3, error={"type": "InternalServerError", "message": "Error code: 500"}),
            _call(4, "gpt-5-mini", **{"http.response.status_code": 200}),
        ),
    ),
    Case(
        name="another step uses a small model",
        answer=Answer.NO,
        teaches="The throttled step was made good; the small model summarises headlines, as it always does.",
        given=(
            _failed(1), _call(2),
            _call(3, "gpt-5-mini", messages="Summarise: SYNTHETIC_B opened a plant.", output="A plant was opened."),
        ),
    ),
    Case(
        name="a hold that a model reasoned",
        answer=Answer.NO,
        teaches="After the retry the model says hold; that is its answer, not a default.",
        given=(_failed(1), _call(2, output="Hold: the order book is thin."), _row("decision", 3, action="hold")),
    ),
    Case(
        name="an article about rate limits",
        answer=Answer.NO,
        teaches="News that mentions a rate limit is no notice.",
        given=(
            _row("tool", 1, **_TOOL, result={"articles": [{"title": "SYNTHETIC_A: rate limit exceeded, users say"}]}),
            _call(2, **{"http.response.status_code": 200}),
        ),
    ),
    Case(
        name="nothing to throttle",
        answer=Answer.NA,
        teaches="A run without model and without tools asks nobody.",
        given=(_row("run", 1),),
    ),
    Case(
        name="seen at the gateway alone",
        answer=Answer.YES,
        teaches="The trace shows one call that went well; the gateway's book holds the 429 and the model it turned to.",
        given=(_call(1, response_id="resp-1"),),
        books={"gateway": (_attempt(2, "r-1", "gpt-5", code="429"), _attempt(5, "resp-1", "gpt-5-mini"))},
        excerpt="gpt-5-mini",
    ),
    Case(
        name="the gateway tried again",
        answer=Answer.NO,
        teaches="The book shows a 429 and an answer of the same model after it.",
        given=(_call(1, response_id="resp-1"),),
        books={"gateway": (_attempt(2, "r-1", "gpt-5", code="429"), _attempt(5, "resp-1", "gpt-5-2025-08-07"))},
    ),
    Case(
        name="retries that nobody can see",
        answer=Answer.UNKNOWN,
        teaches="One span that ended well may hide two 429s that the client resent.",
        given=(_call(1),),
    ),
    Case(
        name="two models of unknown rank",
        answer=Answer.UNKNOWN,
        teaches="Another model answered after the throttle, and nothing says which is the weaker.",
        given=(_failed(1, "model-a"), _call(2, "model-b")),
    ),
)  # fmt: skip
