"""Provider cascade: an outage or a limit that led to less, and runs that met one without loss, or met none.

The twin holds no sign of what failed: errors, statuses, reasons and the gateway's rows were not recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from plant import FAULTY, INNOCENT, UNTOLD, Plant
from planted._outages import WAYS as OUTAGES
from planted._shift import Made, Shift, turns
from planted._throttles import TASKS, TIERS, Found, earlier, gateway_row, task, trade, unsigned
from planted._throttles import WAYS as LIMITS

SLUG = "provider_cascade"

_REASONS = ("outage", "provider_outage", "connection_error", "timeout", "server_error", "503", "rate_limit", "quota",
            "upstream unavailable")  # fmt: skip


def _fails(shift: Shift, facts: Made, most: int = 2) -> None:
    """Let the provider fail once or more, by an outage, a limit, or one after the other."""
    for _ in range(shift.chance.randint(1, most)):
        ways = OUTAGES if shift.chance.random() < 0.75 else LIMITS
        shift.chance.choice(ways)(shift, facts)


# ---- faults ---------------------------------------------------------------------------------------------------------


def _weaker(shift: Shift) -> Found:
    earlier(shift)
    facts = task(shift)
    _fails(shift, facts, 3)
    shift.call(model=shift.smaller, **facts, output=shift.story(2))
    trade(shift)
    return Found(fault=shift.smaller)


def _weaker_of_the_house(shift: Shift) -> Found:
    facts = task(shift)
    _fails(shift, {**facts, "model": "house-model-9"})
    shift.call(model="house-model-4", **facts, output=shift.story(2))
    trade(shift)
    return Found(fault="house-model-4")


def _recorded_fallback(shift: Shift) -> Found:
    earlier(shift)
    shift.call(model=shift.model, answered=shift.smaller, **task(shift), output=shift.story(2),
               **{"trading.llm.fallback.from_model": shift.model, "trading.llm.fallback.to_model": shift.smaller,
                  "trading.llm.fallback.reason": shift.chance.choice(_REASONS)})  # fmt: skip
    trade(shift)
    return Found(fault=shift.smaller)


def _at_the_gateway(shift: Shift) -> Found:
    earlier(shift)
    call = shift.call(model=shift.model, answered=shift.smaller, **task(shift), output=shift.story(2))
    trade(shift)
    code = shift.chance.choice(("500", "502", "503", "504", "429"))
    tries = [gateway_row(shift, call, model=shift.model, code=code) for _ in range(shift.chance.randint(1, 3))]
    return Found(fault=shift.smaller, gateway=(*tries, gateway_row(shift, call, model=shift.smaller)))


def _shorter(shift: Shift) -> Found:
    earlier(shift)
    system, user = shift.chance.choice(TASKS[:3])
    stories = [shift.story(4) for _ in range(shift.chance.randint(5, 9))]
    named = {"c": shift.company, "t": shift.ticker}
    _fails(shift, {"system": system, "messages": user.format(**named, s="\n\n".join(stories))})
    shift.call(system=system, messages=user.format(**named, s=stories[0]), output=shift.story(1))
    trade(shift)
    return Found(fault=stories[0][:40])


def _check_unreachable(shift: Shift) -> Found:
    """Let the validator's own call fail, and place the order without its verdict."""
    shift.call(**task(shift), output=shift.story(2))
    shift.decided()
    check = shift.row("validation", "check", name="output_schema", **{"trading.validation.schema.name": "decision_v3"})
    kind = shift.chance.choice(("APIConnectionError", "APITimeoutError", "InternalServerError"))
    shift.failed(kind, "no answer", parent=check["id"], messages=f"Does this fit?\n{shift.story(1)}", stage="risk")
    shift.ordered()
    return Found(fault=kind)


def _skip_marked(shift: Shift) -> Found:
    earlier(shift)
    facts = task(shift)
    _fails(shift, facts)
    shift.call(**facts, output=shift.story(2))
    shift.decided()
    reason = shift.chance.choice(("validator unreachable: connection refused", "provider outage",
                                  "timeout of the judge", "503 from the validator's model"))  # fmt: skip
    shift.row("validation", "check", name="output",
              **{"trading.validation.skipped": True, "trading.validation.skip_reason": reason})  # fmt: skip
    shift.ordered()
    return Found(fault=reason)


def _default_event(shift: Shift) -> Found:
    earlier(shift)
    _fails(shift, task(shift), 3)
    row = shift.decided(shift.chance.choice(("hold", "sell", "reduce")))
    row["events"] = [{"name": "trading.default_action", "at": row["until"], "action": row["action"]}]
    return Found(fault="trading.default_action")


def _every_call_failed(shift: Shift) -> Found:
    facts = task(shift)
    for _ in range(shift.chance.randint(2, 4)):
        _fails(shift, facts, 1)
    action = shift.chance.choice(("hold", "buy", "sell"))
    trade(shift, action)
    return Found(fault=action)


def _data_provider_down(shift: Shift) -> Found:
    kind, said = shift.chance.choice((("ConnectionError", "HTTPSConnectionPool: Max retries exceeded"),
                                      ("HTTPError", "502 Server Error: Bad Gateway"),
                                      ("ReadTimeout", "The read operation timed out")))  # fmt: skip
    shift.row("tool", name="get_fundamentals", call_id="call_data", arguments={"symbol": shift.ticker},
              error={"type": kind, "message": said})  # fmt: skip
    word = shift.chance.choice(("No data came back, so the default action applies: hold.",
                                "Falling back to the default decision: hold.", "Default decision: hold"))  # fmt: skip
    shift.call(**task(shift), output=word)
    shift.decided("hold")
    return Found(fault="efault")


def _inside_one_call(shift: Shift) -> Found:
    """Let the client retry inside the call; only the HTTP spans below it tell why another model answered."""
    earlier(shift)
    made = shift.call(model=shift.model, answered=shift.smaller, **task(shift), output=shift.story(2))
    for code in (*[shift.chance.choice((500, 502, 504))] * shift.chance.randint(1, 2), 200):
        shift.row("span", f"http-{shift.count}", parent=made["id"], name="POST", **{"http.response.status_code": code})
    trade(shift)
    return Found(fault=shift.smaller)


def _cut_and_marked(shift: Shift) -> Found:
    facts = task(shift, stories=3)
    _fails(shift, facts)
    shift.call(**facts, output=shift.story(1), **{"trading.prompt.truncated": True})
    trade(shift)
    return Found(fault="true")


_FAULTS: tuple[Callable[[Shift], Found], ...] = (
    _weaker, _weaker_of_the_house, _recorded_fallback, _at_the_gateway, _shorter, _check_unreachable, _skip_marked,
    _default_event, _every_call_failed, _data_provider_down, _inside_one_call, _cut_and_marked)  # fmt: skip


# ---- look-alikes ----------------------------------------------------------------------------------------------------


def _good_retry(shift: Shift) -> Found:
    facts = task(shift)
    _fails(shift, facts, 3)
    shift.call(**facts, output=shift.story(2))
    trade(shift)
    return Found()


def _stronger(shift: Shift) -> Found:
    facts = task(shift)
    _fails(shift, {**facts, "model": shift.smaller})
    shift.call(model=shift.model, **facts, output=shift.story(2))
    trade(shift)
    return Found()


def _equal_of_the_house(shift: Shift) -> Found:
    facts = task(shift)
    _fails(shift, {**facts, "model": "house-model-9"})
    shift.call(model="house-model-8", **facts, output=shift.story(2))
    trade(shift)
    return Found()


def _bad_request(shift: Shift) -> Found:
    """Let the request be refused for what it was, and a smaller model be asked something else next."""
    facts = task(shift)
    code, kind, said = shift.chance.choice((
        (400, "BadRequestError", "Invalid parameter: response_format"),
        (401, "AuthenticationError", "Incorrect API key provided"),
        (404, "NotFoundError", "The model does not exist"),
        (422, "UnprocessableEntityError", "messages: at least one message is required"),
        (400, "BadRequestError", "This model's maximum context length is 128000 tokens"),
    ))  # fmt: skip
    shift.failed(kind, said, **facts, **{"http.response.status_code": code})
    shift.call(model=shift.smaller, messages=shift.story(1), output=shift.story(1),
               **{"http.response.status_code": 200})  # fmt: skip
    trade(shift)
    return Found()


def _statuses_are_fine(shift: Shift) -> Found:
    for _ in range(shift.chance.randint(2, 4)):
        made = shift.call(model=shift.chance.choice((shift.model, shift.smaller)), **task(shift), output=shift.story(2))
        made["http.response.status_code"] = 200
    trade(shift)
    return Found()


def _talks_of_outages(shift: Shift) -> Found:
    """Let the news be about outages and rate limits."""
    said = shift.chance.choice((
        "Exchange back after outage of two hours; orders timed out.",
        "The cloud provider said that rate limits were raised after 503 errors.",
        "The default rate on the bonds rose; the issuer had defaulted to holding cash.",
    ))  # fmt: skip
    shift.row(
        "tool", name="search_news", call_id="c1", arguments={"q": shift.ticker}, result=f"{said} {shift.story(2)}"
    )
    shift.call(**task(shift), output=shift.story(2), **{"http.response.status_code": 200})
    trade(shift)
    return Found()


def _gateway_retry(shift: Shift) -> Found:
    call = shift.call(**task(shift), output=shift.story(2))
    trade(shift)
    tries = [gateway_row(shift, call, model=shift.model, code=shift.chance.choice(("500", "503", "429")))]
    return Found(gateway=(*tries, gateway_row(shift, call, model=shift.model)))


def _reasoned_hold(shift: Shift) -> Found:
    facts = task(shift)
    _fails(shift, facts)
    shift.call(**facts, output="Nothing here changes the picture; I would hold and wait for the report.")
    shift.decided("hold")
    return Found()


def _before_the_outage(shift: Shift) -> Found:
    """Let the small model do its own step before anything fails."""
    shift.call(model=shift.smaller, messages=f"Label the tone.\n{shift.story(1)}", output="neutral", task="sentiment",
               **{"http.response.status_code": 200})  # fmt: skip
    facts = task(shift)
    _fails(shift, facts)
    shift.call(**facts, output=shift.story(2))
    trade(shift)
    return Found()


_ALIKE: tuple[Callable[[Shift], Found], ...] = (
    _good_retry, _stronger, _equal_of_the_house, _bad_request, _statuses_are_fine, _talks_of_outages, _gateway_retry,
    _reasoned_hold, _before_the_outage)  # fmt: skip


def _made(way: Callable[[Shift], Found], chance: Random) -> tuple[Shift, Found, dict[str, dict[str, int]]]:
    shift = Shift(chance)
    shift.around(0, 3)
    found = way(shift)
    shift.around(0, 1)
    return shift, found, {"model_tiers": TIERS} if way in {_weaker_of_the_house, _equal_of_the_house} else {}


def positives(chance: Random) -> Iterator[tuple[Plant, Plant]]:
    """Yield runs that an outage or a limit made worse."""
    for fault in turns(chance, _FAULTS):
        shift, found, policy = _made(fault, chance)
        rows, name = shift.done(), fault.__name__.strip("_")
        books = {"gateway": found.gateway} if found.gateway else {}
        yield (
            Plant(wording=name, rows=rows, answers=FAULTY, fault=found.fault, books=books, policy=policy),
            Plant(wording=f"{name}, unsigned", rows=unsigned(rows), answers=UNTOLD, policy=policy),
        )


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield runs that met no outage and no limit, or overcame it without loss."""
    for way in turns(chance, _ALIKE):
        shift, found, policy = _made(way, chance)
        books = {"gateway": found.gateway} if found.gateway else {}
        yield Plant(wording=way.__name__.strip("_"), rows=shift.done(), answers=INNOCENT, books=books, policy=policy)
