import sqlite3

import pytest

from afterbell.disk import search_index

TEXTS = [
    ("a", "the retriever counted three copies"),
    ("b", "No invalidation_monitor; größer als geplant"),
    ("c", "copies of copies of copies"),
]


def look(words, path=None, stamp="1", texts=TEXTS):
    return search_index.search(path, stamp, lambda: texts, words)


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
    ],
)
def test_words_are_words_whatever_they_look_like(words, found):
    assert look(words) == found


def test_the_index_follows_the_log(tmp_path):
    path = tmp_path / "search.sqlite"
    assert look("copies", path) == ("c", "a")
    assert look("copies", path, texts=[]) == ("c", "a"), "the same state is not indexed twice"
    assert look("copies", path, stamp="2", texts=TEXTS[:1]) == ("a",)
    path.write_bytes(b"not a database" * 100)
    assert look("copies", path, stamp="2", texts=TEXTS[:1]) == ("a",)
    assert [child.name for child in tmp_path.iterdir()] == ["search.sqlite"]


def test_a_place_that_cannot_be_written_is_no_obstacle(tmp_path):
    assert look("copies", tmp_path / "gone" / "search.sqlite") == ("c", "a")
    assert sqlite3.sqlite_version_info >= (3, 9)
