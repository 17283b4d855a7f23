"""`outreach status`: at any moment one command says where each letter stands."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.delivery.mailroom import Begun, Run

pytestmark = pytest.mark.slow


def test_the_doubtful_stand_first_and_the_counts_add_up(run: Run, begun: Begun) -> None:
    """Uncertain, refused, then the rest; only the letters to look at are listed."""
    shown = run("status", "--campaign", begun.folder)
    lines = shown.out.splitlines()

    assert shown.code == 0
    assert lines[0] == f"Solidarité en danger, wave 1: {len(begun.letters())} letters"
    counts = [line.split(maxsplit=1) for line in lines[1:6]]
    assert [what.split(":")[0].split()[0] for _, what in counts] == [
        "uncertain", "refused", "waiting", "held", "accepted",
    ]  # fmt: skip
    assert sum(int(count) for count, _ in counts) == len(begun.letters())
    named = [begun.letter("uncertain").name, begun.letter("refused").name]
    assert [name in line for name, line in zip(named, lines[6:], strict=True)] == [True, True]


def test_all_lists_everybody(run: Run, begun: Begun) -> None:
    """--all has one line a letter below the counts."""
    shown = run("status", "--all", "--campaign", begun.folder)

    assert len(shown.out.splitlines()) == 6 + len(begun.letters())


def test_json_is_one_object_with_every_letter(run: Run, begun: Begun) -> None:
    """For programs: campaign, wave, counts, letters."""
    told = json.loads(run("status", "--json", "--campaign", begun.folder).out)

    assert set(told) == {"campaign", "wave", "counts", "letters"}
    assert sum(told["counts"].values()) == len(told["letters"]) == len(begun.letters())
    refused = next(row for row in told["letters"] if row["state"] == "refused")
    assert (refused["code"], refused["reply"]) == (550, "RCPT: 5.1.1 no such user")
    assert refused["recipient_id"] == begun.letter("refused").recipient_id


def test_csv_opens_in_a_spreadsheet(run: Run, begun: Begun, tmp_path: Path) -> None:
    """UTF-8 with its mark, semicolons, one line a letter."""
    file = tmp_path / "status.csv"

    shown = run("status", "--csv", file, "--campaign", begun.folder)

    assert shown.out == f"{len(begun.letters())} letters in {file}.\n"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert [row["recipient_id"] for row in rows] == [row.recipient_id for row in begun.letters()]


@pytest.mark.parametrize("by", ["recipient_id", "address"])
def test_one_letters_history_is_told_from_its_beginning(run: Run, begun: Begun, by: str) -> None:
    """Each step with its time; the recipient is named by id or address."""
    row = begun.letter("accepted")

    shown = run("status", "--recipient", getattr(row, by), "--campaign", begun.folder)

    assert [line.split()[3] for line in shown.out.splitlines()[2:]] == [
        "claimed", "committing", "accepted",
    ]  # fmt: skip


def test_who_has_no_letter_is_said(run: Run, begun: Begun) -> None:
    """An unknown recipient is a refusal with the command that finds ids."""
    shown = run("status", "--recipient", "PA0", "--campaign", begun.folder)

    assert shown.code == 1
    assert "outreach find" in shown.err


@pytest.mark.parametrize("command", ["status", "report", "outbox", "purge", "replies"])
def test_before_the_first_plan_every_command_says_what_to_run(
    run: Run, begun: Begun, command: str
) -> None:
    """No outbox yet: refused, and none is made."""
    (begun.folder / "outbox.sqlite").unlink()
    words = {
        "report": ["-o", "r.html"],
        "outbox": ["resolve"],
        "replies": ["read", str(begun.folder / "senator.md")],
    }

    shown = run(command, *words.get(command, []), "--campaign", begun.folder)

    assert shown.code == 1
    assert "outreach plan" in shown.err
    assert not (begun.folder / "outbox.sqlite").exists()


def test_a_folder_that_may_only_be_read_is_read(
    run: Run, campaign: Path, tmp_path: Path, code: str
) -> None:
    """
    status and report tell the same of a campaign in a folder where nothing can be written.
    """
    assert code
    before = run("status", "--campaign", campaign).out
    outside = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root writes everywhere")
        outside = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    for path in campaign.glob("outbox.sqlite*"):
        path.chmod(0o444)
    campaign.chmod(0o555)
    try:
        told, reported, sent = (
            subprocess.run(
                [*outside, sys.executable, "-m", "outreach", *words, "--campaign", str(campaign)],
                capture_output=True, text=True, check=False, encoding="utf-8",
            )
            for words in (["status"], ["report", "-o", str(tmp_path / "bilan.html")], ["send", "--confirm", code])
        )  # fmt: skip
    finally:
        campaign.chmod(0o755)

    assert (told.returncode, told.stdout) == (0, before), told.stderr
    assert reported.returncode == 0, reported.stderr
    assert (tmp_path / "bilan.html").exists()
    assert sent.returncode == 1
    assert "may not write" in sent.stderr or "right to write" in sent.stderr
