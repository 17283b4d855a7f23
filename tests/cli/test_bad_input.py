"""Bad input is a normal input: what, where, remedy, exit code 1, nothing half-written."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HEADER = "nom;adresse;code postal;ville;finess\n"
GOOD = "Foyer des Tilleuls;1 rue de l'Exemple;01500;Ambérieu-en-Bugey;010000001\n"


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "outreach", *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=cwd, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


def refused(shown: subprocess.CompletedProcess[str], *words: str) -> None:
    """Check that a command refused in plain words, without a traceback."""
    assert shown.returncode == 1, shown.stdout + shown.stderr
    assert "Traceback" not in shown.stderr
    for word in words:
        assert word in shown.stderr


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """A fresh campaign, made by `outreach new`."""
    shown = run("new", tmp_path / "campaign")
    assert shown.returncode == 0, shown.stderr
    return tmp_path / "campaign"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)],
        capture_output=True, check=False,
    ).returncode  # fmt: skip
    if mounted != 0:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_an_empty_list_is_refused(tmp_path: Path) -> None:
    """
    An empty file is refused by name, and no output appears.
    """
    (tmp_path / "list.csv").write_bytes(b"")

    shown = run("establishments", "read", tmp_path / "list.csv", "-o", tmp_path / "out.csv")

    refused(shown, "list.csv", "empty")
    assert not (tmp_path / "out.csv").exists()


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """
    A file that is not text in any usual encoding is refused by name.
    """
    (tmp_path / "list.csv").write_bytes(bytes(range(256)) * 40)

    shown = run("establishments", "read", tmp_path / "list.csv", "-o", tmp_path / "out.csv")

    refused(shown, "list.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """
    A list without any place column says which columns are needed and which it has.
    """
    (tmp_path / "list.csv").write_text("nom;couleur\nFoyer;vert\n", encoding="utf-8")

    shown = run("establishments", "read", tmp_path / "list.csv", "-o", tmp_path / "out.csv")

    refused(shown, "list.csv", "couleur")
    assert not (tmp_path / "out.csv").exists()


def test_a_wrong_separator_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """
    Told the wrong separator, the command refuses instead of reading one column.
    """
    (tmp_path / "list.csv").write_text(HEADER + GOOD, encoding="utf-8")

    shown = run("establishments", "read", tmp_path / "list.csv", "--separator", "|")

    refused(shown, "list.csv")


def test_duplicate_ids_are_refused_with_their_rows(tmp_path: Path) -> None:
    """
    A FINESS number that appears twice would be counted twice: refused, with both rows.
    """
    (tmp_path / "list.csv").write_text(
        HEADER + GOOD + GOOD.replace("000001", "000002") + GOOD, encoding="utf-8"
    )

    shown = run("establishments", "read", tmp_path / "list.csv", "-o", tmp_path / "out.csv")

    refused(shown, "010000001", "rows 2, 4")
    assert not (tmp_path / "out.csv").exists()


def test_broken_rows_are_listed_and_the_good_ones_go_on(tmp_path: Path) -> None:
    """
    A row with nothing to place it by is listed; the other is written; the exit code says "in part".
    """
    (tmp_path / "list.csv").write_text(HEADER + GOOD + "Sans lieu;;;;\n", encoding="utf-8")

    shown = run("establishments", "read", tmp_path / "list.csv", "-o", tmp_path / "out.csv")

    assert shown.returncode == 3, shown.stdout + shown.stderr
    assert "row 3" in shown.stdout + shown.stderr
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()) == 2


def test_an_unknown_field_of_the_campaign_is_named_with_the_nearest(campaign: Path) -> None:
    """
    A misspelt field is refused with the field that was probably meant.
    """
    file = campaign / "campaign.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("organisation =", "organization ="),
        encoding="utf-8",
    )

    shown = run("preview", "01-04", "--campaign", campaign)

    refused(shown, "campaign.toml", "organization", "organisation")


def test_a_missing_name_in_a_template_is_found_before_anything_is_written(
    campaign: Path, tmp_path: Path
) -> None:
    """
    A template error that only senators' letters meet stops the export before the first file.
    """
    template = campaign / "senator.md"
    template.write_text(
        template.read_text(encoding="utf-8") + "\n\n{{ recipient.comission }}\n", encoding="utf-8"
    )

    shown = run("export", "eml", "--campaign", campaign, "-o", tmp_path / "out")

    refused(shown, "senator.md", "comission", "commission")
    assert not (tmp_path / "out").exists()


def test_a_place_that_refuses_is_said_in_words(campaign: Path) -> None:
    """
    An output folder that cannot be written is refused by name.
    """
    if not Path("/proc").is_dir():
        pytest.skip("needs a folder where nobody may write")
    shown = run("export", "csv", "--campaign", campaign, "-o", "/proc/nobody/recipients.csv")

    refused(shown, "/proc/nobody", "could not be written")


def test_a_full_disk_leaves_nothing_half_written(campaign: Path, small_disk: Path) -> None:
    """
    When the disk fills in the middle of an export, the folder does not appear at all.
    """
    shown = run("export", "eml", "--campaign", campaign, "-o", small_disk / "out")

    refused(shown, "the disk is full")
    assert list(small_disk.iterdir()) == []


def test_a_campaign_that_is_not_there_is_named(tmp_path: Path) -> None:
    """
    Every command that needs a campaign says which file it looked for and how to make one.
    """
    shown = run("plan", "--campaign", tmp_path / "nothing")

    refused(shown, "nothing", "outreach new")


def test_new_never_overwrites(campaign: Path) -> None:
    """
    `outreach new` on a folder that holds a campaign refuses and changes nothing.
    """
    before = {path: path.read_bytes() for path in campaign.rglob("*") if path.is_file()}

    shown = run("new", campaign)

    refused(shown, campaign.name)
    assert {path: path.read_bytes() for path in campaign.rglob("*") if path.is_file()} == before
    shutil.rmtree(campaign)


def test_a_folder_where_a_file_is_asked_for_says_what_to_name(tmp_path: Path) -> None:
    """
    A folder given as a list or as a pack is called a folder, with what to name instead.
    """
    (tmp_path / "site").mkdir()

    refused(run("establishments", "read", "site", cwd=tmp_path), "site is a folder; name the file")
    refused(
        run("new", "ours", "--from", "site", cwd=tmp_path), "site is a folder; a pack is one file"
    )
    refused(run("new", "ours", "--from", "lost.zip", cwd=tmp_path), "lost.zip does not exist")
    assert not (tmp_path / "ours").exists()


def test_a_file_where_a_campaign_would_go_says_what_to_name(tmp_path: Path) -> None:
    """
    `new` over a member list calls it a file, and other commands do not take it for a campaign.
    """
    (tmp_path / "members.csv").write_text(HEADER + GOOD, encoding="utf-8")

    refused(run("new", "members.csv", cwd=tmp_path), "members.csv is a file; name a new folder")
    refused(
        run("preview", "01-04", "--campaign", "members.csv", cwd=tmp_path),
        "members.csv is no campaign; name the campaign's folder",
    )
    assert (tmp_path / "members.csv").read_text(encoding="utf-8") == HEADER + GOOD


def test_a_campaign_that_is_not_there_is_made_by_the_command_that_is_told(tmp_path: Path) -> None:
    """
    The remedy names the folder that was asked for, and following it makes that campaign.
    """
    shown = run("preview", "01-04", "--campaign", "nope", cwd=tmp_path)

    refused(shown, "nope does not exist; `outreach new nope` makes a campaign")
    assert run("new", "nope", cwd=tmp_path).returncode == 0
    assert (tmp_path / "nope" / "campaign.toml").is_file()


@pytest.mark.parametrize(
    "command",
    [
        ["page", "links", "campaign", "--address", "https://example.org/", "-o"],
        ["roster", "diff", "deputies", "deputies", "-o"],
    ],
)
def test_a_table_is_not_written_over_a_file_of_somebody_else(
    tmp_path: Path, campaign: Path, command: list[str]
) -> None:
    """
    A member list named as the output stays as it was; a table that outreach wrote is replaced.
    """
    members, table = tmp_path / "members.csv", tmp_path / "table.csv"
    members.write_text(HEADER + GOOD, encoding="utf-8")
    assert campaign.is_dir()

    refused(run(*command, members, cwd=tmp_path), "members.csv", "was not written by outreach")
    first, second = (run(*command, table, cwd=tmp_path) for _ in range(2))

    assert members.read_text(encoding="utf-8") == HEADER + GOOD
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
