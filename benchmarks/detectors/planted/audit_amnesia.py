"""Audit amnesia: one leg of a complete run is taken out, cut, masked or contradicted; the look-alikes lack nothing.

The question can always be answered, so no positive has a twin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from random import Random

from afterbell.formats.messages import as_text
from afterbell.model.trace import span_hex
from plant import FAULTY, FORMS, GENAI, INNOCENT, NATIVE, Plant
from planted._complete_run import Scene, document, last_tool, retold, scene
from planted._desk import Newsroom, hexes
from planted._nothing_missing import ALIKE, FLAT

SLUG = "audit_amnesia"

_FLAT = (NATIVE, GENAI)


# ---- faults: each takes one thing out and returns what the evidence must show ---------------------------------------


def _output_gone(made: Scene) -> str:
    name = made.chance.choice(made.asks)
    made.row(name).pop("output")
    for row in made.rows:  # the history would tell what it was
        if row["type"] == "call" and name != "answer":
            row["messages"] = [each for each in row["messages"] if each["role"] != "assistant"] or ["Go on."]
    return span_hex(name)


def _content_off(made: Scene) -> str:
    for row in made.rows:
        if row["type"] == "call":
            for key in ("messages", "output", "system"):
                row.pop(key, None)
    return span_hex(made.asks[0])


def _prompt_gone(made: Scene) -> str:
    row = made.row("answer")
    row.pop("messages")
    row.pop("system")
    return span_hex("answer")


def _forget(made: Scene, call_id: str, *, ask: bool = False) -> None:
    """Take a tool's answer (and what asked for it) out of every history."""
    for row in made.rows:
        if row["type"] == "call":
            row["messages"] = [each for each in row["messages"] if each.get("tool_call_id") != call_id]
            told = [*row["messages"], row.get("output")] if ask else []
            for each in told:
                if isinstance(each, dict) and each.get("tool_calls"):
                    each["tool_calls"] = [one for one in each["tool_calls"] if one["id"] != call_id]
                    each["content"] = each["content"] or "One more source."


def _result_gone(made: Scene) -> str:
    row = last_tool(made)
    row.pop("result")
    _forget(made, row["call_id"])
    return span_hex(row["id"])


def _never_run(made: Scene) -> str:
    row = last_tool(made)
    made.rows.remove(row)
    _forget(made, row["call_id"])
    return as_text(row["arguments"])


def _never_asked(made: Scene) -> str:
    row = last_tool(made)
    _forget(made, row["call_id"], ask=True)
    return row["call_id"]


def _not_fed_back(made: Scene) -> str:
    row = last_tool(made)
    _forget(made, row["call_id"])
    return as_text(row["arguments"])


def _no_trade(made: Scene) -> str:
    made.without("order", "execution_report")
    made.row("decision")["action"] = made.chance.choice(("buy", "sell", "reduce"))
    return span_hex("decision")


def _no_report(made: Scene) -> str:
    made.without("execution_report")
    return "filled"


def _grew(made: Scene) -> str:
    """Let the position grow between two snapshots without an order."""
    made.without("order", "execution_report")
    made.row("decision")["action"] = "hold"
    base = made.chance.randrange(1, 30) * 10
    ticker = made.rows[0]["symbol"]
    for quantity in (base, base + made.chance.randrange(1, 30) * 10):
        made.rows.append({"type": "position_snapshot", "trace": made.trace, "span": "run", "at": made.clock(),
                          "symbol": ticker, "account": "ACC-7", "quantity": str(quantity)})  # fmt: skip
    made.rows[0]["until"] = made.clock()
    return str(made.rows[-1]["quantity"])


def _wrong_hash(made: Scene) -> str:
    found = document(made)
    other = sha256(f"{found['text']} ".encode()).hexdigest()
    found["sha256"] = made.chance.choice((other, f"sha256:{other}", other.upper()))
    return str(found["text"][:40])


def _wrong_thesis_hash(made: Scene) -> str:
    text = Newsroom(made.chance).body(1)
    stated = sha256(text[:-1].encode()).hexdigest()
    made.rows.append({"type": "thesis", "trace": made.trace, "id": "thesis", "parent": "run", "at": made.clock(),
                      "until": made.clock(), "text": text, "text_hash": stated, "status": "accepted"})  # fmt: skip
    made.rows[0]["until"] = made.clock()
    return stated


def _dropped(made: Scene) -> str:
    row = made.row(made.chance.choice([*made.asks, *made.tools]))
    row["dropped"] = made.chance.randrange(1, 90)
    return str(row["dropped"])


def _no_parent(made: Scene) -> str:
    row = made.row(made.chance.choice([*made.asks, *made.tools]))
    row["parent"] = f"lost-{hexes(made.chance, 4)}"
    return span_hex(row["parent"])


def _never_ended(made: Scene) -> str:
    row = made.rows[0]
    if made.chance.random() < 0.5:
        row.pop("until")
    else:
        row["until"] = 0
    return span_hex("run")


_MARKS = ("[REDACTED]", "__REDACTED__", "<redacted>", "[REDACTED:account]")


def _masked_output(made: Scene) -> str:
    mark = made.chance.choice(_MARKS)
    made.row("answer")["output"] = mark
    return mark


def _masked_prompt(made: Scene) -> str:
    mark = made.chance.choice(_MARKS)
    made.row(made.asks[0])["messages"] = [{"role": "user", "content": mark}]
    return mark


def _masked_result(made: Scene) -> str:
    mark = made.chance.choice(_MARKS)
    retold(made, last_tool(made), mark)
    return mark


def _cut_result(made: Scene) -> str:
    mark = f"[truncated {made.chance.randrange(40, 90_000)} characters]"
    retold(made, last_tool(made), f"{Newsroom(made.chance).body(3)}{made.chance.choice(('… ', '... '))}{mark}")
    return mark


def _cut_json(made: Scene) -> str:
    whole = as_text({"symbol": made.rows[0]["symbol"], "rows": [Newsroom(made.chance).body(1) for _ in range(4)]})
    cut = whole[: made.chance.randrange(60, len(whole) - 8)]
    retold(made, last_tool(made), cut)
    return cut[-20:]


def _cut_messages(made: Scene) -> str:
    """Let a limit on sizes cut an attribute inside its JSON."""
    row = made.row("answer")
    whole = as_text([{"role": "assistant", "parts": [{"type": "text", "content": row.pop("output")}]}])
    cut = whole[: made.chance.randrange(70, len(whole) - 6)]
    row["attributes"] = {"gen_ai.output.messages": cut}
    return cut[-16:]


def _masked_system(made: Scene) -> str:
    mark = made.chance.choice(_MARKS)
    for row in made.rows:
        if row["type"] == "call":
            row["system"] = mark
    return mark


def _masked_document(made: Scene) -> str:
    found, mark = document(made), made.chance.choice(_MARKS)
    found["text"] = mark
    found.pop("sha256")
    return mark


def _cut_document(made: Scene) -> str:
    found, mark = document(made), f"… [truncated {made.chance.randrange(9, 9000)} characters]"
    found["text"] = f"{found['text'][:90]}{mark}"
    found.pop("sha256")
    return mark


def _cut_list(made: Scene) -> str:
    """Let a limit on sizes cut the list of documents inside its JSON."""
    document(made)
    row = next(row for row in made.rows if row["type"] == "retrieval")
    whole = as_text(row.pop("documents"))
    cut = whole[: made.chance.randrange(80, len(whole) - 8)]
    row |= {"type": "span", "name": "retrieval",
            "attributes": {"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": cut}}  # fmt: skip
    return cut[-12:]


def _both_empty(made: Scene) -> str:
    """Leave the content off both spans of one call."""
    row = made.row("answer")
    row.pop("output")
    made.rows.append({key: value for key, value in row.items() if key not in {"messages", "system"}}
                     | {"id": "answer-client", "parent": "answer"})  # fmt: skip
    return span_hex("answer")


def _fill_of_another(made: Scene) -> str:
    """Let the books hold a fill of another order and idea alone."""
    report = next(row for row in made.rows if row["type"] == "execution_report")
    made.rows.remove(report)
    made.books = {"fills": ({
        "transact_time": report["at"], "account_id": "ACC-7", "symbol": report["symbol"], "side": report["side"],
        "last_quantity": report["last_quantity"], "last_price": report["last_price"],
        "client_order_id": f"CO-{hexes(made.chance, 8)}", "idea_id": f"IDEA-{hexes(made.chance, 8)}"},)}  # fmt: skip
    return "filled"


def _step_without_result(made: Scene) -> str:
    """Add a step of the workflow whose result was not kept."""
    made.rows.append({"type": "tool", "trace": made.trace, "id": "step", "parent": "run", "at": made.clock(),
                      "until": made.clock(), "name": made.chance.choice(("load_calendar", "fetch_holdings")),
                      "arguments": {"run": made.trace[:6]}})  # fmt: skip
    made.rows[0]["until"] = made.clock()
    return span_hex("step")


def _masked_arguments(made: Scene) -> str:
    """Mask what a tool was asked, in the ask, in every history and on its span."""
    row, mark = last_tool(made), made.chance.choice(_MARKS)
    row["arguments"] = mark
    for each in made.rows:
        told = [*each["messages"], each["output"]] if each["type"] == "call" else []
        for message in told:
            for one in (message.get("tool_calls") or ()) if isinstance(message, dict) else ():
                if one["id"] == row["call_id"]:
                    one["arguments"] = mark
    return mark


def _cut_output(made: Scene) -> str:
    mark = f"[truncated {made.chance.randrange(9, 9000)} characters]"
    made.row("answer")["output"] += made.chance.choice((f"… {mark}", f"...{mark}"))
    return mark


def _cut_prompt(made: Scene) -> str:
    mark = f"… [truncated {made.chance.randrange(9, 9000)} chars]"
    for row in made.rows:
        if row["type"] == "call":
            row["messages"][0]["content"] += mark
    return mark


def _offloaded(made: Scene) -> str:
    row = made.row("answer")
    row.pop("output")
    place = f"s3://prompts/{hexes(made.chance, 16)}.json"
    row["attributes"] = {"gen_ai.output.messages.ref": place}
    return place


def _billed_and_empty(made: Scene) -> str:
    row = made.row("answer")
    row["output"] = {"role": "assistant", "content": ""}
    row["tokens"]["output"] = made.chance.randrange(20, 2000)
    return span_hex("answer")


_FAULTS: Sequence[tuple[str, Callable[[Scene], str], tuple[str, ...]]] = (
    ("an output was not captured", _output_gone, FORMS),
    ("content capture was off", _content_off, FORMS),
    ("a prompt was not captured", _prompt_gone, FORMS),
    ("a tool's result is missing", _result_gone, FORMS),
    ("a tool call was asked for and never run", _never_run, FORMS),
    ("a tool ran that nothing asked for", _never_asked, FORMS),
    ("a tool's result was not fed back", _not_fed_back, FORMS),
    ("a decision to trade without order or fill", _no_trade, FORMS),
    ("an order says filled and no report does", _no_report, FORMS),
    ("a position grew without an order", _grew, FORMS),
    ("a document's hash does not match", _wrong_hash, FORMS),
    ("a thesis' hash does not match", _wrong_thesis_hash, FORMS),
    ("the exporter dropped attributes", _dropped, FORMS),
    ("a span's parent is missing", _no_parent, FORMS),
    ("the run never ended", _never_ended, FORMS),
    ("an output is masked", _masked_output, FORMS),
    ("a prompt is masked", _masked_prompt, FORMS),
    ("a tool's result is masked", _masked_result, FORMS),
    ("a tool's result says that it was cut", _cut_result, FORMS),
    ("a tool's result ends inside its JSON", _cut_json, FORMS),
    ("messages end inside their JSON", _cut_messages, _FLAT),
    ("an output was put elsewhere and is not there", _offloaded, _FLAT),
    ("a step of the workflow has no result", _step_without_result, FORMS),
    ("what a tool was asked is masked", _masked_arguments, FORMS),
    ("an output says that it was cut", _cut_output, FORMS),
    ("a prompt says that it was cut", _cut_prompt, FORMS),
    ("a system prompt is masked", _masked_system, FORMS),
    ("a document is masked", _masked_document, FORMS),
    ("a document says that it was cut", _cut_document, FORMS),
    ("the list of documents ends inside its JSON", _cut_list, _FLAT),
    ("neither span of a call has its output", _both_empty, FORMS),
    ("the books hold the fill of another order", _fill_of_another, FORMS),
    ("an output was billed and is empty", _billed_and_empty, FORMS),
)


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield complete runs from which one thing was taken."""
    while True:
        for wording, fault, forms in _FAULTS:
            made = scene(chance)
            shown = fault(made)
            plant = Plant(wording=wording, rows=tuple(made.rows), answers=FAULTY, fault=shown, forms=forms,
                          books=made.books)  # fmt: skip
            yield plant, None


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield runs that lack nothing although they look so."""
    while True:
        for wording, change in ALIKE:
            made = scene(chance, action=chance.choice(("buy", "sell")))
            change(made)
            yield Plant(wording=wording, rows=tuple(made.rows), answers=INNOCENT, books=made.books,
                        forms=_FLAT if wording in FLAT else FORMS)  # fmt: skip
