"""The tree of faults in the world: one root, a hint and an exit code on each."""

from __future__ import annotations

import inspect

import pytest

from afterbell import errors
from afterbell.errors import AfterbellError, LogError, MissingExtraError

TREE = [kind for _name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_every_fault_has_its_root_its_page_and_its_exit_code(kind):
    assert issubclass(kind, AfterbellError)
    assert kind.__doc__
    assert kind.exit_code == (errors.FOUND if kind is LogError else errors.USAGE)


def test_message_and_hint():
    error = AfterbellError("what", "what to do")
    assert (str(error), error.message, error.hint) == ("what", "what", "what to do")
    assert AfterbellError("what").hint == ""


def test_a_missing_extra_names_its_command():
    error = MissingExtraError("the Spark engine", "spark")
    assert "the Spark engine" in error.message
    assert error.hint == "pip install 'afterbell[spark]'"


def test_exit_codes_are_the_documented_ones():
    codes = (errors.FINE, errors.FOUND, errors.USAGE, errors.STALE, errors.BUG, errors.INTERRUPTED)
    assert codes == (0, 1, 2, 3, 70, 130)
