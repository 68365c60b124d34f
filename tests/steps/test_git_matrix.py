"""What git does to a log, with real git: whatever the way in, nothing sealed is lost, doubled or changed unseen.

`test_rebase` shows two sides that sealed, put right by `afterbell rebase`; here is everything else that people do.
"""

import subprocess

import pytest

import afterbell
from afterbell.disk.house import House
from afterbell.errors import LogError, UsageError
from afterbell.log.verdict import Code, Ruling
from afterbell.steps import guard, init, rebase, seal, verify
from afterbell.steps.records import filed

SEALED = ("checkpoint", "log", "heads")


class Repository:
    """A house in a git repository, with one sealed record on main."""

    def __init__(self, root):
        self.house, self.root = House(root), root

    def git(self, *arguments, check=True):
        done = subprocess.run(
            ["git", "-C", str(self.root), "-c", "core.editor=true", *arguments],
            check=check, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    def file(self, summary):
        path = self.house.postmortems / "log.jsonl"
        return afterbell.append(afterbell.Postmortem(summary=summary), path=path)

    def commit(self, *, sealed=False):
        if sealed:
            seal.seal(self.house)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD")

    def on(self, branch, *, new=False):
        self.git("checkout", "--quiet", *(["-b"] if new else []), branch)

    def conflicts(self):
        return self.git("diff", "--name-only", "--diff-filter=U").split()

    def sealed_files(self):
        top = self.house.postmortems
        found = [path for name in SEALED for path in (top / name, *(top / name).glob("*")) if path.is_file()]
        return {path.relative_to(top).as_posix(): path.read_bytes() for path in found}

    def ruling(self):
        return verify.verify(self.house, remember=False).verdict.verdict

    def summaries(self):
        return sorted(each.record.summary for each in filed(self.house))


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path / "desk")
    init.init(made.house)
    made.git("init", "--quiet", "--initial-branch=main")
    made.git("config", "user.name", "test")
    made.git("config", "user.email", "test@localhost")
    made.git("config", "commit.gpgsign", "false")
    made.file("common")
    made.commit(sealed=True)
    return made


@pytest.fixture
def branched(repository):
    """A branch `side` with a pending record, and a trunk that went on and sealed one."""
    repository.on("side", new=True)
    repository.file("ours")
    repository.commit()
    repository.on("main")
    repository.file("theirs")
    repository.commit(sealed=True)
    return repository


@pytest.mark.parametrize(
    "way",
    [
        ("merge", "--quiet", "--no-ff", "--no-edit", "side"),
        ("merge", "--quiet", "--squash", "side"),
        ("cherry-pick", "side"),
        ("merge", "--quiet", "--no-edit", "-X", "ours", "side"),
        ("merge", "--quiet", "--no-edit", "-X", "theirs", "side"),
    ],
    ids=" ".join,
)
def test_a_branch_that_only_added_comes_in_by_any_way(branched, way):
    trunk = branched.git("rev-parse", "HEAD")
    before = branched.sealed_files()
    branched.git(*way)
    branched.commit()
    assert branched.sealed_files() == before, "no shared file was touched"
    assert guard.guard(branched.root, trunk, "HEAD") == ()
    assert seal.seal(branched.house).head.size == 3
    assert branched.ruling() is Ruling.OK
    assert branched.summaries() == ["common", "ours", "theirs"]


def test_a_branch_that_only_added_is_rebased(branched):
    branched.on("side")
    branched.git("rebase", "--quiet", "main")
    assert branched.summaries() == ["common", "ours", "theirs"]
    assert guard.guard(branched.root, "main", "HEAD") == ()
    assert seal.seal(branched.house).head.size == 3
    assert branched.ruling() is Ruling.OK


def test_the_same_record_on_two_branches_is_one_record(branched):
    branched.git("cherry-pick", "side")
    branched.commit(sealed=True)
    branched.git("merge", "--quiet", "--no-edit", "side")
    assert branched.summaries() == ["common", "ours", "theirs"]
    assert seal.seal(branched.house).added == 0
    assert branched.ruling() is Ruling.OK


def test_a_squash_that_brings_sealed_records_back_adds_nothing(repository):
    """The trunk sealed what the branch added; squashing the branch once more lays the pending file there again."""
    repository.on("side", new=True)
    repository.file("ours")
    repository.commit()
    repository.on("main")
    repository.git("merge", "--quiet", "--squash", "side")
    trunk = repository.commit(sealed=True)
    sealed = repository.sealed_files()
    assert not list((repository.house.postmortems / "pending").glob("*.json"))
    repository.git("checkout", "side", "--", "postmortems/pending")
    again = repository.commit()
    assert list((repository.house.postmortems / "pending").glob("*.json")), "the pending file is there once more"
    assert repository.ruling() is Ruling.OK
    assert repository.summaries() == ["common", "ours"]
    assert guard.guard(repository.root, trunk, again) == ()
    assert seal.seal(repository.house).added == 0
    assert repository.sealed_files() == sealed
    assert not list((repository.house.postmortems / "pending").glob("*.json"))


def test_reverting_the_commit_that_added_a_sealed_record_changes_nothing_in_the_log(repository, tmp_path):
    record = repository.file("kept")
    added = repository.commit()
    sealed = repository.commit(sealed=True)
    before = repository.sealed_files()
    pending = f"postmortems/pending/{record.id}.json"
    assert repository.git("show", "--format=", "--name-status", added) == f"A\t{pending}"
    repository.git("revert", "--no-edit", added, check=False)
    # What the commit added was moved by the seal: git finds nothing to take away, or asks about that one path.
    assert set(repository.conflicts()) <= {pending}
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--allow-empty", "--message", "reverted")
    assert repository.git("diff", "--name-only", sealed, "HEAD") == ""
    assert repository.sealed_files() == before
    repository.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    for each in (repository, clone):
        assert each.summaries() == ["common", "kept"]
        assert each.ruling() is Ruling.OK
    assert guard.guard(repository.root, sealed, "HEAD") == ()
    assert seal.seal(repository.house).added == 0


def test_reverting_a_record_that_was_not_sealed_is_refused_by_the_guard(repository):
    repository.file("unwanted")
    added = repository.commit()
    repository.git("revert", "--no-edit", added)
    assert [problem.code for problem in guard.guard(repository.root, added, "HEAD")] == [Code.MISSING_ENTRIES]
    assert repository.ruling() is Ruling.OK, "the log alone cannot know"


def test_reverting_a_seal_is_refused_by_the_guard_and_by_memory(repository):
    repository.file("kept")
    repository.commit()
    sealed = repository.commit(sealed=True)
    assert verify.verify(repository.house).verdict.verdict is Ruling.OK
    repository.git("revert", "--no-edit", sealed)
    codes = {problem.code for problem in guard.guard(repository.root, sealed, "HEAD")}
    assert {Code.MISSING_ENTRIES, Code.MISSING_HEAD} <= codes
    assert verify.verify(repository.house).verdict.verdict is Ruling.TAMPERED
    assert repository.ruling() is Ruling.OK, "without memory it reads as a log that never went on"


def both_sealed(repository):
    repository.on("side", new=True)
    repository.file("ours")
    repository.commit(sealed=True)
    repository.on("main")
    repository.file("theirs")
    return repository.commit(sealed=True)


@pytest.mark.parametrize(
    "way",
    [("merge", "--quiet", "side"), ("cherry-pick", "side"), ("merge", "--quiet", "--squash", "side")],
    ids=" ".join,
)
def test_two_sides_that_sealed_conflict_and_rebase_mends_it(repository, way):
    trunk = both_sealed(repository)
    repository.git(*way, check=False)
    assert {"postmortems/checkpoint", "postmortems/log/000000.jsonl"} <= set(repository.conflicts())
    assert repository.ruling() is not Ruling.OK
    with pytest.raises(LogError):
        seal.seal(repository.house)
    done = rebase.rebase(repository.house, trunk, "side")
    assert len(done.waiting) == 1
    repository.commit(sealed=True)
    assert repository.ruling() is Ruling.OK
    assert repository.summaries() == ["common", "ours", "theirs"]
    assert guard.guard(repository.root, trunk, "HEAD") == ()


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_whoever_takes_one_side_of_everything_loses_nothing_unseen(repository, side):
    trunk = both_sealed(repository)
    other = repository.git("rev-parse", "side")
    repository.git("merge", "--quiet", "--no-edit", "-X", side, "side", check=False)
    repository.commit()
    if side == "ours":  # the trunk's log; the other side's entry stands nowhere, and its base says so
        assert {problem.code for problem in guard.guard(repository.root, other, "HEAD")} >= {Code.CHANGED}
    else:
        assert {problem.code for problem in guard.guard(repository.root, trunk, "HEAD")} >= {Code.CHANGED}


def test_a_forge_that_ignores_attributes_cannot_blend_two_logs_unseen(repository):
    """A server merges without the work tree and without `.gitattributes`; a union driver that someone set does worse."""
    trunk = both_sealed(repository)
    other = repository.git("rev-parse", "side")
    merged = repository.git("merge-tree", "--write-tree", trunk, other, check=False)
    assert "CONFLICT" in merged, "two seals touch the same lines: a server refuses the merge"
    (repository.house.postmortems / ".gitattributes").write_text("*.jsonl merge=union\n")
    repository.git("merge", "--quiet", "--no-edit", "side", check=False)
    repository.git("checkout", "--ours", "--", "postmortems/checkpoint")
    repository.commit()
    assert repository.ruling() is Ruling.TAMPERED, "lines of both sides under one side's head"
    assert guard.guard(repository.root, trunk, "HEAD")


def test_a_server_merges_pending_files_without_attributes(branched):
    trunk, other = branched.git("rev-parse", "main"), branched.git("rev-parse", "side")
    tree = branched.git("-c", "core.attributesFile=/dev/null", "merge-tree", "--write-tree", trunk, other)
    made = branched.git("commit-tree", tree, "-p", trunk, "-p", other, "-m", "merged on the server")
    assert guard.guard(branched.root, trunk, made) == ()
    branched.git("reset", "--quiet", "--hard", made)
    seal.seal(branched.house)
    assert branched.summaries() == ["common", "ours", "theirs"]
    assert branched.ruling() is Ruling.OK


@pytest.mark.parametrize("setting", ["core.autocrlf=true", "core.eol=crlf", "core.autocrlf=input"])
def test_no_setting_for_line_ends_reaches_the_log(branched, tmp_path, setting):
    (branched.root / ".gitattributes").write_text("* text=auto\n*.jsonl text\n*.json text\n")
    branched.commit()
    branched.git("clone", "--quiet", "-c", setting, ".", str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    assert clone.sealed_files() == branched.sealed_files()
    assert clone.ruling() is Ruling.OK
    clone.git("config", "user.name", "test")
    clone.git("config", "user.email", "test@localhost")
    clone.file("from a clone")
    added = clone.commit()
    clone.git("push", "--quiet", "origin", f"{added}:refs/heads/from-clone")
    branched.git("merge", "--quiet", "--no-edit", "from-clone")
    seal.seal(branched.house)
    assert branched.ruling() is Ruling.OK


def test_a_shallow_clone_verifies_and_says_what_it_cannot_guard(branched, tmp_path):
    first = branched.git("rev-list", "--max-parents=0", "HEAD")
    branched.git("clone", "--quiet", "--depth=1", f"file://{branched.root}", str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    assert clone.ruling() is Ruling.OK
    assert clone.summaries() == ["common", "theirs"]
    with pytest.raises(UsageError, match="no commit") as told:
        guard.guard(clone.root, first, "HEAD")
    assert "shallow" in told.value.hint


def test_two_records_under_one_id_conflict_where_git_shows_it(repository):
    record = afterbell.Postmortem(summary="ours")
    path = repository.house.postmortems / "log.jsonl"
    repository.on("side", new=True)
    afterbell.append(record, path=path)
    repository.commit()
    repository.on("main")
    afterbell.append(afterbell.Postmortem(id=record.id, summary="theirs"), path=path)
    repository.commit()
    repository.git("merge", "--quiet", "--no-edit", "side", check=False)
    assert repository.conflicts() == [f"postmortems/pending/{record.id}.json"]
    assert repository.ruling() is not Ruling.OK
