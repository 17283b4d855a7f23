"""Each command that uses a list of parliamentarians says that it is old, once."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tomlkit

from outreach.bundle import data_path

pytestmark = pytest.mark.slow

SENDING = '[sending]\nhost = "localhost"\nsecurity = "none"\nauthentication = "none"\n'


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "outreach", *map(str, words)],
        capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """A campaign of one's own, to deputies, with a list of January whose vacancies have run out."""
    old = tmp_path / "deputies"
    shutil.copytree(data_path("deputies"), old)
    vacancies, source = old / "vacancies.csv", old / "source.toml"
    before = hashlib.sha256(vacancies.read_bytes()).hexdigest()
    text = vacancies.read_text(encoding="utf-8").replace("2026-12-27", "2026-10-27")
    vacancies.write_text(text, encoding="utf-8")
    text = source.read_text(encoding="utf-8")
    text = text.replace(before, hashlib.sha256(vacancies.read_bytes()).hexdigest())
    text = re.sub(r"^as_of = .*", "as_of = 2026-01-08", text, count=1, flags=re.MULTILINE)
    source.write_text(text, encoding="utf-8")
    folder = tmp_path / "ours"
    assert run("new", folder).returncode == 0
    toml = tomlkit.parse((folder / "campaign.toml").read_text(encoding="utf-8"))
    toml["chambers"] = ["assemblee"]
    toml["rosters"] = {"assemblee": str(old)}
    toml["sender"].update(
        organisation="Les Tilleuls", address=["1 rue des Tilleuls", "01500 Ambérieu"], web=""
    )
    toml["signature"].update(name="Dominique Martin", function="Présidente")
    (folder / "campaign.toml").write_text(tomlkit.dumps(toml) + SENDING, encoding="utf-8")
    return folder


def test_an_old_list_is_told_once_by_each_command(campaign: Path, tmp_path: Path) -> None:
    """
    Whatever the command makes of the list, one line says its age and how to renew it.
    """
    here = ("--campaign", campaign)
    links = ("--address", "https://tilleuls.internal/", "-o", tmp_path / "links.csv")
    commands: list[tuple[str | Path, ...]] = [
        ("plan", *here),
        ("send", *here),
        ("status", *here),
        ("match", *here),
        ("letters", "check", *here),
        ("letters", "fields", *here),
        ("page", "links", campaign, *links),
        ("export", "csv", *here, "-o", tmp_path / "list.csv"),
        ("preview", "01-04", *here),
    ]

    for words in commands:
        shown = run(*words)
        assert shown.returncode == 0, shown.stderr
        assert shown.stderr.count("The list of deputies is of 2026-01-08") == 1, words
        assert shown.stdout.count("renew it: outreach roster update") == 0


def test_a_vacancy_that_has_run_out_is_told(campaign: Path, tmp_path: Path) -> None:
    """
    A seat that was declared vacant until a day that is past is told to be checked.
    """
    planned = run("plan", "--campaign", campaign)
    exported = run("export", "csv", "--campaign", campaign, "-o", tmp_path / "list.csv")

    for shown in (planned, exported):
        assert "No letter for 10-02: seat vacant since 2026-09-27" in shown.stderr
        assert "declared until 27/10/2026: check" in shown.stderr
