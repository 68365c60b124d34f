from __future__ import annotations

from decimal import Decimal

import pytest

from afterbell.formats import retrieved
from afterbell.model.calls import Source
from afterbell.model.vocabulary import ContentState


def at(field):
    return Source(trace_id="t", span_id="s", field=field)


@pytest.mark.parametrize(
    ("entry", "published"),
    [
        ({"published_at": "2026-01-05T09:00:00Z"}, "2026-01-05T09:00:00Z"),
        ({"publishedAt": "2026-01-05"}, "2026-01-05"),
        ({"metadata": {"pubDate": "Mon, 05 Jan 2026 09:00:00 GMT"}}, "Mon, 05 Jan 2026 09:00:00 GMT"),
        ({"metadata": '{"providerPublishTime": 1767603600}'}, "1767603600"),
        ({"metadata": {"trading.document.published_at": "2026-01-05T09:00:00Z"}}, "2026-01-05T09:00:00Z"),
        ({"metadata": "not json"}, ""),
        ({}, ""),
    ],
)
def test_publication_time_under_usual_names(entry, published):
    assert retrieved.document(entry, at).published_at == published


def test_facts_of_a_document():
    found = retrieved.document(
        {"id": 7, "headline": "Guidance raised", "page_content": "Up.", "source": {"name": "wire"}, "score": "0.5",
         "link": "https://example.invalid/7", "sha256": "ab", "units": "thousands"},
        at, rank=2,
    )  # fmt: skip
    assert (found.doc_id, found.title, found.text, found.publisher) == ("7", "Guidance raised", "Up.", "wire")
    assert (found.url, found.stated_sha256, found.rank) == ("https://example.invalid/7", "ab", 2)
    assert found.score == Decimal("0.5")
    assert found.metadata["units"] == "thousands"
    assert found.source.field == ".page_content"


@pytest.mark.parametrize(
    ("text", "state"),
    [("[REDACTED]", ContentState.REDACTED), ("", ContentState.NOT_CAPTURED), ("x", ContentState.CAPTURED)],
)
def test_state(text, state):
    assert retrieved.document({"content": text}, at).state is state


def test_span_attributes_describe_the_only_document():
    stated = {"trading.document.units": "millions", "trading.document.title": "10-Q"}
    (one,) = retrieved.on_span([{"content": "x"}], stated, at, "docs")
    assert (one.title, one.metadata["units"], one.source.field) == ("10-Q", "millions", "docs[0].content")
    (alone,) = retrieved.on_span(None, stated, at, "docs")
    assert (alone.title, alone.text) == ("10-Q", "")
    two = retrieved.on_span([{"content": "x"}, "y"], stated, at, "docs")
    assert [(document.title, document.text) for document in two] == [("", "x"), ("", "y")]


def test_a_text_that_ends_inside_its_json_is_cut():
    (cut,) = retrieved.documents([{"text": '[{"title": "A plant opens", "te'}], at)
    assert cut.state is ContentState.TRUNCATED
