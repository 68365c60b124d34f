"""What waits again after a rebase can be sealed on the trunk, whatever was erased on either side."""

from msgspec import structs

from afterbell.log import special, tree
from afterbell.log.checkpoint import EMPTY_HEAD, Head
from afterbell.log.entry import Entry, EntryType, Parent, encode, leaf_hex, uuid7
from afterbell.log.requeue import requeue

OURS, TRUNK = (Head(size=3, root=tree.leaf_hash(name).hex()) for name in (b"ours", b"trunk"))


def made(number, kind=EntryType.POSTMORTEM, *, after=EMPTY_HEAD, parent=None, body=None):
    return Entry(
        type=kind,
        id=uuid7(number, bytes(10)),
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=after,
        parent=parent,
        salt=f"{number:032x}",
        body=body or {"number": number},
    )


def leaf(entry):
    return leaf_hex(encode(entry))


def amendment(number, target):
    return made(number, EntryType.AMENDMENT, parent=Parent(id=target.id, leaf=leaf(target)))


def erasure(number, target):
    return made(number, EntryType.ERASURE, body={"id": target.id, "leaf": leaf(target), "reason": "a secret"})


def test_an_entry_that_names_a_head_of_ours_follows_the_trunk_and_what_hangs_on_it_follows_too():
    record, known, other = made(1, after=OURS), made(2, after=TRUNK), made(3)
    first = amendment(4, record)
    second = amendment(5, first)
    gone = erasure(6, record)
    waiting = requeue([record, known, other, first, second, gone], (), (TRUNK,), TRUNK)
    moved = structs.replace(record, after=TRUNK)
    assert waiting[:3] == (moved, known, other)
    assert waiting[3].parent == Parent(id=record.id, leaf=leaf(moved))
    assert waiting[4].parent == Parent(id=first.id, leaf=leaf(waiting[3]))
    assert special.erasure(waiting[5]).leaf == leaf(moved)


def test_order_does_not_matter():
    record = made(9, after=OURS)
    first = amendment(4, record)
    waiting = requeue([first, record], (), (), TRUNK)
    assert {each.id for each in waiting} == {record.id, first.id}
    (kept,) = [each for each in waiting if each.id == first.id]
    assert kept.parent.leaf == leaf(structs.replace(record, after=TRUNK))


def test_what_the_trunk_has_stays_there():
    record = made(1)
    assert requeue([record], {record.id}, (), TRUNK) == ()
    assert requeue([amendment(2, record), erasure(3, record)], {record.id}, (), TRUNK) == (
        amendment(2, record),
        erasure(3, record),
    )


def test_what_was_erased_here_before_the_trunk_had_it_takes_its_erasure_and_amendments_with_it():
    secret = made(1)
    first = amendment(2, secret)
    assert requeue([first, amendment(3, first), erasure(4, secret), made(5)], (), (), TRUNK) == (made(5),)
