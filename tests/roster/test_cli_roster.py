"""`outreach roster` as it is typed."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from outreach.cli.roster import roster as command
from outreach.roster.formats import FORMATS


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The program itself, as a user starts it."""
    return subprocess.run(
        [sys.executable, "-m", "outreach", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )


def test_build_then_check_then_diff(
    amo: Callable[..., Path], datan: Callable[..., Path], deputy_tables: Path, tmp_path: Path
) -> None:
    """
    The road of a list: built with a report, checked, compared with the one before.
    """
    out, report = tmp_path / "out", tmp_path / "report.csv"
    tables = ["--tables", str(deputy_tables)]

    built = CliRunner().invoke(
        command,
        [
            "build",
            "deputies",
            str(amo()),
            str(datan()),
            "-o",
            str(out),
            "--report",
            str(report),
            *tables,
        ],
    )
    checked = CliRunner().invoke(command, ["check", str(out)])
    compared = CliRunner().invoke(command, ["diff", str(amo()), str(out), "--json"])

    assert (built.exit_code, checked.exit_code, compared.exit_code) == (0, 0, 0)
    assert "5 deputies and 0 vacant seats as of 2026-11-21" in built.output
    assert "All seats are filled" in checked.output
    assert "3 members have no public e-mail address; write by post" in checked.output
    assert json.loads(compared.output) == []
    assert report.read_bytes().startswith(b"\xef\xbb\xbfkind;subject;field;message\r\n")


def test_a_refusal_has_exit_code_1_lists_all_and_writes_nothing(
    datan: Callable[..., Path],
    datan_person: Callable[..., dict[str, str]],
    deputy_tables: Path,
    tmp_path: Path,
) -> None:
    """
    The program prints what, where and the remedy, without a traceback.
    """
    one = datan(datan_person("PA1", "Testard", "Jeanne", departementCode="01", circo="1"))

    result = run(
        "roster", "build", "deputies", one, "-o", tmp_path / "out", "--tables", deputy_tables
    )

    assert result.returncode == 1
    assert result.stderr.count("has no holder and no declared vacancy") == 4
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_date_may_be_told_for_a_file_that_has_none(
    odsen: Callable[..., Path], senator_tables: Path, tmp_path: Path
) -> None:
    """
    The official file is called ODSEN_GENERAL.csv, without its date.
    """
    path = odsen(name="ODSEN_GENERAL.csv")
    arguments = [
        "build",
        "senators",
        str(path),
        "-o",
        str(tmp_path / "out"),
        "--tables",
        str(senator_tables),
    ]

    without = CliRunner().invoke(command, arguments)
    told = CliRunner().invoke(command, [*arguments, "--date", f"{path}=2026-11-01"])
    wrong = CliRunner().invoke(command, [*arguments, "--date", f"{path}=hier"])

    assert "put it in the file's name" in str(without.exception)
    assert "as of 2026-11-01" in told.output
    assert (wrong.exit_code, '"hier" is not a date' in wrong.output) == (2, True)


def test_diff_prints_a_table_and_csv(
    datan: Callable[..., Path], datan_person: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    """
    Readable on a screen, and for a spreadsheet.
    """
    cells = {"departementCode": "01", "circo": "1"}
    old = datan(datan_person("PA1", "Avant", "A", **cells), name="old.csv")
    new = datan(datan_person("PA2", "Après", "B", **cells), name="new.csv")
    arguments = ["diff", str(old), str(new)]

    shown = CliRunner().invoke(command, [*arguments, "-o", str(tmp_path / "changes.csv")])
    printed = CliRunner().invoke(command, [*arguments, "--csv"])

    assert "replaced by B Après" in shown.output
    assert "1 left, 1 came." in shown.output
    rows = list(csv.DictReader(printed.output.splitlines(), delimiter=";"))
    assert [(row["change"], row["official_id"]) for row in rows] == [
        ("left", "PA1"),
        ("came", "PA2"),
    ]
    assert (tmp_path / "changes.csv").read_bytes().count(b"\r\n") == 3


def test_diff_of_a_list_with_itself_says_that_nothing_changed() -> None:
    """
    "senators" is the list in use.
    """
    result = CliRunner().invoke(command, ["diff", "senators", "senators"])

    assert result.output == "Nothing has changed.\n"


def test_diff_of_two_chambers_is_refused() -> None:
    """
    Deputies and senators cannot be compared.
    """
    result = CliRunner().invoke(command, ["diff", "deputies", "senators"])

    assert str(result.exception) == "deputies is a list of deputies, senators one of senators."


def test_check_refuses_what_has_expired(
    odsen: Callable[..., Path],
    senator_tables: Path,
    declare: Callable[..., None],
    tmp_path: Path,
) -> None:
    """
    A correction of an error whose date has passed makes the list unfit, with exit code 1.
    """
    out = tmp_path / "out"
    CliRunner().invoke(
        command,
        ["build", "senators", str(odsen()), "-o", str(out), "--tables", str(senator_tables)],
    )
    row = {"official_id": "00001A", "field": "first_name", "value": "O", "kind": "error"}
    grounds = {"reason": "x", "source": "y", "as_of": "2020-01-01", "expires": "2020-02-01"}
    declare(out / "corrections.csv", {**row, **grounds})
    source = out / "source.toml"
    lines = source.read_text("utf-8").splitlines()
    source.write_text("\n".join(line for line in lines if "corrections" not in line), "utf-8")

    result = CliRunner().invoke(command, ["check", str(out)])

    assert "corrections.csv, row 2: expired on 2020-02-01" in str(result.exception)


def test_formats_tell_every_column() -> None:
    """
    What is read, what is ignored and why.
    """
    result = CliRunner().invoke(command, ["formats"])

    assert result.exit_code == 0
    for format_ in FORMATS:
        assert format_.TITLE in result.output
    assert "ignored: names of staff: never imported" in result.output


@pytest.mark.skipif(os.name == "nt", reason="rights are others on Windows")
def test_a_folder_where_one_may_not_write_is_refused(
    amo: Callable[..., Path], deputy_tables: Path, tmp_path: Path
) -> None:
    """
    A file stands where a folder should be: refused in words.
    """
    (tmp_path / "file").write_text("x", encoding="utf-8")

    result = run(
        "roster",
        "build",
        "deputies",
        amo(),
        "-o",
        tmp_path / "file" / "out",
        "--tables",
        deputy_tables,
    )

    assert result.returncode == 1
    assert "could not be written" in result.stderr
