"""Secrets go, everything else stays: JSON stays JSON, protobuf stays protobuf, ordinary ids and figures stay."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, TracesData

from afterbell.formats.content import state_of_text
from afterbell.model.vocabulary import ContentState
from afterbell.reading.secrets import mask, redact
from afterbell.reading.secrets.frames import Leaves

BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
PEM = f"-----BEGIN PRIVATE KEY-----\n{BODY}\n{BODY[::-1]}\n{BODY}\n-----END PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
KEYS = {
    "private_key": PEM,
    "anthropic_key": "sk-ant-api03-Zx9Zx8Zx7Zx6Zx5Zx4Zx3Zx2Zx1Zx0AB",
    "openai_key": "sk-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4",
    "aws_key_id": "AKIAQ3EGSYNTHETIC42Q"[:20],
    "github_token": "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "gitlab_token": "glpat-a1B2c3D4e5F6g7H8i9J0",
    "slack_token": "xoxb-123456789012-abcdefGHIJKL",
    "google_key": "AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
    "jwt": JWT,
    "langsmith_key": "lsv2_pt_0123456789abcdef0123456789abcdef_0123456789",
    "telegram_token": "12345678:AAF1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
}
IN_CONTEXT = (
    ('{"api_key": "PK1Q2W3E4R5T6Y7U8I9O"}', "PK1Q2W3E4R5T6Y7U8I9O", "api_key"),
    ('{"APCA-API-SECRET-KEY":"aB1cD2eF3gH4iJ5kL6mN7oP8"}', "aB1cD2eF3gH4iJ5kL6mN7oP8", "secret"),
    (
        '{"key":"http.request.header.x-api-key","value":{"stringValue":"q1w2e3r4t5y6u7i8"}}',
        "q1w2e3r4t5y6u7i8",
        "api_key",
    ),
    ('{"x":"{\\"client_secret\\": \\"q1w2e3r4t5y6u7i8\\"}"}', "q1w2e3r4t5y6u7i8", "secret"),
    (
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYX",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYX",
        None,
    ),
    ("Authorization: Bearer q1w2e3r4t5y6u7i8o9p0", "q1w2e3r4t5y6u7i8o9p0", None),
    ("authorization: Basic dXNlcjpodW50ZXIy", "dXNlcjpodW50ZXIy", "basic_auth"),
    ("GET /query?function=X&apikey=A1B2C3D4E5F6G7H8&symbol=Y", "A1B2C3D4E5F6G7H8", "api_key"),
    ("postgres://afterbell:hunter2@db.example/x", "hunter2", "url_password"),
    ("redis://:s3cr3t@cache.example:6379", "s3cr3t", "url_password"),
    ("amqp://bot:pa55@mq.example", "pa55", "url_password"),
    ("password=Tr0ub4dor!3", "Tr0ub4dor!3", "password"),
    ('{"access_token": "q1w2e3r4t5y6u7i8o9"}', "q1w2e3r4t5y6u7i8o9", "token"),
    ('{"private_key": "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"}', "4c0883a69102937d", None),
    (
        "mnemonic: " + " ".join(["apple", "brave", "cabin", "delta"] * 3),
        "apple brave cabin delta apple",
        "wallet_phrase",
    ),
)
ORDINARY = (
    b'{"gen_ai.usage.input_tokens": 123456789012, "total_tokens": 1234, "max_token": 4096}',
    b'{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7"}',
    b'{"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}',
    b'{"id":"call_a1B2c3D4e5F6g7H8i9J0","t":"toolu_01A2B3C4D5E6F7G8H9J0","m":"msg_01A2B3C4D5E6F7G8"}',
    b'{"image":"' + base64.b64encode(bytes(range(256)) * 4) + b'"}',
    b'{"token": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", "next_page_token": "CAUQAAa1b2c3d4e5f6"}',
    b'{"token": " confidence", "logprob": -0.12, "bytes": [32, 99]}',
    b'api_key = os.environ["OPENAI_API_KEY"]; password = "required"; token = settings.auth.token',
    b'{"password": {"type": "string"}, "secret": "${SECRET_VALUE_1234}", "api_key": "your-api-key-1234567"}',
    b"the bearer of instruments; task-sk-based-processing-of-orders-in-2026-01; sk-learn-contrib-some-package",
    b"https://news.example/a:b@c and https://finance.example:443@evil.example/login",
    b"-----BEGIN PRIVATE KEY----- is how such a file begins.",
    b"\x00\xff\xfe broken \x80 bytes",
    b"",
)


@pytest.mark.parametrize(("kind", "secret"), KEYS.items())
@pytest.mark.parametrize("around", ['{{"a":{},"b":[1,2]}}', '{{"a":{{"stringValue":{}}}}}'])
def test_a_secret_in_json_goes_and_the_json_stays(kind, secret, around):
    data = around.format(json.dumps(f"see\n{secret}\nthere")).encode()
    kept, counts = redact(data)
    assert counts == {kind: 1}
    assert len(kept) == len(data)
    assert secret.encode() not in kept
    assert json.dumps(secret)[1:-1].encode() not in kept
    assert "there" in json.dumps(json.loads(kept))
    assert redact(kept) == (kept, {})


@pytest.mark.parametrize(("text", "secret", "kind"), IN_CONTEXT)
def test_a_name_beside_a_value_makes_it_a_secret(text, secret, kind):
    data = text.encode()
    kept, counts = redact(data)
    assert secret.encode() not in kept
    assert len(kept) == len(data)
    assert sum(counts.values()) == 1
    assert kind is None or counts == {kind: 1}
    assert redact(kept) == (kept, {})


@pytest.mark.parametrize("data", ORDINARY)
def test_ordinary_bytes_come_back_as_the_same_object(data):
    kept, counts = redact(data)
    assert kept is data
    assert counts == {}


def test_secrets_are_counted_by_kind_and_lines_keep_their_numbers():
    block = b"\n".join([PEM.encode(), b'{"password": "aB3$efgh"}', KEYS["jwt"].encode(), KEYS["jwt"].encode()])
    kept, counts = redact(block)
    assert counts == {"private_key": 1, "password": 1, "jwt": 2}
    assert kept.count(b"\n") == block.count(b"\n")
    assert BODY.encode() not in kept


@pytest.mark.parametrize("length", range(1, 60))
def test_a_mark_is_as_long_as_asked_and_reads_as_redacted(length):
    mark = mask("api_key", length)
    assert len(mark) == length
    assert length < 10 or state_of_text(mark.decode()) is ContentState.REDACTED


def _spans(*attributes: KeyValue) -> bytes:
    span = Span(name="chat", trace_id=b"\x01" * 16, span_id=b"\x02" * 8, start_time_unix_nano=1, attributes=attributes)
    return TracesData(resource_spans=[ResourceSpans(scope_spans=[ScopeSpans(spans=[span, span])])]).SerializeToString()


def _text(key: str, value: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=value))


@pytest.mark.parametrize("prefix", [None, "big", "little"])
@pytest.mark.parametrize("padding", range(0, 90, 7))
def test_protobuf_still_parses_whatever_bytes_stand_beside_the_secret(prefix, padding):
    secret = KEYS["openai_key"] + ("q1W2e3R4t5Y6u7I8o9P0" * 10)[:padding]
    data = _spans(
        _text("a", secret), _text("api_key", "q1w2e3r4t5y6u7i8"), _text("b", f"say {secret}"), _text("c", "J")
    )
    if prefix:
        data = len(data).to_bytes(4, prefix) + data + len(data).to_bytes(4, prefix) + data
    kept, counts = redact(data)
    copies = 4 if prefix else 2
    assert counts == {"openai_key": 2 * copies, "api_key": copies}
    body = kept[4 : 4 + int.from_bytes(kept[:4], prefix)] if prefix else kept
    span = TracesData.FromString(body).resource_spans[0].scope_spans[0].spans[1]
    values = {attribute.key: attribute.value.string_value for attribute in span.attributes}
    assert values["c"] == "J"
    assert values["b"].startswith("say [REDACTED:openai_key")
    assert values["b"].endswith("]")
    assert state_of_text(values["api_key"]) is ContentState.REDACTED


def test_a_list_of_header_values_in_protobuf():
    values = AnyValue(array_value=ArrayValue(values=[AnyValue(string_value="q1w2e3r4t5y6u7i8")]))
    kept, counts = redact(_spans(KeyValue(key="http.request.header.x-api-key", value=values)))
    assert counts == {"api_key": 2}
    TracesData.FromString(kept)


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
values = st.recursive(
    words | st.integers() | st.booleans() | st.sampled_from(sorted(KEYS.values())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)


@given(values, st.booleans())
def test_any_json_stays_json_of_the_same_length(value, escaped):
    data = json.dumps(value, ensure_ascii=escaped).encode()
    data = json.dumps(data.decode()).encode() if escaped else data
    kept, counts = redact(data)
    assert len(kept) == len(data)
    json.loads(kept)
    assert (kept is data) == (not counts)
    assert not any(json.dumps(secret)[1:-1].encode() in kept for kind, secret in KEYS.items() if kind != "private_key")
    assert redact(kept) == (kept, {})


@given(st.binary(max_size=300), st.lists(st.integers(0, 299), max_size=4))
def test_any_bytes_are_taken(data, places):
    kept, _ = redact(data)
    assert len(kept) == len(data)
    leaves = Leaves.of(data, places)
    for place in places:
        low, high = leaves.around(place) if leaves else (0, len(data))
        assert low <= high


@pytest.mark.parametrize(
    "unit", [b"-----BEGIN PRIVATE KEY-----", b"sk-", b"eyJaaaaaaaa", b"token=", b"redis://a:", b"\n\x10"]
)
def test_hostile_repetition_is_taken(unit):
    data = unit * (400_000 // len(unit))
    assert len(redact(data)[0]) == len(data)
