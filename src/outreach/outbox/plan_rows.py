"""The rows of a plan: letters put in or replaced, and the plan's own line with its code."""

import datetime as dt
import hashlib
import json

from sqlalchemy import Connection, delete, insert, select, update

from outreach.outbox.addresses import address_key
from outreach.outbox.approval import current_plan, plan_of
from outreach.outbox.claims import Scope
from outreach.outbox.contents import store_content
from outreach.outbox.history import record_event
from outreach.outbox.message import FrozenMessage, new_token
from outreach.outbox.schema import State, letters, plans, stamp

SENDABLE = (State.WAITING, State.DEFERRED)


def hold_plan(connection: Connection, scope: Scope) -> None:
    """Keep senders that share a server from claiming until this transaction ends."""
    connection.execute(select(plans.c.code).where(plan_of(scope)).with_for_update()).all()


def insert_letter(
    connection: Connection,
    scope: Scope,
    message: FrozenMessage,
    held: dict[str, str],
    now: dt.datetime,
) -> None:
    """Put a letter in.

    Args:
        connection: of Ledger.transact().
        scope: the wave.
        message: frozen.
        held: official id → why a letter may not leave.
        now: the present.
    """
    key = connection.execute(
        insert(letters).values(
            campaign_uid=scope.campaign_uid,
            wave=scope.wave,
            recipient_id=message.recipient_id,
            token=new_token(),
            **_values(message, held, now),
        )
    ).inserted_primary_key
    assert key is not None  # noqa: S101 - an INSERT of one row always gives its key
    store_content(connection, key[0], message.head, message.tail, message.boundary)


def replace_letter(
    connection: Connection,
    letter_id: int,
    message: FrozenMessage,
    held: dict[str, str],
    now: dt.datetime,
) -> None:
    """Put a letter in the place of one that has not left; arguments as for insert_letter()."""
    values = _values(message, held, now)
    # The moves have no held → held by way of waiting, and no deferred → deferred is needed.
    connection.execute(
        update(letters).where(letters.c.id == letter_id).values(next_at=None, **values)
    )
    store_content(connection, letter_id, message.head, message.tail, message.boundary)
    record_event(
        connection,
        at=stamp(now),
        state=str(values["state"]),
        letter_id=letter_id,
        detail="replaced by a new version before leaving",
    )


def _values(
    message: FrozenMessage, held: dict[str, str], now: dt.datetime
) -> dict[str, str | None]:
    reason = held.get(message.recipient_id, "")
    return {
        "name": message.name,
        "chamber": message.chamber,
        "political_group": message.political_group,
        "department_code": message.department_code,
        "constituency_code": message.constituency_code,
        "address": message.address,
        "address_key": None if reason else address_key(message.address),
        "domain": message.address.rpartition("@")[2].lower(),
        "subject": message.subject,
        "message_id": message.message_id,
        "digest": message.digest,
        "template_digest": message.template_digest,
        "choices": json.dumps(dict(message.choices), ensure_ascii=False),
        "state": State.HELD if reason else State.WAITING,
        "reason": reason,
        "changed_at": stamp(now),
    }


def write_plan(
    connection: Connection,
    scope: Scope,
    campaign: tuple[str, str],
    now: dt.datetime,
    *,
    fresh: bool,
) -> str:
    """Write the plan's line over the letters that may leave; give its code.

    Args:
        connection: of Ledger.transact().
        scope: the wave.
        campaign: its name, and what it is made from.
        now: the present.
        fresh: letters changed, so the code is a new one.
    """
    if not fresh:
        # The letters are the same; what they are made from may be written otherwise.
        connection.execute(update(plans).where(plan_of(scope)).values(made_from=campaign[1]))
        code: str = current_plan(connection, scope).code
        return code
    rows = connection.execute(
        select(letters.c.recipient_id, letters.c.address, letters.c.digest)
        .where(
            letters.c.campaign_uid == scope.campaign_uid,
            letters.c.wave == scope.wave,
            letters.c.state.in_(SENDABLE),
        )
        .order_by(letters.c.recipient_id)
    ).all()
    digest = hashlib.sha256(
        "\n".join(f"{row.recipient_id} {row.address} {row.digest}" for row in rows).encode()
    ).hexdigest()
    code = f"{len(rows)}-{digest[:4]}"
    connection.execute(delete(plans).where(plan_of(scope)))
    connection.execute(
        insert(plans).values(
            campaign_uid=scope.campaign_uid,
            wave=scope.wave,
            campaign_name=campaign[0],
            made_from=campaign[1],
            code=code,
            digest=digest,
            planned_at=stamp(now),
        )
    )
    record_event(connection, at=stamp(now), state="planned", detail=code)
    return code
