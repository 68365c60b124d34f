"""What a push may do to a log, with real git: it reads objects, not the work tree."""

import shutil
import subprocess

import pytest

import afterbell
from afterbell.disk.house import House
from afterbell.errors import UsageError
from afterbell.log.verdict import Code
from afterbell.steps import erase, guard, init, seal
from afterbell.steps.records import journal

ZERO = "0" * 40


class Repository:
    """A house in a git repository."""

    def __init__(self, root):
        self.house = House(root)
        init.init(self.house)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "test")
        self.git("config", "user.email", "test@localhost")

    def git(self, *arguments):
        done = subprocess.run(
            ["git", "-C", str(self.house.root), *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD")

    def file(self):
        return afterbell.append(afterbell.Postmortem(), path=self.house.postmortems / "log.jsonl")

    def judge(self, base, head="HEAD"):
        return [problem.code for problem in guard.guard(self.house.root, base, head)]


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path / "desk")
    made.file()
    seal.seal(made.house)
    made.file()
    return made


def test_adding_sealing_and_erasing_are_allowed(repository):
    first = repository.commit()
    assert repository.judge(ZERO) == []
    repository.file()
    second = repository.commit()
    assert repository.judge(first) == []
    seal.seal(repository.house)
    third = repository.commit()
    assert repository.judge(second) == []
    assert repository.judge(first) == []
    erase.erase(repository.house, next(iter(journal(repository.house).entries())).entry.id, "a leaked key")
    repository.commit()
    assert repository.judge(third) == []
    assert repository.judge(first) == []


def drop_pending(house):
    next((house.postmortems / "pending").glob("*.json")).unlink()


def change_pending(house):
    path = next((house.postmortems / "pending").glob("*.json"))
    path.write_bytes(path.read_bytes().replace(b"script", b"person"))


def edit_sealed(house):
    path = house.postmortems / "log" / "000000.jsonl"
    path.write_bytes(path.read_bytes().replace(b"script", b"person"))


def drop_head(house):
    next((house.postmortems / "heads").glob("*.ckpt")).unlink()


def rewrite(house):
    for name in ("log", "heads", "pending", "checkpoint"):
        path = house.postmortems / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    afterbell.append(afterbell.Postmortem(), path=house.postmortems / "log.jsonl")
    seal.seal(house)


def drop_all(house):
    shutil.rmtree(house.postmortems)


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (drop_pending, Code.MISSING_ENTRIES),
        (change_pending, Code.PENDING_DIFFERS),
        (edit_sealed, Code.CHANGED),
        (drop_head, Code.MISSING_HEAD),
        (rewrite, Code.CHANGED),
        (drop_all, Code.MISSING_SEGMENT),
    ],
)
def test_everything_else_is_refused(repository, attack, code):
    base = repository.commit()
    attack(repository.house)
    repository.commit()
    assert code in repository.judge(base)


def test_the_work_tree_and_replacements_do_not_matter(repository):
    base = repository.commit()
    edit_sealed(repository.house)
    bad = repository.commit()
    repository.git("checkout", "--quiet", base)
    assert Code.CHANGED in repository.judge(base, bad)
    repository.git("replace", bad, base)
    assert Code.CHANGED in repository.judge(base, bad)
    assert Code.CHANGED in repository.judge(base, base), "a replacement is itself refused"


def test_a_commit_that_is_not_here_cannot_be_judged(repository):
    repository.commit()
    for name in ("f" * 40, "nonsense", "--help"):
        with pytest.raises(UsageError, match="no commit"):
            repository.judge(name)


def test_a_bare_repository_is_judged_like_any_other(repository, tmp_path):
    base = repository.commit()
    repository.file()
    head = repository.commit()
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    assert guard.guard(tmp_path / "bare.git", base, head, "postmortems") == ()
