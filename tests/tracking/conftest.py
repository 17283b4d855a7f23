"""An outbox whose letters have left."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.outbox.approval import approve
from outreach.outbox.claims import Outcome, Scope, claim, commit_to_send, record_outcome
from outreach.outbox.ledger import Ledger, open_ledger
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import plan_letters
from outreach.outbox.schema import State, letters
from outreach.outbox.suppression import SuppressionList

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@dataclass
class Sent:
    """An outbox after a run."""

    ledger: Ledger
    scope: Scope = field(default_factory=lambda: Scope("campagne-0123456789", 1))
    now: dt.datetime = NOW

    def token(self, number: int) -> str:
        """Give the secret of a letter."""
        with self.ledger.read() as connection:
            found: str = connection.execute(
                select(letters.c.token).where(letters.c.recipient_id == f"PA{number}")
            ).scalar_one()
        return found

    def states(self) -> dict[str, tuple[str, str, bool]]:
        """Give official id → state, bounce, answered."""
        with self.ledger.read() as connection:
            return {
                row.recipient_id: (row.state, row.bounce, row.answered_at is not None)
                for row in connection.execute(select(letters))
            }


@pytest.fixture
def sent(ledger_place: Path | str, tmp_path: Path) -> Iterator[Sent]:
    """Six letters: five accepted, the last uncertain; two chambers."""
    with open_ledger(ledger_place, create=True, witness_folder=tmp_path / "witness") as ledger:
        outbox = Sent(ledger)
        messages = [
            FrozenMessage(
                recipient_id=f"PA{number}",
                name=f"Camille <Exemple> {number}",
                chamber="assemblee" if number < 4 else "senat",
                political_group="GRP" if number % 2 else "=AUTRE",
                department_code="01",
                constituency_code="01-01" if number < 4 else "",
                address=f"depute{number}@example.org",
                subject="Lettre",
                message_id=f"<lettre{number}@nous.example.org>",
                head=b"To: someone\r\n\r\nBonjour.\r\n",
                tail=b"",
                boundary="",
                template_digest="",
            )
            for number in range(1, 7)
        ]
        planned = plan_letters(
            ledger,
            outbox.scope,
            messages,
            campaign_name="Essai",
            suppressions=SuppressionList(()),
            now=NOW,
        )
        approve(ledger, outbox.scope, planned.code, now=NOW)
        for number in range(1, 7):
            taken = ledger.transact(lambda c: claim(c, outbox.scope, owner="a", now=NOW))
            assert taken is not None
            state = State.UNCERTAIN if number == 6 else State.ACCEPTED
            _finish(ledger, taken, Outcome(state, 250 if number < 6 else None, "said"))
        yield outbox


def _finish(ledger: Ledger, taken: object, outcome: Outcome) -> None:
    from outreach.outbox.claims import Claim

    assert isinstance(taken, Claim)
    ledger.transact(lambda c: commit_to_send(c, taken, now=NOW))
    ledger.transact(lambda c: record_outcome(c, taken, outcome, now=NOW))
