import os
import subprocess
from datetime import UTC, datetime

from afterbell.disk import git


def test_a_commit_is_known_only_where_a_ref_reaches_it(tmp_path):
    (tmp_path / "prompt.txt").write_text("no prices")
    sha = git.start(tmp_path, "first")
    assert git.head(tmp_path) == sha
    asked = git.commits(tmp_path, [sha, sha[:9], "0" * 40, "not a sha; rm -rf", "--help"])
    assert asked == {sha: True, sha[:9]: True, "0" * 40: False}


def test_outside_a_repository_nothing_is_said(tmp_path):
    assert git.commits(tmp_path, ["0" * 40]) == {}
    assert git.head(tmp_path) == ""


def test_commits_since_a_moment_come_the_latest_first_whatever_their_titles_hold(tmp_path):
    (tmp_path / "prompt.txt").write_text("no prices")
    sha = git.start(tmp_path, "first")
    odd = "second \u2028 third \x0c fourth \x1c \x85 fifth <b>"
    who = ["-c", "user.name=desk", "-c", "user.email=desk@example.com"]
    subprocess.run(["git", "-C", tmp_path, *who, "commit", "-q", "--allow-empty", "-m", odd], check=True)
    found = git.since(tmp_path, datetime(2020, 1, 1, tzinfo=UTC), 9)
    assert {each.sha for each in found} == {git.head(tmp_path), sha}
    assert odd in [each.title for each in found]
    assert len(git.since(tmp_path, datetime(2020, 1, 1, tzinfo=UTC), 1)) == 1
    assert git.since(tmp_path, datetime(2099, 1, 1, tzinfo=UTC), 9) == ()


def test_a_commit_of_a_year_that_no_calendar_holds_is_passed_over(tmp_path):
    (tmp_path / "prompt.txt").write_text("no prices")
    sha = git.start(tmp_path, "first")
    who = ["-c", "user.name=desk", "-c", "user.email=desk@example.com"]
    late = {**os.environ, "GIT_COMMITTER_DATE": "@299402300800 +0000"}
    command = ["git", "-C", tmp_path, *who, "commit", "-q", "--allow-empty", "-m", "of another age"]
    subprocess.run(command, check=True, env=late)
    assert [each.sha for each in git.since(tmp_path, datetime(2020, 1, 1, tzinfo=UTC), 9)] == [sha]


def test_where_there_is_no_repository_or_no_commit_none_is_found(tmp_path):
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    assert git.since(tmp_path, moment, 9) == ()
    subprocess.run(["git", "-C", tmp_path, "init", "-q"], check=True)
    assert git.since(tmp_path, moment, 9) == ()
