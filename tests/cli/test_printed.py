"""What commands print can be read in a file, on any terminal, and pasted."""

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from outreach.cli import outreach

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("words", [("figures", "show", "01-04"), ("letters", "fields")])
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_redirected_output_is_utf_8(words: tuple[str, ...], encoding: str) -> None:
    """A file takes every character that we print, whatever the system calls its encoding."""
    shown = subprocess.run(
        [sys.executable, "-m", "outreach", *words],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip

    assert shown.returncode == 0, shown.stderr.decode("utf-8")
    assert "é" in shown.stdout.decode("utf-8")


def test_a_refusal_is_utf_8_too(tmp_path: Path) -> None:
    """What is told of a file with a name beyond the system's encoding is told, not a traceback."""
    shown = subprocess.run(
        [sys.executable, "-m", "outreach", "letters", "check", "--campaign", tmp_path / "→"],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip

    assert shown.returncode == 1
    assert "Refused: " in shown.stderr.decode("utf-8")
    assert "→" in shown.stderr.decode("utf-8")


def test_a_terminal_that_lacks_a_character_shows_a_question_mark() -> None:
    """A terminal keeps its encoding, and a command goes on where it lacks a character."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "outreach", "letters", "fields"],
        stdin=theirs, stdout=theirs, stderr=theirs,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    ) as command:  # fmt: skip
        os.close(theirs)
        written = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux's word for a terminal that nobody has open any more
                break
            if not piece:
                break
            written += piece
    os.close(ours)

    assert command.returncode == 0
    assert b"?" in written
    assert "é" in written.decode("cp1252")


def test_the_next_commands_can_be_pasted(tmp_path: Path) -> None:
    """A folder with a space, an apostrophe and a sign of the shell comes back as one word."""
    folder = tmp_path / "campagne's & co"

    shown = CliRunner().invoke(outreach, ["new", str(folder)])

    commands = [
        line.split(": ", 1)[1] for line in shown.output.splitlines() if ": outreach " in line
    ]
    assert [shlex.split(command)[-2:] for command in commands] == [["--campaign", str(folder)]] * 2
