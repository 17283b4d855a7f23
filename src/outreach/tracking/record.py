"""What came back, linked to its letter and kept; and what a person says of an answer."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from outreach.errors import OutreachError
from outreach.outbox.history import record_event
from outreach.outbox.ledger import Ledger
from outreach.outbox.schema import State, letters, replies, stamp
from outreach.tracking.classify import Incoming, understand

OUTCOMES = ("supports", "will act", "standard reply", "refuses", "other")


@dataclass(frozen=True, slots=True)
class Read:
    """What reading a mailbox came to.

    Attributes:
        kinds: how many new messages of each kind are about our letters.
        known: read before; strange: about none of our letters.
        doubtful: reports about a letter of ours that bring no proof of being real.
    """

    kinds: Counter[str]
    known: int
    strange: int
    doubtful: tuple[str, ...]


def record_messages(
    ledger: Ledger, campaign_uid: str, messages: Iterable[EmailMessage], *, now: dt.datetime
) -> Read:
    """Link messages to the letters of a campaign and keep what they say, never their text.

    A failure report that brings the letter's secret token back (envelope id, return path), or
    returns the letter's own Message-ID, makes the letter bounced; without either it only counts
    as doubtful. Reading the same mailbox again changes nothing.
    """
    kinds: Counter[str] = Counter()
    known = strange = 0
    doubtful = []
    for message in messages:
        incoming = understand(message)
        when = _date(message, now)

        def work(
            connection: Connection, incoming: Incoming = incoming, when: dt.datetime = when
        ) -> str:
            return _record(connection, campaign_uid, incoming, when, now)

        result = ledger.transact(work)
        if result == "known":
            known += 1
        elif result == "strange":
            strange += 1
        elif result == "doubtful":
            doubtful.append(f"{incoming.sender}: {incoming.subject}")
        else:
            kinds[result] += 1
    return Read(kinds, known, strange, tuple(doubtful))


def set_outcome(
    ledger: Ledger, campaign_uid: str, recipient_id: str, outcome: str, *, now: dt.datetime
) -> None:
    """Keep what a person judged an answer to be: one of OUTCOMES.

    Raises:
        OutreachError: no letter has left to that recipient.
    """

    def work(connection: Connection) -> None:
        row = connection.execute(
            select(letters.c.id)
            .where(
                letters.c.campaign_uid == campaign_uid,
                letters.c.recipient_id == recipient_id,
            )
            .order_by(letters.c.wave.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            raise OutreachError(
                f"{recipient_id} has no letter in this campaign; `outreach find` gives the ids."
            )
        connection.execute(
            update(letters)
            .where(letters.c.id == row.id)
            .values(outcome=outcome, answered_at=stamp(now))
        )
        record_event(connection, at=stamp(now), state="outcome", letter_id=row.id, detail=outcome)

    if outcome not in OUTCOMES:
        raise OutreachError(f'"{outcome}" is no outcome; one of: {", ".join(OUTCOMES)}.')
    ledger.transact(work)


def _record(
    connection: Connection,
    campaign_uid: str,
    incoming: Incoming,
    when: dt.datetime,
    now: dt.datetime,
) -> str:
    if connection.execute(
        select(replies.c.message_id).where(replies.c.message_id == incoming.message_id)
    ).one_or_none():
        return "known"
    row, proof = _letter(connection, campaign_uid, incoming)
    if row is None:
        return "strange"
    if incoming.kind in ("hard bounce", "soft bounce") and not proof:
        return "doubtful"
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(
        dialect.insert(replies)
        .values(
            message_id=incoming.message_id,
            letter_id=row.id,
            kind=incoming.kind,
            received_at=stamp(when),
            sender=incoming.sender,
            subject=incoming.subject,
            detail=incoming.detail,
            proof=proof,
        )
        .on_conflict_do_nothing()
    )
    values: dict[str, object] = {}
    if incoming.kind == "answer":
        values["answered_at"] = stamp(when)
    elif incoming.kind in ("hard bounce", "soft bounce"):
        values["bounce"] = incoming.kind
        if row.state == State.ACCEPTED:
            values |= {"state": State.BOUNCED, "reason": incoming.detail, "changed_at": stamp(now)}
    if values:
        connection.execute(update(letters).where(letters.c.id == row.id).values(**values))
    record_event(
        connection,
        at=stamp(now),
        state=incoming.kind,
        letter_id=row.id,
        detail=incoming.detail,
    )
    return incoming.kind


def _letter(
    connection: Connection, campaign_uid: str, incoming: Incoming
) -> tuple[Row[Any, Any] | None, str]:
    ours = select(letters.c.id, letters.c.state).where(letters.c.campaign_uid == campaign_uid)
    if incoming.token:
        row = connection.execute(ours.where(letters.c.token == incoming.token)).one_or_none()
        if row is not None:
            return row, "token"
    for reference in incoming.references:
        row = connection.execute(ours.where(letters.c.message_id == reference)).one_or_none()
        if row is not None:
            return row, "Message-ID"
    # Without either only the address speaks, and anybody can write an address.
    for address in incoming.recipients:
        row = connection.execute(
            ours.where(letters.c.address_key == address.casefold()).order_by(letters.c.wave.desc())
        ).first()
        if row is not None:
            return row, ""
    return None, ""


def _date(message: EmailMessage, now: dt.datetime) -> dt.datetime:
    try:
        found = parsedate_to_datetime(str(message.get("Date", "")))
    except (ValueError, TypeError, IndexError):
        return now
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
