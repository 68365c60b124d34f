"""A loop that stopped while its signal still moved, ran on after it had settled, or was stopped by a cap.

The twin tells neither what a step believed nor that a cap was hit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random

from plant import FAULTY, INNOCENT, UNTOLD, Plant
from planted._shift import Made, Shift, turns

SLUG = "convergence_gate_miscalibration"

_SYSTEM = ("You refine a thesis step by step. Say how likely it is after each step.",
           "Update your belief with each piece of evidence.", "You run an iterative research loop.")  # fmt: skip
_ASKS = ("Step {k}. New evidence:\n{s}\nUpdate your view of {t}.", "Here is what changed since the last pass:\n{s}",
         "Weigh this against your view of {t}: {s}", "Pass {k} on {c}. {s}")  # fmt: skip
_ACTIONS = (("buy", "sell", "hold"), ("BUY", "SELL", "HOLD"))

Told = Callable[[Shift, float], str]


def _json(shift: Shift, value: float) -> str:
    key = shift.chance.choice(("posterior", "probability", "belief"))
    return f'{{"{key}": {value}, "note": "{shift.story(1)}"}}'


def _fenced(shift: Shift, value: float) -> str:
    return f'{shift.story(1)}\n\n```json\n{{"symbol": "{shift.ticker}", "view": {{"probability": {value}}}}}\n```'


def _percent(shift: Shift, value: float) -> str:
    share = f"{value * 100:g}"
    return shift.chance.choice((
        f"{shift.story(2)} I put the probability that the thesis holds at {share} percent.",
        f"{shift.story(1)} My belief is now {share}%. {shift.story(1)}",
        f"Probability of the thesis: {share} %\n\n{shift.story(2)}",
    ))  # fmt: skip


def _labelled(shift: Shift, value: float) -> str:
    return shift.chance.choice((
        f"{shift.story(2)}\nconfidence: {value}", f"**Posterior:** {value}\n{shift.story(2)}",
        f"{shift.story(1)} Confidence = {value}. {shift.story(1)}",
    ))  # fmt: skip


def _table(shift: Shift, value: float) -> str:
    return f"| item | value |\n|---|---|\n| symbol | {shift.ticker} |\n| probability | {value} |\n\n{shift.story(1)}"


def _p_of(shift: Shift, value: float) -> str:
    return f"{shift.story(1)}\nP(thesis) = {value}\n{shift.story(1)}"


def _moved_to(shift: Shift, value: float) -> str:
    share = f"{value * 100:g}"
    return shift.chance.choice((f"That moves me to {share} percent on the thesis. {shift.story(1)}",
                                f"{shift.story(1)} I now hold the thesis with {share}% confidence.",
                                f"{shift.story(1)} I am {share}% sure that the thesis is right."))  # fmt: skip


def _inside(shift: Shift, value: float) -> str:
    return f'{{"symbol": "{shift.ticker}", "assessment": {{"belief": {value}, "drivers": ["{shift.story(1)}"]}}}}'


def _chinese(shift: Shift, value: float) -> str:
    return f"{shift.company}：需求稳定。概率：{value * 100:g}%。"


_WAYS: tuple[Told, ...] = (_json, _fenced, _percent, _labelled, _table, _p_of, _moved_to, _inside, _chinese)
_SHARES = {_percent, _moved_to, _chinese}


def _moves(chance: Random, count: int, *, least: float = 0.07, most: float = 0.16) -> list[float]:
    """Return a belief that moves at every step and stays between 0 and 1."""
    value, found = chance.uniform(0.4, 0.6), []
    for _ in range(count):
        found.append(round(value, 3))
        change = chance.uniform(least, most)
        value += change if (value < 0.5) == (chance.random() < 0.7) else -change
        if not 0.1 < value < 0.9:
            value = round(found[-1] + (change if found[-1] < 0.5 else -change), 3)
    return found


def _rests(chance: Random, start: float, count: int) -> list[float]:
    """Return further steps that hardly change, no two alike."""
    return [round(start + chance.choice((-1, 1)) * chance.uniform(0.001, 0.008), 4) for _ in range(count)]


def _plain(values: Sequence[float]) -> list[float]:
    return [round(value, 2) for value in values]


def _step(shift: Shift, number: int, output: str | None, *, posterior: float | None = None, **facts: object) -> Made:
    """Add one step of the loop: a research span with a call in it, asked as every step of this trace is."""
    name = f"step-{number}"
    shift.row("research", name, idea=shift.idea, step=number, **({} if posterior is None else {"posterior": posterior}))
    form = len(shift.company) + len(shift.ticker)
    asked = _ASKS[form % len(_ASKS)].format(k=number, s=shift.story(2), t=shift.ticker, c=shift.company)
    made = shift.call(parent=name, system=_SYSTEM[form % len(_SYSTEM)], messages=asked, output=output, **facts)
    shift.around(0, 2, parent=name)
    return made


def _attribute_steps(shift: Shift, values: Sequence[float]) -> None:
    for number, value in enumerate(values, 1):
        _step(shift, number, shift.story(2), posterior=value)


def _told_steps(shift: Shift, values: Sequence[float], told: Told) -> None:
    for number, value in enumerate(values, 1):
        _step(shift, number, told(shift, value))


def _moved_attribute(shift: Shift) -> str:
    values = _moves(shift.chance, shift.chance.randint(3, 6))
    _attribute_steps(shift, values)
    shift.decided(halt_reason="converged")
    return str(values[-1])


def _moved_in_words(shift: Shift) -> str:
    values = _plain(_moves(shift.chance, shift.chance.randint(3, 6)))
    told = shift.chance.choice(_WAYS)
    _told_steps(shift, values, told)
    shift.decided()
    return f"{values[-1] * 100:g}" if told in _SHARES else str(values[-1])


def _idled_attribute(shift: Shift) -> str:
    values = _moves(shift.chance, shift.chance.randint(2, 4))
    values += _rests(shift.chance, values[-1], shift.chance.randint(6, 10))
    _attribute_steps(shift, values)
    shift.decided(halt_reason="converged")
    return str(values[-1])


def _idled_in_words(shift: Shift) -> str:
    values = _plain(_moves(shift.chance, shift.chance.randint(2, 4)))
    rest = [round(values[-1] + (0.01 if number % 2 else 0), 2) for number in range(shift.chance.randint(6, 9))]
    told = shift.chance.choice(_WAYS)
    _told_steps(shift, values + rest, told)
    shift.decided()
    return f"{rest[-1] * 100:g}" if told in _SHARES else str(rest[-1])


def _view(shift: Shift, action: str) -> str:
    return shift.chance.choice((
        f'{{"action": "{action}", "why": "{shift.story(1)}"}}', f"{shift.story(2)}\n\nLeaning: {action}",
        f"Decision: {action}\n{shift.story(2)}", f"{shift.story(1)} Recommendation: {action}.",
    ))  # fmt: skip


def _turned_at_the_end(shift: Shift) -> str:
    first, last = shift.chance.sample(shift.chance.choice(_ACTIONS), 2)
    count = shift.chance.randint(3, 5)
    for number in range(1, count + 1):
        _step(shift, number, _view(shift, last if number == count else first))
    shift.decided(last.lower())
    return last


def _same_view_for_long(shift: Shift) -> str:
    action = shift.chance.choice(shift.chance.choice(_ACTIONS))
    for number in range(1, shift.chance.randint(8, 11)):
        _step(shift, number, _view(shift, action))
    shift.decided(action.lower())
    return action


def _calm(shift: Shift) -> list[float]:
    """Return a belief that moved and then came to rest."""
    values = _moves(shift.chance, shift.chance.randint(2, 4))
    return values + _rests(shift.chance, values[-1], 2)


def _halt_reason(shift: Shift) -> str:
    reason = shift.chance.choice(("max_steps", "budget"))
    _attribute_steps(shift, _calm(shift))
    shift.decided("hold", halt_reason=reason)
    return reason


def _cap_error(shift: Shift) -> str:
    kind, message, shown = shift.chance.choice((
        ("GraphRecursionError", "Recursion limit of {n} reached without a stop condition.", "Recursion limit of"),
        ("langgraph.errors.GraphRecursionError", "", "GraphRecursionError"),
        ("MaxTurnsExceeded", "Max turns ({n}) exceeded", "Max turns ("), ("MaxTurnsExceeded", "", "MaxTurnsExceeded"),
        ("UsageLimitExceeded", "The next request would exceed the request_limit of {n}", "UsageLimitExceeded"),
    ))  # fmt: skip
    for number in range(1, shift.chance.randint(3, 6)):
        _step(shift, number, shift.story(2))
    error = {"type": kind, "message": message.format(n=shift.chance.randrange(5, 60))}
    if shift.chance.random() < 0.5:
        shift.rows[0]["error"] = error
    else:
        shift.row("span", "agent loop", kind="AGENT", error=error)
    return shown


def _cap_in_words(shift: Shift) -> str:
    for number in range(1, shift.chance.randint(3, 6)):
        _step(shift, number, shift.story(2))
    why = shift.chance.choice(("iteration limit or time limit", "max iterations", "iteration limit"))
    said = f"Agent stopped due to {why}."
    _step(shift, 9, said)
    return "Agent stopped due to"


def _one_of_two(shift: Shift) -> str:
    # Two ideas, step by step in turn: one came to rest, the other did not.
    rests, moves = [0.4, 0.52, 0.53, 0.53], _moves(shift.chance, 4)
    for number in range(4):
        for idea, values in (("A", rests), ("B", moves)):
            name = f"step-{idea}-{number}"
            shift.row("research", name, idea=f"{shift.idea}-{idea}", step=number + 1, posterior=values[number])
            shift.call(parent=name, messages=shift.story(2), output=shift.story(1), idea=f"{shift.idea}-{idea}")
    return str(moves[-1])


_FAULTS: tuple[Callable[[Shift], str], ...] = (
    _moved_attribute, _moved_in_words, _idled_attribute, _idled_in_words, _turned_at_the_end, _same_view_for_long,
    _halt_reason, _cap_error, _cap_in_words, _moved_in_words, _idled_in_words,
    _one_of_two, _moved_in_words)  # fmt: skip


def _silent(rows: tuple[Made, ...]) -> tuple[Made, ...]:
    """Return the rows without beliefs, views, outputs and caps."""
    gone = {"posterior", "output", "halt_reason", "error", "confidence"}
    return tuple({key: value for key, value in row.items() if key not in gone} for row in rows)


def positives(chance: Random) -> Iterator[tuple[Plant, Plant]]:
    """Yield loops that ended too soon, too late, or at a cap."""
    for fault in turns(chance, _FAULTS):
        shift = Shift(chance)
        shift.around(0, 2)
        shown = fault(shift)
        rows, name = shift.done(), fault.__name__.strip("_")
        yield (
            Plant(wording=name, rows=rows, answers=FAULTY, fault=shown),
            Plant(wording=f"{name}, silent", rows=_silent(rows), answers=UNTOLD),
        )


def _settled(shift: Shift) -> None:
    _attribute_steps(shift, _calm(shift))
    shift.decided(halt_reason="converged")


def _settled_in_words(shift: Shift) -> None:
    values = _plain(_moves(shift.chance, shift.chance.randint(2, 4)))
    _told_steps(shift, [*values, round(values[-1] + 0.01, 2)], shift.chance.choice(_WAYS))
    shift.decided()


def _slows_down(shift: Shift) -> None:
    # The last change is below the line for a move, and no step was idle.
    values = _plain(_moves(shift.chance, shift.chance.randint(2, 4)))
    _told_steps(shift, [*values, round(values[-1] + 0.03, 2)], shift.chance.choice(_WAYS))


def _one_call(shift: Shift) -> None:
    shift.call(system=_SYSTEM[1], messages=shift.story(), output=shift.chance.choice(_WAYS)(shift, 0.62))
    shift.decided()


def _two_ideas(shift: Shift) -> None:
    """Two ideas far apart, step by step in turn; each came to rest."""
    low, high = [0.22, 0.31, 0.32, 0.325], [0.61, 0.74, 0.75, 0.755]
    for number in range(1, 5):
        for idea, values in (("A", low), ("B", high)):
            name = f"step-{idea}-{number}"
            shift.row("research", name, idea=f"{shift.idea}-{idea}", step=number, posterior=values[number - 1])
            shift.call(parent=name, messages=shift.story(2), output=shift.story(1), idea=f"{shift.idea}-{idea}")


def _watched_afterwards(shift: Shift) -> None:
    """Once the loop had ended, risk checks and monitors kept asking; they are no steps of it."""
    _attribute_steps(shift, _calm(shift))
    shift.decided(halt_reason="converged")
    for number in range(shift.chance.randint(6, 9)):
        if number % 2:
            watch = shift.row("monitor", note="thesis holds")["id"]
            shift.call(
                parent=watch, stage="execution", messages="Does the thesis hold?", output=f"confidence: 0.{number}3"
            )
        else:
            check = shift.row("risk_check", name="exposure", verdict="allow")["id"]
            shift.call(parent=check, stage="risk", messages="Any limit near?", output=f'{{"probability": 0.1{number}}}')


def _asked_again(shift: Shift) -> None:
    """Failed attempts of the same step in between are no steps."""
    values = _calm(shift)
    for number, value in enumerate(values, 1):
        name = f"step-{number}"
        shift.row("research", name, idea=shift.idea, step=number, posterior=value)
        asked = shift.story(2)
        for _ in range(shift.chance.randint(1, 3)):
            shift.failed("APITimeoutError", "Request timed out.", parent=name, messages=asked)
        shift.call(parent=name, messages=asked, output=shift.story(1))
    shift.decided(halt_reason="converged")


def _patient_house(shift: Shift) -> None:
    values = _moves(shift.chance, 3)
    _attribute_steps(shift, values + _rests(shift.chance, values[-1], 6))


def _limits_in_the_news(shift: Shift) -> None:
    # A document tells of limits that were reached; the loop met none.
    text = f"Talks stopped due to a time limit. The max turns of the auction were exceeded. {shift.story()}"
    found = {"id": "doc-cap", "title": f"{shift.company} hits a cap", "text": text}
    shift.row("retrieval", query=shift.company, documents=[found])
    _attribute_steps(shift, _calm(shift))


def _other_figures(shift: Shift) -> None:
    """Percentages of the business jump about; the belief beside them rests."""
    belief = shift.chance.choice((0.58, 0.64, 0.71))
    for number, value in enumerate((belief - 0.12, belief, belief + 0.01, belief + 0.01), 1):
        jump = shift.chance.randrange(3, 90)
        _step(shift, number, f"Revenue in {shift.said('{p}')} rose {jump} percent. confidence: {round(value, 2)}")


def _pipeline(shift: Shift) -> None:
    # Four agents, each asked once; that they differ is their purpose.
    for number, agent in enumerate(("bull", "bear", "macro", "chair")):
        shift.call(agent=f"{agent}_analyst", system=f"You argue as the {agent}.", messages=shift.story(2),
                   output=f"confidence: 0.{3 + number}5")  # fmt: skip
    shift.decided()


def _second_opinion(shift: Shift) -> None:
    asked = {"system": _SYSTEM[0], "messages": shift.story(2)}
    shift.call(**asked, output=_labelled(shift, 0.41))
    shift.call(model="another-model", **asked, output=_labelled(shift, 0.72))
    shift.decided()


def _many_items(shift: Shift) -> None:
    # The same simple work on one item after the other is no loop towards a belief.
    for _ in range(shift.chance.randint(7, 11)):
        shift.call(system="Classify the item. Answer with a label and a confidence.", messages=shift.story(1),
                   task="classification", output='{"label": "company", "confidence": 0.9}')  # fmt: skip
    shift.decided("hold")


_LOOK_ALIKES: tuple[Callable[[Shift], None], ...] = (
    _settled, _settled_in_words, _slows_down, _one_call, _two_ideas, _watched_afterwards, _asked_again, _patient_house,
    _limits_in_the_news, _other_figures, _pipeline, _second_opinion, _many_items)  # fmt: skip


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield loops that ended when they should, and what is no loop."""
    for look_alike in turns(chance, _LOOK_ALIKES):
        shift = Shift(chance)
        shift.around(0, 3)
        look_alike(shift)
        shift.around(0, 1)
        policy = {"settled_steps": 12} if look_alike is _patient_house else {}
        yield Plant(wording=look_alike.__name__.strip("_"), rows=shift.done(), answers=INNOCENT, policy=policy)
