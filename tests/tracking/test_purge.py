"""What a purge forgets, and what it must not forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.outbox.claims import Scope
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import Planned, plan_letters
from outreach.outbox.resolve import cancel, resolve
from outreach.outbox.schema import State
from outreach.outbox.standing import counts
from outreach.outbox.suppression import SuppressionList
from outreach.tracking.purge import purge

if TYPE_CHECKING:
    from tests.tracking.conftest import Sent


def plan_two(sent: Sent, wave: Scope) -> Planned:
    messages = [
        FrozenMessage(
            recipient_id=f"PA{number}",
            name=f"Camille Exemple {number}",
            chamber="assemblee",
            political_group="",
            department_code="01",
            constituency_code="01-01",
            address=f"depute{number}@example.org",
            subject="Rappel",
            message_id=f"<rappel{number}@nous.example.org>",
            head=b"To: someone\r\n\r\nBonjour.\r\n",
            tail=b"",
            boundary="",
            template_digest="",
        )
        for number in (1, 2)
    ]
    return plan_letters(
        sent.ledger,
        wave,
        messages,
        campaign_name="Essai",
        suppressions=SuppressionList(()),
        now=sent.now,
        replace=True,
    )


def test_a_cancelled_letter_stays_cancelled_after_a_purge(sent: Sent) -> None:
    """A purge empties a cancelled letter, and planning again does not bring it back."""
    wave = Scope(sent.scope.campaign_uid, 2)
    resolve(sent.ledger, sent.scope, {"PA6": True}, why="Sent folder", now=sent.now)
    plan_two(sent, wave)
    cancel(sent.ledger, wave, ["PA1", "PA2"], now=sent.now)

    purge(sent.ledger, sent.scope.campaign_uid, now=sent.now)
    again = plan_two(sent, wave)

    with sent.ledger.read() as connection:
        assert counts(connection, wave) == {State.HELD: 2}
    assert again.unchanged == 2
