"""What commands say: numbers with their nouns, remedies that work, options that are not ignored."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROW = "Foyer des Tilleuls;1 rue de l'Exemple;01500;Ambérieu-en-Bugey\n"
LIST = "nom;adresse;code postal;ville\n" + ROW


def run(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "outreach", *map(str, words)],
        capture_output=True, text=True, check=False, cwd=cwd, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


def test_one_of_a_thing_is_said_in_the_singular(tmp_path: Path) -> None:
    """
    A list of one row and one refused row is told without "1 rows".
    """
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    (tmp_path / "part.csv").write_text(LIST + "Sans lieu;;;\n", encoding="utf-8")

    one = run("establishments", "read", "list.csv", "-o", "one.csv", cwd=tmp_path)
    part = run("establishments", "read", "part.csv", "-o", "two.csv", cwd=tmp_path)
    matched = run("match", "list.csv", cwd=tmp_path)

    assert "1 row received = 1 taken" in one.stdout
    assert "1 establishment written to one.csv" in one.stdout
    assert "1 refused row written to two-refused.csv" in part.stdout
    assert "(0 rows to decide)" in matched.stdout


def test_a_folder_without_a_campaign_is_told_the_option(tmp_path: Path) -> None:
    """
    In a folder that holds something else, the remedy is --campaign and a new folder, not this one.
    """
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")

    shown = run("preview", "01-04", cwd=tmp_path)

    assert shown.returncode == 1
    assert "--campaign FOLDER" in shown.stderr
    assert "outreach new ." not in shown.stderr


def test_two_formats_at_once_are_a_bad_command_line() -> None:
    """
    `find --json --csv` is refused before anything is printed.
    """
    shown = run("find", "01-04", "--json", "--csv")

    assert (shown.returncode, shown.stdout) == (2, "")


def test_a_sheet_of_a_csv_is_a_bad_command_line(tmp_path: Path) -> None:
    """
    --sheet is for workbooks, and is not ignored in silence.
    """
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")

    read = run("establishments", "read", "list.csv", "--sheet", "Feuil1", cwd=tmp_path)
    matched = run("match", "list.csv", "--sheet", "Feuil1", cwd=tmp_path)

    for shown in (read, matched):
        assert shown.returncode == 2
        assert "--sheet goes with a workbook; list.csv is none" in shown.stderr


def test_a_list_that_may_not_be_read_is_refused_with_a_remedy(tmp_path: Path) -> None:
    """
    The refusal is ours, with exit code 1 and what to do.
    """
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    file.chmod(0)
    command = [sys.executable, "-m", "outreach", "establishments", "read", str(file)]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root reads everything")
        command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *command]

    shown = subprocess.run(command, capture_output=True, text=True, check=False)

    assert shown.returncode == 1, shown.stderr
    assert "make it readable" in shown.stderr


def test_a_damaged_workbook_is_not_told_to_be_given(tmp_path: Path) -> None:
    """
    Who gave an .xlsx is not told to give the .xlsx.
    """
    (tmp_path / "list.xlsx").write_bytes(bytes(range(128, 256)) * 400)

    shown = run("establishments", "read", "list.xlsx", cwd=tmp_path)

    assert shown.returncode == 1
    assert "give the .xlsx itself" not in shown.stderr
    assert "save it again" in shown.stderr


def test_what_is_not_known_is_not_called_pointless(tmp_path: Path) -> None:
    """
    An address in a split commune says that no coordinates are known.
    """
    shown = run("find", "12 rue de la République, 69002 Lyon")

    assert "there is no point" not in shown.stderr
    assert json.loads(run("find", "01-04", "--json").stdout)


def test_the_keyring_that_cannot_be_opened_is_told_in_one_sentence(tmp_path: Path) -> None:
    """
    The refusal has no two full stops in its middle.
    """
    from outreach.delivery.secret import read_secret
    from outreach.errors import DeliveryError
    from outreach.sending import Sending

    sending = Sending(host="smtp.example.org", security="ssl", login="nous@example.org")
    with pytest.raises(DeliveryError) as refused:
        read_secret(sending)

    assert ".. " not in str(refused.value)
