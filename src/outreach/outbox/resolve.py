"""Ending doubt about a letter: a person who looked decides, and the ledger keeps why."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select, update

from outreach.errors import OutreachError
from outreach.outbox.bounces import count_bounces
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
    arrived: Mapping[str, bool],
    *,
    why: str,
    now: dt.datetime,
) -> int:
    """Say of uncertain letters that they arrived, or that they did not and may leave again.

    One of which a failure report has been read is bounced, whatever is said: it left.

    Args:
        ledger: open.
        scope: the wave.
        arrived: official id → True makes the letter accepted, False waiting, with all its tries
            and days again.
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
                letters.c.recipient_id.in_(list(arrived)),
            )
        ).all()
        unknown = set(arrived) - {row.recipient_id for row in rows}
        if unknown:
            raise OutreachError(
                "these are not uncertain letters of this wave; nothing was changed.",
                sorted(unknown),
            )
        for row in rows:
            state = State.ACCEPTED if arrived[row.recipient_id] else State.WAITING
            # It leaves as a new letter: days of doubt are no days of trying. Without an owner, nothing
            # of an old sender's claim fits it any more.
            anew = {} if arrived[row.recipient_id] else {"first_at": None, "attempts": 0}
            connection.execute(
                update(letters)
                .where(letters.c.id == row.id)
                .values(
                    state=state,
                    reason=why,
                    owner=None,
                    next_at=None,
                    changed_at=stamp(now),
                    **anew,
                )
            )
            record_event(
                connection, at=stamp(now), state=state, letter_id=row.id, detail=f"decided: {why}"
            )
        count_bounces(connection, scope.campaign_uid, now=now)
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
