"""The edges of policies, checkpoints, entries and the guard: the last value that holds and the first that does not."""

import base64

import msgspec
import pytest

from afterbell.errors import LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import guard, lines, note, quorum, special, tree
from afterbell.log.checkpoint import Checkpoint, Head
from afterbell.log.entry import Entry, EntryType, encode, leaf_hex, uuid7
from afterbell.log.examine import examine
from afterbell.log.guard import State
from afterbell.log.note import KeyType, Signed, Signer
from afterbell.log.verdict import Code, Ruling

ORIGIN = "example.com/log"
LEAVES = tuple(tree.leaf_hash(bytes([number])) for number in range(9))
HEAD = Head(size=9, root=tree.root(LEAVES).hex())
MOST = 2**63 - 1
KEY, OTHER, THIRD = (Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes([number]) * 32) for number in (1, 2, 3))


def b64(data):
    return base64.b64encode(data).decode()


# ---- the policy ----


def policy(*rows):
    return quorum.parse("\n".join([*rows, ""]).encode())


def witnesses(count):
    keys = [Signer(name=f"w{n}", type=KeyType.COSIGNATURE, seed=n.to_bytes(32, "big")).verifier for n in range(count)]
    return keys, [f"witness w{n} {key}" for n, key in enumerate(keys)]


def test_a_policy_is_read_whole():
    (first, second), rows = witnesses(2)
    read = policy(
        "\t# words", f"log {KEY.verifier}", rows[0] + " https://w0.example", rows[1], "group g any w0 w1", "quorum g"
    )
    assert read.logs == (KEY.verifier,)
    assert read.witnesses == {"w0": first, "w1": second}
    assert [(group.name, group.needed, group.members) for group in read.groups] == [("g", 1, ("w0", "w1"))]
    assert read.met([Signed(verifier=first, at=7)], not_before=7)
    assert not read.met([Signed(verifier=first, at=None)])
    assert read.met([Signed(verifier=first, at=0)])
    assert not read.met([Signed(verifier=first, at=0)], not_before=1)
    assert policy(*rows, "group g 1 w0", "quorum g").groups[0].members == ("w0",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("log", "not understood"),
        ("log {log} a b", "not understood"),
        ("witness x", "not understood"),
        ("witness x {w2} a b", "not understood"),
        ("group g any", "not understood"),
        ("quorum", "not understood"),
        ("quorum a b", "not understood"),
        ("group g 3 w0 w1", "cannot be asked for"),
        ("group g 00001 w0 w1", "cannot be asked for"),
        ("group g \u0661 w0 w1", "cannot be asked for"),
        ("group g any none w0", "defined above"),
        ("quorum g", "not defined above"),
        ("witness none {w2}", "defined twice"),
        ("log {w2}", "is of type 0x04, not 0x01"),
        ("witness x {log}", "is of type 0x01, not 0x04"),
    ],
)
def test_a_line_of_a_policy_is_refused_in_words_and_with_its_number(row, said):
    keys, rows = witnesses(3)
    filled = row.format(log=KEY.verifier, w2=keys[2])
    with pytest.raises(LogError, match=f"witness policy, line 3: .*{said}") as caught:
        policy(*rows[:2], filled, "quorum none")
    assert caught.value.hint


def test_the_most_that_a_group_may_hold_and_ask_for():
    _, rows = witnesses(1000)
    names = " ".join(f"w{n}" for n in range(1000))
    read = policy(*rows, f"group g 1000 {names}", "quorum g")
    assert read.groups[0].needed == 1000
    _, rows = witnesses(1001)
    with pytest.raises(LogError, match="named once"):
        policy(*rows, f"group g 1 {names} w1000", "quorum g")


def test_a_policy_has_an_end_and_a_length_limit():
    with pytest.raises(LogError, match="no quorum line"):
        policy("# nothing")
    with pytest.raises(LogError, match="not UTF-8"):
        quorum.parse(b"\xff")
    for size, said in ((quorum.MAX_BYTES, "no quorum line"), (quorum.MAX_BYTES + 1, "too long")):
        with pytest.raises(LogError, match=said):
            quorum.parse(b"#" * size)


# ---- the checkpoint ----


def test_a_checkpoint_has_limits_on_every_side():
    made = Checkpoint(origin=ORIGIN, head=HEAD, extensions=("a", "b"), signatures=(f"\u2014 x {b64(bytes(5))}",) * 100)
    assert checkpoints.parse(checkpoints.encode(made)) == made
    with pytest.raises(LogError, match="more than 100"):
        checkpoints.encode(msgspec.structs.replace(made, signatures=made.signatures + made.signatures[:1]))
    with pytest.raises(LogError, match="shorter than its key id"):
        checkpoints.encode(msgspec.structs.replace(made, signatures=(f"\u2014 x {b64(bytes(4))}",)))
    for size in (0, MOST):
        other = msgspec.structs.replace(made, head=Head(size=size, root=HEAD.root))
        assert checkpoints.parse(checkpoints.encode(other)).head.size == size
    for size in (MOST + 1, 10**19, 10**40):
        with pytest.raises(LogError, match="beyond"):
            checkpoints.encode(msgspec.structs.replace(made, head=Head(size=size, root=HEAD.root)))
    for origin in ("a b", "a+b", "a\u2003b"):
        with pytest.raises(LogError, match="cannot be a key's name"):
            checkpoints.encode(msgspec.structs.replace(made, origin=origin))
    text = checkpoints.encode(msgspec.structs.replace(made, extensions=(), signatures=())).decode()
    filled = text + "\n" + "x" * (checkpoints.MAX_BYTES - len(text) - 2) + "\n"
    for extra, said in (("", "signature"), ("x", "longer than")):
        with pytest.raises(LogError, match=said):
            checkpoints.parse((filled[:-1] + extra + "\n").encode())


@pytest.mark.parametrize(
    "line",
    ["- x {}", "\u2014  {}", "\u2014 a+b {}", "\u2014 a\u2003b {}", "\u2014 x", "\u2014 x AAAAAAB=", "\u2014 x A A"],
)
def test_a_checkpoint_keeps_no_line_that_is_no_signature(line):
    with pytest.raises(LogError):
        checkpoints.encode(Checkpoint(origin=ORIGIN, head=HEAD, signatures=(line.format(b64(bytes(5))),)))


@pytest.mark.parametrize("word", ["09", "+9", "9 ", "\u0669", "", "0x9", "-0"])
def test_a_size_is_a_plain_decimal(word):
    with pytest.raises(LogError):
        checkpoints.parse(f"{ORIGIN}\n{word}\n{b64(bytes(32))}\n".encode())


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_root_has_32_bytes(length):
    with pytest.raises(LogError, match="root"):
        checkpoints.parse(f"{ORIGIN}\n9\n{b64(bytes(length))}\n".encode())


@pytest.mark.parametrize(
    "text",
    [
        "a\n9\n",
        "a\n9\n{}",
        "a\n\n{}\n",
        "\n9\n{}\n",
        "a\n9\n{}\n\x1f\n",
        "a\r\n9\n{}\n",
        "a\n9\n{}\n\n\n",
        "a\n9\n{}\n\n",
    ],
)
def test_a_checkpoint_that_is_not_whole(text):
    with pytest.raises(LogError):
        checkpoints.parse(text.format(b64(bytes(32))).encode())


def test_signatures_of_the_same_head_are_united_and_no_others():
    one, two = (Checkpoint(origin=ORIGIN, head=HEAD, signatures=(f"\u2014 {name} {b64(bytes(5))}",)) for name in "ab")
    stranger = (f"\u2014 c {b64(bytes(5))}",)
    other = msgspec.structs.replace(two, origin="example.com/other", signatures=stranger)
    both = checkpoints.united(one, checkpoints.encode(two), checkpoints.encode(one), checkpoints.encode(other))
    assert both.signatures == one.signatures + two.signatures


# ---- entries about the log ----


def entry_of(number, kind=EntryType.POSTMORTEM, body=None):
    return Entry(
        type=kind,
        id=uuid7(number, bytes(10)),
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=checkpoints.EMPTY_HEAD,
        salt=f"{number:032x}",
        body={"number": number} if body is None else body,
    )


def test_an_erased_line_is_these_bytes_and_no_others():
    leaf = "ab" * 32
    line = special.erased_line(leaf)
    assert line == b'{"erased":true,"leaf":"' + leaf.encode() + b'"}'
    assert special.erased_leaf(line) == special.leaf_of(line) == bytes.fromhex(leaf)
    for other in (
        line + b" ",
        b" " + line,
        line.replace(b"ab", b"AB"),
        line.replace(b"true", b"false"),
        line[:-3] + b'"}',
    ):
        assert special.erased_leaf(other) is None
        assert special.leaf_of(other) == tree.leaf_hash(other)


def test_the_text_that_the_old_key_signs_is_fixed():
    made = special.change(ORIGIN, KEY, OTHER.verifier)
    text = f"afterbell key change v1\n{ORIGIN}\n{KEY.verifier}\n{OTHER.verifier}\n"
    assert made.signature == note.sign(text, KEY)
    assert (made.old, made.new) == (str(KEY.verifier), str(OTHER.verifier))


def test_keys_are_followed_one_change_after_the_other():
    first, second = special.change(ORIGIN, KEY, OTHER.verifier), special.change(ORIGIN, OTHER, THIRD.verifier)
    pins = (KEY.verifier,)
    assert special.trusted(ORIGIN, pins, ()) == pins
    assert special.trusted(ORIGIN, pins, (first, second)) == (THIRD.verifier,)
    assert special.trusted(ORIGIN, pins, (second, first)) == (OTHER.verifier,), "out of order"
    assert special.trusted("example.com/else", pins, (first,)) == pins, "another log's change"
    assert special.trusted(ORIGIN, (OTHER.verifier,), (first, second)) == (THIRD.verifier,)
    assert special.trusted(ORIGIN, (KEY.verifier, THIRD.verifier), (first,)) == (THIRD.verifier, OTHER.verifier)
    assert special.trusted(ORIGIN, (KEY.verifier, OTHER.verifier), (first,)) == (OTHER.verifier,), "once"
    forged = msgspec.structs.replace(first, signature=special.change(ORIGIN, THIRD, OTHER.verifier).signature)
    broken = msgspec.structs.replace(first, new="x")
    assert special.trusted(ORIGIN, pins, (forged, broken, first)) == (OTHER.verifier,)


def test_only_entries_about_the_log_are_read_as_such():
    body = {"id": "x", "leaf": "0" * 64, "reason": "r"}
    assert special.erasure(entry_of(1, body=body)) is None
    assert special.key_change(entry_of(1, body=body)) is None
    assert special.erasure(entry_of(1, EntryType.ERASURE, body)) == special.Erasure(**body)
    for wrong in ({"reason": ""}, {"reason": "r" * 1001}, {"leaf": "0" * 63}, {"id": "../x"}):
        with pytest.raises(LogError, match="not a body"):
            special.erasure(entry_of(1, EntryType.ERASURE, body | wrong))
    assert special.erasure(entry_of(1, EntryType.ERASURE, body | {"reason": "r" * 1000})) is not None
    with pytest.raises(LogError, match="not a body"):
        special.key_change(entry_of(1, EntryType.KEY, {"old": "a", "new": "b"}))


def test_an_erasure_and_a_second_one_with_another_reason_show_the_first():
    record = entry_of(1)
    leaf = leaf_hex(encode(record))
    gone = [entry_of(n, EntryType.ERASURE, {"id": record.id, "leaf": leaf, "reason": f"reason {n}"}) for n in (2, 3)]
    rows = [special.erased_line(leaf), *(encode(each) for each in gone)]
    head = Checkpoint(origin=ORIGIN, head=Head(size=3, root=tree.root(special.leaf_of(row) for row in rows).hex()))
    data = checkpoints.encode(head)
    verdict = examine([("000000.jsonl", b"".join(row + b"\n" for row in rows))], (), data, [("3.ckpt", data)])
    assert verdict.verdict is Ruling.OK
    assert [(each.code, each.message.partition(": ")[2]) for each in verdict.problems] == [(Code.ERASED, "reason 2")]


# ---- the guard ----


def test_a_copy_of_a_record_that_was_sealed_long_ago_may_be_dropped():
    record = encode(entry_of(1)) + b"\n"
    data = checkpoints.encode(
        Checkpoint(origin=ORIGIN, head=Head(size=1, root=tree.root([tree.leaf_hash(record[:-1])]).hex()))
    )
    files = {f"log/{lines.segment_name(0)}": record, "checkpoint": data, "heads/1.ckpt": data}
    copy = {f"pending/{entry_of(1).id}.json": record}
    base = State({name: name for name in files | copy}, (files | copy).__getitem__)
    head = State({name: name for name in files}, files.__getitem__)
    assert guard.judge(base, head) == ()
    assert guard.judge(head, base) == ()
