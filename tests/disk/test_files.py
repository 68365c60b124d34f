import errno
import os

import pytest

from afterbell.disk import files
from afterbell.errors import DiskError


class Faulty(files.Ops):
    """Answers one kind of call with an error, and writes down every call."""

    def __init__(self, failing="", number=errno.EIO):
        self.failing = failing
        self.number = number
        self.calls = []

    def __getattribute__(self, name):
        call = object.__getattribute__(self, name)
        if name.startswith("_") or name in {"failing", "number", "calls"}:
            return call

        def traced(*args):
            self.calls.append(name)
            if name == self.failing:
                raise OSError(self.number, os.strerror(self.number))
            return call(*args)

        return traced


class Dribbling(files.Ops):
    def write(self, descriptor, data):
        return os.write(descriptor, data[:3])


def test_write_once_creates_a_whole_durable_file_in_this_order(tmp_path):
    ops = Faulty()
    files.write_once(tmp_path / "a", b"text", ops)
    assert (tmp_path / "a").read_bytes() == b"text"
    assert ops.calls == ["create", "write", "fsync", "close", "link", "unlink", "sync_directory"]
    assert os.listdir(tmp_path) == ["a"]


def test_write_once_never_touches_what_is_there(tmp_path):
    files.write_once(tmp_path / "a", b"first")
    with pytest.raises(files.ExistsError, match="there already"):
        files.write_once(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["a"]


def test_replace_puts_one_file_in_the_place_of_another(tmp_path):
    ops = Faulty()
    for data in (b"first", b"second"):
        files.replace(tmp_path / "a", data, ops)
        assert (tmp_path / "a").read_bytes() == data
    assert ops.calls[:6] == ["create", "write", "fsync", "close", "rename", "sync_directory"]
    assert os.listdir(tmp_path) == ["a"]


def test_settle_makes_a_finished_file_durable_under_its_name(tmp_path):
    (tmp_path / "written").write_bytes(b"big")
    ops = Faulty()
    files.settle(tmp_path / "written", tmp_path / "final", ops)
    assert ops.calls == ["sync_file", "rename", "sync_directory"]
    assert os.listdir(tmp_path) == ["final"]
    assert (tmp_path / "final").read_bytes() == b"big"


def test_of_many_settled_files_each_directory_is_forced_once_the_deepest_first(tmp_path):
    ops, synced = Faulty(), []
    targets = [tmp_path / "top" / folder / name for folder in "ab" for name in "xyz"]
    for target in targets:
        target.parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "written").write_bytes(b"data")
        files.settle_data(tmp_path / "written", target, ops)
    assert ops.calls == ["sync_file", "rename"] * 6

    class Noting(files.Ops):
        def sync_directory(self, path):
            synced.append(path.name)

    files.sync_names(targets, tmp_path / "top", Noting())
    assert sorted(synced[:2]) == ["a", "b"]
    assert synced[2:] == ["top"]


def test_short_writes_are_continued(tmp_path):
    files.write_once(tmp_path / "a", b"0123456789", Dribbling())
    assert (tmp_path / "a").read_bytes() == b"0123456789"


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("failing", ["create", "write", "fsync", "close", "link", "sync_directory"])
def test_write_once_gives_up_at_the_first_error(tmp_path, failing, number):
    ops = Faulty(failing, number)
    with pytest.raises(DiskError, match=os.strerror(number)):
        files.write_once(tmp_path / "a", b"text", ops)
    assert ops.calls.count(failing) == 1
    assert [name for name in os.listdir(tmp_path) if name != "a"] == []
    assert (tmp_path / "a").exists() == (failing == "sync_directory")


UNLINKED = [errno.EPERM, errno.ENOTSUP, errno.ENOSYS]


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("number", UNLINKED)
def test_where_files_have_no_second_name_one_is_written_once_all_the_same(tmp_path, number, alone):
    files.write_once(tmp_path / "a", b"first", Faulty("link", number), alone=alone)
    with pytest.raises(files.ExistsError, match="there already"):
        files.write_once(tmp_path / "a", b"second", Faulty("link", number), alone=alone)
    assert (tmp_path / "a").read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("alone", [False, True])
def test_without_second_names_the_file_is_forced_before_it_has_its_name_and_the_name_after(tmp_path, alone):
    ops = Faulty("link", errno.EPERM)
    files.write_once(tmp_path / "a", b"text", ops, alone=alone)
    claim = ["read"] if alone else ["create", "close"]
    assert ops.calls == ["create", "write", "fsync", "close", "link", *claim, "rename", "sync_directory"]


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("failing", ["rename", "sync_directory"])
def test_without_second_names_nothing_half_written_is_left_by_a_failure(tmp_path, failing, alone):
    class Unlinked(Faulty):
        def link(self, *_paths):
            raise OSError(errno.EPERM, "no links here")

    with pytest.raises(DiskError):
        files.write_once(tmp_path / "a", b"text", Unlinked(failing), alone=alone)
    assert os.listdir(tmp_path) == (["a"] if failing == "sync_directory" else [])
    if failing == "sync_directory":
        assert (tmp_path / "a").read_bytes() == b"text"


@pytest.mark.parametrize("failing", ["create", "write", "fsync", "close", "rename"])
def test_a_failed_replace_leaves_the_old_file(tmp_path, failing):
    files.replace(tmp_path / "a", b"old")
    ops = Faulty(failing)
    with pytest.raises(DiskError):
        files.replace(tmp_path / "a", b"new", ops)
    assert ops.calls.count(failing) == 1
    assert os.listdir(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_make_dirs_forces_the_parent_of_every_directory_it_made(tmp_path):
    ops = Faulty()
    files.make_dirs(tmp_path / "a" / "b" / "c", ops)
    assert (tmp_path / "a" / "b" / "c").is_dir()
    assert ops.calls.count("sync_directory") == 3
    ops.calls.clear()
    files.make_dirs(tmp_path / "a" / "b" / "c", ops)
    assert ops.calls == ["mkdir", "sync_directory"]


def test_sweeping_removes_temporaries_alone(tmp_path):
    for name in (".tmp-0a", "kept", ".hidden"):
        (tmp_path / name).touch()
    files.sweep_temporaries(tmp_path)
    assert sorted(os.listdir(tmp_path)) == [".hidden", "kept"]
    assert files.names(tmp_path) == ("kept",)


def test_what_is_not_there_is_empty(tmp_path):
    assert files.names(tmp_path / "none") == ()
    assert files.read(tmp_path / "none", 10) is None
    files.sweep_temporaries(tmp_path / "none")
    files.remove(tmp_path / "none")


def test_reading_stops_at_the_limit_and_reports_what_it_cannot_read(tmp_path):
    (tmp_path / "a").write_bytes(b"0123456789")
    assert files.read(tmp_path / "a", 4) == b"0123"
    with pytest.raises(DiskError, match="cannot read"):
        files.read(tmp_path, 4)
    with pytest.raises(DiskError, match="cannot list"):
        files.names(tmp_path / "a")
