"""Calibrators whose model has changed, or whose probabilities stopped coming true; and calibrators that still hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from math import floor
from random import Random
from typing import Any

from msgspec import structs

from plant import FAULTY, INNOCENT, UNTOLD, Plant, Row
from planted._days import Made, Run, identifier, moment, notes, stamp, ticker, turns

SLUG = "calibration_drift"
Pair = tuple[Plant, Plant]
FAMILIES = (
    ("gpt-5", ("gpt-5-2025-08-07", "gpt-5-2025-11-13"), "gpt-5.1", "openai"),
    ("gpt-4.1", ("gpt-4.1-2025-04-14", "gpt-4.1-2025-09-02"), "gpt-4o", "openai"),
    ("claude-sonnet-4-5", ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5-20251115"), "claude-opus-4-1", "anthropic"),
    ("gemini-2.5-pro", ("gemini-2.5-pro-002", "gemini-2.5-pro-003"), "gemini-2.5-flash", "gcp.gemini"),
    (
        "house-forecaster",
        ("house-forecaster-2025-03-01", "house-forecaster-2025-10-01"),
        "house-forecaster-lite",
        "acme",
    ),
)


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield changed models and probabilities gone wrong; the twins lack calibrator, names of models, or outcomes."""
    for make in turns(chance, (
        _other_model, _calibrator_in_book, _new_snapshot, _fallback_answers, _only_the_last_call,
        _shifted, _overconfident, _flat, _one_bucket, _book_without_model, _posterior_of_a_step,
    )):  # fmt: skip
        yield make(chance)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield calibrators that fit: the same model in other words, retrained in time, or with fair outcomes."""
    for make in turns(chance, (
        _same_model, _same_in_other_words, _retrained, _other_call_changed, _noise, _few_pairs, _narrow,
        _no_probability, _retry_on_same, _only_spoken_of, _name_of_a_cloud, _latest,
    )):  # fmt: skip
        yield make(chance)


class _Desk:
    """One run that ends in a probability, and the names and times around it."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.alias, self.snapshots, self.other, self.provider = chance.choice(FAMILIES)
        self.symbol = ticker(chance)
        self.run = Run(chance, moment(chance), symbol=self.symbol, idea=identifier(chance, "IDEA"))
        self.run.provider, self.run.model, self.run.answered = self.provider, self.alias, self.snapshots[0]
        self.trained = self.run.at - timedelta(days=chance.randint(20, 90), minutes=chance.randint(0, 999))
        self.version = chance.choice(("cal-", "iso-v", "platt-", "")) + str(chance.randint(2, 40))
        self.probability = round(chance.uniform(0.08, 0.93), chance.choice((2, 2, 3)))
        self.run.task(self.symbol)
        self.run.browse(self.symbol, 0, 3)

    def conclude(self, answered: str, model: str = "", **facts: Any) -> None:
        """Let the model state a probability, and record the decision that rests on it."""
        run, p = self.run, self.probability
        said: Any = self.chance.choice((
            f'{{"action": "buy", "probability": {p}, "symbol": "{self.symbol}"}}',
            f"{notes(self.chance, 1)}\nProbability that the outlook is met: {p}",
            f"I put the probability at {p}. {notes(self.chance, 1)}",
        ))  # fmt: skip
        run.call(said, model=model or self.alias, answered=answered)
        row = run.row("decision", decision=identifier(self.chance, "DEC"), action=self.chance.choice(("hold", "skip")),
                      confidence=p, calibrated_probability=p)  # fmt: skip
        row["trading.decision.calibrator.version"] = self.version
        row.update(facts)

    def calibrated(self, model: str) -> dict[str, Any]:
        """Return what a decision says of its calibrator."""
        return {
            "trading.decision.calibrator.trained_at": stamp(self.trained),
            "trading.decision.calibrator.model": model,
        }

    def book(self, *rows: tuple[datetime, str, str]) -> tuple[Row, ...]:
        """Return the book of calibrators: when trained, version, model."""
        return tuple({"calibrator_version": version, "trained_at": stamp(at), "model": model, "method": "isotonic",
                      "pairs": self.chance.randint(200, 900)} for at, version, model in rows)  # fmt: skip

    def forecasts(
        self, model: str, count: int, until: datetime, truth: Callable[[float], float],
        spread: tuple[float, float] = (0.06, 0.94), version: str = "",
    ) -> list[Made]:  # fmt: skip
        """Return resolved forecasts, one every half day up to `until`; p comes true in `truth(p)` of the cases.

        Outcomes are drawn systematically: every stretch of p holds its fair share of them, without chance's swings.
        """
        low, high = spread
        stated = sorted(round(low + (high - low) * (k + self.chance.random()) / count, 3) for k in range(count))
        total, drawn = self.chance.random(), []
        for p in stated:
            before, total = total, total + truth(p)
            drawn.append((p, int(floor(total) > floor(before))))
        self.chance.shuffle(drawn)
        start = until - timedelta(hours=12 * count)
        return [
            {"forecast_id": identifier(self.chance, "F"), "made_at": stamp(start + timedelta(hours=12 * k)),
             "symbol": ticker(self.chance), "model": model, "calibrator_version": version or self.version,
             "probability": f"{p:.3f}", "outcome": outcome,
             "resolved_at": stamp(start + timedelta(hours=12 * k + 9))}
            for k, (p, outcome) in enumerate(drawn)
        ]  # fmt: skip


def _fair(p: float) -> float:
    return p


def _open(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple({key: value for key, value in row.items() if key not in {"outcome", "resolved_at"}} for row in rows)


def _untold(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows without a word about who the calibrator was trained for."""
    return tuple({key: value for key, value in row.items() if ".calibrator." not in key} for row in rows)


def _unanswered(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows without the names of models."""
    return tuple({key: value for key, value in row.items() if key not in {"answered", "model"}}
                 if row["type"] == "call" else row for row in rows)  # fmt: skip


def _pair(desk: _Desk, wording: str, fault: str, books: dict[str, tuple[Row, ...]] | None = None,
          kin: tuple[Row, ...] = ()) -> Pair:  # fmt: skip
    rows = (*desk.run.told(), *kin)
    fall = Plant(wording=wording, rows=rows, answers=FAULTY, fault=fault, books=books or {}, trace=desk.run.trace)
    if books and "forecasts" in books:
        kept = {**books, "forecasts": _open(books["forecasts"])}
        return fall, structs.replace(fall, answers=UNTOLD, fault="", books=kept)
    blind = _unanswered(rows) if desk.chance.random() < 0.5 else _untold(rows)
    return fall, structs.replace(fall, rows=blind, answers=UNTOLD, fault="", books={})


def _other_model(chance: Random) -> Pair:
    desk = _Desk(chance)
    desk.conclude(desk.snapshots[0], **desk.calibrated(desk.other))
    return _pair(desk, "the decision names a calibrator of another model", desk.snapshots[0])


def _calibrator_in_book(chance: Random) -> Pair:
    desk = _Desk(chance)
    desk.conclude(desk.other, desk.other)
    rows = desk.book(
        (desk.trained - timedelta(days=200), "old-1", desk.other), (desk.trained, desk.version, desk.alias)
    )
    return _pair(desk, "the book of calibrators names another model", desk.other, {"calibrators": rows})


def _new_snapshot(chance: Random) -> Pair:
    desk = _Desk(chance)
    old, new = desk.snapshots
    desk.conclude(new, **desk.calibrated(desk.alias))
    earlier = Run(chance, desk.trained - timedelta(days=chance.randint(1, 9)), symbol=ticker(chance))
    earlier.provider, earlier.model, earlier.answered = desk.provider, desk.alias, old
    earlier.task(desk.symbol)
    earlier.browse(desk.symbol, 1, 3)
    earlier.call(f'{{"probability": {desk.probability}}}')
    return _pair(desk, "one alias, answered by a newer snapshot than before training", new, kin=earlier.told())


def _fallback_answers(chance: Random) -> Pair:
    desk = _Desk(chance)
    desk.run.call(None, error={"type": "RateLimitError", "message": "Error code: 429"})
    facts = {"trading.llm.fallback.from_model": desk.alias, "trading.llm.fallback.to_model": desk.other}
    desk.conclude(desk.other, **desk.calibrated(desk.alias))
    call = [row for row in desk.run.rows if row["type"] == "call"][-1]
    call.update(facts)
    rows = desk.run.told()
    pair = _pair(desk, "a fallback gives the probability", desk.other)
    blind = tuple({key: value for key, value in row.items() if not key.startswith("trading.llm.fallback")}
                  for row in _untold(rows))  # fmt: skip
    return pair[0], structs.replace(pair[1], rows=blind)


def _only_the_last_call(chance: Random) -> Pair:
    desk = _Desk(chance)
    desk.run.call(f"Summary. {notes(chance)}", task="summary")
    desk.conclude(desk.other, desk.other, **desk.calibrated(desk.alias))
    desk.run.call("Filed.", task="summary")
    return _pair(desk, "research by the trained model, the probability by another", desk.other)


def _changed(desk: _Desk, count: int, truth: Callable[[float], float],
             trained_after: bool = True) -> dict[str, tuple[Row, ...]]:  # fmt: skip
    """Return books of a change of model, with a calibrator retrained for the new model after it."""
    change = desk.run.at - timedelta(hours=12 * count + 5)
    before = desk.forecasts(desk.other, count, change, _fair, version="cal-0")
    after = desk.forecasts(desk.alias, count, desk.run.at - timedelta(hours=3), truth)
    trained = change + timedelta(hours=2) if trained_after else change - timedelta(days=3)
    rows = desk.book((change - timedelta(days=300), "cal-0", desk.other), (trained, desk.version, desk.alias))
    return {"calibrators": rows, "forecasts": (*before, *after)}


def _shifted(chance: Random) -> Pair:
    desk = _Desk(chance)
    desk.conclude(desk.snapshots[0])
    shift = chance.choice((-0.32, 0.32))
    books = _changed(desk, chance.randint(110, 160), lambda p: min(0.97, max(0.03, p + shift)))
    return _pair(desk, "after the change of model every probability is off to one side", "0.", books)


def _overconfident(chance: Random) -> Pair:
    desk = _Desk(chance)
    desk.conclude(desk.snapshots[0])
    books = _changed(desk, chance.randint(120, 180), lambda p: 0.5 + 0.12 * (p - 0.5))
    return _pair(desk, "after the change of model high and low probabilities come true alike", "0.", books)


def _flat(chance: Random) -> Pair:
    desk = _Desk(chance)
    desk.conclude(desk.snapshots[0])
    rate = chance.uniform(0.4, 0.6)
    rows = desk.forecasts(desk.alias, chance.randint(70, 160), desk.run.at - timedelta(hours=2), lambda _p: rate)
    books = {"calibrators": desk.book((desk.trained - timedelta(days=120), desk.version, desk.alias)),
             "forecasts": tuple(rows)}  # fmt: skip
    return _pair(desk, "one model whose probabilities say nothing", "0.", books)


def _one_bucket(chance: Random) -> Pair:
    desk = _Desk(chance)
    desk.conclude(desk.snapshots[0])
    low = chance.choice((0.6, 0.7, 0.8))
    books = _changed(desk, 260, lambda p: 0.08 if low <= p < low + 0.1 else p)
    return _pair(desk, "after the change of model one bucket fails", str(low)[:3], books)


def _book_without_model(chance: Random) -> Pair:
    desk = _Desk(chance)
    desk.conclude(desk.snapshots[0])
    rows = tuple({**row, "model": ""} for row in desk.book((desk.trained, desk.version, "")))
    before = desk.forecasts(desk.other, 30, desk.trained - timedelta(hours=1), _fair)
    after = desk.forecasts(desk.alias, 12, desk.run.at - timedelta(hours=1), _fair)
    after = [row for row in after if row["made_at"] > stamp(desk.trained)]
    fall, twin = _pair(desk, "the forecasts show which model answered at training", desk.snapshots[0],
                       {"calibrators": rows, "forecasts": (*before, *after)})  # fmt: skip
    return fall, structs.replace(twin, books={"calibrators": rows})


def _posterior_of_a_step(chance: Random) -> Pair:
    desk = _Desk(chance)
    span = desk.run.open("research", idea=desk.run.root["idea"], step=1, posterior=desk.probability)
    desk.run.call(f"The evidence moved me. {notes(chance)}", model=desk.other, answered=desk.other, under=span)
    desk.run.shut(span)
    facts = desk.calibrated(desk.alias)
    desk.run.row("decision", decision=identifier(chance, "DEC"), action="hold", **facts)
    return _pair(desk, "the posterior of a research step", desk.other)


def _fitting(desk: _Desk, count: int = 90) -> dict[str, tuple[Row, ...]]:
    rows = desk.forecasts(desk.alias, count, desk.run.at - timedelta(hours=2), _fair)
    trained = desk.run.at - timedelta(hours=12 * count + 40)
    return {"calibrators": desk.book((trained, desk.version, desk.alias)), "forecasts": tuple(rows)}


def _plant(desk: _Desk, wording: str, books: dict[str, tuple[Row, ...]] | None = None, untold: bool = False) -> Plant:
    return Plant(wording=wording, rows=desk.run.told(), books=books or {}, answers=UNTOLD if untold else INNOCENT)


def _same_model(chance: Random) -> Plant:
    desk = _Desk(chance)
    desk.conclude(desk.snapshots[0], desk.snapshots[0])
    books = _fitting(desk)
    books["calibrators"] = tuple({**row, "model": desk.snapshots[0]} for row in books["calibrators"])
    return _plant(desk, "trained for the model that answers", books)


def _same_in_other_words(chance: Random) -> Plant:
    desk = _Desk(chance)
    books = _fitting(desk)
    written = chance.choice((desk.alias.upper(), f"{desk.provider}/{desk.alias}", desk.alias.replace("-", "_")))
    books["calibrators"] = tuple({**row, "model": written} for row in books["calibrators"])
    desk.conclude(desk.snapshots[0])
    return _plant(desk, "the same model with provider, case or separators", books)


def _retrained(chance: Random) -> Plant:
    desk = _Desk(chance)
    desk.conclude(desk.snapshots[0])
    books = _changed(desk, chance.randint(60, 130), _fair)
    return _plant(desk, "retrained after the change, and fair on both sides", books)


def _other_call_changed(chance: Random) -> Plant:
    desk = _Desk(chance)
    desk.run.call(f"Summary: {notes(chance)}", model=desk.other, answered=desk.other, task="summary")
    desk.conclude(desk.snapshots[0])
    desk.run.call("The memo is filed.", model=desk.other, answered=desk.other, task="summary")
    return _plant(desk, "another model writes summaries only", _fitting(desk))


def _noise(chance: Random) -> Plant:
    desk = _Desk(chance)
    desk.conclude(desk.snapshots[0])
    shift = chance.uniform(-0.04, 0.04)
    books = _changed(desk, chance.randint(55, 120), lambda p: min(0.99, max(0.01, p + shift)))
    return _plant(desk, "a small wobble after the change", books)


def _few_pairs(chance: Random) -> Plant:
    desk = _Desk(chance)
    desk.conclude(desk.snapshots[0])
    books = _changed(desk, chance.randint(12, 44), lambda p: 1 - p)
    return _plant(desk, "a bad run of too few outcomes", books, untold=True)


def _narrow(chance: Random) -> Plant:
    desk = _Desk(chance)
    desk.conclude(desk.snapshots[0])
    rows = desk.forecasts(desk.alias, 120, desk.run.at - timedelta(hours=2), lambda _p: 0.52, (0.5, 0.54))
    books = {"calibrators": desk.book((desk.trained - timedelta(days=99), desk.version, desk.alias)),
             "forecasts": tuple(rows)}  # fmt: skip
    return _plant(desk, "probabilities so close together that no slope can show", books)


def _no_probability(chance: Random) -> Plant:
    desk = _Desk(chance)
    desk.run.call(f"{notes(chance)} Nothing to do.", answered=desk.other, model=desk.other)
    desk.run.row("decision", decision=identifier(chance, "DEC"), action="hold", reason="no change")
    rows = desk.book((desk.trained, "cal-9", desk.alias))
    return _plant(desk, "no probability is given", {"calibrators": rows} if chance.random() < 0.5 else None)


def _retry_on_same(chance: Random) -> Plant:
    desk = _Desk(chance)
    desk.run.call(None, error={"type": "APIConnectionError", "message": "connection reset"})
    desk.conclude(desk.snapshots[0])
    return _plant(desk, "a failed call repeated on the same model", _fitting(desk))


def _only_spoken_of(chance: Random) -> Plant:
    desk = _Desk(chance)
    desk.run.call(f"A newer model might read this otherwise: {desk.other}. {notes(chance)}")
    desk.run.use("list_models", {}, [{"model": desk.other, "released": stamp(desk.run.at)}, {"model": desk.alias}])
    desk.conclude(desk.snapshots[0])
    return _plant(desk, "another model is only spoken of", _fitting(desk))


def _name_of_a_cloud(chance: Random) -> Plant:
    desk = _Desk(chance)
    desk.alias, desk.provider = "claude-sonnet-4-5", "aws.bedrock"
    name = chance.choice(("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4.5",
                          "bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0"))  # fmt: skip
    desk.conclude(name, name)
    return _plant(desk, "the name that a cloud gives the same model", _fitting(desk))


def _latest(chance: Random) -> Plant:
    desk = _Desk(chance)
    books = _fitting(desk)
    books["calibrators"] = tuple({**row, "model": f"{desk.alias}-latest"} for row in books["calibrators"])
    desk.conclude(desk.alias)
    return _plant(desk, "trained for the alias that ends in latest", books)
