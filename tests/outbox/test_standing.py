"""Who goes on paper: every state of a letter, in this wave and in those before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from outreach.outbox.claims import Outcome, Scope, claim, commit_to_send, record_outcome
from outreach.outbox.plan import plan_letters
from outreach.outbox.resolve import cancel
from outreach.outbox.schema import State, letters
from outreach.outbox.standing import for_paper
from outreach.outbox.suppression import SuppressionList

if TYPE_CHECKING:
    import datetime as dt

    from outreach.outbox.ledger import Ledger
    from outreach.outbox.message import FrozenMessage
    from outreach.outbox.plan import Planned

ONE = "PA000001"


def paper(ledger: Ledger, scope: Scope, without: tuple[str, ...] = ()) -> set[str]:
    with ledger.read() as connection:
        return set(for_paper(connection, scope, without))


def become(ledger: Ledger, scope: Scope, outcome: Outcome, now: dt.datetime) -> None:
    """Let the first letter leave and come to something."""
    taken = ledger.transact(lambda c: claim(c, scope, owner="a", now=now))
    assert taken is not None
    ledger.transact(lambda c: commit_to_send(c, taken, now=now))
    ledger.transact(lambda c: record_outcome(c, taken, outcome, now=now))


def bounce(ledger: Ledger, kind: str) -> None:
    """Write what tracking writes for a delivery report about the first letter."""
    values = {"state": State.BOUNCED, "bounce": kind, "reason": "said the server"}
    ledger.transact(
        lambda c: c.execute(update(letters).where(letters.c.recipient_id == ONE).values(**values))
    )


@pytest.mark.parametrize(
    ("state", "on_paper"),
    [
        (State.REFUSED, True),
        (State.EXPIRED, True),
        (State.ACCEPTED, False),
        (State.DEFERRED, False),
        (State.UNCERTAIN, False),
    ],
)
def test_paper_is_for_letters_that_no_mail_brings(
    plan: Callable[..., Planned],
    ledger: Ledger,
    scope: Scope,
    now: dt.datetime,
    state: State,
    on_paper: bool,
) -> None:
    """Refused and given up: yes. Accepted, deferred, waiting, and above all uncertain: no."""
    plan(2)

    become(ledger, scope, Outcome(state, None, "said"), now)

    assert paper(ledger, scope) == ({ONE} if on_paper else set())


@pytest.mark.parametrize(("kind", "on_paper"), [("hard bounce", True), ("soft bounce", False)])
def test_a_hard_bounce_goes_on_paper_and_a_full_mailbox_does_not(
    plan: Callable[..., Planned],
    ledger: Ledger,
    scope: Scope,
    now: dt.datetime,
    kind: str,
    on_paper: bool,
) -> None:
    """An address that exists is not given up for being full."""
    plan(1)
    become(ledger, scope, Outcome(State.ACCEPTED, 250, "said"), now)

    bounce(ledger, kind)

    assert paper(ledger, scope) == ({ONE} if on_paper else set())


def test_who_cancelled_answered_or_left_gets_no_paper(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope, now: dt.datetime
) -> None:
    """A letter that a person cancelled stays unwritten, and who has answered has read it."""
    plan(2)
    become(ledger, scope, Outcome(State.ACCEPTED, 250, "said"), now)
    bounce(ledger, "hard bounce")
    ledger.transact(lambda c: c.execute(update(letters).values(outcome="supports")))

    cancel(ledger, scope, ["PA000002"], now=now)

    assert paper(ledger, scope) == set()


def test_who_has_no_address_and_no_letter_goes_on_paper(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope
) -> None:
    """A recipient whom the outbox has never heard of counts when no address is published."""
    plan(1)

    assert paper(ledger, scope, without=(ONE, "PA000099")) == {"PA000099"}


def test_a_reminder_on_paper_goes_to_those_the_first_letter_did_not_reach(
    ledger: Ledger,
    scope: Scope,
    now: dt.datetime,
    make_message: Callable[..., FrozenMessage],
    plan: Callable[..., Planned],
) -> None:
    """Refused in the first wave: on paper in the second too; written to again since: no longer."""
    plan(2)
    second = Scope(scope.campaign_uid, 2)
    become(ledger, scope, Outcome(State.REFUSED, 550, "said"), now)
    before = paper(ledger, second)

    plan_letters(
        ledger,
        second,
        [make_message(1, wave=2, address="autre@example.org")],
        campaign_name="Essai",
        suppressions=SuppressionList(()),
        now=now,
    )

    assert before == {ONE}
    assert paper(ledger, second) == set()
