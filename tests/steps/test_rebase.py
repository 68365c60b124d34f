"""Two branches both sealed, with real git: nothing is lost, and no merge driver is relied on."""

import subprocess

import pytest

import afterbell
from afterbell.disk.house import House
from afterbell.errors import UsageError
from afterbell.log.verdict import Ruling
from afterbell.steps import erase, guard, init, rebase, seal, verify
from afterbell.steps.records import filed


def git(root, *arguments, check=True):
    done = subprocess.run(["git", "-C", str(root), *arguments], check=check, capture_output=True, text=True)
    return done.stdout.strip()


def file(house, summary, amends=None):
    path = house.postmortems / "log.jsonl"
    return (
        afterbell.amend(amends, summary, path=path)
        if amends
        else afterbell.append(afterbell.Postmortem(summary=summary), path=path)
    )


def commit(house):
    git(house.root, "add", "--all")
    git(house.root, "commit", "--quiet", "--message", "change")
    return git(house.root, "rev-parse", "HEAD")


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "desk")
    init.init(made)
    git(made.root, "init", "--quiet", "--initial-branch=main")
    git(made.root, "config", "user.name", "test")
    git(made.root, "config", "user.email", "test@localhost")
    file(made, "common")
    seal.seal(made)
    commit(made)
    return made


def test_both_sides_sealed(house):
    git(house.root, "checkout", "--quiet", "-b", "side")
    ours = file(house, "ours")
    seal.seal(house)
    file(house, "ours again")
    file(house, "a second look", amends=ours.id)
    seal.seal(house)
    commit(house)
    git(house.root, "checkout", "--quiet", "main")
    file(house, "theirs")
    seal.seal(house)
    trunk = commit(house)
    git(house.root, "checkout", "--quiet", "side")
    git(house.root, "merge", "--quiet", "main", check=False)
    assert git(house.root, "diff", "--name-only", "--diff-filter=U")
    done = rebase.rebase(house, "main")
    assert (done.size, len(done.waiting)) == (2, 3)
    assert verify.verify(house, remember=False).verdict.verdict is Ruling.OK
    seal.seal(house)
    assert verify.verify(house, remember=False).verdict.verdict is Ruling.OK
    assert {each.record.summary for each in filed(house)} == {"common", "theirs", "ours", "ours again"}
    assert [each.record.id for each in filed(house) if each.addenda] == [ours.id]
    merged = commit(house)
    assert guard.guard(house.root, trunk, merged) == ()
    assert rebase.rebase(house, "main").waiting == tuple(name for name in done.waiting), "it can be run again"


def test_a_commit_without_a_log(house):
    with pytest.raises(UsageError):
        rebase.rebase(house, "f" * 40)


def test_erasures_on_either_side(house):
    (common,) = (each.record.id for each in filed(house))
    git(house.root, "checkout", "--quiet", "-b", "side")
    ours = file(house, "ours, with a secret")
    file(house, "a second look at it", amends=ours.id)
    file(house, "a second look at what the trunk erases", amends=common)
    seal.seal(house)
    erase.erase(house, ours.id, "a secret")
    file(house, "ours to stay")
    seal.seal(house)
    commit(house)
    git(house.root, "checkout", "--quiet", "main")
    erase.erase(house, common, "a name")
    trunk = commit(house)
    git(house.root, "checkout", "--quiet", "side")
    done = rebase.rebase(house, "main")
    assert (done.size, len(done.waiting)) == (2, 2), "what was erased here never was on the trunk"
    seal.seal(house)
    verdict = verify.verify(house, remember=False).verdict
    assert (verdict.verdict, verdict.entries, verdict.pending) == (Ruling.OK, 4, 0)
    assert [each.record.summary for each in filed(house)] == ["ours to stay"]
    assert guard.guard(house.root, trunk, commit(house)) == ()
