"""`outreach report`: what came of the campaign, as CSV, XLSX or one HTML page."""

from pathlib import Path

import click

from outreach.cli.campaign_outbox import campaign_option, open_campaign, open_outbox, utc_now


@click.command()
@campaign_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The file: .csv, .xlsx or .html.",
)
@click.option(
    "--hatvp", is_flag=True, help="Instead: initiatives per day, category and subject (CSV, XLSX)."
)
def report(folder: Path, output: Path, hatvp: bool) -> None:
    """Write what came of the campaign per chamber, group and département.

    Response rates come with their 95 % interval. The HTML page loads nothing and can be mailed.

    \b
    Example:
      outreach report -o suivi.html
      outreach report --hatvp -o initiatives-2026.csv
    """
    from outreach.spreadsheets import write_csv, write_xlsx
    from outreach.tracking.report import COLUMNS, initiatives, make_report, write_page

    kind = output.suffix.lower()
    if kind not in (".csv", ".xlsx", ".html") or (hatvp and kind == ".html"):
        raise click.UsageError("the output ends in .csv, .xlsx or (without --hatvp) .html.")
    campaign, scope = open_campaign(folder)
    with open_outbox(campaign) as ledger, ledger.read() as connection:
        made = make_report(connection, scope, name=campaign.name, now=utc_now())
        counted = initiatives(connection, campaign.uid)
    if kind == ".html":
        write_page(made, output)
    else:
        columns: tuple[str, ...] = COLUMNS
        rows = [line.cells() for line in made.lines]
        if hatvp:
            columns = ("date", "category", "campaign", "wave", "initiatives")
            rows = counted
        (write_csv if kind == ".csv" else write_xlsx)(output, columns, rows)
    click.echo(f"{output} is written. {len(made.silent)} recipients are silent so far.")
