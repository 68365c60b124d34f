"""TradeArena's trajectories (`tradearena_trajectory_v1`): an experiment of agents in a simulated market, step by step.

One JSON document. A step becomes a trace: the step; a model call for each answer that its signals carry
(`metadata.response_text`, once for each prompt) and a research span for each signal; a decision as the strategy made
it; what the risk manager made of it (allow, modify, deny: found by comparing `decisions` with `approved_decisions`) and
its own checks; the orders; and as log records the fills, the account and the positions.

An idea is a symbol in a step; a fill belongs to the step that its `latency_steps` point back to. Times are simulated,
the mode is backtest, the account is the experiment and its seed. Prompts are never in a trajectory, only their hashes.
`memory_events` and `agent_trace` say again what the step says, and stay in the evidence only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from afterbell.formats import json_rows
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_attributes, as_decimal, as_object, as_text
from afterbell.formats.stamps import stamp
from afterbell.model.trace import LogRecord, Refusal, Span, span_hex, trace_hex

NAME = "tradearena"
TITLE = "TradeArena trajectories"
UNIT = Unit.STREAM
RANK = 40

_P = "tradearena."
_SCHEMA = b'"tradearena_trajectory_v1"'
_STEP = frozenset({"timestamp", "observation", "decisions", "portfolio"})
_KEPT = (
    "observation", "risk_report", "in_trade_report", "post_trade_report", "execution_report", "risk_violations",
    "reproducibility_state",
)  # fmt: skip
_STATUSES = {"partial": "partially_filled", "partially_filled": "partially_filled", "rejected": "rejected"}


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether a trajectory begins here."""
    if not json_rows.begins(head):
        return False
    keys = json_rows.keys(head)
    return "$schema" not in keys and (_SCHEMA in head or {"experiment_name", "seed", "steps"} <= keys)


def read(stream: BinaryIO, context: Context) -> Iterator[Item]:
    """Read the steps into spans and log records; a step that is none is refused by number."""
    loose: list[Any] = []
    for row in json_rows.rows(stream, "steps"):
        if isinstance(row, Refusal):
            yield row
        elif isinstance(row.value, dict) and isinstance(row.value.get("steps"), list):
            yield from _steps(row.value, row.value["steps"], row.where)
        elif isinstance(row.value, dict) and row.value.keys() >= _STEP:
            loose.append(row.value)  # of a document that is cut, steps are all that is left
        else:
            yield Refusal(where=row.where, why="no trajectory: an object with steps is needed")
    if loose:
        yield from _steps({"experiment_name": context.name}, loose, "document")


def _steps(whole: Mapping[str, Any], steps: list[Any], where: str) -> Iterator[Item]:
    account = f"{as_text(whole.get('experiment_name'))}/{as_text(whole.get('seed'))}".rstrip("/")
    times = [as_text(step.get("timestamp")) if isinstance(step, dict) else "" for step in steps]
    for number, step in enumerate(steps):
        if not isinstance(step, dict) or not stamp(times[number]):
            yield Refusal(where=f"{where}, step {number + 1}", why="no step: an object with a timestamp is needed")
            continue
        yield from _Step(account, as_object(whole.get("metadata")), step, times, number).items()


class _Step:
    """One step, spelled out."""

    def __init__(
        self, account: str, metadata: Mapping[str, Any], step: Mapping[str, Any], times: list[str], number: int
    ) -> None:  # fmt: skip
        self._account, self._metadata, self._step, self._times, self._number = account, metadata, step, times, number
        self._raw = f"TradeArena/{account}/{times[number]}"
        self._start = stamp(times[number])
        self._place = 0

    def items(self) -> Iterator[Item]:
        """Yield the spans, then the log records."""
        spans = [*self._research(), *self._decisions(), *self._checks(), *self._orders()]
        facts = as_attributes(_P, {key: self._step.get(key) for key in _KEPT}) | as_attributes(_P, self._metadata)
        state = as_object(self._step.get("reproducibility_state"))
        asof = {"trading.decision.data_asof": as_text(state["market_data_timestamp"])} if state.get(
            "market_data_timestamp") else {}  # fmt: skip
        shared = {"trading.account.id": self._account, "trading.run.id": self._account, "trading.mode": "backtest"}
        yield self._span("run", f"TradeArena step {self._number + 1}", facts | shared | asof, whole=True)
        yield from spans
        yield from self._records()

    def _rows(self, key: str) -> Iterator[Mapping[str, Any]]:
        listed = self._step.get(key)
        yield from (row for row in (listed if isinstance(listed, list) else ()) if isinstance(row, Mapping))

    def _shared(self, row: Mapping[str, Any], back: int = 0) -> dict[str, Any]:
        symbol = as_text(row.get("symbol"))
        when = self._times[self._number - back]
        idea = {"trading.symbol": symbol, "trading.idea.id": f"{self._account}:{symbol}:{when}"} if symbol else {}
        return {"trading.account.id": self._account, **idea}

    def _research(self) -> Iterator[Span]:
        asked: set[str] = set()
        for number, signal in enumerate(self._rows("signals")):
            said = as_object(signal.get("metadata"))
            prompt = as_text(said.get("prompt_hash"))
            if said.get("response_text") and (prompt not in asked or not prompt):
                asked.add(prompt)
                answer = [{"role": "assistant", "parts": [{"type": "text", "content": as_text(said["response_text"])}]}]
                yield self._span(f"call {number}", f"chat {as_text(said.get('model'))}".strip(), {
                    "gen_ai.operation.name": "chat", "gen_ai.provider.name": as_text(said.get("llm_provider")),
                    "gen_ai.request.model": as_text(said.get("api_model") or said.get("model")),
                    "gen_ai.agent.name": as_text(said.get("analyst")), "gen_ai.output.messages": as_text(answer),
                    "trading.stage": "research",
                    **as_attributes(_P, {key: said.get(key) for key in ("prompt_hash", "latency_ms")}),
                })  # fmt: skip
            told = {key: signal.get(key) for key in ("score", "horizon", "confidence", "rationale")}
            facts = self._shared(signal) | {"trading.stage": "research"} | as_attributes(f"{_P}signal.", told)
            yield self._span(f"signal {number}", "trading.research", facts)

    def _decisions(self) -> Iterator[Span]:
        approved = {as_text(row.get("symbol")): row for row in self._rows("approved_decisions")}
        for number, decision in enumerate(self._rows("decisions")):
            facts = self._shared(decision)
            told = {"action": decision.get("side"), "confidence": decision.get("confidence"),
                    "reason": decision.get("rationale")}  # fmt: skip
            wanted = as_text(decision.get("target_weight"))
            yield self._span(
                f"decision {number}", "trading.decision",
                facts | as_attributes("trading.decision.", told) | as_attributes(_P, {"target_weight": wanted}),
            )  # fmt: skip
            if "approved_decisions" not in self._step:
                continue
            after = approved.get(as_text(decision.get("symbol")))
            same = after is not None and all(
                as_text(after.get(key)) == as_text(decision.get(key)) for key in ("side", "target_weight")
            )
            verdict = "deny" if after is None else "allow" if same else "modify"
            given = {"name": "risk manager", "verdict": verdict, "value": wanted,
                     "limit": as_text(after.get("target_weight")) if after else ""}  # fmt: skip
            yield self._span(
                f"risk {number}", "trading.risk_check", facts | as_attributes("trading.risk.check.", given)
            )

    def _checks(self) -> Iterator[Span]:
        listed = as_object(self._step.get("risk_report")).get("checks")
        for number, check in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(check, Mapping) and isinstance(check.get("passed"), bool):
                hard = as_text(check.get("severity")).lower() in {"", "error", "critical"}
                verdict = "allow" if check["passed"] or not hard else "deny"  # a warning lets pass, and says why
                told = {"name": check.get("name"), "verdict": verdict, "message": check.get("message")}
                facts = {"trading.account.id": self._account} | as_attributes("trading.risk.check.", told)
                yield self._span(f"check {number}", "trading.risk_check", facts)

    def _orders(self) -> Iterator[Span]:
        for number, order in enumerate(self._rows("orders")):
            told = {"side": order.get("side"), "type": order.get("order_type"), "text": order.get("reason"),
                    **_figures(order, quantity="quantity", price="limit_price")}  # fmt: skip
            yield self._span(
                f"order {number}", "trading.order.submit", self._shared(order) | as_attributes("trading.order.", told)
            )

    def _records(self) -> Iterator[LogRecord]:
        for number, fill in enumerate(self._rows("fills")):
            late = as_decimal(fill.get("latency_steps")) or 0
            status = _STATUSES.get(as_text(fill.get("status")).lower(), "filled")
            figures = _figures(fill, last_quantity="quantity", last_price="price", commission="commission")
            told = {"id": f"{self._times[self._number]}/{number}", "transact_time": fill.get("timestamp"),
                    "type": "rejected" if status == "rejected" else "trade", **figures}  # fmt: skip
            order = as_attributes("trading.order.", {"side": fill.get("side"), "status": status})
            facts = self._shared(fill, int(late) if 0 < late <= self._number else 0)
            yield self._record("execution_report", facts | order | as_attributes("trading.execution.", told))
        held = as_object(self._step.get("portfolio"))
        stated = as_attributes("trading.account.", _figures(held, equity="equity", cash="cash"))
        if stated:
            yield self._record("account_snapshot", {"trading.account.id": self._account} | stated)
        for symbol, quantity in as_object(held.get("positions")).items():
            if as_decimal(quantity) is not None:
                facts = {"trading.symbol": symbol, "trading.position.quantity": str(quantity)}
                yield self._record("position_snapshot", {"trading.account.id": self._account} | facts)

    def _record(self, kind: str, facts: dict[str, Any]) -> LogRecord:
        self._place += 1
        return LogRecord(
            trace_id=trace_hex(self._raw), span_id=span_hex(f"{self._raw}:run"), time_ns=self._start + self._place,
            attributes=facts, event_name=f"trading.{kind}", format=NAME, position=self._number + 1,
        )  # fmt: skip

    def _span(self, key: str, name: str, facts: dict[str, Any], *, whole: bool = False) -> Span:
        if not whole:
            self._place += 1
        at = self._start + self._place
        return Span(
            trace_id=trace_hex(self._raw), trace_id_raw=self._raw, span_id=span_hex(f"{self._raw}:{key}"),
            span_id_raw=f"{self._raw}:{key}", parent_span_id="" if whole else span_hex(f"{self._raw}:run"), name=name,
            start_ns=self._start if whole else at, end_ns=at, attributes=facts,
            resource={"service.name": "TradeArena"}, format=NAME, position=self._number + 1,
        )  # fmt: skip


def _figures(row: Mapping[str, Any], **names: str) -> dict[str, str]:
    """Return the figures of a row as texts of decimals under other names; what is no figure is left out."""
    return {name: str(row[key]) for name, key in names.items() if as_decimal(row.get(key)) is not None}
