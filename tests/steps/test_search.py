"""The index follows the log: what is added, amended, sealed, erased, changed in place or gone."""

import msgspec
import pytest

import afterbell
from afterbell.disk.house import House
from afterbell.errors import LogError, UsageError
from afterbell.steps import erase, following, init, records, seal, search, similar
from afterbell.steps.search import Wanted


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "desk")
    init.init(made)
    made.make_store()
    return made


def file(house, summary, **facts):
    return afterbell.append(afterbell.Postmortem(summary=summary, **facts), path=house.postmortems / "log.jsonl").id


def amend(house, record, note):
    afterbell.amend(record, note, path=house.postmortems / "log.jsonl")


def found(house, words, **wanted):
    return [row.id for row in search.search(house, words, Wanted(**wanted))]


def listed(house):
    return [row.id for row in search.listed(house)]


def test_records_are_found_as_they_are_filed_amended_and_sealed(house):
    first = file(house, "Loss in SYNTHETIC_A after a stale quote.", root_cause="cost")
    assert found(house, "stale") == [first]
    amend(house, first, "The replay shows a torn cable.")
    assert found(house, "torn cable") == found(house, "stale") == [first]
    seal.seal(house)
    assert found(house, "torn cable") == [first]
    second = file(house, "Loss in SYNTHETIC_B.", root_cause="security")
    assert (found(house, "loss", cause="security"), listed(house)) == ([second], [first, second])
    seal.seal(house)
    amend(house, first, "A second cable.")
    assert found(house, "second cable") == [first]
    assert (search.listed(house)[0].addenda, listed(house)) == (2, [first, second])


def test_the_index_says_what_reading_the_whole_log_says(house):
    for number in range(6):
        record = file(house, f"Loss number {number} in SYNTHETIC_A.", root_cause="cost")
        search.listed(house)
        amend(house, record, f"note {number}")
        if number % 2:
            seal.seal(house)
        search.listed(house)
    grown = search.listed(house)
    (house.store / "search.sqlite").unlink()
    assert search.listed(house) == grown


def test_a_pending_record_that_is_taken_away_is_no_longer_found(house):
    kept = file(house, "Loss in SYNTHETIC_A.")
    gone = file(house, "Loss in SYNTHETIC_B.")
    assert sorted(listed(house)) == sorted([kept, gone])
    (house.postmortems / "pending" / f"{gone}.json").unlink()
    assert listed(house) == [kept]


def test_an_erased_text_leaves_the_index_too(house):
    record = file(house, "A secret about SYNTHETIC_A.")
    other = file(house, "Another loss.")
    seal.seal(house)
    assert found(house, "secret") == [record]
    erase.erase(house, record, "it names a person")
    seal.seal(house)
    assert (found(house, "secret"), listed(house)) == ([], [other])
    assert b"secret" not in (house.store / "search.sqlite").read_bytes()


def test_a_line_that_was_changed_in_place_is_read_again(house):
    file(house, "Loss in SYNTHETIC_A after a stale quote.")
    seal.seal(house)
    assert len(found(house, "stale")) == 1
    segment = house.postmortems / "log" / "000000.jsonl"
    segment.write_bytes(segment.read_bytes().replace(b"stale", b"fresh one"))
    assert (len(found(house, "stale")), len(found(house, "fresh"))) == (0, 1)
    segment.write_bytes(b"{}\n")
    with pytest.raises(LogError):
        found(house, "fresh")


def test_a_house_without_a_store_can_be_searched(tmp_path):
    house = House(tmp_path / "desk")
    record = file(house, "Loss in SYNTHETIC_A.")
    assert (found(house, "loss"), house.store.exists()) == ([record], False)


def test_similar_records_come_first_and_say_what_they_share(house):
    common = {"root_cause": "cost"}
    first = file(house, "The retriever counted copies of one article in SYNTHETIC_A.", **common)
    near = file(house, "Copies of one article again misled the retriever.", **common)
    far = file(house, "The gateway was throttled for an hour and the retriever waited.", root_cause="operational")
    file(house, "Nothing of the kind.", root_cause="operational")
    file(house, "Position was held through the close.", root_cause="operational")
    got = similar.similar(house, first)
    assert [each.row.id for each in got][:2] == [near, far]
    assert first not in [each.row.id for each in got]
    assert {"copies", "article"} <= set(got[0].words)
    assert (got[0].cause, got[1].cause) == (True, False)
    assert got[0].score > got[1].score > 0
    (shape, *_rest) = similar.as_json(got)
    row = msgspec.to_builtins(search.search(house, "misled")[0])
    assert {name: shape[name] for name in row} == row
    with pytest.raises(UsageError):
        similar.similar(house, "nothing-of-this-name")


def test_a_whole_id_is_one_record_also_where_another_begins_with_it(house):
    file(house, "First.", id="loss-1")
    file(house, "Second.", id="loss-12")
    assert [each.record.summary for each in records.matching(house, "loss-1")] == ["First."]
    assert sorted(each.record.summary for each in records.matching(house, "loss")) == ["First.", "Second."]
    assert list(records.matching(house, "los")) == []


def test_views_follow_the_log_as_the_index_does(house):
    views = following.Views(house)
    assert views.now() == ()
    for number in range(3):
        record = file(house, f"Loss number {number}.")
        amend(house, record, f"note {number}")
        if number:
            seal.seal(house)
        assert views.now() == tuple(each.view for each in records.filed(house))
    erase.erase(house, record, "it names a person")
    seal.seal(house)
    assert views.now() == tuple(each.view for each in records.filed(house))
    assert len(views.now()) == 2
