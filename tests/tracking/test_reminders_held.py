"""What comes back between the plan of a reminder and its sending keeps it from leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update
from tests.tracking.messages import mail, report

from outreach.outbox.approval import approve
from outreach.outbox.claims import Outcome, Scope, claim, record_outcome
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import plan_letters
from outreach.outbox.reminders import hold_undue
from outreach.outbox.schema import State, letters
from outreach.outbox.standing import for_paper, standings
from outreach.outbox.suppression import SuppressionList
from outreach.tracking.record import record_messages, set_outcome

if TYPE_CHECKING:
    from tests.tracking.conftest import Sent


@pytest.fixture
def reminder(sent: Sent) -> Scope:
    """The second wave, planned for the four of five whose letters were accepted; the first deferred."""
    scope = Scope(sent.scope.campaign_uid, 2)
    with sent.ledger.read() as connection:
        rows = standings(connection, sent.scope, [State.ACCEPTED])[:4]
    messages = [
        FrozenMessage(
            recipient_id=row.recipient_id,
            name=row.name,
            chamber=row.chamber,
            political_group="",
            department_code="01",
            constituency_code="",
            address=row.address,
            subject="Relance",
            message_id=f"<relance{row.recipient_id}@nous.example.org>",
            head=b"To: someone\r\n\r\nBonjour.\r\n",
            tail=b"",
            boundary="",
            template_digest="",
        )
        for row in rows
    ]
    planned = plan_letters(
        sent.ledger,
        scope,
        messages,
        campaign_name="Essai",
        suppressions=SuppressionList(()),
        now=sent.now,
    )
    approve(sent.ledger, scope, planned.code, now=sent.now)
    taken = sent.ledger.transact(lambda c: claim(c, scope, owner="a", now=sent.now))
    assert taken is not None
    later = Outcome(State.DEFERRED, 451, "later", sent.now)
    sent.ledger.transact(lambda c: record_outcome(c, taken, later, now=sent.now))
    return scope


def held(sent: Sent, scope: Scope) -> dict[str, str]:
    with sent.ledger.read() as connection:
        return {row.recipient_id: row.reason for row in standings(connection, scope, [State.HELD])}


def test_what_comes_back_holds_the_reminder_that_waits(sent: Sent, reminder: Scope) -> None:
    """An answer, a person's word and a bounce, read after the plan: held in the same transaction."""
    came_back = [
        mail(1, In_Reply_To="<lettre1@nous.example.org>"),
        report(2),
        mail(4, In_Reply_To="<lettre4@nous.example.org>", Auto_Submitted="auto-replied"),
    ]

    record_messages(sent.ledger, reminder.campaign_uid, came_back, now=sent.now)
    set_outcome(sent.ledger, reminder.campaign_uid, "PA3", "supports", now=sent.now)

    assert held(sent, reminder) == {
        "PA1": "no reminder: has answered",
        "PA2": "no reminder: the letter of wave 1 is bounced",
        "PA3": "no reminder: has answered",
    }
    with sent.ledger.read() as connection:
        outcomes = connection.execute(
            select(letters.c.wave).where(letters.c.outcome == "supports")
        ).scalars()
        assert list(outcomes) == [1], "the outcome stands with the letter that was answered"


@pytest.mark.parametrize(("status", "on_paper"), [("5.1.1", {"PA2"}), ("4.2.2", set())])
def test_a_held_reminder_goes_on_paper_only_as_its_first_letter_does(
    sent: Sent, reminder: Scope, status: str, on_paper: set[str]
) -> None:
    """Bounced for good: on paper; a full mailbox or an answer: not, though the reminder is held."""
    came_back = [report(2, status=status), mail(1, In_Reply_To="<lettre1@nous.example.org>")]

    record_messages(sent.ledger, reminder.campaign_uid, came_back, now=sent.now)

    with sent.ledger.read() as connection:
        assert set(for_paper(connection, reminder)) == on_paper


def test_a_send_holds_what_is_no_longer_due(sent: Sent, reminder: Scope) -> None:
    """Also what was recorded before outboxes held reminders at once; a second time changes nothing."""
    sent.ledger.transact(
        lambda c: c.execute(
            update(letters)
            .where(letters.c.recipient_id == "PA4", letters.c.wave == 1)
            .values(answered_at="2026-11-23T09:00:00.000000Z")
        )
    )

    counts = [
        sent.ledger.transact(lambda c: hold_undue(c, reminder, now=sent.now)) for _ in range(2)
    ]

    assert counts == [1, 0]
    assert held(sent, reminder) == {"PA4": "no reminder: has answered"}


def test_a_letter_that_a_sender_has_taken_is_left_to_it(sent: Sent, reminder: Scope) -> None:
    """It leaves now: an answer that is read meanwhile is kept, and holds nothing."""
    for _ in range(4):
        sent.ledger.transact(lambda c: claim(c, reminder, owner="a", now=sent.now))

    answer = mail(1, In_Reply_To="<lettre1@nous.example.org>")
    found = record_messages(sent.ledger, reminder.campaign_uid, [answer], now=sent.now)

    assert found.kinds == {"answer": 1}
    assert held(sent, reminder) == {}
