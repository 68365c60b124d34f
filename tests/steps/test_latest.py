"""The newest of something that takes long: made once for each state, the older one shown meanwhile."""

from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event, Thread

import pytest

from afterbell.errors import StoreError
from afterbell.steps.latest import CROWD, Latest


def test_it_is_made_once_for_each_state():
    made = []
    state = [0]
    latest = Latest(lambda: state[0], lambda: made.append(1) or len(made))
    assert [latest.get(9), latest.get(9)] == [(1, True), (1, True)]
    state[0] = 1
    assert latest.get(9) == (2, True)


def test_the_older_one_is_shown_while_the_new_one_is_made():
    go, state, made = Event(), [0], []

    def make():
        made.append(1)
        if len(made) > 1:
            assert go.wait(60)
        return len(made)

    latest = Latest(lambda: state[0], make)
    assert latest.get(9) == (1, True)
    state[0] = 1
    assert latest.get(0) == (1, False)
    assert latest.get(0) == (1, False), "and it is not made twice"
    go.set()
    assert latest.get(60) == (2, True)
    assert len(made) == 2


def test_several_who_wait_for_the_first_get_the_same():
    go, made, found = Event(), [], []
    latest = Latest(lambda: 0, lambda: made.append(go.wait(60)) or "value")
    waiting = [Thread(target=lambda: found.append(latest.get(9))) for _ in range(5)]
    for each in waiting:
        each.start()
    go.set()
    for each in waiting:
        each.join()
    assert (found, len(made)) == ([("value", True)] * 5, 1)


def test_a_crowd_that_waits_for_the_first_is_sent_away():
    go = Event()
    latest = Latest(lambda: 0, lambda: go.wait(60))
    with ThreadPoolExecutor(CROWD + 3) as pool:
        waiting = [pool.submit(latest.get, 9) for _ in range(CROWD + 3)]
        try:
            for refused, each in enumerate(as_completed(waiting, 60), 1):
                with pytest.raises(StoreError, match="first time"):
                    each.result()
                if refused == 3:
                    break
        finally:
            go.set()
    assert sum(each.exception() is None for each in waiting) == CROWD
    assert latest.get(9) == (True, True)


def test_a_failure_is_raised_once_there_is_nothing_older_and_tried_again():
    state, fails = [0], [True]

    def make():
        if fails[0]:
            raise KeyError("broken")
        return "whole"

    latest = Latest(lambda: state[0], make)
    with pytest.raises(KeyError):
        latest.get(9)
    fails[0] = False
    assert latest.get(9) == ("whole", True)
    state[0], fails[0] = 1, True
    assert latest.get(9) == ("whole", False)
