"""Messages and outboxes for the tests of this room."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from outreach.outbox.approval import approve
from outreach.outbox.claims import Scope
from outreach.outbox.ledger import Ledger, open_ledger
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import Planned, plan_letters
from outreach.outbox.suppression import SuppressionList

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def now() -> dt.datetime:
    """A Monday morning."""
    return NOW


@pytest.fixture
def scope() -> Scope:
    """The first wave of a campaign."""
    return Scope("campagne-0123456789", 1)


@pytest.fixture
def make_message() -> Callable[..., FrozenMessage]:
    """Make a frozen message to fictional deputy number n."""

    def make(
        number: int, *, text: str = "Bonjour.", wave: int = 1, **changes: str
    ) -> FrozenMessage:
        recipient = f"PA{number:06d}"
        address = changes.pop("address", f"depute{number}@example.org")
        content = hashlib.sha256(f"{wave} {recipient} {text}".encode()).hexdigest()
        identity = f"<{content[:32]}@example.org>"
        head = (
            f"From: nous@example.org\r\nTo: {address}\r\nSubject: Lettre {number}\r\n"
            f"Message-ID: {identity}\r\n\r\n{text}\r\n"
        )
        return FrozenMessage(
            recipient_id=recipient,
            name=f"Camille Exemple {number}",
            chamber="assemblee",
            political_group="GRP",
            department_code="01",
            constituency_code="01-01",
            address=address,
            subject=f"Lettre {number}",
            message_id=identity,
            head=head.encode() if address else b"",
            tail=b"",
            boundary="",
            template_digest="0" * 64,
            held=changes.get("held", ""),
        )

    return make


@pytest.fixture
def ledger(ledger_place: Path | str, tmp_path: Path) -> Iterator[Ledger]:
    """An empty outbox, on SQLite and on PostgreSQL."""
    with open_ledger(ledger_place, create=True, witness_folder=tmp_path / "witness") as opened:
        yield opened


@pytest.fixture
def plan(
    ledger: Ledger, scope: Scope, make_message: Callable[..., FrozenMessage]
) -> Callable[..., Planned]:
    """Plan and approve letters to n fictional deputies."""

    def freeze(count: int, **options: object) -> Planned:
        messages = [make_message(number) for number in range(1, count + 1)]
        planned = plan_letters(
            ledger,
            scope,
            messages,
            campaign_name="Essai",
            suppressions=SuppressionList(()),
            now=NOW,
            **options,  # type: ignore[arg-type]
        )
        approve(ledger, scope, planned.code, now=NOW)
        return planned

    return freeze
