"""A limit at a provider was followed by less: a weaker model, a shorter prompt, no validation, a default.

The twin holds no sign of the limit: errors, statuses and the gateway's rows were not recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random

from plant import FAULTY, INNOCENT, UNTOLD, Plant
from planted._shift import Made, Shift, turns
from planted._throttles import TASKS, TIERS, WAYS, Found, earlier, gateway_row, task, trade, unsigned
from planted._unharmed import LOOK_ALIKES, equal_by_policy

SLUG = "rate_limit_degradation"


def _weaker(shift: Shift) -> Found:
    earlier(shift)
    facts = task(shift)
    for _ in range(shift.chance.randint(1, 3)):
        shift.chance.choice(WAYS)(shift, facts)
    shift.call(model=shift.smaller, **facts, output=shift.story(2))
    trade(shift)
    return Found(fault=shift.smaller)


def _weaker_stated(shift: Shift) -> Found:
    # The answering call itself says what it stands in for.
    earlier(shift)
    reason = shift.chance.choice(("rate_limit", "overloaded", "quota"))
    shift.call(model=shift.model, answered=shift.smaller, **task(shift), output=shift.story(2),
               **{"trading.llm.fallback.from_model": shift.model, "trading.llm.fallback.to_model": shift.smaller,
                  "trading.llm.fallback.reason": reason})  # fmt: skip
    trade(shift)
    return Found(fault=shift.smaller)


def _weaker_at_the_gateway(shift: Shift) -> Found:
    # The trace shows one good call; the gateway knows what happened before it.
    earlier(shift)
    call = shift.call(model=shift.model, answered=shift.smaller, **task(shift), output=shift.story(2))
    trade(shift)
    code = shift.chance.choice(("429", "429", "529", "503"))
    tries = [gateway_row(shift, call, model=shift.model, code=code) for _ in range(shift.chance.randint(1, 3))]
    return Found(fault=shift.smaller, gateway=(*tries, gateway_row(shift, call, model=shift.smaller)))


def _shorter(shift: Shift) -> Found:
    earlier(shift)
    system, user = shift.chance.choice(TASKS[:3])
    stories = [shift.story(4) for _ in range(shift.chance.randint(5, 9))]
    named = {"c": shift.company, "t": shift.ticker}
    whole = {"system": system, "messages": user.format(**named, s="\n\n".join(stories))}
    small = {"system": system, "messages": user.format(**named, s=stories[0])}
    shift.chance.choice(WAYS)(shift, whole)
    size = len(small["messages"]) // 4
    shift.call(**small, output=shift.story(1), tokens={"input": size, "output": shift.chance.randrange(50, 300)})
    trade(shift)
    return Found(fault=stories[0][:40])


def _skipped(shift: Shift) -> Found:
    earlier(shift)
    facts = task(shift)
    shift.chance.choice(WAYS)(shift, facts)
    shift.call(**facts, output=shift.story(2))
    shift.decided()
    reason = shift.chance.choice(("rate_limit", "provider throttled", "429 from the validator's model"))
    if shift.chance.random() < 0.5:
        shift.row("validation", "check", name="output", **{"trading.validation.skipped": True,
                  "trading.validation.skip_reason": reason})  # fmt: skip
        shown = reason
    else:
        row = shift.row("span", "gate")
        row["name"], row["events"] = "gate", [{"name": "trading.validation_skipped", "at": row["until"],
                                               "trading.validation.skip_reason": reason}]  # fmt: skip
        shown = "trading.validation_skipped"
    shift.ordered()
    return Found(fault=shown)


def _validation_throttled(shift: Shift) -> Found:
    shift.call(**task(shift), output=shift.story(2))
    shift.decided()
    check = shift.row("validation", "check", name="output_schema", **{"trading.validation.schema.name": "decision_v3"})
    kind = shift.chance.choice(("RateLimitError", "OverloadedError", "ResourceExhausted"))
    for _ in range(shift.chance.randint(1, 2)):
        asked = f"Does this fit?\n{shift.story(1)}"
        shift.failed(kind, f"{kind} from the provider", parent=check["id"], messages=asked, stage="risk")
    shift.ordered()
    return Found(fault=kind)


def _default_event(shift: Shift) -> Found:
    earlier(shift)
    facts = task(shift)
    for _ in range(shift.chance.randint(1, 3)):
        shift.chance.choice(WAYS)(shift, facts)
    row = shift.decided(shift.chance.choice(("hold", "sell", "reduce")))
    row["events"] = [{"name": "trading.default_action", "at": row["until"], "action": row["action"]}]
    return Found(fault="trading.default_action")


def _every_call_failed(shift: Shift) -> Found:
    facts = task(shift)
    for _ in range(shift.chance.randint(2, 4)):
        shift.chance.choice(WAYS)(shift, facts)
    action = shift.chance.choice(("hold", "buy", "sell"))
    trade(shift, action)
    return Found(fault=action)


def _data_throttled(shift: Shift) -> Found:
    # A data provider sent a notice of its limit in place of data; the answer says that it falls back on a default.
    notice = shift.chance.choice((
        "Thank you for using the service! Our standard API rate limit is 25 requests per day.",
        '{"Note": "You have reached the API call frequency limit of 5 calls per minute."}',
        '{"status": "ERROR", "error": "You\'ve exceeded the maximum requests per minute, please wait or upgrade."}',
        "HTTP 429: Too Many Requests",
        '{"code": 429, "message": "You have run out of API credits for the current minute."}',
    ))  # fmt: skip
    shift.row("tool", name="get_fundamentals", call_id="call_data", arguments={"symbol": shift.ticker}, result=notice)
    said = shift.chance.choice((
        "No data came back, so the default action applies: hold.", "Falling back to the default decision: hold.",
        "Default decision: hold (no fundamentals available).",
    ))  # fmt: skip
    facts = task(shift)
    shift.call(**{**facts, "messages": [{"role": "user", "content": facts["messages"]}]}, output=said)
    shift.decided("hold")
    return Found(fault="efault")


def _cut_and_marked(shift: Shift) -> Found:
    earlier(shift)
    facts = task(shift, stories=3)
    shift.chance.choice(WAYS)(shift, facts)
    shift.call(**facts, output=shift.story(1), **{"trading.prompt.truncated": True})
    trade(shift)
    return Found(fault="true")


def _house_models(shift: Shift) -> Found:
    earlier(shift)
    facts = task(shift)
    shift.chance.choice(WAYS)(shift, {**facts, "model": "house-model-9"})
    shift.call(**facts, model="house-model-4", output=shift.story(2))
    trade(shift)
    return Found(fault="house-model-4")


def _inside_one_call(shift: Shift) -> Found:
    # The client retried inside the call and another model answered it; only the HTTP span below shows why.
    earlier(shift)
    made = shift.call(model=shift.model, answered=shift.smaller, **task(shift), output=shift.story(2))
    for code in (*[429] * shift.chance.randint(1, 2), 200):
        shift.row("span", f"http-{shift.count}", parent=made["id"], name="POST",
                  **{"http.response.status_code": code})  # fmt: skip
    trade(shift)
    return Found(fault=shift.smaller)


def _by_request_alone(shift: Shift) -> Found:
    # The gateway knows no trace; its rows are joined by the response's id, and earlier attempts by model and time.
    found = _weaker_at_the_gateway(shift)
    for row in found.gateway:
        moment = datetime.fromisoformat(row["startTime"])
        row["startTime"] = moment.timestamp()
        if row["status"] == "success":
            del row["trace_id"]
    return found


def _default_in_words(shift: Shift) -> Found:
    facts = task(shift)
    shift.chance.choice(WAYS)(shift, facts)
    said = shift.chance.choice(("fell back to the default", "default action taken", "using default signal: hold"))
    shift.decided("hold", reason=f"The model could not be reached; {said}.")
    return Found(fault="hold")


_FAULTS: tuple[Callable[[Shift], Found], ...] = (
    _weaker, _weaker_stated, _weaker_at_the_gateway, _shorter, _skipped, _validation_throttled, _default_event,
    _every_call_failed, _data_throttled, _weaker, _cut_and_marked, _house_models,
    _inside_one_call, _by_request_alone, _default_in_words)  # fmt: skip


def _unsigned(rows: tuple[Made, ...]) -> tuple[Made, ...]:
    """Return the rows without any sign of a limit, a data provider's notice among them."""
    found = unsigned(rows)
    for row in found:
        if row["type"] == "tool" and row["call_id"] == "call_data":
            del row["result"]
    return found


def _policy(way: Callable[[Shift], object]) -> dict[str, dict[str, int]]:
    return {"model_tiers": TIERS} if way in {_house_models, equal_by_policy} else {}


def positives(chance: Random) -> Iterator[tuple[Plant, Plant]]:
    """Yield runs that a limit made worse."""
    for fault in turns(chance, _FAULTS):
        shift = Shift(chance)
        shift.around(0, 3)
        found = fault(shift)
        shift.around(0, 1)
        rows, name = shift.done(), fault.__name__.strip("_")
        books = {"gateway": found.gateway} if found.gateway else {}
        yield (
            Plant(wording=name, rows=rows, answers=FAULTY, fault=found.fault, books=books, policy=_policy(fault)),
            Plant(wording=f"{name}, unsigned", rows=_unsigned(rows), answers=UNTOLD, policy=_policy(fault)),
        )


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield runs that met no limit, or overcame it without loss."""
    for look_alike in turns(chance, LOOK_ALIKES):
        shift = Shift(chance)
        shift.around(0, 3)
        gateway = look_alike(shift)
        shift.around(0, 1)
        books = {"gateway": gateway} if gateway else {}
        yield Plant(wording=look_alike.__name__.strip("_"), rows=shift.done(), answers=INNOCENT, books=books,
                    policy=_policy(look_alike))  # fmt: skip
