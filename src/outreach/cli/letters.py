"""`outreach letters`: the fields of templates, and the rules that read every letter."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.english import counted
from outreach.cli.progress import shown_progress

if TYPE_CHECKING:
    from outreach.letters.checks import Report
    from outreach.letters.letter import Letter

_PATH = click.Path(path_type=Path)
_CAMPAIGN = click.option(
    "--campaign", "folder", type=_PATH, default=Path(), show_default="this folder",
    help="The campaign's folder.",
)  # fmt: skip
_SHOWN = 5
_WIDEST_RULE = 16


@click.group()
def letters() -> None:
    """Check letters and document their fields."""


@letters.command()
@_CAMPAIGN
@click.option(
    "--for", "recipient", default="01-04", show_default=True, help="Whose values to show."
)
@click.argument("words", nargs=-1)
def fields(folder: Path, recipient: str, words: tuple[str, ...]) -> None:
    """List every field that a template may name, with its value for one recipient.

    WORDS keep only the fields whose name or description holds them all.

    \b
    Example:
      outreach letters fields --campaign my-campaign
      outreach letters fields places --for 75-07
    """
    from outreach.bundle import letters_path
    from outreach.campaign import FILE_NAME, load_campaign
    from outreach.export.selection import select_one
    from outreach.letters.fields import FigureNames, known_fields
    from outreach.letters.reference import field_rows, filter_rows
    from outreach.letters.writer import Writer
    from outreach.preparation import match_campaign

    here = folder if (folder / FILE_NAME).exists() else letters_path("solidarite-en-danger")
    campaign = load_campaign(here)
    today = dt.datetime.now(tz=dt.UTC).date()
    with shown_progress() as tell:
        matched = match_campaign(campaign, today=today, progress=tell)
    for warning in matched.warnings:
        click.echo(warning, err=True)
    member = select_one(recipient, list(matched.rosters))
    local = matched.local.for_recipient(member)
    names = FigureNames.of([local])
    writer = Writer.open(campaign, names, today)
    known = known_fields(campaign, names, writer.pack.blocks)
    click.echo(f"Fields, as they are for {member.full_name} ({recipient}); – is not known there:\n")
    for row in field_rows(known, writer.context(member, local)):
        if all(word.lower() in f"{row.path} {row.words}".lower() for word in words):
            click.echo(f"{{{{ {row.path} }}}}".ljust(46) + row.example)
            if row.words:
                click.secho(f"    {row.words}", dim=True)
    if not words:
        click.echo("\nFilters, written after a bar: {{ area.within|capitalised }}\n")
        for row in filter_rows():
            click.echo(f"{row.path.ljust(14)}{row.example}")


@letters.command()
@_CAMPAIGN
@click.option("--off", multiple=True, metavar="RULE", help="Switch a rule off; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Print every finding, not five a rule.")
@click.option("--csv", "table", type=_PATH, help="Write every finding to this CSV.")
@click.option("--alike", type=click.IntRange(0, 20), default=1, show_default=True,
              help="Print this many pairs of the most similar letters, side by side.")  # fmt: skip
def check(
    folder: Path, off: tuple[str, ...], everything: bool, table: Path | None, alike: int
) -> None:
    """Read every letter by rule: leftovers, figures without source, several requests, twins.

    Exits 1 when a rule finds an error; warnings alone exit 0. A rule is switched off by name, here
    or in campaign.toml (skip_checks).

    \b
    Example:
      outreach letters check --campaign my-campaign
      outreach letters check --campaign my-campaign --off no-email --csv findings.csv
    """
    from outreach.campaign import load_campaign
    from outreach.cli.campaign_outbox import asked_in_outbox
    from outreach.letters.checks import check_letters
    from outreach.preparation import prepare
    from outreach.spreadsheets import check_replaceable, write_csv

    columns = ("rule", "severity", "recipient", "message")
    if table is not None:
        check_replaceable(table, columns)
    campaign = load_campaign(folder)
    today = campaign.date or dt.datetime.now(tz=dt.UTC).date()
    with shown_progress() as tell:
        prepared = prepare(campaign, today=today, asked=asked_in_outbox(campaign), progress=tell)
    for warning in prepared.warnings:
        click.echo(warning, err=True)
    report = check_letters(prepared.letters, campaign, off=off)
    _print_findings(report, _SHOWN if not everything else None)
    _print_similarity(report, prepared.letters, alike)
    if table is not None:
        rows = [{name: getattr(item, name) for name in columns} for item in report.findings]
        write_csv(table, columns, rows)
        click.echo(f"\nEvery finding: {table}")
    if report.errors:
        sys.exit(1)


@letters.command()
@_CAMPAIGN
@click.argument("pack", type=_PATH)
def pack(folder: Path, pack: Path) -> None:
    """Write a campaign's words into PACK, a ZIP that another association can start from.

    Templates, variants, demands, national figures, titles and acts go in; sender, signature,
    mailbox, member list and logo stay here.

    \b
    Example:
      outreach letters pack our-letters.zip --campaign my-campaign
    """
    from outreach.campaign import load_campaign
    from outreach.letters.packing import write_pack

    names = write_pack(load_campaign(folder).folder, pack)
    click.echo(f"{pack}: {counted(len(names), 'file')}")
    for name in names:
        click.echo(f"  {name}")


def _print_findings(report: "Report", most: int | None) -> None:
    from outreach.letters.checks import BATCH_RULES
    from outreach.letters.rules import RULES

    click.echo(f"{counted(report.letters, 'letter')} read.\n")
    words = {name: rule.words for name, rule in RULES.items()}
    words |= {name: said for name, (_, said) in BATCH_RULES.items()}
    for name, hits in report.hits.items():
        found = [finding for finding in report.findings if finding.rule == name]
        colour = "green" if not found else "red" if found[0].severity == "error" else "yellow"
        click.secho(f"{hits:>6}  {name.ljust(_WIDEST_RULE)}", fg=colour, nl=False)
        click.echo(words[name])
        for finding in found[:most]:
            click.echo(f"          {finding.recipient}: {finding.message}")
        if most is not None and len(found) > most:
            click.echo(f"          … and {len(found) - most} more (--all)")


def _print_similarity(report: "Report", composed: "tuple[Letter, ...]", pairs: int) -> None:
    from outreach.letters.similarity import by_office, delegation, side_by_side

    if len(report.nearest) < 2:
        return
    shares = sorted(pair.share for pair in report.nearest)
    middle, highest = shares[len(shares) // 2], shares[-1]
    click.echo(
        f"\nEach letter beside the one most like it, over the batch: {middle:.0%} of their words in "
        f"common in the middle, {highest:.0%} at most."
    )
    within = [pair for group in by_office(composed, delegation).values() for pair in group]
    closest: list[str] = []
    seen: set[frozenset[str]] = set()
    for pair in sorted(within, key=lambda pair: -pair.share):
        both = frozenset([pair.letter.recipient.official_id, pair.other.recipient.official_id])
        if both not in seen and len(closest) < pairs:
            seen.add(both)
            closest.append(side_by_side(pair))
    if closest:
        click.echo("What one delegation sees side by side:\n")
        click.echo("\n\n".join(closest))
