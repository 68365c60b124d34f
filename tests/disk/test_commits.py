import os

import msgspec
import pytest

from afterbell.disk import commits
from afterbell.disk.commits import Commit
from afterbell.disk.files import ExistsError
from afterbell.errors import StoreError


def made(number, version=commits.VERSION):
    return Commit(version=version, number=number, created="", evidence=(), parts=())


def test_commits_come_back_in_order(tmp_path):
    for number in (1, 2, 3):
        commits.write(tmp_path / "commits", made(number))
    assert commits.read_all(tmp_path / "commits") == (made(1), made(2), made(3))
    assert commits.read_all(tmp_path / "none") == ()


def test_a_commit_is_never_written_over(tmp_path):
    commits.write(tmp_path, made(1))
    with pytest.raises(ExistsError):
        commits.write(tmp_path, made(1))
    assert os.listdir(tmp_path) == ["000001.json"]


def test_what_a_dead_writer_left_is_not_read(tmp_path):
    commits.write(tmp_path, made(1))
    (tmp_path / ".tmp-00ff").write_bytes(b'{"version":1,"num')
    assert commits.read_all(tmp_path) == (made(1),)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"version":1}', b"\xff\xfe"])
def test_a_torn_commit_is_said(tmp_path, data):
    (tmp_path / "000001.json").write_bytes(data)
    with pytest.raises(StoreError, match="cannot be read"):
        commits.read_all(tmp_path)


def test_a_missing_commit_is_said(tmp_path):
    commits.write(tmp_path, made(2))
    with pytest.raises(StoreError, match="commit 1 of the store is missing"):
        commits.read_all(tmp_path)


def test_a_newer_store_is_left_alone(tmp_path):
    (tmp_path / "000001.json").write_bytes(msgspec.json.encode(made(1, version=99)))
    with pytest.raises(StoreError, match="newer afterbell"):
        commits.read_all(tmp_path)
