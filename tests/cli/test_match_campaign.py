"""`outreach match --campaign`: letters follow what a person decided."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from outreach.cli import outreach

pytestmark = pytest.mark.slow


def run(*arguments: str | Path) -> str:
    """Run a command that must succeed, and give what it printed."""
    result = CliRunner().invoke(outreach, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_decision_typed_in_the_review_file_reaches_the_letter(tmp_path: Path) -> None:
    """
    An establishment that is not certain counts in no constituency until a person decides; then the
    letter to that deputy counts it.
    """
    campaign = tmp_path / "campaign"
    run("new", campaign)
    run("match", "--campaign", campaign)
    review = campaign / "matches" / "review.csv"
    with review.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    row = next(row for row in rows if row["candidates"] == "2A-01 2A-02")
    before = run("preview", "2A-01", "--campaign", campaign)

    row["decision"] = "2A-01"
    with review.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(row), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    after = run("preview", "2A-01", "--campaign", campaign)

    assert before != after
    assert "circonscription" in after


def test_the_next_run_keeps_the_decision(tmp_path: Path) -> None:
    """
    A decision taken once is in decisions.csv after the next run, and its row is asked no more.
    """
    campaign = tmp_path / "campaign"
    run("new", campaign)
    first = run("match", "--campaign", campaign)
    review = campaign / "matches" / "review.csv"
    with review.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    rows[0]["decision"] = rows[0]["candidates"].split()[0]
    with review.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)

    second = run("match", "--campaign", campaign)

    assert f"({len(rows)} rows to decide)" in first
    assert f"({len(rows) - 1} rows to decide)" in second
    assert rows[0]["key"] in (campaign / "matches" / "decisions.csv").read_text(encoding="utf-8")


def test_inside_a_campaign_its_own_list_is_matched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Typed in a campaign's folder, the command takes that campaign's list, not the bundled one.
    """
    campaign = tmp_path / "campaign"
    run("new", campaign)
    (campaign / "members.csv").write_text(
        "nom;adresse;code postal;ville\nFoyer;1 rue de l'Exemple;01500;Ambérieu-en-Bugey\n",
        encoding="utf-8",
    )
    settings = campaign / "campaign.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8")
        + '\n[establishments]\nfile = "members.csv"\nsource = "notre liste"\nas_of = 2026-11-01\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(campaign)

    shown = run("match")

    assert shown.startswith("members.csv")
    assert "1 received" in shown
    assert (campaign / "matches" / "matches.csv").is_file()
