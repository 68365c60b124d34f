from __future__ import annotations

import pytest

from afterbell.formats.failure import failure, http_status
from afterbell.model.trace import Span, SpanEvent


def span(**fields):
    return Span(trace_id="t", span_id="s", **fields)


RAISED = (SpanEvent(name="exception", attributes={"exception.type": "Boom", "exception.message": "it broke"}),)


@pytest.mark.parametrize(
    ("given", "logged", "expected"),
    [
        (span(), (), ("", "")),
        (span(events=RAISED), (), ("", "")),
        (span(status_code=2), (), ("_OTHER", "")),
        (span(status_code=2, events=RAISED), (), ("Boom", "it broke")),
        (span(status_code=2, status_message="said"), (), ("_OTHER", "said")),
        (span(attributes={"error.type": "429"}), (), ("429", "")),
        (span(), ({"exception.type": "Late", "exception.message": "m"},), ("Late", "m")),
    ],
)
def test_failure(given, logged, expected):
    assert failure(given, given.attributes, logged) == expected


@pytest.mark.parametrize(
    ("facts", "kind", "said", "status"),
    [
        ({"http.response.status_code": 503}, "", "", 503),
        ({"http.status_code": "200"}, "", "", 200),
        ({}, "429", "", 429),
        ({}, "RateLimitError", "Error code: 429 - slow down", 429),
        ({}, "ServerError", "HTTP 503 Service Unavailable", 503),
        ({}, "KeyError", "order 429 not found", None),
        ({}, "", "Error code: 429", None),
    ],
)
def test_http_status(facts, kind, said, status):
    assert http_status(facts, kind, said) == status
