"""A batch whose traces came in apart: the house brings them together again, whichever of them is asked about."""

import orjson
import pytest

from afterbell.disk.house import House
from afterbell.model.vocabulary import Answer
from afterbell.steps import ingest
from afterbell.steps.scan import scan_trace
from afterbell.steps.store import MOST_OF_BATCH, Store

RULES = "You rate one stock a time from the filing alone. Mixed evidence is a hold."


def call(number, text=RULES, **more):
    return {"type": "call", "trace": f"{number:032x}", "id": f"call-{number}", "model": "model-a", "system": text,
            "at": f"2026-01-05T14:{number:02d}:00Z", "until": f"2026-01-05T14:{number:02d}:09Z", "messages": "Begin.",
            "output": "hold", "prompt": {"name": "rating", "version": "4"}, **more}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    def filled(*rows):
        root, file = tmp_path / "house", tmp_path / "rows.jsonl"
        root.mkdir(exist_ok=True)
        file.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
        list(ingest.ingest(House(root), [str(file)], jobs=1))
        return Store(House(root))

    return filled


def said(store, number):
    (answer,) = scan_trace(store, f"{number:032x}", frozenset({"schema_version_drift"})).answers
    return answer.suggestion


@pytest.mark.parametrize("field", ["trading.batch.id", "trading.run.id"])
def test_the_batch_is_found_without_an_idea(store, field):
    rows = [
        call(number, RULES if number < 3 else f"{RULES} Prefer the bolder side.", **{field: "B"}) for number in range(4)
    ]
    house = store(*rows, call(9, "Something else entirely.", **{field: "C"}))
    assert [said(house, number).answer for number in (0, 3, 9)] == [Answer.YES, Answer.YES, Answer.NA]
    assert said(house, 0).figures["traces"] == 4


def test_a_batch_id_wins_over_a_run_id(store):
    house = store(
        call(1, **{"trading.batch.id": "B", "trading.run.id": "R"}),
        call(2, f"{RULES} Never short.", **{"trading.batch.id": "B2", "trading.run.id": "R"}),
    )
    assert said(house, 1).answer is Answer.NA


def test_of_a_large_batch_some_stand_for_all_with_the_ends(store):
    house = store(*(call(number, **{"trading.batch.id": "B"}) for number in range(40)))
    kin = house.kin_ids()
    assert len(kin) == 40
    assert all(MOST_OF_BATCH - 1 <= len(others) <= MOST_OF_BATCH for others in kin.values())
    assert {f"{0:032x}", f"{39:032x}"} <= set(kin[f"{20:032x}"])
