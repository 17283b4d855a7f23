"""The send loop against servers that misbehave: each letter once, or named."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from outreach.delivery.connection import ServerAwayError
from outreach.delivery.suppression_watch import SuppressionWatch
from outreach.errors import OutreachError
from outreach.outbox.schema import State, contents
from outreach.outbox.standing import counts, history, standings
from outreach.outbox.suppression import Suppression, add_suppression

if TYPE_CHECKING:
    from pathlib import Path

    from tests.delivery.conftest import Office, Start

pytestmark = pytest.mark.slow


def states(office: Office) -> dict[State, int]:
    with office.ledger.read() as connection:
        return counts(connection, office.scope)


# One command at a time, and three sent together.
DIALOGUES = pytest.mark.parametrize("extensions", [["DSN"], ["DSN", "PIPELINING"]])


@pytest.mark.parametrize("connections", [1, 4])
@DIALOGUES
def test_every_letter_is_taken_once(
    office: Office, start_server: Start, connections: int, extensions: list[str]
) -> None:
    """All letters arrive, each once, over one connection or four, commands pipelined or not."""
    server = start_server(extensions=extensions)
    office.plan(40)

    sent = office.send(server.port, connections=connections)

    assert sent.states == {State.ACCEPTED: 40}
    assert set(server.accepted().values()) == {1}
    assert len(server.accepted()) == 40
    assert states(office) == {State.ACCEPTED: 40}


def test_what_arrives_is_what_was_frozen(local_office: Office, start_server: Start) -> None:
    """Byte for byte, lines that begin with a dot included."""
    server = start_server()
    local_office.plan(3)

    local_office.send(server.port)

    logged = {json.loads(line)["sha256"] for line in server.log.read_text().splitlines()}
    frozen = {hashlib.sha256(local_office.message(number).head).hexdigest() for number in (1, 2, 3)}
    assert logged == frozen


FATES = {
    "refuse_rcpt": State.REFUSED,
    "refuse_data": State.REFUSED,
    "refuse_dot": State.REFUSED,
    "early_refusal": State.REFUSED,
    "defer_rcpt": State.ACCEPTED,
    "defer_data": State.ACCEPTED,
    "unverified_rcpt": State.ACCEPTED,
    "odd_rcpt": State.ACCEPTED,
    "odd_data": State.ACCEPTED,
    "defer_dot": State.ACCEPTED,
    "pause_dot": State.ACCEPTED,
    "drop_rcpt": State.ACCEPTED,
    "drop_data": State.ACCEPTED,
    "drop_body": State.ACCEPTED,
    "slow": State.ACCEPTED,
    "drop_before_accept": State.UNCERTAIN,
    "drop_after_accept": State.UNCERTAIN,
    "odd_reply": State.UNCERTAIN,
    "moved_reply": State.UNCERTAIN,
    "silent_reply": State.UNCERTAIN,
}


@pytest.mark.parametrize(("fault", "fate"), FATES.items())
@DIALOGUES
def test_each_fault_has_its_fate_and_the_others_go_on(
    local_office: Office, start_server: Start, fault: str, fate: State, extensions: list[str]
) -> None:
    """One letter's trouble is that letter's: deferred ones come back, doubt is never re-sent."""
    server = start_server(faults={"depute3@example.org": [fault]}, extensions=extensions)
    # A body beyond what sockets hold in their buffers: only then is its loss seen before the dot.
    local_office.plan(6, text="ligne\n" * 900_000 if fault == "drop_body" else "Bonjour.")

    local_office.send(server.port)

    assert states(local_office) == (
        {State.ACCEPTED: 6} if fate is State.ACCEPTED else {fate: 1, State.ACCEPTED: 5}
    )
    taken = server.accepted()
    assert max(taken.values()) == 1
    assert len(taken) == (6 if fate is State.ACCEPTED or fault in TOOK else 5)
    with local_office.ledger.read() as connection:
        [line] = [
            row
            for row in standings(connection, local_office.scope)
            if row.recipient_id == "PA000003"
        ]
    assert line.state is fate


TOOK = {"drop_after_accept", "odd_reply", "moved_reply", "silent_reply"}


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "fate"), FATES.items())
def test_each_fault_a_hundred_times(
    local_office: Office, start_server: Start, fault: str, fate: State
) -> None:
    """Every second letter meets it; a run that rather stops is started again, as a person would."""
    victims = [f"depute{number}@example.org" for number in range(2, 202, 2)]
    server = start_server(faults={victim: [fault] for victim in victims})
    local_office.plan(200, text="ligne\n" * 40_000 if fault == "drop_body" else "Bonjour.")

    for _ in range(60):
        local_office.send(server.port)
        if not {State.WAITING, State.DEFERRED} & states(local_office).keys():
            break

    taken = server.accepted()
    assert set(taken.values()) == {1}
    with local_office.ledger.read() as connection:
        rows = {row.address: row.state for row in standings(connection, local_office.scope)}
    if fault == "drop_body":
        # Small enough for the sockets' buffers, a body may be lost before or after the dot.
        assert set(rows.values()) <= {State.ACCEPTED, State.UNCERTAIN}
        assert all(state is State.UNCERTAIN for one, state in rows.items() if not taken[one])
    else:
        assert {rows[victim] for victim in victims} == {fate}
        assert {state for one, state in rows.items() if one not in victims} == {State.ACCEPTED}


@pytest.mark.parametrize("fault", ["drop_mail", "defer_mail", "pause_mail"])
@DIALOGUES
def test_a_fault_before_the_recipient_is_named_defers_the_letter(
    local_office: Office, start_server: Start, fault: str, extensions: list[str]
) -> None:
    """Trouble at MAIL FROM costs a delay, never a letter."""
    server = start_server(faults={"MAIL": ["", fault]}, extensions=extensions)
    local_office.plan(4)

    local_office.send(server.port)

    assert states(local_office) == {State.ACCEPTED: 4}
    assert set(server.accepted().values()) == {1}


def test_a_refused_sender_stops_the_run_and_costs_no_letter(
    local_office: Office, start_server: Start
) -> None:
    """When the server refuses our mailbox, nothing is called refused and the run says why."""
    server = start_server(faults={"MAIL": ["", "", "refuse_mail"]})
    local_office.plan(6)

    sent = local_office.send(server.port)

    assert "refuses our mailbox" in sent.stopped
    assert states(local_office) == {State.DEFERRED: 1, State.WAITING: 3, State.ACCEPTED: 2}


def test_an_uncertain_letter_stays_so_in_every_later_run(
    local_office: Office, start_server: Start
) -> None:
    """Starting again does not send a second copy."""
    server = start_server(faults={"depute1@example.org": ["drop_after_accept"]})
    local_office.plan(2)
    for _ in range(3):
        local_office.send(server.port)

    assert states(local_office) == {State.UNCERTAIN: 1, State.ACCEPTED: 1}
    assert server.accepted() == {"depute1@example.org": 1, "depute2@example.org": 1}


def test_a_letter_deferred_for_ever_is_given_up(local_office: Office, start_server: Start) -> None:
    """Eight tries, each later than the last, then it is expired and says so."""
    server = start_server(faults={"depute1@example.org": ["defer_rcpt"] * 20})
    local_office.plan(1)

    local_office.send(server.port)

    with local_office.ledger.read() as connection:
        [line] = standings(connection, local_office.scope)
        steps = [state for _, state, _, _ in history(connection, line.letter_id)]
    assert (line.state, line.tries) == (State.EXPIRED, 8)
    assert steps == ["claimed", "deferred"] * 7 + ["claimed", "expired"]


def test_the_same_refusal_of_our_text_stops_the_run(
    local_office: Office, start_server: Start
) -> None:
    """Three letters refused for their content: the rest waits for a person."""
    server = start_server(faults={"*": ["refuse_dot"] * 50})
    local_office.plan(20)

    sent = local_office.send(server.port)

    assert "same refusal of our text" in sent.stopped
    assert states(local_office) == {State.REFUSED: 3, State.WAITING: 17}


def test_many_refusals_at_the_start_stop_the_run(local_office: Office, start_server: Start) -> None:
    """More than one in ten of the first fifty: the list or the mailbox is wrong."""
    faults = {f"depute{number}@example.org": ["refuse_rcpt"] for number in range(1, 60, 3)}
    server = start_server(faults=faults)
    local_office.plan(60)

    sent = local_office.send(server.port)

    assert "of the first" in sent.stopped
    assert states(local_office)[State.REFUSED] == 6


def test_a_server_that_is_away_costs_no_letter(local_office: Office) -> None:
    """Nobody listens: said at once, and everything still waits."""
    local_office.plan(2)

    with pytest.raises(ServerAwayError, match="cannot be reached"):
        local_office.send(1)

    assert states(local_office) == {State.WAITING: 2}


def test_a_limit_and_an_interruption_leave_the_rest_waiting(
    local_office: Office, start_server: Start
) -> None:
    """`--limit` and Ctrl-C end after the letter in hand; the next run goes on."""
    server = start_server()
    local_office.plan(30)
    stop = threading.Event()

    first = local_office.send(server.port, mission={"limit": 5})
    stop.set()
    second = local_office.send(server.port, stop=stop)
    third = local_office.send(server.port)

    assert [sum(run.states.values()) for run in (first, second, third)] == [5, 0, 25]
    assert set(server.accepted().values()) == {1}


def test_stopping_while_letters_leave_finishes_those_in_hand(
    office: Office, start_server: Start
) -> None:
    """An interruption in the middle leaves nothing claimed and nothing uncertain."""
    server = start_server(delay=0.002)
    office.plan(300)
    stop = threading.Event()
    timer = threading.Timer(0.4, stop.set)
    timer.start()

    sent = office.send(server.port, stop=stop, connections=3)
    timer.join()

    found = states(office)
    assert set(found) <= {State.ACCEPTED, State.WAITING}
    assert (
        found.get(State.ACCEPTED, 0)
        == sum(server.accepted().values())
        == sent.states[State.ACCEPTED]
    )


def test_an_opt_out_during_the_run_is_honoured(local_office: Office, start_server: Start) -> None:
    """Who asks to be left alone while letters leave gets none."""
    server = start_server()
    local_office.plan(30)

    local_office.send(server.port, mission={"limit": 1})
    add_suppression(
        local_office.suppressions,
        Suppression("depute20@example.org", "", "", "asked", dt.date(2026, 11, 23)),
    )
    local_office.send(server.port)

    assert states(local_office) == {State.HELD: 1, State.ACCEPTED: 29}
    assert "depute20@example.org" not in server.accepted()


def test_nobody_claims_a_letter_while_the_suppression_list_is_read(local_office: Office) -> None:
    """Of two connections one reads the list, and the other waits until its letters are held."""
    office = local_office
    office.plan(3)
    add_suppression(
        office.suppressions,
        Suppression("depute2@example.org", "", "", "asked", dt.date(2026, 11, 23)),
    )
    watch = SuppressionWatch(office.ledger, office.scope, office.suppressions, office.clock)
    seen: list[dict[State, int]] = []

    def connection() -> None:
        watch.heed()
        seen.append(states(office))

    busy = threading.Event()
    writer = threading.Thread(target=office.ledger.transact, args=(lambda _: busy.wait(10),))
    threads = [writer, *(threading.Thread(target=connection) for _ in range(2))]
    for thread in threads:
        thread.start()
    threads[1].join(0.3)
    busy.set()
    for thread in threads:
        thread.join()

    assert seen == [{State.WAITING: 2, State.HELD: 1}] * 2


def test_an_outbox_whose_letters_were_changed_sends_none(
    local_office: Office, start_server: Start
) -> None:
    """The bytes that leave are those approved, or nothing leaves."""
    server = start_server()
    local_office.plan(2)
    local_office.ledger.transact(
        lambda c: c.execute(update(contents).values(head=b"From: x\r\n\r\nautre chose\r\n"))
    )

    with pytest.raises(OutreachError, match="not the one that was approved"):
        local_office.send(server.port)

    assert server.accepted() == {}


def test_a_connection_serves_so_many_letters_and_is_then_renewed(
    local_office: Office, start_server: Start
) -> None:
    """After N letters a fresh connection goes on."""
    server = start_server()
    local_office.plan(7)

    sent = local_office.send(server.port, letters_per_connection=2)

    assert sent.states == {State.ACCEPTED: 7}


def test_no_report_about_the_archive_box_is_asked_for(
    local_office: Office, start_server: Start, tmp_path: Path
) -> None:
    """A failure report of a full archive would name the letter that its recipient has received."""
    server = start_server(transcript=str(tmp_path / "transcript"))
    local_office.plan(1)

    local_office.send(server.port, archive="archives@example.org")

    lines = (tmp_path / "transcript").read_text(encoding="ascii").splitlines()
    assert "RCPT TO:<depute1@example.org> NOTIFY=FAILURE,DELAY" in lines
    assert "RCPT TO:<archives@example.org> NOTIFY=NEVER" in lines


def test_the_archive_box_gets_the_same_message(local_office: Office, start_server: Start) -> None:
    """With an archive, the server is given both recipients in one transaction."""
    server = start_server()
    local_office.plan(1)

    local_office.send(server.port, archive="archives@example.org")

    assert list(server.accepted()) == ["archives@example.org"]  # the log names the last recipient
