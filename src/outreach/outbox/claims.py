"""One letter's way through a send: claimed, committing, and what the server said.

Every function takes the connection of Ledger.transact(); when transact returns, the step is on
the disk. `commit_to_send` is the fence: of two senders that hold the same letter, whatever made
that happen, one gets True, and only it may send the final dot.
"""

import datetime as dt
import os
import secrets
import socket
from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from outreach.outbox.contents import frozen_content
from outreach.outbox.history import record_event
from outreach.outbox.prepared import Prepared
from outreach.outbox.schema import State, letters, moment, plans, stamp

# The longest that MAIL, RCPT, DATA and the body may take, with room: RFC 5321 §4.5.3.2.
LEASE = dt.timedelta(minutes=20)
# From the durable `committing` to the reply: 600 s are allowed, then the sender gives up itself.
REPLY_LIMIT = dt.timedelta(minutes=15)
LONGEST_BACKOFF = dt.timedelta(hours=4)
TRIES = 8
LIFETIME = dt.timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Scope:
    """The letters of one campaign's wave."""

    campaign_uid: str
    wave: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter in our hands; no other sender may take it."""

    letter_id: int
    recipient_id: str
    name: str
    address: str
    domain: str
    message_id: str
    token: str
    digest: str
    attempts: int
    first_at: dt.datetime
    owner: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to: accepted, deferred, refused, uncertain or (given up) expired."""

    state: State
    code: int | None = None
    reply: str = ""
    next_at: dt.datetime | None = None


def new_owner() -> str:
    """Name this run of this process: host, process, and something no later process repeats."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def claim(
    connection: Connection,
    scope: Scope,
    *,
    owner: str,
    now: dt.datetime,
    closed_domains: Collection[str] = (),
) -> Claim | None:
    """Take one letter that is due, or None. Waiting ones go before deferred ones.

    Without an approved plan there is none: letters planned again while others leave do not leave
    before a person has approved them.

    Args:
        connection: of Ledger.transact().
        scope: whose letters.
        owner: as new_owner() gives it.
        now: the present.
        closed_domains: recipients' domains whose pace is used up.
    """
    # A file has one writer at a time; on a server the plan is kept as it is until we commit.
    if connection.dialect.name != "sqlite" and not is_approved(connection, scope):
        return None
    at = stamp(now)
    for take in (_TAKE_WAITING, _TAKE_DEFERRED):
        taken = take.rows(
            connection,
            of_campaign=scope.campaign_uid,
            of_wave=scope.wave,
            new_owner=owner,
            lease=stamp(now + LEASE),
            at=at,
            latest=stamp(now + 1.25 * LONGEST_BACKOFF),
            closed=f",{','.join(closed_domains)},",
        )
        for row in taken:
            found = dict(zip(_CLAIMED_COLUMNS, row, strict=True))
            letter_id = found.pop("id")
            record_event(
                connection,
                at=at,
                state=State.CLAIMED,
                letter_id=letter_id,
                domain=found["domain"],
                owner=owner,
            )
            return Claim(
                letter_id=letter_id,
                first_at=moment(found.pop("first_at")),
                owner=owner,
                content=frozen_content(connection, letter_id),
                **found,
            )
    return None


def is_approved(connection: Connection, scope: Scope) -> bool:
    """Tell whether the plan is approved; nobody plans anew before this transaction ends."""
    return bool(_PLAN.rows(connection, of_campaign=scope.campaign_uid, of_wave=scope.wave))


def commit_to_send(connection: Connection, taken: Claim, *, now: dt.datetime) -> bool:
    """Write that the final dot is about to leave. False: the letter is no longer ours, drop it."""
    at = stamp(now)
    changed = _COMMIT.changed(connection, **_ours(taken), lease=stamp(now + REPLY_LIMIT), at=at)
    if changed == 1:
        record_event(
            connection,
            at=at,
            state=State.COMMITTING,
            letter_id=taken.letter_id,
            owner=taken.owner,
        )
    return changed == 1


def record_outcome(
    connection: Connection, taken: Claim, outcome: Outcome, *, now: dt.datetime
) -> State | None:
    """Write what an attempt came to.

    A letter that somebody called uncertain meanwhile (we seemed dead) gets our answer: it is the
    proof. A letter that is no longer ours otherwise is left alone, and None is given.
    """
    outcome = _given_up(taken, outcome, now)
    at = stamp(now)
    changed = _SETTLE.changed(
        connection,
        **_ours(taken),
        new_state=outcome.state,
        new_code=outcome.code,
        new_reply=outcome.reply,
        due=stamp(outcome.next_at) if outcome.next_at else None,
        at=at,
    )
    if changed != 1:
        return None
    record_event(
        connection,
        at=at,
        state=outcome.state,
        letter_id=taken.letter_id,
        owner=taken.owner,
        code=outcome.code,
        detail=outcome.reply,
    )
    return outcome.state


def _ours(taken: Claim) -> dict[str, object]:
    return {"letter": taken.letter_id, "by": taken.owner, "attempt": taken.attempts}


_OURS = and_(
    letters.c.id == bindparam("letter"),
    letters.c.owner == bindparam("by"),
    letters.c.attempts == bindparam("attempt"),
)
_COMMIT = Prepared(
    update(letters)
    .where(_OURS, letters.c.state == State.CLAIMED)
    .values(state=State.COMMITTING, lease_until=bindparam("lease"), changed_at=bindparam("at"))
)
_SETTLE = Prepared(
    update(letters)
    .where(
        _OURS,
        or_(
            letters.c.state == State.CLAIMED,
            letters.c.state == State.COMMITTING,
            letters.c.state == State.UNCERTAIN,
        ),
    )
    .values(
        state=bindparam("new_state"),
        code=bindparam("new_code"),
        reply=bindparam("new_reply"),
        reason="",
        next_at=bindparam("due"),
        lease_until=None,
        changed_at=bindparam("at"),
    )
)
_APPROVED = and_(
    plans.c.campaign_uid == bindparam("of_campaign"),
    plans.c.wave == bindparam("of_wave"),
    plans.c.approved_at.is_not(None),
)
_PLAN = Prepared(
    select(plans.c.code)
    .where(_APPROVED)
    # Shared between senders; planning takes it alone (plan_rows.hold_plan).
    .with_for_update(read=True)
)
_CLAIMED_COLUMNS = (
    "id", "recipient_id", "name", "address", "domain", "message_id", "token", "digest",
    "attempts", "first_at",
)  # fmt: skip


def _take(state: State) -> Prepared:
    closed = bindparam("closed", type_=Text)
    due = and_(
        letters.c.campaign_uid == bindparam("of_campaign"),
        letters.c.wave == bindparam("of_wave"),
        letters.c.state == state,
        # ",a.fr,b.fr," stays as it is when ",c.fr," is taken out of it: c.fr is open. A list for
        # IN would be another statement for each number of closed domains.
        func.replace(closed, "," + letters.c.domain + ",", "") == closed,
        select(plans.c.code).where(_APPROVED).exists(),
    )
    if state is State.DEFERRED:
        # Further ahead than any backoff: the clock was moved since, so the letter is due.
        due = and_(
            due,
            or_(letters.c.next_at <= bindparam("at"), letters.c.next_at > bindparam("latest")),
        )
    chosen = (
        select(letters.c.id)
        .where(due)
        .order_by(letters.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return Prepared(
        update(letters)
        .where(letters.c.id == chosen, letters.c.state == state)
        .values(
            state=State.CLAIMED,
            owner=bindparam("new_owner"),
            lease_until=bindparam("lease"),
            attempts=letters.c.attempts + 1,
            first_at=func.coalesce(letters.c.first_at, bindparam("at")),
            changed_at=bindparam("at"),
        )
        .returning(*(letters.c[name] for name in _CLAIMED_COLUMNS))
    )


_TAKE_WAITING, _TAKE_DEFERRED = _take(State.WAITING), _take(State.DEFERRED)


def next_due(
    connection: Connection, scope: Scope, *, closed_domains: Collection[str] = ()
) -> dt.datetime | None:
    """Tell when the earliest deferred letter to an open domain comes back."""
    text = connection.execute(
        select(func.min(letters.c.next_at)).where(
            _in_scope(scope),
            letters.c.state == State.DEFERRED,
            letters.c.domain.not_in(list(closed_domains)),
        )
    ).scalar_one()
    return moment(text) if text else None


def unsent(connection: Connection, scope: Scope) -> int:
    """Count the letters that a send still has before it."""
    return connection.execute(
        select(func.count())
        .select_from(letters)
        .where(
            _in_scope(scope),
            letters.c.state.in_([State.WAITING, State.DEFERRED, State.CLAIMED, State.COMMITTING]),
        )
    ).scalar_one()


def _given_up(taken: Claim, outcome: Outcome, now: dt.datetime) -> Outcome:
    if outcome.state is not State.DEFERRED:
        return outcome
    old = now - taken.first_at > LIFETIME
    return replace(outcome, state=State.EXPIRED) if taken.attempts >= TRIES or old else outcome


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    return and_(letters.c.campaign_uid == scope.campaign_uid, letters.c.wave == scope.wave)
