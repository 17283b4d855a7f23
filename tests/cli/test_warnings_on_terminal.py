"""What a command says while its bars are drawn stays on the terminal, and the bars do not."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.on_terminal import on_terminal, screen_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "words",
    [
        ["export", "csv", "-o", "list.csv"],
        ["export", "labels", "-o", "labels.pdf"],
        ["preview", "01-04", "--html", "letter.html"],
    ],
)
def test_warnings_outlive_the_bars(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """
    After the command, each warning stands whole on the screen and no bar is left there.
    """
    monkeypatch.chdir(tmp_path)
    subprocess.run([sys.executable, "-m", "outreach", "new", "ours"], check=True)

    code, written = on_terminal(*words, "--campaign", "ours", columns=300)

    screen = screen_of(written)
    assert code == 0, written
    assert sum("Letters would bear names of the example" in line for line in screen) == 1
    assert sum(line.startswith("No letter for 69-06") for line in screen) == (words[0] == "export")
    assert not any("━" in line for line in screen), "\n".join(screen)
