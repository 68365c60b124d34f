"""The policy file of a house, whatever stands in its place."""

import pytest

from afterbell.disk.house import House
from afterbell.errors import DiskError, PolicyError


@pytest.mark.parametrize("content", [b"[[[", b"\xff", b"a = " + b"[" * 100_000])
def test_what_is_no_toml_is_told(tmp_path, content):
    house = House(tmp_path)
    house.policy_file.write_bytes(content)
    with pytest.raises(PolicyError, match="cannot be read"):
        house.policy()


def test_what_cannot_be_opened_is_a_fault_of_the_disk(tmp_path):
    house = House(tmp_path)
    house.policy_file.mkdir()
    with pytest.raises(DiskError):
        house.policy()


def test_without_a_policy_there_is_nothing_in_it(tmp_path):
    assert House(tmp_path).policy() == {}
