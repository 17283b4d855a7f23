"""`outreach match`: establishments → constituency, deputy and senators; what to look at, and decisions."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outreach.campaign import Establishments


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    default=None,
    show_default="matches, in the campaign's folder when there is one",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write into; review files and decisions in it are read first.",
)
@click.option(
    "--column",
    "told",
    multiple=True,
    metavar="OURS=THEIRS",
    help='Say which column is which: --column commune_name="Ville".',
)
@click.option(
    "--campaign",
    type=click.Path(path_type=Path),
    help="Take the list of this campaign, and write beside it: its letters follow the decisions.",
)
@click.option("--sheet", help="The sheet of a workbook; the most likely one by default.")
@click.option("--separator", help="What stands between the cells of a CSV; found by default.")
@click.option(
    "--extract",
    type=click.Path(path_type=Path),
    help="A FINESS file: rows with a FINESS number or SIRET take point, commune and category from it.",
)
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    help="Decisions of an earlier list to use as well (decisions.csv).",
)
@click.option("--review", is_flag=True, help="Walk through the doubtful rows here, one by one.")
@click.option(
    "--geocode",
    is_flag=True,
    help="Ask the national geocoder for addresses in split communes: sends address, postcode and city of these rows, nothing else.",
)
@click.option("--geocoder", default=None, metavar="URL", help="Another address of the geocoder.")
def match(
    file: Path | None,
    output: Path | None,
    told: tuple[str, ...],
    campaign: Path | None,
    sheet: str | None,
    separator: str | None,
    extract: Path | None,
    decisions: Path | None,
    review: bool,
    geocode: bool,
    geocoder: str | None,
) -> None:
    """Match the establishments of FILE (the bundled list by default) and say what to look at.

    Writes matches.csv, review.csv, review.xlsx, refused.csv, duplicates.csv, decisions.csv
    and points.csv. Fill
    the column "decision" of a review file and run the command again.

    \b
    Example:
      outreach match adherents.xlsx -o adherents-matches
      outreach match --campaign my-campaign
    """
    from outreach.cli.establishments import parse_told, show_lines, show_reading, write_refused
    from outreach.establishments.bundled import load_bundled
    from outreach.establishments.enrichment import enrich
    from outreach.establishments.read import read_establishments
    from outreach.geography.places import load_geography
    from outreach.matching.decisions import read_decisions
    from outreach.matching.duplicates import find_duplicates, write_duplicates
    from outreach.matching.found_points import add_kept_points, write_points
    from outreach.matching.matches import match_establishments
    from outreach.matching.output import write_matches
    from outreach.matching.review import write_decisions, write_review
    from outreach.roster.bundled import load_roster

    columns: Mapping[str, str | Sequence[str]] = parse_told(told)
    if campaign is not None:
        listed, output = _listed(campaign, file, output)
        file, sheet = listed.file, sheet or listed.sheet or None
        columns, decisions = {**listed.columns, **columns}, decisions or listed.review
    output = output or Path("matches")
    geography = load_geography()
    taken = read_decisions(output, decisions, geography)
    if file is None:
        reading = load_bundled()
        click.echo(f"The bundled list: {reading.source}, {len(reading.table)} establishments")
    else:
        reading = read_establishments(file, columns=columns, sheet=sheet, separator=separator)
        show_reading(file, reading)
    table = add_kept_points(reading.table, output / "points.csv")
    if extract:
        enriched = enrich(table, read_establishments(extract).table)
        table = enriched.table
        click.echo(
            f"{enriched.found} rows found in {extract.name}; {len(enriched.differences)} differences:"
        )
        show_lines([str(difference) for difference in enriched.differences])
    rosters = [load_roster("assemblee"), load_roster("senat")]
    matched = match_establishments(table, geography, rosters, taken)
    if geocode or geocoder:
        table = ask_geocoder(table, matched, geocoder)
        matched = match_establishments(table, geography, rosters, taken)
    if review:
        from outreach.cli.walk import walk_through

        taken |= walk_through(matched, geography)
        matched = match_establishments(table, geography, rosters, taken)
    write_matches(output / "matches.csv", matched)
    write_points(output / "points.csv", reading.table, table)
    count = write_review(output / "review.csv", matched, geography)
    write_review(output / "review.xlsx", matched, geography)
    write_refused(output / "refused.csv", reading)
    duplicates = find_duplicates(table)
    write_duplicates(output / "duplicates.csv", duplicates, table)
    write_decisions(output / "decisions.csv", taken)
    show_summary(matched, len(reading.refused), len(duplicates))
    click.echo(
        f"Written to {output}/: matches.csv, review.csv, review.xlsx ({count} rows to decide), refused.csv, duplicates.csv, decisions.csv, points.csv"
    )
    if reading.refused:
        sys.exit(3)


def _listed(folder: Path, file: Path | None, output: Path | None) -> "tuple[Establishments, Path]":
    """Take the campaign's list and the folder of its decisions."""
    from outreach.campaign import load_campaign

    if file is not None:
        raise click.UsageError("Give either FILE or --campaign, which names its own list.")
    campaign = load_campaign(folder)
    return campaign.establishments, output or campaign.matches


def ask_geocoder(table: Any, matched: Any, address: str | None) -> Any:
    """Give the doubtful rows of split communes a point from the national geocoder."""
    from outreach.cli.progress import shown_progress
    from outreach.matching.found_points import add_points
    from outreach.matching.geocoder import BAN, Geocoder

    with shown_progress() as tell, Geocoder(address or BAN) as geocoder:
        table, answer = add_points(
            table, matched, geocoder, lambda done, total: tell("geocoding", done, total)
        )
    click.echo(
        f"Geocoder: {answer.asked} addresses asked, {answer.cached} known from before, {answer.located} located well enough"
    )
    for problem in answer.problems:
        click.echo(f"  {problem}", err=True)
    return table


def show_summary(matched: Any, refused: int, duplicates: int) -> None:
    """Print what staff can act on: certain, to check by reason, refused."""
    from outreach.matching.doubts import summary

    counts = summary(matched)
    unsure = counts["certainty"].pop("unsure", 0)
    certain = len(matched) - unsure
    click.echo(
        f"{len(matched) + refused} received = {certain} certain + {unsure} to check + {refused} refused"
    )
    for name, n in counts["certainty"].items():
        click.echo(f"  {n:>7} certain by {name}")
    for name, n in counts["doubts"].items():
        click.echo(f"  {n:>7} to check: {name}")
    if duplicates:
        click.echo(
            f"  {duplicates:>7} pairs may be one establishment under two names: see duplicates.csv"
        )
