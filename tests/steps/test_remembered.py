from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event

import pytest

from afterbell.errors import StoreError
from afterbell.steps.remembered import Remembered


def test_the_last_few_are_remembered():
    kept, made = Remembered(2), []

    def make(name):
        return kept.get(name, lambda: made.append(name) or name.upper())

    assert [make(name) for name in "aabcab"] == ["A", "A", "B", "C", "A", "B"]
    assert made == ["a", "b", "c", "a", "b"]


def test_what_is_being_made_is_waited_for_not_made_twice():
    kept, made, begun, go = Remembered(1), [], Event(), Event()

    def slow():
        begun.set()
        assert go.wait(60)
        made.append(1)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.get, "a", slow)
        assert begun.wait(60)
        assert kept.peek("a") is None
        second = pool.submit(kept.get, "a", slow)
        go.set()
        assert (first.result(60), second.result(60), made) == ("done", "done", [1])
    assert kept.peek("a") == "done"


def test_a_failure_is_told_and_not_kept():
    kept = Remembered(1)
    with pytest.raises(KeyError):
        kept.get("a", lambda: {}["no"])
    assert kept.peek("a") is None
    assert kept.get("a", lambda: 1) == 1


@pytest.mark.parametrize("second", ["a", "b"])
def test_a_crowd_that_makes_or_waits_is_sent_away_and_what_is_made_is_there_for_all(second):
    kept, begun, go = Remembered(2, crowd=2), Event(), Event()

    def slow():
        begun.set()
        assert go.wait(60)
        return "done"

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(kept.get, "a", slow)
        assert begun.wait(60)
        others = [pool.submit(kept.get, second, slow) for _each in range(6)]
        for refused, each in enumerate(as_completed(others, 60), 1):
            with pytest.raises(StoreError, match="too many wait"):
                each.result()
            if refused == 5:
                go.set()
                break
        assert first.result(60) == "done"
    assert sum(each.exception() is None for each in others) == 1
    assert kept.get("a", slow) == "done"


def test_what_a_crowd_waits_for_is_made_one_at_a_time():
    kept, begun, go, order = Remembered(2, crowd=2), Event(), Event(), []

    def slow():
        begun.set()
        assert go.wait(60)
        order.append("slow")
        return 1

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.get, "a", slow)
        assert begun.wait(60)
        second = pool.submit(kept.get, "b", lambda: order.append("quick") or 2)
        go.set()
        assert (first.result(60), second.result(60), order) == (1, 2, ["slow", "quick"])
