"""Ctrl-C, kill and closed terminals leave nothing half-written."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.test_bad_input import campaign, run

from outreach.files import whole_folder

__all__ = ["campaign"]
pytestmark = pytest.mark.slow


def begin_pdfs(campaign: Path, out: Path) -> "subprocess.Popen[str]":
    """Start writing PDFs, and give the process once the first of them lies there."""
    export = subprocess.Popen(
        [sys.executable, "-m", "outreach", "export", "pdf", "--campaign", campaign, "-o", out],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(out.parent.glob(f".{out.name}.*/*.pdf")) and export.poll() is None:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return export


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("group", [True, False])
def test_being_told_to_end_leaves_nothing_half_written(
    campaign: Path, tmp_path: Path, name: str, group: bool
) -> None:
    """
    A `kill` or a closed terminal in the middle of writing PDFs is like Ctrl-C, with its own code.
    """
    number = getattr(signal, name)
    export = begin_pdfs(campaign, tmp_path / "letters")

    (os.killpg if group else os.kill)(export.pid, number)
    _, errors = export.communicate(timeout=60)

    assert export.returncode == 128 + number, errors
    assert "Traceback" not in errors
    assert [path.name for path in tmp_path.iterdir() if "letters" in path.name] == []


def test_what_a_killed_export_left_is_removed_by_the_next(campaign: Path, tmp_path: Path) -> None:
    """
    kill -9: the children end without a traceback, and the next export of that folder cleans up.
    """
    out = tmp_path / "letters"
    export = begin_pdfs(campaign, out)
    (tmp_path / ".letters.mine5678").mkdir()

    os.kill(export.pid, signal.SIGKILL)
    _, errors = export.communicate(timeout=60)
    left = len(list(tmp_path.glob(".letters.*")))
    with whole_folder(out) as living:
        shown = run("export", "eml", "--campaign", campaign, "-o", out, "--only", "01-04")
        beside = {path.name for path in tmp_path.glob(".letters.*")}

    assert "Traceback" not in errors
    assert shown.returncode == 0, shown.stderr
    assert left == 2
    # A living one's, and one that we know nothing of.
    assert beside == {living.name, ".letters.mine5678"}
    assert not (out / ".outreach.lock").exists()


def test_an_interruption_leaves_nothing_half_written(campaign: Path, tmp_path: Path) -> None:
    """
    Ctrl-C in the middle of writing PDFs leaves neither the folder nor its beginnings.
    """
    out = tmp_path / "letters"
    export = subprocess.Popen(
        [sys.executable, "-m", "outreach", "export", "pdf", "--campaign", campaign, "-o", out],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".letters.*/*.pdf")) and export.poll() is None:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)

    # The whole group, as a terminal does on Ctrl-C.
    os.killpg(export.pid, signal.SIGINT)
    _, errors = export.communicate(timeout=60)

    assert export.returncode == 130, errors
    assert "Traceback" not in errors
    assert not out.exists()
    assert list(tmp_path.glob(".letters.*")) == []
