"""TradingAgents' message log (message_tool.log): a line each for what its command line showed of messages and tools.

`HH:MM:SS [Kind] text`; several runs may follow each other, each from its "Selected ticker" on. A run becomes a trace in
the words of `tradingagents_runs`: a model call for each answer, a tool step for each result, the debaters as agents,
and the decision of the portfolio manager. A run without "Completed analysis" never ended.

What the log leaves open is settled thus. Line ends are gone from the texts. Times have no date: they are read as on the
analysis date, in UTC, with a remark. Earlier versions call every message "Reasoning": after tool calls the next one is
the result of the last of them (only the last was logged), "Continue" and the bare ticker are prompts, anything else an
answer; a text that the run has logged before is one message shown again. Call ids are line numbers. Prompts of the
system, definitions, tokens and models are never there. Arguments stand unquoted, so they are texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from msgspec import structs

from afterbell.formats import bounded
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_text
from afterbell.formats.stamps import stamp
from afterbell.model.trace import Refusal, Span, span_hex, trace_hex

NAME = "tradingagents-log"
TITLE = "TradingAgents message logs (message_tool.log)"
UNIT = Unit.STREAM
RANK = 40

_P = "tradingagents."
_LINE = re.compile(r"(\d\d):(\d\d):(\d\d) \[([A-Z][A-Za-z ]{1,20})\] ?(.*)", re.ASCII | re.DOTALL)
_CALL, _RESULT, _NOTES = "Tool Call", "Data", ("System", "Analysis")
_ASKED, _SAID, _EITHER = ("User", "Control"), "Agent", "Reasoning"
_KINDS = frozenset({_CALL, _RESULT, *_NOTES, *_ASKED, _SAID, _EITHER})
_NOTE = re.compile(r"(Selected ticker|Analysis date|Selected analysts): ?(.{0,200})")
_DONE = "Completed analysis"
_CALLED = re.compile(r"([A-Za-z_][\w.-]{0,120})\((.*)\)\s*\Z", re.DOTALL)
_NEXT_ARGUMENT = re.compile(r", (?=[A-Za-z_]\w{0,60}=)")
_AGENT = re.compile(
    r"((?:Bull|Bear) Researcher|(?:Risky|Safe|Neutral|Aggressive|Conservative) Analyst|Research Manager|Trader|"
    r"Portfolio Manager|Risk Judge): "
)
_DECIDES = ("Portfolio Manager", "Risk Judge")
_ACTION = re.compile(r"(?:FINAL TRANSACTION PROPOSAL|Recommendation):\s{0,3}\*{0,2}(BUY|SELL|HOLD)\b", re.IGNORECASE)
_FIRST, _FEWEST = 8, 3
_LONGEST = 16 * 1024 * 1024
_SECOND, _DAY = 10**9, 86_400
_BACK = 43_200  # seconds: a clock that goes back by more than half a day has passed midnight


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first lines are those of a message log."""
    lines = [line for line in head.decode("utf-8", "replace").split("\n")[: _FIRST + 1] if line.strip()][:_FIRST]
    found = [hit for line in lines if (hit := _LINE.match(line)) and hit[4] in _KINDS]
    ours = any(hit[4] == _CALL or _NOTE.match(hit[5]) for hit in found)
    return ours and len(found) == len(lines) >= _FEWEST


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the runs into spans; lines of another form are refused by number."""
    run: _Run | None = None
    dated = False
    for number, (raw, whole) in enumerate(bounded.lines(stream, _LONGEST), 1):
        text = raw.decode("utf-8", "replace").rstrip("\r\n")
        if not text.strip():
            continue
        hit = _LINE.match(text)
        if hit is None or hit[4] not in _KINDS:
            yield Refusal(where=f"line {number}", why="no line of a message log: HH:MM:SS [Kind] text")
            continue
        if not whole:
            why = f"longer than {_LONGEST // 2**20} MiB: its beginning is read"
            yield Refusal(where=f"line {number}", why=why, taken=True)
        elif not raw.endswith(b"\n"):
            yield Refusal(where=f"line {number}", why="the file ends inside this line", taken=True)
        second = int(hit[1]) * 3600 + int(hit[2]) * 60 + int(hit[3])
        note = _NOTE.match(hit[5]) if hit[4] in _NOTES else None
        if run is None or (note and note[1] == "Selected ticker"):
            yield from run.ended() if run else ()
            run = _Run(second, number)
        yield from run.line(hit[4], hit[5], second, number)
        dated = dated or run.day != ""
    if run is None:
        yield Refusal(where="the file", why="no line holds anything")
        return
    yield from run.ended()
    when = "as on the analysis date, in UTC" if dated else "as an order only: no analysis date is stated"
    yield Refusal(where="times", why=f"they name no date and no zone, and are read {when}", taken=True)


class _Run:
    """One run as far as it was read. Spans come out when their last line is known."""

    def __init__(self, second: int, number: int) -> None:
        self.day = ""
        self._symbol = ""
        self._began, self._last, self._midnights = second, second, 0
        self._line = number
        self._facts: dict[str, str] = {}
        self._done = False
        self._place = 0
        self._shown: set[int] = set()
        self._repeats = 0
        self._new: list[dict[str, Any]] = []
        self._answer: dict[str, Any] | None = None
        self._answered = (0, 0)
        self._results: list[tuple[str, int]] = []
        self._agents: set[str] = set()
        self._decided: tuple[str, int] | None = None

    def line(self, kind: str, text: str, second: int, number: int) -> Iterator[Item]:
        """Take one line; yield what it completes."""
        self._midnights += self._last - second > _BACK
        self._last = second
        if kind in _NOTES:
            self._note(text)
        elif kind == _CALL:
            yield from self._flush() if self._results else ()
            self._call(text, number)
        elif kind == _RESULT or (kind == _EITHER and self._asking and not self._results):
            self._results.append((text, number))
        elif kind in _ASKED or (kind == _EITHER and text.strip() in ("Continue", self._symbol)):
            yield from self._flush()
            if text.strip() != "Continue":
                self._new.append({"role": "user", "content": text})
        elif text.strip() and hash(text) in self._shown:
            self._repeats += 1
        else:
            yield from self._flush()
            self._shown.add(hash(text))
            self._answer = {"role": "assistant", "content": text}
            self._answered = self._at(), number

    @property
    def _asking(self) -> bool:
        return self._answer is not None and bool(self._answer.get("tool_calls"))

    def _note(self, text: str) -> None:
        self._done = self._done or text.startswith(_DONE)
        if hit := _NOTE.match(text):
            value = hit[2].strip()
            if hit[1] == "Selected ticker":
                self._symbol = value
            elif hit[1] == "Analysis date":
                self.day = value
            else:
                self._facts[f"{_P}selected_analysts"] = value

    def _call(self, text: str, number: int) -> None:
        if self._answer is None:
            self._answer, self._answered = {"role": "assistant", "content": ""}, (self._at(), number)
        hit = _CALLED.match(text)
        given = (piece.partition("=") for piece in _NEXT_ARGUMENT.split(hit[2]) if piece) if hit else ()
        self._answer.setdefault("tool_calls", []).append({
            "id": f"line {number}", "name": hit[1] if hit else text[:120],
            "arguments": {name: value for name, _sign, value in given},
        })  # fmt: skip

    def _flush(self) -> Iterator[Item]:
        """Yield the answer that is complete now and the results that came after it."""
        answer, results = self._answer, self._results
        self._answer, self._results = None, []
        calls: list[dict[str, Any]] = []
        if answer is not None and (answer["content"].strip() or answer.get("tool_calls")):
            at, number = self._answered
            calls = answer.get("tool_calls") or []
            agent = hit[1] if (hit := _AGENT.match(answer["content"])) else ""
            if agent in _DECIDES:
                self._decided = answer["content"], number
            facts = {f"{_P}input": as_text(self._new), f"{_P}output": as_text([answer])}
            yield from self._agent(agent, at, number)
            yield self._span("model call", at, number, facts, parent=agent or "run")
            self._new = []
        # Where fewer results were logged than tools were called, they are those of the last calls.
        named = [*({},) * (len(results) - len(calls)), *calls][-len(results) :] if results else []
        for (text, number), call in zip(results, named, strict=True):
            identity = {"tool_call_id": call["id"]} if call else {}
            self._new.append({"role": "tool", "content": text, **identity})
            told = {"tool": call.get("name", ""), "result": text, **identity}
            yield self._span("tool result", self._at(), number, {_P + key: value for key, value in told.items()})

    def _agent(self, name: str, at: int, number: int) -> Iterator[Item]:
        if name and name not in self._agents:
            self._agents.add(name)
            yield self._span(name, at, number, {f"{_P}agent": name}, own=name)

    def ended(self) -> Iterator[Item]:
        """Yield what is left: the last answer, the decision, the run itself, and what was met again."""
        yield from self._flush()
        lifted = {"trading.symbol": self._symbol} if self._symbol else {}
        if self._decided:
            text, number = self._decided
            hits = _ACTION.findall(text)
            action = {"trading.decision.action": hits[-1].lower()} if hits else {}
            yield self._span("trading.decision", self._at(), number, lifted | action | {
                "trading.decision.reason": text, "trading.decision.data_asof": self.day,
            })  # fmt: skip
        facts = {f"{_P}company_of_interest": self._symbol, f"{_P}trade_date": self.day, **self._facts, **lifted}
        title = f"TradingAgents {self._symbol} {self.day}".strip()
        root = self._span(title, self._at(), self._line, facts, own="run", parent="")
        began = self._time(self._began)
        yield structs.replace(root, start_ns=began, end_ns=root.start_ns if self._done else 0)
        if self._repeats:
            why = f"the run that begins here shows messages again on {self._repeats} lines: each counts once"
            yield Refusal(where=f"line {self._line}", why=why, taken=True)

    def _at(self) -> int:
        """Return the moment of the line under way; those of one second stand a nanosecond apart, in their order."""
        self._place += 1
        return self._time(self._last + self._midnights * _DAY) + self._place

    def _time(self, second: int) -> int:
        return (stamp(f"{self.day}T00:00:00Z") if self.day else 0) + second * _SECOND

    def _span(
        self, name: str, at: int, number: int, facts: dict[str, Any], *, own: str = "", parent: str = "run"
    ) -> Span:  # fmt: skip
        raw = f"TradingAgents log/{self._symbol}/{self.day}/{self._began}"
        mine = f"{raw}:{own or f'{number} {name}'}"
        return Span(
            trace_id=trace_hex(raw), trace_id_raw=raw, span_id=span_hex(mine), span_id_raw=mine,
            parent_span_id=span_hex(f"{raw}:{parent}") if parent else "", name=name, start_ns=at, end_ns=at,
            attributes=facts, resource={"service.name": "TradingAgents"}, format=NAME, position=number,
        )  # fmt: skip
