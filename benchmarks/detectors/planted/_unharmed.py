"""Runs that met no limit, or overcame it without loss; look-alikes of what a limit made worse."""

from __future__ import annotations

from collections.abc import Callable

from planted._shift import Made, Shift
from planted._throttles import WAYS, gateway_row, task, trade

_OK = {"http.response.status_code": 200}


def _retried(shift: Shift) -> None:
    facts = task(shift)
    for _ in range(shift.chance.randint(1, 3)):
        shift.chance.choice(WAYS)(shift, facts)
    shift.call(**facts, output=shift.story(2))
    trade(shift)


def _other_faults(shift: Shift) -> None:
    """Errors that are no limit, and then a smaller model."""
    kind, code, said = shift.chance.choice((
        ("BadRequestError", 400, "This model's maximum context length is 128000 tokens (context_length_exceeded)"),
        ("AuthenticationError", 401, "Incorrect API key provided"),
        ("PermissionDeniedError", 403, "Project has no access"),
        ("NotFoundError", 404, "The model does not exist"), ("UnprocessableEntityError", 422, "Invalid schema"),
        ("InternalServerError", 500, "The server had an error"),
    ))  # fmt: skip
    facts = task(shift)
    shift.failed(kind, said, **facts, **{"http.response.status_code": code})
    shift.call(model=shift.smaller, **facts, output=shift.story(2), **_OK)
    trade(shift)


def _stronger(shift: Shift) -> None:
    if shift.larger == shift.model:
        shift.provider, shift.model, shift.snapshot, shift.larger = "openai", "gpt-5-mini", "gpt-5-mini", "gpt-5"
    facts = task(shift)
    shift.chance.choice(WAYS)(shift, facts)
    shift.call(model=shift.larger, **facts, output=shift.story(2), **_OK)
    trade(shift)


def _snapshot(shift: Shift) -> None:
    facts = task(shift)
    shift.chance.choice(WAYS)(shift, facts)
    shift.call(model=shift.snapshot, answered=shift.snapshot, **facts, output=shift.story(2), **_OK)
    trade(shift)


def _other_task(shift: Shift) -> None:
    """After a good retry comes a short prompt of another task, on a model that is always used for it."""
    small = {"system": "Label the item.", "messages": f"Item: {shift.story(1)}", "task": "classification"}
    shift.call(model=shift.smaller, **small, output="company", **_OK)
    facts = task(shift, stories=4)
    shift.chance.choice(WAYS)(shift, facts)
    shift.call(**facts, output=shift.story(2), **_OK)
    shift.call(model=shift.smaller, **{**small, "messages": f"Item: {shift.story(1)}"}, output="sector", **_OK)
    trade(shift)


def _reasoned_hold(shift: Shift) -> None:
    facts = task(shift)
    shift.chance.choice(WAYS)(shift, facts)
    shift.call(**facts, output=f"I would hold: {shift.story(2)}", **_OK)
    shift.decided("hold", reason="the margin says nothing yet")


def _clean(shift: Shift) -> None:
    ok = shift.chance.choice((_OK, {"http.request.resend_count": 0}))
    for model in (shift.model, shift.smaller, shift.model):
        shift.call(model=model, **task(shift), output=shift.story(2), **ok)
    trade(shift)


def _resent(shift: Shift) -> None:
    shift.call(**task(shift), output=shift.story(2), **_OK, **{"http.request.resend_count": shift.chance.randint(1, 4)})
    trade(shift)


def _words(shift: Shift) -> None:
    """Texts speak of limits, quotas and 429; the calls went well."""
    shift.row("tool", name="search_news", call_id="call_n", arguments={"q": shift.company}, result=shift.chance.choice((
        f"{shift.company} employs 429 people in {shift.said('{p}')}; the import quota was exceeded in May.",
        "The regulator set a rate limit for consumer loans. Lenders with overloaded books may apply for relief.",
        f"Route 503 was closed, which held up {shift.said('{n}')} lorries. Demand overloaded the port.",
    )))  # fmt: skip
    shift.call(**task(shift), output=f"The quota matters more than the rate limit. {shift.story(1)}", **_OK)
    shift.call(model=shift.smaller, system="Label the item.", messages=shift.story(1), output="sector", **_OK)
    trade(shift)


def _validated_late(shift: Shift) -> None:
    shift.call(**task(shift), output=shift.story(2), **_OK)
    shift.decided()
    check = shift.row("validation", "check", name="output_schema", strict=True, verdict="pass")
    facts = {"messages": f"Does this fit?\n{shift.story(1)}", "parent": check["id"], "stage": "risk"}
    shift.failed("RateLimitError", "Too many requests", **facts)
    shift.call(**facts, output="It fits.", **_OK)
    shift.ordered()


def _not_checked_for_other_reasons(shift: Shift) -> None:
    shift.call(**task(shift), output=shift.story(2), **_OK)
    shift.row("validation", "check", name="output", **{"trading.validation.skipped": True,
              "trading.validation.skip_reason": "paper run"})  # fmt: skip
    trade(shift)


def _gateway(shift: Shift, *tries: str) -> tuple[Made, ...]:
    calls = [shift.call(**task(shift), output=shift.story(2)) for _ in range(shift.chance.randint(1, 3))]
    trade(shift)
    failed = [gateway_row(shift, calls[-1], model=shift.model, code=code) for code in tries]
    good = [gateway_row(shift, call, model=shift.snapshot) for call in calls]
    return (*good[:-1], *failed, good[-1])


def _gateway_clean(shift: Shift) -> tuple[Made, ...]:
    return _gateway(shift)


def _gateway_retried(shift: Shift) -> tuple[Made, ...]:
    return _gateway(shift, "429", *(["529"] * shift.chance.randint(0, 2)))


def equal_by_policy(shift: Shift) -> None:
    """Let a model answer that the policy ranks as high as the throttled one."""
    facts = task(shift)
    shift.chance.choice(WAYS)(shift, {**facts, "model": "house-model-9"})
    shift.call(**facts, model="house-model-8", output=shift.story(2), **_OK)
    trade(shift)


def _default_of_a_debtor(shift: Shift) -> None:
    facts = task(shift)
    shift.chance.choice(WAYS)(shift, facts)
    said = shift.chance.choice(("The issuer may default on the note", "A default by the tenant is unlikely",
                                "By default the covenant is tested each quarter"))  # fmt: skip
    shift.call(**facts, output=f"{said}. {shift.story(1)}", **_OK)
    shift.decided("hold", reason=said)


def _others_rows(shift: Shift) -> tuple[Made, ...]:
    # Another trace was throttled at the same gateway in the same minutes.
    own = _gateway(shift)
    return tuple(row for good in own for row in (
        {**good, "request_id": f"x-{good['request_id']}", "trace_id": "another-run", "status": "failure",
         "error_information": {"error_code": "429", "error_class": "RateLimitError"}}, good))  # fmt: skip


def _resent_below(shift: Shift) -> None:
    made = shift.call(**task(shift), output=shift.story(2))
    for code in (*[429] * shift.chance.randint(1, 3), 200):
        shift.row("span", f"http-{shift.count}", parent=made["id"], name="POST",
                  **{"http.response.status_code": code})  # fmt: skip
    trade(shift)


def _data_came_later(shift: Shift) -> None:
    asked = {"name": "get_fundamentals", "arguments": {"symbol": shift.ticker}}
    shift.row("tool", call_id="call_1", result="Too Many Requests. Rate limited. Try after a while.", **asked)
    shift.row("tool", call_id="call_2", result=shift.story(), **asked)
    shift.call(**task(shift), output=shift.story(2), **_OK)
    trade(shift)


LOOK_ALIKES: tuple[Callable[[Shift], tuple[Made, ...] | None], ...] = (
    _retried, _other_faults, _stronger, _snapshot, _other_task, _reasoned_hold, _clean, _resent, _words,
    _validated_late, _not_checked_for_other_reasons, _gateway_clean, _gateway_retried,
    equal_by_policy, _default_of_a_debtor, _others_rows, _resent_below, _data_came_later)  # fmt: skip
