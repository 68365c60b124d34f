import operator
import signal

import pytest

from afterbell.engines import local
from afterbell.engines.local import Crew, Parcel
from afterbell.errors import AfterbellError


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order_and_work_stays_lazy(jobs):
    taken = []

    def work():
        for number in range(40):
            taken.append(number)
            yield -number

    results = local.run(operator.abs, work(), jobs)
    assert next(results) == 0
    assert len(taken) <= 2 * jobs + 1
    assert list(results) == list(range(1, 40))


def test_heavy_pieces_wait_alone():
    taken = []

    def work():
        for number in range(6):
            taken.append(number)
            yield -number

    with Crew(2) as crew:
        results = crew.run(operator.abs, work(), weigh=lambda _piece: 100, most=50)
        assert next(results) == 0
        assert taken == [0]
        assert list(results) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("room", [0, 1000])
def test_parcels_arrive_whatever_their_way(jobs, room):
    data = [bytes([number]) * (400 * number) for number in range(6)]  # the last ones do not fit a lane
    with Crew(jobs, lanes=2, room=room) as crew:
        assert list(crew.run(operator.methodcaller("open"), [crew.parcel(each) for each in data])) == data


def test_processes_that_are_not_forked_get_parcels_too(monkeypatch):
    monkeypatch.setattr(local, "_way", lambda: "spawn")
    with Crew(2, lanes=2, room=1000) as crew:
        assert list(crew.run(operator.methodcaller("open"), [crew.parcel(b"data")])) == [b"data"]


def test_a_lane_is_used_again_once_it_is_given_back():
    with Crew(2, lanes=1, room=1000) as crew:
        for number in range(5):
            parcel = crew.parcel(b"%d" % number)
            assert list(crew.run(operator.methodcaller("open"), [parcel])) == [b"%d" % number]
            crew.returned(parcel)
        assert crew.parcel(b"x") == Parcel(data=b"x") or crew.parcel(b"y").lane < 0


def test_one_crew_serves_several_runs_and_an_abandoned_one_does_no_harm():
    with Crew(2) as crew:
        assert next(crew.run(operator.neg, range(100))) == 0
        assert list(crew.run(operator.neg, range(3))) == [0, -1, -2]


def test_a_process_ended_from_outside_is_said():
    with pytest.raises(AfterbellError, match="ended from outside"):
        list(local.run(signal.raise_signal, [signal.SIGKILL], 2))


def test_faults_of_the_work_come_through():
    with pytest.raises(TypeError):
        list(local.run(operator.neg, ["text"], 2))
