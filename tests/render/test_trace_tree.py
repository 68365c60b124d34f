from afterbell.catalog.cases import traces
from afterbell.render.trace_tree import lines


def tree(*rows, full=False):
    (trace,) = traces([{"trace": "t", **row} for row in rows]).values()
    return list(lines(trace, full=full))


def test_everything_hangs_where_it_happened():
    found = tree(
        {"type": "run", "id": "a", "name": "desk", "at": 1, "until": 9_000_000_001},
        {
            "type": "call",
            "id": "b",
            "parent": "a",
            "at": 2,
            "model": "m",
            "system": "rules",
            "messages": "hello",
            "output": {"content": "", "tool_calls": [{"id": "1", "name": "news", "arguments": {"q": 1}}]},
            "tokens": {"input": 1200, "output": 3},
        },
        {
            "type": "tool",
            "id": "c",
            "parent": "a",
            "at": 3,
            "until": 4,
            "name": "news",
            "call_id": "1",
            "arguments": {"q": 1},
            "result": "a b " * 200,
        },
        {
            "type": "order",
            "id": "d",
            "parent": "c",
            "at": 5,
            "until": 6,
            "side": "buy",
            "quantity": "2",
            "symbol": "SYNTHETIC_A",
        },
    )
    text = "\n".join(found)
    assert "desk  9.000 s" in found[0]
    assert "never ended" in text
    assert "call m, research: 1,200 in, 3 out" in text
    assert "system text: rules" in text
    assert 'tool news({"q":1}) [asked, executed] -> ' in text
    assert "… (799 characters)" in text
    assert "order buy 2 SYNTHETIC_A" in text
    assert "…" not in "\n".join(
        tree({"type": "tool", "id": "c", "at": 3, "name": "news", "result": "a b " * 200}, full=True)
    )


def test_lost_parents_and_circles_of_parents_are_shown_not_lost():
    text = "\n".join(
        tree(
            {"type": "span", "id": "a", "name": "one", "parent": "b"},
            {"type": "span", "id": "b", "name": "two", "parent": "a"},
            {"type": "span", "id": "c", "name": "three", "parent": "gone"},
        )
    )
    assert "one" in text
    assert "two" in text
    assert "is missing)" in text
    assert text.count("in a circle of parents") == 2


def test_a_deep_trace_is_no_recursion():
    rows = [{"type": "span", "id": f"s{n}", "name": f"n{n}", "parent": f"s{n - 1}" if n else ""} for n in range(5000)]
    assert len(tree(*rows)) == 5000
