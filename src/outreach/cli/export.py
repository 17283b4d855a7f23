"""`outreach export`: letters as files, for a printer, a mail program or a spreadsheet."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.chosen_letters import (
    STYLES,
    chosen_letters,
    map_option,
    output_option,
    recipient_options,
)
from outreach.cli.english import counted
from outreach.cli.export_post import envelopes, labels, merge, postage, window
from outreach.cli.progress import shown_progress

if TYPE_CHECKING:
    from outreach.campaign import Style
    from outreach.letters.letter import Letter


@click.group()
def export() -> None:
    """Write letters as files: PDF, DOCX, e-mails, labels, lists. Nothing is sent."""


@export.command()
@recipient_options
@output_option("The folder to write.")
@click.option("--print-runs", is_flag=True, help="Documents of about 200 letters, for a printer.")
@click.option("--duplex", is_flag=True, help="Print runs for both sides of the sheet.")
@click.option("--style", type=STYLES, help="The look; by default the campaign's.")
@map_option
def pdf(
    folder: Path,
    only: tuple[str, ...],
    output: Path,
    print_runs: bool,
    duplex: bool,
    style: "Style | None",
    maps: bool,
) -> None:
    """Write one PDF a recipient, or print runs, for French window envelopes.

    \b
    Example:
      outreach export pdf --campaign my-campaign -o letters
      outreach export pdf --campaign my-campaign -o runs --print-runs --duplex --only held
    """
    from outreach.export.pdf import write_pdfs, write_print_runs

    if duplex and not print_runs:
        raise click.UsageError("--duplex goes with --print-runs.")
    with shown_progress() as tell:
        chosen = chosen_letters(folder, only, tell)
        write = write_print_runs if print_runs else write_pdfs
        paths = write(
            chosen.letters,
            output,
            chosen.paper(style, duplex=duplex, maps=maps),
            date=chosen.date,
            progress=lambda done, total: tell("PDF", done, total),
        )
    click.echo(
        f"{counted(len(chosen.letters), 'letter')} in {counted(len(paths), 'PDF file')} in {output}."
    )
    _tell_unaddressed(chosen.letters)


@export.command()
@recipient_options
@output_option("The folder to write.")
@click.option("--style", type=STYLES, help="The look; by default the campaign's.")
def docx(folder: Path, only: tuple[str, ...], output: Path, style: "Style | None") -> None:
    """Write one DOCX a recipient, to be changed in Word or LibreOffice.

    \b
    Example:
      outreach export docx --campaign my-campaign -o letters --only 01-04
    """
    from outreach.export.docx import write_docx_files

    with shown_progress() as tell:
        chosen = chosen_letters(folder, only, tell)
        paths = write_docx_files(
            chosen.letters,
            output,
            chosen.paper(style),
            date=chosen.date,
            progress=lambda done, total: tell("DOCX", done, total),
        )
    click.echo(f"{counted(len(paths), 'DOCX file')} in {output}.")
    _tell_unaddressed(chosen.letters)


@export.command()
@recipient_options
@output_option("The folder to write.")
def eml(folder: Path, only: tuple[str, ...], output: Path) -> None:
    """Write the e-mails as .eml files, to be opened in a mail program.

    \b
    Example:
      outreach export eml --campaign my-campaign -o mails --only 01
    """
    from outreach.export.eml import read_attachments, write_emls

    with shown_progress() as tell:
        chosen = chosen_letters(folder, only, tell)
        paths = write_emls(
            chosen.letters,
            output,
            chosen.campaign.sender,
            date=dt.datetime.combine(chosen.date, dt.time(9)).astimezone(),
            attachments=read_attachments(chosen.campaign.attachments),
            progress=lambda done, total: tell("e-mails", done, total),
        )
    click.echo(f"{counted(len(paths), 'e-mail')} in {output}. Nothing was sent.")
    without = len(chosen.letters) - len(paths)
    if without:
        click.echo(
            f"{without} without an e-mail address: `outreach export pdf --only held` prints them."
        )


@export.command()
@recipient_options
@output_option("The file, .csv or .xlsx.")
def csv(folder: Path, only: tuple[str, ...], output: Path) -> None:
    """Write the list of recipients, in the order of the envelopes.

    \b
    Example:
      outreach export csv --campaign my-campaign -o recipients.xlsx
    """
    from outreach.export.recipients import COLUMNS, write_recipients
    from outreach.spreadsheets import check_replaceable

    if output.suffix.lower() not in (".csv", ".xlsx"):
        raise click.UsageError("the output ends in .csv or .xlsx.")
    check_replaceable(output, COLUMNS)
    with shown_progress() as tell:
        chosen = chosen_letters(folder, only, tell)
        write_recipients(chosen.letters, output)
    click.echo(f"{counted(len(chosen.letters), 'recipient')} in {output}.")


def _tell_unaddressed(letters: "tuple[Letter, ...]") -> None:
    without = [letter.recipient.full_name for letter in letters if not letter.address]
    if without:
        click.echo(f"Without a postal address: {', '.join(without)}.", err=True)


for _command in (labels, envelopes, window, merge, postage):
    export.add_command(_command)
