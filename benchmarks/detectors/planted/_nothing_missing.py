"""Look-alikes of audit amnesia: changes to a complete run after which it still lacks nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from afterbell.formats.messages import as_text
from planted._complete_run import Scene, document, last_tool, retold
from planted._desk import Made, Newsroom, hexes


def _hold(made: Scene) -> None:
    made.without("order", "execution_report")
    made.row("decision")["action"] = made.chance.choice(("hold", "skip"))


def _denied(made: Scene) -> None:
    made.without("order", "execution_report")
    made.rows.append({"type": "risk_check", "trace": made.trace, "id": "risk", "parent": "run", "at": made.clock(),
                      "until": made.clock(), "name": "max_position", "verdict": "deny", "limit": "500",
                      "value": "900"})  # fmt: skip
    made.rows[0]["until"] = made.clock()


def _unfilled(made: Scene) -> None:
    made.without("execution_report")
    made.row("order")["status"] = made.chance.choice(("rejected", "expired", "canceled"))


def _filled_elsewhere(made: Scene) -> None:
    """Put the report of the fill into another trace of the idea."""
    report = next(row for row in made.rows if row["type"] == "execution_report")
    made.rows.remove(report)
    other = hexes(made.chance)
    made.rows.append({"type": "run", "trace": other, "id": "run", "name": "execution", "idea": report["idea"],
                      "at": report["at"], "until": made.clock()})  # fmt: skip
    made.rows.append(report | {"trace": other, "span": "run"})


def _booked(made: Scene) -> None:
    """Leave the fill to the broker's book."""
    report = next(row for row in made.rows if row["type"] == "execution_report")
    made.rows.remove(report)
    key = made.chance.choice(("client_order_id", "idea_id", "trace_id"))
    value = {"client_order_id": report["client_order_id"], "idea_id": report["idea"], "trace_id": made.trace}[key]
    made.books = {"fills": ({
        "transact_time": report["at"], "account_id": "ACC-7", "symbol": report["symbol"], "side": report["side"],
        "last_quantity": report["last_quantity"], "last_price": report["last_price"], key: value},)}  # fmt: skip


def _ends_with_a_tool(made: Scene) -> None:
    """End with a tool: no model call follows that it could be fed back to."""
    made.rows.remove(made.row("answer"))
    _hold(made)


def _workflow_step(made: Scene) -> None:
    made.rows.append({"type": "tool", "trace": made.trace, "id": "step", "parent": "run", "at": made.clock(),
                      "until": made.clock(), "name": made.chance.choice(("write_journal", "notify", "warm_cache")),
                      "arguments": {"run": made.trace[:6]}, "result": "ok"})  # fmt: skip
    made.rows[0]["until"] = made.clock()


def _words_inside(made: Scene) -> None:
    """Let a document, which is whole, speak of redaction and truncation."""
    found = document(made)
    inside = made.chance.choice((
        "The counterparty's name was [REDACTED] by the court.", "The log said __REDACTED__ in two places.",
        "The transcript was … [truncated 90 characters] in the morning edition and restored later.",
        "Prices were <redacted> until the auction closed."))  # fmt: skip
    found["text"] = f"{inside} {found['text']}"
    found["sha256"] = sha256(found["text"].encode()).hexdigest()


def _bare(made: Scene) -> None:
    made.rows = made.rows[:1]


def _two_spans(made: Scene) -> None:
    """Add the client's own span of a call, without the content that the instrumentation's has."""
    row = made.row("answer")
    inner = {key: value for key, value in row.items() if key not in {"messages", "output", "system"}}
    made.rows.append(inner | {"id": "answer-client", "parent": "answer"})


def _retried(made: Scene) -> None:
    """Let a call fail, which leaves no output, and succeed when repeated."""
    row = made.row("answer")
    failed = {key: value for key, value in row.items() if key not in {"output", "answered", "response_id", "tokens",
                                                                      "finish"}}  # fmt: skip
    error = {"type": made.chance.choice(("RateLimitError", "APITimeoutError")), "message": "try again later"}
    made.rows.insert(made.rows.index(row), failed | {"id": "answer-failed", "error": error})


def _right_hash(made: Scene) -> None:
    found = document(made)
    right = sha256(found["text"].encode()).hexdigest()
    found["sha256"] = made.chance.choice((right.upper(), f"sha256:{right}"))


def _tool_failed(made: Scene) -> None:
    row = last_tool(made)
    said = made.chance.choice(("connection reset", "symbol not found", "upstream returned 404"))
    retold(made, row, f"error: {said}")
    del row["result"]
    row["error"] = {"type": "ToolError", "message": said}


def _nothing_found(made: Scene) -> None:
    retold(made, last_tool(made), made.chance.choice(("[]", "{}", "no items")))


def _numbered(made: Scene) -> None:
    """Let a tool answer with a numbered list or JSON lines, which only begin like one JSON text."""
    news = Newsroom(made.chance)
    listed = "\n".join(f"[{number}] {news.title()}" for number in range(1, made.chance.randrange(3, 7)))
    lines = "\n".join(as_text({"headline": news.title(), "rank": number}) for number in range(2))
    retold(made, last_tool(made), made.chance.choice((listed, lines)))


def _resumed(made: Scene) -> None:
    """Begin after the ask, which an earlier trace made and the history shows."""
    row = last_tool(made)
    asked = next(each for each in made.rows if each["type"] == "call" and any(
        one["id"] == row["call_id"] for one in (each["output"].get("tool_calls") or ()
                                                if isinstance(each["output"], dict) else ())))  # fmt: skip
    before = [each for each in made.rows[made.rows.index(asked) :] if each["type"] in {"tool", "call"}]
    kept = [each for each in made.rows if each["type"] not in {"tool", "call"}]
    siblings = {one["id"] for one in asked["output"]["tool_calls"]}
    made.rows = kept + [
        each for each in before if each is not asked and each.get("call_id", row["call_id"]) in siblings
    ]


def _no_system(made: Scene) -> None:
    for row in made.rows:
        row.pop("system", None)


def _same_position(made: Scene) -> None:
    _hold(made)
    for quantity in ("300", made.chance.choice(("300", "120"))):
        made.rows.append({"type": "position_snapshot", "trace": made.trace, "span": "run", "at": made.clock(),
                          "symbol": made.rows[0]["symbol"], "account": "ACC-7", "quantity": quantity})  # fmt: skip
    made.rows[0]["until"] = made.clock()


def _grew_by_order(made: Scene) -> None:
    """Let the position grow by what was ordered and filled."""
    report = next(row for row in made.rows if row["type"] == "execution_report")
    held = made.chance.randrange(0, 50) * 10
    sign = 1 if report["side"] == "buy" else -1
    snapshot = {"type": "position_snapshot", "trace": made.trace, "span": "run", "symbol": report["symbol"],
                "account": "ACC-7"}  # fmt: skip
    after = 1000 + held + sign * int(report["last_quantity"])
    first = snapshot | {"at": made.row(made.asks[0])["at"], "quantity": str(1000 + held)}
    made.rows += [first, snapshot | {"at": made.clock(), "quantity": str(after)}]
    made.rows[0]["until"] = made.clock()


def _partly_filled(made: Scene) -> None:
    """Fill a part of the order and cancel the rest."""
    made.row("order")["status"] = "canceled"
    report = next(row for row in made.rows if row["type"] == "execution_report")
    part = str(max(1, int(report["last_quantity"]) // 3))
    report |= {"last_quantity": part, "cumulative_quantity": part, "status": "partially_filled"}


def _other_hash(made: Scene) -> None:
    """State a hash of another kind, which nothing here can check."""
    found = document(made)
    found["sha256"] = f"{made.chance.getrandbits(128):032x}"


def _flattened(made: Scene) -> None:
    """Keep a call's content under the flattened names of earlier conventions."""
    row = made.row("answer")
    asked = [{"role": "system", "content": row["system"]}, *row["messages"]]
    facts = {"gen_ai.operation.name": "chat", "gen_ai.request.model": row["model"], "gen_ai.system": row["provider"],
             "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.content": row["output"],
             "gen_ai.completion.0.finish_reason": "stop", "gen_ai.usage.prompt_tokens": row["tokens"]["input"],
             "gen_ai.usage.completion_tokens": row["tokens"]["output"]}  # fmt: skip
    for number, message in enumerate(asked):
        facts[f"gen_ai.prompt.{number}.role"] = message["role"]
        facts[f"gen_ai.prompt.{number}.content"] = message["content"]
        if message.get("tool_call_id"):
            facts[f"gen_ai.prompt.{number}.tool_call_id"] = message["tool_call_id"]
        for place, one in enumerate(message.get("tool_calls") or ()):
            at = f"gen_ai.prompt.{number}.tool_calls.{place}"
            facts |= {f"{at}.id": one["id"], f"{at}.name": one["name"], f"{at}.arguments": as_text(one["arguments"])}
    _instead(made, row, facts, [])


def _in_events(made: Scene) -> None:
    """Keep a call's content on events of its span."""
    row = made.row("answer")
    facts = {"gen_ai.operation.name": "chat", "gen_ai.request.model": row["model"], "gen_ai.system": row["provider"],
             "gen_ai.response.id": row["response_id"], "gen_ai.usage.input_tokens": row["tokens"]["input"],
             "gen_ai.usage.output_tokens": row["tokens"]["output"]}  # fmt: skip
    output = [{"role": "assistant", "parts": [{"type": "text", "content": row["output"]}]}]
    asked = [{"role": each["role"], "parts": _parts(each)} for each in row["messages"]]
    event = {"name": "gen_ai.client.inference.operation.details", "at": row["until"], "attributes": {
        "gen_ai.input.messages": as_text(asked), "gen_ai.output.messages": as_text(output),
        "gen_ai.system_instructions": as_text([{"type": "text", "content": row["system"]}])}}  # fmt: skip
    _instead(made, row, facts, [event])


def _parts(message: Made) -> list[Made]:
    if message["role"] == "tool":
        return [{"type": "tool_call_response", "id": message["tool_call_id"], "response": message["content"]}]
    said = [{"type": "text", "content": message["content"]}] if message["content"] else []
    return said + [{"type": "tool_call", "id": one["id"], "name": one["name"], "arguments": as_text(one["arguments"])}
                   for one in message.get("tool_calls") or ()]  # fmt: skip


def _instead(made: Scene, row: Made, facts: Made, events: list[Made]) -> None:
    frame = {key: row[key] for key in ("trace", "id", "parent", "at", "until")}
    made.rows[made.rows.index(row)] = {"type": "span", "name": "chat", **frame, "attributes": facts, "events": events}


FLAT = frozenset({"content under flattened names", "content on events of the span"})
"""What only OpenTelemetry's conventions can tell."""

ALIKE: Sequence[tuple[str, Callable[[Scene], object]]] = (
    ("nothing is missing", lambda _made: None),
    ("a decision to hold needs no trade", _hold),
    ("a risk check denied the trade", _denied),
    ("the order was never filled", _unfilled),
    ("the fill stands in another trace of the idea", _filled_elsewhere),
    ("the fill stands in the broker's book", _booked),
    ("the run ends with a tool", _ends_with_a_tool),
    ("a tool that no model asks for", _workflow_step),
    ("a document speaks of redaction", _words_inside),
    ("a root and nothing below it", _bare),
    ("two spans of one call, one with content", _two_spans),
    ("a failed call and its repetition", _retried),
    ("hashes in other spellings", _right_hash),
    ("a tool failed and said so", _tool_failed),
    ("a tool found nothing", _nothing_found),
    ("a tool's result begins like JSON", _numbered),
    ("a position grew by its order", _grew_by_order),
    ("a part was filled and the rest cancelled", _partly_filled),
    ("a hash of another kind", _other_hash),
    ("content under flattened names", _flattened),
    ("content on events of the span", _in_events),
    ("the tool was asked for in an earlier trace", _resumed),
    ("no system prompt was used", _no_system),
    ("a position that did not grow", _same_position),
)
