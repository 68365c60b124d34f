"""Worked examples of calibration drift."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_OLD, _NEW = "model-a-2025-06-01", "model-a-2025-12-01"


def _decision(**more: Any) -> Row:
    return {"type": "decision", "trace": "t", "id": "d", "symbol": "SYNTHETIC_A", "action": "buy",
            "at": "2026-01-05T14:30:00Z", "until": "2026-01-05T14:31:00Z", **more}  # fmt: skip


def _call(answered: str, output: str = '{"action": "buy", "probability": 0.7}') -> Row:
    return {"type": "call", "trace": "t", "id": "c", "parent": "d", "at": "2026-01-05T14:30:01Z",
            "until": "2026-01-05T14:30:09Z", "model": "model-a", "answered": answered,
            "messages": "Decide on SYNTHETIC_A.", "output": output}  # fmt: skip


def _calibrated(trained_at: str, model: str) -> dict[str, Any]:
    return {"calibrated_probability": 0.7, "trading.decision.calibrator.version": "iso-3",
            "trading.decision.calibrator.trained_at": trained_at,
            "trading.decision.calibrator.model": model}  # fmt: skip


def _forecasts(model: str, rates: dict[str, float], day: str, each: int = 40) -> tuple[Row, ...]:
    """Return forecasts of some probabilities, of which a share comes true."""
    return tuple(
        {"forecast_id": f"{model}-{said}-{number}", "made_at": f"{day}T10:00:00Z", "symbol": "SYNTHETIC_A",
         "model": model, "probability": said, "outcome": int(number < round(rate * each)),
         "resolved_at": f"{day}T20:00:00Z"}
        for said, rate in rates.items() for number in range(each)
    )  # fmt: skip


_TRUE = {"0.2": 0.2, "0.4": 0.4, "0.6": 0.6, "0.8": 0.8}
_BOLD = {"0.2": 0.4, "0.4": 0.45, "0.6": 0.5, "0.8": 0.575}
_FLAT = {"0.5": 0.55, "0.6": 0.45, "0.8": 0.45, "0.9": 0.45}
_RETRAINED = (_decision(**_calibrated("2025-12-20T00:00:00Z", _NEW)), _call(_NEW))

CASES = (
    Case(
        name="the model changed and the calibrator did not",
        answer=Answer.YES,
        teaches="The alias now answers with another snapshot than the calibrator was trained for.",
        given=(_decision(**_calibrated("2025-07-01T00:00:00Z", _OLD)), _call(_NEW)),
        excerpt=_NEW,
        figures={"trained_for": _OLD, "answered": _NEW},
    ),
    Case(
        name="a step's posterior, the calibrator on the decision",
        answer=Answer.YES,
        teaches="The probability stands where it was found, its calibrator where it was used.",
        given=(
            {"type": "research", "trace": "t", "id": "r", "at": "2026-01-05T14:29:00Z",
             "until": "2026-01-05T14:29:59Z", "posterior": 0.7},
            {**_call("model-b", "It moved me."), "parent": "r", "at": "2026-01-05T14:29:01Z",
             "until": "2026-01-05T14:29:09Z"},
            _decision(**{key: value for key, value in _calibrated("2025-07-01T00:00:00Z", _OLD).items()
                         if "calibrated" not in key}),
        ),
        excerpt="model-b",
    ),
    Case(
        name="the calibrators book knows",
        answer=Answer.YES,
        teaches="The decision names only the calibrator's version; the book says when and for what it was trained.",
        given=(
            _decision(calibrated_probability=0.7, **{"trading.decision.calibrator.version": "iso-3"}),
            _call("model-b"),
        ),
        books={"calibrators": ({"calibrator_version": "iso-3", "trained_at": "2025-07-01T00:00:00Z",
                                "model": "model-a", "method": "isotonic", "pairs": 400},)},
        figures={"trained_for": "model-a", "answered": "model-b"},
    ),
    Case(
        name="retrained, and still another calibration than before",
        answer=Answer.YES,
        teaches="Training after the change clears the first clause; the outcomes still show overconfidence.",
        given=_RETRAINED,
        books={"forecasts": (*_forecasts(_OLD, _TRUE, "2025-08-01"), *_forecasts(_NEW, _BOLD, "2025-12-10"))},
        figures={"pairs": 160, "pairs_before": 160},
    ),
    Case(
        name="flat reliability",
        answer=Answer.YES,
        teaches="Whether the forecast is 0.5 or 0.9, just under half come true: the figure carries no information.",
        given=_RETRAINED,
        books={"forecasts": _forecasts(_NEW, _FLAT, "2025-12-10")},
        figures={"pairs": 160},
    ),
    Case(
        name="retrained after the change",
        answer=Answer.NO,
        teaches="The calibrator is younger than the model's change, and outcomes follow the forecasts as before.",
        given=_RETRAINED,
        books={"forecasts": (*_forecasts(_OLD, _TRUE, "2025-08-01"), *_forecasts(_NEW, _TRUE, "2025-12-10"))},
        figures={"pairs": 160},
    ),
    Case(
        name="an alias and its snapshot",
        answer=Answer.NO,
        teaches="The calibrator was trained for the alias; its one snapshot answered then and answers now.",
        given=(_decision(**_calibrated("2025-08-02T00:00:00Z", "model-a")), _call(_OLD)),
        books={"forecasts": _forecasts(_OLD, _TRUE, "2025-08-01")},
    ),
    Case(
        name="no probability",
        answer=Answer.NA,
        teaches="The model gave a direction and no probability; there is nothing to calibrate.",
        given=(_decision(), _call(_NEW, "Buy SYNTHETIC_A.")),
    ),
    Case(
        name="nothing about the calibrator",
        answer=Answer.UNKNOWN,
        teaches="A probability is stated, but not what calibrated it, and no outcomes are there.",
        given=(_decision(calibrated_probability=0.7), _call(_NEW)),
    ),
    Case(
        name="nobody knows who answered",
        answer=Answer.UNKNOWN,
        teaches="A model without a name is not another model.",
        given=(
            _decision(**_calibrated("2025-07-01T00:00:00Z", _OLD)),
            {key: value for key, value in _call("").items() if key not in {"model", "answered"}},
        ),
    ),
    Case(
        name="too few outcomes",
        answer=Answer.UNKNOWN,
        teaches="The calibrator fits the model; with 40 resolved forecasts nobody can say whether it still holds.",
        given=_RETRAINED,
        books={"forecasts": _forecasts(_NEW, _BOLD, "2025-12-10", 10)},
        figures={"pairs": 40},
    ),
)  # fmt: skip
