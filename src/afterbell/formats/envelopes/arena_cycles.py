"""Alpha Arena conversations, one JSON object a line: what a model was shown in a cycle, what it answered per coin.

`{"id", "user_prompt", "llm_response": {COIN: {"signal", "quantity", "invalidation_condition", ...}}, "cot_trace",
"cycle_id", "model_id", "timestamp", "run_id"}`. A cycle becomes a trace: a root, one model call that both researches
and decides, and for each coin of the answer a thesis with its invalidation condition and a decision. The positions and
the account's value that the prompt states become snapshots.

An idea is a position of a model: MODEL:COIN:ORDER by the order that opened it, as the prompt names it (`entry_oid`), so
that the fills of `arena-trades` are the same idea's; before there is one, MODEL:COIN:cycle. Times are seconds since
1970. The prompt's prices are text of the prompt and no book. The system prompt and tokens are not in the source.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_text
from afterbell.model.trace import LogRecord, Refusal, Span, span_hex, trace_hex

NAME = "arena-cycles"
TITLE = "Alpha Arena conversations (JSON lines)"
UNIT = Unit.LINE
RANK = 40

_NEEDED = ("user_prompt", "llm_response", "model_id", "timestamp")
_ACTIONS = {"buy_to_enter": "buy", "sell_to_enter": "sell", "close_position": "close", "close": "close", "hold": "hold"}
_HELD = re.compile(r"^\{'symbol': [^\n]{1,4000}\}$", re.MULTILINE)
_VALUE = re.compile(r"\*\*Current Account Value:\*\* (-?\d{1,15}(?:\.\d{1,6})?)")
_CASH = re.compile(r"Available Cash: (-?\d{1,15}(?:\.\d{1,6})?)")
_NS = 10**9
_LATEST = 2**63 - 1


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line is a cycle; of a line longer than what is looked at, its first keys tell."""
    line, newline, _ = head.partition(b"\n")
    if not newline and len(head) >= 60_000:  # noqa: PLR2004 - the first row does not fit into the beginning
        return b'"user_prompt"' in line[:4000] and line.lstrip()[:1] == b"{"
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(row, dict) and all(key in row for key in _NEEDED)


def read(line: bytes, context: Context) -> Iterator[Item]:
    """Read one line into the spans and snapshots of one cycle, or a refusal."""
    where = f"line {context.position}"
    if not line.strip():
        return
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        cut = " (the file ends inside this line)" if context.last else ""
        yield Refusal(where=where, why=f"not JSON: {error}{cut}")
        return
    at_ns = _stamp(row.get("timestamp")) if isinstance(row, dict) else 0
    if not isinstance(row, dict) or not isinstance(row.get("user_prompt"), str) or not at_ns:
        yield Refusal(where=where, why="no object with user_prompt (a text) and timestamp (seconds since 1970)")
        return
    yield from _Cycle(row, at_ns, context.position).items()


def _stamp(value: Any) -> int:
    """Return seconds since 1970 as nanoseconds; 0 for what is no such time."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0
    return int(value * _NS) if 0 < value <= _LATEST / _NS else 0


class _Cycle:
    """One row, spelled out."""

    def __init__(self, row: Mapping[str, Any], at_ns: int, position: int) -> None:
        self.row, self.at_ns, self.position = row, at_ns, position
        self.model = str(row.get("model_id") or "")
        self.raw = str(row.get("id") or f"{self.model}_{row.get('timestamp')}")
        self.trace = trace_hex(self.raw)
        self.ended = max(_stamp(row.get("inserted_at")), at_ns + 1)
        self.held = {str(each["symbol"]): each for each in _positions(row["user_prompt"])}
        answer = row.get("llm_response")
        self.answer = answer if isinstance(answer, dict) else {}

    def items(self) -> Iterator[Item]:
        """Yield the cycle's spans, then its snapshots."""
        facts = {"trading.account.id": self.model, "trading.exchange": "CRYPTO", "trading.run.id": self._run(),
                 "arena.cycle_id": str(self.row.get("cycle_id", ""))}  # fmt: skip
        yield self._span("run", "", "arena cycle", facts, self.at_ns, self.ended + 2 * len(self.answer))
        yield self._span("call", "run", f"chat {self.model}", self._call(), self.at_ns, self.ended)
        for number, (coin, said) in enumerate(self.answer.items()):
            if isinstance(said, dict):
                yield from self._thought(str(coin), said, self.ended + 2 * number)
        yield from self._snapshots()

    def _run(self) -> str:
        return f"{self.model}/{self.row['run_id']}" if self.row.get("run_id") else self.model

    def _call(self) -> dict[str, Any]:
        reasons = self.row.get("cot_trace")
        parts = [{"type": "reasoning", "content": reasons}] if isinstance(reasons, str) and reasons else []
        said = self.row.get("llm_response")
        parts += [{"type": "text", "content": as_text(said)}] if said else []
        prompt = [{"role": "user", "parts": [{"type": "text", "content": self.row["user_prompt"]}]}]
        return {
            "gen_ai.operation.name": "chat", "gen_ai.request.model": self.model, "gen_ai.agent.name": "trader",
            "gen_ai.input.messages": as_text(prompt), "trading.stage": "research",
            **({"gen_ai.output.messages": as_text([{"role": "assistant", "parts": parts}])} if parts else {}),
        }  # fmt: skip

    def _thought(self, coin: str, said: Mapping[str, Any], at_ns: int) -> Iterator[Span]:
        shared = {"trading.idea.id": self._idea(coin), "trading.symbol": coin, "trading.account.id": self.model,
                  "trading.exchange": "CRYPTO"}  # fmt: skip
        condition = said.get("invalidation_condition")
        if isinstance(condition, str) and condition:
            thesis = shared | {"trading.thesis.invalidation_condition": condition}
            if isinstance(said.get("justification"), str) and said["justification"]:
                thesis["trading.thesis.text"] = said["justification"]
            yield self._span(f"thesis:{coin}", "run", "trading.thesis", thesis, at_ns, at_ns)
        signal = str(said.get("signal") or "")
        facts = shared | {"trading.decision.action": _ACTIONS.get(signal, signal)}
        for key, name in (("quantity", "trading.decision.quantity"), ("confidence", "trading.decision.confidence"),
                          ("stop_loss", "arena.stop_loss"), ("profit_target", "arena.profit_target"),
                          ("leverage", "arena.leverage"), ("risk_usd", "arena.risk_usd")):  # fmt: skip
            if said.get(key) is not None:
                facts[name] = str(said[key])
        yield self._span(f"decision:{coin}", "run", "trading.decision", facts, at_ns + 1, at_ns + 1)

    def _idea(self, coin: str) -> str:
        order = self.held.get(coin, {}).get("entry_oid")
        return f"{self.model}:{coin}:{order or 'cycle ' + str(self.row.get('cycle_id', self.raw))}"

    def _snapshots(self) -> Iterator[LogRecord]:
        for coin, held in self.held.items():
            facts = {"trading.idea.id": self._idea(coin), "trading.symbol": coin, "trading.account.id": self.model}
            for key, name in (("quantity", "quantity"), ("entry_price", "average_price"),
                              ("unrealized_pnl", "unrealized_pnl"), ("notional_usd", "market_value")):  # fmt: skip
                if held.get(key) is not None:
                    facts[f"trading.position.{name}"] = str(held[key])
            yield self._record("position_snapshot", facts)
        stated = {f"trading.account.{name}": found[1] for name, found in (
            ("equity", _VALUE.search(self.row["user_prompt"])), ("cash", _CASH.search(self.row["user_prompt"])))
            if found}  # fmt: skip
        if stated:
            yield self._record(
                "account_snapshot", {"trading.account.id": self.model, "trading.currency": "USD"} | stated
            )

    def _record(self, kind: str, facts: dict[str, Any]) -> LogRecord:
        return LogRecord(
            trace_id=self.trace, span_id=span_hex(f"{self.raw}:run"), time_ns=self.at_ns, attributes=facts,
            event_name=f"trading.{kind}", format=NAME, position=self.position,
        )  # fmt: skip

    def _span(self, key: str, parent: str, name: str, facts: dict[str, Any], start: int, end: int) -> Span:
        raw = f"{self.raw}:{key}"
        return Span(
            trace_id=self.trace, trace_id_raw=self.raw, span_id=span_hex(raw), span_id_raw=raw,
            parent_span_id=span_hex(f"{self.raw}:{parent}") if parent else "", name=name, start_ns=start, end_ns=end,
            attributes=facts, format=NAME, position=self.position,
        )  # fmt: skip


def _positions(prompt: str) -> Iterator[dict[str, Any]]:
    """Yield the live positions that a prompt lists, each a Python literal on a line of its own."""
    for found in _HELD.findall(prompt):
        try:
            held = ast.literal_eval(found)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(held, dict) and isinstance(held.get("symbol"), str):
            yield held
