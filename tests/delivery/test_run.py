"""What happens around a run while it sends: lists, plans and limits that change, connections refused."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
import time
from typing import TYPE_CHECKING

import pytest

from outreach.delivery.judgement import FIRST_BACKOFF
from outreach.delivery.mission import Sent
from outreach.outbox.approval import approve
from outreach.outbox.plan import plan_letters
from outreach.outbox.schema import State
from outreach.outbox.standing import counts, standings
from outreach.outbox.suppression import Suppression, SuppressionList, add_suppression
from outreach.sending import Pace

if TYPE_CHECKING:
    from tests.delivery.conftest import Office, Start

pytestmark = pytest.mark.slow


def states(office: Office) -> dict[State, int]:
    with office.ledger.read() as connection:
        return counts(connection, office.scope)


def in_hand(office: Office) -> None:
    """Wait until a letter is claimed."""
    for _ in range(1000):
        if State.CLAIMED in states(office):
            return
        time.sleep(0.005)
    raise TimeoutError


def test_an_opt_out_while_the_letter_is_in_hand_is_honoured_when_it_comes_back(
    local_office: Office, start_server: Start
) -> None:
    """A letter put off by the server while its person asks to be left alone does not leave later."""
    server = start_server(delay=0.1, faults={"depute1@example.org": ["defer_rcpt"]})
    local_office.plan(2)
    run = threading.Thread(target=local_office.send, args=(server.port,))

    run.start()
    in_hand(local_office)
    add_suppression(
        local_office.suppressions,
        Suppression("depute1@example.org", "", "", "asked", dt.date(2026, 11, 23)),
    )
    run.join()

    assert server.accepted() == {"depute2@example.org": 1}
    assert states(local_office) == {State.HELD: 1, State.ACCEPTED: 1}


@pytest.mark.parametrize("damage", ["columns", "gone", "folder"])
def test_the_answer_is_written_before_a_faulty_suppression_list_ends_the_run(
    local_office: Office, start_server: Start, damage: str
) -> None:
    """The list breaks while a letter is in hand: the server's answer is kept, and no other leaves."""
    server = start_server(delay=0.1)
    local_office.suppressions = local_office.suppressions.parent / "shared" / "list.csv"
    add_suppression(
        local_office.suppressions,
        Suppression("someone@example.org", "", "", "asked", dt.date(2026, 11, 23)),
    )
    local_office.plan(3)
    found: list[Sent] = []
    run = threading.Thread(target=lambda: found.append(local_office.send(server.port)))

    run.start()
    in_hand(local_office)
    if damage == "columns":
        local_office.suppressions.write_text("not;a;list\n", encoding="utf-8")
    elif damage == "gone":
        local_office.suppressions.unlink()
    else:
        shutil.rmtree(local_office.suppressions.parent)
        local_office.suppressions.parent.write_text("a file now", encoding="utf-8")
    run.join()

    assert states(local_office) == {State.ACCEPTED: 1, State.WAITING: 2}
    assert sum(server.accepted().values()) == 1
    assert "list.csv" in found[0].stopped


@pytest.mark.parametrize(("connections", "limit"), [(2, 1), (4, 1), (4, 2), (4, 5), (4, 10)])
def test_a_limit_is_kept_and_reached_over_several_connections(
    local_office: Office, start_server: Start, connections: int, limit: int
) -> None:
    """Exactly so many leave, however the connections take turns."""
    server = start_server()
    local_office.plan(60)

    for turn in range(1, 4):
        local_office.send(server.port, mission={"limit": limit}, connections=connections)
        assert sum(server.accepted().values()) == turn * limit


def test_connections_that_a_server_does_not_allow_are_done_without(
    local_office: Office, start_server: Start
) -> None:
    """Of four connections it takes two: these send all the letters."""
    server = start_server(most_connections=2)
    local_office.plan(40)

    sent = local_office.send(server.port, connections=4)

    assert sent.stopped == ""
    assert states(local_office) == {State.ACCEPTED: 40}


def test_a_letter_put_off_waits_also_for_the_pace_of_its_domain(
    local_office: Office, start_server: Start
) -> None:
    """Due again while its domain's hour is used up, it waits for the hour, and the run for it."""
    server = start_server(faults={"depute1@example.org": ["defer_rcpt"]})
    local_office.plan(2)
    pace = Pace(per_domain_hour={"example.org": 2}, from_time=dt.time(0), to_time=dt.time(23, 59))
    stop = threading.Event()
    timer = threading.Timer(30, stop.set)
    timer.start()

    local_office.send(server.port, stop=stop, pace=pace)
    timer.cancel()

    assert states(local_office) == {State.ACCEPTED: 2}
    assert not stop.is_set()


def test_connections_that_are_told_to_wait_wait_once(
    local_office: Office, start_server: Start
) -> None:
    """Four connections get the same 421: one pause, not four that grow."""
    told = {f"depute{number}@example.org": ["pause_dot"] for number in range(17, 21)}
    server = start_server(delay=0.05, faults=told)
    local_office.plan(28)
    start = local_office.clock.now()

    local_office.send(server.port, connections=4)

    assert states(local_office) == {State.ACCEPTED: 28}
    assert local_office.clock.now() - start < 2 * FIRST_BACKOFF


def test_letters_planned_again_while_others_leave_wait_for_their_approval(
    office: Office, start_server: Start
) -> None:
    """A running send stops at the new version: nothing of it leaves before it is confirmed."""
    server = start_server(delay=0.02)
    office.plan(30)
    found: list[Sent] = []
    run = threading.Thread(target=lambda: found.append(office.send(server.port)))

    run.start()
    in_hand(office)
    again = plan_letters(
        office.ledger, office.scope,
        [office.message(number, text="Brouillon.") for number in range(1, 31)],
        campaign_name="Essai", suppressions=SuppressionList(()), now=office.clock.now(),
        replace=True,
    )  # fmt: skip
    run.join()
    left = sum(server.accepted().values())
    with office.ledger.read() as connection:
        ids = {row.message_id for row in standings(connection, office.scope, [State.ACCEPTED])}

    assert 0 < left < 30
    assert not ids & {office.message(number, text="Brouillon.").message_id for number in range(31)}
    assert "planned again" in found[0].stopped
    approve(office.ledger, office.scope, again.code, now=office.clock.now())
    office.send(server.port)
    assert sum(server.accepted().values()) == 30
