"""The steps of one letter, and the fence between two senders."""

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Connection, select, text

from outreach.outbox.claims import (
    LEASE,
    LONGEST_BACKOFF,
    REPLY_LIMIT,
    Claim,
    Outcome,
    Scope,
    claim,
    commit_to_send,
    next_due,
    record_outcome,
    unsent,
)
from outreach.outbox.ledger import Ledger
from outreach.outbox.plan import Planned
from outreach.outbox.recovery import recover
from outreach.outbox.schema import State, letters
from outreach.outbox.standing import counts

MINUTE = dt.timedelta(minutes=1)


def take(ledger: Ledger, scope: Scope, now: dt.datetime, owner: str = "a") -> Claim | None:
    return ledger.transact(lambda c: claim(c, scope, owner=owner, now=now))


def state_of(ledger: Ledger) -> dict[State, int]:
    with ledger.read() as connection:
        return counts(connection, Scope("campagne-0123456789", 1))


def test_a_letter_goes_through_all_its_states(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """Claimed, committing, accepted: and then there is nothing left to claim."""
    plan(1)

    taken = take(ledger, scope, now)
    assert taken is not None
    ours = ledger.transact(lambda c: commit_to_send(c, taken, now=now))
    end = ledger.transact(
        lambda c: record_outcome(c, taken, Outcome(State.ACCEPTED, 250, "2.0.0 Ok"), now=now)
    )

    assert (ours, end) == (True, State.ACCEPTED)
    assert state_of(ledger) == {State.ACCEPTED: 1}
    assert take(ledger, scope, now) is None
    assert taken.content.startswith(b"From: nous@example.org\r\nTo: depute1@example.org\r\n")


def test_no_two_claims_get_one_letter(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """Each claim gets another letter until none is left."""
    plan(3)

    taken = [take(ledger, scope, now, owner) for owner in "abcd"]

    assert [one.recipient_id if one else None for one in taken] == [
        "PA000001",
        "PA000002",
        "PA000003",
        None,
    ]


def test_the_fence_lets_one_of_two_through(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """When a second sender took the letter over, the first may not send its dot."""
    plan(1)
    first = take(ledger, scope, now, "a")
    ledger.transact(lambda c: recover(c, now=now, alone=True))
    second = take(ledger, scope, now, "b")
    assert first is not None
    assert second is not None

    allowed = [
        ledger.transact(partial(commit_to_send, taken=one, now=now))
        for one in (first, second, first, second)
    ]

    assert allowed == [False, True, False, False]


def test_an_own_letter_taken_over_and_back_is_fenced_too(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """The fence compares the attempt too: one process's old claim is not its new one."""
    plan(1)
    old = take(ledger, scope, now, "a")
    ledger.transact(lambda c: recover(c, now=now, alone=True))
    new = take(ledger, scope, now, "a")
    assert old is not None
    assert new is not None

    allowed = [ledger.transact(partial(commit_to_send, taken=one, now=now)) for one in (old, new)]

    assert allowed == [False, True]


def test_what_was_cut_before_the_dot_waits_again_and_after_it_is_uncertain(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """Recovery knows which letters cannot have left and which may have."""
    plan(2)
    take(ledger, scope, now)
    second = take(ledger, scope, now)
    assert second is not None
    ledger.transact(lambda c: commit_to_send(c, second, now=now))

    found = ledger.transact(lambda c: recover(c, now=now, alone=True))

    assert found == {State.WAITING: 1, State.UNCERTAIN: 1}
    assert state_of(ledger) == {State.UNCERTAIN: 1, State.WAITING: 1}


def test_an_uncertain_letter_is_never_claimed(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """However often a send is started again, doubt is left to a person."""
    plan(1)
    taken = take(ledger, scope, now)
    assert taken is not None
    ledger.transact(lambda c: commit_to_send(c, taken, now=now))
    for days in range(5):
        later = now + dt.timedelta(days=days)
        ledger.transact(partial(recover, now=later, alone=True))

        assert take(ledger, scope, later) is None


def test_the_answer_of_a_sender_thought_dead_is_the_proof(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """A reply that comes after the letter was called uncertain still ends the doubt."""
    plan(1)
    taken = take(ledger, scope, now)
    assert taken is not None
    ledger.transact(lambda c: commit_to_send(c, taken, now=now))
    ledger.transact(lambda c: recover(c, now=now + REPLY_LIMIT + MINUTE, alone=False))

    end = ledger.transact(lambda c: record_outcome(c, taken, Outcome(State.ACCEPTED, 250), now=now))

    assert end is State.ACCEPTED


def test_a_lease_only_ends_what_has_run_out(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """Beside other senders, recovery leaves living claims alone."""
    plan(2)
    take(ledger, scope, now, "other")
    take(ledger, scope, now + LEASE, "other")

    found = ledger.transact(lambda c: recover(c, now=now + LEASE + MINUTE, alone=False))

    assert found == {State.WAITING: 1, State.UNCERTAIN: 0}


def test_a_dot_that_left_has_its_time_to_be_answered(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """Beside other senders, a letter that is being committed is doubted only after the reply's limit."""
    plan(1)
    taken = take(ledger, scope, now)
    assert taken is not None
    later = now + LEASE - MINUTE
    ledger.transact(lambda c: commit_to_send(c, taken, now=later))

    doubted = [
        ledger.transact(partial(recover, now=later + REPLY_LIMIT + wait, alone=False))
        for wait in (-MINUTE, MINUTE)
    ]

    assert [found[State.UNCERTAIN] for found in doubted] == [0, 1]


def test_an_answer_is_not_written_over_another_senders_claim(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """A late answer finds that the letter is somebody else's, and changes nothing."""
    plan(1)
    first = take(ledger, scope, now, "a")
    ledger.transact(lambda c: recover(c, now=now, alone=True))
    take(ledger, scope, now, "b")
    assert first is not None

    end = ledger.transact(lambda c: record_outcome(c, first, Outcome(State.REFUSED, 550), now=now))

    assert end is None
    assert state_of(ledger) == {State.CLAIMED: 1}


def test_a_deferred_letter_comes_back_at_its_time(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """Not a minute early, and then before nothing else."""
    plan(1)
    taken = take(ledger, scope, now)
    assert taken is not None
    back = now + 10 * MINUTE
    ledger.transact(
        lambda c: record_outcome(c, taken, Outcome(State.DEFERRED, 451, "later", back), now=now)
    )

    with ledger.read() as connection:
        due = next_due(connection, scope)
    assert due == back
    assert take(ledger, scope, back - MINUTE) is None
    again = take(ledger, scope, back)
    assert again is not None
    assert again.attempts == 2


def test_a_time_further_than_any_delay_means_the_clock_moved(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """A letter deferred under a clock a year ahead is due when the clock is right again."""
    plan(1)
    wrong = now + dt.timedelta(days=365)
    taken = take(ledger, scope, wrong)
    assert taken is not None
    ledger.transact(
        lambda c: record_outcome(
            c, taken, Outcome(State.DEFERRED, 451, "later", wrong + LONGEST_BACKOFF), now=wrong
        )
    )

    assert take(ledger, scope, now) is not None


@pytest.mark.parametrize(("tries", "days"), [(8, 0), (2, 6)])
def test_a_letter_deferred_too_often_or_too_long_is_given_up(
    plan: Callable[..., Planned],
    ledger: Ledger,
    scope: Scope,
    now: dt.datetime,
    tries: int,
    days: int,
) -> None:
    """After 8 tries or 5 days a letter is expired, and says so."""
    plan(1)
    time = now
    end = None
    for attempt in range(tries):
        time = now + (attempt / max(tries - 1, 1)) * dt.timedelta(days=days)
        taken = take(ledger, scope, time)
        assert taken is not None
        outcome = Outcome(State.DEFERRED, 451, "later", time)
        end = ledger.transact(partial(record_outcome, taken=taken, outcome=outcome, now=time))

    assert end is State.EXPIRED
    assert state_of(ledger) == {State.EXPIRED: 1}


def test_a_domain_whose_pace_is_used_up_is_passed_over(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """Letters to other domains go on."""
    plan(2)
    ledger.transact(
        lambda c: c.execute(
            letters.update().where(letters.c.recipient_id == "PA000002").values(domain="senat.fr")
        )
    )

    taken = ledger.transact(
        lambda c: claim(c, scope, owner="a", now=now, closed_domains=["example.org"])
    )

    assert taken is not None
    assert taken.recipient_id == "PA000002"


def test_a_closed_domain_closes_no_shorter_one(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """A domain goes on though a closed one begins or ends with its name."""
    plan(1)
    closed = ["an.example.org", "example.org.fr"]

    taken = ledger.transact(lambda c: claim(c, scope, owner="a", now=now, closed_domains=closed))

    assert taken is not None


def test_letters_leave_in_the_order_of_the_plan(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """A letter given back is the first again, in whatever order the database comes upon them."""
    plan(3)
    take(ledger, scope, now)
    ledger.transact(lambda c: recover(c, now=now, alone=True))

    def as_it_comes(connection: Connection) -> Claim | None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA reverse_unordered_selects = ON")
        else:
            # Without the index, PostgreSQL reads rows as they lie: changed ones come last.
            connection.execute(text("SET LOCAL enable_indexscan = off"))
            connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        return claim(connection, scope, owner="a", now=now)

    again = ledger.transact(as_it_comes)

    assert again is not None
    assert again.recipient_id == "PA000001"


def test_another_waves_deferred_letters_are_not_waited_for(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """Neither another wave nor another campaign comes back for what this one has deferred."""
    plan(1)
    taken = take(ledger, scope, now)
    assert taken is not None
    deferred = Outcome(State.DEFERRED, 451, "later", now + MINUTE)
    ledger.transact(lambda c: record_outcome(c, taken, deferred, now=now))

    with ledger.read() as connection:
        others = [
            next_due(connection, other)
            for other in (Scope(scope.campaign_uid, 2), Scope("campagne-9876543210", 1))
        ]

    assert others == [None, None]


def test_another_wave_is_not_touched(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """A send works on its own wave only."""
    plan(1)

    assert take(ledger, Scope(scope.campaign_uid, 2), now) is None
    with ledger.read() as connection:
        assert unsent(connection, scope) == 1
        assert connection.execute(select(letters.c.wave)).scalar_one() == 1
