"""`outreach demo`: everything in one folder, from the bundled lists alone."""

import csv
import email
import email.policy
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from outreach.cli import outreach


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The demo of the first twelve recipients."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    return folder, CliRunner().invoke(outreach, ["demo", str(folder), "--limit", "12"])


def test_the_demo_says_what_it_did_and_where(demo: tuple[Path, Result]) -> None:
    """
    The summary counts letters, establishments and files, names what was not done, sends nothing.
    """
    folder, result = demo

    assert result.exit_code == 0, result.output
    assert re.search(r"12 letters to deputies", result.output)
    assert "8 seats are vacant" in result.output
    assert "Nothing was sent." in result.output
    assert (folder / "summary.txt").read_text(encoding="utf-8") in result.output


def test_each_recipient_has_an_email_and_a_pdf(demo: tuple[Path, Result]) -> None:
    """
    Twelve recipients in the CSV, one PDF each, and an e-mail to the very address of the CSV.
    """
    folder, _ = demo
    with (folder / "recipients.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))

    addressed = set()
    for path in (folder / "eml").glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        addressed.add(message["To"].addresses[0].addr_spec)

    assert len(rows) == 12
    assert {row["file"] for row in rows} == {path.name for path in (folder / "pdf").glob("*.pdf")}
    assert addressed == {row["email"] for row in rows if row["email"]}


def test_vacant_seats_are_listed_with_their_reason(demo: tuple[Path, Result]) -> None:
    """
    Each vacant seat stands in skipped.csv with the reason, and has no letter.
    """
    folder, _ = demo
    with (folder / "skipped.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))

    assert {row["seat"] for row in rows} >= {"10-02", "33-11", "69-06"}
    assert all("vacant" in row["reason"] for row in rows)
    assert not list((folder / "pdf").glob("*_10-02_*"))


def test_a_second_demo_replaces_the_first(tmp_path: Path) -> None:
    """
    Run again into the same folder, the demo replaces what it wrote itself.
    """
    CliRunner().invoke(outreach, ["demo", str(tmp_path / "out"), "--limit", "2"])

    again = CliRunner().invoke(outreach, ["demo", str(tmp_path / "out"), "--limit", "1"])

    assert again.exit_code == 0, again.output
    assert len(list((tmp_path / "out" / "pdf").glob("*.pdf"))) == 1
    assert re.search(r"1 letter to deputies.*1 e-mail .*1 print run ", again.output, re.DOTALL)
