"""`outreach export`: letters as files, for a printer, a mail program or a spreadsheet."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.progress import shown_progress

if TYPE_CHECKING:
    from outreach.campaign import Campaign, Style
    from outreach.letters.letter import Letter

_PATH = click.Path(path_type=Path)


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every export has."""
    options = [
        click.option(
            "--campaign",
            "folder",
            type=_PATH,
            default=Path(),
            show_default="this folder",
            help="The campaign's folder.",
        ),
        click.option(
            "--only",
            multiple=True,
            metavar="WHO",
            help="deputies, senators, held (no e-mail address), a département, a constituency, "
            "an official id or a name. May be repeated.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def export() -> None:
    """Write letters as PDF, e-mail files or a list of recipients. Nothing is sent."""


@export.command()
@_shared
@click.option("-o", "--output", type=_PATH, required=True, help="The folder to write.")
@click.option("--print-runs", is_flag=True, help="Documents of about 200 letters, for a printer.")
@click.option("--duplex", is_flag=True, help="Print runs for both sides of the sheet.")
@click.option("--style", type=click.Choice(["classique", "sobre", "moderne"]), help="The look.")
def pdf(
    folder: Path,
    only: tuple[str, ...],
    output: Path,
    print_runs: bool,
    duplex: bool,
    style: "Style | None",
) -> None:
    """Write one PDF a recipient, or print runs, for French window envelopes.

    \b
    Example:
      outreach export pdf --campaign my-campaign -o letters
      outreach export pdf --campaign my-campaign -o runs --print-runs --duplex --only held
    """
    from outreach.export.paper import paper_of
    from outreach.export.pdf import write_pdfs, write_print_runs

    if duplex and not print_runs:
        raise click.UsageError("--duplex goes with --print-runs.")
    with shown_progress() as tell:
        campaign, letters, today = _letters(folder, only, tell)
        write = write_print_runs if print_runs else write_pdfs
        paths = write(
            letters,
            output,
            paper_of(campaign, style=style, duplex=duplex),
            date=today,
            progress=lambda done, total: tell("pdf", done, total),
        )
    click.echo(f"{len(letters)} letters in {len(paths)} PDF files in {output}.")
    _tell_unaddressed(letters)


@export.command()
@_shared
@click.option("-o", "--output", type=_PATH, required=True, help="The folder to write.")
def eml(folder: Path, only: tuple[str, ...], output: Path) -> None:
    """Write the e-mails as .eml files, to be opened in a mail program.

    \b
    Example:
      outreach export eml --campaign my-campaign -o mails --only 01
    """
    from outreach.export.eml import read_attachments, write_emls

    with shown_progress() as tell:
        campaign, letters, today = _letters(folder, only, tell)
        paths = write_emls(
            letters,
            output,
            campaign.sender,
            date=dt.datetime.combine(today, dt.time(9), dt.UTC),
            attachments=read_attachments(campaign.attachments),
            progress=lambda done, total: tell("e-mails", done, total),
        )
    click.echo(f"{len(paths)} e-mails in {output}. Nothing was sent.")
    if len(paths) < len(letters):
        click.echo(
            f"{len(letters) - len(paths)} recipients have no e-mail address: "
            "`outreach export pdf --only held` prints their letters."
        )


@export.command()
@_shared
@click.option("-o", "--output", type=_PATH, required=True, help="The file, .csv or .xlsx.")
def csv(folder: Path, only: tuple[str, ...], output: Path) -> None:
    """Write the list of recipients, in the order of the envelopes.

    \b
    Example:
      outreach export csv --campaign my-campaign -o recipients.xlsx
    """
    from outreach.export.recipients import write_recipients

    if output.suffix.lower() not in (".csv", ".xlsx"):
        raise click.UsageError("the output ends in .csv or .xlsx.")
    with shown_progress() as tell:
        _, letters, _ = _letters(folder, only, tell)
        write_recipients(letters, output)
    click.echo(f"{len(letters)} recipients in {output}.")


def _letters(
    folder: Path, only: tuple[str, ...], tell: Callable[[str, int, int], None]
) -> "tuple[Campaign, tuple[Letter, ...], dt.date]":
    from outreach.campaign import load_campaign
    from outreach.export.selection import select
    from outreach.preparation import prepare
    from outreach.roster.bundled import load_roster

    campaign = load_campaign(folder)
    today = dt.datetime.now(tz=dt.UTC).date()
    keep = None
    if only:
        rosters = [load_roster(chamber) for chamber in campaign.chambers]
        meant = {member.official_id for member in select(only, rosters)}
        keep = lambda member: member.official_id in meant  # noqa: E731 - one line, used once
    prepared = prepare(campaign, today=today, only=keep, progress=tell)
    for warning in prepared.warnings:
        click.echo(warning, err=True)
    for seat in () if only else prepared.skipped:
        click.echo(f"No letter for {seat.seat}: {seat.reason}", err=True)
    return campaign, prepared.letters, campaign.date or today


def _tell_unaddressed(letters: "tuple[Letter, ...]") -> None:
    without = [letter.recipient.full_name for letter in letters if not letter.address]
    if without:
        click.echo(f"Without a postal address: {', '.join(without)}.", err=True)
