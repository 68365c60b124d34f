"""Drawdown: a session lost more than 1 percent of deployed capital, or five consecutive sessions more than 3.

Strictly more: a loss of exactly 1 percent does not fire. Both limits are the specification's and are policy
(`drawdown_session_pct`, `drawdown_rolling_pct`, `drawdown_rolling_sessions`; `[policy.strategy.NAME]` overrides).

What counts. Realised profit and loss, net of commissions: the equity book's `realized_pnl`, else that of the fills,
else the fills at average cost. Only where no realised figure exists, the change of equity marked to market counts,
and only when flows are stated or positions at market prices explain it; the reason then says "marked to market".
Deposits and withdrawals are not losses. A step of equity that nothing explains is noted and never fires; where it is
only a part of a session's change, the limit must be passed with it and without it.

Denominator. Deployed capital of the session, for the rolling figure of its last session. Where only positions and
prices exist, deployed capital is the marked equity of the session before, for the rolling figure of the session
before the first of the five. Sessions are the rows of the equity book, those without trades included.

Accounts that the books say nothing of are judged by the traces: execution reports are their fills, and the last account
snapshot of a session is its row of the equity book. Backtests and replays are left out.

Each session over a limit is an event of its own. When both limits are passed at once, the session's names the event;
both figures are in the reason. What cannot be judged (no deployed capital, a closing fill without its entry, a cash
step without a flow) is a note, never a silent no.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from msgspec import Struct

from afterbell.model.docket import Docket, RunFacts
from afterbell.model.event import Event, event
from afterbell.model.policy import Limits
from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import TriggerName
from afterbell.reading.moments.days import end_of
from afterbell.reading.results.reported import with_reported
from afterbell.reading.results.sessions import Account, Basis, Result, accounts

NAME = "drawdown"
TITLE = "A session lost more than 1 % of deployed capital, or five in a row more than 3 %"
UNIT = "percent of deployed capital"

_ZERO = Decimal(0)
_EPOCH_DAY, _DAY_NS = date(1970, 1, 1).toordinal(), 86_400 * 10**9
_SHOWN = Decimal("0.0001")
_LISTED = 5
_LONGEST = 20  # digits before the point that can be rounded to four after it


class Judged(Struct, frozen=True, kw_only=True):
    """One session against the limits. Losses are percentages, positive for a loss; None when not known.

    The `sure` losses leave out money whose coming or going nothing explains.
    """

    account: Account
    result: Result
    window: tuple[Result, ...]
    limits: Limits
    session_loss: Decimal | None = None
    rolling_loss: Decimal | None = None
    sure_session: Decimal | None = None
    sure_rolling: Decimal | None = None
    rolling_missing: str = ""

    @property
    def over_session(self) -> bool:
        """Whether the session alone lost more than its limit, with and without unexplained money."""
        return all(_over(loss, self.limits.drawdown_session_pct) for loss in (self.session_loss, self.sure_session))

    @property
    def over_rolling(self) -> bool:
        """Whether the consecutive sessions up to this one lost more than theirs, with and without such money."""
        return all(_over(loss, self.limits.drawdown_rolling_pct) for loss in (self.rolling_loss, self.sure_rolling))

    @property
    def doubtful(self) -> bool:
        """Whether unexplained money decides if a limit was passed."""
        pairs = (
            (self.session_loss, self.sure_session, self.limits.drawdown_session_pct),
            (self.rolling_loss, self.sure_rolling, self.limits.drawdown_rolling_pct),
        )
        return any(_over(whole, limit) != _over(sure, limit) for whole, sure, limit in pairs)


def _over(loss: Decimal | None, limit: Decimal) -> bool:
    return loss is not None and loss > limit


def fire(docket: Docket) -> tuple[Event, ...]:
    """Return an event for each session of each account that lost more than a limit."""
    traces = _Traces(docket.runs)
    return tuple(_event(each, traces) for each in judge(docket) if each.over_session or each.over_rolling)


def notes(docket: Docket) -> tuple[str, ...]:
    """Return a sentence for each thing that could not be judged and each step of equity that nothing explains."""
    found = []
    for account in accounts(with_reported(docket)):
        own = _sessions_of(account, docket)
        found += [f"drawdown, {account.name}: {why}" for why in (*account.remarks, *_missing(own), *_steps(own))]
    return tuple(found)


def judge(docket: Docket) -> tuple[Judged, ...]:
    """Return every session of every account with its losses in percent."""
    return tuple(each for account in accounts(with_reported(docket)) for each in _sessions_of(account, docket))


def _sessions_of(account: Account, docket: Docket) -> tuple[Judged, ...]:
    limits = docket.policy.of(account.strategy_id)
    return tuple(_judged(account, place, limits) for place in range(len(account.results)))


def _judged(account: Account, place: int, limits: Limits) -> Judged:
    result = account.results[place]
    session, sure = _loss([result], result.capital), _loss([result], result.capital, sure=True)
    length = max(limits.drawdown_rolling_sessions, 1)
    window = account.results[max(place - length + 1, 0) : place + 1]
    capital = window[0].capital if account.marked_capital else result.capital
    rolling = _loss(window, capital)
    missing = ""
    if rolling is not None and len({each.basis for each in window}) > 1:
        missing, rolling = "realised and marked figures stand in one window and do not add up", None
    if rolling is not None and len(window) < length:
        if rolling > limits.drawdown_rolling_pct:
            lost = f"{percent(rolling, limits.drawdown_rolling_pct)} percent in {_sessions(len(window))}"
            missing = f"lost {lost}, and the book begins there; {length} are needed"
        rolling = None
    return Judged(
        account=account, result=result, window=window, limits=limits, session_loss=session, rolling_loss=rolling,
        sure_session=sure, sure_rolling=None if rolling is None else _loss(window, capital, sure=True),
        rolling_missing=missing,
    )  # fmt: skip


def _loss(window: Sequence[Result], capital: Decimal | None, *, sure: bool = False) -> Decimal | None:
    """Return the loss of these sessions in percent of `capital`; None when a part is not known."""
    if capital is None or any(each.pnl is None for each in window):
        return None
    total = sum((each.pnl - each.doubtful * sure for each in window if each.pnl is not None), _ZERO)
    return -total * 100 / capital


def percent(value: Decimal, limit: Decimal) -> str:
    """Return a percentage to four places, or to as many as it takes to show on which side of the limit it lies."""
    shown = value.quantize(_SHOWN, ROUND_HALF_EVEN) if value.adjusted() < _LONGEST else value
    if shown == limit != value:
        shown = value
    text = f"{shown:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sessions(count: int) -> str:
    return "one session" if count == 1 else f"{count} sessions"


def _event(each: Judged, traces: _Traces) -> Event:
    result, limits = each.result, each.limits
    figure, limit = (
        (each.session_loss, limits.drawdown_session_pct)
        if each.over_session
        else (each.rolling_loss, limits.drawdown_rolling_pct)
    )
    session = result.session_date.isoformat()
    cells = [cell for other in ((result,) if each.over_session else each.window) for cell in other.cells]
    return event(
        TriggerName.DRAWDOWN,
        subject=f"{each.account.name} session:{session}",
        occurred_at=end_of(result.session_date, result.exchange),
        due_hours=limits.meeting_due_hours,
        measured=percent(figure or _ZERO, limit),
        limit=str(limit),
        unit=UNIT,
        reason=_reason(each),
        trace_ids=traces.of(each),
        evidence=tuple(
            Evidence(
                trace_id=cell.trace_id,
                span_id=cell.span_id,
                field=cell.field,
                excerpt=cell.text,
                end=len(cell.text),
            )
            for cell in cells[:20]
        ),
    )


def _reason(each: Judged) -> str:
    limits = each.limits
    parts = []
    for value, limit, over in (
        (each.session_loss, limits.drawdown_session_pct, f"in session {each.result.session_date.isoformat()}"),
        (each.rolling_loss, limits.drawdown_rolling_pct, f"over {limits.drawdown_rolling_sessions} sessions"),
    ):
        if value is None:
            parts.append(f"not known {over}")
        else:
            word = "loss" if value >= 0 else "gain"
            parts.append(f"{word} of {percent(abs(value), limit)} percent {over} (limit {limit})")
    kind = "Realised" if each.result.basis is Basis.REALISED else "Marked to market, not realised:"
    capital = "; deployed capital is the marked equity of the session before" if each.account.marked_capital else ""
    return f"{kind} {'; '.join(parts)}{capital}."


class _Traces:
    """The runs of the house by what they worked on, so that each event finds its own without reading all."""

    def __init__(self, runs: Sequence[RunFacts]) -> None:
        self._runs = runs
        self._by_id: dict[str, list[int]] = {}
        self._by_idea: dict[str, list[int]] = {}
        self._by_account: dict[str, list[int]] = {}
        for place, run in enumerate(runs):
            self._by_id.setdefault(run.trace_id, []).append(place)
            for idea in run.idea_ids:
                self._by_idea.setdefault(idea, []).append(place)
            for account in run.account_ids:
                self._by_account.setdefault(account, []).append(place)

    def of(self, each: Judged) -> tuple[str, ...]:
        """Return the traces whose idea, account or own id has a fill in the session.

        Of an account's runs, those that began on a later day are left out.
        """
        found: set[int] = set()
        held = {fill.account_id for fill in each.result.fills}
        if each.account.marked_capital:
            held.add(each.account.account_id)
        after_ns = (each.result.session_date.toordinal() + 1 - _EPOCH_DAY) * _DAY_NS
        for fill in each.result.fills:
            found.update(self._by_id.get(fill.trace_id, ()))
            found.update(self._by_idea.get(fill.idea_id, ()))
        for account in held:
            places = self._by_account.get(account, ())
            found.update(place for place in places if self._runs[place].started_ns < after_ns)
        return tuple(self._runs[place].trace_id for place in sorted(found))


def _missing(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield why sessions could not be judged, once for each reason."""
    by_reason: dict[str, list[str]] = {}
    for each in judged:
        session = each.result.session_date.isoformat()
        if each.result.missing:
            marked = "" if each.result.pnl is None else "; marked to market instead"
            by_reason.setdefault(f"unknown: {each.result.missing}{marked}", []).append(session)
        elif each.result.capital is None and each.result.pnl is not None:
            by_reason.setdefault("unknown: no deployed_capital is stated", []).append(session)
        elif each.rolling_missing:
            by_reason.setdefault(each.rolling_missing, []).append(session)
    for reason, sessions in by_reason.items():
        yield f"{reason}; {_listed(sessions)}"


def _steps(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the steps of equity that nothing explains and that would have mattered."""
    for each in judged:
        step, capital = each.result.unexplained, each.result.capital
        session = each.result.session_date.isoformat()
        if step and (capital is None or abs(step) * 100 / capital > each.limits.drawdown_session_pct):
            moved = f"{'rose' if step > 0 else 'fell'} by {abs(step):f}"
            yield f"equity {moved} in session {session} and no fill, flow or price explains it; that fires nothing"
        elif each.doubtful:
            yield f"unknown: whether session {session} passed a limit depends on money that nothing explains"


def _listed(sessions: Sequence[str]) -> str:
    more = f" and {len(sessions) - _LISTED} more" if len(sessions) > _LISTED else ""
    return f"sessions {', '.join(sessions[:_LISTED])}{more}" if len(sessions) > 1 else f"session {sessions[0]}"
