"""The lock between writers: one at a time, in one process or several, and nobody's after its holder's end."""

import subprocess
import sys
import threading

import pytest
from filelock import FileLock, Timeout

from afterbell.disk.lock import Lock

HOLDER = """
import sys
from pathlib import Path
from afterbell.disk.lock import Lock

lock = Lock(Path(sys.argv[1]), 10)
lock.acquire()
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.lock"


def free(path):
    lock = Lock(path, 0)
    try:
        lock.acquire()
    except TimeoutError:
        return False
    lock.release()
    return True


def test_one_holds_it_and_gives_it_back(path):
    lock = Lock(path, 0)
    lock.acquire()
    assert not free(path)
    lock.release()
    lock.release()
    assert free(path)
    assert path.exists(), "a lock file that is removed locks nothing"


def test_it_is_waited_for(path):
    first, second = Lock(path, 0), Lock(path, 30)
    first.acquire()
    waiting = threading.Thread(target=second.acquire)
    waiting.start()
    assert waiting.is_alive()
    first.release()
    waiting.join(30)
    assert not free(path)
    second.release()


def test_whoever_uses_filelock_is_excluded_too(path):
    lock = Lock(path, 0)
    lock.acquire()
    with pytest.raises(Timeout):
        FileLock(path, timeout=0).acquire()
    lock.release()
    with FileLock(path):
        assert not free(path)


def test_a_dead_process_holds_nothing(path):
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        assert not free(path)
        holder.kill()
        holder.wait()
    assert free(path)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_a_lock_on_a_file_that_was_removed_meanwhile_does_not_count(path, monkeypatch):
    lock = Lock(path, 30)
    flock, removed = lock.acquire.__globals__["fcntl"].flock, []

    def removing(descriptor, how):
        flock(descriptor, how)
        if not removed:
            removed.append(path.unlink())

    monkeypatch.setattr("fcntl.flock", removing)
    lock.acquire()
    monkeypatch.undo()
    assert removed
    assert not free(path)
    lock.release()


def test_where_it_cannot_be_made_the_reason_is_the_systems(tmp_path):
    with pytest.raises(FileNotFoundError):
        Lock(tmp_path / "none" / "a.lock", 0).acquire()
