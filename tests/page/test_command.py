"""`outreach page` as staff run it."""

import csv
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from outreach.bundle import letters_path

pytestmark = pytest.mark.slow
CAMPAIGN = str(letters_path("solidarite-en-danger"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "outreach", "page", *arguments],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_links_are_written_for_a_mail_merge(tmp_path: Path) -> None:
    """One line per establishment, text kept as text, the count said."""
    file = tmp_path / "links.csv"

    done = run("links", CAMPAIGN, "-o", str(file), "--address", "https://example.org/ecrire/")

    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert done.returncode == 0
    assert f"{len(rows)} links" in done.stdout
    assert rows[0]["establishment_id"].startswith("0")
    assert (
        rows[0]["link"]
        == f"https://example.org/ecrire/?establishment={rows[0]['establishment_id']}"
    )


def test_links_need_an_address(tmp_path: Path) -> None:
    """Without an address nothing is written, and the remedy is said."""
    done = run("links", CAMPAIGN, "-o", str(tmp_path / "links.csv"))

    assert done.returncode == 1
    assert "--address" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_campaign_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The missing file is named, and no folder is left."""
    done = run("build", str(tmp_path / "nowhere"), "-o", str(tmp_path / "site"))

    assert done.returncode == 1
    assert "nowhere" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_serving_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """The message says which command makes a page."""
    done = run("serve", str(tmp_path), "--no-open")

    assert done.returncode == 1
    assert "outreach page build" in done.stderr


def test_a_built_page_is_served_until_interrupted(site: Path) -> None:
    """The address is printed, the page answers, Ctrl-C ends it quietly: that is how it is meant to end."""
    served = subprocess.Popen(
        [sys.executable, "-u", "-m", "outreach", "page", "serve", str(site), "--port", "0", "--no-open"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ},
    )  # fmt: skip
    assert served.stdout is not None
    address = served.stdout.readline().split()[0]

    with urllib.request.urlopen(address, timeout=10) as answer:
        text = answer.read().decode()
    served.send_signal(signal.SIGINT)
    _, errors = served.communicate(timeout=10)

    assert "Solidarité en danger" in text
    assert (served.returncode, errors) == (0, "")
