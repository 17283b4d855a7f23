"""Approving a plan: by its code, and only while its texts are those that were frozen."""

import datetime as dt
import hashlib
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from outreach.campaign import Campaign
from outreach.errors import OutreachError
from outreach.outbox.claims import Scope
from outreach.outbox.ledger import Ledger
from outreach.outbox.schema import State, plans, stamp
from outreach.outbox.standing import counts

_READ_BY_RECIPIENTS: Any = {
    "name": True,
    "wave": True,
    "date": True,
    "sender": True,
    "signature": {"name", "function", "place"},
    "demands": True,
    "national_figures": True,
}


def made_from(campaign: Campaign, template_digest: str) -> str:
    """Give a digest of what letters are made from: texts, figures, sender, attachments.

    How fast and from which mailbox they leave is not part of it, and may change on the way.
    """
    # No paths: they read differently from another folder.
    said = campaign.model_dump_json(include=_READ_BY_RECIPIENTS)
    digest = hashlib.sha256(f"{template_digest} {said}".encode())
    for path in campaign.attachments:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def check_unchanged(ledger: Ledger, scope: Scope, made: str) -> None:
    """Refuse when the campaign's files are not those the letters were frozen from.

    Raises:
        OutreachError: they differ; says how many have left and wait, and the two ways on.
    """
    with ledger.read() as connection:
        plan = current_plan(connection, scope)
        found = counts(connection, scope)
    if plan.made_from in {"", made}:
        return
    accepted = found.get(State.ACCEPTED, 0) + found.get(State.BOUNCED, 0)
    waiting = found.get(State.WAITING, 0) + found.get(State.DEFERRED, 0)
    raise OutreachError(
        f"the campaign's texts changed since they were approved: {accepted} letters were accepted "
        f"by the server in the approved version and {waiting} wait in it. Either send those that "
        "wait as approved (add --keep), or replace them (`outreach plan --replace`, which gives "
        "a new code)."
    )


def approve(ledger: Ledger, scope: Scope, code: str, *, now: dt.datetime) -> int:
    """Approve the plan whose code a person typed; give the number of letters it covers.

    Raises:
        OutreachError: nothing is planned, or the code is another plan's.
    """

    def work(connection: Connection) -> int:
        plan = current_plan(connection, scope)
        if code.strip().lower() != plan.code:
            raise OutreachError(
                f'"{code}" is not the code of this plan: letters were planned again since, or it '
                "is another campaign's. Run `outreach plan`, read what it says, and use its code."
            )
        if plan.approved_at is None:
            connection.execute(update(plans).where(plan_of(scope)).values(approved_at=stamp(now)))
        return int(plan.code.partition("-")[0])

    return ledger.transact(work)


def current_plan(connection: Connection, scope: Scope) -> Row[Any]:
    """Give the row of the plan.

    Raises:
        OutreachError: nothing is planned.
    """
    row = connection.execute(select(plans).where(plan_of(scope))).one_or_none()
    if row is None:
        raise OutreachError(f"wave {scope.wave} is not planned: run `outreach plan` first.")
    return row


def plan_of(scope: Scope) -> ColumnElement[bool]:
    """Select the plan of a wave."""
    return and_(plans.c.campaign_uid == scope.campaign_uid, plans.c.wave == scope.wave)
