"""`outreach establishments`: read a list, show what was understood, write the checked table."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.list_options import list_options, parse_told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outreach.establishments.reading import Understood

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
@list_options
@click.option(
    "--activities",
    type=click.Path(path_type=Path),
    help="The FINESS+ activities file, for authorised places.",
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
    for written in filter(None, (output, refused)):
        if written.exists() and file.exists() and written.samefile(file):
            raise click.UsageError(f"{written} is the list itself; name another file to write.")
    columns = parse_told(told)
    if ask:
        from outreach.cli.ask import ask_columns

        columns, sheet = ask_columns(file, columns, sheet, separator, campaign)
    options = {"columns": columns, "sheet": sheet, "separator": separator, "activities": activities}
    understood = _read_into(file, options, extract, output)
    if output:
        click.echo(f"{understood.taken} establishments written to {output}")
    if understood.refused:
        if refused is None and output:
            refused = output.with_name(f"{output.stem}-refused.csv")
        if refused:
            from outreach.files import write_file
            from outreach.matching.results import refused_text

            write_file(refused, refused_text(understood.refused))
            click.echo(f"{len(understood.refused)} refused rows written to {refused}")
        sys.exit(3)


def _read_into(
    file: Path, options: "Mapping[str, Any]", extract: Path | None, output: Path | None
) -> "Understood":
    """Read a list part by part into the file ``output``, if any; print what was understood."""
    from outreach.cli.progress import shown_progress
    from outreach.establishments.enrichment import Difference, Extract, enrich
    from outreach.establishments.read import read_establishments, read_parts
    from outreach.establishments.reading import Understood
    from outreach.establishments.storage import table_text
    from outreach.files import whole_file

    official = Extract(read_establishments(extract).table) if extract else None
    found, differences = 0, list[Difference]()
    understood: Understood | None = None
    with ExitStack() as open_:
        tell = open_.enter_context(shown_progress())
        tell("reading", 0, 0)
        written = open_.enter_context(whole_file(output)) if output else None
        for part in read_parts(file, **options):
            table = part.table
            if official:
                enriched = enrich(table, official)
                table, found = enriched.table, found + enriched.found
                differences += enriched.differences
            if written:
                written.write(table_text(table, header=understood is None).encode())
            understood = understood or Understood(part)
            understood.add(part)
            tell("reading", understood.received, 0)
    if understood is None:
        raise AssertionError("read_parts gives at least one part")
    show_reading(file.name, understood)
    if extract:
        click.echo(f"{found} rows found in {extract.name}, {len(differences)} differences:")
        show_lines([str(difference) for difference in differences])
    return understood


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


def show_reading(name: str, understood: "Understood") -> None:
    """Print what was understood of a list: columns, repairs, refused rows, totals."""
    first = understood.first
    for note in (*filter(None, [first.source]), *first.notes):
        click.echo(f"{name}: {note}")
    if first.columns:
        click.echo("Columns understood (ours ← theirs):")
        width = max(map(len, first.columns))
        for ours, theirs in first.columns.items():
            click.echo(f"  {ours:<{width}} ← {' + '.join(theirs)}")
        if first.ignored:
            click.echo(f"  not used: {', '.join(first.ignored)}")
    if understood.repaired:
        values = "value" if understood.repaired == 1 else "values"
        click.echo(f"{understood.repaired} {values} read otherwise than typed:")
        for repair in understood.repairs:
            typed = " ".join(repair.value.split())[:60]
            became = f'"{repair.became}"' if repair.became else "left out"
            click.echo(
                f'  row {repair.row}, {repair.column}: "{typed}" → {became} ({repair.reason})'
            )
        if understood.repaired > len(understood.repairs):
            click.echo(f"  … and {understood.repaired - len(understood.repairs)} more")
    click.echo(
        f"{understood.received} rows received = {understood.taken} taken + {len(understood.refused)} refused"
    )
    show_lines([str(row) for row in understood.refused])


def show_lines(lines: list[str], shown: int = _SHOWN) -> None:
    """Print the first lines of a list and how many follow."""
    for line in lines[:shown]:
        click.echo(f"  {line}")
    if len(lines) > shown:
        click.echo(f"  … and {len(lines) - shown} more")
