"""`outreach status`: where each letter stands."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.campaign_outbox import (
    campaign_option,
    local_time,
    open_campaign,
    open_outbox,
)
from outreach.cli.english import counted
from outreach.cli.rosters_in_use import tell_old_rosters

if TYPE_CHECKING:
    from outreach.outbox.standing import Standing
    from outreach.spreadsheets import Cell

_COLUMNS = (
    "recipient_id",
    "name",
    "chamber",
    "political_group",
    "department_code",
    "constituency_code",
    "address",
    "state",
    "reason",
    "code",
    "reply",
    "tries",
    "next_at",
    "changed_at",
    "answered",
    "outcome",
    "bounce",
    "subject",
    "message_id",
)
# What a state means to who reads it: "accepted" is our server's word, not the recipient's.
MEANING = {
    "uncertain": "uncertain: may have left; a person decides (outreach outbox resolve)",
    "refused": "refused by the server, will not be tried again",
    "expired": "given up after 8 tries or 5 days",
    "bounced": "bounced: accepted, then reported undeliverable",
    "committing": "leaving right now, or cut off while leaving",
    "claimed": "in a sender's hands",
    "deferred": "deferred by the server, tried again later",
    "waiting": "waiting",
    "held": "held: no address, suppressed, or cancelled",
    "accepted": "accepted: taken over by the mail server (not: received)",
}
_LOOK_AT = ("uncertain", "refused", "expired", "bounced", "deferred")


@click.command()
@campaign_option
@click.option("--all", "everyone", is_flag=True, help="One line per letter, not only the doubtful.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.option(
    "--csv", "csv_file", type=click.Path(path_type=Path), help="Write a CSV, a line each."
)
@click.option("--recipient", metavar="ID", help="The whole history of one recipient's letter.")
def status(
    folder: Path, everyone: bool, as_json: bool, csv_file: Path | None, recipient: str | None
) -> None:
    """Tell where each letter of the present wave stands; doubtful ones first.

    \b
    Example:
      outreach status --campaign my-campaign
      outreach status --csv status.csv
      outreach status --recipient PA721908
    """
    from outreach.outbox.standing import counts, history, standings
    from outreach.spreadsheets import check_replaceable, write_csv

    campaign, scope = open_campaign(folder)
    tell_old_rosters(campaign)
    with open_outbox(campaign) as ledger, ledger.read() as connection:
        found = counts(connection, scope)
        rows = standings(connection, scope)
        if recipient is not None:
            _tell_one(
                recipient,
                {
                    row.recipient_id: (row, history(connection, row.letter_id))
                    for row in rows
                    if recipient in (row.recipient_id, row.address)
                },
            )
            return
    if as_json:
        content = {
            "campaign": campaign.uid,
            "wave": campaign.wave,
            "counts": {str(state): count for state, count in found.items()},
            "letters": [_cells(row) for row in rows],
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    if csv_file is not None:
        check_replaceable(csv_file, _COLUMNS)
        write_csv(csv_file, _COLUMNS, [_cells(row) for row in rows])
        click.echo(f"{counted(len(rows), 'letter')} in {csv_file}.")
        return
    click.echo(f"{campaign.name}, wave {campaign.wave}: {counted(len(rows), 'letter')}")
    for state, count in found.items():
        click.echo(f"{count:6}  {MEANING[state]}")
    zone = campaign.sending.pace.time_zone if campaign.sending else "Europe/Paris"
    _tell([row for row in rows if everyone or row.state in _LOOK_AT], zone)


def _tell(rows: "Sequence[Standing]", zone: str) -> None:
    from outreach.outbox.schema import moment

    for row in rows:
        where = row.constituency_code or row.department_code
        why = row.reply or row.reason
        when = f", again {local_time(moment(row.next_at), zone)}" if row.next_at else ""
        click.echo(f"{row.state:>10}  {where:<6} {row.name} <{row.address}> {why}{when}")


def _tell_one(
    recipient: str,
    found: "dict[str, tuple[Standing, list[tuple[str, str, int | None, str]]]]",
) -> None:
    from outreach.errors import InputError

    if not found:
        raise InputError(
            f'"{recipient}" has no letter in this wave; `outreach find` gives official ids.'
        )
    for row, steps in found.values():
        click.echo(f"{row.name} <{row.address}>: {MEANING[row.state]}")
        click.echo(f"  {row.message_id}  {row.subject}")
        for at, state, code, detail in steps:
            click.echo(f"  {at[:19].replace('T', ' ')} UTC  {state:<10} {code or '':<4} {detail}")


def _cells(row: "Standing") -> "dict[str, Cell]":
    cells: dict[str, Cell] = {}
    for column in _COLUMNS:
        value = getattr(row, column)
        cells[column] = "yes" if value is True else "" if value is False else value
    return cells
