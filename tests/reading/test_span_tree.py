from afterbell.catalog.cases import traces
from afterbell.reading import span_tree


def nodes(*rows):
    (trace,) = traces([{"trace": "t", "type": "span", **row} for row in rows]).values()
    return [(node.span.name, node.depth, node.note.partition(" ")[0]) for node in span_tree.nodes(trace.spans)]  # fmt: skip


def test_parents_come_before_their_children_and_siblings_in_order_of_start():
    assert nodes(
        {"id": "c", "name": "late", "parent": "a", "at": 30},
        {"id": "b", "name": "early", "parent": "a", "at": 20},
        {"id": "d", "name": "below", "parent": "b", "at": 40},
        {"id": "a", "name": "root", "at": 10},
    ) == [("root", 0, ""), ("early", 1, ""), ("below", 2, ""), ("late", 1, "")]


def test_what_hangs_nowhere_is_there_with_a_note():
    assert nodes(
        {"id": "a", "name": "one", "parent": "b", "at": 1}, {"id": "b", "name": "two", "parent": "a", "at": 2},
        {"id": "c", "name": "three", "parent": "gone", "at": 3},
    ) == [("three", 0, "parent"), ("one", 0, "in"), ("two", 0, "in")]  # fmt: skip
