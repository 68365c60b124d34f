"""Blind reviews: the queue, one trade as the model saw it, the answer, and only then what came of it.

A page of a review that waits for its answer holds what `afterbell review next` prints, and nothing that leads further:
no id of a trace, no name of a run.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from starlette.responses import Response

from afterbell.errors import UsageError
from afterbell.model.access import Role
from afterbell.model.fault import Fault
from afterbell.reading.blind_reviews import RESIZE
from afterbell.render import review as render
from afterbell.steps import review as step
from afterbell.steps.crowd import Crowd
from afterbell.web.visit import Entry, Rooms, Visit

MOST_ROWS = 50
CROWD = 8  # how many may draw or wait for it: a draw looks at every trace


class Drawing(Crowd):
    """One draw at a time: two people who ask at once are not given the same trade."""

    def __init__(self, _rooms: Rooms) -> None:
        """Nobody draws yet."""
        super().__init__(CROWD, "too many draw a trade at once")


def queue(visit: Visit) -> Response:
    """Show what waits for an answer, what was answered, and how often people agreed with the model."""
    waiting, answered = step.standing(visit.house)
    found = step.agreed(visit.house)
    return visit.page(
        "reviews.html", waiting=waiting, answered=answered[::-1], report=found, most=MOST_ROWS, role_name=step.REVIEWER,
        none_left=bool(visit.query.get("none")),
    )  # fmt: skip


def draw(visit: Visit) -> Response:
    """Draw the next trade for a role, or go on with the one that waits for its answer."""
    with visit.rooms.shared(Drawing).turn():
        found = step.ask(visit.house, role=visit.form.get("role", "").strip() or step.REVIEWER)
    if found.page is None:
        return visit.redirect("/reviews", none="yes")
    visit.about["review"] = found.page.review_id
    return visit.redirect(f"/reviews/{found.page.review_id}")


def page(visit: Visit) -> Response:
    """Show the trade of a review that waits for its answer, as the model saw it."""
    return _told(visit) if _answered(visit) else _page(visit, {}, ())


def answer(visit: Visit) -> Response:
    """Keep an answer; what came of the trade is told on the next page."""
    given = {name: visit.form.get(name, "").strip() for name in ("answer", "quantity", "reason")}
    try:
        amount = Decimal(given["quantity"]) if given["quantity"] and given["answer"] == RESIZE else None
        done = step.answer(
            visit.house, visit.path["review"], given["answer"], reason=given["reason"], quantity=amount
        )  # fmt: skip
    except InvalidOperation:
        return _page(visit, given, (), "the quantity is not a decimal, as in 12.5")
    except UsageError as error:
        if _answered(visit):
            return _told(visit)
        return _page(visit, given, (), f"{error.message}: {error.hint}")
    if done.review is None:
        return _page(visit, given, done.faults)
    return _told(visit)


def outcome(visit: Visit) -> Response:
    """Tell what came of a trade whose review is answered."""
    found = step.told(visit.house, visit.path["review"])
    return visit.page("review_outcome.html", found=found, review=found.review)


def _answered(visit: Visit) -> bool:
    return any(each.review_id == visit.path["review"] for each in step.standing(visit.house)[1])


def _told(visit: Visit) -> Response:
    return visit.redirect(f"/reviews/{visit.path['review']}/outcome")


def _page(visit: Visit, given: dict[str, str], faults: tuple[Fault, ...], refusal: str = "") -> Response:
    found = step.shown(visit.house, visit.path["review"])
    view = found.view
    return visit.page(
        "review.html", status=422 if faults or refusal else 200, review_id=found.review_id, stratum=found.stratum,
        earlier=[each for each in view.seen if not each.deciding],
        deciding=[each for each in view.seen if each.deciding], withheld=dict(sorted(view.withheld.items())),
        proposal=render.proposal(view.proposal), given=given, faults=faults, refusal=refusal, moment=render.moment,
    )  # fmt: skip


ENTRIES = (
    Entry(path="/reviews", role=Role.OPERATOR, answer=queue),
    Entry(path="/reviews/next", role=Role.OPERATOR, answer=draw, method="POST"),
    Entry(path="/reviews/{review}", role=Role.OPERATOR, answer=page),
    Entry(path="/reviews/{review}", role=Role.OPERATOR, answer=answer, method="POST"),
    Entry(path="/reviews/{review}/outcome", role=Role.OPERATOR, answer=outcome),
)
