"""What came back, linked to its letter and kept; and what a person says of an answer."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from outreach.errors import OutreachError
from outreach.outbox.addresses import address_key
from outreach.outbox.bounces import count_bounces
from outreach.outbox.history import record_event
from outreach.outbox.ledger import Ledger
from outreach.outbox.reminders import hold_undue_to
from outreach.outbox.schema import State, letters, replies, stamp
from outreach.tracking.classify import Incoming, understand

# A letter of ours, found where letters that left are kept.
COPY = "copy"
OUTCOMES = ("supports", "will act", "standard reply", "refuses", "other")

# What has left, or may have.
_LEFT = (State.COMMITTING, State.UNCERTAIN, State.ACCEPTED, State.BOUNCED)
# What is not kept.
_KNOWN, _STRANGE, _DOUBTFUL, _PERHAPS = "known", "strange", "doubtful", "perhaps"


@dataclass(frozen=True, slots=True)
class Read:
    """What reading a mailbox came to.

    Attributes:
        kinds: how many new messages of each kind are about our letters.
        known: read before; strange: about none of our letters.
        doubtful: reports about a letter of ours that bring no proof of being real.
        perhaps: messages from a recipient's address that refer to no letter: "official id, name:
            subject". They may be answers; a person says so with set_outcome().
    """

    kinds: Counter[str]
    known: int
    strange: int
    doubtful: tuple[str, ...]
    perhaps: tuple[str, ...]


def record_messages(
    ledger: Ledger, campaign_uid: str, messages: Iterable[EmailMessage], *, now: dt.datetime
) -> Read:
    """Link messages to the letters of a campaign and keep what they say, never their text.

    A failure report that brings the letter's secret token back (envelope id, return path), or
    returns the letter's own Message-ID, makes the letter bounced, also one that was uncertain;
    without either it only counts as doubtful. A letter of ours, found in an archive or Sent folder, is kept as the proof that it
    left. Reading the same mailbox again changes nothing.
    """
    kinds: Counter[str] = Counter()
    doubtful, perhaps = [], []
    # Of letters that were in a sender's hands when their report was read.
    ledger.transact(lambda connection: count_bounces(connection, campaign_uid, now=now))
    for message in messages:
        incoming = understand(message)
        when = _date(message, now)

        def work(
            connection: Connection, incoming: Incoming = incoming, when: dt.datetime = when
        ) -> tuple[str, str]:
            return _record(connection, campaign_uid, incoming, when, now)

        kind, who = ledger.transact(work)
        kinds[kind] += 1
        if kind == _DOUBTFUL:
            doubtful.append(f"{incoming.sender}: {incoming.subject}")
        elif kind == _PERHAPS:
            perhaps.append(f"{who}: {incoming.subject}")
    counted = [kinds.pop(kind, 0) for kind in (_KNOWN, _STRANGE, _DOUBTFUL, _PERHAPS)]
    return Read(kinds, counted[0], counted[1], tuple(doubtful), tuple(perhaps))


def set_outcome(
    ledger: Ledger, campaign_uid: str, recipient_id: str, outcome: str, *, now: dt.datetime
) -> None:
    """Keep what a person judged an answer to be: one of OUTCOMES.

    It stands with the newest letter that has left; reminders that wait are held.

    Raises:
        OutreachError: the campaign has no letter to that recipient.
    """

    def work(connection: Connection) -> None:
        rows = connection.execute(
            select(letters.c.id, letters.c.wave, letters.c.state).where(
                letters.c.campaign_uid == campaign_uid,
                letters.c.recipient_id == recipient_id,
            )
        ).all()
        if not rows:
            raise OutreachError(
                f"{recipient_id} has no letter in this campaign; `outreach find` gives the ids."
            )
        # Not with a reminder that waits: nobody answers what has not left.
        row = max(rows, key=lambda row: (row.state in _LEFT, row.wave))
        connection.execute(
            update(letters)
            .where(letters.c.id == row.id)
            .values(outcome=outcome, answered_at=stamp(now))
        )
        record_event(connection, at=stamp(now), state="outcome", letter_id=row.id, detail=outcome)
        hold_undue_to(connection, campaign_uid, recipient_id, now=now)

    if outcome not in OUTCOMES:
        raise OutreachError(f'"{outcome}" is no outcome; one of: {", ".join(OUTCOMES)}.')
    ledger.transact(work)


def _record(
    connection: Connection,
    campaign_uid: str,
    incoming: Incoming,
    when: dt.datetime,
    now: dt.datetime,
) -> tuple[str, str]:
    """Keep one message; give what it was, and for _PERHAPS from whom it seems to be."""
    if connection.execute(
        select(replies.c.message_id).where(replies.c.message_id == incoming.message_id)
    ).one_or_none():
        return _KNOWN, ""
    row, proof = _letter(connection, campaign_uid, incoming)
    if row is None:
        who = _sender(connection, campaign_uid, incoming) if incoming.kind == "answer" else ""
        return (_PERHAPS, who) if who else (_STRANGE, "")
    failed = incoming.kind in ("hard bounce", "soft bounce")
    if not proof:
        # A report that knows an address only: a failure is told, another is about other things.
        return (_DOUBTFUL if failed else _STRANGE), ""
    kind = COPY if row.message_id == incoming.message_id else incoming.kind
    _keep(connection, row.id, kind, incoming, when, proof)
    values: dict[str, object] = {}
    if kind == "answer":
        values["answered_at"] = stamp(when)
    elif failed:
        values["bounce"] = kind
    if values:
        connection.execute(update(letters).where(letters.c.id == row.id).values(**values))
    record_event(connection, at=stamp(now), state=kind, letter_id=row.id, detail=incoming.detail)
    if values:
        count_bounces(connection, campaign_uid, now=now)
        hold_undue_to(connection, campaign_uid, row.recipient_id, now=now)
    return kind, ""


def _keep(
    connection: Connection,
    letter_id: int,
    kind: str,
    incoming: Incoming,
    when: dt.datetime,
    proof: str,
) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(
        dialect.insert(replies)
        .values(
            message_id=incoming.message_id,
            letter_id=letter_id,
            kind=kind,
            received_at=stamp(when),
            sender=incoming.sender,
            subject=incoming.subject,
            detail=incoming.detail,
            proof=proof,
        )
        .on_conflict_do_nothing()
    )


def _sender(connection: Connection, campaign_uid: str, incoming: Incoming) -> str:
    """Name the recipient from whose address a message comes, "" when nobody's or answered."""
    address = parseaddr(incoming.sender)[1]
    row = connection.execute(
        select(letters.c.recipient_id, letters.c.name, letters.c.answered_at)
        .where(
            letters.c.campaign_uid == campaign_uid, letters.c.address_key == address_key(address)
        )
        .order_by(letters.c.wave.desc())
    ).first()
    return f"{row.recipient_id} {row.name}" if row and row.answered_at is None else ""


def _letter(connection: Connection, campaign_uid: str, incoming: Incoming) -> tuple[Any, str]:
    """Give the letter's row, or None; and what proves the link, "" nothing."""
    ours = select(
        letters.c.id, letters.c.recipient_id, letters.c.state, letters.c.message_id
    ).where(letters.c.campaign_uid == campaign_uid)
    if incoming.token:
        row = connection.execute(ours.where(letters.c.token == incoming.token)).one_or_none()
        if row is not None:
            return row, "token"
    for reference in (incoming.message_id, *incoming.references):
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
    """Give the Date, or the present when it has none, an impossible one, or one to come."""
    try:
        found = parsedate_to_datetime(str(message.get("Date", "")))
        found = found.astimezone(dt.UTC) if found.tzinfo else found.replace(tzinfo=dt.UTC)
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError, RecursionError):
        return now
    return min(found, now)
