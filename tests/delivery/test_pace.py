"""The pace: counted in the ledger, over runs, working days and clocks that move."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from outreach.delivery.calendar import is_working_day, next_open
from outreach.delivery.forecast import Due, due_letters, forecast
from outreach.delivery.pace import earliest, note_clock, opening, past_times
from outreach.outbox.approval import approve
from outreach.outbox.plan import plan_letters
from outreach.outbox.schema import State, events, moment
from outreach.outbox.standing import counts, standings
from outreach.outbox.suppression import SuppressionList
from outreach.sending import Pace

if TYPE_CHECKING:
    from tests.delivery.conftest import Office, Start

MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
OFFICE_HOURS = Pace(from_time=dt.time(9), to_time=dt.time(17), working_days=True)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2026, 11, 23), True),
        (dt.date(2026, 11, 22), False),
        (dt.date(2026, 11, 11), False),
        (dt.date(2026, 5, 25), False),
        (dt.date(2027, 3, 29), False),
        (dt.date(2026, 12, 24), True),
    ],
)
def test_working_days_are_those_of_france(day: dt.date, works: bool) -> None:
    """Weekends, the Armistice, Whit Monday and a future Easter Monday are not working days."""
    assert is_working_day(day) is works


def test_regions_have_their_own_holidays() -> None:
    """The 26th of December is a holiday in the Moselle, and not in Paris."""
    saint_stephen = dt.date(2025, 12, 26)

    assert is_working_day(saint_stephen)
    assert not is_working_day(saint_stephen, "57")


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-23T07:00+01:00", "2026-11-23T09:00+01:00"),
        ("2026-11-23T12:00+01:00", "2026-11-23T12:00+01:00"),
        ("2026-11-20T17:00+01:00", "2026-11-23T09:00+01:00"),
        ("2026-11-10T18:00+01:00", "2026-11-12T09:00+01:00"),
        # The last Sunday of October: Monday's nine o'clock is by the winter hour.
        ("2026-10-23T18:00+02:00", "2026-10-26T09:00+01:00"),
    ],
)
def test_letters_wait_for_office_hours(at: str, opens: str) -> None:
    """Nights, weekends, holidays and the change of the hour, in Paris time."""
    assert next_open(OFFICE_HOURS, dt.datetime.fromisoformat(at)) == dt.datetime.fromisoformat(
        opens
    )


@given(
    st.integers(1, 30),
    st.integers(1, 60),
    st.integers(1, 80),
    st.integers(0, 2**32),
)
def test_no_window_ever_holds_more_than_its_limit(
    minute: int, hour: int, count: int, seed: int
) -> None:
    """In any 60 seconds and any 60 minutes there are at most so many letters, jitter included."""
    pace = Pace(per_minute=minute, per_hour=hour)
    jitter = random.Random(seed)
    times: list[dt.datetime] = []
    now = MONDAY
    for _ in range(count):
        now = earliest(times, pace, now, jitter)
        times.insert(0, now)

    for limit, window in ((minute, dt.timedelta(minutes=1)), (hour, dt.timedelta(hours=1))):
        for newest in range(len(times) - limit):
            assert times[newest] - times[newest + limit] >= window


def test_the_forecast_fills_working_days() -> None:
    """925 letters at 100 an hour, nine to five, take two working days around a weekend."""
    friday = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
    pace = OFFICE_HOURS.model_copy(update={"per_hour": 100})

    times = forecast({}, [Due("senat.fr")] * 925, pace, friday)

    days = sorted({time.date() for time in times})
    assert days == [dt.date(2026, 11, 20), dt.date(2026, 11, 23)]


def test_the_pace_holds_from_one_run_to_the_next(office: Office, start_server: Start) -> None:
    """What the first run used up, the second waits for."""
    server = start_server()
    office.plan(10)
    pace = {"per_hour": 4}

    office.send(server.port, pace=pace, mission={"limit": 4})
    first_end = office.clock.now()
    office.send(server.port, pace=pace, mission={"limit": 1})

    assert office.clock.now() - first_end >= dt.timedelta(minutes=10)
    assert claims_hold(office, 4)


@pytest.mark.parametrize("days", [-365, -2, -0.02, 2, 365])
def test_a_clock_that_moves_doubles_nothing_and_keeps_the_pace(
    office: Office, start_server: Start, days: float
) -> None:
    """Set back or forward between two runs: no second copy, no burst, no year of waiting."""
    server = start_server()
    office.plan(8)
    pace = {"per_hour": 3}
    office.send(server.port, pace=pace, mission={"limit": 3})

    office.clock.set(office.clock.now() + dt.timedelta(days=days))
    before = office.clock.now()
    note_clock(office.ledger, office.clock.now())
    office.send(server.port, pace=pace)

    with office.ledger.read() as connection:
        assert counts(connection, office.scope) == {State.ACCEPTED: 8}
    assert set(server.accepted().values()) == {1}
    taken = office.clock.now() - before
    assert taken < dt.timedelta(hours=4)
    if days < 0:
        assert taken >= dt.timedelta(hours=1)


def claims_hold(office: Office, limit: int) -> bool:
    with office.ledger.read() as connection:
        rows = connection.execute(
            select(events.c.at).where(events.c.state == State.CLAIMED).order_by(events.c.id)
        ).scalars()
        times = [moment(at) for at in rows]
    return all(
        late - early >= dt.timedelta(hours=1)
        for early, late in zip(times, times[limit:], strict=False)
    )


def test_a_domain_has_its_own_pace(local_office: Office, start_server: Start) -> None:
    """Letters to a limited domain wait while others go."""
    server = start_server()
    local_office.plan(6)

    sent = local_office.send(
        server.port,
        pace={"per_domain_hour": {"example.org": 2}},
        mission={"patience": dt.timedelta(0)},
    )

    assert sent.states == {State.ACCEPTED: 2}
    assert "may leave at" in sent.stopped


def test_nothing_leaves_after_the_last_day(local_office: Office, start_server: Start) -> None:
    """The campaign's end stops the run and says so."""
    server = start_server()
    local_office.plan(2)

    sent = local_office.send(server.port, mission={"last_day": dt.date(2026, 11, 22)})

    assert "last day" in sent.stopped
    assert server.accepted() == {}


@pytest.mark.parametrize(
    ("zone", "at", "leaves"),
    [
        ("Europe/Paris", "2026-07-01T23:59+02:00", True),
        ("Europe/Paris", "2026-07-02T00:01+02:00", False),
        ("America/Martinique", "2026-07-01T23:59-04:00", True),
        ("America/Martinique", "2026-07-02T00:01-04:00", False),
    ],
)
def test_the_last_day_ends_at_midnight_of_the_paces_own_time(
    local_office: Office, zone: str, at: str, leaves: bool
) -> None:
    """Until midnight in Paris or Fort-de-France, whatever the day is in Greenwich."""
    moment = dt.datetime.fromisoformat(at).astimezone(dt.UTC)

    with local_office.ledger.read() as connection:
        found = opening(
            connection,
            local_office.scope,
            Pace(time_zone=zone),
            now=moment,
            last_day=dt.date(2026, 7, 1),
        )

    assert found.at == (moment if leaves else None)


def claims(office: Office) -> list[dt.datetime]:
    with office.ledger.read() as connection:
        rows = connection.execute(
            select(events.c.at).where(events.c.state == State.CLAIMED).order_by(events.c.id)
        ).scalars()
        return [moment(at) for at in rows]


def foreseen(office: Office, pace: Pace) -> list[dt.datetime]:
    now = office.clock.now()
    with office.ledger.read() as connection:
        rows = standings(connection, office.scope, [State.WAITING, State.DEFERRED])
        return forecast(past_times(connection, pace, now), due_letters(rows, now), pace, now)


def test_the_forecast_is_when_letters_really_leave(office: Office, start_server: Start) -> None:
    """Two limited domains and one without, in office hours, after a part has left."""
    pace = Pace(
        per_domain_hour={"a.example.org": 4, "b.example.org": 3},
        from_time=dt.time(9),
        to_time=dt.time(13),
    )
    domains = ["a.example.org"] * 30 + ["b.example.org"] * 5 + ["example.org"] * 3
    planned = plan_letters(
        office.ledger,
        office.scope,
        [office.message(number, domain=domain) for number, domain in enumerate(domains)],
        campaign_name="Essai",
        suppressions=SuppressionList(()),
        now=office.clock.now(),
    )
    approve(office.ledger, office.scope, planned.code, now=office.clock.now())
    server = start_server(faults={"depute37@example.org": ["defer_rcpt"]})
    office.send(server.port, pace=pace, mission={"patience": dt.timedelta(0)})
    before = claims(office)

    told = foreseen(office, pace)
    office.send(server.port, pace=pace)

    left = claims(office)[len(before) :]
    assert len(before) == 4 + 3 + 3
    assert len(left) == len(told) == len(domains) + 1 - len(before)
    assert all(
        abs(one - other) < dt.timedelta(seconds=1) for one, other in zip(told, left, strict=True)
    )
    assert len({time.date() for time in told}) == 3


@pytest.mark.parametrize("connections", [1, 4])
def test_the_forecast_is_right_on_the_whole_where_chance_has_a_part(
    local_office: Office, start_server: Start, connections: int
) -> None:
    """Letters leave at uneven distances; the last one leaves when it was said to, within a tenth."""
    server = start_server()
    local_office.plan(150)
    pace = Pace(per_hour=100)
    begins = local_office.clock.now()

    told = foreseen(local_office, pace)
    local_office.send(server.port, pace=pace, connections=connections)

    took = claims(local_office)[-1] - begins
    assert abs(took / (told[-1] - begins) - 1) < 0.1
