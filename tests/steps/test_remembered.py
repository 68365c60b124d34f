from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

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
