"""Worked examples of a token overrun: plans on a root, an idea and an agent; the line itself; what is not known."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import TriggerCase
from afterbell.triggers.token_overrun.trigger import PLAN

_ONE = "0af7651916cd43dd8448eb211c80319c"
_TWO = "1bf7651916cd43dd8448eb211c80319d"


def _run(trace: str, planned: int | None = None, **more: Any) -> dict[str, Any]:
    attributes = {} if planned is None else {PLAN: planned}
    return {"type": "run", "trace": trace, "name": "research loop", "at": "2026-01-05T14:00:00Z",
            "until": "2026-01-05T14:30:00Z", "attributes": attributes} | more  # fmt: skip


def _call(trace: str, minute: int, tokens: dict[str, int] | None, **more: Any) -> dict[str, Any]:
    return {"type": "call", "trace": trace, "id": f"call-{trace[:4]}-{minute}", "parent": "run", "model": "model-a",
            "at": f"2026-01-05T14:{minute:02d}:00Z", "until": f"2026-01-05T14:{minute:02d}:30Z",
            **({} if tokens is None else {"tokens": tokens})} | more  # fmt: skip


def _idea(trace: str, planned: int | None = None) -> dict[str, Any]:
    attributes = {} if planned is None else {PLAN: planned}
    return {"type": "idea", "trace": trace, "id": f"idea-{trace[:4]}", "parent": "run", "idea": "IDEA-1",
            "at": "2026-01-05T14:00:00Z", "until": "2026-01-05T14:30:00Z", "attributes": attributes}  # fmt: skip


CASES = (
    TriggerCase(
        name="six times the plan",
        teaches="A loop planned at 50,000 tokens that used 300,000 fires.",
        fires=((f"trace:{_ONE}", "300000"),),
        given=(_run(_ONE, 50_000), _call(_ONE, 1, {"input": 180_000, "output": 20_000}),
               _call(_ONE, 2, {"input": 95_000, "output": 5_000})),
    ),
    TriggerCase(
        name="exactly five times",
        teaches="Five times or more: the line itself fires.",
        fires=((f"trace:{_ONE}", "250000"),),
        given=(_run(_ONE, 50_000), _call(_ONE, 1, {"input": 240_000, "output": 10_000})),
    ),
    TriggerCase(
        name="one token under five times",
        teaches="Under the line nothing fires.",
        fires=(),
        given=(_run(_ONE, 50_000), _call(_ONE, 1, {"input": 240_000, "output": 9_999})),
    ),
    TriggerCase(
        name="cached input and reasoning are inside",
        teaches="Cache reads are part of input and reasoning part of output; adding them again would fire wrongly.",
        fires=(),
        given=(_run(_ONE, 50_000),
               _call(_ONE, 1, {"input": 200_000, "output": 20_000, "cache_read": 150_000, "reasoning": 15_000})),
    ),
    TriggerCase(
        name="an idea worked on in two traces",
        teaches="A plan on the idea covers all its traces; neither alone was over five times.",
        fires=(("idea:IDEA-1", "260000"),),
        given=(_run(_ONE), _idea(_ONE, 50_000), _call(_ONE, 1, {"input": 130_000, "output": 10_000}),
               _run(_TWO), _idea(_TWO), _call(_TWO, 9, {"input": 110_000, "output": 10_000})),
    ),
    TriggerCase(
        name="a plan on an agent covers what runs below it",
        teaches="The analyst's subtree went over its own plan; the trace stayed under its.",
        fires=((f"trace:{_ONE} span:{'5f0e1c7a2b3d4e6f'}", "55000"),),
        given=(_run(_ONE, 50_000),
               {"type": "span", "trace": _ONE, "id": "5f0e1c7a2b3d4e6f", "parent": "run", "kind": "agent",
                "name": "news analyst", "at": "2026-01-05T14:00:00Z", "attributes": {PLAN: 10_000}},
               _call(_ONE, 1, {"input": 50_000, "output": 5_000}, parent="5f0e1c7a2b3d4e6f"),
               _call(_ONE, 2, {"input": 40_000, "output": 2_000})),
    ),
    TriggerCase(
        name="the policy is the plan where none is stated",
        teaches="`tokens_planned` of the policy holds per trace without a stated plan; a stated one beats it.",
        fires=((f"trace:{_TWO}", "60000"),),
        given=(_run(_ONE, 50_000), _call(_ONE, 1, {"input": 60_000, "output": 0}),
               _run(_TWO), _call(_TWO, 1, {"input": 60_000, "output": 0})),
        policy={"tokens_planned": 10_000},
    ),
    TriggerCase(
        name="calls without usage",
        teaches="One call reports no usage and the other stays under: unknown, said in a note, and nothing fires.",
        fires=(),
        given=(_run(_ONE, 50_000), _call(_ONE, 1, {"input": 90_000, "output": 1_000}), _call(_ONE, 2, None)),
    ),
    TriggerCase(
        name="over although a call is silent",
        teaches="What was reported is already over, so a silent call changes nothing.",
        fires=((f"trace:{_ONE}", "251000"),),
        given=(_run(_ONE, 50_000), _call(_ONE, 1, {"input": 250_000, "output": 1_000}), _call(_ONE, 2, None)),
    ),
)  # fmt: skip
