"""`outreach demo`: the bundled campaign, from the lists to letters, in one folder."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.english import counted, noun
from outreach.cli.progress import shown_progress

if TYPE_CHECKING:
    from outreach.preparation import Prepared, Progress
    from outreach.roster.seat import Parliamentarian

CAMPAIGN = "solidarite-en-danger"
CHAMBERS = {"assemblee": "deputies", "senat": "senators"}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("demo"))
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N recipients.")
def demo(folder: Path, limit: int | None) -> None:
    """Run the bundled campaign into FOLDER: e-mails, PDFs, print runs, CSV, summary.

    Everything comes from the bundled lists: no network, no account, nothing is sent.

    \b
    Example:
      outreach demo demo
    """
    from outreach.bundle import letters_path
    from outreach.campaign import load_campaign
    from outreach.files import whole_folder
    from outreach.preparation import prepare

    start = time.perf_counter()
    now = dt.datetime.now().astimezone()
    campaign = load_campaign(letters_path(CAMPAIGN))
    with whole_folder(folder) as beside, shown_progress() as tell:
        prepared = prepare(campaign, today=now.date(), only=_first(limit), progress=tell)
        counts = _write(prepared, beside, now, tell)
        summary = _summary(prepared, counts, folder)
        (beside / "summary.txt").write_text(summary, encoding="utf-8")
    click.echo(summary)
    click.echo(f"Done in {time.perf_counter() - start:.0f} s. Nothing was sent.")


def _first(limit: int | None) -> "Callable[[Parliamentarian], bool] | None":
    if limit is None:
        return None
    seen: list[str] = []

    def keep(member: "Parliamentarian") -> bool:
        seen.append(member.official_id)
        return len(seen) <= limit

    return keep


def _write(
    prepared: "Prepared", folder: Path, now: dt.datetime, tell: "Progress"
) -> dict[str, int]:
    from outreach.export.eml import write_emls
    from outreach.export.paper import paper_of
    from outreach.export.pdf import write_pdfs, write_print_runs
    from outreach.export.recipients import write_recipients
    from outreach.spreadsheets import write_csv

    letters, campaign = prepared.letters, prepared.campaign
    paper = paper_of(campaign)
    emls = write_emls(
        letters, folder / "eml", campaign.sender, date=now,
        progress=lambda done, total: tell("e-mails", done, total),
    )  # fmt: skip
    pdfs = write_pdfs(
        letters, folder / "pdf", paper, date=now.date(),
        progress=lambda done, total: tell("PDF letters", done, total),
    )  # fmt: skip
    runs = write_print_runs(
        letters, folder / "print", paper, date=now.date(),
        progress=lambda done, total: tell("print runs", done, total),
    )  # fmt: skip
    write_recipients(letters, folder / "recipients.csv")
    write_csv(
        folder / "skipped.csv",
        ["chamber", "seat", "name", "reason"],
        [
            {"chamber": s.chamber, "seat": s.seat, "name": s.name, "reason": s.reason}
            for s in prepared.skipped
        ],
    )
    return {"eml": len(emls), "pdf": len(pdfs), "print": len(runs)}


def _summary(prepared: "Prepared", counts: dict[str, int], folder: Path) -> str:
    from outreach.letters.checks import who
    from outreach.letters.past_functions import to_confirm
    from outreach.letters.salutation import read_titles

    letters = prepared.letters
    chambers = Counter(letter.recipient.chamber for letter in letters)
    certainty = Counter(str(value) for value in prepared.matched.table["certainty"])
    to_check = certainty.pop("unsure", 0)
    vacant = len(prepared.skipped)
    without = [letter.recipient for letter in letters if not letter.recipient.email]
    lines = [f"Campaign: {prepared.campaign.name}", ""]
    for roster in prepared.matched.rosters:
        name = CHAMBERS[roster.chamber]
        lines.append(
            f"  {chambers[roster.chamber]:>5} {noun(chambers[roster.chamber], 'letter')} to {name} "
            f"(list of {roster.as_of}: {len(roster.members)} in office, "
            f"{counted(len(roster.vacancies), 'vacant seat')})"
        )
    lines += [
        "",
        f"  {len(prepared.matched.table):>5} "
        f"{noun(len(prepared.matched.table), 'establishment')}: "
        + ", ".join(f"{n} certain by {word}" for word, n in certainty.most_common())
        + f", {to_check} to check",
        "",
        "Written:",
        *_files(counts, len(letters), folder),
        "",
        "Not done:",
        f"  {len(without):>5} {noun(len(without), 'has', 'have')} no published e-mail address: "
        "on paper only, in pdf/ and print/",
        f"  {vacant:>5} {noun(vacant, 'seat is', 'seats are')} vacant, without a letter "
        f"({folder / 'skipped.csv'}):",
        *(f"        {s.seat}  {s.name}: {s.reason}" for s in prepared.skipped),
    ]
    unsure = to_confirm(letters, read_titles(prepared.campaign.titles))
    if prepared.warnings or unsure:
        lines += ["", "To know:", *(f"  {warning}" for warning in prepared.warnings)]
    if unsure:
        lines.append(
            f"  {len(unsure)} {noun(len(unsure), 'has', 'have')} the usual title and may hold a function "
            "today; confirm them in titles.csv:"
        )
        lines += [f"        {who(letter)}: {function}" for letter, function in unsure]
    return "\n".join(lines) + "\n"


def _files(counts: dict[str, int], recipients: int, folder: Path) -> list[str]:
    kinds = (
        (counts["eml"], "e-mail", "eml"),
        (counts["pdf"], "PDF letter", "pdf"),
        (counts["print"], "print run", "print"),
        (recipients, "recipient", "recipients.csv"),
    )
    return [
        f"  {count:>5} {noun(count, what):<11}  {folder / where}" for count, what, where in kinds
    ]
