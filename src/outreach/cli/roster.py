"""`outreach roster`: build the lists from the official files, check, compare and renew them."""

import datetime as dt
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.english import counted
from outreach.cli.progress import shown_progress
from outreach.cli.roster_shown import (
    FINDING_COLUMNS,
    finding_row,
    seats_of,
    show_changes,
    show_findings,
)

if TYPE_CHECKING:
    from outreach.roster.seat import Chamber

_PATH = click.Path(path_type=Path)
_CHAMBERS: "Mapping[str, Chamber]" = {"deputies": "assemblee", "senators": "senat"}
_WORDS = {chamber: word for word, chamber in _CHAMBERS.items()}
_CHAMBER = click.Choice(list(_CHAMBERS))


@click.group()
def roster() -> None:
    """Build, check, compare and renew the lists of deputies and senators."""


@roster.command()
@click.argument("chamber", type=_CHAMBER)
@click.argument("files", nargs=-1, required=True, type=_PATH)
@click.option("-o", "--output", type=_PATH, required=True, help="The roster folder to write.")
@click.option(
    "--tables",
    type=_PATH,
    help="The folder of seats.csv, vacancies.csv, arrivals.csv, corrections.csv …; "
    "the bundled one by default.",
)
@click.option(
    "--date",
    "told",
    multiple=True,
    metavar="FILE=YYYY-MM-DD",
    help="The date of a file that holds none, in its name neither. May be repeated.",
)
@click.option("--report", type=_PATH, help="Write every finding here (CSV).")
def build(
    chamber: str,
    files: tuple[Path, ...],
    output: Path,
    tables: Path | None,
    told: tuple[str, ...],
    report: Path | None,
) -> None:
    """Build the list of CHAMBER from official FILES in any known format, merged by official id.

    Nothing is written unless every seat is held or declared vacant. `outreach roster formats`
    tells the formats.

    \b
    Example:
      outreach roster build deputies AMO10.json.zip deputes-active.csv -o data/deputies
      outreach roster build senators ODSEN_GENERAL.csv --date ODSEN_GENERAL.csv=2026-11-20 -o new
    """
    from outreach.bundle import data_path
    from outreach.roster.build import build_roster, write_roster
    from outreach.spreadsheets import check_replaceable, write_csv

    if report:
        check_replaceable(report, FINDING_COLUMNS)
    hand_kept = tables or data_path(chamber)
    built = build_roster(files, hand_kept, today=_today(), dates=_dates(told))
    write_roster(built, output, hand_kept)
    rows = [finding_row(finding) for finding in built.findings]
    if report:
        write_csv(report, FINDING_COLUMNS, rows)
    show_findings(built.findings, report)
    click.echo(f"{seats_of(built.roster, chamber)} in {output}.")


@roster.command()
@click.argument("folders", nargs=-1, type=_PATH)
def check(folders: tuple[Path, ...]) -> None:
    """Check the lists in use, or those of FOLDERS: seats, dates, addresses. Nothing is written.

    Exit code 1 when something must be put right before writing to anybody.

    \b
    Example:
      outreach roster check
      outreach roster check data/deputies data/senators
    """
    from outreach.errors import InputError
    from outreach.roster.bundled import folder_in_use
    from outreach.roster.check import in_two_chambers, roster_problems, roster_warnings
    from outreach.roster.table import read_roster, read_toml

    problems: list[str] = []
    rosters = []
    for folder in folders or [folder_in_use(chamber) for chamber in _CHAMBERS.values()]:
        read = read_roster(folder, read_toml(folder / "source.toml").get("chamber", "assemblee"))
        rosters.append(read)
        found = roster_problems(folder, read, _today())
        problems += [f"{folder.name}: {problem}" for problem in found]
        click.echo(
            f"{folder}: {counted(len(read.members), 'member')}, "
            f"{counted(len(read.vacancies), 'vacant seat')}, as of {read.as_of:%Y-%m-%d}"
        )
        for warning in roster_warnings(read, _today()):
            click.echo(f"  {warning}")
    for warning in in_two_chambers(rosters):
        click.echo(f"  {warning}")
    if problems:
        raise InputError("The lists must be put right.", problems)
    click.echo("All seats are filled or declared vacant; nothing has expired.")


@roster.command()
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
@click.option("--csv", "as_csv", is_flag=True, help="Print the changes as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@click.option("-o", "--output", type=_PATH, help="Write the changes here (CSV).")
def diff(old: Path, new: Path, as_csv: bool, as_json: bool, output: Path | None) -> None:
    """Tell who came, left, changed group, commission or address between OLD and NEW.

    Each is a roster folder, an official file in any format with official ids, or the word
    deputies or senators for the list in use.

    \b
    Example:
      outreach roster diff AMO10_2026-04-09.json.zip AMO10_2026-04-11.json.zip
      outreach roster diff data/senators senators --csv > changes.csv
    """
    import json

    from outreach.bundle import data_path
    from outreach.errors import InputError
    from outreach.roster.bundled import folder_in_use
    from outreach.roster.compare import CHANGE_COLUMNS, compare, read_holders
    from outreach.spreadsheets import check_replaceable, csv_text, write_csv

    if output:
        check_replaceable(output, CHANGE_COLUMNS)
    tables = {chamber: data_path(word) for word, chamber in _CHAMBERS.items()}
    paths = [
        folder_in_use(_CHAMBERS[str(path)])
        if str(path) in _CHAMBERS and not path.exists()
        else path
        for path in (old, new)
    ]
    (chamber, before), (other, after) = (read_holders(path, tables) for path in paths)
    if chamber != other:
        raise InputError(f"{old} is a list of {_WORDS[chamber]}, {new} one of {_WORDS[other]}.")
    changes = compare(before, after)
    rows = [change.row() for change in changes]
    if output:
        write_csv(output, CHANGE_COLUMNS, rows)
    if as_csv:
        click.echo(csv_text(CHANGE_COLUMNS, rows), nl=False)
    elif as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        show_changes(changes)


@roster.command()
@click.argument("chambers", nargs=-1, type=_CHAMBER)
@click.option(
    "--address",
    "told",
    multiple=True,
    metavar="SOURCE=URL",
    help="Fetch a source from here instead of its publisher: --address amo=https://… "
    "May be repeated.",
)
@click.option(
    "--also",
    multiple=True,
    type=click.Choice(["datan", "libre-office", "senat-api"]),
    help="Fetch this list too and merge it. May be repeated.",
)
@click.option("--tables", type=_PATH, help="The folder of the hand-kept tables, for one chamber.")
def update(
    chambers: tuple[str, ...], told: tuple[str, ...], also: tuple[str, ...], tables: Path | None
) -> None:
    """Fetch the lists of CHAMBERS (both by default) from their publishers and use them from now on.

    The renewed copy is kept in your own data folder. When a server does not give its list, or
    the list does not fill the seats, the old one stays in use. Every changed address is shown;
    more than five addresses that change their domain are refused.

    \b
    Example:
      outreach roster update
      outreach roster update senators --also senat-api
    """
    from outreach.errors import OutreachError

    if tables and len(chambers) != 1:
        raise click.UsageError("--tables goes with one chamber: deputies or senators.")
    addresses = _pairs(told, "--address", "SOURCE=URL")
    failed: list[OutreachError] = []
    wanted = chambers or tuple(_CHAMBERS)
    for word in wanted:
        try:
            _renew(word, addresses, also, tables)
        except OutreachError as error:
            click.secho(f"{word}: the old list stays in use.", fg="red", err=True)
            if len(wanted) == 1:
                raise
            click.echo(str(error), err=True)
            failed.append(error)
    if failed:
        sys.exit(3 if len(failed) < len(wanted) else failed[0].exit_code)


@roster.command()
def formats() -> None:
    """Tell the official formats that can be read: each column read, each ignored and why."""
    from outreach.roster.formats import FORMATS

    for format_ in FORMATS:
        click.secho(f"{format_.SOURCE}: {format_.TITLE}", bold=True)
        for column, use in format_.LAYOUT.read.items():
            click.echo(f"  {column:<50} {use}")
        for column, reason in format_.LAYOUT.ignored.items():
            click.secho(f"  {column or '(empty)':<50} ignored: {reason}", dim=True)


def _renew(
    word: str, addresses: Mapping[str, str], also: Iterable[str], tables: Path | None
) -> None:
    from outreach.roster.update import renew
    from outreach.sources import SOURCES

    chamber = _CHAMBERS[word]
    theirs = {"assemblee": {"datan", "libre-office"}, "senat": {"senat-api"}}[chamber]
    known = {name: url for name, url in addresses.items() if name in SOURCES}
    if unknown := addresses.keys() - known.keys():
        raise click.UsageError(f"--address: {', '.join(sorted(unknown))} is not a source.")
    with shown_progress() as tell:
        renewed = renew(
            chamber,
            today=_today(),
            addresses=known,
            also=[name for name in also if name in theirs],
            tables=tables,
            progress=lambda done, total: tell(f"fetching {word}", done, total),
        )
    show_changes([change for change in renewed.changes if change.kind != "functions"])
    show_findings(
        [f for f in renewed.built.findings if f.kind in ("refused", "flagged", "declared")], None
    )
    click.echo(
        f"{seats_of(renewed.built.roster, word)} (before: {renewed.before.as_of:%Y-%m-%d}) "
        f"in {renewed.folder}."
    )


def _dates(told: Iterable[str]) -> dict[Path, dt.date]:
    dates = {}
    for name, text in _pairs(told, "--date", "FILE=YYYY-MM-DD").items():
        try:
            dates[Path(name)] = dt.date.fromisoformat(text)
        except ValueError:
            raise click.UsageError(f'--date: "{text}" is not a date; write 2026-11-23.') from None
    return dates


def _pairs(told: Iterable[str], option: str, form: str) -> dict[str, str]:
    pairs = {}
    for pair in told:
        name, sign, value = pair.partition("=")
        if not sign or not value:
            raise click.UsageError(f'{option}: "{pair}" is not {form}.')
        pairs[name] = value
    return pairs


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).date()
