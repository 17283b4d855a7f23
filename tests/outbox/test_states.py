"""Hypothesis drives the outbox: whatever senders and accidents do, no letter leaves twice."""

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule
from sqlalchemy import select

from outreach.outbox.approval import approve
from outreach.outbox.claims import (
    Claim,
    Outcome,
    Scope,
    claim,
    commit_to_send,
    new_owner,
    record_outcome,
)
from outreach.outbox.ledger import Ledger, open_ledger
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import plan_letters
from outreach.outbox.recovery import recover
from outreach.outbox.resolve import cancel, doubts, resolve
from outreach.outbox.schema import State, letters
from outreach.outbox.suppression import SuppressionList

SCOPE = Scope("campagne-0123456789", 1)
PEOPLE = 4
REPLIES = {
    250: State.ACCEPTED,
    451: State.DEFERRED,
    550: State.REFUSED,
    None: State.UNCERTAIN,
}


def message(number: int, version: int) -> FrozenMessage:
    return FrozenMessage(
        recipient_id=f"PA{number}",
        name=f"Camille Exemple {number}",
        chamber="assemblee",
        political_group="",
        department_code="01",
        constituency_code="01-01",
        address=f"depute{number}@example.org",
        subject="Lettre",
        message_id=f"<{number}.{version}@example.org>",
        head=b"To: someone\r\n\r\nBonjour.\r\n",
        tail=b"",
        boundary="",
        template_digest="",
    )


class Outbox(RuleBasedStateMachine):
    """Several senders, a server, a person and accidents, in any order."""

    claims = Bundle("claims")
    committed = Bundle("committed")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name)
        self.ledger: Ledger = open_ledger(
            path / "outbox.sqlite", create=True, witness_folder=path / "witness"
        )
        self.now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
        # The server's own truth: how many copies it has for whom.
        self.copies: dict[str, int] = {}
        # Whom a person, wrongly or rightly, said to write to again.
        self.forgiven: dict[str, int] = {}
        self.version = 0
        self.plan(replace=False)

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    @rule(replace=st.just(True))
    def plan(self, replace: bool) -> None:
        """Plan again with other texts."""
        self.version += 1
        planned = plan_letters(
            self.ledger,
            SCOPE,
            [message(number, self.version) for number in range(PEOPLE)],
            campaign_name="Essai",
            suppressions=SuppressionList(()),
            now=self.now,
            replace=replace,
        )
        approve(self.ledger, SCOPE, planned.code, now=self.now)

    @rule(target=claims)
    def take(self) -> object:
        """A sender, any sender, claims a letter."""
        taken = self.ledger.transact(lambda c: claim(c, SCOPE, owner=new_owner(), now=self.now))
        return multiple() if taken is None else taken

    @rule(target=committed, taken=consumes(claims), arrives=st.booleans())
    def send(self, taken: Claim, arrives: bool) -> object:
        """It passes the fence, or not; if it does, the dot leaves and may be accepted."""
        if not self.ledger.transact(lambda c: commit_to_send(c, taken, now=self.now)):
            return multiple()
        if arrives:
            self.copies[taken.recipient_id] = self.copies.get(taken.recipient_id, 0) + 1
        return (taken, arrives)

    @rule(taken=consumes(claims), code=st.sampled_from([451, 550]))
    def fail_before_the_dot(self, taken: Claim, code: int) -> None:
        """The server says no before the dot."""
        outcome = Outcome(REPLIES[code], code, "no", self.now)
        self.ledger.transact(lambda c: record_outcome(c, taken, outcome, now=self.now))

    @rule(sent=consumes(committed), code=st.sampled_from([451, 550, None]))
    def answer(self, sent: tuple[Claim, bool], code: int | None) -> None:
        """The reply comes, or gets lost; a server that took the letter never says no."""
        taken, arrived = sent
        code = (250 if code is not None else None) if arrived else code
        outcome = Outcome(REPLIES[code], code, "said", self.now)
        self.ledger.transact(lambda c: record_outcome(c, taken, outcome, now=self.now))

    @rule(alone=st.booleans(), hours=st.integers(-48, 48))
    def accident(self, alone: bool, hours: int) -> None:
        """A sender starts, sure that all others are dead, under any clock."""
        self.now += dt.timedelta(hours=hours)
        self.ledger.transact(lambda c: recover(c, now=self.now, alone=alone))

    @rule(number=st.integers(0, PEOPLE - 1))
    def cancel_one(self, number: int) -> None:
        """A person cancels a letter."""
        cancel(self.ledger, SCOPE, [f"PA{number}"], now=self.now)

    @rule()
    def decide(self) -> None:
        """A person who can see the server's truth ends the doubts that have settled."""
        with self.ledger.read() as connection:
            open_doubts = [doubt.recipient_id for doubt in doubts(connection, SCOPE)]
        for recipient in open_doubts:
            arrived = self.copies.get(recipient, 0) > 0
            resolve(self.ledger, SCOPE, {recipient: arrived}, why="seen", now=self.now)

    @invariant()
    def nobody_has_two(self) -> None:
        """The server never holds two copies for one person."""
        assert max(self.copies.values(), default=0) <= 1

    @invariant()
    def what_the_ledger_is_sure_of_is_so(self) -> None:
        """Accepted: there is a copy. Waiting, claimed, deferred, refused, held: there is none."""
        with self.ledger.read() as connection:
            rows = connection.execute(select(letters.c.recipient_id, letters.c.state)).all()
        for row in rows:
            copies = self.copies.get(row.recipient_id, 0)
            if row.state == State.ACCEPTED:
                assert copies == 1
            elif row.state not in (State.UNCERTAIN, State.COMMITTING):
                assert copies == 0, row.state


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
