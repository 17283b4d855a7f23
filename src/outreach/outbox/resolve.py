"""Ending doubt about a letter: a person who looked decides, and the ledger keeps why."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select, update

from outreach.errors import OutreachError
from outreach.outbox.claims import Scope
from outreach.outbox.contents import frozen_content
from outreach.outbox.history import record_event
from outreach.outbox.ledger import Ledger
from outreach.outbox.plan import CANCELLED, hold
from outreach.outbox.schema import State, letters, replies, stamp


@dataclass(frozen=True, slots=True)
class Doubt:
    """An uncertain letter, and what speaks for its having arrived.

    Attributes:
        since: when it became uncertain, UTC as the ledger writes.
        proofs: what was read back about it: reports, answers, copies in an archive.
    """

    letter_id: int
    recipient_id: str
    name: str
    address: str
    message_id: str
    reason: str
    since: str
    proofs: tuple[str, ...]


def doubts(connection: Connection, scope: Scope) -> list[Doubt]:
    """Give the uncertain letters of a wave with their proofs."""
    found: dict[int, list[str]] = {}
    for row in connection.execute(
        select(replies.c.letter_id, replies.c.kind, replies.c.received_at).where(
            replies.c.letter_id.is_not(None)
        )
    ):
        found.setdefault(row.letter_id, []).append(f"{row.kind} of {row.received_at[:10]}")
    rows = connection.execute(
        select(letters).where(_of(scope), letters.c.state == State.UNCERTAIN).order_by(letters.c.id)
    )
    return [
        Doubt(
            row.id,
            row.recipient_id,
            row.name,
            row.address,
            row.message_id,
            row.reply or row.reason,
            row.changed_at,
            tuple(found.get(row.id, ())),
        )
        for row in rows
    ]


def resolve(
    ledger: Ledger,
    scope: Scope,
    recipients: Collection[str],
    *,
    arrived: bool,
    why: str,
    now: dt.datetime,
) -> int:
    """Say of uncertain letters that they arrived, or that they did not and may leave again.

    Args:
        ledger: open.
        scope: the wave.
        recipients: official ids.
        arrived: True makes them accepted, False waiting, with all their tries and days again.
        why: the proof, kept in the history.
        now: the present.

    Raises:
        OutreachError: one of them is not uncertain; then none is changed.
    """

    def work(connection: Connection) -> int:
        rows = connection.execute(
            select(letters.c.id, letters.c.recipient_id).where(
                _of(scope),
                letters.c.state == State.UNCERTAIN,
                letters.c.recipient_id.in_(list(recipients)),
            )
        ).all()
        unknown = set(recipients) - {row.recipient_id for row in rows}
        if unknown:
            raise OutreachError(
                "these are not uncertain letters of this wave; nothing was changed.",
                sorted(unknown),
            )
        state = State.ACCEPTED if arrived else State.WAITING
        values: dict[str, str | int | None] = {
            "state": state,
            "reason": why,
            # The fence of the old sender's claim: an owner that is not there is nobody's.
            "owner": None,
            "next_at": None,
            "changed_at": stamp(now),
        }
        if not arrived:
            # It leaves as a new letter: days of doubt must not count as days of trying.
            values |= {"first_at": None, "attempts": 0}
        for row in rows:
            connection.execute(update(letters).where(letters.c.id == row.id).values(values))
            record_event(
                connection, at=stamp(now), state=state, letter_id=row.id, detail=f"decided: {why}"
            )
        return len(rows)

    return ledger.transact(work)


def cancel(ledger: Ledger, scope: Scope, recipients: Collection[str], *, now: dt.datetime) -> int:
    """Keep letters that wait from leaving; planning again does not bring them back."""

    def work(connection: Connection) -> int:
        rows = connection.execute(
            select(letters.c.id).where(
                _of(scope),
                letters.c.recipient_id.in_(list(recipients)),
                letters.c.state.in_([State.WAITING, State.DEFERRED]),
            )
        ).all()
        for row in rows:
            hold(connection, row.id, CANCELLED, now=now)
        return len(rows)

    return ledger.transact(work)


def message_of(connection: Connection, scope: Scope, recipient_id: str) -> bytes:
    """Give the frozen bytes of one recipient's letter, as it leaves or left.

    Raises:
        OutreachError: there is none in this wave.
    """
    letter_id = connection.execute(
        select(letters.c.id).where(_of(scope), letters.c.recipient_id == recipient_id)
    ).scalar_one_or_none()
    content = frozen_content(connection, letter_id) if letter_id is not None else b""
    if not content:
        raise OutreachError(f"the outbox holds no message to {recipient_id} in wave {scope.wave}.")
    return content


def _of(scope: Scope) -> ColumnElement[bool]:
    return (letters.c.campaign_uid == scope.campaign_uid) & (letters.c.wave == scope.wave)
