"""Worked examples of convergence gate miscalibration."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_QUESTION = "Judge whether SYNTHETIC_A will raise its guidance. Say your posterior."


def _step(number: int, posterior: Any, **more: Any) -> Row:
    return {"type": "research", "trace": "t", "id": f"s{number}", "idea": "idea-1", "step": number,
            "posterior": posterior, "at": f"2026-01-05T14:{number:02d}:00Z", "until": f"2026-01-05T14:{number:02d}:40Z",
            **more}  # fmt: skip


def _steps(*posteriors: Any) -> tuple[Row, ...]:
    return tuple(_step(number, value) for number, value in enumerate(posteriors, 1))


def _call(number: int, output: Any, **more: Any) -> Row:
    return {"type": "call", "trace": "t", "id": f"c{number}", "agent": "researcher", "model": "model-a",
            "at": f"2026-01-05T14:{number:02d}:05Z", "until": f"2026-01-05T14:{number:02d}:35Z", "messages": _QUESTION,
            "output": output, **more}  # fmt: skip


def _calls(*outputs: Any) -> tuple[Row, ...]:
    return tuple(_call(number, output) for number, output in enumerate(outputs, 1))


def _decision(**more: Any) -> Row:
    return {"type": "decision", "trace": "t", "id": "d", "idea": "idea-1", "action": "buy",
            "at": "2026-01-05T14:50:00Z", "until": "2026-01-05T14:50:01Z", **more}  # fmt: skip


CASES = (
    Case(
        name="halted while it moved",
        answer=Answer.YES,
        teaches="The last step moved the posterior by 0.09 and the loop called it converged.",
        given=(*_steps(0.50, 0.58, 0.64, 0.73), _decision(halt_reason="converged")),
        excerpt="0.73",
        figures={"halt": "moving", "last_change": "0.09"},
    ),
    Case(
        name="four steps too many",
        answer=Answer.YES,
        teaches="After 0.72 four more steps changed nothing that matters.",
        given=_steps(0.50, 0.64, 0.72, 0.72, 0.73, 0.73, 0.73),
        figures={"halt": "late", "settled_steps": 4, "steps": 7},
    ),
    Case(
        name="the recursion limit",
        answer=Answer.YES,
        teaches="A loop that its cap ended has no gate; the signal does not matter.",
        given=(
            *_calls("Looking further."),
            {"type": "run", "trace": "t", "id": "run", "at": "2026-01-05T14:00:00Z", "until": "2026-01-05T14:30:00Z",
             "error": {"type": "GraphRecursionError",
                       "message": "Recursion limit of 25 reached without hitting a stop condition."}},
        ),
        excerpt="Recursion limit of 25 reached",
        figures={"halt": "cap"},
    ),
    Case(
        name="halted by its budget",
        answer=Answer.YES,
        teaches="The decision says that the budget ended the loop.",
        given=(*_steps(0.50, 0.60, 0.61), _decision(halt_reason="budget")),
        excerpt="budget",
        figures={"halt": "cap"},
    ),
    Case(
        name="told in JSON",
        answer=Answer.YES,
        teaches="Where no posterior is recorded, the one in each step's output is the signal.",
        given=_calls('{"posterior": 0.40}', '{"posterior": 0.52}', '{"posterior": 0.60}'),
        excerpt='"posterior": 0.60',
        figures={"last_change": "0.08"},
    ),
    Case(
        name="told in prose",
        answer=Answer.YES,
        teaches="Five steps said 62 percent; four of them were not needed. Other percentages are no belief.",
        given=_calls(*["Margins rose 12 percent. I am 62 percent confident that guidance rises."] * 5),
        excerpt="62 percent confident",
        figures={"settled_steps": 4},
    ),
    Case(
        name="the decision turned at the last step",
        answer=Answer.YES,
        teaches="No probability anywhere: three steps leaned to hold, the last to buy, and there it stopped.",
        given=_calls("Recommendation: hold.", "Recommendation: hold.", "Recommendation: hold.", "Recommendation: buy."),
        excerpt="buy",
        figures={"halt": "moving"},
    ),
    Case(
        name="settled and stopped",
        answer=Answer.NO,
        teaches="The last change is 0.01, and only two steps ran after the signal had settled.",
        given=(*_steps(0.50, 0.62, 0.70, 0.71, 0.72), _decision(halt_reason="converged")),
        figures={"last_change": "0.01", "settled_steps": 2},
    ),
    Case(
        name="three settled steps",
        answer=Answer.NO,
        teaches="Three are one fewer than four; the last change of 0.00 is no move.",
        given=_steps(0.50, 0.70, 0.70, 0.70, 0.70),
        figures={"settled_steps": 3},
    ),
    Case(
        name="neither moving nor idle",
        answer=Answer.NO,
        teaches="A last change of 0.04 is below 0.05.",
        given=_steps(0.50, 0.58, 0.62),
        figures={"last_change": "0.04"},
    ),
    Case(
        name="monitoring and risk are no steps",
        answer=Answer.NO,
        teaches="The same words from calls that watch the position or check its risk are not the loop running on.",
        given=(
            *_calls('{"posterior": 0.60}', '{"posterior": 0.70}', '{"posterior": 0.71}'),
            *(_call(number, '{"posterior": 0.71}', stage="risk") for number in range(10, 16)),
        ),
        figures={"steps": 3},
    ),
    Case(
        name="retries are no steps",
        answer=Answer.NO,
        teaches="Failed calls between two steps do not make the loop longer.",
        given=(
            *_calls('{"posterior": 0.60}', '{"posterior": 0.62}'),
            *({key: value for key, value in _call(number, "", error={"type": "TimeoutError", "message": "timed out"})
               .items() if key != "output"} for number in range(3, 9)),
        ),
        figures={"steps": 2},
    ),
    Case(
        name="headlines one by one",
        answer=Answer.NA,
        teaches="A classifier that says bullish and then bearish has read two headlines, not changed its mind.",
        given=tuple(
            _call(number, word, agent="tagger", messages=f"Classify the headline as bullish or bearish.\n\nHeadline:"
                  f" {line}")
            for number, (word, line) in enumerate((("bullish", "SYNTHETIC_A raises guidance"),
                                                   ("bearish", "SYNTHETIC_B loses its largest customer")), 1)
        ),
    ),
    Case(
        name="one call",
        answer=Answer.NA,
        teaches="One prompt in, one answer out: no loop, no gate.",
        given=_calls('{"posterior": 0.60}'),
    ),
    Case(
        name="no signal kept",
        answer=Answer.UNKNOWN,
        teaches="Three steps ran and none of them says what it believed.",
        given=_calls("Read the filing.", "Read the transcript.", "Read the news."),
    ),
    Case(
        name="outputs not kept",
        answer=Answer.UNKNOWN,
        teaches="The steps are there and what they said is not.",
        given=tuple({key: value for key, value in row.items() if key != "output"} for row in _calls("", "", "")),
    ),
)  # fmt: skip
