"""What says throttled, and what only looks like it."""

import orjson
import pytest

from afterbell.reading.throttles.notices import limit_notice, names_limit, throttled_error


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (429, "", ""),
        (503, "", ""),
        (529, "OverloadedError", ""),
        (None, "openai.RateLimitError", ""),
        (None, "google.api_core.exceptions.ResourceExhausted", "quota"),
        (None, "ThrottlingException", "Too many tokens"),
        (None, "APIError", "Error code: 429 - insufficient_quota"),
        (None, "anthropic.APIStatusError", "{'type': 'overloaded_error', 'message': 'Overloaded'}"),
        (500, "InternalServerError", "overloaded_error"),
    ],
)
def test_a_throttle(status, kind, said):
    assert throttled_error(status, kind, said)


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (400, "BadRequestError", "rate limit tier not allowed"),
        (401, "AuthenticationError", ""),
        (403, "PermissionDenied", "quota exceeded"),
        (404, "NotFoundError", ""),
        (422, "", ""),
        (500, "InternalServerError", "The server had an error"),
        (None, "BadRequestError", "maximum context length is 8192; rate limit"),
        (None, "APITimeoutError", "Request timed out."),
        (None, "", ""),
    ],
)
def test_another_fault(status, kind, said):
    assert not throttled_error(status, kind, said)


@pytest.mark.parametrize(
    "body",
    [
        '{"Note": "Our standard API call frequency is 5 calls per minute and 500 calls per day."}',
        '{"Information": "We have detected your key; the rate limit is 25 requests per day."}',
        '{"error": "API limit reached. Please try again later. Remaining Limit: 0"}',
        '{"status": "ERROR", "error": "You\'ve exceeded the maximum requests per minute, please wait or upgrade."}',
        '{"code": 429, "message": "slow down"}',
        '{"error": {"type": "too_many_requests", "message": "Too Many Requests"}}',
        "429 Client Error: Too Many Requests for url: https://data.example/v1/bars",
        "Too Many Requests. Rate limited. Try after a while.",
        "Rate limit exceeded",
        '{"code": 429, "articles": []}',
        "请求过于频繁，请稍后再试",
        "\"{'error': 'rate limit exceeded'}\"",
    ],
)
def test_a_body_that_is_a_notice(body):
    start, end = limit_notice(body)
    assert body[start:end].strip()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"close": "12.1"}',
        '{"articles": [{"title": "Chat service: rate limit exceeded, users say"}]}',
        orjson.dumps({"text": "The provider's rate limit was exceeded. " * 60}).decode(),
        "A long report. " * 60 + "The exchange said that too many requests had reached it.",
        '{"code": 200, "message": "ok"}',
        '{"volume": 429, "close": 503}',
        "Symbol not found",
        '{"error": "context length exceeded"}',
    ],
)
def test_a_body_that_is_none(body):
    assert limit_notice(body) is None


@pytest.mark.parametrize("reason", ["rate_limit", "quota", "overloaded", "HTTP 429", "insufficient_quota", "throttled"])
def test_reasons_of_a_limit(reason):
    assert names_limit(reason)


@pytest.mark.parametrize("reason", ["", "timeout", "error", "position limit", "not configured", "cost"])
def test_other_reasons(reason):
    assert not names_limit(reason)
