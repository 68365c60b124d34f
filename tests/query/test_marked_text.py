from hypothesis import given
from hypothesis import strategies as st

from afterbell.query.marked_text import pieces


@given(
    st.text(max_size=3000),
    st.lists(st.tuples(st.integers(-5, 3100), st.integers(-5, 3100), st.integers(1, 9)), max_size=6),
    st.integers(0, 500),
)
def test_pieces_are_the_text_and_show_every_mark(text, marks, longest):
    found = pieces(text, marks, longest)
    assert sum(len(piece.text) + piece.left_out for piece in found) == len(text)
    place, shown = 0, {}
    for piece in found:
        if not piece.left_out:
            assert text[place : place + len(piece.text)] == piece.text
            for number in piece.findings:
                shown.setdefault(number, set()).update(range(place, place + len(piece.text)))
        place += len(piece.text) + piece.left_out
    wanted = {}
    for start, end, number in marks:
        wanted.setdefault(number, set()).update(range(max(0, start), min(len(text), end)))
    assert shown == {number: places for number, places in wanted.items() if places}


def test_a_long_text_says_how_much_is_left_out():
    text = "a" * 5000 + "HERE" + "b" * 5000
    found = pieces(text, [(5000, 5004, 1)], 1000)
    assert [piece.left_out for piece in found if piece.left_out] == [3700, 4700]
    assert [piece.text for piece in found if piece.findings] == ["HERE"]
    assert found[0].text == "a" * 1000
