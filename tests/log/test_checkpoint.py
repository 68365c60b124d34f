import base64
import itertools
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.errors import LogError
from afterbell.log import checkpoint
from afterbell.log.checkpoint import Checkpoint, Head

ROOT = bytes(range(32))
ROOT64 = base64.b64encode(ROOT).decode()
SIGNATURE = f"\u2014 example.com/log {base64.b64encode(b'k' * 68).decode()}"
PLAIN = f"example.com/log\n20\n{ROOT64}\n"


@pytest.mark.parametrize(
    ("text", "extensions", "signatures"),
    [
        (PLAIN, (), ()),
        (PLAIN + "more\n", ("more",), ()),
        (PLAIN + f"\n{SIGNATURE}\n", (), (SIGNATURE,)),
        (PLAIN + f"more\n\n{SIGNATURE}\n{SIGNATURE}\n", ("more",), (SIGNATURE, SIGNATURE)),
    ],
)
def test_reads_and_writes_back_the_same_bytes(text, extensions, signatures):
    read = checkpoint.parse(text.encode())
    head = Head(size=20, root=ROOT.hex())
    assert read == Checkpoint(origin="example.com/log", head=head, extensions=extensions, signatures=signatures)
    assert checkpoint.encode(read) == text.encode()
    assert checkpoint.text(read) == PLAIN + "".join(item + "\n" for item in extensions)


def test_sixteen_signatures_are_fine():
    lines = f"{SIGNATURE}\n" * 16
    assert len(checkpoint.parse(f"{PLAIN}\n{lines}".encode()).signatures) == 16


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        PLAIN[:-1],
        PLAIN + "\n",
        PLAIN.replace("\n", "\r\n"),
        "\ufeff" + PLAIN.replace("20", "x"),
        PLAIN.replace("20", "020"),
        PLAIN.replace("20", "-1"),
        PLAIN.replace("20", "\u0662"),
        PLAIN.replace("20", ""),
        PLAIN.replace("20", str(2**63)),
        PLAIN.replace("20", "9" * 100_000),
        PLAIN.replace(ROOT64, ROOT64[:-4]),
        PLAIN.replace(ROOT64, ROOT64[:-2] + "9="),
        PLAIN.replace(ROOT64, "not base64"),
        "\n" + PLAIN,
        PLAIN.replace("example", "exa\0mple"),
        "example.com/log\n20\n",
        PLAIN + f"\n- example.com/log {base64.b64encode(b'k' * 68).decode()}\n",
        PLAIN + f"\n\u2014 example.com/log {base64.b64encode(b'kkkk').decode()}\n",
        PLAIN + f"\n\u2014 a+b {base64.b64encode(b'k' * 68).decode()}\n",
        PLAIN + "\n\u2014 example.com/log\n",
        PLAIN + "\n" + f"{SIGNATURE}\n" * 101,
        PLAIN + "x" * 1_000_000 + "\n",
    ],
    ids=itertools.count(),
)
def test_refuses(text):
    with pytest.raises(LogError):
        checkpoint.parse(text.encode())


@given(st.binary() | st.text().map(str.encode))
def test_nothing_but_a_log_error_leaves_the_parser(data):
    with suppress(LogError):
        assert checkpoint.encode(checkpoint.parse(data)) == data


@pytest.mark.parametrize(("origin", "extensions"), [("my log", ()), ("a+b", ()), ("", ()), ("log", ("two\nlines",))])
def test_refuses_to_write_what_nobody_would_read(origin, extensions):
    wrong = Checkpoint(origin=origin, head=Head(size=1, root=ROOT.hex()), extensions=extensions)
    with pytest.raises(LogError):
        checkpoint.encode(wrong)
