"""`outreach report`: what came of the campaign, as CSV, XLSX or one HTML page."""

from pathlib import Path

import click

from outreach.cli.campaign_outbox import campaign_option, open_campaign, open_outbox, utc_now
from outreach.cli.english import counted


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

    Response rates come with their 95 % interval. The workbook also has a sheet with one line per
    letter and its next step (resolve, remind, paper); the HTML page loads nothing and can be
    mailed. For one line per letter as CSV see `outreach status --csv`.

    \b
    Example:
      outreach report -o suivi.html
      outreach report --hatvp -o initiatives-2026.csv
    """
    from outreach.spreadsheets import Worksheet, check_replaceable, write_csv, write_workbook
    from outreach.tracking import initiatives as register
    from outreach.tracking.report import COLUMNS, LETTER_COLUMNS, make_report
    from outreach.tracking.report_page import write_page

    kind = output.suffix.lower()
    if kind not in (".csv", ".xlsx", ".html") or (hatvp and kind == ".html"):
        raise click.UsageError("the output ends in .csv, .xlsx or (without --hatvp) .html.")
    campaign, scope = open_campaign(folder)
    with open_outbox(campaign) as ledger, ledger.read() as connection:
        made = make_report(connection, scope, name=campaign.name, now=utc_now())
        initiatives = register.initiatives(connection, campaign.uid)
    if hatvp:
        sheets = [Worksheet("initiatives", register.COLUMNS, initiatives)]
    else:
        sheets = [
            Worksheet("counts", COLUMNS, [line.cells() for line in made.lines]),
            Worksheet("letters", LETTER_COLUMNS, made.letter_rows()),
        ]
    if kind != ".html":
        check_replaceable(output, sheets[0].columns)
    if kind == ".html":
        write_page(made, output)
    elif kind == ".csv":
        write_csv(output, sheets[0].columns, sheets[0].rows)
    else:
        write_workbook(output, sheets)
    if hatvp:
        total = sum(int(row["initiatives"] or 0) for row in initiatives)
        click.echo(
            f"{output} is written: {counted(total, 'letter has', 'letters have')} left by e-mail."
        )
    else:
        click.echo(
            f"{output} is written. {counted(len(made.silent), 'recipient is', 'recipients are')} silent so far."
        )
