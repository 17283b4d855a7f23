"""Delivery reports: which are believed, and what they make of a letter, wherever it stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from tests.tracking.messages import report

from outreach.outbox.claims import Outcome, Scope, claim, commit_to_send, record_outcome
from outreach.outbox.resolve import doubts, resolve
from outreach.outbox.schema import State
from outreach.outbox.standing import earlier_letters, for_paper, history, standings
from outreach.tracking.record import record_messages

if TYPE_CHECKING:
    from tests.tracking.conftest import Sent


def test_a_forged_report_changes_nothing(sent: Sent) -> None:
    """A report that only knows a public address is shown, not believed."""
    found = record_messages(
        sent.ledger, sent.scope.campaign_uid, [report(1, identified=False)], now=sent.now
    )

    assert len(found.doubtful) == 1
    assert sent.states()["PA1"] == ("accepted", "", False)


def test_a_bounce_ends_the_doubt(sent: Sent) -> None:
    """What comes back with our Message-ID has left: bounced, for paper, not for a reminder."""
    record_messages(sent.ledger, sent.scope.campaign_uid, [report(6)], now=sent.now)

    assert sent.states()["PA6"] == ("bounced", "hard bounce", False)
    with sent.ledger.read() as connection:
        assert doubts(connection, sent.scope) == []
        assert for_paper(connection, sent.scope) == {"PA6": "smtp; 550 said the server"}
        earlier = earlier_letters(connection, Scope(sent.scope.campaign_uid, 2))
        [row] = standings(connection, sent.scope, [State.BOUNCED])
        told = [state for _, state, _, _ in history(connection, row.letter_id)]
    assert earlier["PA6"].reason == "the letter of wave 1 is bounced"
    assert told[-4:] == ["uncertain", "hard bounce", "accepted", "bounced"]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_letter_that_bounces_never_leaves_again(sent: Sent, arrived: bool) -> None:
    """Whatever was decided about it before the report was read: it had left, it is bounced."""
    resolve(sent.ledger, sent.scope, {"PA6": arrived}, why="guessed", now=sent.now)

    record_messages(sent.ledger, sent.scope.campaign_uid, [report(6)], now=sent.now)

    assert sent.states()["PA6"] == ("bounced", "hard bounce", False)


@pytest.mark.parametrize("reply", [State.ACCEPTED, State.UNCERTAIN])
def test_a_bounce_quicker_than_the_servers_reply_counts_too(sent: Sent, reply: State) -> None:
    """Read while the letter was in a sender's hands: counted when the reply, or a person, came."""
    campaign = sent.scope.campaign_uid
    resolve(sent.ledger, sent.scope, {"PA6": False}, why="", now=sent.now)
    taken = sent.ledger.transact(lambda c: claim(c, sent.scope, owner="b", now=sent.now))
    assert taken is not None
    sent.ledger.transact(lambda c: commit_to_send(c, taken, now=sent.now))
    record_messages(sent.ledger, campaign, [report(6)], now=sent.now)
    assert sent.states()["PA6"] == ("committing", "hard bounce", False)
    sent.ledger.transact(lambda c: record_outcome(c, taken, Outcome(reply), now=sent.now))
    with sent.ledger.read() as connection:
        assert not earlier_letters(connection, Scope(campaign, 2))["PA6"].remind

    if reply is State.UNCERTAIN:
        resolve(sent.ledger, sent.scope, {"PA6": True}, why="Sent", now=sent.now)
    else:
        assert record_messages(sent.ledger, campaign, [report(6)], now=sent.now).known == 1

    assert sent.states()["PA6"] == ("bounced", "hard bounce", False)


def test_a_report_of_success_is_a_proof_and_no_bounce(sent: Sent) -> None:
    """It speaks for an uncertain letter; one that only knows a public address speaks for none."""
    came_back = [report(6, "delivered", "2.0.0"), report(1, "relayed", "2.0.0")]
    unproved = report(6, "delivered", "2.0.0", identified=False)
    unproved.replace_header("Message-ID", "<other@mx.example.org>")

    found = record_messages(
        sent.ledger, sent.scope.campaign_uid, [unproved, *came_back], now=sent.now
    )

    assert (found.kinds, found.strange, found.doubtful) == (Counter({"delivered": 2}), 1, ())
    assert sent.states()["PA1"] == ("accepted", "", False)
    assert sent.states()["PA6"] == ("uncertain", "", False)
    with sent.ledger.read() as connection:
        [doubt] = doubts(connection, sent.scope)
    assert doubt.proofs == ("delivered of 2026-11-23",)
