"""The counts for the HATVP: every letter that left, on the best known day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.tracking.messages import report

from outreach.outbox.claims import Scope
from outreach.outbox.copies import adopt
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import plan_letters
from outreach.outbox.resolve import resolve
from outreach.outbox.standing import standings
from outreach.outbox.suppression import SuppressionList
from outreach.tracking.initiatives import initiatives
from outreach.tracking.record import record_messages

if TYPE_CHECKING:
    from tests.tracking.conftest import Sent


def test_initiatives_are_counted_without_names(sent: Sent) -> None:
    """For the HATVP: per day of leaving, category and subject; what bounced later has left too."""
    record_messages(
        sent.ledger, sent.scope.campaign_uid, [report(1)], now=sent.now + dt.timedelta(days=3)
    )
    with sent.ledger.read() as connection:
        rows = initiatives(connection)

    assert rows == [
        {"date": "2026-11-23", "category": "députés", "subject": "Essai", "wave": 1, "initiatives": 3},
        {"date": "2026-11-23", "category": "sénateurs", "subject": "Essai", "wave": 1, "initiatives": 2},
    ]  # fmt: skip


def test_initiatives_count_what_a_person_said_arrived(sent: Sent) -> None:
    """A letter of a copy adopted as doubtful has no moment of leaving: the day of the doubt counts."""
    other = Scope("campagne-autre-9876", 1)
    with sent.ledger.read() as connection:
        [row] = standings(connection, sent.scope)[-1:]
    letter = FrozenMessage(
        recipient_id=row.recipient_id,
        name=row.name,
        chamber="senat",
        political_group="",
        department_code="01",
        constituency_code="",
        address=row.address,
        subject="Lettre",
        message_id="<autre@nous.example.org>",
        head=b"To: someone\r\n\r\nBonjour.\r\n",
        tail=b"",
        boundary="",
        template_digest="",
    )
    plan_letters(
        sent.ledger,
        other,
        [letter],
        campaign_name="Autre",
        suppressions=SuppressionList(()),
        now=sent.now,
    )
    adopted, decided = sent.now + dt.timedelta(days=1), sent.now + dt.timedelta(days=9)
    adopt(sent.ledger, doubtful=True, now=adopted)
    resolve(sent.ledger, other, {row.recipient_id: True}, why="Sent", now=decided)

    with sent.ledger.read() as connection:
        rows = initiatives(connection, other.campaign_uid)

    assert rows == [
        {"date": "2026-11-24", "category": "sénateurs", "subject": "Autre", "wave": 1, "initiatives": 1},
    ]  # fmt: skip
