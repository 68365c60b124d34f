"""Token overrun: runs that used five times their plan, and runs that only seem to when tokens are counted twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from plant import FAULTY, INNOCENT, UNTOLD, Plant
from planted._desk import Clock, Made, Newsroom, call, hexes, symbol

SLUG = "token_overrun"

_FACTOR = 5


class Loop:
    """A research loop in the making: a root, agents below it, calls with their usage, and where the plan stands."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.clock, self.news = chance, Clock(chance), Newsroom(chance)
        self.idea = f"IDEA-{hexes(chance, 6)}"
        self.planned = chance.randrange(20, 900) * 100
        self.rows: list[Made] = []
        self.policy: dict[str, Any] = {}
        self.trace = self.root()

    def root(self, **facts: Any) -> str:
        """Begin a trace of the idea and return its id."""
        trace = hexes(self.chance)
        self.rows.append({"type": "run", "trace": trace, "id": "run", "name": "research_loop", "at": self.clock(),
                          "until": self.clock(), "idea": self.idea, "symbol": symbol(self.chance)} | facts)  # fmt: skip
        return trace

    def agent(self, trace: str, name: str) -> str:
        """Begin an agent's span below the root and return its id."""
        self.rows.append({"type": "span", "trace": trace, "id": name, "parent": "run", "name": name, "kind": "AGENT",
                          "at": self.clock(), "until": self.clock(), "agent": name})  # fmt: skip
        return name

    def plan(self, trace: str, span: str, tokens: int) -> None:
        """State a plan on a span."""
        self.rows.append({"type": "budget", "trace": trace, "span": span, "at": self.clock(), "tokens_planned": tokens})

    def spend(self, trace: str, parent: str, total: int, calls: int = 0) -> list[Made]:
        """Use so many tokens in a few calls below a span."""
        calls = calls or self.chance.randrange(2, 7)
        cuts = sorted(self.chance.randrange(1, total) for _ in range(calls - 1))
        made = []
        for number, (low, high) in enumerate(zip([0, *cuts], [*cuts, total], strict=True)):
            used = high - low
            output = self.chance.randrange(0, used // 4 + 1)
            made.append(call(
                self.clock, trace, f"{parent}-call-{number}", parent, messages=self.news.told("What changed at {c}?"),
                output=self.news.told("Little changed at {c} since {m}."),
                tokens={"input": used - output, "output": output}))  # fmt: skip
        self.rows += made
        return made

    def over(self) -> int:
        """Return a use of five times the plan or more."""
        return _FACTOR * self.planned + self.chance.randrange(0, 3 * self.planned)

    def under(self) -> int:
        """Return a use that stays below five times the plan, often just below."""
        return _FACTOR * self.planned - self.chance.choice((1, 7, self.planned // 3, 2 * self.planned))


# ---- faults: each returns the figure that must be shown --------------------------------------------------------------


def _on_root(loop: Loop) -> str:
    used = loop.over()
    loop.plan(loop.trace, "run", loop.planned)
    loop.spend(loop.trace, "run", used)
    return str(used)


def _exactly(loop: Loop) -> str:
    loop.plan(loop.trace, "run", loop.planned)
    loop.spend(loop.trace, "run", _FACTOR * loop.planned)
    return str(_FACTOR * loop.planned)


def _on_idea(loop: Loop) -> str:
    """Spread the use over traces of one idea, none of which is over alone."""
    loop.rows.append({"type": "idea", "trace": loop.trace, "id": "idea", "parent": "run", "at": loop.clock(),
                      "until": loop.clock(), "idea": loop.idea})  # fmt: skip
    loop.plan(loop.trace, "idea", loop.planned)
    traces = [loop.trace, *(loop.root() for _ in range(loop.chance.randrange(1, 3)))]
    each = _FACTOR * loop.planned // len(traces) + loop.chance.randrange(1, 900)
    for trace in traces:
        loop.rows.append({"type": "research", "trace": trace, "id": "research", "parent": "run", "at": loop.clock(),
                          "until": loop.clock(), "idea": loop.idea})  # fmt: skip
        loop.spend(trace, "research", each)
    return str(each * len(traces))


def _on_agent(loop: Loop) -> str:
    """Let one agent overrun its own plan while the trace keeps to its larger one."""
    name = loop.agent(loop.trace, loop.chance.choice(("news_agent", "filings_agent", "screener")))
    used = loop.over()
    loop.plan(loop.trace, name, loop.planned)
    loop.plan(loop.trace, "run", 2 * used)
    loop.spend(loop.trace, name, used)
    loop.spend(loop.trace, "run", loop.chance.randrange(100, 5000))
    return str(used)


def _of_policy(loop: Loop) -> str:
    used = loop.over()
    loop.policy = {"tokens_planned": loop.planned}
    loop.spend(loop.trace, "run", used)
    return str(used)


def _of_strategy(loop: Loop) -> str:
    used = loop.over()
    loop.rows[0]["strategy"] = "slow_value"
    loop.rows.append({"type": "research", "trace": loop.trace, "id": "research", "parent": "run", "at": loop.clock(),
                      "until": loop.clock(), "idea": loop.idea, "strategy": "slow_value"})  # fmt: skip
    loop.policy = {"tokens_planned": 100 * used, "strategy": {"slow_value": {"tokens_planned": loop.planned}}}
    loop.spend(loop.trace, "research", used)
    return str(used)


def _some_silent(loop: Loop) -> str:
    """Let calls report nothing where the others are over already."""
    used = loop.over()
    loop.plan(loop.trace, "run", loop.planned)
    loop.spend(loop.trace, "run", used)
    loop.rows.append(call(loop.clock, loop.trace, "silent", "run", messages="Go on.", output="Done."))
    loop.rows[-1].pop("tokens")
    return str(used)


def _twice_told(loop: Loop) -> str:
    """Add the client's own span to each call: the tokens count once and are over all the same."""
    used = loop.over()
    loop.plan(loop.trace, "run", loop.planned)
    _doubled(loop, loop.spend(loop.trace, "run", used))
    return str(used)


def _doubled(loop: Loop, calls: Sequence[Made]) -> None:
    for each in calls:
        bare = {key: value for key, value in each.items() if key not in {"messages", "output"}}
        loop.rows.append(bare | {"id": f"{each['id']}-client", "parent": each["id"]})


_FAULTS: Sequence[tuple[str, Callable[[Loop], str]]] = (
    ("a plan on the root", _on_root),
    ("exactly five times the plan", _exactly),
    ("a plan on the idea, spent by several traces", _on_idea),
    ("a plan on an agent's span", _on_agent),
    ("a plan of the policy", _of_policy),
    ("a plan of the strategy's policy", _of_strategy),
    ("over although calls are silent", _some_silent),
    ("over with every call told by two spans", _twice_told),
)


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield runs over five times their plan, each with the run whose calls report too little to tell."""
    while True:
        for wording, fault in _FAULTS:
            loop = Loop(chance)
            shown = fault(loop)
            yield (
                Plant(wording=wording, rows=tuple(loop.rows), answers=FAULTY, fault=shown, policy=loop.policy),
                Plant(wording=wording, rows=_untold(chance, loop), answers=UNTOLD, policy=loop.policy),
            )


def _untold(chance: Random, loop: Loop) -> tuple[Made, ...]:
    """Return the rows with the usage of all calls, or of all but the smallest, left out."""
    calls = [row for row in loop.rows if row["type"] == "call" and "tokens" in row]
    least = min(calls, key=lambda row: sum(row["tokens"].values()))
    kept = least["response_id"] if chance.choice((True, False)) else ""
    return tuple(row if row["type"] != "call" or row["response_id"] == kept else
                 {key: value for key, value in row.items() if key != "tokens"} for row in loop.rows)  # fmt: skip


# ---- look-alikes -----------------------------------------------------------------------------------------------------


def _below(loop: Loop) -> None:
    loop.plan(loop.trace, "run", loop.planned)
    loop.spend(loop.trace, "run", loop.under())


def _counted_twice(loop: Loop) -> None:
    loop.plan(loop.trace, "run", loop.planned)
    _doubled(loop, loop.spend(loop.trace, "run", loop.under()))


def _rolled_up(loop: Loop) -> None:
    """Let an agent's span repeat the sum of the calls below it."""
    name = loop.agent(loop.trace, "analyst")
    used = loop.under()
    loop.plan(loop.trace, "run", loop.planned)
    loop.spend(loop.trace, name, used)
    row = next(row for row in loop.rows if row.get("id") == name)
    row["attributes"] = {"gen_ai.usage.input_tokens": used - 10, "gen_ai.usage.output_tokens": 10}


def _cached(loop: Loop) -> None:
    """Let most input come from a cache, which the input includes, and most output be reasoning."""
    loop.plan(loop.trace, "run", loop.planned)
    for each in loop.spend(loop.trace, "run", loop.under()):
        tokens = each["tokens"]
        tokens |= {"cache_read": tokens["input"] * 9 // 10, "reasoning": tokens["output"] * 8 // 10}


def _stated_wins(loop: Loop) -> None:
    """State a plan that is larger than the policy's."""
    loop.plan(loop.trace, "run", loop.planned)
    loop.policy = {"tokens_planned": max(1, loop.planned // 10)}
    loop.spend(loop.trace, "run", loop.under())


def _failed(loop: Loop) -> None:
    """Let calls fail, which use nothing and report nothing."""
    loop.plan(loop.trace, "run", loop.planned)
    loop.spend(loop.trace, "run", loop.under())
    for number in range(loop.chance.randrange(1, 4)):
        row = call(loop.clock, loop.trace, f"failed-{number}", "run", messages="Go on.")
        for key in ("tokens", "answered", "response_id", "finish"):
            row.pop(key)
        loop.rows.append(row | {"error": {"type": "APITimeoutError", "message": "timed out"}})


def _other_ideas(loop: Loop) -> None:
    """Let traces of several ideas each keep to a plan that together they would overrun."""
    for _ in range(loop.chance.randrange(2, 4)):
        loop.idea = f"IDEA-{hexes(loop.chance, 6)}"
        trace = loop.root()
        loop.plan(trace, "run", loop.planned)
        loop.spend(trace, "run", loop.under())
    loop.rows.pop(0)


def _beside_the_agent(loop: Loop) -> None:
    """Spend much, but not below the agent whose plan is small."""
    name = loop.agent(loop.trace, "summariser")
    loop.plan(loop.trace, name, loop.planned)
    loop.plan(loop.trace, "run", 20 * loop.planned)
    loop.spend(loop.trace, name, loop.under())
    loop.spend(loop.trace, "run", 9 * loop.planned)


def _raised(loop: Loop) -> None:
    loop.policy = {"token_overrun_factor": 12}
    loop.plan(loop.trace, "run", loop.planned)
    loop.spend(loop.trace, "run", 6 * loop.planned)


_ALIKE: Sequence[tuple[str, Callable[[Loop], None]]] = (
    ("below five times the plan", _below),
    ("every call told by two spans", _counted_twice),
    ("an agent's span repeats the sum", _rolled_up),
    ("cached input and reasoning are parts", _cached),
    ("a stated plan beats the policy's", _stated_wins),
    ("failed calls report nothing", _failed),
    ("traces of several ideas", _other_ideas),
    ("spent beside the agent that has the plan", _beside_the_agent),
    ("a policy with a larger factor", _raised),
)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield runs that keep below five times their plan."""
    while True:
        for wording, change in _ALIKE:
            loop = Loop(chance)
            change(loop)
            yield Plant(wording=wording, rows=tuple(loop.rows), answers=INNOCENT, policy=loop.policy)
