"""Freezing a campaign's letters in the outbox, under a code that approval asks for.

One row per recipient and wave. What left stays as it left; what waits is replaced only when
asked, and then needs a new approval.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from outreach.errors import OutreachError
from outreach.outbox.addresses import address_key
from outreach.outbox.claims import Scope
from outreach.outbox.history import record_event
from outreach.outbox.ledger import Ledger
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan_rows import SENDABLE, hold_plan, insert_letter, replace_letter, write_plan
from outreach.outbox.schema import State, letters, stamp
from outreach.outbox.standing import NO_ADDRESS, counts
from outreach.outbox.suppression import SuppressionList

# What may still be changed: nothing of it has reached a final dot.
_OPEN = (State.WAITING, State.DEFERRED, State.HELD)
CANCELLED = "cancelled by a person"


@dataclass(frozen=True, slots=True)
class Held:
    """A recipient whose letter may not leave by mail, and why."""

    recipient_id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning came to.

    Attributes:
        code: what `outreach send --confirm` asks for, such as "925-7f3a".
        sendable: letters that wait now.
        held: those that may not leave.
        unchanged, replaced, added, withdrawn: compared with the plan before.
        left: letters that had left, or may have, and were not touched.
    """

    code: str
    sendable: int
    held: tuple[Held, ...]
    unchanged: int
    replaced: int
    added: int
    withdrawn: int
    left: int


def plan_letters(
    ledger: Ledger,
    scope: Scope,
    messages: Sequence[FrozenMessage],
    *,
    campaign_name: str,
    suppressions: SuppressionList,
    now: dt.datetime,
    replace: bool = False,
    made: str = "",
) -> Planned:
    """Freeze messages in the outbox, all or none.

    Args:
        ledger: open.
        scope: the campaign and wave.
        messages: one per recipient, checked.
        campaign_name: for reports.
        suppressions: who is never written to.
        now: the present.
        replace: put the new version in place of what has not left.
        made: as made_from() gives it; "" when nobody will ask.

    Raises:
        OutreachError: letters were planned before and differ now, and ``replace`` is False; the
            message counts what left, what waits and what differs. Or two recipients are the same.
    """
    ids = [message.recipient_id for message in messages]
    twice = sorted({one for one in ids if ids.count(one) > 1}) if len(set(ids)) < len(ids) else []
    if twice:
        raise OutreachError("nothing is planned: recipients appear twice.", twice)
    held = _reasons(messages, suppressions)
    return ledger.transact(
        lambda connection: _plan(
            connection, scope, messages, held, (campaign_name, made), now, replace
        )
    )


def hold_suppressed(
    connection: Connection, scope: Scope, suppressions: SuppressionList, *, now: dt.datetime
) -> int:
    """Hold the letters whose recipient has been put on the suppression list since planning."""
    rows = connection.execute(
        select(letters.c.id, letters.c.recipient_id, letters.c.address).where(
            _letters_of(scope), letters.c.state.in_(SENDABLE)
        )
    ).all()
    count = 0
    for row in rows:
        if reason := suppressions.reason(row.recipient_id, row.address):
            count += hold(connection, row.id, reason, now=now)
    return count


def hold(connection: Connection, letter_id: int, reason: str, *, now: dt.datetime) -> bool:
    """Keep a letter that waits from leaving; False when it does not wait any more."""
    # On a server another sender may have taken it since it was looked up.
    changed = connection.execute(
        update(letters)
        .where(letters.c.id == letter_id, letters.c.state.in_(SENDABLE))
        .values(state=State.HELD, reason=reason, next_at=None, changed_at=stamp(now))
    ).rowcount
    if changed:
        record_event(
            connection, at=stamp(now), state=State.HELD, letter_id=letter_id, detail=reason
        )
    return bool(changed)


def _reasons(messages: Sequence[FrozenMessage], suppressions: SuppressionList) -> dict[str, str]:
    reasons = {}
    seen: dict[str, str] = {}
    for message in messages:
        key = address_key(message.address)
        reason = (
            # First: who asked not to be written to gets no paper either.
            suppressions.reason(message.recipient_id, message.address)
            or message.held
            or ("" if message.address else NO_ADDRESS)
        )
        if not reason and key in seen:
            reason = f"the same address as {seen[key]}: a person decides who is written to"
        elif not reason:
            seen[key] = message.name
        if reason:
            reasons[message.recipient_id] = reason
    return reasons


def _plan(
    connection: Connection,
    scope: Scope,
    messages: Sequence[FrozenMessage],
    held: dict[str, str],
    campaign: tuple[str, str],
    now: dt.datetime,
    replace: bool,
) -> Planned:
    hold_plan(connection, scope)
    before = _planned_before(connection, scope)
    wanted = {message.recipient_id: message for message in messages}
    held = held | _written_to(before, messages, held)
    same, changed, added, withdrawn, left = _compare(before, wanted, held)
    if before and (changed or added or withdrawn) and not replace:
        _refuse_changes(before, changed, added, withdrawn)
    for recipient in withdrawn:
        hold(connection, before[recipient].id, "no longer among the recipients", now=now)
    _free_addresses(connection, scope, [before[recipient].id for recipient in changed])
    for recipient in changed:
        replace_letter(connection, before[recipient].id, wanted[recipient], held, now)
    for recipient in added:
        insert_letter(connection, scope, wanted[recipient], held, now)
    fresh = not before or bool(changed or added or withdrawn)
    code = write_plan(connection, scope, campaign, now, fresh=fresh)
    found = counts(connection, scope)
    return Planned(
        code=code,
        # Not the number in the code, which says how many waited when it was made.
        sendable=sum(found.get(state, 0) for state in SENDABLE),
        held=_held(connection, scope),
        unchanged=len(same),
        replaced=len(changed) if before else 0,
        added=len(added),
        withdrawn=len(withdrawn),
        left=len(left),
    )


def _written_to(
    before: dict[str, Any], messages: Sequence[FrozenMessage], held: dict[str, str]
) -> dict[str, str]:
    """Give reasons for new letters to addresses that another's letter has gone to in this wave."""
    taken = {address_key(row.address): row for row in before.values() if row.state not in _OPEN}
    reasons = {}
    for message in messages:
        row = taken.get(address_key(message.address))
        if row and row.recipient_id != message.recipient_id and message.recipient_id not in held:
            reasons[message.recipient_id] = (
                f"this address has already been written to, for {row.name}: a person decides who "
                "is written to"
            )
    return reasons


def _free_addresses(connection: Connection, scope: Scope, changed: Sequence[int]) -> None:
    """Let go of the addresses of held and changed letters: another letter may take them."""
    mine = and_(_letters_of(scope), letters.c.state.in_(_OPEN))
    released = or_(letters.c.state == State.HELD, letters.c.id.in_(changed))
    connection.execute(update(letters).where(mine, released).values(address_key=None))


def _planned_before(connection: Connection, scope: Scope) -> dict[str, Any]:
    rows = connection.execute(
        select(
            letters.c.id,
            letters.c.recipient_id,
            letters.c.name,
            letters.c.address,
            letters.c.message_id,
            letters.c.state,
            letters.c.reason,
        ).where(_letters_of(scope))
    )
    return {row.recipient_id: row for row in rows}


def _compare(
    before: dict[str, Any],
    wanted: dict[str, FrozenMessage],
    held: dict[str, str],
) -> tuple[list[str], list[str], list[str], list[str], list[str]]:
    same, changed, left = [], [], []
    for recipient, message in wanted.items():
        row = before.get(recipient)
        if row is None:
            continue
        if row.state not in _OPEN:
            left.append(recipient)
        elif (row.state == State.HELD and row.reason.startswith(CANCELLED)) or (
            row.message_id == message.message_id
            and row.address == message.address
            and (row.state == State.HELD) == (recipient in held)
        ):
            same.append(recipient)
        else:
            changed.append(recipient)
    added = [recipient for recipient in wanted if recipient not in before]
    withdrawn = [
        recipient
        for recipient, row in before.items()
        if recipient not in wanted and row.state in SENDABLE
    ]
    return same, changed, added, withdrawn, left


def _refuse_changes(
    before: dict[str, Any],
    changed: list[str],
    added: list[str],
    withdrawn: list[str],
) -> None:
    states = [row.state for row in before.values()]
    accepted = sum(state in {State.ACCEPTED, State.BOUNCED} for state in states)
    waiting = sum(state in SENDABLE for state in states)
    raise OutreachError(
        f"letters changed since they were planned: {accepted} were accepted by the server and "
        f"{waiting} wait. {len(changed)} would read otherwise, {len(added)} are new, "
        f"{len(withdrawn)} would be withdrawn. Either keep the approved version (`outreach send` "
        "with the code of then and --keep), or replace what has not left (`outreach plan "
        "--replace`, which gives a new code).",
        [f"{before[one].name}: differs" for one in changed[:10]]
        + ([f"… and {len(changed) - 10} more"] if len(changed) > 10 else []),
    )


def _held(connection: Connection, scope: Scope) -> tuple[Held, ...]:
    rows = connection.execute(
        select(letters.c.recipient_id, letters.c.name, letters.c.reason)
        .where(_letters_of(scope), letters.c.state == State.HELD)
        .order_by(letters.c.id)
    )
    return tuple(Held(row.recipient_id, row.name, row.reason) for row in rows)


def _letters_of(scope: Scope) -> ColumnElement[bool]:
    return and_(letters.c.campaign_uid == scope.campaign_uid, letters.c.wave == scope.wave)
