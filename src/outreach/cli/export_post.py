"""The commands of `outreach export` for the post: labels, envelopes, mail merge, stamps."""

import datetime as dt
from pathlib import Path

import click

from outreach.cli.chosen_letters import (
    PATH,
    campaign_option,
    chosen_letters,
    output_option,
    recipient_options,
)
from outreach.cli.english import counted
from outreach.cli.named_file import named_pdf
from outreach.cli.progress import shown_progress

pdf_option = output_option("The PDF to write.", named_pdf)


@click.command()
@recipient_options
@pdf_option
@click.option(
    "--sheet",
    default="L7163",
    show_default=True,
    help="L7159, L7160, L7162, L7163, 70x37, or own sizes in mm: "
    "columns,rows,width,height,left,top,pitch_x,pitch_y.",
)
@click.option("--start", default=1, show_default=True, help="The first label to print on.")
@click.option("--offset", nargs=2, type=float, default=(0, 0), help="mm to the right and down.")
@click.option("--grid", is_flag=True, help="Also draw the edges of the labels, as a test.")
@click.option("--merge", is_flag=True, help="One label for all letters to one place.")
def labels(
    folder: Path,
    only: tuple[str, ...],
    output: Path,
    sheet: str,
    start: int,
    offset: tuple[float, float],
    grid: bool,
    merge: bool,
) -> None:
    """Write address labels, in the order of the print runs.

    \b
    Example:
      outreach export labels --campaign my-campaign -o labels.pdf --sheet L7159 --start 5
    """
    from outreach.export.labels import label_sheet, write_labels

    chosen_sheet = label_sheet(sheet)
    with shown_progress() as tell:
        chosen = chosen_letters(folder, only, tell)
        count = write_labels(
            chosen.letters,
            output,
            chosen_sheet,
            date=chosen.date,
            start=start,
            offset=offset,
            grid=grid,
            merge=merge,
        )
    click.echo(
        f"{counted(count, 'label')} for {counted(len(chosen.letters), 'letter')} in {output}."
    )


@click.command()
@recipient_options
@pdf_option
@click.option(
    "--size",
    type=click.Choice(["DL", "C5"]),
    default="DL",
    show_default=True,
    help="DL is 220 × 110 mm, C5 is 229 × 162 mm.",
)
def envelopes(folder: Path, only: tuple[str, ...], output: Path, size: str) -> None:
    """Write envelopes without a window, one a page, in the order of the print runs.

    \b
    Example:
      outreach export envelopes --campaign my-campaign -o envelopes.pdf --size C5
    """
    from outreach.export.labels import ENVELOPES, write_envelopes

    with shown_progress() as tell:
        chosen = chosen_letters(folder, only, tell)
        count = write_envelopes(chosen.letters, output, ENVELOPES[size], date=chosen.date)
    made, meant = counted(count, "envelope"), counted(len(chosen.letters), "letter")
    click.echo(f"{made} for {meant} in {output}.")


@click.command()
@campaign_option
@pdf_option
def window(folder: Path, output: Path) -> None:
    """Write a test page: print, fold, and see whether the address falls in the window.

    \b
    Example:
      outreach export window --campaign my-campaign -o window.pdf
    """
    from outreach.campaign import load_campaign
    from outreach.export.labels import write_window_test
    from outreach.export.paper import paper_of

    paper = paper_of(load_campaign(folder))
    write_window_test(output, paper.window, date=dt.datetime.now().astimezone().date())
    click.echo(f"Print {output} at 100 %, fold it at the dashed lines, and try an envelope.")


@click.command()
@recipient_options
@output_option("The folder to write.")
def merge(folder: Path, only: tuple[str, ...], output: Path) -> None:
    """Write a kit for Word's or LibreOffice's own mail merge: XLSX, DOCX, how to join them.

    \b
    Example:
      outreach export merge --campaign my-campaign -o merge --only senators
    """
    from outreach.export.mailmerge import write_merge_kit

    with shown_progress() as tell:
        chosen = chosen_letters(folder, only, tell)
        paths = write_merge_kit(chosen.letters, output, chosen.paper(), date=chosen.date)
    click.echo(
        f"{counted(len(chosen.letters), 'row')}; {' and '.join(path.name for path in paths)} in {output}."
    )


@click.command()
@recipient_options
@click.option("--tariff", type=PATH, help="A tariff file like data/postage/lettre-verte.toml.")
@click.option("--duplex", is_flag=True, help="Letters are printed on both sides.")
@click.option("--enclosed", type=click.FloatRange(min=0), default=0.0, help="Grams enclosed.")
@click.option(
    "--envelope", type=click.FloatRange(min=0), default=4.5, show_default=True,
    help="Grams of an envelope.",
)  # fmt: skip
def postage(
    folder: Path,
    only: tuple[str, ...],
    tariff: Path | None,
    duplex: bool,
    enclosed: float,
    envelope: float,
) -> None:
    """Count the stamps: letters by weight step, and what they cost.

    \b
    Example:
      outreach export postage --campaign my-campaign --duplex --enclosed 10
    """
    from outreach.export.pdf import page_counts
    from outreach.export.postage import bundled_tariff, read_tariff, tariff_warning
    from outreach.export.postage import postage as count_postage

    prices = read_tariff(tariff)
    with shown_progress() as tell:
        chosen = chosen_letters(folder, only, tell)
        pages = page_counts(
            chosen.letters,
            chosen.paper(),
            date=chosen.date,
            progress=lambda done, total: tell("pages", done, total),
        )
    lines = count_postage(
        pages, prices, duplex=duplex, enclosed_grams=enclosed, envelope_grams=envelope
    )
    if (warning := tariff_warning(prices, chosen.date)) is not None:
        click.echo(warning, err=True)
    click.echo(f"{prices.name} (checked on {prices.checked_on}):")
    for line in lines:
        cost = "price not known" if line.cents is None else f"{line.cents / 100:.2f} €"
        click.echo(f"  up to {line.up_to_grams:g} g: {counted(line.letters, 'letter')}, {cost}")
    click.echo(f"Source: {prices.source}")
    missing = [f"{line.up_to_grams:g} g" for line in lines if line.cents is None]
    if missing:
        click.echo(
            f"No price of {' and '.join(missing)} could be verified. Copy {tariff or bundled_tariff()}, "
            "write price_cents under the step and where you read it, and give the copy with --tariff."
        )
