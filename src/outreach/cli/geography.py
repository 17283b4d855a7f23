"""`outreach geography`: build the bundled tables, look a place up."""

import dataclasses
import json
from pathlib import Path

import click


@click.group()
def geography() -> None:
    """Build and look up constituencies and communes."""


@geography.command()
@click.argument("source_folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; the bundled data by default.",
)
def build(source_folder: Path, output: Path | None) -> None:
    """Write the tables and outlines from the official files in SOURCE_FOLDER.

    Same files in, same bytes out. Nothing is written when a file is missing or not as
    expected, or when a commune has no constituency. Needs pyarrow: pip install
    'outreach[geography]'.

    \b
    Example:
      outreach geography build official/ -o data/geography
    """
    from outreach.bundle import data_path
    from outreach.cli.progress import shown_progress
    from outreach.files import write_file
    from outreach.geography.build import build_geography

    folder = output or data_path("geography")
    with shown_progress() as tell:
        files = build_geography(source_folder, lambda done, total: tell("geography", done, total))
    for name, content in files.items():
        write_file(folder / name, content)
    for name, content in files.items():
        click.echo(f"{len(content):>9,} bytes  {name}".replace(",", " "))
    click.echo(f"{len(files)} files written to {folder}")


@geography.command()
@click.argument("place")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of a table.")
def show(place: str, as_json: bool) -> None:
    """Show what PLACE is: a code in any form, a name, a postcode, a country.

    A text that may mean several places shows them all.

    \b
    Example:
      outreach geography show 01004
      outreach geography show "Saint-Denis"
      outreach geography show 75116
    """
    from outreach.geography.lookup import look_up
    from outreach.geography.places import load_geography

    found = look_up(load_geography(), place)
    if as_json:
        click.echo(
            json.dumps([dataclasses.asdict(one) for one in found], ensure_ascii=False, indent=1)
        )
        return
    rows = [("what", "code", "name", "dép.", "constituencies", "")] + [
        (
            one.kind,
            one.code,
            one.name,
            one.department_code,
            _listed(one.constituencies),
            one.note,
        )
        for one in found
    ]
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())


def _listed(codes: tuple[str, ...]) -> str:
    """Write codes on one line: "75-01 … 75-18" when there are many."""
    if not codes:
        return "none"
    return " ".join(codes) if len(codes) <= 6 else f"{codes[0]} … {codes[-1]} ({len(codes)})"
