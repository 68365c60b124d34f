from afterbell.model.scan import ModeAnswer, no, unknown
from afterbell.query.doctor import examine


def answer(number, suggestion):
    return ModeAnswer(number=number, mode=f"m{number}", suggestion=suggestion)


def test_the_blindest_question_comes_first_with_what_it_lacks():
    scans = [
        [answer(1, no("Fine.")), answer(2, unknown("?", ("a plan", "usage"))), answer(3, unknown("?", ("a book",)))],
        [answer(1, no("Fine.")), answer(2, unknown("?", ("a plan",))), answer(3, no("Fine."))],
    ]
    first, second = examine(scans)
    assert (first.number, first.never, first.missing) == (2, True, ("a plan", "usage"))
    assert (second.number, second.never, second.unknown, second.asked) == (3, False, 1, 2)
    assert examine([]) == ()
