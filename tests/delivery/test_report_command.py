"""`outreach report` and `outreach purge`: the numbers for people, and forgetting the people."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from outreach.campaign import load_campaign

if TYPE_CHECKING:
    from tests.delivery.mailroom import Begun, Run

pytestmark = pytest.mark.slow


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


@pytest.fixture
def judged(run: Run, begun: Begun) -> Begun:
    """One recipient has answered, and a person has noted what."""
    row = begun.letter("accepted")
    run("replies", "outcome", row.recipient_id, "supports", "--campaign", begun.folder)
    return begun


def test_csv_counts_every_letter_once_in_each_grouping(
    run: Run, judged: Begun, tmp_path: Path
) -> None:
    """All, chamber, group, département: each adds up to all the letters; the rate has its interval."""
    shown = run("report", "-o", tmp_path / "suivi.csv", "--campaign", judged.folder)
    rows = read_csv(tmp_path / "suivi.csv")

    assert shown.code == 0
    assert shown.out == f"{tmp_path / 'suivi.csv'} is written. 3 recipients are silent so far.\n"
    for by in ("all", "chamber", "political_group", "department"):
        of = [row for row in rows if row["by"] == by]
        assert sum(int(row["letters"]) for row in of) == len(judged.letters())
        assert sum(int(row["supports"]) for row in of) == 1
    total = rows[0]
    names = ("uncertain", "refused", "accepted", "answered", "rate", "rate_low", "rate_high")
    assert [total[name] for name in names] == ["1", "1", "4", "1", "25.0", "4.6", "69.9"]


def test_the_workbook_opens_and_has_a_line_a_letter(
    run: Run, judged: Begun, tmp_path: Path
) -> None:
    """openpyxl and LibreOffice read the same counts; the second sheet names each next step."""
    run("report", "-o", tmp_path / "suivi.xlsx", "--campaign", judged.folder)
    run("report", "-o", tmp_path / "suivi.csv", "--campaign", judged.folder)
    book = openpyxl.load_workbook(tmp_path / "suivi.xlsx")
    counts, letters = [list(sheet.iter_rows(values_only=True)) for sheet in book]

    assert book.sheetnames == ["counts", "letters"]
    with (tmp_path / "suivi.csv").open(encoding="utf-8-sig", newline="") as lines:
        said = list(csv.reader(lines, delimiter=";"))
    # From the rates on, a number is written otherwise: 25 and 25.0.
    assert [["" if cell is None else str(cell) for cell in row[:11]] for row in counts] == [
        row[:11] for row in said
    ]
    step = letters[0].index("next_step")
    steps = [row[step] for row in letters[1:]]
    assert len(steps) == len(judged.letters())
    assert steps[:2] == ["resolve", "paper"]
    assert steps.count("remind") == 3
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/office",
         "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76,1", "--outdir", tmp_path / "out",
         tmp_path / "suivi.xlsx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    [converted] = (tmp_path / "out").glob("*.csv")
    with converted.open(encoding="utf-8-sig", newline="") as lines:
        opened = list(csv.reader(lines, delimiter=";"))
    assert [row[:11] for row in opened] == [row[:11] for row in said]


class Page(HTMLParser):
    """Collects what a page would load, and its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note addresses."""
        self.tags.add(tag)
        self.loads += [str(value) for name, value in attrs if name in ("src", "href", "data")]


def test_the_page_is_whole_in_itself(run: Run, judged: Begun, tmp_path: Path) -> None:
    """French, nothing loaded, no script; doubtful ones first, then whom to remind and to print for."""
    run("report", "-o", tmp_path / "suivi.html", "--campaign", judged.folder)
    text = (tmp_path / "suivi.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)

    assert page.loads == []
    assert not page.tags & {"script", "link", "img", "iframe", "object"}
    assert "url(" not in text
    headings = re.findall("<h2>(.*?)</h2>", text)
    assert headings[0] == "À regarder d’abord"
    assert headings[-2:] == [
        "Sans réponse à ce jour, à relancer (3)",
        f"Qu’aucun courriel n’atteint, à écrire sur papier ({len(judged.letters('held')) + 1})",
    ]
    first = text.partition("<h2>À regarder d’abord</h2>")[2].partition("<h2>")[0]
    assert judged.letter("uncertain").name in first
    assert judged.letter("refused").name in first
    assert "Soutient" in text
    assert "no e-mail address" not in text


@pytest.mark.parametrize("words", [["suivi.pdf"], ["suivi.html", "--hatvp"]])
def test_another_ending_is_a_bad_command_line(run: Run, begun: Begun, words: list[str]) -> None:
    """Exit code 2, and what endings there are."""
    shown = run("report", "-o", *words, "--campaign", begun.folder)

    assert shown.code == 2
    assert ".csv, .xlsx or (without --hatvp) .html" in shown.err


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_yearly_record_counts_without_names(
    run: Run, begun: Begun, tmp_path: Path, ending: str
) -> None:
    """Per day, category and subject: the four that left, neither the refused nor the uncertain."""
    file = tmp_path / f"initiatives.{ending}"

    shown = run("report", "--hatvp", "-o", file, "--campaign", begun.folder)

    assert shown.out == f"{file} is written: 4 letters have left by e-mail.\n"
    if ending == "csv":
        [row] = read_csv(file)
        assert row == {
            "date": begun.letter("accepted").changed_at[:10], "category": "sénateurs",
            "subject": "Solidarité en danger", "wave": "1", "initiatives": "4",
        }  # fmt: skip
    else:
        assert openpyxl.load_workbook(file).active["E2"].value == 4


def test_purging_asks_then_forgets_and_keeps_the_counts(
    run: Run, begun: Begun, tmp_path: Path
) -> None:
    """Refused while letters wait or are in doubt; afterwards no name is left and the counts are."""
    uid = load_campaign(begun.folder).uid
    asked = run("purge", "--campaign", begun.folder)
    other = run("purge", "--confirm", "another-uid", "--campaign", begun.folder)
    early = run("purge", "--confirm", uid, "--campaign", begun.folder)
    kept = begun.letters()
    waiting = [row.recipient_id for row in kept if row.state == "waiting"]
    run("outbox", "cancel", *waiting, "--campaign", begun.folder)
    run(
        "outbox", "resolve", "--all-arrived", "--why", "archive", "--count", "1",
        "--campaign", begun.folder,
    )  # fmt: skip
    purged = run("purge", "--confirm", uid, "--campaign", begun.folder)
    report = run("report", "--hatvp", "-o", tmp_path / "i.csv", "--campaign", begun.folder)

    assert asked.code == 0
    assert f"outreach purge --campaign {begun.folder} --confirm {uid}" in asked.out
    assert (other.code, early.code) == (1, 1)
    assert "not this campaign's uid; nothing was purged" in other.err
    assert "still wait or are in doubt" in early.err
    assert purged.code == 0
    assert purged.out == f"{len(kept)} letters were emptied; the counts stay.\n"
    assert "Before its date" in purged.err
    assert "5 letters have left" in report.out
    left = b"".join(path.read_bytes() for path in begun.folder.glob("outbox.sqlite*"))
    for row in kept:
        assert row.name.encode() not in left
        assert not row.address or row.address.encode() not in left
