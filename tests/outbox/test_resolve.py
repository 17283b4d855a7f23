"""A person's decisions: doubts resolved, letters cancelled, copies adopted."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.errors import OutreachError
from outreach.outbox.approval import approve
from outreach.outbox.claims import Outcome, Scope, claim, commit_to_send, record_outcome
from outreach.outbox.copies import adopt, check_newest
from outreach.outbox.ledger import Ledger, open_ledger
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import Planned, plan_letters
from outreach.outbox.recovery import recover
from outreach.outbox.resolve import cancel, doubts, message_of, resolve
from outreach.outbox.schema import State
from outreach.outbox.standing import counts, history, standings
from outreach.outbox.suppression import SuppressionList

Plan = Callable[..., Planned]


def cut_off(ledger: Ledger, scope: Scope, now: dt.datetime) -> None:
    """Let a sender die between the final dot and the reply."""
    taken = ledger.transact(lambda c: claim(c, scope, owner="a", now=now))
    assert taken is not None
    ledger.transact(lambda c: commit_to_send(c, taken, now=now))
    ledger.transact(lambda c: recover(c, now=now, alone=True))


def states(ledger: Ledger, scope: Scope) -> dict[State, int]:
    with ledger.read() as connection:
        return counts(connection, scope)


@pytest.mark.parametrize(("arrived", "state"), [(True, State.ACCEPTED), (False, State.WAITING)])
def test_a_decision_ends_the_doubt_and_is_kept(
    plan: Plan, ledger: Ledger, scope: Scope, now: dt.datetime, arrived: bool, state: State
) -> None:
    """Arrived makes it accepted, not arrived lets it leave again; the history says why."""
    plan(1)
    cut_off(ledger, scope, now)

    resolve(ledger, scope, {"PA000001": arrived}, why="Sent folder", now=now)

    assert states(ledger, scope) == {state: 1}
    with ledger.read() as connection:
        [row] = standings(connection, scope)
        assert history(connection, row.letter_id)[-1][3] == "decided: Sent folder"


def test_a_letter_that_did_not_arrive_has_all_its_days_again(
    plan: Plan, ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """After six days of doubt, a greylisting defers the letter and does not give it up."""
    plan(1)
    cut_off(ledger, scope, now)
    later = now + dt.timedelta(days=6)
    resolve(ledger, scope, {"PA000001": False}, why="not in the Sent folder", now=later)
    taken = ledger.transact(lambda c: claim(c, scope, owner="b", now=later))
    assert taken is not None

    greylisted = Outcome(State.DEFERRED, 451, "RCPT: 4.7.1 greylisted", later)
    end = ledger.transact(lambda c: record_outcome(c, taken, greylisted, now=later))

    assert (end, taken.attempts) == (State.DEFERRED, 1)


def test_the_sender_before_a_decision_stays_fenced_off(
    plan: Plan, ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """A sender that wakes up after the decision may neither send its dot nor say what came of it."""
    plan(1)
    old = ledger.transact(lambda c: claim(c, scope, owner="a", now=now))
    assert old is not None
    ledger.transact(lambda c: commit_to_send(c, old, now=now))
    ledger.transact(lambda c: recover(c, now=now, alone=True))
    resolve(ledger, scope, {"PA000001": False}, why="not in the Sent folder", now=now)
    refused = Outcome(State.REFUSED, 550, "late")

    before = ledger.transact(lambda c: record_outcome(c, old, refused, now=now))
    new = ledger.transact(lambda c: claim(c, scope, owner="b", now=now))
    late = ledger.transact(lambda c: commit_to_send(c, old, now=now))
    after = ledger.transact(lambda c: record_outcome(c, old, refused, now=now))

    assert new is not None
    assert (before, late, after) == (None, False, None)
    assert ledger.transact(lambda c: commit_to_send(c, new, now=now))


@pytest.mark.parametrize("other", [True, False])
def test_only_doubts_are_decided(
    plan: Plan, ledger: Ledger, scope: Scope, now: dt.datetime, other: bool
) -> None:
    """One id that is not uncertain, whatever is said of it, and nothing is changed."""
    plan(2)
    cut_off(ledger, scope, now)

    with pytest.raises(OutreachError, match="not uncertain") as refusal:
        resolve(ledger, scope, {"PA000001": True, "PA000002": other}, why="x", now=now)

    assert refusal.value.problems == ("PA000002",)
    with ledger.read() as connection:
        assert [doubt.recipient_id for doubt in doubts(connection, scope)] == ["PA000001"]


def test_a_cancelled_letter_stays_cancelled(
    plan: Plan, ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """Planning again does not bring it back."""
    plan(2)

    cancel(ledger, scope, ["PA000001"], now=now)
    again = plan(2)

    assert states(ledger, scope) == {State.WAITING: 1, State.HELD: 1}
    assert again.unchanged == 2


def test_the_frozen_message_is_shown(plan: Plan, ledger: Ledger, scope: Scope) -> None:
    """Byte for byte; a stranger has none."""
    plan(1)

    with ledger.read() as connection:
        assert message_of(connection, scope, "PA000001").startswith(b"From: nous@example.org")
        with pytest.raises(OutreachError, match="no message"):
            message_of(connection, scope, "PA000099")


def test_an_older_copy_is_known_and_adopted_as_doubtful(
    tmp_path: Path, scope: Scope, now: dt.datetime, make_message: Callable[..., FrozenMessage]
) -> None:
    """Whatever may leave from an older copy becomes uncertain, of every campaign and wave in it."""
    path, backup = tmp_path / "outbox.sqlite", tmp_path / "backup"
    other, reminder = Scope("campagne-autre-9876", 1), Scope(scope.campaign_uid, 2)
    with open_ledger(path, create=True, witness_folder=tmp_path) as ledger:
        for number, wave in enumerate((scope, other, reminder)):
            messages = [make_message(one, text=f"{number}") for one in (1, 2)]
            planned = plan_letters(
                ledger, wave, messages, campaign_name="", suppressions=SuppressionList(()), now=now
            )
            approve(ledger, wave, planned.code, now=now)
        deferred = ledger.transact(lambda c: claim(c, other, owner="a", now=now))
        assert deferred is not None
        ledger.transact(
            lambda c: record_outcome(c, deferred, Outcome(State.DEFERRED, 451, "", now), now=now)
        )
        ledger.transact(lambda c: claim(c, reminder, owner="a", now=now))
    shutil.copy(path, backup)
    with open_ledger(path, witness_folder=tmp_path) as ledger:
        cut_off(ledger, scope, now)
        check_newest(ledger)
    shutil.copy(backup, path)

    with open_ledger(path, witness_folder=tmp_path) as ledger:
        with pytest.raises(OutreachError, match="older copy"):
            check_newest(ledger)
        doubted = adopt(ledger, doubtful=True, now=now)
        check_newest(ledger)
        ledger.transact(lambda c: recover(c, now=now, alone=True))

        assert doubted == {scope: 2, other: 2, reminder: 2}
        for wave in (scope, other, reminder):
            assert states(ledger, wave) == {State.UNCERTAIN: 2}


def test_an_outbox_from_another_computer_is_asked_about(
    tmp_path: Path, plan: Plan, ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """Where letters have left and no witness is, a file is not trusted; a shared server is."""
    plan(1)
    cut_off(ledger, scope, now)
    ledger.close()
    place = ledger.path or ledger.engine.url.render_as_string(hide_password=False)

    with open_ledger(place, witness_folder=tmp_path / "elsewhere") as moved:
        if ledger.path is None:
            check_newest(moved)
        else:
            with pytest.raises(OutreachError, match="not from this computer"):
                check_newest(moved)
            adopt(moved, doubtful=False, now=now)
            check_newest(moved)
