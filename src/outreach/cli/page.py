"""`outreach page`: the static page where citizens write to those who represent them."""

import contextlib
import datetime as dt
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.english import counted, noun
from outreach.cli.progress import shown_progress

if TYPE_CHECKING:
    from outreach.campaign import Campaign
    from outreach.page.build import Built, SiteSource
    from outreach.preparation import Progress

_PATH = click.Path(path_type=Path)


@click.group()
def page() -> None:
    """Build and serve the page where citizens write.

    The page is a folder of files: any web host or a USB stick serves it. It has no server of its
    own, no account and no tracker; what a citizen types leaves their device only when they press
    a button that says so (the address lookup, their mail program, Gmail, Outlook.com).
    """


@page.command()
@click.argument("campaign", type=_PATH)
@click.option(
    "-o",
    "--output",
    type=_PATH,
    default=Path("site"),
    show_default=True,
    help="The folder to write; one that outreach wrote before is replaced.",
)
def build(campaign: Path, output: Path) -> None:
    """Write the page of CAMPAIGN into a folder.

    \b
    Example:
      outreach page build my-campaign -o site
    """
    with shown_progress() as tell:
        built, warnings = _build(campaign, output, tell)
    for warning in warnings:
        click.echo(warning, err=True)
    click.echo(
        f"{built.folder}: {built.files} files, {built.size / 1e6:.1f} MB; letters to "
        f"{counted(built.people, 'parliamentarian')}, "
        f"links for {counted(built.establishments, 'establishment')}."
    )
    click.echo(f"See it: outreach page serve {output}")


@page.command()
@click.argument("folder", type=_PATH, default=Path("site"))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port on this machine; 0 for any free one.",
)
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
def serve(folder: Path, port: int, no_open: bool) -> None:
    """Show a built page on this machine, until Ctrl-C.

    FOLDER is what `outreach page build` wrote, or a campaign's folder: its page is then built
    into FOLDER/site first.

    \b
    Example:
      outreach page serve site
    """
    from outreach.page.serving import open_server

    if (folder / "campaign.toml").is_file():
        with shown_progress() as tell:
            _, warnings = _build(folder, folder / "site", tell)
        for warning in warnings:
            click.echo(warning, err=True)
        folder = folder / "site"
    with open_server(folder, port) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        click.echo(f"{address}  (Ctrl-C to stop)")
        if not no_open:
            threading.Timer(0.3, webbrowser.open, [address]).start()
        with contextlib.suppress(KeyboardInterrupt):  # how it is meant to be stopped
            server.serve_forever()


@page.command()
@click.argument("campaign", type=_PATH)
@click.option(
    "-o",
    "--output",
    type=_PATH,
    default=Path("links.csv"),
    show_default=True,
    help="The CSV to write; only one that outreach wrote before is replaced.",
)
@click.option("--address", default="", help="Where the page is published; [page] address else.")
def links(campaign: Path, output: Path, address: str) -> None:
    """Write a CSV with one link per establishment, for a mail merge.

    Each link opens the page filled with that establishment, its constituency and figures.

    \b
    Example:
      outreach page links my-campaign --address https://example.org/ecrire/
    """
    from outreach.errors import InputError
    from outreach.page.members import LINK_COLUMNS, link_rows, members
    from outreach.spreadsheets import check_replaceable, write_csv

    check_replaceable(output, LINK_COLUMNS)
    with shown_progress() as tell:
        source, warnings = _source(campaign, tell)
    for warning in warnings:
        click.echo(warning, err=True)
    if not source.campaign.page.establishments:
        raise InputError(
            f"{campaign}: [page] establishments is false, so the page knows no establishment; "
            "set it to true and build the page again."
        )
    where = address or source.campaign.page.address
    if not where.startswith(("https://", "http://")):
        raise InputError(
            "The links need the address where the page is published: give it with --address, or "
            'write address = "https://…" under [page] in campaign.toml.'
        )
    rows = list(link_rows(members(source.matched), where))
    write_csv(output, LINK_COLUMNS, rows)
    shared = len(rows) - len({row["link"] for row in rows})
    left = len(source.matched) - len(rows)
    click.echo(f"{output}: {counted(len(rows), 'link')}.")
    if shared:
        click.echo(
            f"{counted(shared, 'row has', 'rows have')} the name and address of another, and its link."
        )
    if left:
        click.echo(
            f"{counted(left, 'establishment has', 'establishments have')} no link: "
            f"{noun(left, 'its', 'their')} commune is not known; see outreach match --campaign {campaign}."
        )


def _source(folder: Path, tell: "Progress") -> "tuple[SiteSource, tuple[str, ...]]":
    from outreach.campaign import load_campaign
    from outreach.page.build import SiteSource
    from outreach.preparation import match_campaign

    campaign = load_campaign(folder)
    matched = match_campaign(campaign, today=_today(campaign), progress=tell)
    source = SiteSource(campaign, matched.geography, matched.rosters, matched.table, matched.local)
    return source, matched.warnings


def _build(folder: Path, output: Path, tell: "Progress") -> "tuple[Built, tuple[str, ...]]":
    from outreach.page.build import build_site

    source, warnings = _source(folder, tell)
    return build_site(source, output, today=_today(source.campaign), progress=tell), warnings


def _today(campaign: "Campaign") -> dt.date:
    return campaign.date or dt.datetime.now(tz=dt.UTC).date()
