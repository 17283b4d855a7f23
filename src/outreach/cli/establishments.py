"""`outreach establishments`: read a list, show what was understood, write the checked table."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.english import counted
from outreach.cli.list_options import LIST_PATH, check_sheet, list_options, parse_told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outreach.establishments.reading import Understood

_SHOWN = 20


@click.group()
def establishments() -> None:
    """Read lists of establishments: CSV, workbook, FINESS."""


@establishments.command()
@click.argument("file", type=LIST_PATH)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write the checked table here (CSV)."
)
@click.option(
    "--refused",
    type=click.Path(path_type=Path),
    help="Write the refused rows here (CSV); beside the output by default.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="Write every value read otherwise than typed here (CSV); beside the output by default.",
)
@click.option(
    "--all", "every", is_flag=True, help="Show every value read otherwise and every refused row."
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
    report: Path | None,
    every: bool,
    told: tuple[str, ...],
    sheet: str | None,
    separator: str | None,
    activities: Path | None,
    extract: Path | None,
    ask: bool,
    campaign: Path | None,
) -> None:
    """Read FILE, show what was understood and list the rows refused.

    Exit code 3 when some rows are refused: the others are written. Beside the output stand
    …-refused.csv and …-read-otherwise.csv: every refused row, every value read otherwise than typed.

    \b
    Example:
      outreach establishments read adherents.xlsx -o establishments.csv
    """
    refused, report = _beside(output, refused, report)
    _check_written(file, output, refused, report)
    check_sheet(file, sheet)
    columns = parse_told(told)
    if ask:
        from outreach.cli.ask import ask_columns

        columns, sheet = ask_columns(file, columns, sheet, separator, campaign)
    options = {"columns": columns, "sheet": sheet, "separator": separator, "activities": activities}
    understood = _read_into(file, options, extract, output, report, every=every)
    if output:
        click.echo(f"{counted(understood.taken, 'establishment')} written to {output}")
    if understood.repaired and report:
        click.echo(f"{counted(understood.repaired, 'value')} read otherwise written to {report}")
    if understood.refused:
        if refused:
            _write_refused(refused, understood)
        sys.exit(3)


def _write_refused(path: Path, understood: "Understood") -> None:
    from outreach.files import write_file
    from outreach.matching.results import refused_text

    write_file(path, refused_text(understood.refused))
    click.echo(f"{counted(len(understood.refused), 'refused row')} written to {path}")


def _beside(
    output: Path | None, refused: Path | None, report: Path | None
) -> tuple[Path | None, Path | None]:
    """Name the files of refused rows and of what was read otherwise after the output's."""
    if output is None:
        return refused, report
    return (
        refused or output.with_name(f"{output.stem}-refused.csv"),
        report or output.with_name(f"{output.stem}-read-otherwise.csv"),
    )


def _check_written(file: Path, *written: Path | None) -> None:
    """Refuse names that would lie about what is in a file, or lose one."""
    named = [path for path in written if path is not None]
    for path in named:
        if path.suffix.lower() != ".csv":
            raise click.UsageError(f"{path} would hold a CSV; give a name that ends in .csv.")
        if path.exists() and file.exists() and path.samefile(file):
            raise click.UsageError(f"{path} is the list itself; name another file to write.")
        if named.count(path) > 1:
            raise click.UsageError(f"{path} is named for two files; give each its own name.")


def _read_into(
    file: Path, options: "Mapping[str, Any]", extract: Path | None, output: Path | None,
    report: Path | None, *, every: bool,
) -> "Understood":  # fmt: skip
    """Read a list part by part into ``output`` and ``report``, if any; print what was understood."""
    from outreach.cli.progress import shown_progress
    from outreach.establishments import reading
    from outreach.establishments.enrichment import Difference, Extract, enrich
    from outreach.establishments.read import read_establishments, read_parts
    from outreach.establishments.storage import table_text
    from outreach.files import whole_file

    official = Extract(read_establishments(extract).table) if extract else None
    found, differences = 0, list[Difference]()
    understood: Understood | None = None
    with ExitStack() as open_:
        tell = open_.enter_context(shown_progress())
        tell("reading", 0, 0)
        written = open_.enter_context(whole_file(output)) if output else None
        otherwise = open_.enter_context(whole_file(report)) if report else None
        for part in read_parts(file, **options):
            table = part.table
            if official:
                enriched = enrich(table, official)
                table, found = enriched.table, found + enriched.found
                differences += enriched.differences
            if written:
                written.write(table_text(table, header=understood is None).encode())
            if otherwise:
                otherwise.write(
                    reading.repairs_text(part.repairs, header=understood is None).encode()
                )
            understood = understood or reading.Understood(
                part, None if every else reading.FIRST_REPAIRS
            )
            understood.add(part)
            tell("reading", understood.received, 0)
    if understood is None:
        raise AssertionError("read_parts gives at least one part")
    show_reading(file.name, understood, shown := None if every else _SHOWN)
    if extract:
        click.echo(
            f"{counted(found, 'row')} found in {extract.name}, "
            f"{counted(len(differences), 'difference')}:"
        )
        show_lines(list(map(str, differences)), shown)
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


def show_reading(name: str, understood: "Understood", shown: int | None = _SHOWN) -> None:
    """Print what was understood of a list: columns, repairs, refused rows (None: all), totals."""
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
        click.echo(f"{counted(understood.repaired, 'value')} read otherwise than typed:")
        for repair in understood.repairs:
            typed = " ".join(repair.value.split())[:60]
            became = f'"{repair.became}"' if repair.became else "left out"
            click.echo(
                f'  row {repair.row}, {repair.column}: "{typed}" → {became} ({repair.reason})'
            )
        if understood.repaired > len(understood.repairs):
            click.echo(
                f"  … and {understood.repaired - len(understood.repairs)} more; "
                "`outreach establishments read --all` shows each"
            )
    if understood.repeated:
        rows = counted(len(understood.repeated), "row is", "rows are")
        numbers = ", ".join(map(str, understood.repeated[:shown]))
        more = ", …" if len(understood.repeated) > len(understood.repeated[:shown]) else ""
        click.echo(f"{rows} the header again, not counted below: {numbers}{more}")
    click.echo(
        f"{counted(understood.received, 'row')} received = {understood.taken} taken + {len(understood.refused)} refused"
    )
    show_lines([str(row) for row in understood.refused], shown)


def show_lines(lines: list[str], shown: int | None = _SHOWN) -> None:
    """Print the first lines of a list and how many follow; None prints all."""
    for line in lines[:shown]:
        click.echo(f"  {line}")
    if shown is not None and len(lines) > shown:
        click.echo(f"  … and {len(lines) - shown} more")
