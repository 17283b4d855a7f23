"""`outreach figures`: the figures of an area, and the bundled indicators built anew."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from outreach.figures.figure import Figure, LocalFigures
    from outreach.figures.local import LocalFigureTable


@click.group()
def figures() -> None:
    """Show the figures of a constituency or département."""


@figures.command()
@click.argument("area")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    help="A list of establishments; the bundled one by default.",
)
@click.option(
    "--source", default="", help='What a letter says of the list: "liste de nos établissements".'
)
@click.option("--as-of", default="", help="The date of the list: 2026-08-13.")
@click.option(
    "--campaign",
    type=click.Path(path_type=Path),
    help="The list, source and decisions of this campaign, as its letters use them.",
)
def show(area: str, file: Path | None, source: str, as_of: str, campaign: Path | None) -> None:
    """Show what is known of AREA: a constituency (01-04), a département (01) or the country (FR).

    \b
    Example:
      outreach figures show 69-02
      outreach figures show 69-02 --campaign my-campaign
    """
    from outreach.geography.codes import department_of
    from outreach.geography.places import load_geography

    if campaign and (file or source or as_of):
        raise click.UsageError("--campaign names its own list, source and date.")
    geography = load_geography()
    if area.upper() == "FR":
        code = "FR"
    elif "-" in area or len(area) > 3:
        code = geography.constituency(area).code
    else:
        code = department_of(area)
    table = _campaign_figures(campaign) if campaign else _list_figures(file, source, as_of)
    local = table.for_area(code)
    if local.area_code != code:
        click.echo(f"No establishment in {code}: figures of {local.area_code} ({local.level}).")
    _show_local(local)


def _campaign_figures(folder: Path) -> "LocalFigureTable":
    from outreach.campaign import load_campaign
    from outreach.preparation import match_campaign

    today = dt.datetime.now(tz=dt.UTC).date()
    return match_campaign(load_campaign(folder), today=today).local


def _list_figures(file: Path | None, source: str, as_of: str) -> "LocalFigureTable":
    from outreach.establishments.bundled import load_bundled
    from outreach.establishments.read import read_establishments
    from outreach.figures.local import LocalFigureTable
    from outreach.geography.places import load_geography
    from outreach.matching.matches import match_establishments

    reading = read_establishments(file) if file else load_bundled()
    matched = match_establishments(reading.table, load_geography(), [])
    return LocalFigureTable(matched, source=source or reading.source, as_of=as_of or reading.as_of)


def _show_local(local: "LocalFigures") -> None:
    click.echo(f"Establishments, {local.level} {local.area_code}:")
    show_figures({name: figure for name, figure in local.figures.items() if figure.of})
    for field, of_field in sorted(local.by_field.items()):
        click.echo(f"  {field}:")
        show_figures(of_field, "    ")
    for level, published in (
        ("constituency", local.constituency),
        ("department", local.department),
    ):
        if published:
            click.echo(f"Published, {level}:")
            show_figures(published, beside=local.country)
    if local.level == "country":
        click.echo("Published, country:")
        show_figures(local.country)
    if local.establishments:
        click.echo(
            "Largest establishments: "
            + "; ".join(f"{name} ({commune})" for name, commune in local.establishments)
        )
    if local.unsure:
        click.echo(
            f"{local.unsure} establishments of the département have no certain constituency."
        )


@figures.command()
@click.option(
    "--insee",
    required=True,
    type=click.Path(path_type=Path),
    help="indic-stat-circonscriptions-legislatives-2022.xlsx",
)
@click.option(
    "--drees",
    required=True,
    type=click.Path(path_type=Path),
    help="The DREES workbook of beneficiaries of départements' social aid.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Where indicators.toml stands; the bundled data by default.",
)
def build(insee: Path, drees: Path, folder: Path | None) -> None:
    """Write the published indicators from the publishers' workbooks.

    \b
    Example:
      outreach figures build --insee indic-stat-circonscriptions.xlsx --drees beneficiaires.xlsx
    """
    from outreach.bundle import data_path
    from outreach.figures.build import build_indicators

    folder = folder or data_path("figures")
    counts = build_indicators(insee, drees, folder)
    click.echo(
        f"{counts['insee']} values of Insee and {counts['drees']} of Drees written to {folder}"
    )


def show_figures(
    shown: "Mapping[str, Figure]",
    indent: str = "  ",
    beside: "Mapping[str, Figure] | None" = None,
) -> None:
    """Print figures, one a line: value, unit, how many rows it rests on, date and source.

    The same figure of the country stands beside, where ``beside`` has it.
    """
    width = max(map(len, shown), default=0)
    for name, figure in shown.items():
        if figure.value is None and indent != "  ":
            continue
        behind = f", known for {figure.known} of {figure.of}" if figure.of else ""
        national = beside.get(name) if beside else None
        compared = f"; France {_value(national)}" if national else ""
        click.echo(
            f"{indent}{name + ':':<{width + 1}} {_value(figure)}{behind}{compared} ({figure.source}, {figure.as_of})"
        )


def _value(figure: "Figure") -> str:
    from outreach.letters.numbers import counted

    return "unknown" if figure.value is None else counted(figure.value, figure.unit)
