"""Words and filters go in, records come out; the file may be damaged, old or impossible."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from afterbell.disk import search_index
from afterbell.disk.search_index import Kept, Wanted
from afterbell.query.records import Row

FILED = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
TEXTS = {
    "a": "the retriever counted three copies of SYNTHETIC_A",
    "b": "No invalidation_monitor; größer als geplant",
    "c": "copies of copies of copies",
}


def kept(name, text, number=None, **changes):
    base = {"id": name, "created": FILED, "status": "complete", "root_cause": "cost", "summary": text,
            "trigger": "drawdown", "modes": ("token_runaway",), "trace_ids": ()}  # fmt: skip
    return Kept(row=Row(**{**base, **changes}), text=text, number=number)


def filler(rows, stamp="1"):
    def follow(index):
        if index.known() == stamp:
            return
        with index.change() as change:
            change.empty()
            for each in rows:
                change.keep(each)
            change.know(stamp)

    return follow


def every():
    return [kept(name, text) for name, text in TEXTS.items()]


def look(words, path=None, stamp="1", rows=None, wanted=None, first=0, most=10):
    with search_index.opened(path, filler(every() if rows is None else rows, stamp)) as index:
        return index.search(words, wanted or Wanted(), first, most)


def ids(hits):
    return tuple(hit.row.id for hit in hits.found)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("copies", ("c", "a")),
        ("retriever copies", ("a",)),
        ("retriev*", ("a",)),
        ('"three copies"', ("a",)),
        ("invalidation_monitor", ("b",)),
        ("grosser", ()),
        ("großer", ("b",)),
        ("grö*", ("b",)),
        ("nothing here", ()),
        ('"', ()),
        ("* OR NOT ( NEAR", ()),
        ('a" OR body:*', ()),
        ("copies\0three", ("a",)),
    ],
)
def test_words_are_words_whatever_they_look_like(words, found):
    assert ids(look(words)) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "dcba"),
        ({"mode": "token_runaway"}, "cba"),
        ({"mode": "prompt_drift"}, "d"),
        ({"cause": "security"}, "d"),
        ({"trigger": "token_overrun"}, "d"),
        ({"status": "incomplete"}, "d"),
        ({"since": FILED}, "dcba"),
        ({"since": FILED + timedelta(microseconds=1)}, "d"),
        ({"ticker": "synthetic_a"}, "a"),
        ({"ticker": "SYNTHETIC"}, ""),
        ({"ticker": ""}, ""),
        ({"cause": "cost", "mode": "prompt_drift"}, ""),
        ({"cause": "security", "mode": "prompt_drift", "trigger": "token_overrun"}, "d"),
        ({"cause": "' OR 1 --"}, ""),
    ],
)
def test_filters_hold_with_words_and_without(wanted, found):
    other = kept("d", "copies again", created=FILED + timedelta(days=1), status="incomplete", root_cause="security",
                 trigger="token_overrun", modes=("prompt_drift", "prompt_drift"))  # fmt: skip
    rows = [*every(), other]
    with search_index.opened(None, filler(rows)) as index:
        listed = index.listed(Wanted(**wanted), 0, 10, newest=True)
    assert ("".join(ids(listed)), listed.total) == (found, len(found))
    by_words = look("copies", rows=rows, wanted=Wanted(**wanted))
    assert set(ids(by_words)) == set(found) - {"b"}


def test_pages_hold_every_record_once_and_say_how_many_there_are():
    rows = [kept(f"r{number:02}", f"copy {number}", number, created=FILED + timedelta(hours=number)) for number in range(25)]  # fmt: skip
    pages = [look("copy", rows=rows, first=first, most=10) for first in (0, 10, 20, 30)]
    assert [page.total for page in pages] == [25] * 4
    assert sorted(name for page in pages for name in ids(page)) == [each.row.id for each in rows]
    assert [len(page.found) for page in pages] == [10, 10, 5, 0]
    with search_index.opened(None, filler(rows)) as index:
        newest = index.listed(Wanted(), 3, 2, newest=True)
        of_log = index.listed(Wanted(), 3, 2, newest=False)
    assert (ids(newest), ids(of_log)) == (("r21", "r20"), ("r03", "r04"))


def test_what_was_asked_for_is_marked_in_its_context():
    (hit,) = look("monitor* invalidation_monitor", rows=[kept("a", "x \x02no\x03 invalidation_monitor here")]).found or (None,)  # fmt: skip
    assert hit is None  # tokens hold the underscore: monitor* is no beginning of it
    (hit,) = look("invalidation_monitor", rows=[kept("a", "x \x02no\x03 invalidation_monitor here")]).found
    assert hit.excerpt == (("x  no  ", False), ("invalidation_monitor", True), (" here", False))


def test_a_record_can_be_replaced_and_forgotten(tmp_path):
    path = tmp_path / "search.sqlite"
    assert ids(look("copies", path)) == ("c", "a")

    def follow(index):
        with index.change() as change:
            change.forget("c")
            change.forget("nobody")
            change.forget("a")
            change.keep(kept("a", "one original", modes=()))
            change.know("2")

    with search_index.opened(path, follow) as index:
        assert ids(index.search("copies", Wanted(), 0, 9)) == ()
        assert ids(index.search("original", Wanted(), 0, 9)) == ("a",)
        assert ids(index.listed(Wanted(mode="token_runaway"), 0, 9, newest=True)) == ("b",)
        assert index.counts(["copies", "original"]) == (2, {"original": 1})


def test_a_change_that_fails_leaves_everything_as_it_was(tmp_path):
    path = tmp_path / "search.sqlite"
    look("copies", path)

    def follow(index):
        if index.known() == "1":
            with index.change() as change:
                change.empty()
                raise KeyError

    with pytest.raises(KeyError), search_index.opened(path, follow):
        pass
    assert ids(look("copies", path)) == ("c", "a")


def test_the_index_is_made_anew_where_its_file_is_damaged_or_of_another_version(tmp_path):
    path = tmp_path / "search.sqlite"
    assert ids(look("copies", path)) == ("c", "a")
    assert ids(look("copies", path, rows=[])) == ("c", "a"), "what is known is not read twice"
    path.write_bytes(b"not a database" * 100)
    assert ids(look("copies", path, stamp="2", rows=every()[:1])) == ("a",)
    path.unlink()
    old = sqlite3.connect(path)
    old.execute("CREATE TABLE state (stamp TEXT)")
    old.commit()
    old.close()
    assert ids(look("copies", path)) == ("c", "a")
    assert [child.name for child in tmp_path.iterdir()] == ["search.sqlite"]


def test_a_place_that_cannot_be_written_is_no_obstacle(tmp_path):
    assert ids(look("copies", tmp_path / "gone" / "search.sqlite")) == ("c", "a")


@pytest.mark.parametrize(
    "ticker", ["BTC/USD", "BRK.B", "^GSPC", "$", "X\u0301Y", 'A"B', "\u05d0\u05d1", "ES=F", "a_b", "\0", "%"]
)
def test_a_ticker_of_any_spelling_is_found_where_it_stands(ticker):
    rows = [
        kept("a", f"Bought {ticker} at the open."),
        kept("b", f"Bought x{ticker}y at the open."),
        kept("c", "Sold."),
    ]
    with search_index.opened(None, filler(rows)) as index:
        assert ids(index.listed(Wanted(ticker=ticker), 0, 9, newest=True))[-1:] == ("a",)
        assert "a" in ids(index.search("bought", Wanted(ticker=ticker), 0, 9))
        assert ids(index.listed(Wanted(ticker=f"{ticker}Q"), 0, 9, newest=True)) == ()
