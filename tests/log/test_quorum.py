import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.errors import LogError
from afterbell.log import quorum
from afterbell.log.note import KeyType, Signed, Signer

LOG = Signer(name="example.org/log", type=KeyType.NOTE, seed=bytes(32)).verifier
W = [Signer(name=f"w{n}", type=KeyType.COSIGNATURE, seed=bytes([n + 1]) * 32).verifier for n in range(4)]
LINES = [f"log {LOG} https://example.org/log", *(f"witness w{n} {key}" for n, key in enumerate(W))]


def policy(*lines):
    return quorum.parse("\n".join([*LINES, *lines, ""]).encode())


def seen(*numbers, at=100):
    return [Signed(verifier=W[number], at=at) for number in numbers]


@pytest.mark.parametrize(
    ("lines", "enough", "short"),
    [
        (("group g 2 w0 w1 w2", "quorum g"), (0, 2), (1,)),
        (("group g any w0 w1", "quorum g"), (1,), (2, 3)),
        (("group g all w0 w1", "quorum g"), (0, 1), (0,)),
        (("group a any w0 w1", "group b any w2 w3", "group top all a b", "quorum top"), (1, 2), (0, 1)),
        (("quorum w3",), (3,), (0, 1, 2)),
    ],
)
def test_a_quorum_is_counted(lines, enough, short):
    read = policy("# a comment", "", *lines)
    assert read.met(seen(*enough))
    assert not read.met(seen(*short))
    assert not read.met(seen(*enough, at=99), not_before=100)
    assert not read.met([])


def test_none_asks_for_nothing():
    assert policy("quorum none").met([])


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("quorum nobody",),
        ("quorum none", "quorum none"),
        ("group g 2 w0", "quorum g"),
        ("group g 0 w0", "quorum g"),
        ("group g any w0 w0", "quorum g"),
        ("group g any later", "witness later x", "quorum g"),
        ("group a any w0", "group b any w0 w1", "quorum b"),
        ("witness w0 " + str(W[0]), "quorum none"),
        ("witness other " + str(W[0]), "quorum none"),
        ("witness other " + str(LOG), "quorum none"),
        ("log " + str(W[3]), "quorum none"),
        ("surprise", "quorum none"),
        ("group none any w0", "quorum none"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(lines):
    with pytest.raises(LogError, match="witness policy"):
        policy(*lines)


@given(st.binary(max_size=300))
def test_nothing_but_a_log_error_leaves_the_parser(data):
    with pytest.raises(LogError):
        quorum.parse(data)
