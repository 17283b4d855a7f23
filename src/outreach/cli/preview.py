"""`outreach preview`: the letter of one recipient, before anything is written or sent."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.chosen_letters import (
    PATH,
    STYLES,
    campaign_option,
    campaign_rosters,
    chosen_letters,
    map_option,
)
from outreach.cli.named_file import named_html, named_pdf
from outreach.cli.progress import shown_progress

if TYPE_CHECKING:
    from outreach.campaign import Style
    from outreach.letters.letter import Letter


@click.command()
@click.argument("recipient")
@campaign_option
@click.option(
    "--html", type=PATH, callback=named_html, help="Write the HTML part of the e-mail to this file."
)
@click.option(
    "--pdf", type=PATH, callback=named_pdf, help="Write the letter on paper to this file."
)
@click.option(
    "--form",
    type=click.IntRange(min=0),
    is_flag=False,
    flag_value=0,
    metavar="[N]",
    help="Print the text for a web form instead, of at most N characters where that can be.",
)
@click.option("--style", type=STYLES, help="The look on paper; by default the campaign's.")
@map_option
@click.option("--open", "show", is_flag=True, help="Open the file once written.")
def preview(
    recipient: str,
    folder: Path,
    html: Path | None,
    pdf: Path | None,
    form: int | None,
    style: "Style | None",
    maps: bool,
    show: bool,
) -> None:
    """Show the letter of RECIPIENT: an official id, a constituency or a name.

    Without --html or --pdf the text of the e-mail is printed here.

    \b
    Example:
      outreach preview 01-04 --campaign my-campaign
      outreach preview 01-04 --campaign my-campaign --form 2000
      outreach preview "Hélène Garnier" --campaign my-campaign --pdf letter.pdf
    """
    from outreach.campaign import load_campaign
    from outreach.export.pdf import letter_pdf
    from outreach.export.selection import select_one
    from outreach.files import write_file

    member = select_one(recipient, campaign_rosters(load_campaign(folder)))
    with shown_progress() as tell:
        chosen = chosen_letters(folder, (member.official_id,), tell, suppressed=True)
    letter = chosen.letters[0]
    if html is not None:
        write_file(html, letter.html)
    if pdf is not None:
        write_file(pdf, letter_pdf(letter, chosen.paper(style, maps=maps), date=chosen.date))
    for path in (html, pdf):
        if path is not None:
            click.echo(f"{letter.recipient.full_name}: {path}")
            if show:
                click.launch(str(path))
    if form is not None:
        _print_form(letter, form)
    elif html is None and pdf is None:
        _print_mail(letter)


def _print_form(letter: "Letter", longest: int) -> None:
    """Print the text for a form alone, and on the other stream what it lacks for its length."""
    from outreach.letters.text import form_text, left_out

    text = form_text(letter, longest or None)
    click.echo(text)
    if longest:
        names = {"table": "tables", "quote": "quotes", "sources": "the sources of the figures"}
        if lacking := [names[kind] for kind in left_out(letter, longest)]:
            click.echo(f"Left out for {longest} characters: {', '.join(lacking)}.", err=True)
        if len(text) > longest:
            over = len(text) - longest
            click.echo(f"Still {over} characters too long: shorten it by hand.", err=True)


def _print_mail(letter: "Letter") -> None:
    click.secho(f"À : {letter.recipient.full_name} <{letter.recipient.email or '–'}>", dim=True)
    click.secho(f"Objet : {letter.subject}\n", bold=True)
    click.echo(letter.text)
    if letter.choices:
        variants = ", ".join(f"{block}: {name}" for block, name in letter.choices.items())
        click.secho(f"[{variants}]", dim=True)
