"""`outreach establishments`: read a list, show what was understood, write the checked table."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from outreach.establishments.reading import Reading

_SHOWN = 20


@click.group()
def establishments() -> None:
    """Read lists of establishments: CSV, workbook, FINESS."""


@establishments.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write the checked table here (CSV)."
)
@click.option(
    "--refused",
    type=click.Path(path_type=Path),
    help="Write the refused rows here (CSV); beside the output by default.",
)
@click.option(
    "--column",
    "told",
    multiple=True,
    metavar="OURS=THEIRS",
    help='Say which column is which: --column commune_name="Ville du site". Several names joined by +; nothing after = for none.',
)
@click.option("--sheet", help="The sheet of a workbook; the most likely one by default.")
@click.option("--separator", help="What stands between the cells of a CSV; found by default.")
@click.option(
    "--activities",
    type=click.Path(path_type=Path),
    help="The FINESS+ activities file, for authorised places.",
)
@click.option(
    "--extract",
    type=click.Path(path_type=Path),
    help="A FINESS file: rows with a FINESS number or SIRET take point, commune and category from it.",
)
@click.option("--ask", is_flag=True, help="Show sheets and columns understood, let me change them.")
@click.option(
    "--campaign",
    type=click.Path(path_type=Path),
    help="With --ask: save the answers in this campaign.toml.",
)
def read(
    file: Path,
    output: Path | None,
    refused: Path | None,
    told: tuple[str, ...],
    sheet: str | None,
    separator: str | None,
    activities: Path | None,
    extract: Path | None,
    ask: bool,
    campaign: Path | None,
) -> None:
    """Read FILE, show what was understood and list the rows refused.

    Exit code 3 when some rows are refused: the others are written.

    \b
    Example:
      outreach establishments read adherents.xlsx -o establishments.csv
    """
    from outreach.establishments.enrichment import enrich
    from outreach.establishments.read import read_establishments
    from outreach.establishments.storage import write_table

    columns = parse_told(told)
    if ask:
        from outreach.cli.ask import ask_columns

        columns, sheet = ask_columns(file, columns, sheet, separator, campaign)
    reading = read_establishments(
        file, columns=columns, sheet=sheet, separator=separator, activities=activities
    )
    show_reading(file, reading)
    table = reading.table
    if extract:
        enriched = enrich(table, read_establishments(extract).table)
        table = enriched.table
        click.echo(
            f"{enriched.found} rows found in {extract.name}, {len(enriched.differences)} differences:"
        )
        show_lines([str(difference) for difference in enriched.differences])
    if output:
        write_table(output, table)
        click.echo(f"{len(table)} establishments written to {output}")
    if reading.refused:
        if refused is None and output:
            refused = output.with_name(f"{output.stem}-refused.csv")
        if refused:
            write_refused(refused, reading)
            click.echo(f"{len(reading.refused)} refused rows written to {refused}")
        sys.exit(3)


@establishments.command()
@click.option(
    "--structures",
    required=True,
    type=click.Path(path_type=Path),
    help="FINESS+ structures (.json.gz).",
)
@click.option(
    "--activities",
    required=True,
    type=click.Path(path_type=Path),
    help="FINESS+ activities (.json.gz).",
)
@click.option(
    "--nomenclature",
    required=True,
    type=click.Path(path_type=Path),
    help="Nomenclature of categories (cs1500106, .xml.gz).",
)
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Where to write; the bundled data by default."
)
def build(structures: Path, activities: Path, nomenclature: Path, folder: Path | None) -> None:
    """Write the bundled list and the table of categories from the official files.

    \b
    Example:
      outreach establishments build --structures finess-structures.json.gz \\
          --activities finess-activites.json.gz --nomenclature cs1500106.xml.gz
    """
    from outreach.bundle import data_path
    from outreach.establishments.build import build_establishments

    folder = folder or data_path("establishments")
    counts = build_establishments(structures, activities, nomenclature, folder)
    click.echo(
        f"{counts['establishments']} establishments and {counts['categories']} categories written to {folder}"
    )


def parse_told(told: tuple[str, ...]) -> dict[str, list[str]]:
    """Take --column options apart: ("address=Rue+Lieu-dit",) → {"address": ["Rue", "Lieu-dit"]}."""
    columns: dict[str, list[str]] = {}
    for item in told:
        ours, equals, theirs = item.partition("=")
        if not equals:
            raise click.BadParameter(f'"{item}" has no "="; write --column commune_name="Ville"')
        columns[ours.strip()] = [name.strip() for name in theirs.split("+") if name.strip()]
    return columns


def show_reading(file: Path, reading: "Reading") -> None:
    """Print what was understood of a list: columns, repairs, refused rows, totals."""
    for note in reading.notes:
        click.echo(f"{file.name}: {note}")
    if reading.columns:
        click.echo("Columns understood (ours ← theirs):")
        for ours, theirs in reading.columns.items():
            click.echo(f"  {ours} ← {' + '.join(theirs)}")
        if reading.ignored:
            click.echo(f"  not used: {', '.join(reading.ignored)}")
    if reading.repairs:
        click.echo(f"{len(reading.repairs)} values read otherwise than typed:")
        show_lines(
            [
                f'row {repair.row}, {repair.column}: "{" ".join(repair.value.split())[:60]}" → "{repair.became}" ({repair.reason})'
                for repair in reading.repairs
            ],
            5,
        )
    click.echo(
        f"{reading.received} rows received = {len(reading.table)} taken + {len(reading.refused)} refused"
    )
    show_lines([str(row) for row in reading.refused])


def show_lines(lines: list[str], shown: int = _SHOWN) -> None:
    """Print the first lines of a list and how many follow."""
    for line in lines[:shown]:
        click.echo(f"  {line}")
    if len(lines) > shown:
        click.echo(f"  … and {len(lines) - shown} more")


def write_refused(path: Path, reading: "Reading") -> None:
    """Write the refused rows as a table for people."""
    from outreach.spreadsheets import write_csv

    columns = ("file", "sheet", "row", "column", "value", "reason", "remedy")
    write_csv(
        path, columns, [{name: getattr(row, name) for name in columns} for row in reading.refused]
    )
