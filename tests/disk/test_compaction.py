import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.disk import commits, compaction, shards, spool
from afterbell.disk.commits import Commit, Kept, PartFile
from afterbell.model.books import Flow
from afterbell.model.trace import LogRecord, Span

BUCKETS = 16


def with_rows(number, rows):
    part = PartFile(table="spans", bucket=0, file=f"{number}", rows=rows)
    return Commit(version=1, number=number, created="", evidence=(), parts=(part,))


@given(st.lists(st.integers(0, 10**6), max_size=80))
def test_what_is_due_are_the_youngest_and_old_giants_stay(rows):
    history = [with_rows(number, count) for number, count in enumerate(rows, 1)]
    young = list(compaction.due(history))
    assert young == history[len(history) - len(young) :]
    assert len(young) != 1
    if len(history) <= compaction.MOST_COMMITS:
        assert not young


def test_equal_commits_become_one_and_a_giant_is_left_alone():
    history = [with_rows(1, 10**6), *(with_rows(number, 10) for number in range(2, 40))]
    assert [commit.number for commit in compaction.due(history)] == list(range(2, 40))


@pytest.fixture
def store(tmp_path):
    """Three commits: a trace that all have a part of, a book, and numbers of sources with gaps."""
    history = []
    for number in (1, 2, 3):
        directory = tmp_path / f"spool{number}"
        directory.mkdir()
        made, tally = spool.Spool(directory, BUCKETS), spool.Tally()
        for source in (1, 4):
            items = [
                Span(trace_id="0" * 31 + "1", span_id=f"{number}{source}".zfill(16), start_ns=100 - number,
                     attributes={"text": f"{number} {source} " * 50}),
                LogRecord(trace_id=f"{number:032x}", time_ns=number, body=source),
                Flow(at="2026-01-05T00:00:00Z", kind="deposit", row=number * 10 + source),
            ]  # fmt: skip
            made.add(items, source, tally)
        made.flush()
        made.close()
        evidence = tuple(
            Kept(source=source, sha256=f"sha{number}-{source}", received_sha256="", received_size=0, size=0,
                 stored_size=0, name="", format="", parser="", received_at="")
            for source in (1, 4)
        )  # fmt: skip
        parts = shards.publish(directory, tmp_path, number, tally.longest, [1, 4])
        history.append(Commit(version=1, number=number, created="", evidence=evidence, parts=parts))
        commits.write(tmp_path / "commits", history[-1])
    return tmp_path


def everything(store):
    history = commits.read_all(store / "commits")
    traces = [trace for bucket in range(BUCKETS) for trace in shards.physical(store, history, bucket)]
    names = {(commit.number, kept.source): kept.sha256 for commit in history for kept in commit.evidence}
    books = [(names[commit.number, source], body) for commit in history
             for source, body in shards.query(store, [commit], "flows", "SELECT source, body FROM t")]  # fmt: skip
    return traces, books


def test_a_merged_store_says_the_same_in_fewer_files(store):
    before = everything(store)
    assert [span.evidence for span in before[0][0].spans][:2] == ["sha3-1", "sha3-4"]
    history = commits.read_all(store / "commits")
    merged = compaction.merged(store, history, store / "scratch", "")
    assert everything(store) == before
    commits.write(store / "commits", merged)
    assert commits.read_all(store / "commits") == (merged,)
    assert everything(store) == before
    assert len(merged.parts) < sum(len(commit.parts) for commit in history) / 2
    for commit in history:  # a sweep in any order, ended at any point
        commits.place(store / "commits", commit.number).unlink()
        assert everything(store) == before
    assert commits.next_number((merged,)) == 5


def test_a_merged_commit_is_merged_again_with_later_ones(store):
    before = everything(store)
    history = commits.read_all(store / "commits")
    first = compaction.merged(store, history[1:], store / "scratch", "")
    commits.write(store / "commits", first)
    assert everything(store) == before
    both = compaction.merged(store, (history[0], first), store / "scratch", "")
    commits.write(store / "commits", both)
    assert (both.first, both.number) == (1, 5)
    assert everything(store) == before
    commits.sweep(store / "commits", (both,))
    assert everything(store) == before
