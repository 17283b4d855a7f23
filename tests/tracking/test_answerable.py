"""Tests of outreach.tracking.answerable and of the rate: who can have answered, and out of how many."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.tracking.conftest import NOW, Sent

from outreach.errors import OutreachError
from outreach.outbox.approval import approve
from outreach.outbox.claims import Scope, claim
from outreach.outbox.ledger import Ledger, open_ledger
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import CANCELLED, hold, plan_letters
from outreach.outbox.suppression import SuppressionList
from outreach.tracking.answerable import check_answerable
from outreach.tracking.record import set_outcome
from outreach.tracking.report import Line, make_report

SCOPE = Scope("campagne-0123456789", 1)


def message(number: int, address: str) -> FrozenMessage:
    """A letter to one of six."""
    return FrozenMessage(
        recipient_id=f"PA{number}",
        name=f"Camille Exemple {number}",
        chamber="assemblee",
        political_group="GRP",
        department_code="01",
        constituency_code="01-01",
        address=address,
        subject="Lettre",
        message_id=f"<lettre{number}@nous.example.org>",
        head=b"To: someone\r\n\r\nBonjour.\r\n",
        tail=b"",
        boundary="",
        template_digest="",
    )


def total(ledger: Ledger) -> Line:
    """The report's line for all."""
    with ledger.read() as connection:
        return make_report(connection, SCOPE, name="Essai", now=NOW).lines[0]


@pytest.fixture
def planned(ledger_place: Path | str, tmp_path: Path) -> Iterator[Ledger]:
    """PA1 in a sender's hands, PA2 waiting, PA3 without address, PA4 cancelled, PA5 withdrawn."""
    with open_ledger(ledger_place, create=True, witness_folder=tmp_path / "witness") as ledger:
        addresses = {number: f"depute{number}@example.org" for number in (1, 2, 4, 5)} | {3: ""}
        plan = plan_letters(
            ledger,
            SCOPE,
            [message(number, addresses[number]) for number in range(1, 6)],
            campaign_name="Essai",
            suppressions=SuppressionList(()),
            now=NOW,
        )
        approve(ledger, SCOPE, plan.code, now=NOW)
        ledger.transact(lambda c: claim(c, SCOPE, owner="a", now=NOW))
        ledger.transact(lambda c: hold(c, 4, CANCELLED, now=NOW))
        ledger.transact(lambda c: hold(c, 5, "no longer among the recipients", now=NOW))
        yield ledger


@pytest.mark.parametrize(
    ("recipient", "why"),
    [
        ("PA1", "(claimed): there is nothing to answer yet"),
        ("PA2", "PA2 Camille Exemple 2 (waiting)"),
        ("PA4", "(held, cancelled by a person)"),
        ("PA5", "(held, no longer among the recipients)"),
    ],
)
def test_a_letter_that_never_left_has_no_answer(planned: Ledger, recipient: str, why: str) -> None:
    """Waiting, claimed, cancelled or withdrawn: the refusal says which, and where to look."""
    with planned.read() as connection, pytest.raises(OutreachError) as caught:
        check_answerable(connection, SCOPE.campaign_uid, recipient)

    assert f"no letter has left to {recipient}" in caught.value.message
    assert why in caught.value.message


def test_an_answer_to_a_letter_on_paper_gives_no_rate(planned: Ledger) -> None:
    """A held letter may have been posted; how many were is unknown, so the rate is, too."""
    with planned.read() as connection:
        check_answerable(connection, SCOPE.campaign_uid, "PA3")
    set_outcome(planned, SCOPE.campaign_uid, "PA3", "will act", now=NOW)

    line = total(planned)

    assert (line.counts["answered"], line.counts["accepted"]) == (1, 0)
    assert (line.rate, line.low, line.high) == (None, None, None)


def test_the_rate_is_of_letters_that_a_server_accepted(sent: Sent) -> None:
    """Of five accepted letters one is answered; the answer to an uncertain one is counted, not rated."""
    for recipient in ("PA1", "PA6"):
        with sent.ledger.read() as connection:
            check_answerable(connection, sent.scope.campaign_uid, recipient)
        set_outcome(sent.ledger, sent.scope.campaign_uid, recipient, "other", now=sent.now)

    line = total(sent.ledger)

    assert (line.counts["answered"], line.rate) == (2, 0.2)


def test_a_reminder_that_waits_does_not_forbid_the_answer_to_the_first_letter(sent: Sent) -> None:
    """The first letter has left: its answer may come at any time."""
    again = replace(message(1, "depute1@example.org"), message_id="<relance1@nous.example.org>")
    later = sent.now + dt.timedelta(days=14)
    plan_letters(
        sent.ledger,
        Scope(sent.scope.campaign_uid, 2),
        [again],
        campaign_name="Essai",
        suppressions=SuppressionList(()),
        now=later,
    )

    with sent.ledger.read() as connection:
        check_answerable(connection, sent.scope.campaign_uid, "PA1")
