"""What plan, send, status and outbox share: the campaign's folder, its outbox, its list."""

import datetime as dt
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from outreach.errors import InputError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from outreach.campaign import Campaign
    from outreach.outbox.claims import Scope
    from outreach.outbox.ledger import Ledger
    from outreach.outbox.standing import Earlier, Standing
    from outreach.sending import Sending


def campaign_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --campaign."""
    return click.option(
        "--campaign",
        "folder",
        type=click.Path(path_type=Path),
        default=Path(),
        show_default="this folder",
        help="The campaign's folder.",
    )(command)


def open_campaign(folder: Path) -> "tuple[Campaign, Scope]":
    """Read the campaign and name its letters."""
    from outreach.campaign import load_campaign
    from outreach.outbox.claims import Scope

    campaign = load_campaign(folder)
    return campaign, Scope(campaign.uid, campaign.wave)


def open_outbox(campaign: "Campaign", *, create: bool = False) -> "Ledger":
    """Open the campaign's outbox: its own file, or the team's."""
    from outreach.outbox.ledger import open_ledger

    return open_ledger(outbox_place(campaign), create=create)


def outbox_place(campaign: "Campaign") -> Path | str:
    """Give where the outbox is."""
    shared = campaign.sending.shared_outbox if campaign.sending else ""
    return shared or (campaign.outbox or campaign.folder / "outbox.sqlite").resolve()


def earlier_wave(campaign: "Campaign") -> "dict[str, Earlier] | None":
    """Tell, for a reminder, what became of the letters before; None for the first wave."""
    from outreach.outbox.claims import Scope
    from outreach.outbox.standing import earlier_letters

    if campaign.wave == 1:
        return None
    with open_outbox(campaign) as ledger, ledger.read() as connection:
        return earlier_letters(connection, Scope(campaign.uid, campaign.wave))


def asked_before(earlier: "Mapping[str, Earlier] | None") -> dict[str, Mapping[str, str]]:
    """Give official id → block → variant of the first letter, for prepare()."""
    return {who: letter.choices for who, letter in (earlier or {}).items()}


def asked_in_outbox(campaign: "Campaign") -> dict[str, Mapping[str, str]]:
    """Give the same for letters that are looked at or printed: {} where nothing was planned."""
    place = outbox_place(campaign)
    planned = isinstance(place, str) or place.exists()
    return asked_before(earlier_wave(campaign)) if planned else {}


def suppression_file(campaign: "Campaign | None") -> Path:
    """Give the suppression list that a campaign honours."""
    from outreach.outbox.suppression import suppression_path

    sending = campaign.sending if campaign else None
    return suppression_path(sending.suppression_list if sending else None)


def to_leave(
    connection: "Connection", campaign: "Campaign", scope: "Scope"
) -> "tuple[list[Standing], list[Standing]]":
    """Give the letters that a run would send now, and those that it would hold first.

    The second are to people who were put on the suppression list since planning: `send` holds
    them, looking changes nothing.

    Raises:
        OutreachError: the suppression list cannot be read.
    """
    from outreach.outbox.schema import State
    from outreach.outbox.standing import standings
    from outreach.outbox.suppression import read_suppressions

    listed = read_suppressions(suppression_file(campaign))
    leaving: list[Standing] = []
    opted_out: list[Standing] = []
    for row in standings(connection, scope, [State.WAITING, State.DEFERRED]):
        (opted_out if listed.reason(row.recipient_id, row.address) else leaving).append(row)
    return leaving, opted_out


def mailbox(campaign: "Campaign") -> "Sending":
    """Give the mailbox.

    Raises:
        InputError: the campaign has none.
    """
    if campaign.sending is None:
        raise InputError(
            f"{campaign.folder / 'campaign.toml'} has no [sending] table: add the mailbox that "
            "letters leave from. The end of a new campaign.toml and docs/sending.md show one."
        )
    return campaign.sending


def check_own_names(campaign: "Campaign") -> None:
    """Refuse to write to parliamentarians in the name of the example that `outreach new` copies.

    Raises:
        InputError: names every field that is still the example's.
    """
    from outreach.campaign.example import example_address, example_names
    from outreach.sending import LOCALHOST

    names = example_names(campaign)
    # A server on this machine may well be one for trying out, at example.org.
    if mailbox(campaign).host not in LOCALHOST:
        names += example_address(campaign)
    if names:
        raise InputError(
            f"{campaign.folder / 'campaign.toml'} still bears the example's names; put your "
            "association into [sender] and [signature], then plan again.",
            names,
        )


def utc_now() -> dt.datetime:
    """Give the present."""
    return dt.datetime.now(dt.UTC)


def local_time(moment: dt.datetime, zone: str) -> str:
    """Write a moment as people of a time zone say it: "Monday 23 November 10:35"."""
    return f"{moment.astimezone(ZoneInfo(zone)):%A %d %B %H:%M}"


def at_folder(folder: Path) -> str:
    """Give what a command to be pasted needs to find the campaign again."""
    return "" if folder == Path() else f" --campaign {shlex.quote(str(folder))}"
