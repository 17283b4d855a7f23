"""Nobody writes to parliamentarians in the name of the example."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import tomlkit

from outreach.bundle import letters_path

pytestmark = pytest.mark.slow

SENDING = (
    '\n[sending]\nhost = "smtp.association.fr"\nsecurity = "ssl"\nlogin = "a@association.fr"\n'
)
NAMES = ("Fédération Exemple", "1 rue de l’Exemple", "https://www.example.org", "Camille Exemple")
FIELDS = ("sender.organisation", "sender.address", "sender.web", "signature.name")
OURS: dict[str, dict[str, object]] = {
    "sender": {
        "organisation": "Fédération des Tilleuls",
        "address": ["1 rue des Tilleuls", "75000 Paris"],
        "web": "https://tilleuls.internal",
    },
    "signature": {"name": "Dominique Martin", "function": "Présidente"},
}


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "outreach", *map(str, words)],
        capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


def change(folder: Path, **tables: Mapping[str, object]) -> None:
    """Change values of a campaign.toml."""
    file = folder / "campaign.toml"
    settings = tomlkit.parse(file.read_text(encoding="utf-8"))
    for table, values in tables.items():
        settings[table].update(values)
    file.write_text(tomlkit.dumps(settings), encoding="utf-8")


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """A new campaign to senators, with a mailbox and nothing else of its own."""
    folder = tmp_path / "campaign"
    assert run("new", folder).returncode == 0
    file = folder / "campaign.toml"
    text = file.read_text(encoding="utf-8").replace('"assemblee", "senat"]', '"senat"]')
    file.write_text(text + SENDING, encoding="utf-8")
    return folder


def test_the_example_cannot_send(campaign: Path) -> None:
    """
    A campaign that still bears the example's sender is refused before any connection is opened.
    """
    shown = run("send", "--campaign", campaign)

    assert shown.returncode == 1
    assert "sender.email: contact@example.org" in shown.stderr


def test_an_address_of_ones_own_does_not_make_the_example_ones_own(campaign: Path) -> None:
    """
    With the example's names, the commands before sending name the fields, and sending refuses.
    """
    change(campaign, sender={"email": "nous@tilleuls.internal"})

    warned = [
        run("plan", "--campaign", campaign),
        run("letters", "check", "--campaign", campaign),
        run("export", "csv", "--campaign", campaign, "-o", campaign / "list.csv"),
        run("page", "build", campaign, "-o", campaign / "site"),
    ]
    refused = [
        run("doctor", "--offline", "--campaign", campaign),
        run("send", "--campaign", campaign),
        run("send", "--campaign", campaign, "--test-to", "nous@tilleuls.internal"),
        run("send", "--campaign", campaign, "--confirm", "1-abcd"),
    ]

    assert [shown.returncode for shown in (*warned, *refused)] == [0] * 4 + [1] * 4
    for shown in (*warned, *refused):
        said = shown.stdout + shown.stderr
        assert [word for word in (*NAMES, *FIELDS) if word not in said] == [], shown.args


def test_a_campaign_of_ones_own_is_not_taken_for_the_example(campaign: Path) -> None:
    """
    The example's city is no leftover; a server on this machine lends nobody the example's name.
    """
    change(campaign, sending={"host": "localhost"})
    example = run("send", "--campaign", campaign)
    change(campaign, **OURS, sending={"host": "smtp.association.fr"})
    change(campaign, sender={"email": "nous@tilleuls.internal"})
    planned = run("plan", "--campaign", campaign)
    ours = run("send", "--campaign", campaign)

    assert example.returncode == 1
    assert "sender.organisation" in example.stderr
    assert "example" not in planned.stderr
    assert (planned.returncode, ours.returncode) == (0, 0), ours.stderr


def test_the_example_itself_is_quiet(tmp_path: Path) -> None:
    """
    Looking at the bundled campaign warns of nothing.
    """
    shown = run("letters", "check", "--campaign", letters_path("solidarite-en-danger"))
    demo = run("demo", tmp_path / "demo", "--limit", "2")

    assert "[signature]" not in shown.stderr + demo.stdout + demo.stderr
