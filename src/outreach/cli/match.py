"""`outreach match`: establishments → constituency, deputy and senators; what to look at, and decisions."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.english import counted
from outreach.cli.list_options import LIST_PATH, check_sheet, list_options, parse_told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outreach.campaign import Campaign
    from outreach.cli.list_run import ListRun
    from outreach.matching.duplicates import Duplicate
    from outreach.matching.results import Results
    from outreach.matching.review import Decision

# What is certain, in the words of staff; the keys are those of columns.MATCH.
_CERTAIN = {
    "address": "by a point",
    "commune": "by the commune",
    "postcode": "by the postcode, all of whose communes vote together",
    "department": "by the département, which has one constituency",
}
_FILES = {
    "matches.csv": "every establishment with its constituency, deputy and senators",
    "review.csv": "the rows to decide: fill the column decision and run the command again",
    "review.xlsx": "the same as a workbook, with the choices to pick from",
    "refused.csv": "the rows left out, each with its reason and remedy",
    "duplicates.csv": "pairs that may be one establishment",
    "decisions.csv": "what was decided so far, used again for the next list",
    "points.csv": "points found for rows that had none",
}


@click.command()
@click.argument("file", required=False, type=LIST_PATH)
@click.option(
    "-o",
    "--output",
    default=None,
    show_default="matches, in the campaign's folder when there is one",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write into; review files and decisions in it are read first.",
)
@list_options
@click.option(
    "--campaign",
    type=click.Path(path_type=Path),
    show_default="this folder, when it is a campaign's and no FILE is given",
    help="Take the list of this campaign, and write beside it: its letters follow the decisions.",
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
    and points.csv. Fill the column "decision" of a review file and run the command again.

    \b
    Example:
      outreach match adherents.xlsx -o adherents-matches
      outreach match --campaign my-campaign
    """
    from outreach.cli.establishments import show_reading
    from outreach.cli.list_run import ListRun
    from outreach.cli.rosters_in_use import rosters_in_use
    from outreach.geography.places import load_geography
    from outreach.matching.decisions import read_decisions
    from outreach.matching.geocoder import BAN
    from outreach.matching.results import Results

    columns: Mapping[str, str | Sequence[str]] = parse_told(told)
    campaign = campaign or (_campaign_here() if file is None else None)
    of_campaign, asked_sheet = None, sheet
    if campaign is not None:
        of_campaign = _named(campaign, file)
        listed, output = of_campaign.establishments, output or of_campaign.matches
        file = listed.file
        sheet = sheet or listed.sheet or None
        columns, decisions = {**listed.columns, **columns}, decisions or listed.review
    check_sheet(file, asked_sheet)
    output = output or Path("matches")
    geography = load_geography()
    rosters = rosters_in_use(of_campaign.rosters if of_campaign else None)
    taken = read_decisions(output, decisions, geography)
    run = ListRun(
        file,
        {"columns": columns, "sheet": sheet, "separator": separator},
        geography,
        rosters,
        output / "points.csv",
        extract,
        geocoder or (BAN if geocode else None),
    )
    if review:
        taken |= _walked(run, taken)
    with Results() as results:
        done = run.match(results, taken)
        duplicates = results.write(output, geography, done.understood.refused, taken)
    show_reading(file.name if file else "The bundled list", done.understood)
    done.show()
    show_summary(results, len(done.understood.refused), duplicates)
    _show_files(output, len(results.review))
    if done.understood.refused:
        sys.exit(3)


def _walked(run: "ListRun", taken: "Mapping[str, Decision]") -> "dict[str, Decision]":
    """Have a person decide the doubtful rows, one by one."""
    from outreach.cli.walk import walk_through
    from outreach.matching.results import Results
    from outreach.matching.review import in_order

    with Results() as results:
        run.match(results, taken)
        return walk_through(in_order(results.review), run.geography)


def _campaign_here() -> Path | None:
    """Give this folder when it is a campaign's: the other commands take it, too."""
    from outreach.campaign import FILE_NAME

    return Path() if Path(FILE_NAME).is_file() else None


def _show_files(output: Path, to_decide: int) -> None:
    from outreach.matching.review import MOST_IN_A_WORKBOOK

    click.echo(f"Written to {output}/:")
    for name, what in _FILES.items():
        count = f" ({counted(to_decide, 'row')} to decide)" if name == "review.csv" else ""
        click.echo(f"  {name:<15} {what}{count}")
    if to_decide > MOST_IN_A_WORKBOOK:
        click.echo(
            f"review.xlsx holds the first {MOST_IN_A_WORKBOOK} rows to decide, review.csv all."
        )


def _named(folder: Path, file: Path | None) -> "Campaign":
    """Read the campaign whose list is matched."""
    from outreach.campaign import load_campaign

    if file is not None:
        raise click.UsageError("Give either FILE or --campaign, which names its own list.")
    return load_campaign(folder)


def show_summary(results: "Results", refused: int, duplicates: "Sequence[Duplicate]") -> None:
    """Print what staff can act on: certain, to check by reason, refused."""
    from outreach.matching.duplicates import SAME

    certainty, doubts = results.summary.certainty, results.summary.doubts
    total = certainty.total() + results.summary.decided
    unsure = certainty["unsure"]
    click.echo(
        f"{total + refused} received = {total - unsure} certain + {unsure} to check + {refused} refused"
    )
    if results.summary.decided:
        click.echo(f"  {results.summary.decided:>7} certain: decided by a person")
    for name in _CERTAIN:
        if certainty[name]:
            click.echo(f"  {certainty[name]:>7} certain: {_CERTAIN[name]}")
    for name, n in doubts.most_common():
        click.echo(f"  {n:>7} to check: {name}")
    same = sum(pair.reason == SAME for pair in duplicates)
    if same:
        click.echo(
            f"  {same:>7} with the name and address of another row: both are counted until one is removed, see duplicates.csv"
        )
    if len(duplicates) > same:
        click.echo(
            f"  {len(duplicates) - same:>7} possibly another row under another spelling: see duplicates.csv"
        )
