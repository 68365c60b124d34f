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
