"""Whether a recipient can have answered: some letter of ours has left, or may have."""

from sqlalchemy import Connection, select

from outreach.errors import OutreachError
from outreach.outbox.schema import State, letters

_NOT_YET = (State.WAITING, State.DEFERRED, State.CLAIMED)
# A letter held for another reason is printed by `outreach export … --only held`.
_NEVER = ("on the suppression list", "cancelled", "no longer")


def check_answerable(connection: Connection, campaign_uid: str, recipient_id: str) -> None:
    """Refuse an outcome for a recipient to whom nothing has left, in any wave.

    A held letter may have been printed and posted: the outbox does not know, so it may have an
    answer. A recipient without any letter is set_outcome()'s to refuse.

    Raises:
        OutreachError: every letter to that recipient is waiting, in a sender's hands, cancelled,
            or held so that no export prints it.
    """
    rows = connection.execute(
        select(letters.c.name, letters.c.state, letters.c.reason)
        .where(letters.c.campaign_uid == campaign_uid, letters.c.recipient_id == recipient_id)
        .order_by(letters.c.wave.desc())
    ).all()
    if not rows or not all(_has_not_left(row.state, row.reason) for row in rows):
        return
    newest = rows[0]
    why = newest.state if newest.state in _NOT_YET else f"held, {newest.reason}"
    raise OutreachError(
        f"no letter has left to {recipient_id} {newest.name} ({why}): there is nothing to answer yet; "
        f"`outreach status --recipient {recipient_id}` shows where it is."
    )


def _has_not_left(state: str, reason: str) -> bool:
    return state in _NOT_YET or (state == State.HELD and reason.startswith(_NEVER))
