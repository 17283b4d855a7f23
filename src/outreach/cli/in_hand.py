"""Letters that a sender holds, or held when it was cut off: what becomes of them, in words."""

from typing import TYPE_CHECKING

from outreach.cli.campaign_outbox import local_time

if TYPE_CHECKING:
    from outreach.outbox.claims import Scope
    from outreach.outbox.ledger import Ledger


def told_in_hand(ledger: "Ledger", scope: "Scope", *, zone: str, at: str) -> list[str]:
    """Say, after a run, which letters are in the middle and what to do; [] when none is.

    Args:
        ledger: open; where it is a file, no other sender is at work.
        scope: the wave.
        zone: the time zone in which times are told.
        at: what a command to be pasted needs to find the campaign.

    Raises:
        OutreachError: the ledger cannot be read.
    """
    from outreach.outbox.schema import State
    from outreach.outbox.standing import in_hand

    with ledger.read() as connection:
        found = in_hand(connection, scope)
    lines = []
    for state, leases in found.items():
        letters, they, them = (
            ("1 letter", "is", "it")
            if len(leases) == 1
            else (f"{len(leases)} letters", "are", "them")
        )
        if ledger.path is not None:
            held, when = f"{letters} cut off", ""
        else:
            # Another sender of the team, at work or gone: until the lease ends nobody can tell.
            held = f"{letters} in a sender's hands"
            when = f"if that sender is gone, after {local_time(max(leases), zone)} "
        lines.append(
            f"{held} may have left, or may not: {when}the same command calls {them} uncertain; "
            f"then: outreach outbox resolve{at}"
            if state is State.COMMITTING
            else f"{held} {they} known not to have left: {when}the same command sends {them}."
        )
    return lines
