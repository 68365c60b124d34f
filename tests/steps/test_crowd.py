"""So many at once, and no more."""

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
