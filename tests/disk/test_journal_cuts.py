"""A sample of what `make test-crash` tries in full: power cuts on a disk in memory, and mutants that forget to force."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

EVERY = 1 if os.environ.get("AFTERBELL_TORTURE") else 150
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def load(name):
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


load("_power")
load("_scripts")
load("_cases")
crash = load("crash")


@pytest.mark.parametrize("script", crash.SCRIPTS)
def test_whatever_a_power_cut_leaves_the_log_goes_on(script):
    search = crash.Search(EVERY, EVERY)
    search.run(script)
    assert search.counts["cut"] >= 50
    assert search.counts["different"] > 15


@pytest.mark.parametrize("case", crash.CASES)
def test_what_is_done_beside_it_is_mended_by_doing_it_again(case):
    search = crash.CaseSearch(EVERY)
    search.run(case, again=EVERY == 1)
    assert search.counts["cut"] >= 50


@pytest.mark.parametrize("place", ["_write_temporary", "write_once", "make_dirs", "_move"])
def test_a_writer_that_forgets_to_force_is_caught(place):
    chosen = [each for each in crash.mutants() if f".{place}:" in each[0]]
    assert chosen
    for _, function, code in chosen:
        whole = function.__code__
        function.__code__ = code
        try:
            assert crash.caught(EVERY)
        finally:
            function.__code__ = whole


def test_the_disk_keeps_what_was_forced_and_may_lose_all_else():
    root = Path("/")
    disk = crash.Disk()
    one = disk.create(root / "one")
    disk.write(one, memoryview(b"ab"))
    whole = {frozenset({("/one", data)}) for data in (b"", b"a", b"a\0", b"\0b", b"\0\0", b"ab")}
    assert set(disk.cut()) == {frozenset(), *whole}
    disk.fsync(one)
    assert set(disk.cut()) == {frozenset(), frozenset({("/one", b"ab")})}
    disk.sync_directory(root)
    assert set(disk.cut()) == {frozenset({("/one", b"ab")})}
    disk.rename(root / "one", root / "two")
    disk.mkdir(root / "inner")
    old, new, inner = ("/one", b"ab"), ("/two", b"ab"), ("/inner", None)
    assert set(disk.cut()) == {frozenset(each) for each in ({old}, {new}, {old, inner}, {new, inner})}
