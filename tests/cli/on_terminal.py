"""The command line on a real terminal of a given width."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

# What moves the cursor, erases or colours.
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(*words: str | Path, columns: int = 80) -> tuple[int, str]:
    """Run outreach on a pseudo-terminal; give its exit code and every byte that it wrote there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
    size = {"COLUMNS": str(columns), "LINES": "60", "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "outreach", *map(str, words)],
        stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True, start_new_session=True,
        env={**os.environ, **size, "PYTHONUTF8": "1"},
    )  # fmt: skip
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
    return process.wait(timeout=60), written.decode("utf-8", "replace").replace("\r\n", "\n")


def screen_of(written: str) -> list[str]:
    """Give the lines that stand on the terminal in the end: erased ones are gone."""
    lines, row, column = [""], 0, 0
    for piece in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|[^\x1b]", written):
        if piece == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif piece == "\r":
            column = 0
        elif piece.startswith("\x1b["):
            count = int(re.sub(r"\D", "", piece) or "1")
            if piece.endswith("A"):
                row = max(0, row - count)
            elif piece.endswith("K"):
                lines[row] = "" if piece == "\x1b[2K" else lines[row][:column]
        else:
            lines[row] = lines[row][:column].ljust(column) + piece + lines[row][column + 1 :]
            column += 1
    return lines
