"""The state of the pages under threads, processes and kills, on both databases."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, String, Table, func, insert, select, update

from afterbell.disk.house import House
from afterbell.disk.state import METADATA, State, state
from afterbell.errors import StoreError, UsageError

COUNTERS = Table("counters", METADATA, Column("name", String(20), primary_key=True), Column("value", Integer))
WRITER = """
import sys
from pathlib import Path
from sqlalchemy import Column, Integer, String, Table, insert, select, update
from afterbell.disk.house import House
from afterbell.disk.state import METADATA, state

COUNTERS = Table("counters", METADATA, Column("name", String(20), primary_key=True), Column("value", Integer))
kept = state(House(Path(sys.argv[1])), sys.argv[2])
while True:
    with kept.begin(COUNTERS) as connection:
        value = connection.execute(select(COUNTERS.c.value).where(COUNTERS.c.name == "both")).scalar_one()
        connection.execute(update(COUNTERS).where(COUNTERS.c.name == "both").values(value=value + 1))
    print(value + 1, flush=True)
"""


def value(kept: State) -> int:
    with kept.read(COUNTERS) as connection:
        return connection.execute(select(COUNTERS.c.value).where(COUNTERS.c.name == "both")).scalar_one()


def begun(kept: State) -> None:
    with kept.begin(COUNTERS) as connection:
        connection.execute(insert(COUNTERS).values(name="both", value=0))


def count(kept: State) -> int:
    with kept.begin(COUNTERS) as connection:
        return connection.execute(select(func.count()).select_from(COUNTERS)).scalar_one()


def test_what_a_transaction_read_still_holds_when_it_writes(state):
    begun(state)

    def add(_number: int) -> None:
        with state.begin(COUNTERS) as connection:
            seen = connection.execute(select(COUNTERS.c.value)).scalar_one()
            connection.execute(update(COUNTERS).values(value=seen + 1))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, range(100)))
    assert value(state) == 100


def test_what_fails_leaves_nothing(state):
    begun(state)

    def fail() -> None:
        with state.begin(COUNTERS) as connection:
            connection.execute(update(COUNTERS).values(value=7))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert value(state) == 0


def test_those_who_open_it_first_at_once_all_find_it(state_url, tmp_path, postgres):
    for number in range(8):
        url = f"{state_url}{number}" if state_url.startswith("sqlite") else postgres()
        kept = [state(House(tmp_path / "house"), url) for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(count, kept)) == [0] * 8
        for each in kept:
            each.close()


def test_of_what_two_processes_said_nothing_is_lost_when_one_is_killed(state, state_url, tmp_path):
    begun(state)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    command = [sys.executable, "-c", WRITER, str(tmp_path / "house"), state_url]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(2)]
    said = []
    try:
        said += [int(writers[number % 2].stdout.readline()) for number in range(60)]
        writers[0].kill()
        said += [int(line) for line in writers[0].communicate()[0].splitlines()]
        said += [int(writers[1].stdout.readline()) for _ in range(20)]  # the other goes on
    finally:
        for writer in writers:
            writer.kill()
        said += [int(line) for line in writers[1].communicate()[0].splitlines()]
    assert len(set(said)) == len(said)
    assert 0 <= value(state) - max(said) <= 1
    assert value(state) - len(said) in range(3)  # what was written and not said: at most one of each writer


def test_sqlite_forces_every_commit_to_the_disk(tmp_path):
    kept = state(House(tmp_path / "house"))
    with kept.read(COUNTERS) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    kept.close()


def test_the_file_is_for_its_user_alone(tmp_path):
    kept = state(House(tmp_path / "house"))
    begun(kept)
    files = sorted((tmp_path / "house" / ".afterbell").glob("state.sqlite*"))
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    kept.close()


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense", "postgresql:x", "sqlite"])
def test_what_is_no_address_is_said(tmp_path, url):
    with pytest.raises(UsageError):
        state(House(tmp_path / "house"), url)


def test_a_database_that_is_not_there_is_told_without_its_password(tmp_path):
    kept = state(House(tmp_path / "house"), f"postgresql://user:hush@/name?host={tmp_path}")
    with pytest.raises(StoreError) as told, kept.begin(COUNTERS):
        pass
    assert "hush" not in str(told.value)
    assert told.value.__cause__ is None
