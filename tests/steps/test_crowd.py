"""So many at once, and no more."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from afterbell.errors import ProviderError, StoreError
from afterbell.steps.crowd import Crowd


def test_a_place_is_given_back_whatever_happens():
    crowd = Crowd(2, "full")
    with crowd.place():
        with pytest.raises(KeyError), crowd.place():
            raise KeyError
        with crowd.place(), pytest.raises(StoreError, match="full"), crowd.place():
            pass
    with crowd.place(), crowd.place():
        pass


def test_the_refusal_is_of_the_kind_that_was_given():
    crowd = Crowd(1, "full", ProviderError)
    with crowd.place(), pytest.raises(ProviderError, match="full"), crowd.place():
        pass


def test_one_has_a_turn_while_others_wait():
    crowd, begun, go, order = Crowd(2, "full"), Event(), Event(), []

    def first():
        with crowd.turn():
            begun.set()
            assert go.wait(60)
            order.append(1)

    def second():
        with crowd.turn():
            order.append(2)

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(first)]
        assert begun.wait(60)
        asked.append(pool.submit(second))
        go.set()
        assert [each.result(60) for each in asked] == [None, None]
    assert order == [1, 2]
