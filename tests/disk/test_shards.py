import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afterbell.disk import commits, shards, spool
from afterbell.errors import StoreError
from afterbell.model.books import Flow
from afterbell.model.trace import LogRecord, Span

BUCKETS = 16


def kept(source, sha256):
    return commits.Kept(source=source, sha256=sha256, received_sha256=sha256, received_size=0, size=0, stored_size=0,
                        name=sha256, format="f", parser="p", received_at="")  # fmt: skip


def publish(store, number, items, sources=(0,), spoiled=()):
    """Spool and publish items (of evidence 0; `spoiled` of evidence 1, which no commit names)."""
    directory = store / f"spool{number}"
    directory.mkdir(parents=True)
    made, tally = spool.Spool(directory, BUCKETS), spool.Tally()
    made.add(items, 0, tally)
    made.add(spoiled, 1, tally)
    made.flush()
    made.close()
    parts = shards.publish(directory, store, number, tally.longest, sources)
    evidence = tuple(kept(source, f"sha{number}-{source}") for source in sources)
    return commits.Commit(version=1, number=number, created="", evidence=evidence, parts=parts)


def read(store, history, bucket=None):
    return {
        trace.trace_id: trace
        for each in (range(BUCKETS) if bucket is None else (bucket,))
        for trace in shards.physical(store, history, each)
    }


def span(trace, number, **more):
    return Span(trace_id=f"{trace:032x}", span_id=f"{number:016x}", start_ns=1000 + number, evidence="sha1-0", **more)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.text(st.characters(exclude_categories=("Cs",)), max_size=6),
                                st.text(st.characters(exclude_categories=("Cs",)), max_size=150)), max_size=20))  # fmt: skip
def test_any_text_comes_back_from_parquet(tmp_path_factory, all_attributes):
    store = tmp_path_factory.mktemp("store")
    made = [span(number << 100, number, attributes=each, name=str(each)) for number, each in enumerate(all_attributes)]
    found = read(store, [publish(store, 1, made)], bucket=0)
    assert [one for number in range(len(made)) for one in found[f"{number << 100:032x}"].spans] == made


def test_a_trace_lies_in_one_bucket_whatever_commits_brought_it(tmp_path):
    traces = [number << 96 for number in range(6)]
    first = publish(tmp_path, 1, [span(trace, 1) for trace in traces])
    second = publish(tmp_path, 2, [LogRecord(trace_id=f"{trace:032x}", time_ns=5) for trace in traces])
    seen = {}
    for bucket in range(BUCKETS):
        for trace in shards.physical(tmp_path, (first, second), bucket):
            assert trace.trace_id not in seen
            seen[trace.trace_id] = (len(trace.spans), len(trace.logs), trace.logs[0].evidence)
    assert seen == {f"{trace:032x}": (1, 1, "sha2-0") for trace in traces}


def test_texts_are_kept_once_per_trace_and_found_again(tmp_path):
    long = "y" * 500
    made = [span(7, number, attributes={"a": long, "b": long}) for number in range(50)]
    commit = publish(tmp_path, 1, made)
    assert [part.rows for part in commit.parts if part.table == "texts"] == [1]
    assert list(read(tmp_path, [commit])[made[0].trace_id].spans) == made


def test_rows_of_sources_that_no_commit_names_are_left_out(tmp_path):
    commit = publish(tmp_path, 1, [span(1, 1)], spoiled=[span(1, 2), span(2 << 100, 3)])
    assert {trace: len(found.spans) for trace, found in read(tmp_path, [commit]).items()} == {f"{1:032x}": 1}


def test_a_large_bucket_is_several_parts_and_reads_as_one(tmp_path, monkeypatch):
    made = [span(1 + number % 5, number, attributes={"a": f"{number} " * 100}) for number in range(400)]
    whole = publish(tmp_path / "whole", 1, made)
    monkeypatch.setattr(spool, "ROTATE_AT", 9000)
    monkeypatch.setattr(spool, "_FLUSH_AT", 3000)
    monkeypatch.setattr(shards, "LARGEST_PART", 20_000)
    several = publish(tmp_path / "several", 1, made)
    assert len(several.parts) > 4 > len(whole.parts)
    assert all(part.size <= 20_000 for part in several.parts)
    assert read(tmp_path / "several", [several], 0) == read(tmp_path / "whole", [whole], 0)


def test_only_the_wanted_traces_are_read(tmp_path):
    commit = publish(tmp_path, 1, [span(number, number) for number in range(1, 9)])
    wanted = f"{3:032x}"
    assert [trace.trace_id for trace in shards.physical(tmp_path, [commit], 0, [wanted])] == [wanted]


def test_books_keep_their_order(tmp_path):
    rows = [Flow(at="2026-01-05T00:00:00Z", kind="deposit", row=number) for number in range(3000)]
    commit = publish(tmp_path, 1, rows)
    found = shards.query(tmp_path, [commit], "flows", "SELECT json_extract(body, '$.row')::INT FROM t")
    assert [number for (number,) in found] == list(range(3000))


def test_a_missing_or_damaged_part_is_said(tmp_path):
    commit = publish(tmp_path, 1, [span(1, 1)])
    part = tmp_path / commit.parts[0].file
    part.write_bytes(b"PAR1 no longer")
    with pytest.raises(StoreError, match="cannot be read"):
        read(tmp_path, [commit])
    part.unlink()
    with pytest.raises(StoreError, match="cannot be read"):
        read(tmp_path, [commit])


def test_what_is_too_long_for_a_row_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "LONGEST_ROW", 2000)
    monkeypatch.setattr(spool, "LONGEST_TEXT", 2000)
    monkeypatch.setattr(spool, "_SUSPECT", 100)
    made, tally = spool.Spool(tmp_path, BUCKETS), spool.Tally()
    made.add([span(1, 1, attributes={"a": ["z"] * 900}, position=4), span(1, 2, attributes={"a": "\x01" * 400}, position=5),
              span(1, 3, attributes={"a": "z" * 900}, position=6)], 0, tally)  # fmt: skip
    made.close()
    assert (tally.spans, tally.too_long) == (1, [4, 5])


def test_a_history_is_whole_after_a_row_that_was_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "LONGEST_ROW", 2000)
    first = '[{"a":"' + "x" * 200 + '"}]'
    grown = first[:-1] + ',{"b":"' + "y" * 200 + '"}]'
    made = [span(1, 1, attributes={"in": first, "much": ["z"] * 900}), span(1, 2, attributes={"in": grown})]
    commit = publish(tmp_path, 1, made)
    (found,) = read(tmp_path, [commit]).values()
    assert [each.attributes for each in found.spans] == [{"in": grown}]


def test_nothing_is_written_outside_the_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    publish(tmp_path / "store", 1, [span(1, 1)])
    assert os.listdir(tmp_path) == ["store"]
