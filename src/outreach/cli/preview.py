"""`outreach preview`: the letter of one recipient, before anything is written or sent."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.progress import shown_progress

if TYPE_CHECKING:
    from outreach.campaign import Style

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("recipient")
@click.option(
    "--campaign",
    "folder",
    type=_PATH,
    default=Path(),
    show_default="this folder",
    help="The campaign's folder.",
)
@click.option("--html", type=_PATH, help="Write the HTML part of the e-mail to this file.")
@click.option("--pdf", type=_PATH, help="Write the letter on paper to this file.")
@click.option("--style", type=click.Choice(["classique", "sobre", "moderne"]), help="The look.")
@click.option("--open", "show", is_flag=True, help="Open the file once written.")
def preview(
    recipient: str,
    folder: Path,
    html: Path | None,
    pdf: Path | None,
    style: "Style | None",
    show: bool,
) -> None:
    """Show the letter of RECIPIENT: an official id, a constituency or a name.

    Without --html or --pdf the text of the e-mail is printed here.

    \b
    Example:
      outreach preview 01-04 --campaign my-campaign
      outreach preview "Hélène Garnier" --campaign my-campaign --pdf letter.pdf
    """
    from outreach.campaign import load_campaign
    from outreach.export.paper import paper_of
    from outreach.export.pdf import letter_pdf
    from outreach.export.selection import select_one
    from outreach.files import write_file
    from outreach.preparation import prepare
    from outreach.roster.bundled import load_roster

    campaign = load_campaign(folder)
    today = campaign.date or dt.datetime.now(tz=dt.UTC).date()
    member = select_one(recipient, [load_roster(chamber) for chamber in campaign.chambers])
    with shown_progress() as tell:
        prepared = prepare(
            campaign,
            today=today,
            only=lambda other: other.official_id == member.official_id,
            progress=tell,
        )
    for warning in prepared.warnings:
        click.echo(warning, err=True)
    letter = prepared.letters[0]
    if html is not None:
        write_file(html, letter.html)
    if pdf is not None:
        write_file(pdf, letter_pdf(letter, paper_of(campaign, style=style), date=today))
    for path in (html, pdf):
        if path is not None:
            click.echo(f"{letter.recipient.full_name}: {path}")
            if show:
                click.launch(str(path))
    if html is None and pdf is None:
        click.secho(f"À : {letter.recipient.full_name} <{letter.recipient.email or '–'}>", dim=True)
        click.secho(f"Objet : {letter.subject}\n", bold=True)
        click.echo(letter.text)
