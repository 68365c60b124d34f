"""A small version of `benchmarks/writers.py`: writers that are killed and started again."""

import importlib.util
import random
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def writers():
    spec = importlib.util.spec_from_file_location("writers", BENCHMARKS / "writers.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["writers"] = module
    spec.loader.exec_module(module)
    return module


def test_every_acknowledged_record_is_there_once(writers, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(writers, "SEAL_EVERY", 10)
    assert writers.torture(tmp_path / "log", 3, 25, 6, random.Random(7)) > 0  # noqa: S311 - no secret


def test_a_lost_record_is_noticed(writers, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    writers.torture(tmp_path / "log", 1, 12, 0, random.Random(7))  # noqa: S311 - no secret
    gone = writers.Writer(tmp_path / "other", 0, 0)
    gone.end()
    gone.records = 13
    with pytest.raises(writers.BreachError, match="12 entries"):
        writers.check(tmp_path / "log", [gone])
