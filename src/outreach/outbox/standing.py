"""Where each letter stands: one row a letter, and the counts."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, select

from outreach.outbox.addresses import address_key
from outreach.outbox.claims import Scope
from outreach.outbox.schema import State, events, letters, moment, replies

# What a person should look at first.
ORDER = (
    State.UNCERTAIN,
    State.REFUSED,
    State.EXPIRED,
    State.BOUNCED,
    State.COMMITTING,
    State.CLAIMED,
    State.DEFERRED,
    State.WAITING,
    State.HELD,
    State.ACCEPTED,
)
NO_ADDRESS = "no e-mail address is published"
# Begins the reason of a reminder that waited until it was no longer due; what follows is why.
NO_REMINDER = "no reminder: "
# No letter by mail will come of these: they go on paper.
_FOR_PAPER = (State.HELD, State.REFUSED, State.EXPIRED, State.BOUNCED)


@dataclass(frozen=True, slots=True)
class Standing:
    """One letter's line.

    Attributes:
        code, reply: the server's last answer, None and "" before one.
        tries: attempts so far.
        next_at, changed_at: UTC, as the ledger writes them; next_at "" when nothing is due.
        outcome: what a person judged the answer to be, "" before.
        answered: a real answer came.
    """

    letter_id: int
    recipient_id: str
    name: str
    chamber: str
    political_group: str
    department_code: str
    constituency_code: str
    address: str
    subject: str
    message_id: str
    state: State
    reason: str
    code: int | None
    reply: str
    tries: int
    next_at: str
    changed_at: str
    answered: bool
    outcome: str
    bounce: str


def counts(connection: Connection, scope: Scope) -> dict[State, int]:
    """Count the letters in each state, those to look at first on top; empty states left out."""
    rows = connection.execute(
        select(letters.c.state, func.count()).where(_of(scope)).group_by(letters.c.state)
    ).all()
    found = {row[0]: row[1] for row in rows}
    return {state: found[state] for state in ORDER if state in found}


def standings(
    connection: Connection, scope: Scope, states: Sequence[State] | None = None
) -> list[Standing]:
    """Give one line per letter, those to look at first on top."""
    query = select(letters).where(_of(scope)).order_by(letters.c.id)
    if states is not None:
        query = query.where(letters.c.state.in_(states))
    rows = [
        Standing(
            letter_id=row.id,
            recipient_id=row.recipient_id,
            name=row.name,
            chamber=row.chamber,
            political_group=row.political_group,
            department_code=row.department_code,
            constituency_code=row.constituency_code,
            address=row.address,
            subject=row.subject,
            message_id=row.message_id,
            state=State(row.state),
            reason=row.reason,
            code=row.code,
            reply=row.reply or "",
            tries=row.attempts,
            next_at=row.next_at or "",
            changed_at=row.changed_at,
            answered=row.answered_at is not None,
            outcome=row.outcome,
            bounce=row.bounce,
        )
        for row in connection.execute(query)
    ]
    return sorted(rows, key=lambda row: ORDER.index(row.state))


def for_paper(
    connection: Connection, scope: Scope, without_address: Iterable[str] = ()
) -> dict[str, str]:
    """Give the recipients whom no e-mail reaches, official id → reason.

    Held for want of an address of their own, refused, given up, or reported undeliverable for
    good: in this wave, or in an earlier one and not written to since. Left out is who is
    suppressed, cancelled or no longer a recipient, who has answered, and every letter that may
    still arrive or may have arrived: waiting, uncertain, or back for the moment (a full mailbox).

    Args:
        connection: of Ledger.read().
        scope: the campaign and its present wave.
        without_address: official ids of recipients without an e-mail address; those that the
            outbox has never heard of are for paper too.
    """
    rows = connection.execute(
        select(letters)
        .where(letters.c.campaign_uid == scope.campaign_uid, letters.c.wave <= scope.wave)
        .order_by(letters.c.wave, letters.c.id)
    ).all()
    # A reminder held as no longer due says nothing: the letter before it does.
    newest = {row.recipient_id: row for row in rows if not row.reason.startswith(NO_REMINDER)}
    answered = {row.recipient_id for row in rows if row.answered_at or row.outcome}
    found = {
        recipient: row.reason or row.reply or row.state
        for recipient, row in newest.items()
        if row.state in _FOR_PAPER
        and recipient not in answered
        and row.bounce != "soft bounce"
        and not row.reason.startswith(("on the suppression list", "cancelled", "no longer"))
    }
    return found | {
        recipient: NO_ADDRESS for recipient in without_address if recipient not in newest
    }


def in_hand(connection: Connection, scope: Scope) -> dict[State, list[dt.datetime]]:
    """Give when the leases end of the letters that a sender holds, or held when it was cut off.

    Those in `claimed` have certainly not left; those in `committing` may have.
    """
    rows = connection.execute(
        select(letters.c.state, letters.c.lease_until).where(
            _of(scope), letters.c.state.in_([State.CLAIMED, State.COMMITTING])
        )
    )
    found: dict[State, list[dt.datetime]] = {}
    for row in rows:
        found.setdefault(State(row.state), []).append(moment(row.lease_until))
    return found


def recipient_at(connection: Connection, campaign_uid: str, address: str) -> str:
    """Give the name of a campaign's recipient at an address, of any wave; "" when there is none."""
    key = address_key(address)
    rows = connection.execute(
        select(letters.c.name, letters.c.address).where(letters.c.campaign_uid == campaign_uid)
    )
    return next((row.name for row in rows if address_key(row.address) == key), "")


def history(connection: Connection, letter_id: int) -> list[tuple[str, str, int | None, str]]:
    """Give what happened to a letter: (time, state, code, detail), oldest first."""
    rows = connection.execute(
        select(events.c.at, events.c.state, events.c.code, events.c.detail)
        .where(events.c.letter_id == letter_id)
        .order_by(events.c.id)
    )
    return [(row.at, row.state, row.code, row.detail) for row in rows]


def first_event(connection: Connection) -> dt.datetime | None:
    """Tell when this outbox was first planned: nothing about its letters is older."""
    at = connection.execute(select(func.min(events.c.at))).scalar_one()
    return moment(at) if at else None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What became of a recipient's letter in an earlier wave.

    Attributes:
        message_id: the first letter's, for In-Reply-To.
        choices: block → variant of the first letter, whose request a reminder repeats.
        remind: it was accepted, did not bounce, and no answer came.
        reason: why not, when not.
    """

    message_id: str
    subject: str
    choices: Mapping[str, str]
    remind: bool
    reason: str


def earlier_letters(connection: Connection, scope: Scope) -> dict[str, Earlier]:
    """Tell, for each recipient of the waves before this one, whether a reminder is due."""
    rows = connection.execute(
        select(letters)
        .where(letters.c.campaign_uid == scope.campaign_uid, letters.c.wave < scope.wave)
        .order_by(letters.c.wave)
    ).all()
    answered = Counter(
        row[0]
        for row in connection.execute(
            select(letters.c.recipient_id)
            .join(replies, replies.c.letter_id == letters.c.id)
            .where(letters.c.campaign_uid == scope.campaign_uid, replies.c.kind == "answer")
        )
    )
    found: dict[str, Earlier] = {}
    for row in rows:
        reason = ""
        if row.outcome or row.answered_at or row.recipient_id in answered:
            reason = "has answered"
        elif row.state != State.ACCEPTED or row.bounce:
            state = State.BOUNCED if row.bounce else row.state
            reason = f"the letter of wave {row.wave} is {state}"
        first = found.get(row.recipient_id)
        found[row.recipient_id] = Earlier(
            first.message_id if first else row.message_id,
            first.subject if first else row.subject,
            first.choices if first else json.loads(row.choices),
            not reason and (first is None or first.remind),
            reason or (first.reason if first else ""),
        )
    return found


def _of(scope: Scope) -> ColumnElement[bool]:
    return and_(letters.c.campaign_uid == scope.campaign_uid, letters.c.wave == scope.wave)
